"""Rows with types of their own: JSON Lines and Parquet."""

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.faults import Faults
from mqldsl.data.handed_tables import Tables, binding_for
from mqldsl.data.rows import ABSENT
from mqldsl.data.sources import Tally, columns_of, rows_of
from mqldsl.data.text_file import File, SourceError
from mqldsl.pipeline import check_text
from tests.unit.supplied import agree


def source(folder: Path, content: str | bytes, name: str) -> File:
    raw = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return File(path, name)


def rows(file: File, *columns: str, faults: Faults | None = None) -> list[list[object]]:
    found = rows_of(file, columns or columns_of(file), faults, Tally())
    return [list(cells) for _, cells in found]


def broken(file: File) -> tuple[list[list[object]], list[tuple[int, str, str]]]:
    faults = Faults()
    kept = rows(file, faults=faults)
    return kept, [(fault.row, fault.value, fault.problem) for fault in faults.kept]


@pytest.mark.parametrize("name", ["t.jsonl", "t.ndjson", "t.jsonl.gz"])
def test_an_absent_key_is_told_from_null(tmp_path: Path, name: str) -> None:
    objects: list[dict[str, Any]] = [
        {"a": "x", "tags": ["p", None, 3]},
        {"a": None, "b": True},
        {"b": 1.5, "deep": {"a": 1}},
    ]
    file = source(tmp_path, "\ufeff" + "\r\n\n".join(map(json.dumps, objects)), name)
    assert columns_of(file) == ("a", "tags", "b", "deep")
    assert rows(file, "a", "b", "tags") == [
        ["x", ABSENT, ["p", None, 3]],
        [None, True, ABSENT],
        [ABSENT, 1.5, ABSENT],
    ]


def test_bad_json_lines_are_faults(tmp_path: Path) -> None:
    lines = [
        '{"a": 1}',
        "{'a': 2}",
        "[3]",
        '{"a": ' + "[" * 9_999,
        '{"a": NaN}',
        '{"a": ' + "9" * 5_000 + "}",
        "{",
    ]
    kept, faults = broken(source(tmp_path, "\n".join(lines), "t.jsonl"))
    assert [repr(cells) for cells in kept] == ["[1]", "[nan]"]
    not_json, no_object = "the line is not JSON", "the line is JSON, but not an object with keys"
    assert [(row, problem) for row, _, problem in faults] == [
        (2, not_json),
        (3, no_object),
        (4, not_json),
        (6, not_json),
        (7, not_json),
    ]


# ---------------------------------------------------------------- Parquet


def parquet(folder: Path, columns: dict[str, Any]) -> File:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), folder / "t[1].parquet")
    return File(folder / "t[1].parquet", "t[1].parquet")


def test_parquet_has_types_of_its_own(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    file = parquet(
        tmp_path,
        {
            "a.b": [1, None],
            "a": ["x", "y"],
            "instant": pa.array([1_000_000_001, None], pa.timestamp("ns", "Europe/London")),
            "local": pa.array([0, 1], pa.timestamp("ms")),
            "day": [date(2026, 3, 1), None],
            "set": [["p", None], None],
            "money": [Decimal("1.50"), None],
            "kind": pa.array(["k", "k"]).dictionary_encode(),
        },
    )
    first, second = rows(file)
    assert first == [
        *(1, "x", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), datetime(1970, 1, 1), date(2026, 3, 1)),  # noqa: DTZ001
        *(["p", None], Decimal("1.50"), "k"),
    ]
    assert second[:3] == [None, "y", None]
    assert rows(file, "a", "a") == [["x", "x"], ["y", "y"]]
    assert [list(cells) for _, cells in rows_of(file, [], None, Tally())] == [[], []]


def test_a_parquet_value_that_python_cannot_hold_spoils_no_other(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    file = parquet(tmp_path, {"t": pa.array([0, 2**62], pa.timestamp("us"))})
    (first,), (second,) = rows(file)
    assert first == datetime(1970, 1, 1)  # noqa: DTZ001
    assert isinstance(second, str)


def test_views_and_narrow_decimals_are_read_like_others(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    texts = pa.array(["b", "a"], pa.string_view())
    places = pa.array([0, 1, None], pa.int8())
    table = pa.table({
        "id": pa.DictionaryArray.from_arrays(places, texts),
        "title": pa.array(["x", None, "y"], pa.string_view()),
        "name": pa.DictionaryArray.from_arrays(places, pa.array([b"b", b"a"], pa.binary_view())),
        "budget": pa.array([Decimal("1.50"), None, None]).cast(pa.decimal32(5, 2)),
    })  # fmt: skip
    with pa.OSFile(str(tmp_path / "leads.arrow"), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write(table)
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.arrow"\nid = "id"\n')
    checked = check_text("lead:\n  title: text\n  name: text\n  budget: text\n")
    assert checked.model is not None
    for binding in (
        read_binding(tmp_path / "data.toml"),
        binding_for(checked.model, Tables(table), has_as_of=True),
    ):
        leads, faults = agree(checked.model, binding, date(2026, 3, 10))
        assert [lead for lead, *_ in leads] == ["b", "a"]
        assert [fault.column for fault in faults.kept] == ["name", "name", "id"]


def test_what_is_no_parquet_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a whole Parquet file"):
        columns_of(source(tmp_path, "a,b\n1,2\n", "t.parquet"))
    with pytest.raises(SourceError, match="there is no file"):
        columns_of(File(tmp_path / "none.parquet", "none.parquet"))
