"""Tables of text, many lines at once.

A stretch of lines in which nothing is odd (no quote, no lone carriage return, as many cells in each line as there
are names) is taken apart by pyarrow, which cannot go wrong on it. Any other stretch goes through
`delimited.Records`, the reader of single rows, so that every row and fault is the one that it finds.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from mqldsl.data.batch.arrays import Array
from mqldsl.data.batch.blocks import Block, gathered
from mqldsl.data.batch.late import pa, pa_csv
from mqldsl.data.delimited import Head, Records, head_of
from mqldsl.data.faults import Fault
from mqldsl.data.rows import BrokenRow, Cells
from mqldsl.data.sources import Tally, fault_of
from mqldsl.data.text_file import File, opened_bytes, told_plainly

_CHUNK = 1 << 22
_MARK = b"\xef\xbb\xbf"


def blocks_of_text(file: File, wanted: Sequence[str], tally: Tally) -> Iterator[Block]:
    """Yield the rows of a file whose cells are parted by a character."""
    head = head_of(file)
    with told_plainly(file), opened_bytes(file.path) as raw:
        yield from _Table(file, head, _Stretches(raw)).blocks(wanted, tally)


class _Stretches:
    """The bytes of a file, many whole lines at once; as an iterator, the lines one by one."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._rest = b""
        self._lines = io.StringIO()
        self._characters = 0
        self._is_first = True

    def take(self) -> bytes:
        """Return the next stretch, empty at the end."""
        parts = [self._rest]
        while chunk := self._raw.read(_CHUNK):
            end = chunk.rfind(b"\n") + 1
            if end:
                parts.append(chunk[:end])
                self._rest = chunk[end:]
                break
            parts.append(chunk)
        else:
            self._rest = b""
        whole = b"".join(parts)
        if self._is_first and whole:
            self._is_first, whole = False, whole.removeprefix(_MARK)
        return whole

    def open(self, stretch: bytes) -> None:
        """Let the lines go on with those of a stretch that was taken."""
        text = stretch.decode()
        self._lines, self._characters = io.StringIO(text, newline=""), len(text)

    @property
    def is_used_up(self) -> bool:
        """Whether the lines of the stretch that is open have all come out."""
        return self._lines.tell() == self._characters

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, "")
        if line:
            return line
        stretch = self.take()
        if not stretch:
            raise StopIteration
        self.open(stretch)
        return next(self._lines)


class _Table:
    """A file that is being read, from one stretch to the next."""

    def __init__(self, file: File, head: Head, stretches: _Stretches) -> None:
        self._file, self._head, self._stretches = file, head, stretches
        self._line, self._number = 1, 0
        self._plain = [f"c{place}" for place in range(len(head.names))]

    def blocks(self, wanted: Sequence[str], tally: Tally) -> Iterator[Block]:
        """Yield the rows, stretch by stretch."""
        stretch = self._behind_names()
        while stretch:
            block = self._at_once(stretch, wanted) if self._is_even(stretch) else None
            if block is None:
                self._stretches.open(stretch)
                block = self._one_by_one(wanted)
            else:
                self._line += stretch.count(b"\n")
                self._number += len(block)
            tally.add(len(block) + len(block.broken))
            yield block
            stretch = self._stretches.take()

    def _behind_names(self) -> bytes:
        """Return what is left of the first stretch behind the names of the columns."""
        stretch = self._stretches.take()
        while stretch.count(b"\n") < self._head.lines and (more := self._stretches.take()):
            stretch += more
        self._stretches.open(stretch)
        lines = [next(self._stretches) for _ in range(self._head.lines)]
        self._line += len(lines)
        behind = stretch[len("".join(lines).encode()) :]
        return behind or self._stretches.take()

    def _is_even(self, stretch: bytes) -> bool:
        """Say whether all readers of such tables agree on a stretch, as far as its bytes tell."""
        dialect = self._head.dialect
        if dialect.quote.encode() in stretch or b"\0" in stretch or not dialect.delimiter.isascii():
            return False
        if b"\r" in stretch and stretch.count(b"\r") != stretch.count(b"\r\n"):
            return False
        # Bytes that are no text must not go unseen, also in a column that nobody asked for.
        stretch.decode()
        return max(map(len, stretch.split(b"\n"))) < csv.field_size_limit()

    def _at_once(self, stretch: bytes, wanted: Sequence[str]) -> Block | None:
        """Return the rows of an even stretch, or None where a line has too few or too many cells."""
        places = [self._head.names.index(name) for name in wanted]
        asked = [self._plain[place] for place in places] or self._plain[:1]
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(stretch),
                pa_csv.ReadOptions(use_threads=False, block_size=len(stretch) + 1, column_names=self._plain),
                pa_csv.ParseOptions(
                    delimiter=self._head.dialect.delimiter, quote_char=False, double_quote=False
                ),
                pa_csv.ConvertOptions(
                    include_columns=list(dict.fromkeys(asked)),
                    column_types=dict.fromkeys(asked, pa.string()),
                    strings_can_be_null=False,
                ),
            ).combine_chunks()
        except pa.ArrowInvalid:
            return None
        numbers = pa.array(range(self._number + 1, self._number + table.num_rows + 1), pa.int64())
        columns = [_one(table.column(self._plain[place])) for place in places]
        return Block(numbers, columns)

    def _one_by_one(self, wanted: Sequence[str]) -> Block:
        """Return the rows of the stretch that is open, and of those behind it into which its last row reaches."""
        records = Records(self._head.dialect, self._stretches, line=self._line)
        rows: list[tuple[int, Cells]] = []
        broken: list[tuple[int, Fault]] = []
        for row in records.rows(self._head.names, wanted):
            self._number += 1
            if isinstance(row, BrokenRow):
                broken.append((self._number, fault_of(self._file, self._number, row)))
            else:
                rows.append((self._number, row))
            if self._stretches.is_used_up and records.is_level:
                break
        records.pass_on()
        self._line = records.line
        return gathered(rows, len(wanted), broken, texts=True)


def _one(column: Array) -> Array:
    """Return a column of a table as a single array."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
