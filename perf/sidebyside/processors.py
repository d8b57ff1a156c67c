"""
How far apart the load's and the switch's processors are, in the time that a cache line takes from one to the other.

Those of a virtual machine are moved by its host: from one core complex or socket to another and back, for seconds. A line then
takes several times as long, and whatever hands frames over is half as fast, each contender in its own measure. So only that counts
which was measured while they were as near as this machine has them.
"""

import time

from .lab import LOAD_CPU, SWITCH_CPU
from .native import native

FAR = 2
INTERVAL_MS = 100
FIRST_SECONDS = 3
PAUSE_SECONDS = 1
ATTEMPTS = 15

_readings = []


def while_near(lab, measure):
    """What a measurement gives. It is taken again when the processors were apart for a part of it; the last attempt counts as it is."""
    if not _readings:
        _watched(lab, lambda: time.sleep(FIRST_SECONDS))
    for _ in range(ATTEMPTS):
        result, farthest = _watched(lab, measure)
        if farthest < FAR * nearest_ns():
            break
        time.sleep(PAUSE_SECONDS)
    return result


def nearest_ns():
    """As near as they have been since this program began."""
    return min(_readings)


def _watched(lab, measure):
    watch = lab.spawn([str(word) for word in (native("handover"), LOAD_CPU, SWITCH_CPU, INTERVAL_MS)], "handover")
    watch.wait_for_output("\n")
    result = measure()
    watch.stop()
    readings = [float(line) for line in watch.output().split()]
    _readings.extend(readings)
    return result, max(readings)
