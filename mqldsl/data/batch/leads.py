"""The leads as one relation of typed columns: each question once."""

from datetime import datetime

from mqldsl.data.batch.arrays import Array, Table, all_true
from mqldsl.data.batch.blocks import Block
from mqldsl.data.batch.columns import Read, Reader, moment_column, owner_column, without_blanks
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.questions import READ, Questions
from mqldsl.data.batch.readings import BlockReads, Reading, Readings, Where, given
from mqldsl.data.batch.store import Store
from mqldsl.data.binding import LeadRows
from mqldsl.data.bound_rows import Moment
from mqldsl.data.companies import company_key
from mqldsl.data.layout import Run
from mqldsl.data.names import ACCOUNT, account_key
from mqldsl.data.sources import columns_of, has_keys
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.model import ir
from mqldsl.model.types import Text


class LeadFile:
    """The rows of the leads. Read first and told last, as their faults come behind those of events."""

    def __init__(self, run: Run, store: Store, leads: LeadRows, as_of: datetime | None) -> None:
        self._run, self._store, self._leads, self._as_of = run, store, leads, as_of
        self._file = leads.rows.file
        self._has_keys = has_keys(self._file)
        self._readings = Readings(run, self._file)
        self._where = Where(leads.rows, self._readings.layout)
        self._id = None if leads.id is None else self._readings.of(leads.id, "id", owner_column)
        self._moment = self._moment_reading(leads.as_of, "the lead")
        self._by = self._moment_reading(None if leads.keep is None else leads.keep.by, "the row")
        fields = dict(run.model.fields)
        self._has_company = account_key(fields, leads.rows) is not None
        if self._has_company:
            fields.setdefault(ACCOUNT, ir.Field(ACCOUNT, Text()))
        columns = None if self._has_keys else columns_of(self._file)
        self._bound = self._readings.fields(fields.values(), leads.rows, columns)
        self._always, self._of_time, self._of_fields = Problems(), Problems(), Problems()
        self._of_rank = Problems()
        self._table = READ

    def read(self) -> supply.Leads:
        """Read the file into its table, and settle which of its rows are the questions."""
        self._store.add(READ, self._typed(BlockReads(self._empty())))
        for block in self._readings.blocks():
            self._always.broken(block.broken)
            self._block(block)
        found = (self._always, self._of_time, self._of_fields)
        self._table = Questions(self._store, self._leads, *found).settle()
        as_of = self._as_of if self._moment is None else t.column("#as of")
        assert as_of is not None
        fields = given(
            (it for it in self._bound if it.field in self._run.model.fields), has_keys=self._has_keys
        )
        company = t.column("#company") if self._has_company else None
        return supply.Leads(
            self._store.relation(self._table),
            t.column("#id"),
            "text",
            as_of,
            fields,
            company,
            t.truth(self._has_company),
            t.column("#row"),
        )

    def tell(self) -> None:
        """Tell what is wrong with the rows."""
        self._always.join(self._of_time)
        self._always.join(self._of_rank)
        self._always.join(self._of_fields)
        self._always.tell(self._file, self._run.faults)

    @property
    def table(self) -> str:
        """The table of the questions."""
        return self._table

    def _moment_reading(self, at: Moment | None, owner: str) -> Reading | None:
        if at is None:
            return None
        return self._readings.of(
            at.column, ("at", at, owner), lambda: moment_column(at, owner, self._run.context)
        )

    def _block(self, block: Block) -> None:
        if self._where:
            block = block.chosen(self._where.mask(block))
        reads = BlockReads(block)
        mask = timed = all_true(len(block))
        if self._id is not None:
            found = reads[self._id].values
            raws, words = block.columns[self._id.place], "the lead has no id"
            self._always.of_ids(block.numbers, pc.is_null(found), 0, self._id.column, raws, words)
            mask = timed = pc.is_valid(found)
        if self._moment is not None:
            read = reads[self._moment]
            self._of_time.of_column(block.numbers, read, mask, 1, self._moment.column)
            timed = pc.and_(mask, pc.is_valid(read.values))
        if self._by is not None:
            self._of_rank.of_column(block.numbers, without_blanks(reads[self._by]), timed, 2, self._by.column)
        for place, bound in enumerate(self._bound, start=3):
            read = reads[bound.reading]
            self._of_fields.of_column(block.numbers, read, timed, place, bound.reading.column)
        self._store.add(READ, self._typed(reads).filter(mask))

    def _typed(self, reads: BlockReads) -> Table:
        block = reads.block
        # Without a column of ids the number of the row is the id.
        ids = pc.cast(block.numbers, pa.string()) if self._id is None else reads[self._id].values
        own: dict[str, Array] = {"#row": block.numbers, "#id": ids}
        if self._moment is not None:
            own["#as of"] = reads[self._moment].values
        if self._by is not None:
            own["#rank"] = reads[self._by].values
        if self._has_company:
            own["#company"] = self._company(reads)
        return pa.table({**own, **reads.typed((it.reading for it in self._bound), with_keys=self._has_keys)})

    def _company(self, reads: BlockReads) -> Array:
        """Return the keys of companies: what the field `account` says, compared as text is."""
        bound = next((it for it in self._bound if it.field == ACCOUNT), None)
        if bound is None:
            return pa.nulls(len(reads.block), pa.string())
        read: Read = reads[bound.reading]
        values = read.values
        reader = Reader(pa.string(), lambda value: (company_key(value) or None, ""))
        return reader.read(values if pa.types.is_string(values.type) else values.to_pylist()).values

    def _empty(self) -> Block:
        return Block(pa.array([], pa.int64()), [[] for _ in self._readings.layout.columns])
