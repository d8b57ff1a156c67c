"""TAP to TAP, round trips through an otherwise idle switch."""

from functools import partial

from ..contenders import CTapLoop, LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import round_trips_us
from ..topologies import attached
from ..workload import Metric, Workload

PERCENTILES = [Metric(name, "us", higher_is_better=False) for name in ("p50", "p90", "p99", "p99.9")]

workload = Workload(
    name="rtt",
    title="TAP to TAP, idle round trip",
    description="An ICMP echo request every 2 ms that the far kernel answers; in between everything goes to sleep.",
    metrics=PERCENTILES,
    contenders=[VSwitch, partial(VSwitch, latency=0), partial(VSwitch, poll="busy"), LinuxBridge, CTapLoop, OpenVSwitch, Vde],
    topology=attached,
    load=round_trips_us)
