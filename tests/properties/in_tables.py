"""Situations put into typed tables, one row a lead, as a supply for the SQL evaluator."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
import pyarrow as pa
from sqlglot import exp

from mqldsl.evaluate.situation import Company, Event, Facts, Lead, Situation
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.relations import Table
from mqldsl.evaluate.sql.supply import Accounts, Feed, Given, Leads, Supply
from mqldsl.model import ir
from mqldsl.model.types import BLANK, Date, Labels, Number, SetOf, Text, Time, Type, YesNo

Columns = dict[str, tuple[pa.DataType, list[Any]]]


def type_of(kind: Type) -> pa.DataType:
    """Return how a column of a type is stored."""
    match kind:
        case Text() | Labels():
            return pa.string()
        case Number():
            return pa.float64()
        case Date():
            return pa.date32()
        case Time():
            return pa.timestamp("us")
        case YesNo():
            return pa.bool_()
        case SetOf():
            return pa.list_(pa.string())


@attrs.frozen
class Tables:
    """The tables of some situations, by their names, and what they supply."""

    tables: Mapping[str, pa.Table]
    supply: Supply
    # The id of the lead of each situation.
    ids: tuple[str, ...]


def in_tables(
    model: ir.Model, situations: Sequence[Situation], *, one_instant: bool, tells_ends: bool = False
) -> Tables:
    """Return tables that hold situations with the same feeds; with `one_instant` they share their as-of.

    With `tells_ends`, the supply tells between which numbers those of a column lie.
    """
    leads: list[tuple[str, Lead, datetime, str | None]] = []
    companies: list[tuple[str, Company]] = []
    ids = []
    for number, situation in enumerate(situations):
        lead, company = situation.lead, situation.company
        key = None if company is None else f"c{number}"
        ids.append(lead.id)
        leads.append((lead.id, lead, situation.as_of, key))
        if company is not None and key is not None:
            companies.append((key, company))
            for place, person in enumerate(company.people or ()):
                leads.append((f"{lead.id}/{place}", person, situation.as_of, key))
    tables = {"leads": _leads(model, leads)}
    has_companies = bool(companies)
    if has_companies:
        tables["accounts"] = _accounts(model, companies)
    feeds = situations[0].feeds
    for name, kind in model.kinds.items():
        if name in feeds:
            rows = (
                [(key, event) for key, company in companies for event in company.events]
                if kind.of_account
                else [(id_, event) for id_, lead, _, _ in leads for event in lead.events]
            )
            tables[name] = _events(kind, [(key, event) for key, event in rows if event.kind == name])
    given = _with_ends if tells_ends else _given
    return Tables(tables, _supply(model, tables, situations[0], given, one_instant=one_instant), tuple(ids))


def _supply(
    model: ir.Model,
    tables: Mapping[str, pa.Table],
    first: Situation,
    given: Callable[[pa.Table, str], Given],
    *,
    one_instant: bool,
) -> Supply:
    fields = {name: given(tables["leads"], name) for name in model.fields if _is_told(tables["leads"], name)}
    leads = Leads(
        _table("leads"),
        t.column("id"),
        "text",
        first.as_of if one_instant else t.column("as_of"),
        fields,
        t.column("account") if "accounts" in tables else None,
        fields["account"].supplied if "account" in fields else t.NO,
    )
    accounts = None
    if "accounts" in tables:
        accounts = Accounts(
            _table("accounts"),
            t.column("key"),
            {
                name: given(tables["accounts"], name)
                for name in model.account_fields
                if _is_told(tables["accounts"], name)
            },
        )
    feeds = {
        name: Feed(
            _table(name),
            t.YES,
            t.column("owner"),
            t.column("at") if kind.timed else None,
            {each: given(tables[name], each) for each in kind.properties if _is_told(tables[name], each)},
            t.column("id"),
            t.column("number"),
        )
        for name, kind in model.kinds.items()
        if name in tables
    }
    if all(_is_all(tables[each], "s") for each in tables):
        return attrs.evolve(
            Supply(leads, feeds, accounts),
            leads=_all_supplied(leads),
            feeds={name: _all_supplied(feed, "properties") for name, feed in feeds.items()},
            accounts=None if accounts is None else _all_supplied(accounts),
        )
    return Supply(leads, feeds, accounts)


def _is_told(table: pa.Table, name: str) -> bool:
    """Say whether any row was supplied with a field or property; a table without rows has every column."""
    supplied = table.column(f"s{name}").to_pylist()
    return not supplied or any(supplied)


def _is_all(table: pa.Table, prefix: str) -> bool:
    return all(
        all(table.column(name).to_pylist())
        for name in table.column_names
        if name.startswith(prefix) and table.schema.field(name).type == pa.bool_()
    )


def _all_supplied(of: Any, name: str = "fields") -> Any:
    every = {each: attrs.evolve(given, supplied=t.YES) for each, given in getattr(of, name).items()}
    return attrs.evolve(of, **{name: every})


def _table(name: str) -> Table:
    return Table(exp.to_table(name, quoted=True))


def _given(_: pa.Table, name: str) -> Given:
    return Given(t.column(f"f{name}"), t.column(f"s{name}"))


def _with_ends(table: pa.Table, name: str) -> Given:
    given = _given(table, name)
    values = [value for value in table.column(f"f{name}").to_pylist() if isinstance(value, float)]
    return attrs.evolve(given, low=min(values), high=max(values)) if values else given


def _facts(of: Mapping[str, Type], rows: Sequence[Facts]) -> Iterator[tuple[str, pa.Array]]:
    for name, kind in of.items():
        values = [_stored(facts.get(name)) for facts in rows]
        yield f"f{name}", pa.array(values, type_of(kind))
        yield f"s{name}", pa.array([name in facts for facts in rows], pa.bool_())


def _stored(value: object) -> object:
    if value is None or value is BLANK:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return list(value) if isinstance(value, tuple) else value


def _leads(model: ir.Model, rows: Sequence[tuple[str, Lead, datetime, str | None]]) -> pa.Table:
    columns = {
        "id": pa.array([id_ for id_, _, _, _ in rows], pa.string()),
        "as_of": pa.array([_stored(as_of) for _, _, as_of, _ in rows], pa.timestamp("us")),
        "account": pa.array([key for _, _, _, key in rows], pa.string()),
    }
    types = {name: field.type for name, field in model.fields.items()}
    return pa.table({**columns, **dict(_facts(types, [lead.fields for _, lead, _, _ in rows]))})


def _accounts(model: ir.Model, rows: Sequence[tuple[str, Company]]) -> pa.Table:
    types = {name: field.type for name, field in model.account_fields.items()}
    keys = pa.array([key for key, _ in rows], pa.string())
    return pa.table({"key": keys, **dict(_facts(types, [company.fields for _, company in rows]))})


def _events(kind: ir.Kind, rows: Sequence[tuple[str, Event]]) -> pa.Table:
    columns = {
        "owner": pa.array([key for key, _ in rows], pa.string()),
        "at": pa.array([_stored(event.at) for _, event in rows], pa.timestamp("us")),
        "id": pa.array([event.id for _, event in rows], pa.string()),
        "number": pa.array(range(len(rows)), pa.int64()),
    }
    return pa.table({**columns, **dict(_facts(kind.properties, [event.properties for _, event in rows]))})
