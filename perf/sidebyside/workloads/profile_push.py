"""TAP to TAP at four fifths of what is possible, while a port profile of a thousand vEths is edited."""

from functools import partial

from ..contenders import CTapLoop, EditedVSwitch
from ..contenders.vswitch import TAP_QUEUE_FRAMES
from ..loads import fate_under_load
from ..topologies import attached
from ..workload import Metric, Workload

LOAD = 0.8

workload = Workload(
    name="profile-push",
    title="TAP to TAP at 80 % load, profile pushes to 1,000 vEths",
    description="A flood at 80 % of what the switch has delivered in the same second, round trips probed beside it; each edit of the profile gives all vEths another access list. Lost is what the switch took and did not deliver; refused is what found the queue before it full. Once without a switch, with the queue that the kernel gives a TAP, and with ours.",
    metrics=[*(Metric(name, "us", higher_is_better=False) for name in ("p99", "p50", "p99.9", "max")),
             Metric("lost", "of a million", higher_is_better=False), Metric("refused", "of a million", higher_is_better=False),
             Metric("load", "kpps")],
    contenders=[*(partial(EditedVSwitch, is_edited=is_edited) for is_edited in (True, False)),
                *(partial(CTapLoop, vnet_header=True, queue_frames=frames) for frames in (1_000, TAP_QUEUE_FRAMES))],
    topology=attached,
    load=partial(fate_under_load, share=LOAD))
