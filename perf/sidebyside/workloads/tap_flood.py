"""TAP to TAP, as many small frames as go."""

from functools import partial

from ..contenders import CTapLoop, LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import flood_kpps
from ..topologies import attached
from ..workload import Metric, Workload

workload = Workload(
    name="tap-flood",
    title="TAP to TAP, flood of 60-byte frames",
    description="One netdev is flooded from the other processor; what counts is what reaches the second netdev.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[VSwitch, partial(VSwitch, acl_entries=0), CTapLoop, partial(CTapLoop, vnet_header=True), OpenVSwitch,
                LinuxBridge, partial(LinuxBridge, rps=True), Vde],
    topology=attached,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds)})
