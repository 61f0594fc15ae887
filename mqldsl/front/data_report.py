"""What was wrong with the data, shown: counted by file, column and problem, with some of the values."""

import re
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from mqldsl.data.faults import Fault, Faults
from mqldsl.front.screen import counted, show
from mqldsl.source.harmless import on_one_line

_MOST_GROUPS = 20
_EXAMPLES = 3
_LONGEST_VALUE = 40


def show_faults(console: Console, faults: Faults, written_to: Path | None) -> None:
    """Print the faults and notes; nothing where there are none."""
    if faults.total:
        show(console, "", Text(f"{counted(faults.total, 'fault')} in the data", "bold"))
        show(console, *_groups_shown(faults), hang=8)
        show(console, *_formats_meant(faults), hang=2)
        show(console, _where_all_are(faults, written_to), hang=2)
    if faults.notes:
        show(console, "", *(Text().append("note: ", "cyan").append(note) for note in faults.notes), hang=6)


def _groups_shown(faults: Faults) -> Iterator[Text]:
    examples: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults.kept:
        some = examples.setdefault((fault.file, fault.column, fault.problem), [])
        if len(some) < _EXAMPLES:
            some.append(fault)
    groups = sorted(faults.counts.items(), key=lambda group: (-group[1], group[0]))
    for (file, column, problem), count in groups[:_MOST_GROUPS]:
        where = f"{file}, {column}" if column else file
        shown = Text(f"  {count:>6,}  ").append(on_one_line(where), "cyan")
        shown.append(f": {on_one_line(problem)}")
        values = "; ".join(_example(fault) for fault in examples.get((file, column, problem), []))
        yield shown.append(f" ({values}{'; …' if count > _EXAMPLES else ''})" if values else "", "dim")
    if len(groups) > _MOST_GROUPS:
        rest = groups[_MOST_GROUPS:]
        yield Text(f"  {sum(count for _, count in rest):>6,}  of {counted(len(rest), 'other kind')}")


# A day as no standard writes it: which number is the month, only the binding can say.
_DAY = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{4}(?![0-9])")
_ORDERS = (("%d", "%m", "%Y"), ("%m", "%d", "%Y"))


def _formats_meant(faults: Faults) -> Iterator[str]:
    """Yield what the binding could say of days that are written in a way of their own."""
    for fault in faults.kept:
        day = _DAY.match(fault.value)
        if day is not None and fault.problem.startswith(("is not a day", "is not a time")):
            one, other = (f'["{day[1].join(order)}"]' for order in _ORDERS)
            yield (
                f"  days such as `{day[0]}` are read once the binding says at their column formats = {one},"
                f" or {other} where the month comes first"
            )
            return


def _example(fault: Fault) -> str:
    value = on_one_line(fault.value)
    if len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE - 1] + "…"
    return f"row {fault.row:,}: `{value}`" if value else f"row {fault.row:,}"


def _where_all_are(faults: Faults, written_to: Path | None) -> str:
    if written_to is None:
        return "  `--faults FILE` writes all of them to a table"
    if len(faults.kept) < faults.total:
        return f"  the first {len(faults.kept):,} of them are in {written_to}"
    return f"  all of them are in {written_to}"
