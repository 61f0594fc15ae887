"""Tables of Arrow as files: every cell as rows of Python are written."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mqldsl.data.result import TABLE_FORMATS, TableFormat, write_rows
from mqldsl.data.tables_out import write_tables

AT = datetime(2026, 3, 10, 9, 30, 0, 5, tzinfo=UTC)
TABLE = pa.table({
    "id": ["L1", 'say "é", %s', "L\n3", ""],
    "100 % of it": [30.0, 2.5, None, 1e300],
    "sure": [True, None, False, True],
    "fired": [["a", "b"], [], None, ["c, d"]],
    "odd": [["a\x1fb"], ["a", "b"], [""], []],
    "due_at": pa.array([AT, None, AT, AT.replace(microsecond=0)], pa.timestamp("us", "UTC")),
    "day": pa.array([date(2026, 3, 1), None, None, date(1, 1, 1)]),
    "high": [float("inf"), 0.1, -0.0, -7.0],
})  # fmt: skip


def of_tables(form: TableFormat, *tables: pa.Table) -> bytes:
    stream = io.BytesIO()
    write_tables(TABLE.schema, tables, stream, form)
    return stream.getvalue()


def of_rows(form: Any) -> bytes:
    stream = io.BytesIO()
    rows = zip(*(column.to_pylist() for column in TABLE.columns))
    write_rows(TABLE.column_names, rows, stream, form)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_texts_are_those_of_rows(form: Any) -> None:
    assert of_tables(form, TABLE) == of_rows(form)
    assert of_tables(form, TABLE.slice(0, 3), TABLE.slice(0, 0), TABLE.slice(3)) == of_rows(form)


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_nothing_to_write(form: TableFormat) -> None:
    found = of_tables(form)
    wanted = {"csv": (",".join(TABLE.column_names) + "\n").encode(), "json": b"[]\n", "jsonl": b""}
    assert found == wanted.get(form, found)
    if form == "json":
        assert json.loads(found) == []


def test_tables_stay_tables() -> None:
    halves = TABLE.slice(0, 2), TABLE.slice(2)
    assert pq.read_table(io.BytesIO(of_tables("parquet", *halves))).equals(TABLE)
    assert pa.ipc.open_file(of_tables("arrow", *halves)).read_all().equals(TABLE)
