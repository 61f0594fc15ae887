"""The chart of what one decision takes."""

from collections.abc import Sequence

from benchmarks import bars
from benchmarks.bars import Bar, Panel
from benchmarks.embed.contenders import PREPARING
from benchmarks.embed.results import Measured

SIDES = {"ours": "mqldsl", "hand": "Python by hand", "peer": "other engines"}

TITLE = "Time for one decision; each upright line is ten times the one before"


def chart(workloads: Sequence[Measured]) -> str:
    """Return the chart as SVG text."""
    return bars.chart(TITLE, SIDES, [_panel(workload) for workload in workloads])


def _panel(workload: Measured) -> Panel:
    rows = [row for row in workload.rows if row.name != PREPARING]
    return Panel(
        f"{workload.code}: {workload.title}", tuple(Bar(row.name, row.side, row.median) for row in rows)
    )
