"""Situations decided by SQL on DuckDB, all in one query, and where that differs from the reference."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import attrs
import duckdb

from mqldsl.evaluate.outcome import Absent, Anything, AtLeast, Bounds, Found, Known, bounds_of
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Facts, Lead, Situation
from mqldsl.evaluate.sql.lowering import functions_for, written
from mqldsl.evaluate.sql.query import Column, Written, query_of
from mqldsl.model import ir
from mqldsl.model.types import BLANK, Value, YesNo
from tests.properties.comparison import Answered, Key, Told, differing
from tests.properties.in_tables import Tables, in_tables

# Runs a query over some tables, and returns its rows.
Run = Callable[[Written, Tables], Sequence[tuple[Any, ...]]]


@attrs.frozen
class Way:
    """How situations are supplied to SQL.

    Everywhere: what a row was not supplied with is blank. Swift: the query is for DuckDB alone, as `mql decide` asks it.
    `withheld` fields, properties and fields of the account,
    by their names, are supplied nowhere. `feeds` are the kinds that are supplied, None for all.
    """

    one_instant: bool = True
    everywhere: bool = False
    swift: bool = False
    withheld: frozenset[str] = frozenset()
    feeds: frozenset[str] | None = None


def supplied(model: ir.Model, situations: Sequence[Situation], way: Way) -> list[Situation]:
    """Return situations with what a way supplies: each lead has an id of its own, and a company has its people."""
    feeds = frozenset(model.kinds) if way.feeds is None else way.feeds & frozenset(model.kinds)
    as_of = situations[0].as_of
    return [
        _supplied(
            model, each, number, attrs.evolve(way, feeds=feeds), as_of if way.one_instant else each.as_of
        )
        for number, each in enumerate(situations)
    ]


def _supplied(model: ir.Model, situation: Situation, number: int, way: Way, as_of: datetime) -> Situation:
    feeds = way.feeds or frozenset()

    def facts(of: Facts, names: Mapping[str, object]) -> Facts:
        blank = dict.fromkeys(names, BLANK) if way.everywhere else {}
        return {name: value for name, value in {**blank, **of}.items() if name not in way.withheld}

    def events(of: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            attrs.evolve(each, properties=facts(each.properties, model.kinds[each.kind].properties))
            for each in of
            if each.kind in feeds
        )

    def lead(of: Lead, id_: str) -> Lead:
        return Lead(id_, facts(of.fields, model.fields), events(of.events))

    company = situation.company
    if company is not None:
        people = tuple(lead(each, f"{number}/{place}") for place, each in enumerate(company.people or ()))
        fields = facts(company.fields, model.account_fields)
        company = attrs.evolve(company, fields=fields, events=events(company.events), people=people)
    return Situation(lead(situation.lead, f"{situation.lead.id}#{number}"), as_of, feeds, company)


# ------------------------------------------------------------------ asked


def compared(
    model: ir.Model, situations: Sequence[Situation], way: Way, run: Run | None = None
) -> list[list[str]]:
    """Return for each situation where SQL and the reference differ.

    Raises:
        NotInSqlError: No query says the definition exactly; `Refused`, where this is so for one database.
    """
    asked = supplied(model, situations, way)
    tables = in_tables(model, asked, one_instant=way.one_instant, tells_ends=way.swift)
    query = query_of(model, tables.supply, everything=True, plain_first=way.swift)
    rows = {str(row[0]): row for row in (run or on_duckdb)(query, tables)}
    return [_differing(model, each, told(model, query.columns, rows[each.lead.id])) for each in asked]


def _differing(model: ir.Model, situation: Situation, got: Told) -> list[str]:
    """Return where the two differ, but for what no column tells: what else a day could be, and that anything could."""
    judged = Evaluation(model, situation).judged()
    every: list[tuple[Key, Found]] = [*judged.values.items()]
    every += [((name, each), of) for name, table in judged.tables.items() for each, of in table.items()]
    untold = {key for key, each in every if isinstance(each, Known) and _is_untold(each)}
    tables = {
        name: {column: _as_told(each) for column, each in table.items()}
        for name, table in judged.tables.items()
    }
    values = {name: _as_told(each) for name, each in judged.values.items()}
    found = {
        key: Known(each.value) if key in untold and isinstance(each, Known) else each
        for key, each in got.found.items()
    }
    return differing(
        model, attrs.evolve(judged, values=values, tables=tables), attrs.evolve(got, found=found)
    )


def _is_untold(known: Known) -> bool:
    is_any = isinstance(known.possible, Anything) and not isinstance(known.value, float)
    return is_any or isinstance(known.value, date)


def _as_told(found: Found) -> Found:
    if not isinstance(found, Known):
        return found
    if isinstance(found.value, float) and found.may_lack:
        return attrs.evolve(found, possible=bounds_of(found))
    return Known(found.value) if _is_untold(found) else found


def on_duckdb(query: Written, tables: Tables) -> list[tuple[Any, ...]]:
    """Run a query over tables of Arrow."""
    cursor = _connection().cursor()
    try:
        for name, table in tables.tables.items():
            cursor.register(name, table)
        return cursor.execute(written(query.query, "duckdb")).fetchall()
    finally:
        for name in tables.tables:
            cursor.unregister(name)
        cursor.close()


@lru_cache(maxsize=1)
def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    functions_for(connection)
    return connection


# ------------------------------------------------------------------ told


def told(model: ir.Model, columns: Sequence[Column], row: Sequence[Any]) -> Told:
    """Return what a row tells."""
    parts: dict[Key, dict[str, Any]] = {}
    for column, value in zip(columns, row, strict=True):
        key = (column.part, column.output) if column.output else column.part
        parts.setdefault(key, {})[column.role] = value
    clauses: dict[str, Answered] = {}
    found: dict[Key, Found] = {}
    decided: dict[str, dict[str, object]] = {}
    for name, part in model.named.items():
        match part:
            case ir.Clause():
                clauses[name] = _answered(parts[name])
            case ir.Decide():
                decided[name] = _decided(parts[name])
            case ir.Table():
                found |= {(name, output): _found(parts[name, output], kind) for output, kind in part.outputs}
            case ir.NamedExpression():
                found[name] = _found(parts[name], part.type)
            case _:
                found[name] = _found(parts[name], None)
    return Told(clauses, found, decided)


def _answered(part: Mapping[str, Any]) -> Answered:
    value = part["answer"]
    both = value is None or part["open"]
    return value, [False, True] if both else [value]


def _found(part: Mapping[str, Any], kind: object) -> Found:
    value = _typed(part["value"])
    if value is None:
        return Absent(settled=False)
    if part.get("more"):
        assert isinstance(value, float)
        return AtLeast(value)
    if part.get("low") is not None:
        return Known(value, Bounds(float(part["low"]), float(part["high"])))
    if part.get("could be") is not None:
        others = [each == "yes" for each in part["could be"]] if isinstance(kind, YesNo) else part["could be"]
        return Known(value, frozenset([value, *others]))
    return Known(value)


def _typed(value: Any) -> Value | None:
    match value:
        case bool() | None:
            return value
        case int():
            return float(value)
        case datetime():
            return value.replace(tzinfo=UTC)
        case list():
            return tuple(value)
        case _:
            assert isinstance(value, str | float | date)
            return value


def _decided(part: Mapping[str, Any]) -> dict[str, object]:
    due = part["due at"]
    said = {
        "outcome": part["value"],
        "row": part["row"],
        "could be": sorted(part["could be"]),
        "certain": part["certain"],
        "due": due and due.replace(tzinfo=UTC),
        "team": part["team"],
        "reason": part["because"],
    }
    return said | ({"missing": sorted(part["missing"])} if "missing" in part else {})
