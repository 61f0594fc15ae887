"""Bindings to what Spark has: tables of its catalogue, queries, files and folders of Parquet."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.engines.spark import in_spark
from mqldsl.data.in_database.refusing import EngineError
from mqldsl.model import ir
from mqldsl.pipeline import check_text

# A session takes a while to start, and each query, too.
pytestmark = pytest.mark.slow

TEXT = """
lead:
  size: number
event visit: page text
event webinar
clause big: size >= 50
clause keen: visits >= 2 within 7d
clause seen: webinars >= 1 within 30d
decide handling:
  sales when big and keen
  nurture when seen
  otherwise remove
"""
LEADS = pa.table({"lead_id": ["1", "2", "3"], "size": [80.0, 10.0, 70.0]})
AT = pa.array([1782900000000000, 1782901000000000, 1782902000000000], pa.timestamp("us", "UTC"))
VISITS = pa.table({"who": ["1", "1", "3"], "at": AT, "page": ["/", "/p", "/"]})
WEBINARS = pa.table({"who": ["2", "9", "2"], "at": AT, "day": ["a", "b", "a"]})


@pytest.fixture
def tables(spark: Any, tmp_path: Path) -> Any:
    """Put the leads into a database of the catalogue, visits into a folder, and webinars into one with parts."""
    spark.sql("drop database if exists sales cascade")
    spark.sql(f"create database sales location '{(tmp_path / 'sales').as_uri()}'")
    spark.createDataFrame(LEADS).write.saveAsTable("sales.leads")
    (tmp_path / "visits").mkdir()
    for number in range(2):
        pq.write_table(VISITS.slice(2 * number, 2), tmp_path / "visits" / f"part-{number}.parquet")
    spark.createDataFrame(WEBINARS).write.partitionBy("day").parquet(str(tmp_path / "webinars"))
    yield spark
    spark.sql("drop database sales cascade")


def model() -> ir.Model:
    found = check_text(TEXT).model
    assert found is not None
    return found


def decided(session: Any, folder: Path, leads: str, visits: str, webinars: str) -> dict[str, str]:
    text = f'[leads]\n{leads}\nid = "lead_id"\n'
    for kind, origin in (("visit", visits), ("webinar", webinars)):
        text += f'[events.{kind}]\n{origin}\nlead = "who"\nat = "at"\n'
    (folder / "data.toml").write_text(text, encoding="utf-8")
    found = in_spark(model(), read_binding(folder / "data.toml"), "2026-07-02", session=session)
    return dict(zip(found["id"].to_pylist(), found["handling"].to_pylist()))


def test_tables_folders_and_queries(tables: Any, tmp_path: Path) -> None:
    due = {"1": "sales", "2": "nurture", "3": "remove"}
    table, folder, parts = 'table = "sales.leads"', 'path = "visits"', 'path = "webinars"'
    assert decided(tables, tmp_path, table, folder, parts) == due
    query = f"query = \"select * from parquet.`{(tmp_path / 'webinars').as_uri()}` where day = 'a'\""
    both = 'paths = ["visits/part-0.parquet", "visits/part-1.parquet"]'
    assert decided(tables, tmp_path, table, both, query) == due
    with pytest.raises(EngineError, match=r"Spark: .*sales.*none"):
        decided(tables, tmp_path, 'table = "sales.none"', folder, parts)
