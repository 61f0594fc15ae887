"""Keys of several columns where the data is: in PostgreSQL and in Spark the same as in files."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.decided.run import Asked, decided
from mqldsl.data.engines.postgres import in_postgres
from mqldsl.data.engines.spark import in_spark
from mqldsl.data.faults import Faults
from tests.engines.test_postgres_engine import load
from tests.unit.test_data_keys import AS_OF, BINDING, clean, handlings, model


def test_in_postgres(postgres: Any, tmp_path: Path) -> None:
    path, tables = clean(tmp_path)
    due = pa.concat_tables(decided(Asked(model(), read_binding(path), AS_OF), Faults()))
    address = load(postgres, "parts", {name: _texts_for_numbers(table) for name, table in tables.items()})
    for column in ("leads.number", "visits.nr", "visits.line"):
        table, _, name = column.partition(".")
        postgres.execute(f"alter table parts.{table} alter {name} type bigint using {name}::bigint")
    text = BINDING.replace('path = "', 'table = "').replace('.csv"', '"')
    (tmp_path / "there.toml").write_text(text, encoding="utf-8")
    found = in_postgres(model(), read_binding(tmp_path / "there.toml"), AS_OF, address)
    assert handlings(found) == handlings(due)


def _texts_for_numbers(table: Any) -> Any:
    whole = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    kinds = [(field.name, pa.string() if field.name in whole else field.type) for field in table.schema]
    return table.cast(pa.schema(kinds))


@pytest.mark.slow
def test_in_spark(spark: Any, tmp_path: Path) -> None:
    path, _ = clean(tmp_path)
    due = pa.concat_tables(decided(Asked(model(), read_binding(path), AS_OF), Faults()))
    found = in_spark(model(), read_binding(path), AS_OF, session=spark)
    assert handlings(found) == handlings(due)
