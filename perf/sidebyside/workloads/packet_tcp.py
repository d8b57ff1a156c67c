"""veth to veth through AF_PACKET, one TCP flow with the netdevs' default offloads."""

from functools import partial

from ..contenders import CPacketLoop, LinuxBridge, OpenVSwitch, VSwitch
from ..loads import tcp_gbps
from ..topologies import plugged
from ..workload import Metric, Workload

CONTENDERS = [VSwitch, CPacketLoop, partial(OpenVSwitch, tso=True), LinuxBridge, partial(LinuxBridge, rps=True)]

workload = Workload(
    name="packet-tcp",
    title="Existing netdevs, one TCP flow",
    description="The endpoints are on veth pairs; the switch takes their other ends.",
    metrics=[Metric("received", "Gbit/s")],
    contenders=CONTENDERS,
    topology=plugged,
    load=lambda near, far, seconds: {"received": tcp_gbps(near, far, seconds, flows=1)})
