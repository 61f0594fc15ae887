"""The part of docs/performance.md about single decisions and its chart, written from the figures of one run."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import sections
from benchmarks.embed.chart import chart
from benchmarks.embed.contenders import PREPARING
from benchmarks.embed.costs import Costs
from benchmarks.embed.peers import PEERS
from benchmarks.embed.results import Measured
from benchmarks.embed.screen import microseconds, times, verdict
from benchmarks.embed.targets import Target
from benchmarks.embed.timing import Plan

CHART = "performance-embed.svg"

HEAD = """\
What one decision costs in memory, beside the same decision written by hand in Python and beside other engines.
Every figure comes from one run of `python -m benchmarks embed --write`, which wrote this part of
the page. It says what was measured on {date} with Python {python} on {machine}.

![Time for one decision, on a scale of powers of ten](performance-embed.svg)

## Must be reached

Ratios to hand-written Python are those of the full decision: three-valued, with the clauses that fired.

"""

HOW = """\
## How it is measured

<!-- not run: it measures for half an hour -->

```console not-run
$ pip install -e '.[bench]' && python -m benchmarks embed --write
```

- Before anything is timed, all implementations decide {checked} leads and must say the same: the verdict, the
  clauses that fired and, where the implementation knows a third answer, every answer. One difference ends the run.
- Leads are drawn by chance, the same in every run. Of ten values one is blank and one is never supplied; texts
  come in capitals and with spaces too many. Every lead is asked about at one fixed instant.
- Then come {rounds} rounds. In each, every implementation decides the same leads in a loop of its own, in an order
  that moves on from round to round, and the collector of garbage is off. What counts is the processor's time.
  Quick ones go over the leads several times a turn. A ratio is the median of the ratios within the rounds.
- **Python by hand** reads each fact once, remembers folded texts, passes once over the events, and knows three
  answers. *Early exit* stops at the verdict. *Fired list* gives the verdict and what is yes, without telling no
  from unknown. *Full trace* gives every answer. The clauses of W3 and W4 are written out by a program, as one would
  type them, each shared condition asked once.
- **mqldsl** is asked with `definition.decide(…)`, and `.verdict` and `.fired` are read; in W6 also `.could_be`,
  `.scores` and `.due_at`. "History prepared" hands in a `History` that was made before.
- **Other engines** have their rules compiled before, and are asked every clause, so that they too tell which
  fired. What they cannot do is made for them by hand and not timed: it stands in the column *given beforehand*,
  and *with given* adds the time of making it in Python. The rows of the decision are applied by hand. As used
  here they say yes, or not yes: no and unknown are not told apart.
"""

PEER_HEAD = """\
## Other engines, as they were used

| engine | version | used as | given of every lead | tells what fired |
|---|---|---|---|---|
"""


def write(
    docs: Path, workloads: Sequence[Measured], targets: Sequence[Target], costs: Costs | None, plan: Plan
) -> None:
    """Write the part of the page, and its chart."""
    (docs / CHART).write_text(chart(workloads), encoding="utf-8")
    sections.write(docs / "performance.md", "embed", page(workloads, targets, costs, plan))


def page(workloads: Sequence[Measured], targets: Sequence[Target], costs: Costs | None, plan: Plan) -> str:
    """Return the text of the part."""
    head = HEAD.format(date=datetime.now(UTC).date(), python=platform.python_version(), machine=machine())
    parts = [
        head + "\n".join(_targets(targets)),
        *("\n".join(_workload(each)) for each in workloads),
        *(["\n".join(_costs(costs))] if costs is not None else []),
        HOW.format(
            checked=max(row.agrees_on for each in workloads for row in each.rows), rounds=plan.rounds
        ).rstrip(),
        PEER_HEAD + "\n".join(_peers()),
        "\n".join(_not_run(workloads)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def machine() -> str:
    """Return what it was measured on."""
    return (
        f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores that are shared with other work"
    )


def _targets(targets: Sequence[Target]) -> Iterator[str]:
    yield "| target | measured | |"
    yield "|---|---|---|"
    for each in targets:
        remark = f"; {each.remark}" if each.remark else ""
        yield f"| {each.wanted} | {each.measured} | {f'**{verdict(each)}**' if verdict(each) else 'not measured'}{remark} |"


def _workload(workload: Measured) -> Iterator[str]:
    yield f"## {workload.code}: {workload.title}"
    yield ""
    yield "| | best µs | median µs | beside full trace | beside mqldsl | with given µs | given beforehand |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for row in sorted(workload.rows, key=lambda row: row.median):
        name = f"**{row.name}**" if row.side == "ours" else row.name
        few = [f"timed on {row.timed_on} leads"] if row.timed_on < 20 else []
        few += [f"agrees on {row.agrees_on} leads"] if row.agrees_on < 200 else []
        cells = (
            name,
            microseconds(row.best),
            microseconds(row.median),
            times(row.to_trace),
            times(row.to_ours),
            "" if row.with_given is None else microseconds(row.with_given),
            "; ".join(each for each in (row.given, *few) if each),
        )
        yield f"| {' | '.join(cells)} |"
    if any(row.name == PREPARING for row in workload.rows):
        yield ""
        yield f"*{PREPARING}* is what it costs to prepare: a new `History` for every decision."


def _costs(costs: Costs) -> Iterator[str]:
    estimated = "" if costs.definitions == 10_000 else f" (estimated from {costs.definitions:,})"
    yield "## Loading, memory, import"
    yield ""
    yield "| | |"
    yield "|---|--:|"
    yield f"| read and check the text of W4, 1,000 clauses | {costs.load_thousand:.2f} s |"
    yield f"| make its function, and decide the first lead | {costs.first_of_thousand * 1e3:.0f} ms |"
    yield f"| load the unchanged file again, and decide a lead | {costs.load_again * 1e3:.1f} ms |"
    yield f"| load a definition of 20 clauses | {costs.load_each * 1e3:.1f} ms |"
    yield f"| 10,000 different definitions of 20 clauses, loaded{estimated} | {costs.memory:,.0f} MiB |"
    yield f"| the same, once each has decided a lead{estimated} | {costs.memory_after_use:,.0f} MiB |"
    yield f"| `import mqldsl` in a new process | {costs.import_alone * 1e3:.1f} ms |"
    yield f"| the same, with all that deciding needs | {costs.import_all * 1e3:.0f} ms |"
    yield ""
    others = ", ".join(f"`{name}`" for name in costs.modules if name != "mqldsl" and not name.startswith("_"))
    yield f"Deciding loads these libraries of others: {others}."


def _peers() -> Iterator[str]:
    for peer in PEERS:
        cells = (
            peer.name,
            peer.version or "not installed",
            peer.use,
            peer.given or "nothing but the facts of the workload",
            "by itself" if peer.fires_by_itself else "when every clause is asked",
        )
        yield f"| {' | '.join(cells)} |"


def _not_run(workloads: Sequence[Measured]) -> Iterator[str]:
    reasons: dict[tuple[str, str], list[str]] = {}
    for workload in workloads:
        for each in workload.absent:
            reasons.setdefault((each.name, each.why), []).append(workload.code)
    # One reason that holds for all is told once.
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, why), codes in reasons.items():
        together.setdefault((why, tuple(codes)), []).append(name)
    if together:
        yield "Not run:"
        yield ""
    for (why, told), names in together.items():
        where = "everywhere" if len(told) == len(workloads) else ", ".join(told)
        yield f"- {', '.join(names)} ({where}): {why}."
