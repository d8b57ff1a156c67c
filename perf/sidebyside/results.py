"""What was measured: one JSON file for each workload in perf/results, from which report and charts are made."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from .processors import FAR

FOLDER = Path(__file__).resolve().parent.parent / "results"


@dataclass
class Results:
    workload: str
    machine: str
    versions: dict[str, str]
    rounds: int
    seconds: float
    day: str = field(default_factory=lambda: date.today().isoformat())
    samples: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def add(self, contender, sample):
        self.samples.setdefault(contender, []).append(sample)

    def values(self, contender, metric):
        """Of the samples that were taken while the processors were near each other, if there are any."""
        samples = self.samples[contender]
        return [sample[metric.name] for sample in samples if not self.is_apart(sample)] or [sample[metric.name] for sample in samples]

    def is_apart(self, sample):
        """Whether the processors were much farther apart than they were in another sample."""
        distances = [each["handover"] for samples in self.samples.values() for each in samples if each.get("handover")]
        return bool(distances) and sample.get("handover", 0) > FAR * min(distances)

    def median(self, contender, metric):
        return median(self.values(contender, metric))

    def ratio(self, contender, metric):
        """Ours to theirs: above 1, our number is the larger one."""
        ours = next(iter(self.samples))
        return self.median(ours, metric) / self.median(contender, metric)

    def save(self):
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{self.workload}.json").write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, workload):
        """None when the workload has never been measured."""
        path = FOLDER / f"{workload}.json"
        return cls(**json.loads(path.read_text())) if path.exists() else None
