"""What an access list of growing length costs."""

from functools import partial

from ..contenders import OpenVSwitch, VSwitch
from ..loads import flood_kpps
from ..topologies import attached
from ..workload import Metric, Workload


workload = Workload(
    name="access-list",
    title="TAP to TAP, flood through an access list",
    description="The flood matches the last entry only. With lists in and out a profile has every feature on that there is. In OVS the "
                "entries are flows of the same meaning.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[*(partial(VSwitch, acl_entries=entries) for entries in (0, 100, 1000)), partial(VSwitch, acl_entries=1000, both_ways=True),
                *(partial(OpenVSwitch, acl_entries=entries) for entries in (0, 100, 1000))],
    topology=attached,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds)})
