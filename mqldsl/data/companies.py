"""Companies: what their table says, what they did, and who else works there."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from mqldsl.data.binding import AccountRows, Binding
from mqldsl.data.events import Owners, read_events
from mqldsl.data.keys import is_among, owner_id, what_is_no_id
from mqldsl.data.layout import FactReader, Layout, Run, Where
from mqldsl.data.moments import HAS_NO_TIME, moment_reader, what_is_no_time
from mqldsl.data.names import column_of
from mqldsl.data.sources import columns_of, has_keys, rows_of
from mqldsl.evaluate.situation import Company, Facts
from mqldsl.model import ir
from mqldsl.model.calendar import MIN
from mqldsl.model.folding import fold
from mqldsl.model.types import BLANK

COMES_AGAIN = "comes again in a later row, and that one counts"


def company_key(raw: object) -> str:
    """Return a company's key as it is compared, empty where there is none.

    >>> company_key(" ACME  Ltd"), company_key(None)
    ('acme ltd', '')
    """
    return fold(owner_id(raw))


def uses_people(model: ir.Model) -> bool:
    """Say whether a definition looks at the other leads of a company."""
    return any(
        isinstance(node, ir.People) or (isinstance(node, ir.Events) and node.scope == "colleagues")
        for node in _nodes(tuple(model.named.values()))
    )


def _nodes(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
    elif isinstance(value, Mapping):
        yield from _nodes(tuple(value.values()))
    elif isinstance(value, ir.Node):
        yield value
        for field in attrs.fields(type(value)):
            if field.name != "place":
                yield from _nodes(getattr(value, field.name))


class Companies:
    """All companies by their keys, without their people. A company is one object, however many leads it has."""

    def __init__(self, run: Run, binding: Binding) -> None:
        self._facts: dict[str, Facts] = {}
        # Of a company that is not in the table: looked for, and nothing found.
        self._facts_of_strangers: Facts = {}
        self._table = binding.accounts
        if binding.accounts is not None:
            self._read(run, binding.accounts)
        sources = [source for source in binding.events if source.owner == "account"]
        self._events, _ = read_events(run, sources, Owners("company", company_key))
        self._made: dict[str, Company] = {}
        self._leads_of_strangers = 0

    def of(self, key: str) -> Company:
        """Return the company with this key."""
        if self._table is not None and key not in self._facts:
            self._leads_of_strangers += 1
        if key not in self._made:
            facts = self._facts.get(key, self._facts_of_strangers)
            self._made[key] = Company(facts, self._events.get(key, ()))
        return self._made[key]

    def notes(self) -> Iterator[str]:
        """Say what found no partner, once everybody has been asked for."""
        if self._leads_of_strangers and self._table is not None:
            count, file = self._leads_of_strangers, self._table.rows.file.shown
            leads = "lead names" if count == 1 else "leads name"
            yield f"{count:,} {leads} a company that was not read from `{file}`"
        alone: Counter[str] = Counter()
        for key, events in self._events.items():
            if key not in self._made:
                alone.update(event.kind for event in events)
        for kind, count in alone.items():
            yield f"{count:,} of `{kind}` belong to companies that no lead names"

    def _read(self, run: Run, accounts: AccountRows) -> None:
        rows, fields, layout = accounts.rows, run.model.account_fields.values(), Layout()
        where, place = Where(rows, layout), layout.place(accounts.id)
        is_first = accounts.distinct or (accounts.keep is not None and accounts.keep.first)
        columns = columns_of(rows.file)
        reader = FactReader(run, rows, fields, layout, None if has_keys(rows.file) else columns)
        supplied = [it for it in fields if is_among(column_of(it, rows).name, columns)]
        self._facts_of_strangers = {it.name: BLANK for it in supplied}
        keep = accounts.keep
        by = None if keep is None else keep.by
        at = None if by is None else layout.place(by.column)
        instant = None if by is None else moment_reader(by, run.context.zone)
        ranks: dict[str, datetime] = {}
        at_row: dict[str, int] = {}
        for number, cells in rows_of(rows.file, layout.columns, run.faults, run.tally):
            if not where.holds(cells):
                continue
            key = company_key(cells[place])
            if not key:
                problem = what_is_no_id(cells[place], "the company has no key")
                run.fault(rows.file, number, accounts.id, cells[place], problem)
            elif key not in at_row or not is_first:
                if key in at_row and keep is None:
                    run.fault(rows.file, at_row[key], accounts.id, cells[place], COMES_AGAIN)
                at_row[key] = number
                rank = MIN
                if by is not None and at is not None and instant is not None:
                    rank = instant(cells[at]) or MIN
                    problem = what_is_no_time(cells[at], "the row", run.context)
                    if rank is MIN and not problem.endswith(HAS_NO_TIME):
                        run.fault(rows.file, number, by.column, cells[at], problem)
                facts = reader.facts(number, cells)
                if rank >= ranks.get(key, MIN):
                    self._facts[key], ranks[key] = facts, rank
