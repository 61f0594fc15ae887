"""Tables that a program hands in with columns of any type: each is read, a fault or told, and no library's own error."""

import decimal
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

import mqldsl

TEXT = """
lead:
  title: text
  size: number
  tags: set of text
  day: date
event visit: seconds number
value own_title: title
value own_size: size
value own_day: day
clause tagged: tags has "a"
clause came: visits >= 1 ever
"""
ODD = {
    "halves": pa.array([1.5, None], pa.float16()),
    "lists of halves": pa.array([[1.5], None], pa.list_(pa.float16())),
    "wide decimals": pa.array([decimal.Decimal(5), None], pa.decimal256(50, 2)),
    "hundreds": pa.array([decimal.Decimal(500), None], pa.decimal128(5, -2)),
}


@pytest.fixture(scope="module", name="definition")
def the_definition() -> mqldsl.Definition:
    return mqldsl.loads(TEXT)


def told(definition: mqldsl.Definition, leads: Any, *names: str) -> list[tuple[Any, ...]]:
    found = definition.decide_all(leads, as_of="2026-03-10").to_arrow()
    return [tuple(row[name] for name in names) for row in found.to_pylist()]


@pytest.mark.parametrize("column", ODD.values(), ids=ODD)
def test_types_that_the_database_does_not_know(definition: mqldsl.Definition, column: pa.Array) -> None:
    leads = pa.table({"id": [1, 2], "odd": column})
    visits = pa.table({"lead": [1], "at": [date(2026, 3, 1)], "odd": column[:1]})
    found = definition.decide_all(leads, {"visit": visits}, as_of="2026-03-10")
    assert found.to_arrow().column("came").to_pylist() == [True, False]
    found = definition.decide_all(leads.rename_columns(["id", "size"]), as_of="2026-03-10")
    first = column[0].as_py()
    is_number = not isinstance(first, list)
    assert found.to_arrow().column("own_size").to_pylist() == [float(first) if is_number else None, None]
    assert found.faults.total == (0 if is_number else 1)
    assert len(definition.decide_all(leads.rename_columns(["is", "id"]), as_of="2026-03-10")) == is_number
