"""veth to veth through AF_PACKET, as many small frames as go."""

from ..contenders import CPacketLoop, LinuxBridge, OpenVSwitch, VSwitch
from ..loads import flood_kpps
from ..topologies import plugged
from ..workload import Metric, Workload

workload = Workload(
    name="packet-flood",
    title="Existing netdevs, flood of 60-byte frames",
    description="The endpoints are on veth pairs; the switch takes their other ends.",
    metrics=[Metric("delivered", "kpps")],
    contenders=[VSwitch, CPacketLoop, OpenVSwitch, LinuxBridge],
    topology=plugged,
    load=lambda near, far, seconds: {"delivered": flood_kpps(near, far, seconds)})
