"""Two switches with a trunk between them, one TCP flow."""

from functools import partial

from ..contenders import LinuxBridge, OpenVSwitch, VSwitch
from ..loads import tcp_gbps
from ..topologies import across_hosts
from ..workload import Metric, Workload

workload = Workload(
    name="trunk-tcp",
    title="Two hosts, one TCP flow",
    description="Two switches on one processor, joined by a trunk on a veth pair; an endpoint on each.",
    metrics=[Metric("received", "Gbit/s")],
    contenders=[VSwitch, partial(OpenVSwitch, tso=True), LinuxBridge, partial(LinuxBridge, rps=True)],
    topology=across_hosts,
    load=lambda near, far, seconds: {"received": tcp_gbps(near, far, seconds, flows=1)})
