"""The query that is printed for the tables of a database says what the query over the same facts, read before, says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import duckdb
import pyarrow as pa
import pytest

from mqldsl.data.in_database.compiled import compiled
from mqldsl.data.in_database.refusing import NotInDialectError
from mqldsl.data.in_database.tables import by_convention, has_companies
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.situation import Company, Facts, Lead, Situation
from mqldsl.evaluate.sql.lowering import Refused, functions_for, written
from mqldsl.evaluate.sql.lowering.written import printed
from mqldsl.evaluate.sql.query import query_of
from mqldsl.evaluate.sql.terms import YES
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import check_text
from tests.properties.by_sql import Way, supplied
from tests.properties.differential import text_of
from tests.properties.in_tables import in_tables
from tests.properties.sql_differential import SMALL, situations_for

DEFINITIONS, TOGETHER, SITUATIONS = 72, 12, 60

ALIKE = [
    """
event visit: cart text
event order: cart text
clause bought: visit then order in 2d with same cart ever
decide d:
  a when bought
  otherwise n
""",
    """
lead:
  account: text
  x: number
event visit
clause committee: people(x > 5) >= 2
clause busy: account.visits >= 2 ever
value best: highest x of people
decide d:
  a when committee
  otherwise n
""",
    """
event visit
clause busy: account.visits >= 2 ever
""",
    """
lead:
  tags: set of text
  topic: text
clause any_one: tags has any of ("/pricing", "ceo")
clause none: not tags has topic
""",
]


def rows_of(connection: duckdb.DuckDBPyConnection, text: str, tables: Mapping[str, pa.Table]) -> list[Any]:
    for name, table in tables.items():
        connection.register(name, table)
    try:
        return sorted(connection.execute(text).fetchall(), key=lambda row: str(row[0]))
    finally:
        for name in tables:
            connection.unregister(name)


def as_stored(model: ir.Model, situations: Sequence[Situation]) -> list[Situation]:
    """Return situations as tables can hold them: all that is not known is blank, and companies are named by a key."""

    def lead(of: Lead, key: object) -> Lead:
        fields: Facts = {**of.fields, "account": key} if "account" in model.fields else of.fields  # type: ignore[dict-item]
        return Lead(of.id, fields, tuple(attrs.evolve(event, id=None) for event in of.events))

    found = []
    for number, each in enumerate(supplied(model, situations, Way(everywhere=True))):
        company = each.company if has_companies(model) else None
        key = BLANK if company is None else f"c{number}"
        if company is not None:
            people = tuple(lead(person, key) for person in company.people or ())
            events = tuple(attrs.evolve(event, id=None) for event in company.events)
            company = Company(company.fields, events, people)
        found.append(attrs.evolve(each, lead=lead(each.lead, key), company=company))
    return found


def by_names(model: ir.Model, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables with columns that are called as the definition calls things."""
    found = {}
    for name, table in tables.items():
        kind = model.kinds.get(name)
        owner = "account" if kind is not None and kind.of_account else "lead"
        called = {"owner": owner, "key": "id"}
        named = {called.get(each, each): table.column(each) for each in table.column_names if each[0] != "s"}
        plain = {key: array for key, array in named.items() if key[0] != "f"}
        fields = {key[1:]: array for key, array in named.items() if key[0] == "f"}
        found[name] = pa.table({**fields, **plain})
    for name, kind in model.kinds.items():
        assert name in found, kind
    if "accounts" not in found:
        none = {each: pa.array([], pa.string()) for each in ("id", *model.account_fields)}
        found["accounts"] = pa.table(none)
    return found


def differing(connection: duckdb.DuckDBPyConnection, text: str, number: int) -> list[tuple[Any, Any]] | None:
    """Return rows that differ; None where no query says the definition."""
    model = check_text(text).model
    assert model is not None
    raw = situations_for(model, number, 5, Way(), SITUATIONS)
    giver = Giver(model)
    read = [giver.question(**each.as_arguments(), notes=[]) for each in raw]
    situations = as_stored(model, [attrs.evolve(each, as_of=read[0].as_of) for each in read])
    tables = in_tables(model, situations, one_instant=True)
    told = attrs.evolve(tables.supply.leads, account_told=YES)
    try:
        beside = written(query_of(model, attrs.evolve(tables.supply, leads=told)).query, "duckdb")
        asked = compiled(model, by_convention(model), "duckdb", situations[0].as_of)
    except (NotInSqlError, NotInDialectError, Refused):
        return None
    due = rows_of(connection, beside, tables.tables)
    found = rows_of(connection, printed(asked.tree, "duckdb"), by_names(model, tables.tables))
    return [(one, other) for one, other in zip(due, found, strict=True) if one != other]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as made:
        functions_for(made)
        yield made


@pytest.mark.parametrize("first", range(0, DEFINITIONS, TOGETHER))
def test_generated_definitions(first: int, connection: duckdb.DuckDBPyConnection) -> None:
    told = 0
    for number in range(first, first + TOGETHER):
        text = text_of(number, 5, SMALL)
        found = differing(connection, text, number)
        assert not found, f"{text}\n{found[:2]}"
        told += found is not None
    assert told >= TOGETHER // 2


@pytest.mark.parametrize("text", ALIKE)
def test_what_only_one_place_names_is_read(text: str, connection: duckdb.DuckDBPyConnection) -> None:
    assert differing(connection, text, 0) == []
