"""Ids of types of their own: UUIDs are their texts, and what can be no id is not called missing."""

from datetime import UTC, date, datetime
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


def test_what_can_be_no_id_is_not_called_missing(tmp_path: Path, model: ir.Model) -> None:
    days = pa.array([date(2026, 3, 1), None])
    pq.write_table(pa.table({"id": days}), tmp_path / "leads.parquet")
    pq.write_table(pa.table({"lead": days, "at": [NOON] * 2}), tmp_path / "visits.parquet")
    pq.write_table(pa.table({"key": [b"ab", None]}), tmp_path / "accounts.parquet")
    (tmp_path / "data.toml").write_text("""
[leads]
path = "leads.parquet"
id = "id"
columns = { account = "id" }
[events.visits]
path = "visits.parquet"
lead = "lead"
at = "at"
[accounts]
path = "accounts.parquet"
id = "key"
""")
    _, faults = agree(model, tmp_path / "data.toml", NOON)
    assert [(fault.value, fault.problem) for fault in faults.kept] == [
        ("2026-03-01", "is no id: a text or a whole number is needed"),
        ("", "the visit names no lead"),
        ("b'ab'", "is no id: a text or a whole number is needed"),
        ("", "the company has no key"),
        ("2026-03-01", "is no id: a text or a whole number is needed"),
        ("", "the lead has no id"),
    ]
