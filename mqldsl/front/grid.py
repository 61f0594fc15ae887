"""Rows in columns for a terminal: as many columns as there is room for, the more telling ones first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mqldsl.data.result import as_text
from mqldsl.explain.words import instant_said, number_said
from mqldsl.front.screen import padded, show
from mqldsl.source.harmless import on_one_line

_BETWEEN = 2
_WIDEST = 22
_NARROWEST = 12


def show_grid(
    console: Console, names: Sequence[str], rows: Sequence[Sequence[object]], zone: ZoneInfo
) -> list[str]:
    """Print rows, and return the names of the columns for which there was no room; empty ones are left out.

    The first columns are the most telling: those behind them get what room is left.
    """
    cells = [[cell_said(value, zone) for value in row] for row in rows]
    used = [place for place in range(len(names)) if any(row[place] for row in cells)]
    widths: dict[int, int] = {}
    room = console.width
    for place in used:
        wanted = min(max(cell_len(names[place]), *(cell_len(row[place]) for row in cells)), _WIDEST)
        is_whole = any(
            isinstance(row[place], datetime | float) for row in rows
        )  # half a time says something else
        least = wanted if is_whole else min(wanted, max(_NARROWEST, cell_len(names[place])))
        width = min(wanted, room)
        if width >= least:
            widths[place] = width
            room -= width + _BETWEEN
    is_number = {place: all(_is_number(row[place]) for row in rows) for place in widths}
    show(console, *_lines(names, cells, widths, is_number))
    return [names[place] for place in used if place not in widths]


def _lines(
    names: Sequence[str],
    cells: Iterable[Sequence[str]],
    widths: dict[int, int],
    is_number: dict[int, bool],
) -> Iterator[Text]:
    def line(texts: Sequence[str]) -> str:
        shown = (padded(texts[place], width, right=is_number[place]) for place, width in widths.items())
        return (" " * _BETWEEN).join(shown).rstrip()

    yield Text(line(names), "bold")
    yield Text((" " * _BETWEEN).join("-" * width for width in widths.values()), "dim")
    yield from (Text(line(row)) for row in cells)


def cell_said(value: object, zone: ZoneInfo) -> str:
    """Return a value as a reader knows it: times are local, numbers have separators."""
    if isinstance(value, datetime):
        return instant_said(value, zone)
    if isinstance(value, float):
        return number_said(value)
    return on_one_line(as_text(value))


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, float)
