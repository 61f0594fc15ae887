"""Ids of types of their own: UUIDs are their texts."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.relations import supplied
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from tests.unit.supplied import agree

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
feather = pytest.importorskip("pyarrow.feather")

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
DEFINITION = """
lead:
  name: text
  account: text
account:
  revenue: number
event visit: page text
"""


@pytest.fixture(name="model")
def the_model() -> ir.Model:
    checked = check_text(DEFINITION)
    assert checked.model is not None, checked.findings
    return checked.model


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_uuids_are_read_as_their_texts(tmp_path: Path, model: ir.Model, ending: str) -> None:
    some = [UUID(int=number) for number in (1, 2)]
    uuids = pa.array([*some, None], pa.uuid())
    tables = {
        "leads": pa.table(
            {"id": uuids, "name": uuids, "account": uuids, "live": pa.array(map(str, [*some, None]))}
        ),
        "visits": pa.table(
            {
                "lead": uuids.take(pa.array([0, 0, 2])),
                "at": [NOON] * 3,
                "event": uuids.take(pa.array([1, 1, 2])),
                "page": uuids,
            }
        ),
        "accounts": pa.table({"key": uuids, "revenue": [1, 2, 3]}),
    }
    for name, table in tables.items():
        save = pq.write_table if ending == "parquet" else feather.write_feather
        save(table, tmp_path / f"{name}.{ending}")
    (tmp_path / "data.toml").write_text(f"""
[leads]
path = "leads.{ending}"
id = "id"
where = {{ name = ["{some[0]}", "{some[1]}", ""] }}
[events.visits]
path = "visits.{ending}"
lead = "lead"
at = "at"
id = "event"
[accounts]
path = "accounts.{ending}"
id = "key"
""")
    leads, faults = agree(model, tmp_path / "data.toml", NOON)
    assert [lead for lead, *_ in leads] == list(map(str, some))
    assert [(fault.file.partition(".")[0], fault.row, fault.problem) for fault in faults.kept] == [
        ("visits", 3, "the visit names no lead"),
        ("accounts", 3, "the company has no key"),
        ("leads", 3, "the lead has no id"),
    ]
    path = tmp_path / "data.toml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "where" not in line))
    agree(model, path, NOON)
    if ending == "parquet":
        with duckdb.connect() as connection:
            supplied(model, read_binding(path), NOON, connection)
            found = connection.execute("select view_name from duckdb_views() where not internal").fetchall()
        assert {name.split(" ", 2)[2] for (name,) in found} >= {"leads read", "lead events 1"}
