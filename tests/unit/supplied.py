"""What `relations.supplied` and `leads.situations` say, brought into one form, to be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import duckdb

from mqldsl.data.binding import Binding, read_binding
from mqldsl.data.companies import company_key
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.data.relations import supplied
from mqldsl.evaluate.situation import Event, Facts, Situation
from mqldsl.evaluate.sql.relations import Table
from mqldsl.evaluate.sql.supply import Feed, Given, Supply
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import ir
from mqldsl.model.calendar import at_local
from mqldsl.model.folding import fold
from mqldsl.model.types import BLANK, SetOf

# Id, as-of, facts, the company's facts or None, own events, the company's events.
Lead: TypeAlias = tuple[str, datetime, object, object, object, object]
Said: TypeAlias = tuple[list[Lead], Faults]

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - without a zone, as columns are


def both(model: ir.Model, binding: Path | Binding, as_of: Any) -> tuple[Said, Said]:
    """Return what either says: each lead, and the faults."""
    bound = binding if isinstance(binding, Binding) else read_binding(binding)
    one, other = Faults(), Faults()
    singly = [_told(it, model) for it in situations(model, bound, as_of, faults=one)]
    with duckdb.connect() as connection:
        supply = supplied(model, bound, as_of, connection, faults=other)
        together = list(_leads(supply, model, connection))
    return (singly, one), (together, other)


def agree(model: ir.Model, binding: Path | Binding, as_of: Any) -> Said:
    """Hold the two against each other; return what both say."""
    (leads, faults), (ours, our_faults) = both(model, binding, as_of)
    assert sorted(map(repr, ours)) == sorted(map(repr, leads))
    assert our_faults.kept == faults.kept
    assert our_faults.counts == faults.counts
    assert sorted(our_faults.notes) == sorted(faults.notes)
    return leads, faults


# ---------------------------------------------------------------- situations


def _told(situation: Situation, model: ir.Model) -> Lead:
    lead, company = situation.lead, situation.company
    return (
        lead.id,
        situation.as_of,
        _facts(lead.fields),
        None if company is None else _facts(company.fields),
        _happened(lead.events, situation.feeds, model, of_account=False),
        None if company is None else _happened(company.events, situation.feeds, model, of_account=True),
    )


def _facts(facts: Facts) -> list[tuple[str, object]]:
    return sorted(facts.items())


def _happened(
    events: Iterable[Event], feeds: Iterable[str], model: ir.Model, *, of_account: bool
) -> list[tuple[str, object]]:
    found: dict[str, list[Event]] = {kind: [] for kind in feeds if model.kinds[kind].of_account is of_account}
    for event in events:
        found[event.kind].append(event)
    return sorted((kind, _in_order(them)) for kind, them in found.items())


def _in_order(events: Iterable[Event]) -> list[object]:
    """Return events in the order received where ids make it count, and else in any that is always the same."""
    told = [(event.at, event.id, _facts(event.properties)) for event in events]
    return list(told) if any(event[1] for event in told) else sorted(told, key=repr)


# ---------------------------------------------------------------- relations


def _leads(supply: Supply, model: ir.Model, connection: Any) -> Iterable[Lead]:
    zone_types = {name: field.type for name, field in model.fields.items()}
    account_types = {name: field.type for name, field in model.account_fields.items()}
    companies: dict[str, object] = {}
    blank: object = []
    if supply.accounts is not None:
        accounts = supply.accounts
        blank = [(name, BLANK) for name in sorted(accounts.fields)]
        for row in rows(accounts.relation, connection):
            key = value_of(accounts.key, row)
            assert key not in companies
            companies[key] = _given(accounts.fields, row, account_types)
    own = {kind: feed for kind, feed in supply.feeds.items() if not model.kinds[kind].of_account}
    companys = {kind: feed for kind, feed in supply.feeds.items() if model.kinds[kind].of_account}
    events, company_events = _events(own, model, connection), _events(companys, model, connection)
    for row in rows(supply.leads.relation, connection):
        leads = supply.leads
        as_of = leads.as_of if isinstance(leads.as_of, datetime) else aware(value_of(leads.as_of, row))
        lead = value_of(leads.id, row)
        assert isinstance(lead, int if leads.id_type == "whole" else str)
        key = None if leads.account is None else value_of(leads.account, row)
        assert key is None or key == company_key(key)
        yield (
            str(lead),
            as_of,
            _given(leads.fields, row, zone_types),
            None if key is None else companies.get(key, blank),
            sorted((kind, found[lead]) for kind, found in events.items()),
            None if key is None else sorted((kind, found[key]) for kind, found in company_events.items()),
        )


def _events(
    feeds: Mapping[str, Feed], model: ir.Model, connection: Any
) -> dict[str, defaultdict[Any, list[Any]]]:
    found: dict[str, defaultdict[Any, list[Any]]] = {}
    for kind, feed in feeds.items():
        of_owner: defaultdict[Any, list[Any]] = defaultdict(list)
        told = []
        for row in rows(feed.relation, connection):
            owner = value_of(feed.owner, row) if value_of(feed.where, row) is True else None
            at = None if feed.at is None else value_of(feed.at, row)
            if owner is None or (feed.at is not None and at is None):
                continue
            identity = None if feed.id is None else value_of(feed.id, row)
            received = 0 if feed.received is None else value_of(feed.received, row)
            given = _given(feed.properties, row, model.kinds[kind].properties)
            identity = None if identity is None else str(identity)
            told.append((received, owner, (None if at is None else aware(at), identity, given)))
            if feed.scanned is not None and at is not None:
                scanned = value_of(feed.scanned, row)
                if not isinstance(scanned, datetime):
                    scanned = datetime.combine(scanned, time.min)
                assert abs(aware(scanned) - aware(at)) <= timedelta(days=1)
        for _, owner, event in sorted(told, key=lambda it: it[0]):
            of_owner[owner].append(event)
        for owner, events in of_owner.items():
            of_owner[owner] = events if any(event[1] for event in events) else sorted(events, key=repr)
        found[kind] = of_owner
    return found


def _given(fields: Mapping[str, Given], row: Mapping[str, Any], types: Mapping[str, Any]) -> list[Any]:
    found = []
    for name, given in sorted(fields.items()):
        if value_of(given.supplied, row) is not True:
            continue
        value = value_of(given.value, row)
        if isinstance(value, datetime):
            value = aware(value)
        if isinstance(types[name], SetOf) and value is not None:
            value = tuple({fold(member): member for member in reversed(value)}.values())[::-1]
        found.append((name, BLANK if value is None else value))
    return found


def rows(relation: Table, connection: Any) -> list[dict[str, Any]]:
    """Return the rows of a relation by the names of its columns."""
    text = f"select * from {relation.sql.sql('duckdb')}"  # type: ignore[attr-defined] # sqlglot's
    found: list[dict[str, Any]] = connection.sql(text).to_arrow_table().to_pylist()
    return found


def aware(instant: datetime) -> datetime:
    """Return an instant with its zone."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def value_of(term: Term, row: Mapping[str, Any]) -> Any:
    """Return the value of a term in a row; only what supplies are made of."""
    if term.op == "column":
        return row[str(term.args[1])]
    if term.op == "constant":
        return term.args[1]
    if term.op == "case":
        *arms, otherwise = term.parts
        for condition, value in zip(arms[::2], arms[1::2]):
            if value_of(condition, row) is True:
                return value_of(value, row)
        return value_of(otherwise, row)
    values = [value_of(arg, row) if isinstance(arg, Term) else arg for arg in term.args]
    if term.op == "is null":
        return values[0] is None
    if term.op in ("and", "or"):
        decisive = term.op == "or"
        return decisive if decisive in values else None if None in values else not decisive
    if None in values:
        return None
    return _OPERATIONS[term.op](*values)


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


_OPERATIONS: Mapping[str, Any] = {
    "not": lambda value: not value,
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "in": lambda value, *options: value in options,
    "finite": lambda value: value if abs(value) < float("inf") else None,
    "fold": fold,
    "negative": lambda value: -value,
    "plus": lambda instant, micros: instant + timedelta(microseconds=micros),
    "day": lambda instant: instant.date(),
    "at": lambda day, micros: datetime.combine(day, time.min) + timedelta(microseconds=micros),
    "offset at local": lambda zone, naive: _micros(
        naive - at_local(naive, ZoneInfo(zone)).replace(tzinfo=None)
    ),
    "offset at instant": lambda zone, instant: _micros(aware(instant).astimezone(ZoneInfo(zone)).utcoffset()),  # type: ignore[arg-type] # it has one
}
