"""The table of the leads: which questions its rows ask, and what each says."""

from collections.abc import Iterator
from datetime import datetime

from mqldsl.data.binding import LeadRows
from mqldsl.data.companies import COMES_AGAIN, company_key
from mqldsl.data.events import EventsByOwner
from mqldsl.data.keys import owner_id, what_is_no_id
from mqldsl.data.layout import FactReader, Layout, Run, Where
from mqldsl.data.moments import HAS_NO_TIME, moment_reader, what_is_no_time
from mqldsl.data.names import ACCOUNT, account_key
from mqldsl.data.people import Asked
from mqldsl.data.rows import Cells
from mqldsl.data.sources import columns_of, has_keys, rows_of
from mqldsl.evaluate.situation import Lead
from mqldsl.model import ir
from mqldsl.model.calendar import MIN
from mqldsl.model.types import BLANK, Text


class LeadTable:
    """The rows of the leads: looked through once for their ids, then read."""

    def __init__(self, run: Run, leads: LeadRows, as_of: datetime | None) -> None:
        self._run, self._leads, self._as_of = run, leads, as_of
        self._ids: set[str] = set()
        # The last row of each question: of an id and, where rows tell one, an instant.
        self._last: dict[object, int] = {}
        # How late that row is, where the latest is kept.
        self._rank: dict[object, datetime] = {}
        self._is_looked_through = False

    def ids(self) -> set[str]:
        """Return the ids of all leads."""
        if not self._is_looked_through:
            self._look_through()
            self._is_looked_through = True
        return self._ids

    def counting_rows(self) -> set[int]:
        """Return the numbers of the rows that are questions."""
        self.ids()
        return set(self._last.values())

    def rows(self, events: EventsByOwner) -> Iterator[Asked]:
        """Yield each question once, where its last row stands, with the events of its lead."""
        run, leads, file = self._run, self._leads, self._leads.rows.file
        if leads.id is not None and not leads.distinct:
            self.ids()
        layout = Layout()
        keys = _Keys(run, leads, layout, self._as_of)
        fields = dict(run.model.fields)
        if account_key(fields, leads.rows) is not None:
            fields.setdefault(ACCOUNT, ir.Field(ACCOUNT, Text()))
        columns = None if has_keys(file) else columns_of(file)
        reader = FactReader(run, leads.rows, fields.values(), layout, columns)
        met: set[str] = set()
        for number, cells in rows_of(file, layout.columns, run.faults, run.tally):
            if not keys.where.holds(cells):
                continue
            lead = keys.id_of(number, cells)
            if lead in met:
                continue
            if leads.distinct and lead:
                met.add(lead)
            as_of = keys.as_of(cells) if lead else None
            if as_of is None:
                keys.report(number, cells, lead)
            elif self._last.get(self._question(lead, as_of), number) != number:
                keys.rank(cells, number)
                if leads.keep is None:
                    run.fault(file, number, leads.id or "", lead, COMES_AGAIN)
            else:
                keys.rank(cells, number)
                facts = reader.facts(number, cells)
                told = facts.get(ACCOUNT, BLANK)
                if ACCOUNT not in run.model.fields:
                    facts.pop(ACCOUNT, None)  # read for the company only
                company = "" if told is BLANK else company_key(told)
                yield Asked(Lead(lead, facts, events.get(lead, ())), as_of, company)

    def _look_through(self) -> None:
        leads, layout = self._leads, Layout()
        keys = _Keys(self._run, leads, layout, self._as_of)
        has_repeats = leads.id is not None and not leads.distinct
        for number, cells in rows_of(leads.rows.file, layout.columns, None, self._run.tally):
            if keys.where.holds(cells) and (lead := keys.id_of(number, cells)):
                self._ids.add(lead)
                if has_repeats and (as_of := keys.as_of(cells)) is not None:
                    self._note(self._question(lead, as_of), number, keys.rank(cells))

    def _note(self, question: object, number: int, rank: datetime) -> None:
        """Remember a row if it is the one that counts so far."""
        keep = self._leads.keep
        if keep is not None and keep.first:
            self._last.setdefault(question, number)
        elif keep is None or keep.by is None:
            self._last[question] = number
        elif question not in self._rank or rank >= self._rank[question]:
            self._last[question], self._rank[question] = number, rank

    def _question(self, lead: str, as_of: datetime) -> object:
        return lead if self._leads.as_of is None else (lead, as_of)


class _Keys:
    """What makes a row a question: that it counts, an id, and an instant."""

    def __init__(self, run: Run, leads: LeadRows, layout: Layout, as_of: datetime | None) -> None:
        self.where = Where(leads.rows, layout)
        self._run, self._leads, self._given = run, leads, as_of
        self._id = None if leads.id is None else layout.place(leads.id)
        self._at = None if leads.as_of is None else layout.place(leads.as_of.column)
        by = None if leads.keep is None else leads.keep.by
        self._by = None if by is None else layout.place(by.column)
        self._ranked = None if by is None else moment_reader(by, run.context.zone)
        self._instant = None if leads.as_of is None else moment_reader(leads.as_of, run.context.zone)

    def id_of(self, number: int, cells: Cells) -> str:
        """Return the lead's id, empty where the row has none; without a column of ids it is the row's number."""
        return str(number) if self._id is None else owner_id(cells[self._id])

    def as_of(self, cells: Cells) -> datetime | None:
        """Return the instant at which the lead is judged, or None where the row should tell it and does not."""
        if self._at is None or self._instant is None:
            return self._given
        return self._instant(cells[self._at])

    def rank(self, cells: Cells, number: int | None = None) -> datetime:
        """Return how late a row is, where the latest is kept; with a number, what is wrong with that is reported."""
        if self._by is None or self._ranked is None:
            return MIN
        found = self._ranked(cells[self._by])
        if found is None and number is not None and self._leads.keep is not None and self._leads.keep.by:
            problem = what_is_no_time(cells[self._by], "the row", self._run.context)
            if not problem.endswith(HAS_NO_TIME):
                column = self._leads.keep.by.column
                self._run.fault(self._leads.rows.file, number, column, cells[self._by], problem)
        return found or MIN

    def report(self, number: int, cells: Cells, lead: str) -> None:
        """Report a row without an id, or without an instant."""
        file, moment = self._leads.rows.file, self._leads.as_of
        if not lead and self._id is not None:
            raw = cells[self._id]
            problem = what_is_no_id(raw, "the lead has no id")
            self._run.fault(file, number, self._leads.id or "", raw, problem)
        elif moment is not None and self._at is not None:
            raw = cells[self._at]
            problem = what_is_no_time(raw, "the lead", self._run.context)
            self._run.fault(file, number, moment.column, raw, problem)
