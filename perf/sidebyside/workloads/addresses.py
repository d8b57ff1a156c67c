"""TAP to TAP, small frames between many addresses."""

from ..contenders import LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import flood_kpps
from ..topologies import attached
from ..workload import Metric, Workload

COUNTS = {f"{count:,} addresses": count for count in (10_000, 10)}


def measure(near, far, seconds):
    return {name: flood_kpps(near, far, seconds, count) for name, count in COUNTS.items()}


workload = Workload(
    name="addresses",
    title="TAP to TAP, flood between many addresses",
    description="As the first flood, from 10,000 MAC addresses to as many others, and from 10 to 10, all of them known; for OVS a flow each.",
    metrics=[Metric(name, "kpps") for name in COUNTS],
    contenders=[VSwitch, LinuxBridge, OpenVSwitch, Vde],
    topology=attached,
    load=measure)
