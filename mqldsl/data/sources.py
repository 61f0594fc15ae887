"""Files of rows, whatever is inside: the columns of one, and its rows, one after the other.

The ending of the name says how a file is written. Rows count from 1, the broken ones too; those are
reported and left out.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from mqldsl.data import delimited, json_lines, parquet
from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.rows import BrokenRow, Cells
from mqldsl.data.text_file import File, SourceError, suffix_of

_DELIMITED = (".csv", ".tsv", ".txt")
_JSON_LINES = (".jsonl", ".ndjson")
_PARQUET = ".parquet"
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


def has_keys(file: File) -> bool:
    """Say whether each row has keys of its own, and not the whole file its columns."""
    return suffix_of(file.path) in _JSON_LINES


def is_text(file: File) -> bool:
    """Say whether every cell is text, whatever it tells."""
    return suffix_of(file.path) in _DELIMITED


def columns_of(file: File, wanted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the columns; of a file whose rows have keys, those that are met on the way to `wanted`.

    Raises SourceError where the file is not there or cannot be read.
    """
    ending = suffix_of(file.path)
    if ending in _DELIMITED:
        return delimited.columns(file)
    if ending in _JSON_LINES:
        return json_lines.columns(file, wanted)
    if ending == _PARQUET:
        return parquet.columns(file)
    readable = ", ".join((*_DELIMITED, *_JSON_LINES))
    way_out = _INSTEAD.get(ending, f"there are {readable} (each also .gz) and {_PARQUET}")
    raise SourceError(f"nobody can tell from its name how `{file.shown}` is written: {way_out}")


def rows_of(
    file: File, wanted: Sequence[str], faults: Faults | None, tally: Tally
) -> Iterator[tuple[int, Cells]]:
    """Yield each row's number and its cells in the wanted columns, all of which the file must have.

    Broken rows go to `faults`; None leaves them out without a word, for a second reading.
    """
    number = 0
    for number, row in enumerate(_raw_rows(file, wanted), start=1):
        if not number % _REPORTED_EVERY:
            tally.add(_REPORTED_EVERY)
        if not isinstance(row, BrokenRow):
            yield number, row
        elif faults is not None:
            value = shown(f"line {row.line}: {row.text}")
            faults.add_broken_row(Fault(file.shown, number, "", value, row.problem))
    tally.add(number % _REPORTED_EVERY)


def _raw_rows(file: File, wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
    ending = suffix_of(file.path)
    if ending == _PARQUET:
        return parquet.rows(file, wanted)
    return json_lines.rows(file, wanted) if ending in _JSON_LINES else delimited.rows(file, wanted)
