"""vhost-user to vhost-user, frames in a closed loop between two guests that poll."""

from functools import partial

from .. import testpmd
from ..contenders import OvsDpdk, Testpmd, VSwitch
from ..loads import closed_loop_mpps
from ..topologies import served
from ..workload import Metric, Workload

FRAME_BYTES = {f"{count} bytes": count for count in (64, 512, 1500)}


def measure(near, far, seconds):
    testpmd.add_memory(near.namespace.lab)
    return {name: closed_loop_mpps(near, far, seconds, count) for name, count in FRAME_BYTES.items()}


workload = Workload(
    name="vhost-loop",
    title="vhost-user to vhost-user, closed loop",
    description="testpmd on the other processor is two guests that send back what they receive; both ways together.",
    metrics=[Metric(name, "Mpps") for name in FRAME_BYTES],
    contenders=[VSwitch, partial(VSwitch, acl_entries=0), OvsDpdk, Testpmd],
    topology=served,
    load=measure,
    packages=testpmd.PACKAGES)
