"""What goes out, in every form, whole or not at all; and the table of faults."""

import io
import json
import math
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.result import FORMATS, Format, as_text, write_rows
from mqldsl.data.rows import ABSENT
from mqldsl.data.whole_file import whole_file
from mqldsl.model.types import BLANK

COLUMNS = ("id", "score", "fired", "day", "due", "sure", "high", "odd")
AT = datetime(2026, 3, 10, 10, tzinfo=timezone(timedelta(hours=1)))
ROWS = [
    ("L1", 30.0, ("a", "b"), date(2026, 3, 1), AT, True, math.inf, "x"),
    ("L\n\ud8002", 2.5, (), None, BLANK, False, 1e300, 7.0),
    ("é, é", None, None, None, None, None, 1.0, None),
]


def written(folder: Path, form: Format, rows: object = ROWS) -> bytes:
    path = folder / f"out.{form}"
    write_rows(COLUMNS, rows, path, form)  # type: ignore[arg-type]
    return path.read_bytes()


def test_csv(tmp_path: Path) -> None:
    assert written(tmp_path, "csv").decode() == (
        "id,score,fired,day,due,sure,high,odd\n"
        'L1,30,"a, b",2026-03-01,2026-03-10T09:00:00Z,yes,inf,x\n'
        '"L\n\ufffd2",2.5,,,,no,1e+300,7\n'
        '"é, é",,,,,,1,\n'
    )


def test_json_is_one_array_and_jsonl_its_objects(tmp_path: Path) -> None:
    text = written(tmp_path, "json").decode()
    rows = json.loads(text)
    assert len(text.splitlines()) == 5
    assert rows[0] == {
        "id": "L1",
        "score": 30,
        "fired": ["a", "b"],
        "day": "2026-03-01",
        "due": "2026-03-10T09:00:00Z",
        "sure": True,
        "high": None,
        "odd": "x",
    }
    assert [json.loads(line) for line in written(tmp_path, "jsonl").decode().splitlines()] == rows


def test_parquet_has_a_type_for_each_column(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    written(tmp_path, "parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert [str(kind) for kind in table.schema.types] == [
        *(
            "string",
            "double",
            "list<element: string>",
            "date32[day]",
            "timestamp[us, tz=UTC]",
            "bool",
            "double",
        ),
        "string",
    ]
    first, second, third = table.to_pylist()
    assert first["due"] == AT
    assert (second["fired"], second["sure"], second["odd"]) == ([], False, "7")
    assert set(third.values()) == {"é, é", None, 1.0}


@pytest.mark.parametrize("form", FORMATS)
def test_no_rows(tmp_path: Path, form: Format) -> None:
    found = written(tmp_path, form, [])
    if form == "parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        assert pq.read_table(tmp_path / "out.parquet").column_names == list(COLUMNS)
    else:
        assert found == {"csv": (",".join(COLUMNS) + "\n").encode(), "json": b"[]\n", "jsonl": b""}[form]


@pytest.mark.parametrize("form", FORMATS)
def test_a_stream_stays_open(form: Format) -> None:
    stream = io.BytesIO()
    write_rows(("a",), [("x",)], stream, form)
    assert not stream.closed
    assert stream.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_whole_or_not_there(tmp_path: Path, form: Format) -> None:
    def failing() -> Iterator[tuple[object, ...]]:
        yield from ROWS
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        written(tmp_path, form, failing())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / f"out.{form}").write_text("old")
    with pytest.raises(RuntimeError, match="stopped"):
        written(tmp_path, form, failing())
    assert (tmp_path / f"out.{form}").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    with whole_file(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with whole_file(tmp_path / "new") as stream:
        stream.write(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_is_no_file_is_written_to_directly() -> None:
    write_rows(("a",), [("x",)], Path(os.devnull), "csv")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e22, "1e+22"),
        (-math.inf, "-inf"),
        (7, "7"),
        (True, "yes"),
        (BLANK, ""),
        (datetime(2026, 3, 1, 0, 0, 0, 5, tzinfo=UTC), "2026-03-01T00:00:00.000005Z"),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    assert as_text(value) == text


def test_faults_are_counted_and_the_first_are_kept(tmp_path: Path) -> None:
    faults = Faults(keep=2)
    for row in (1, 2, 3):
        faults.add(Fault("leads.csv", row, "Budget", "Q3", "is not a number"))
    faults.add(Fault("leads.csv", 3, "", "a,b", "the line has too few cells"))
    assert faults.total == 4
    assert faults.counts == {
        ("leads.csv", "Budget", "is not a number"): 3,
        ("leads.csv", "", "the line has too few cells"): 1,
    }
    faults.write(tmp_path / "faults.csv")
    assert (tmp_path / "faults.csv").read_text() == (
        "file,row,column,value,problem\nleads.csv,1,Budget,Q3,is not a number\nleads.csv,2,Budget,Q3,is not a number\n"
    )


def test_a_fault_shows_what_stood_there() -> None:
    assert [shown(raw) for raw in (None, ABSENT, 7, ["a"], "\ud800")] == ["", "", "7", "['a']", "\ufffd"]
    assert len(shown("x" * 999)) == 200
