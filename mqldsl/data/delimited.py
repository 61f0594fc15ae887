"""Tables of text whose cells are parted by a character: CSV in all its ways.

Every cell is text; the first line names the columns. A line that cannot be taken apart, or has too few or too
many cells, comes out as a `BrokenRow`, and the rows go on behind it.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TextIO

import attrs

from mqldsl.data.rows import BrokenRow, Cells
from mqldsl.data.text_file import File, SourceError, opened_text, suffix_of

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 1 << 16

# The line that Excel puts before the names of the columns.
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[^"\r\n])"?[\r\n]*', re.IGNORECASE)

# A quote that is never closed would swallow the rest of the file.
_MOST_LINES = 1_000


@attrs.frozen
class Dialect:
    """What parts cells, and what stands around those that hold it."""

    delimiter: str
    quote: str


@attrs.frozen
class Head:
    """How a file begins: its dialect, the names of its columns, and in how many lines they stand."""

    dialect: Dialect
    names: tuple[str, ...]
    lines: int


def columns(file: File) -> tuple[str, ...]:
    """Return the names of the columns, without spaces at their ends; two may be alike."""
    return head_of(file).names


def head_of(file: File) -> Head:
    """Return how a file begins."""
    with opened_text(file, newline="") as text:
        return _opened(file, text)[0]


def rows(file: File, wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
    """Yield the cells of the wanted columns, row by row; an empty line is no row."""
    with opened_text(file, newline="") as text:
        head, records = _opened(file, text)
        yield from records.rows(head.names, wanted)


def _opened(file: File, text: TextIO) -> tuple[Head, "Records"]:
    """Return the head of a file, and its records from there on."""
    sample = _sample(text)
    told = _SEPARATOR.fullmatch(sample[0]) if sample else None
    if told is not None:
        sample.popleft()
        file = attrs.evolve(file, delimiter=file.delimiter or told["sign"])
    dialect = _dialect(sample, file)
    records = Records(dialect, text, line=1 if told is None else 2, ahead=sample)
    try:
        names = records.first()
    except csv.Error as error:
        problem = f"the line of column names of `{file.shown}` cannot be read: {_in_plain_words(error)}"
        raise SourceError(problem) from None
    if names is None:
        raise SourceError(f"`{file.shown}` is empty: the first line names the columns")
    return Head(dialect, tuple(name.strip() for name in names), records.line - 1), records


class Records:
    """Lines that are being read, and the record at hand. `line` is the number of its first one."""

    def __init__(
        self, dialect: Dialect, lines: Iterator[str], *, line: int = 1, ahead: Iterable[str] = ()
    ) -> None:
        self.line = line
        self._dialect = dialect
        self._unread = lines
        self._ahead = deque(ahead)  # lines that were looked at, but not yet taken
        self._taken: list[str] = []  # the lines of this record

    @property
    def is_level(self) -> bool:
        """Whether all lines taken from the iterator belong to records that came out."""
        return not self._ahead

    def first(self) -> list[str] | None:
        """Return the cells of the first record, or None."""
        cells = next(filter(None, self._reader()), None)
        self.pass_on()
        return cells

    def rows(self, names: Sequence[str], wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
        """Yield the wanted cells of every record that is left; each has a cell for each name."""
        places, width = [names.index(name) for name in wanted], len(names)
        chosen = itemgetter(*places) if len(places) > 1 else lambda cells: [cells[place] for place in places]
        reader = self._reader()
        while True:
            self.pass_on()
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

    def pass_on(self) -> None:
        """Be done with the record at hand."""
        self.line += len(self._taken)
        self._taken.clear()

    def _broken(self, problem: str) -> BrokenRow:
        """Return the row at hand as a broken one."""
        return BrokenRow(self.line, "".join(self._taken).rstrip("\r\n"), problem)

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
        ahead, taken, unread = self._ahead, self._taken, self._unread
        while line := ahead.popleft() if ahead else next(unread, ""):
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


def _dialect(sample: deque[str], file: File) -> Dialect:
    head = next((line for line in sample if line.strip("\r\n")), "")
    delimiter = file.delimiter or _delimiter(sample, file)
    names = [name.strip() for name in head.strip("\r\n").split(delimiter)]
    single = all(len(name) > 1 and name[0] == name[-1] == "'" for name in names)
    return Dialect(delimiter, "'" if single else '"')


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
