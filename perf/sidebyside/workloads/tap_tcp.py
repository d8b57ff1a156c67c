"""TAP to TAP, one TCP flow with the netdevs' default offloads."""

from functools import partial

from ..contenders import CTapLoop, LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import tcp_gbps
from ..topologies import attached
from ..workload import Metric, Workload

CONTENDERS = [VSwitch, partial(VSwitch, poll="busy"), partial(VSwitch, acl_entries=0), LinuxBridge, partial(LinuxBridge, rps=True),
              partial(OpenVSwitch, tso=True), OpenVSwitch, partial(CTapLoop, vnet_header=True), Vde]

workload = Workload(
    name="tap-tcp",
    title="TAP to TAP, one TCP flow",
    description="iperf3 for both ends on the other processor; offloads are as each contender's netdevs come.",
    metrics=[Metric("received", "Gbit/s")],
    contenders=CONTENDERS,
    topology=attached,
    load=lambda near, far, seconds: {"received": tcp_gbps(near, far, seconds, flows=1)})
