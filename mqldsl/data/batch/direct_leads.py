"""The leads, where their columns fit as they are: a view, each question once."""

from collections.abc import Sequence
from datetime import datetime

from mqldsl.data.batch.direct import DirectColumns, DirectField
from mqldsl.data.batch.fitting import Fitted, IdType
from mqldsl.data.batch.late import exp
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.questions import IDS, READ, Questions
from mqldsl.data.batch.scan import scan_of
from mqldsl.data.batch.store import Expression, Store, column
from mqldsl.data.binding import LeadRows
from mqldsl.data.keys import KeyColumn
from mqldsl.data.layout import Run
from mqldsl.data.names import ACCOUNT, account_key
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import ir
from mqldsl.model.types import Text


class DirectLeads:
    """The rows of the leads, all of whose columns fit."""

    def __init__(  # noqa: PLR0913, PLR0917 # what was found to fit
        self,
        run: Run,
        store: Store,
        leads: LeadRows,
        columns: DirectColumns,
        where: Expression,
        fields: Sequence[DirectField],
    ) -> None:
        self._run, self._store, self._leads = run, store, leads
        self._columns, self._where, self._fields = columns, where, fields
        self._always, self._of_time, self._of_fields = Problems(), Problems(), Problems()
        self.table = READ

    @property
    def has_whole_ids(self) -> bool:
        """Whether the ids are whole numbers."""
        return self._leads.id is None or self._columns.fitting.is_whole(self._leads.id)

    def read(self, id_type: IdType, as_of: datetime | None) -> supply.Leads:
        """Make the view, and settle which rows are the questions."""
        leads, columns = self._leads, self._columns
        own: dict[str, Expression] = {"#id": self._id(id_type).expression}
        if leads.as_of is not None:
            fitted = columns.fitting.moment(leads.as_of)
            assert fitted is not None
            own["#as of"] = fitted.expression
        if leads.keep is not None and leads.keep.by is not None:
            ranked = columns.fitting.moment(leads.keep.by)
            assert ranked is not None
            own["#rank"] = ranked.expression
        raws: set[KeyColumn] = {it.column for it in self._fields}
        raws |= set() if leads.id is None else {leads.id}
        raws |= set() if leads.as_of is None else {leads.as_of.column}
        holds = self._where
        if leads.id is not None:
            holds = exp.and_(holds, exp.not_(columns.fitting.is_nobody(leads.id)))
        self._store.view(READ, own | columns.with_raw(raws), columns.scan.source, holds)
        # Other columns may need a join, which brings rows in any order.
        self._store.view(IDS, {"#id": own["#id"]}, columns.scan.source, holds)
        self._tell_rows()
        self.table = Questions(self._store, leads, self._always, self._of_time, self._of_fields, IDS).settle()
        columns.tell_fields(self._fields, self.table, None, self._of_fields, 3)
        return self._supplied(id_type, as_of)

    def tell(self) -> None:
        """Tell what is wrong with the rows."""
        self._always.join(self._of_time)
        self._always.join(self._of_fields)
        self._always.tell(self._columns.scan.file, self._run.faults)

    def _id(self, id_type: IdType) -> Fitted:
        leads, columns = self._leads, self._columns
        if leads.id is not None:
            found = columns.fitting.owner(leads.id, id_type)
            assert found is not None
            return found
        row = columns.scan.row
        return Fitted(row if id_type == "whole" else exp.cast(row, "varchar"))

    def _tell_rows(self) -> None:
        leads, scan = self._leads, self._columns.scan
        if leads.id is not None:
            is_null = self._columns.fitting.is_nobody(leads.id)
            raw = self._columns.fitting.shown(leads.id)
            names = {"scanned": scan.source, "number": scan.row, "raw": raw}
            template = "select number, raw from scanned where counts and is_null order by 1"
            found = self._store.run(template, counts=self._where, is_null=is_null, **names)
            self._always.of_rows(found, 0, str(leads.id), lambda _: "the lead has no id")
        if leads.as_of is not None:
            timeless = exp.Is(this=column("#as of"), expression=exp.null())
            found = self._columns.rows_of(READ, leads.as_of.column, timeless)
            self._of_time.of_rows(found, 1, leads.as_of.column, lambda _: "the lead has no time")

    def _supplied(self, id_type: IdType, as_of: datetime | None) -> supply.Leads:
        moment = as_of if self._leads.as_of is None else t.column("#as of")
        assert moment is not None
        fields = [it for it in self._fields if it.field.name in self._run.model.fields]
        key = next((it for it in self._fields if it.field.name == ACCOUNT), None)
        has_company = account_key(self._run.model.fields, self._leads.rows) is not None
        company: Term | None = t.text(None) if has_company else None
        if key is not None:
            company = Term("fold", (t.column(key.name),))
        given = self._columns.given(fields)
        relation = self._store.relation(self.table)
        return supply.Leads(
            relation,
            t.column("#id"),
            id_type,
            moment,
            given,
            company,
            t.truth(has_company),
            t.column("#row"),
        )


def direct_leads(run: Run, store: Store, leads: LeadRows) -> DirectLeads | None:
    """Return the leads, or None where a column does not fit."""
    scan = scan_of(leads.rows.file, store)
    if scan is None:
        return None
    columns = DirectColumns(run, store, scan)
    where = columns.fitting.where(leads.rows.where.items())
    if where is None or (leads.id is not None and columns.fitting.owner(leads.id, "text") is None):
        return None
    for at in (leads.as_of, None if leads.keep is None else leads.keep.by):
        moment = None if at is None else columns.fitting.moment(at)
        if at is not None and (moment is None or moment.is_local or moment.is_day):
            return None
    fields = dict(run.model.fields)
    if account_key(fields, leads.rows) is not None:
        fields.setdefault(ACCOUNT, ir.Field(ACCOUNT, Text()))
        if not isinstance(fields[ACCOUNT].type, Text):
            return None
    found = columns.fields(fields.values(), leads.rows)
    return None if found is None else DirectLeads(run, store, leads, columns, where, found)
