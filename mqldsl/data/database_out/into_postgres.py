"""A table of a PostgreSQL server. Where its columns stay, so do its indexes, its views and who may read it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.database_out.said import MADE_BY, columns_said, failed, rows_of, type_said
from mqldsl.data.database_out.target import TargetError
from mqldsl.data.origins import Stored
from mqldsl.data.stored import quoted_table
from mqldsl.source.extras import needed

_BYTES_OF_A_NAME = 63


@contextmanager
def postgres_opened(target: Stored) -> Iterator["_Postgres"]:
    """Connect, in a transaction."""
    with needed("postgres"):
        import psycopg
    try:
        connection = psycopg.connect(str(target.database))
        try:
            connection.execute("set local timezone = 'UTC'")
            yield _Postgres(connection, target)
        finally:
            connection.close()  # what is not committed is gone
    except psycopg.Error as error:
        raise failed(target, error) from None


class _Postgres:
    def __init__(self, connection: Any, target: Stored) -> None:  # noqa: ANN401 # of psycopg
        self._connection, self._target = connection, target
        self._name = quoted_table(target.table or "")

    def maker(self) -> Literal["nobody", "mql", "somebody"]:
        ((there, comment),) = self._connection.execute(_COMMENT, [self._name, self._name]).fetchall()
        if there is None:
            return "nobody"
        return "mql" if comment == MADE_BY else "somebody"

    def write(self, schema: Any, tables: Iterable[Table]) -> None:  # noqa: ANN401 - a schema of pyarrow
        for name in schema.names:
            if len(name.encode()) > _BYTES_OF_A_NAME:
                raise TargetError(
                    f"`{self._target.shown}` cannot be written: PostgreSQL keeps {_BYTES_OF_A_NAME} bytes of a name, "
                    f"and `{name}` has more"
                )
        run, name = self._run, self._name
        maker = self.maker()
        if maker == "mql" and self._columns() == [(it.name, _type(it.type)) for it in schema]:
            run(f"delete from {name}")  # noqa: S608 # a name between quotes; others read the old rows meanwhile
        else:
            if maker != "nobody":
                run(f"drop table {name}")
            run(f"create table {name} ({columns_said(schema, _type)})")
            run(f"comment on table {name} is '{MADE_BY}'")
        with self._connection.cursor() as cursor, cursor.copy(f"copy {name} from stdin".encode()) as copy:
            for row in rows_of(tables):
                copy.write_row(row)

    def commit(self) -> None:
        self._connection.commit()

    def _run(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def _columns(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._connection.execute(_COLUMNS, [self._name]).fetchall()
        return found


_COMMENT = "select to_regclass(%s), obj_description(to_regclass(%s), 'pg_class')"
_COLUMNS = """
    select attname, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""

_WORDS = {"instant": "timestamp with time zone", "number": "double precision", "text": "text"}


def _type(kind: ArrowType) -> str:
    return type_said(kind, _WORDS)
