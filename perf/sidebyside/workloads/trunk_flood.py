"""Two switches with a trunk between them, as many small frames as go."""

from ..contenders import LinuxBridge, OpenVSwitch, VSwitch
from ..loads import flood_kpps
from ..topologies import across_hosts
from ..workload import Metric, Workload

workload = Workload(
    name="trunk-flood",
    title="Two hosts, flood of 60-byte frames",
    description="Two switches on one processor, joined by a trunk on a veth pair; an endpoint on each.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[VSwitch, OpenVSwitch, LinuxBridge],
    topology=across_hosts,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds)})
