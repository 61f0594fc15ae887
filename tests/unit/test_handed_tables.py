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


def test_columns_of_pandas_that_are_no_arrays(definition: mqldsl.Definition) -> None:
    pd = pytest.importorskip("pandas")
    leads = pd.DataFrame({
        "id": ["L1", 2],
        "title": ["CEO", True],
        "size": pd.Series([2**70, "many"], dtype=object),
        "tags": [{"a"}, "b"],
        "day": [date(2026, 3, 1), "2026-03-02"],
        "waves": [1j, 2j],
    })  # fmt: skip
    names = ("id", "own_title", "own_size", "own_day", "tagged")
    assert told(definition, leads, *names) == [
        ("L1", "CEO", float(2**70), date(2026, 3, 1), True),
        ("2", "yes", None, date(2026, 3, 2), False),
    ]
    faults = definition.decide_all(leads, as_of="2026-03-10").faults.kept
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [(2, "size", "many")]
    sparse = pd.DataFrame({"size": pd.arrays.SparseArray([0, 7])}, index=pd.Index(["a", "b"], name="id"))
    assert told(definition, sparse, "id", "own_size") == [("a", 0.0), ("b", 7.0)]


def test_columns_of_pandas_with_the_same_name(definition: mqldsl.Definition) -> None:
    pd = pytest.importorskip("pandas")
    assert told(definition, pd.DataFrame([[1, 2, 3]], columns=["id", "x", "x"]), "id") == [(1,)]
    with pytest.raises(mqldsl.TablesError, match="`leads` has 2 columns called `title`"):
        definition.decide_all(pd.DataFrame([[1, 2, 3]], columns=["id", "title", "title"]))


def test_whole_numbers_of_polars_that_arrow_does_not_know(definition: mqldsl.Definition) -> None:
    pl = pytest.importorskip("polars")
    large = pl.Series([2**80, 7], dtype=pl.Int128)
    leads = pl.DataFrame({"id": pl.Series([1, 2], dtype=pl.Int128), "size": large, "title": ["a", None]})
    wanted = [(1, float(2**80), "a"), (2, 7.0, None)]
    assert told(definition, leads, "id", "own_size", "own_title") == wanted


def test_what_is_no_table_is_told(definition: mqldsl.Definition) -> None:
    with pytest.raises(
        mqldsl.TablesError, match=r"`leads` is a single column .`ChunkedArray`.: a table is due"
    ):
        definition.decide_all(pa.chunked_array([[1, 2]]))
    with pytest.raises(mqldsl.TablesError, match=r"`events.visit` is a single column .`Int64Array`."):
        definition.decide_all(pa.table({"id": [1]}), {"visit": pa.array([1])})

    class Torn:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise RuntimeError("no more paper\nnor ink")

    with pytest.raises(
        mqldsl.TablesError, match=r"`leads` is a `Torn` that .* as a table of Arrow: no more paper$"
    ):
        definition.decide_all(Torn())


def test_broken_texts_are_told(definition: mqldsl.Definition) -> None:
    texts = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())
    with pytest.raises(mqldsl.TablesError, match="`leads`, column `title`: its values are broken"):
        definition.decide_all(pa.table({"id": [1], "title": texts}))
