"""TAP to TAP, eight TCP flows with the netdevs' default offloads."""

from ..loads import tcp_gbps
from ..topologies import attached
from ..workload import Metric, Workload
from .tap_tcp import CONTENDERS

workload = Workload(
    name="tap-tcp8",
    title="TAP to TAP, eight TCP flows",
    description="As with one flow.",
    metrics=[Metric("received", "Gbit/s")],
    contenders=CONTENDERS,
    topology=attached,
    load=lambda near, far, seconds: {"received": tcp_gbps(near, far, seconds, flows=8)})
