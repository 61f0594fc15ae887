"""Events that stand as times on the rows of the leads: only rows that count tell them, in both engines."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.decided.run import Asked, Engine, decided
from mqldsl.data.faults import Faults
from mqldsl.pipeline import check_text

MODEL = check_text("event visit\nvalue n: visits ever\n").model
AS_OF = "2026-03-10"
ROWS = [
    ("1", "2026-03-01T10:00", "open", "2026-03-05"),
    ("1", "2026-03-02T10:00", "open", "2026-03-04"),
    ("1", "2026-03-02T10:00", "won", "2026-03-06"),
    ("2", "", "open", "2026-03-06"),
    ("2", "2026-03-03T00:00", "won", "2026-03-07"),
    ("3", "2026-02-03T00:00", "open", "2026-03-02"),
]


def table() -> pa.Table:
    def at(text: str) -> datetime | None:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None

    ids, visits, stages, days = zip(*ROWS, strict=True)
    instants = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "id": ids,
            "last_visit_at": pa.array(map(at, visits), instants),
            "stage": stages,
            "seen": pa.array(map(at, days), instants),
        }
    )


@pytest.mark.parametrize("engine", ["duckdb", "python"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("leads", "due"),
    [
        ("", [("1", 1), ("2", 1), ("3", 1)]),
        ('keep = "first"', [("1", 1), ("2", 0), ("3", 1)]),
        ('keep = "latest by seen"', [("1", 1), ("2", 1), ("3", 1)]),
        ('where = { stage = "open" }', [("1", 1), ("2", 0), ("3", 1)]),
        ('as_of = "seen"', [("1", 2), ("1", 2), ("1", 2), ("2", 1), ("2", 1), ("3", 1)]),
    ],
)
def test_only_rows_that_count_tell_events(
    leads: str, due: list[tuple[str, int]], suffix: str, engine: Engine, tmp_path: Path
) -> None:
    assert MODEL is not None
    path = tmp_path / f"leads.{suffix}"
    if suffix == "csv":
        pyarrow.csv.write_csv(table(), path)
    else:
        pq.write_table(table(), path)
    (tmp_path / "data.toml").write_text(
        f'[leads]\npath = "{path.name}"\nid = "id"\n{leads}\n'
        f'[events.visit]\npath = "{path.name}"\nlead = "id"\nat = "last_visit_at"\n',
        encoding="utf-8",
    )
    faults = Faults()
    as_of = None if "as_of" in leads else AS_OF
    asked = Asked(MODEL, read_binding(tmp_path / "data.toml"), as_of, engine=engine)
    rows = pa.concat_tables(decided(asked, faults)).to_pylist()
    assert [(row["id"], row["n"]) for row in rows] == due
    assert not faults.notes
