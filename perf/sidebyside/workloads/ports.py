"""What ports that are idle cost the two that are not."""

from functools import partial

from ..contenders import Crowded, OpenVSwitch, VSwitch
from ..loads import flood_kpps
from ..topologies import attached
from ..workload import Metric, Workload

workload = Workload(
    name="ports",
    title="TAP to TAP, flood beside idle ports",
    description="As the first flood, on a switch with 2, 16 and 128 ports.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[partial(Crowded, make, ports=ports) for make in (VSwitch, OpenVSwitch) for ports in (2, 16, 128)],
    topology=attached,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds)})
