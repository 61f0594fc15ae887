"""Events and records: each file once, however many kinds it has, as one relation of typed columns."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import attrs

from mqldsl.data.batch.arrays import Array, Table, either
from mqldsl.data.batch.blocks import Block
from mqldsl.data.batch.columns import (
    Reader,
    blank_times,
    company_column,
    id_column,
    moment_column,
    owner_column,
)
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.readings import BlockReads, Bound, Reading, Readings, Where, given
from mqldsl.data.batch.store import Store
from mqldsl.data.binding import EventRows
from mqldsl.data.layout import Run
from mqldsl.data.names import properties_of
from mqldsl.data.sources import columns_of, has_keys
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.model import ir

# Room for the columns of a kind, in the order of what is wrong with a row.
_PLACES = 10_000

# Stands for the kind in what is wrong with a time, which several kinds may share.
_OWNER = "\0"


# How many events come again with an id that their owner has had.
REPEATS = """
    select count(id) - count(distinct case when id is not null then (owner, id) end) from feed where holds
"""


@attrs.frozen
class Owners:
    """Whose the events are; those of others than the leads in the table `known` are counted and left out.

    Where rows of the leads tell events, only those do that stand in the table `rows`, if there is one.
    """

    word: Literal["lead", "company"]
    known: str | None = None
    rows: str | None = None

    def reader(self) -> Reader:
        """Return how their key is read."""
        return owner_column() if self.word == "lead" else company_column()


@attrs.frozen(eq=False)
class _Kind:
    """One kind in one file."""

    number: int
    kind: ir.Kind
    source: EventRows
    where: Where
    owner: Reading
    at: Reading | None
    id: Reading | None
    properties: Sequence[Bound]

    @property
    def mark(self) -> str:
        """The column that says which rows are of this kind."""
        return f"#is {self.kind.name}"

    @property
    def once(self) -> str | None:
        """The column that tells events at the same time as one, where the source says so."""
        return f"#once {self.kind.name}" if self.source.once_a_time and self.at is not None else None

    def readings(self) -> list[Reading]:
        """Return all readings of the kind."""
        own = [it for it in (self.owner, self.at, self.id) if it is not None]
        return [*own, *(it.reading for it in self.properties)]


class FeedFile:
    """The kinds that stand in one file."""

    def __init__(
        self, run: Run, store: Store, sources: Sequence[tuple[EventRows, ir.Kind]], name: str
    ) -> None:
        self._run, self._store, self._name = run, store, name
        self._file = sources[0][0].rows.file
        self._has_keys = has_keys(self._file)
        self._readings = Readings(run, self._file)
        self._columns = None if self._has_keys else columns_of(self._file)
        self.strangers: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self._problems = Problems()
        self._sources = sources

    def read(self, owners: Owners) -> dict[str, supply.Feed]:
        """Read the file into its table; return the feed of each kind."""
        kinds = [self._kind(*it, number, owners) for number, it in enumerate(self._sources)]
        self._store.add(self._name, self._typed(BlockReads(self._empty()), kinds, {}))
        for block in self._readings.blocks():
            self._problems.broken(block.broken)
            self._block(block, kinds, owners)
            self._problems.tell(self._file, self._run.faults)
        for kind in kinds:
            if kind.id is not None:
                names = {"feed": self._store.named(self._name), "holds": kind.mark}
                ((count,),) = self._store.run(REPEATS, **names, owner=kind.owner.name, id=kind.id.name)
                self.repeats += Counter({kind.kind.name: count})
        return {kind.kind.name: self._feed(kind, kinds) for kind in kinds}

    def _kind(self, source: EventRows, kind: ir.Kind, number: int, owners: Owners) -> _Kind:
        readings, context = self._readings, self._run.context
        where = Where(source.rows, readings.layout)
        owner = readings.of(source.owner_column, owners.word, owners.reader)
        at = source.at
        moment = None
        if at is not None:
            moment = readings.of(at.column, ("at", at), lambda: moment_column(at, _OWNER, context))
        identity = None if source.id is None else readings.of(source.id, "id", id_column)
        bound = readings.fields(properties_of(kind), source.rows, self._columns)
        return _Kind(number, kind, source, where, owner, moment, identity, bound)

    def _block(self, block: Block, kinds: Sequence[_Kind], owners: Owners) -> None:
        if all(kind.where for kind in kinds):
            # Where other rows are in the file as well, these need not be read.
            block = block.chosen(either((kind.where.mask(block) for kind in kinds), len(block)))
        reads = BlockReads(block)
        known: dict[str, Array] = {}
        masks = {kind.mark: self._counting(reads, kind, owners, known) for kind in kinds}
        rows = self._typed(reads, kinds, masks)
        self._store.add(self._name, rows.filter(either(masks.values(), len(block))))

    def _counting(self, reads: BlockReads, kind: _Kind, owners: Owners, known: dict[str, Array]) -> Array:
        """Return which rows are events of this kind, and put aside what is wrong with those that are or are not."""
        block, source, problems = reads.block, kind.source, self._problems
        numbers, place = block.numbers, kind.number * _PLACES
        mask = kind.where.mask(block)
        if source.is_wide and kind.at is not None:
            mask = pc.and_(mask, pc.invert(blank_times(reads[kind.at])))
        owner = reads[kind.owner].values
        words = f"the {kind.kind.name} names no {owners.word}"
        nobodys = pc.and_(mask, pc.is_null(owner))
        problems.of_ids(numbers, nobodys, place, kind.owner.column, block.columns[kind.owner.place], words)
        mask = pc.and_(mask, pc.is_valid(owner))
        if owners.known is not None:
            if kind.owner.name not in known:
                known[kind.owner.name] = self._known(owner, owners.known)
            unknown = pc.sum(pc.and_(mask, pc.invert(known[kind.owner.name]))).as_py()
            if unknown:
                self.strangers[kind.kind.name] += unknown
            mask = pc.and_(mask, known[kind.owner.name])
        if owners.rows is not None and source.of_lead_rows:
            rows = self._store.column(owners.rows, "#row").combine_chunks()
            mask = pc.and_(mask, pc.is_in(numbers, value_set=rows))
        if kind.at is not None:
            at = reads[kind.at]
            said = tuple(
                (cell, words.replace(_OWNER, f"the {kind.kind.name}")) for cell, words in at.problems
            )
            at = attrs.evolve(at, problems=said)
            problems.of_column(numbers, at, mask, place + 1, kind.at.column)
            mask = pc.and_(mask, pc.is_valid(at.values))
        for offset, bound in enumerate(kind.properties, start=2):
            read = reads[bound.reading]
            problems.of_column(numbers, read, mask, place + offset, bound.reading.column)
        return mask

    def _known(self, owner: Array, table: str) -> Array:
        encoded = owner.dictionary_encode()
        places = self._store.known(encoded.dictionary, table)
        return pc.fill_null(pc.is_in(encoded.indices, value_set=pc.cast(places, encoded.indices.type)), False)

    def _typed(self, reads: BlockReads, kinds: Iterable[_Kind], masks: dict[str, Array]) -> Table:
        readings = dict.fromkeys(reading for kind in kinds for reading in kind.readings())
        nothing = pa.array([], pa.bool_())
        marks = {kind.mark: masks.get(kind.mark, nothing) for kind in kinds}
        typed = reads.typed(readings, with_keys=self._has_keys)
        once = {
            kind.once: pc.cast(pc.cast(reads[kind.at].values, pa.int64()), pa.string())
            for kind in kinds
            if kind.once is not None and kind.at is not None
        }
        return pa.table({"#row": reads.block.numbers, **marks, **typed, **once})

    def _empty(self) -> Block:
        return Block(pa.array([], pa.int64()), [[] for _ in self._readings.layout.columns])

    def _feed(self, kind: _Kind, kinds: Sequence[_Kind]) -> supply.Feed:
        identity = kind.once if kind.id is None else kind.id.name
        return supply.Feed(
            self._store.relation(self._name),
            t.column(kind.mark) if len(kinds) > 1 else t.YES,
            t.column(kind.owner.name),
            None if kind.at is None else t.column(kind.at.name),
            given(kind.properties, has_keys=self._has_keys),
            None if identity is None else t.column(identity),
            None if identity is None else t.column("#row"),
        )
