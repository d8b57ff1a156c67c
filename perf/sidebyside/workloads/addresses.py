"""TAP to TAP, small frames between many addresses."""

from ..contenders import LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import flood_kpps
from ..topologies import attached
from ..workload import Metric, Workload

ADDRESSES = 10_000

workload = Workload(
    name="addresses",
    title="TAP to TAP, flood between 10,000 addresses",
    description=f"As the first flood, from {ADDRESSES:,} MAC addresses to {ADDRESSES:,} others, all of them known; for OVS a flow each.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[VSwitch, LinuxBridge, OpenVSwitch, Vde],
    topology=attached,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds, ADDRESSES)})
