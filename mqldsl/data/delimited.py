"""Tables of text whose cells are parted by a character: CSV in all its ways.

Every cell is text; the first line names the columns. A line that cannot be taken apart, or has too few or too
many cells, comes out as a `BrokenRow`, and the rows go on behind it.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TextIO

import attrs

from mqldsl.data.rows import BrokenRow, Cells
from mqldsl.data.text_file import File, SourceError, opened_text, suffix_of

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 1 << 16

# A quote that is never closed would swallow the rest of the file.
_MOST_LINES = 1_000


@attrs.frozen
class _Dialect:
    delimiter: str
    quote: str


def columns(file: File) -> tuple[str, ...]:
    """Return the names of the columns, without spaces at their ends; two may be alike."""
    with opened_text(file, newline="") as text:
        return _Table(file, text).names


def rows(file: File, wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
    """Yield the cells of the wanted columns, row by row; an empty line is no row."""
    with opened_text(file, newline="") as text:
        table = _Table(file, text)
        yield from table.rows([table.names.index(name) for name in wanted])


class _Table:
    """A file that is being read: its dialect, its names, and the lines of the row at hand."""

    def __init__(self, file: File, text: TextIO) -> None:
        self._text = text
        self._ahead = _sample(text)  # lines that were looked at, but not yet taken
        self._taken: list[str] = []  # the lines of this row
        self._line = 1  # the number of the first of them
        self._dialect = _dialect(self._ahead, file)
        try:
            names = next(filter(None, self._reader()), None)
        except csv.Error as error:
            problem = f"the line of column names of `{file.shown}` cannot be read: {_in_plain_words(error)}"
            raise SourceError(problem) from None
        if names is None:
            raise SourceError(f"`{file.shown}` is empty: the first line names the columns")
        self.names = tuple(name.strip() for name in names)

    def rows(self, places: Sequence[int]) -> Iterator[Cells | BrokenRow]:
        """Yield the cells at these places of every row that is left."""
        reader = self._reader()
        taken, width = self._taken, len(self.names)
        chosen = itemgetter(*places) if len(places) > 1 else lambda cells: [cells[place] for place in places]
        while True:
            self._line += len(taken)
            taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._given_up(error)
                reader = self._reader()
                continue
            # A comma too many at the end of a line takes nothing from anybody.
            if len(cells) == width or (len(cells) > width and not any(cells[width:])):
                yield chosen(cells)
            elif cells:
                yield self._broken(f"the line has too {'few' if len(cells) < width else 'many'} cells")

    def _broken(self, problem: str) -> BrokenRow:
        """Return the row at hand as a broken one."""
        return BrokenRow(self._line, "".join(self._taken).rstrip("\r\n"), problem)

    def _given_up(self, error: csv.Error) -> BrokenRow:
        """Give up the first line of the row at hand, and go on at the second.

        Where the quotes are wrong nobody knows which lines belong together, and a quote too many must not
        cost more than its own line.
        """
        self._ahead.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        return self._broken(_in_plain_words(error))

    def _reader(self) -> Iterator[list[str]]:
        # Strict: `"bad"ly quoted` is a fault, and not some text or other.
        dialect = self._dialect
        return csv.reader(self._lines(), delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)

    def _lines(self) -> Iterator[str]:
        ahead, taken, text = self._ahead, self._taken, self._text
        while line := ahead.popleft() if ahead else next(text, ""):
            taken.append(line)
            if len(taken) > _MOST_LINES:
                raise csv.Error("never closed")
            yield line


def _in_plain_words(error: csv.Error) -> str:
    said = str(error)
    if said.startswith("field larger"):
        return f"a cell of the line has more than {csv.field_size_limit():,} characters"
    if "never closed" in said or "unexpected end" in said:
        return "a quote of the line is never closed"
    return "the line has a quote in the wrong place"


def _sample(text: TextIO) -> deque[str]:
    """Return the first lines, enough to see how cells are parted."""
    lines: deque[str] = deque()
    characters = 0
    while len(lines) < _SAMPLE_LINES and characters < _SAMPLE_CHARACTERS and (line := next(text, "")):
        lines.append(line)
        characters += len(line)
    return lines


def _dialect(sample: deque[str], file: File) -> _Dialect:
    head = next((line for line in sample if line.strip("\r\n")), "")
    delimiter = file.delimiter or _delimiter(sample, file)
    names = [name.strip() for name in head.strip("\r\n").split(delimiter)]
    single = all(len(name) > 1 and name[0] == name[-1] == "'" for name in names)
    return _Dialect(delimiter, "'" if single else '"')


def _delimiter(sample: deque[str], file: File) -> str:
    """Return the character that parts the names of columns, and as many cells in most rows."""
    if suffix_of(file.path) == ".tsv":
        return "\t"

    def fits(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(sample, delimiter=delimiter)
        try:
            widths = [len(cells) for cells in reader if cells]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] == 1:
            return 0.0, 0
        return widths.count(widths[0]) / len(widths), widths[0]

    return max(_DELIMITERS, key=fits)  # the first of several that fit equally well: a comma
