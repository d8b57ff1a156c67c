"""TAP to TAP, round trips in the middle of other traffic."""

from functools import partial

from ..contenders import CTapLoop, LinuxBridge, OpenVSwitch, Vde, VSwitch
from ..loads import flooding, round_trips_us
from ..topologies import attached
from ..workload import Workload
from .rtt import PERCENTILES

FRAMES_PER_SECOND = 100_000


def measure(near, far, seconds):
    with flooding(near, far, FRAMES_PER_SECOND):
        return round_trips_us(near, far, seconds)


workload = Workload(
    name="rtt-loaded",
    title="TAP to TAP, round trip under load",
    description=f"The same probe, with {FRAMES_PER_SECOND:,} small frames per second going the same way.",
    metrics=PERCENTILES,
    contenders=[VSwitch, partial(VSwitch, latency=0), partial(VSwitch, poll="busy"), LinuxBridge, CTapLoop, OpenVSwitch, Vde],
    topology=attached,
    load=measure)
