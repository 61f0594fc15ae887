"""What is read from one file: its columns, each once, and what each of them tells, each once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

import attrs

from mqldsl.data.batch.arrays import Array, all_true, both, is_of_texts
from mqldsl.data.batch.blocks import Block, blocks_of_arrays, blocks_of_rows
from mqldsl.data.batch.columns import Raw, Read, Reader, field_column, key_of
from mqldsl.data.batch.delimited_blocks import blocks_of_text
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.bound_rows import Column, Rows
from mqldsl.data.keys import Key, KeyColumn, columns_in, is_among
from mqldsl.data.layout import Layout, Run
from mqldsl.data.names import column_of
from mqldsl.data.origins import Held, Part, Source, parts_of
from mqldsl.data.parquet import values_of
from mqldsl.data.rows import plain_text
from mqldsl.data.sources import ARRAYS, Tally, is_text
from mqldsl.data.text_file import UTF_8, File, suffix_of
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.model import ir


@attrs.frozen
class Reading:
    """What a column tells, read in one way: `name` is that of the typed column."""

    name: str
    column: str
    place: int
    reader: Reader


@attrs.frozen
class Bound:
    """A field or property with its reading."""

    field: str
    reading: Reading


class Readings:
    """The readings of one file, so that kinds of events that share it share them, too."""

    def __init__(self, run: Run, file: Source) -> None:
        self._run, self.file = run, file
        self.layout = Layout()
        self._made: dict[object, Reading] = {}

    def of(self, column: KeyColumn, way: object, reader: Callable[[], Reader]) -> Reading:
        """Return the reading of a column; equal ways are one reading, made by `reader`."""
        key = (column, way)
        if key not in self._made:
            name = f"{column} #{len(self._made)}"
            self._made[key] = Reading(name, str(column), self.layout.place(column), reader())
        return self._made[key]

    def fields(self, fields: Iterable[ir.Field], rows: Rows, columns: Collection[str] | None) -> list[Bound]:
        """Return a reading for each field whose column is there; None where each row has its own."""
        found, context = [], self._run.context
        for field, column in bound_columns(fields, rows, columns):
            assert column.name is not None
            # The way is spelt out: what `replace` holds cannot be hashed, and 1 is not True.
            way = (field.type, repr(field.missing_when), field.required, repr(column))
            made = self.of(column.name, way, partial(field_column, field, column, context))
            found.append(Bound(field.name, made))
        return found

    def blocks(self) -> Iterator[Block]:
        """Yield all rows of the source."""
        for number, part in enumerate(parts_of(self.file)):
            for block in _blocks(part, self.layout.columns, self._run.tally):
                yield block.of_part(number)


def _blocks(part: Part, wanted: Sequence[KeyColumn], tally: Tally) -> Iterator[Block]:
    if not any(isinstance(column, Key) for column in wanted):
        return _plain_blocks(part, [str(column) for column in wanted], tally)
    columns = list(dict.fromkeys(each for column in wanted for each in columns_in(column)))
    return (_with_keys(it, columns, wanted) for it in _plain_blocks(part, columns, tally))


def _with_keys(block: Block, columns: Sequence[str], wanted: Sequence[KeyColumn]) -> Block:
    """Return a block of these columns as one of what is wanted."""
    parts = ([block.columns[columns.index(each)] for each in columns_in(column)] for column in wanted)
    return attrs.evolve(block, columns=[key_of(it) if len(it) > 1 else it[0] for it in parts])


def _plain_blocks(part: Part, wanted: Sequence[str], tally: Tally) -> Iterator[Block]:
    if isinstance(part, File):
        if is_text(part) and part.encoding == UTF_8:
            return blocks_of_text(part, wanted, tally)
        if suffix_of(part.path) in ARRAYS:
            return blocks_of_arrays(part, wanted, tally)
    if isinstance(part, Held):
        return blocks_of_arrays(part, wanted, tally)
    return blocks_of_rows(part, wanted, tally)


def bound_columns(
    fields: Iterable[ir.Field], rows: Rows, columns: Collection[str] | None
) -> Iterator[tuple[ir.Field, Column]]:
    """Yield each field whose column is there with this column; None where each row has its own."""
    for field in fields:
        column = column_of(field, rows)
        if column.name is not None and (columns is None or is_among(column.name, columns)):
            yield field, column


class BlockReads:
    """The readings of one block, each made when it is first asked for."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._reads: dict[str, Read] = {}

    def __getitem__(self, reading: Reading) -> Read:
        if reading.name not in self._reads:
            self._reads[reading.name] = reading.reader.read(self.block.columns[reading.place])
        return self._reads[reading.name]

    def typed(self, readings: Iterable[Reading], *, with_keys: bool) -> dict[str, Array]:
        """Return the typed columns by their names; where rows have keys, also where each is supplied."""
        found = {}
        for reading in readings:
            read = self[reading]
            found[reading.name] = read.values
            if with_keys:
                found[f"{reading.name}?"] = (
                    all_true(len(self.block)) if read.supplied is None else read.supplied
                )
        return found


class Where:
    """Which rows count."""

    def __init__(self, rows: Rows, layout: Layout) -> None:
        self._wanted = [(layout.place(column), texts) for column, texts in rows.where.items()]

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def mask(self, block: Block) -> Array:
        """Return for each row whether each column has one of its texts, exactly."""
        masks = (_has_one(block.columns[place], texts) for place, texts in self._wanted)
        return both(masks, len(block))


def given(bound: Iterable[Bound], *, has_keys: bool) -> dict[str, supply.Given]:
    """Return where the typed values of fields stand."""
    return {
        it.field: supply.Given(
            t.column(it.reading.name), t.column(f"{it.reading.name}?") if has_keys else t.YES
        )
        for it in bound
    }


def _has_one(raws: Raw, texts: frozenset[str]) -> Array:
    if isinstance(raws, Sequence) or not is_of_texts(raws.type):
        cells = raws if isinstance(raws, Sequence) else values_of(raws)
        return pa.array([plain_text(raw) in texts for raw in cells], pa.bool_())
    found = pc.is_in(raws, value_set=pa.array(sorted(texts), pa.string()))
    return pc.or_(found, pc.is_null(raws)) if "" in texts else found
