"""Charts of the page on performance: a bar for each implementation, on a scale of powers of ten, as plain SVG."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

import attrs

from benchmarks.embed.screen import duration

# All colours are read on white and on near black alike: a page is shown in both, and one file serves both.
COLOURS = {"ours": "#d9730d", "hand": "#2f86d1", "peer": "#8b919c"}
INK, GRID = "#767d88", "#8b919c"

WIDTH, LEFT, RIGHT = 800, 300, 70
LINE, GAP, TOP = 17, 34, 64


@attrs.frozen
class Bar:
    """One implementation and how many microseconds it takes; `side` is a key of COLOURS."""

    name: str
    side: str
    time: float


@attrs.frozen
class Panel:
    """Bars below one heading."""

    heading: str
    bars: tuple[Bar, ...]


def chart(title: str, sides: Mapping[str, str], panels: Sequence[Panel]) -> str:
    """Return a chart as SVG text; `sides` says whose each colour is, in words."""
    times = [bar.time for panel in panels for bar in panel.bars]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    height = TOP + sum(GAP + LINE * len(panel.bars) for panel in panels) + 40

    def place(number: float) -> float:
        return LEFT + (math.log10(number) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"',
        f' font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img">',
        f"<title>{escape(title.partition(';')[0])}</title>",
        f'<text x="0" y="16" font-size="14" font-weight="600">{escape(title)}</text>',
        *_legend(sides),
        *(_grid_line(place(10.0**power), power, height) for power in range(low, high + 1)),
    ]
    y = TOP
    for panel in panels:
        y += GAP
        lines += [f'<text x="0" y="{y - 6}" font-weight="600">{escape(panel.heading)}</text>']
        for bar in sorted(panel.bars, key=lambda bar: bar.time):
            lines += _bar(bar, y, place)
            y += LINE
    return "\n".join([*lines, "</svg>", ""])


def _legend(sides: Mapping[str, str]) -> Iterator[str]:
    for number, (side, words) in enumerate(sides.items()):
        x = 130 * number
        yield f'<rect x="{x}" y="28" width="11" height="11" fill="{COLOURS[side]}"/>'
        yield f'<text x="{x + 17}" y="38">{words}</text>'


def _grid_line(x: float, power: int, height: int) -> str:
    number = duration(10.0**power)
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - 24}" stroke="{GRID}" stroke-opacity="0.35"/>'
        f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle">{number}</text>'
        f'<text x="{x:.1f}" y="{TOP - 6}" text-anchor="middle">{number}</text>'
    )


def _bar(bar: Bar, y: float, place: Callable[[float], float]) -> Iterator[str]:
    end = place(bar.time)
    weight = ' font-weight="600"' if bar.side == "ours" else ""
    yield f'<text x="{LEFT - 6}" y="{y + 11}" text-anchor="end"{weight}>{escape(bar.name)}</text>'
    yield (
        f'<rect x="{LEFT}" y="{y + 1}" width="{max(end - LEFT, 1):.1f}" height="{LINE - 5}" rx="1.5" '
        f'fill="{COLOURS[bar.side]}"/>'
    )
    yield f'<text x="{end + 5:.1f}" y="{y + 11}"{weight}>{duration(bar.time)}</text>'
