"""The first decisions as a table for readers: what they look for first, and no more than that."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console

from mqldsl.data.batch.arrays import Table
from mqldsl.data.decided.columns import Column, Role
from mqldsl.front.grid import show_grid
from mqldsl.front.screen import counted, show


def show_first(
    console: Console, columns: Sequence[Column], tables: Sequence[Table], zone: ZoneInfo, leads: int
) -> None:
    """Show some rows, of so many `leads` that there are."""
    first = [row for table in tables for row in zip(*(column.to_pylist() for column in table.columns))]
    if not first:
        return
    ordered = _for_readers(columns)
    places = [columns.index(column) for column in ordered]
    rows = [_without_the_obvious(ordered, [row[place] for place in places]) for row in first]
    hidden = show_grid(console, [column.name for column in ordered], rows, zone)
    if more := leads - len(first):
        show(
            console,
            "",
            f"{counted(more, 'more lead')}; `--out FILE.csv` writes all of them, `--limit N` shows the first N",
        )
    if hidden:
        show(console, f"no room for: {', '.join(hidden)}; they are in every other format", hang=2)


# A reader looks for the decision first, then for what fired and what nobody knows, then for the rest.
_EARLY: tuple[Role, ...] = (
    "id", "as of", "certain", "fired", "unknown", "missing", "team", "due at", "reason", "could be",
)  # fmt: skip


def _for_readers(columns: Sequence[Column]) -> list[Column]:
    def place(column: Column) -> int:
        if column.role == "outcome":
            return _EARLY.index("certain")
        return _EARLY.index(column.role) if column.role in _EARLY else len(_EARLY)

    return sorted(columns, key=place)


def _without_the_obvious(columns: Sequence[Column], row: list[object]) -> list[object]:
    """Return a row without what a certain lead could be: it is what it is."""
    certain = {column.part for column, value in zip(columns, row) if column.role == "certain" and value}
    return [
        None if column.role == "could be" and column.part in certain else value
        for column, value in zip(columns, row)
    ]
