"""A horizontal bar chart in SVG: the median as a bar, the span from lowest to highest as a line over it."""

from html import escape

WIDTH, NAME_WIDTH, VALUE_WIDTH = 760, 230, 90
ROW_HEIGHT, BAR_HEIGHT, TOP = 30, 18, 44

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .ours { fill: #2563eb; } .theirs { fill: #9aa5b1; } .span { stroke: #24292f; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .ours { fill: #60a5fa; } .theirs { fill: #6e7681; } .span { stroke: #e6edf3; }
  }
"""


def draw(workload, results):
    metric = workload.metrics[0]
    names = list(results.samples)
    bar_width = WIDTH - NAME_WIDTH - VALUE_WIDTH
    scale = bar_width / max(max(results.values(name, metric)) for name in names)
    better = "higher" if metric.higher_is_better else "lower"
    height = TOP + ROW_HEIGHT * len(names) + 10

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="10" y="24">{escape(workload.title)}: '
        f"{metric.name}, {metric.unit} ({better} is better)</text>"]
    for row, name in enumerate(names):
        middle = TOP + ROW_HEIGHT * row + ROW_HEIGHT / 2
        values = results.values(name, metric)
        median = results.median(name, metric)
        side = "ours" if name.startswith("VSwitch") else "theirs"
        low, high = (NAME_WIDTH + scale * edge for edge in (min(values), max(values)))
        parts += [
            f'<text x="{NAME_WIDTH - 10}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{side}" x="{NAME_WIDTH}" y="{middle - BAR_HEIGHT / 2:.1f}" width="{scale * median:.1f}" '
            f'height="{BAR_HEIGHT}" rx="2"/>',
            f'<line class="span" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
            f'<text x="{max(high, NAME_WIDTH + scale * median) + 8:.1f}" y="{middle + 4.5:.1f}">{median:,.4g}</text>']
    return "\n".join([*parts, "</svg>", ""])
