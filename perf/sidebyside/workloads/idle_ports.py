"""What a switch costs that has nothing to do."""

from functools import partial

from ..contenders import Crowded, OpenVSwitch, VSwitch
from ..loads import idle_percent
from ..topologies import attached
from ..workload import Metric, Workload

workload = Workload(
    name="idle-ports",
    title="A hundred idle ports",
    description="What all processes of each switch use while nothing is sent, a minute and more after their start: of VSwitch "
                "VEM and VSM, of OVS switch and database.",
    metrics=[Metric("used", "% of a processor", higher_is_better=False)],
    contenders=[partial(Crowded, make, ports=ports) for make in (VSwitch, OpenVSwitch) for ports in (100, 2)],
    topology=attached,
    load=lambda near, far, seconds: {"used": idle_percent(near, seconds)})
