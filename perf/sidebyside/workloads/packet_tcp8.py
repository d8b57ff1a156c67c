"""veth to veth through AF_PACKET, eight TCP flows with the netdevs' default offloads."""

from ..loads import tcp_gbps
from ..topologies import plugged
from ..workload import Metric, Workload
from .packet_tcp import CONTENDERS

workload = Workload(
    name="packet-tcp8",
    title="Existing netdevs, eight TCP flows",
    description="As with one flow.",
    metrics=[Metric("received", "Gbit/s")],
    contenders=CONTENDERS,
    topology=plugged,
    load=lambda near, far, seconds: {"received": tcp_gbps(near, far, seconds, flows=8)})
