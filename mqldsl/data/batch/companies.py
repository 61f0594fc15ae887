"""The table of the companies as one relation of typed columns: each company once."""

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.blocks import Block
from mqldsl.data.batch.columns import Reader, company_column, moment_column, without_blanks
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.readings import BlockReads, Readings, Where, given
from mqldsl.data.batch.store import Store
from mqldsl.data.binding import AccountRows
from mqldsl.data.companies import COMES_AGAIN
from mqldsl.data.faults import shown
from mqldsl.data.keys import is_among
from mqldsl.data.layout import Run
from mqldsl.data.names import column_of
from mqldsl.data.sources import columns_of, has_keys
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t

ACCOUNTS = "accounts"


class AccountFile:
    """The rows of the companies."""

    def __init__(self, run: Run, store: Store, accounts: AccountRows) -> None:
        self._run, self._store, self._accounts = run, store, accounts
        self._file = accounts.rows.file
        self._readings = Readings(run, self._file)
        self._where = Where(accounts.rows, self._readings.layout)
        self._key = self._readings.of(accounts.id, "company", company_column)
        by = None if accounts.keep is None else accounts.keep.by
        self._by = None
        if by is not None:
            self._by = self._readings.of(by.column, by, lambda: moment_column(by, "the row", run.context))
        self._columns = columns_of(self._file)
        fields = run.model.account_fields.values()
        self._has_keys = has_keys(self._file)
        named = None if self._has_keys else self._columns
        self._bound = self._readings.fields(fields, accounts.rows, named)
        self._problems, self._of_fields = Problems(), Problems()

    def read(self) -> supply.Accounts:
        """Read the file into its table."""
        self._store.add(ACCOUNTS, self._typed(BlockReads(self._empty())))
        for block in self._readings.blocks():
            self._problems.broken(block.broken)
            self._block(block)
        self._settle()
        self._problems.join(self._of_fields)
        self._problems.tell(self._file, self._run.faults)
        # A field that no row may have a key for is not supplied, for companies without a row either.
        fields = self._run.model.account_fields.values()
        there = {it.name for it in fields if is_among(column_of(it, self._accounts.rows).name, self._columns)}
        bound = [it for it in self._bound if it.field in there]
        relation = self._store.relation(ACCOUNTS)
        return supply.Accounts(relation, t.column("#key"), given(bound, has_keys=self._has_keys))

    def _block(self, block: Block) -> None:
        if self._where:
            block = block.chosen(self._where.mask(block))
        reads = BlockReads(block)
        key = reads[self._key].values
        raws, words = block.columns[self._key.place], "the company has no key"
        self._problems.of_ids(block.numbers, pc.is_null(key), 0, self._key.column, raws, words)
        mask = pc.is_valid(key)
        if self._by is not None:
            self._of_fields.of_column(
                block.numbers, without_blanks(reads[self._by]), mask, 1, self._by.column
            )
        for place, bound in enumerate(self._bound, start=2):
            self._of_fields.of_column(block.numbers, reads[bound.reading], mask, place, bound.reading.column)
        self._store.add(ACCOUNTS, self._typed(reads).filter(mask))

    def _settle(self) -> None:
        """Keep one row of each company: the first where rows repeat it on purpose, else the last."""
        store, names = self._store, {"accounts": self._store.named(ACCOUNTS)}
        repeated = store.run(_REPEATED, **names)
        if not repeated:
            return
        keep = self._accounts.keep
        if self._accounts.distinct or (keep is not None and keep.first):
            store.run(_DROP_LATER, **names)
            self._of_fields.only(store.column(ACCOUNTS, "#row"))
        elif keep is not None:
            store.run(_DROP_EARLIER if keep.by is None else _DROP_LESSER, **names)
        else:
            found = [(row, at, cell) for row, at, cell in repeated]
            self._problems.again(found, str(self._accounts.id), COMES_AGAIN)
            store.run(_DROP_EARLIER, **names)

    def _typed(self, reads: BlockReads) -> Table:
        key = reads[self._key]
        cell = Reader(pa.string(), lambda raw: (shown(raw), "")).read(reads.block.columns[self._key.place])
        typed = reads.typed((it.reading for it in self._bound), with_keys=self._has_keys)
        own = {"#row": reads.block.numbers, "#key": key.values, "#cell": cell.values}
        ranks = {} if self._by is None else {"#rank": reads[self._by].values}
        return pa.table({**own, **ranks, **typed})

    def _empty(self) -> Block:
        return Block(pa.array([], pa.int64()), [[] for _ in self._readings.layout.columns])


# The earlier row, the one that shows that it comes again, and the cell there.
_REPEATED = """
    select before, "#row", "#cell" from (
        select "#row", "#cell", lag("#row") over (partition by "#key" order by "#row") as before from accounts
    ) as rows where before is not null order by 2
"""
_DROP_LATER = """
    delete from accounts where "#row" not in (select min("#row") from accounts group by "#key")
"""
_DROP_LESSER = """
    delete from accounts where "#row" not in (
        select first_value("#row") over (partition by "#key" order by "#rank" desc nulls last, "#row" desc) from accounts
    )
"""
_DROP_EARLIER = """
    delete from accounts where "#row" not in (select max("#row") from accounts group by "#key")
"""
