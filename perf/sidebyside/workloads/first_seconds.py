"""Whether a switch that has just been started is slower."""

from statistics import mean

from ..contenders import CTapLoop, OpenVSwitch, VSwitch
from ..loads import each_second_kpps
from ..topologies import attached
from ..workload import Metric, Workload

SHOWN = (1, 2, 3, 5)
WARM_UP_SECONDS = 10


def measure(near, far, seconds):
    rates = each_second_kpps(near, far, WARM_UP_SECONDS + round(seconds))
    return {"later": mean(rates[WARM_UP_SECONDS:]), **{_name(second): rates[second - 1] for second in SHOWN}}


def _name(second):
    return f"second {second}"


workload = Workload(
    name="first-seconds",
    title="TAP to TAP, the first seconds of a flood",
    description=f"A switch that has forwarded nothing but a few pings is flooded. Later is what comes after {WARM_UP_SECONDS} seconds.",
    metrics=[Metric("later", "kpps"), *(Metric(_name(second), "kpps") for second in SHOWN)],
    contenders=[VSwitch, CTapLoop, OpenVSwitch],
    topology=attached,
    load=measure)
