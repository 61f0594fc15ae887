"""All leads decided by Spark, beside the decisions in Python."""

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.engines.spark import in_spark
from mqldsl.data.in_database.refusing import EngineError
from mqldsl.pipeline import check_text
from tests.engines.sample import AS_OF, differences, sample

# A session takes a while to start, and each query, too.
pytestmark = pytest.mark.slow

TEXT = """
lead:
  size: number
  hot: one of (yes_please, elephant)
event visit: page text
clause big: size >= 50
clause keen: visits(page starts with "/p") >= 2 within 7d
clause here: hot = "elephant"
decide handling:
  sales when big and keen, due within 1d
  otherwise nurture
"""


def binding(folder: Path, tables: dict[str, pa.Table]) -> Path:
    """Write tables as Parquet, and a binding to them."""
    lines = []
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
        if name in ("leads", "accounts"):
            lines += [f"[{name}]", f'path = "{name}.parquet"', 'id = "id"']
        else:
            lines += [f"[events.{name}]", f'path = "{name}.parquet"', 'lead = "lead"', 'at = "at"']
            lines += ['id = "id"'] if "id" in table.column_names else []
    (folder / "data.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "data.toml"


@pytest.fixture(scope="module")
def two_cores(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A session of its own, on two cores."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed: pip install 'mqldsl[spark]'")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.sql.shuffle.partitions", "2")
        # As a cluster may have it: neither is to matter.
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_a_small_definition(two_cores: Any, tmp_path: Path) -> None:
    model = check_text(TEXT).model
    assert model is not None
    at = pa.array([1782900000000000, 1782901000000000, 1782902000000000], pa.timestamp("us", "UTC"))
    tables = {
        "leads": pa.table(
            {"id": [1, 2, 10], "size": [49.9, 50.0, None], "hot": ["ELÉPHANT", " elePHant", ""]}
        ),
        "visit": pa.table({"lead": ["2", " 2 ", "10"], "at": at, "page": ["/pricing", "/P ", None]}),
    }
    path = binding(tmp_path, tables)
    found = in_spark(model, read_binding(path), "2026-07-02", session=two_cores)
    told = {name: found[name].to_pylist() for name in ("id", "big", "keen", "here", "handling")}
    assert told == {
        "id": ["1", "10", "2"],
        "big": [False, None, True],
        "keen": [False, False, True],
        "here": [None, None, True],
        "handling": ["nurture", "nurture", "sales"],
    }
    for name, table in tables.items():
        two_cores.createDataFrame(table).write.saveAsTable(name)
    assert in_spark(model, None, "2026-07-02", session=two_cores).equals(found)
    with pytest.raises(EngineError, match="nothing says as of when"):
        in_spark(model, read_binding(path), None, session=two_cores)
    tables["leads"] = pa.concat_tables([tables["leads"], tables["leads"]])
    with pytest.raises(EngineError, match="stands more than once among the leads"):
        in_spark(model, read_binding(binding(tmp_path, tables)), "2026-07-02", session=two_cores)
    (tmp_path / "leads.csv").write_text("id,size\n1,5\n", encoding="utf-8")
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.csv"\nid = "id"\n', encoding="utf-8")
    with pytest.raises(BindingError, match=r"leads\.csv"):
        in_spark(model, read_binding(tmp_path / "data.toml"), "2026-07-02", session=two_cores)


def test_the_quick_start_is_decided_the_same(two_cores: Any, tmp_path: Path) -> None:
    model, tables, due = sample()
    found = in_spark(model, read_binding(binding(tmp_path, tables)), AS_OF, session=two_cores)
    assert not differences(found, due)
