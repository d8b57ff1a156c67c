"""What a workload is: contenders, a way to place their endpoints, and a load that gives numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .lab import Lab
from .processors import take_distance


@dataclass(frozen=True)
class Metric:
    name: str
    unit: str
    higher_is_better: bool = True


@dataclass(frozen=True)
class Workload:
    """``contenders`` are functions that make one; the first is ours, with which the others are compared.
    ``load(near, far, seconds)`` gives a number for each metric by name; the first metric is the one that counts.
    ``packages`` are Debian packages that the load needs besides those that every load does."""

    name: str
    title: str
    description: str
    metrics: list[Metric]
    contenders: list[Callable]
    topology: Callable
    load: Callable
    packages: list[str] = field(default_factory=list)

    def measure(self, make_contender, seconds):
        with Lab() as lab:
            near, far = self.topology(lab, make_contender)
            return {**self.load(near, far, seconds), "handover": take_distance()}
