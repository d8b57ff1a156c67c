"""Tables in Markdown, and their place in perf/README.md between two markers."""

from pathlib import Path

from . import chart
from .results import FOLDER, Results
from .workloads import WORKLOADS

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- results: written by perf/compare -->", "<!-- end of results -->"


def section(workload, results):
    """Title, table and circumstances of one workload."""
    ours = next(iter(results.samples))
    first = workload.metrics[0]
    titles = [f"{metric.name}, {metric.unit}" for metric in workload.metrics]
    rows = [["", *titles, f"{first.name}, lowest to highest", f"{ours} / it"]]
    for name in results.samples:
        values = results.values(name, first)
        title = f"{name} (apart)" if all(map(results.is_apart, results.samples[name])) else name
        rows.append([title, *(_number(results.median(name, metric)) for metric in workload.metrics),
                     f"{_number(min(values))} to {_number(max(values))}", f"{results.ratio(name, first):.2f}"])
    better = "higher" if first.higher_is_better else "lower"
    command = f"sudo perf/compare {workload.name} --rounds {results.rounds} --seconds {results.seconds:g}"
    apart = sum(results.is_apart(sample) for samples in results.samples.values() for sample in samples)
    apart = f" The processors were apart in {apart} samples, which count only where there are no others." if apart else ""
    versions = "; ".join(dict.fromkeys(results.versions.values()))
    return "\n".join([
        f"### {workload.title}", "", f"{workload.description} Medians; {better} is better.", "", *_table(rows), "",
        f"`{command}` on {results.day}: {results.machine}. {versions}.{apart}", ""])


def sample_line(workload, sample):
    line = ", ".join(f"{metric.name} {_number(sample[metric.name])} {metric.unit}" for metric in workload.metrics)
    return f"{line}; handover {sample['handover']:.0f} ns"


def write():
    """Draws the charts and writes the README's results anew, from everything that has been measured."""
    sections = []
    for workload in WORKLOADS.values():
        if results := Results.load(workload.name):
            picture = FOLDER / f"{workload.name}.svg"
            picture.write_text(chart.draw(workload, results))
            sections.append(f"{section(workload, results)}\n![{workload.title}](results/{picture.name})\n")
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n" + "\n".join(sections) + f"\n{END}{after}")


def _number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _table(rows):
    """Lines of a table that is also good to read as plain text."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        return f"| {' | '.join(cells)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [line(rows[0]), line(rule), *map(line, rows[1:])]
