"""Files of rows, whatever is inside: the columns of one, and its rows, one after the other.

The ending of the name says how a file is written. Rows count from 1, the broken ones too; those are
reported and left out.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from mqldsl.data import delimited, json_lines, parquet, stored
from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.keys import KeyColumn, taken_apart
from mqldsl.data.origins import ROWS_OF_A_PART, Held, Part, Several, Source, Stored, parts_of
from mqldsl.data.rows import BrokenRow, Cells
from mqldsl.data.text_file import File, SourceError, suffix_of

_DELIMITED = (".csv", ".tsv", ".txt")
_JSON_LINES = (".jsonl", ".ndjson")
ARRAYS = (".parquet", ".arrow", ".feather")
ENDINGS = (*_DELIMITED, *_JSON_LINES, *ARRAYS)
_INSTEAD = {
    ".xlsx": "save the sheet as CSV",
    ".xls": "save the sheet as CSV",
    ".json": "write one object a line, and call the file .jsonl",
}

Progress: TypeAlias = Callable[[int], None]
_REPORTED_EVERY = 8_192


class Tally:
    """Counts the rows read from all files together, and tells `progress` now and then."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._done = 0
        self._progress = progress

    def add(self, rows: int) -> None:
        """Count rows that were read."""
        self._done += rows
        if self._progress is not None:
            self._progress(self._done)


def has_keys(source: Source) -> bool:
    """Say whether each row has keys of its own, and not the whole file its columns."""
    return any(isinstance(it, File) and suffix_of(it.path) in _JSON_LINES for it in parts_of(source))


def is_text(source: Source) -> bool:
    """Say whether every cell is text, whatever it tells."""
    return all(isinstance(it, File) and suffix_of(it.path) in _DELIMITED for it in parts_of(source))


def columns_of(source: Source, wanted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the columns; of a file whose rows have keys, those that are met on the way to `wanted`.

    Of several files they are the columns that all of them have, or, where rows have keys, those that one of them has.

    Raises SourceError where a file is not there or cannot be read.
    """
    if isinstance(source, Stored):
        return stored.columns(source)
    if isinstance(source, Held):
        return parquet.held_columns(source)
    if isinstance(source, Several):
        each = [columns_of(part, wanted) for part in source.parts]
        if has_keys(source):
            if not all(has_keys(part) for part in source.parts):
                raise SourceError(
                    f"`{source.shown}` cannot be read as one: {' and '.join(_JSON_LINES)} stand with their like only,"
                    " because each of their rows has keys of its own"
                )
            return tuple(dict.fromkeys(name for names in each for name in names))
        first, *others = each
        return tuple(name for name in first if all(name in names for names in others))
    if source.path.is_dir():
        raise SourceError(f'`{source.shown}` is a folder: `paths = ["{source.shown}"]` reads the files in it')
    ending = suffix_of(source.path)
    if ending in _DELIMITED:
        return delimited.columns(source)
    if ending in _JSON_LINES:
        return json_lines.columns(source, wanted)
    if ending in ARRAYS:
        return parquet.columns(source)
    if stored.is_database(source.path):
        told = f'`database = "{source.shown}"` in place of `path`, with a `table` or a `query`'
        raise SourceError(f"`{source.shown}` is a database: {told}, reads from it")
    readable = ", ".join((*_DELIMITED, *_JSON_LINES))
    typed = " and ".join(ARRAYS)
    way_out = _INSTEAD.get(ending, f"there are {readable} (each also .gz) and {typed}")
    raise SourceError(f"nobody can tell from its name how `{source.shown}` is written: {way_out}")


def rows_of(
    source: Source, wanted: Sequence[KeyColumn], faults: Faults | None, tally: Tally
) -> Iterator[tuple[int, Cells]]:
    """Yield each row's number and its cells in the wanted columns and keys, all of which the source must have.

    Broken rows go to `faults`; None leaves them out without a word, for a second reading. Where numbers of several
    files stand is told by `origins.row_at`.
    """
    columns, made = taken_apart(wanted)
    for part, it in enumerate(parts_of(source)):
        for number, row in _numbered(it, columns, tally):
            if not isinstance(row, BrokenRow):
                yield part * ROWS_OF_A_PART + number, row if made is None else made(row)
            elif faults is not None:
                faults.add_broken_row(fault_of(it, number, row))


def _numbered(part: Part, wanted: Sequence[str], tally: Tally) -> Iterator[tuple[int, Cells | BrokenRow]]:
    number = 0
    for number, row in enumerate(_raw_rows(part, wanted), start=1):
        if not number % _REPORTED_EVERY:
            tally.add(_REPORTED_EVERY)
        yield number, row
    tally.add(number % _REPORTED_EVERY)


def fault_of(part: Part, number: int, row: BrokenRow) -> Fault:
    """Return the fault of a row that could not be taken apart."""
    return Fault(part.shown, number, "", shown(f"line {row.line}: {row.text}"), row.problem)


def _raw_rows(part: Part, wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
    if isinstance(part, Stored):
        return stored.rows(part, wanted)
    if isinstance(part, Held):
        return parquet.held_rows(part, wanted)
    ending = suffix_of(part.path)
    if ending in ARRAYS:
        return parquet.rows(part, wanted)
    return json_lines.rows(part, wanted) if ending in _JSON_LINES else delimited.rows(part, wanted)
