"""A table of a DuckDB file. Tables there are made and replaced within a transaction, as rows are."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.batch.store import Connection
from mqldsl.data.database_out.said import MADE_BY, columns_said, failed, type_said
from mqldsl.data.origins import Stored
from mqldsl.data.stored import quoted_table
from mqldsl.source.extras import needed

_ROWS = "mql rows"


@contextmanager
def duckdb_opened(target: Stored) -> Iterator["_DuckDB"]:
    """Open the file in a transaction."""
    with needed("data"):
        import duckdb
    try:
        with duckdb.connect(str(target.database)) as connection:
            connection.begin()
            yield _DuckDB(connection, target.table or "")
    except duckdb.Error as error:
        raise failed(target, error) from None
    except RuntimeError as error:
        # What the database makes of an interruption, when it runs in the main thread.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


class _DuckDB:
    def __init__(self, connection: Connection, table: str) -> None:
        self._connection, self._table = connection, table

    def maker(self) -> Literal["nobody", "mql", "somebody"]:
        name, schema, catalog = (*reversed(self._table.split(".")), None, None)[:3]
        found = self._connection.execute(_COMMENTS, [name, schema, catalog]).fetchall()
        if not found:
            return "nobody"
        return "mql" if found == [(MADE_BY,)] else "somebody"

    def write(self, schema: Any, tables: Iterable[Table]) -> None:  # noqa: ANN401 - a schema of pyarrow
        run, name = self._connection.execute, quoted_table(self._table)
        run(f"create or replace table {name} ({columns_said(schema, _type)})")
        run(f"comment on table {name} is '{MADE_BY}'")
        for table in tables:
            self._connection.register(_ROWS, table)
            run(f'insert into {name} select * from "{_ROWS}"')  # noqa: S608 # names between quotes
            self._connection.unregister(_ROWS)

    def commit(self) -> None:
        self._connection.commit()


_COMMENTS = """
    select comment from (
        select table_name, schema_name, database_name, comment from duckdb_tables()
        union all select view_name, schema_name, database_name, comment from duckdb_views()
    ) as there
    where lower(table_name) = lower(?) and lower(schema_name) = lower(coalesce(?, current_schema()))
        and lower(database_name) = lower(coalesce(?, current_database()))
"""

_WORDS = {"instant": "timestamptz", "number": "double", "text": "varchar"}


def _type(kind: ArrowType) -> str:
    return type_said(kind, _WORDS)
