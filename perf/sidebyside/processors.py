"""
How far apart the load's and the switch's processors are, in the time that a cache line takes from one to the other.

Those of a virtual machine are moved by its host: from one core complex or socket to another and back, for seconds or minutes. A
line then takes several times as long, and what polls memory of the other one is half as fast, each contender in its own measure. So
what was measured while they were apart is measured again, a few times; what stays so is marked and counts only where there is nothing else.
"""

import time

from .lab import LOAD_CPU, SWITCH_CPU
from .native import native

FAR = 2
INTERVAL_MS = 100
FIRST_SECONDS = 3
PAUSE_SECONDS = 1
ATTEMPTS = 4

_readings = []
_kept = []


def take_distance():
    """How many nanoseconds the processors were apart at most in what was kept since this was last asked; 0 when nobody looked."""
    distance = max(_kept, default=0)
    _kept.clear()
    return distance


def while_near(lab, measure):
    """What a measurement gives. It is taken again when the processors were apart for a part of it; the last attempt counts as it is."""
    if not _readings:
        _watched(lab, lambda: time.sleep(FIRST_SECONDS))
    for _ in range(ATTEMPTS):
        result, farthest = _watched(lab, measure)
        if farthest <= FAR * min(_readings):
            break
        time.sleep(PAUSE_SECONDS)
    _kept.append(farthest)
    return result


def _watched(lab, measure):
    watch = lab.spawn([str(word) for word in (native("handover"), LOAD_CPU, SWITCH_CPU, INTERVAL_MS)], "handover")
    watch.wait_for_output("\n")
    result = measure()
    watch.stop()
    readings = [float(line) for line in watch.output().split()]
    _readings.extend(readings)
    return result, max(readings)
