"""Fixed definitions decided inside PostgreSQL, beside the reference; what it cannot say is refused by name."""

from typing import Any

import pyarrow as pa
import pytest

from mqldsl.evaluate.sql.lowering import Refused, written
from mqldsl.evaluate.sql.query import Written
from tests.engines.definitions import DEFINITIONS, model_of, situations_of
from tests.properties.by_sql import Way, compared
from tests.properties.in_tables import Tables

REFUSED = {
    "letters beyond ASCII in patterns": "the pattern `é`",
    "business time": "business",
}
_KINDS = {
    "string": 'text collate "C"',
    "double": "double precision",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
    "int64": "bigint",
}


class Inside:
    """Runs queries in PostgreSQL, over tables that are gone with the transaction."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __call__(self, query: Written, tables: Tables) -> list[tuple[Any, ...]]:
        sql = written(query.query, "postgres")
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("set local statement_timeout = '10s'")
            for name, table in tables.tables.items():
                self._load(name, table)
            rows: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
            return rows

    def _load(self, name: str, table: pa.Table) -> None:
        kinds = [_KINDS.get(str(field.type), 'text[] collate "C"') for field in table.schema]
        columns = ", ".join(f'"{field.name}" {kind}' for field, kind in zip(table.schema, kinds))
        with self.connection.cursor() as cursor:
            cursor.execute(f'create temp table "{name}" ({columns})')
            with cursor.copy(f'copy "{name}" from stdin') as copy:
                for row in table.to_pylist():
                    copy.write_row(list(row.values()))


@pytest.mark.parametrize("one_instant", [True, False], ids=["one instant", "an instant each"])
@pytest.mark.parametrize("name", DEFINITIONS)
def test_definition(name: str, one_instant: bool, postgres: Any) -> None:
    model = model_of(name)
    way = Way(one_instant=one_instant, everywhere=len(name) % 2 == 0)
    if name in REFUSED:
        with pytest.raises(Refused, match=REFUSED[name]):
            compared(model, situations_of(name, model), way, Inside(postgres))
    else:
        found = compared(model, situations_of(name, model), way, Inside(postgres))
        assert not [lines for lines in found if lines]
