"""The part of docs/performance.md about all leads and its chart, written from the figures of one run."""

import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import attrs
import duckdb

from benchmarks import bars, sections
from benchmarks.bars import Bar, Panel
from benchmarks.batch import screen
from benchmarks.batch.contenders import FLOOR, HAND, QUERY
from benchmarks.batch.results import Measured, Row
from benchmarks.embed.page import machine
from benchmarks.embed.screen import verdict
from benchmarks.embed.targets import Target

CHART = "performance-batch.svg"
TITLE = "Time for all leads; each upright line is ten times the one before"
SIDES = {"ours": "mqldsl", "hand": "SQL by hand", "peer": "pandas"}

HEAD = """\
## All leads

What it costs to decide every lead of a company at once, from two Parquet files to a table in memory, beside the best
query that we could write by hand, and beside pandas. Every figure comes from one run of
`python -m benchmarks batch --write`, which wrote this part of the page. It says what was measured on {date} with
Python {python}, DuckDB {duckdb} on {machine}.

![Time for all leads, on a scale of powers of ten](performance-batch.svg)

### What all leads must reach

"""

HOW = """\
### How all leads are measured

<!-- not run: it measures for a quarter of an hour, and needs 4 GB of disk -->

```console not-run
$ pip install -e '.[bench]' && python -m benchmarks batch --write
```

- Leads and events are drawn by chance, the same in every run: eight kinds in one long table, sorted by time, over a
  year. Most leads do little, a hundredth does a fifth of everything; some fields are blank, some texts in capitals
  or with spaces too many. The files are made once, and kept in the folder for temporary files.
- The definition has 12 clauses over the lead's own fields, 12 over counts, totals and days in windows of 7, 30 and 90
  days, a score of eight rows, a grade and a decision. Answers have three values, scores their bounds, decisions what
  else they could be.
- Before anything is timed, all must say the same of every lead, in every column, and the hand-written query the same
  as `definition.decide` of {checked} leads. One difference ends the run.
- Every turn is a process of its own, one after the other, in an order that moves on from round to round. It decides
  a small table first, so that nothing is imported or made ready while the time is taken. The time is that of the
  clock; a ratio is the median of the ratios within the rounds. Memory is the most that the process ever held.
- **mqldsl** is `definition.decide_all`, asked for the columns that the others tell, too: it looks at the files, writes
  the query, runs it, and puts lists and rows in order. **{query}** is the part that the hand-written query does: a text that is run.
- **{hand}** is `benchmarks/batch/by_hand.sql`, which names what else was tried. **{floor}** only reads the columns
  of the leads and counts the events of 90 days. **pandas** reads only the events of 90 days, and looks at each
  different text once; *texts as categories* reads them as such, with an option of the reader that few know.
"""


@attrs.frozen
class Run:
    """Everything that one run measured; `checked` is how many leads `decide` was asked about."""

    sizes: Sequence[Measured]
    real: Sequence[Row]
    targets: Sequence[Target]
    checked: int


def write(docs: Path, run: Run) -> None:
    """Write the part of the page, and its chart."""
    (docs / CHART).write_text(chart(run.sizes), encoding="utf-8")
    sections.write(docs / "performance.md", "batch", part(run))


def part(run: Run) -> str:
    """Return the text of the part."""
    head = HEAD.format(
        date=datetime.now(UTC).date(),
        python=platform.python_version(),
        duckdb=duckdb.__version__,
        machine=machine(),
    )
    parts = [
        head + "\n".join(_targets(run.targets)),
        *("\n".join(_size(each)) for each in run.sizes),
        "\n".join(_real(run.real)),
        HOW.format(checked=run.checked, hand=HAND, floor=FLOOR, query=QUERY).rstrip(),
    ]
    return "\n\n".join(each for each in parts if each)


def chart(sizes: Sequence[Measured]) -> str:
    """Return the chart as SVG text."""
    panels = [
        Panel(
            each.size.name, tuple(Bar(row.name, row.side, row.median * 1e6) for row in each.rows if row.turns)
        )
        for each in sizes
    ]
    return bars.chart(TITLE, SIDES, panels)


def _targets(targets: Sequence[Target]) -> Iterator[str]:
    yield "| target | measured | |"
    yield "|---|---|---|"
    for each in targets:
        remark = f"; {each.remark}" if each.remark else ""
        yield f"| {each.wanted} | {each.measured} | {f'**{verdict(each)}**' if verdict(each) else ''}{remark} |"


def _size(measured: Measured) -> Iterator[str]:
    yield f"### {measured.size.name}"
    yield ""
    yield f"| {' | '.join(screen.HEAD).replace('/ ', 'beside ')} |"
    yield f"|---|{'--:|' * (len(screen.HEAD) - 2)}---|"
    ours = {row.name for row in measured.rows if row.side == "ours"}
    for name, *cells in screen.cells(measured):
        yield f"| {' | '.join([f'**{name}**' if name in ours else name, *cells])} |"


def _real(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    yield "### Real data, all leads"
    yield ""
    yield "| | leads | s | peak MiB | |"
    yield "|---|--:|--:|--:|---|"
    for cells in screen.real_cells(rows):
        yield f"| {' | '.join(cells)} |"
