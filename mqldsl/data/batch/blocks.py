"""Rows of any source, many at once: a column for each name that is asked for, with the rows' numbers."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import attrs

from mqldsl.data import parquet
from mqldsl.data.batch.arrays import Array, is_of_texts
from mqldsl.data.batch.columns import Raw
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.faults import Fault, Faults
from mqldsl.data.origins import ROWS_OF_A_PART, Held, Part
from mqldsl.data.rows import Cells
from mqldsl.data.sources import Tally, rows_of
from mqldsl.data.text_file import File

# Large enough that a step on all rows costs nothing beside the rows, small enough to be a little of the memory.
ROWS = 262_144


@attrs.frozen
class Block:
    """Some rows: their numbers, and the columns asked for, as texts or as whatever stands there.

    `broken` are the faults of rows among them that could not be taken apart, with the numbers of these.
    """

    numbers: Array
    columns: Sequence[Raw]
    broken: Sequence[tuple[int, Fault]] = ()

    def __len__(self) -> int:
        return len(self.numbers)

    def of_part(self, part: int) -> "Block":
        """Return the rows as those of one of several files, numbered through."""
        if not part:
            return self
        first = part * ROWS_OF_A_PART
        broken = [(first + number, fault) for number, fault in self.broken]
        return Block(pc.add(self.numbers, first), self.columns, broken)

    def chosen(self, mask: Array) -> "Block":
        """Return the rows for which a mask holds."""
        truths: list[bool] = mask.to_pylist() if any(isinstance(it, Sequence) for it in self.columns) else []
        columns = [
            [raw for raw, holds in zip(column, truths) if holds]
            if isinstance(column, Sequence)
            else column.filter(mask)
            for column in self.columns
        ]
        return Block(self.numbers.filter(mask), columns, self.broken)


def blocks_of_rows(file: Part, wanted: Sequence[str], tally: Tally) -> Iterator[Block]:
    """Yield the rows of a file whose cells are read one by one."""
    broken = Faults()
    rows = rows_of(file, wanted, broken, tally)
    while True:
        some = list(islice(rows, ROWS))
        faults, broken.kept[:] = [(fault.row, fault) for fault in broken.kept], []
        if some or faults:
            yield gathered(some, len(wanted), faults)
        if not some:
            return


def blocks_of_arrays(source: File | Held, wanted: Sequence[str], tally: Tally) -> Iterator[Block]:
    """Yield the rows of a source of arrays, as it has them; of texts, one kind of array."""
    number = 0
    batches = parquet.held_batches if isinstance(source, Held) else parquet.batches
    for size, columns in batches(source, wanted, ROWS):  # type: ignore[arg-type] # each its own kind
        texts = [column.cast(pa.string()) if is_of_texts(column.type) else column for column in columns]
        yield Block(pa.array(range(number + 1, number + size + 1), pa.int64()), texts)
        number += size
        tally.add(size)


def gathered(
    rows: Iterable[tuple[int, Cells]], width: int, broken: Sequence[tuple[int, Fault]], *, texts: bool = False
) -> Block:
    """Return rows as a block, of texts or of anything."""
    numbered = list(rows)
    columns: list[Raw] = [list(column) for column in zip(*(cells for _, cells in numbered))]
    columns = columns or [[] for _ in range(width)]
    if texts:
        columns = [pa.array(column, pa.string()) for column in columns]
    return Block(pa.array([number for number, _ in numbered], pa.int64()), columns, broken)
