"""A table of a SQLite file: lists and times are text there, yes is 1 and no is 0."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.batch.late import pa
from mqldsl.data.database_out.said import MADE_BY, columns_said, failed, rows_of
from mqldsl.data.origins import Stored
from mqldsl.data.result import as_text, json_value
from mqldsl.data.stored import quoted_table


@contextmanager
def sqlite_opened(target: Stored) -> Iterator["_SQLite"]:
    """Open the file in a transaction."""
    assert isinstance(target.database, Path)
    try:
        address = f"{target.database.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            # At once, and not with the first row: who waits for others had better hear of it now.
            connection.execute("begin immediate")
            yield _SQLite(connection, target.table or "")
    except sqlite3.Error as error:
        raise failed(target, error) from None


class _SQLite:
    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection, self._table = connection, table

    def maker(self) -> Literal["nobody", "mql", "somebody"]:
        made = self._made()
        if made is None:
            return "nobody"
        return "mql" if f"/* {MADE_BY} */" in made else "somebody"

    def write(self, schema: Any, tables: Iterable[Table]) -> None:  # noqa: ANN401 - a schema of pyarrow
        run, name = self._connection.execute, quoted_table(self._table)
        make = f"CREATE TABLE {name} /* {MADE_BY} */ ({columns_said(schema, _type)})"
        made = self._made()
        if made is not None and _last(made) == _last(make):
            run(f"delete from {name}")  # noqa: S608 # so that its indexes stay
        else:
            run(f"drop table if exists {name}")
            run(make)
        values = [_value(field.type) for field in schema]
        rows = ([None if it is None else say(it) for say, it in zip(values, row)] for row in rows_of(tables))
        places = ", ".join("?" for _ in values)
        self._connection.executemany(f"insert into {name} values ({places})", rows)  # noqa: S608 # as above

    def commit(self) -> None:
        self._connection.execute("commit")

    def _made(self) -> str | None:
        """Return the statement that made the table, or whatever has its name."""
        schema, _, name = self._table.rpartition(".")
        master = quoted_table(f"{schema or 'main'}.sqlite_master")
        text = f"select sql from {master} where lower(name) = lower(?) and type in ('table', 'view')"  # noqa: S608 # as above
        found = self._connection.execute(text, [name]).fetchone()
        return None if found is None else str(found[0])


def _last(statement: str) -> str:
    """Return what stands behind the name, which SQLite writes in its own way."""
    return statement.partition(f"/* {MADE_BY} */")[2]


def _type(kind: ArrowType) -> str:
    if pa.types.is_boolean(kind):
        return "integer"
    return "real" if pa.types.is_floating(kind) else "text"


def _value(kind: ArrowType) -> Callable[[Any], object]:
    """Return how a value of a column is kept."""
    if pa.types.is_list(kind):
        return lambda value: json.dumps(json_value(value), ensure_ascii=False)
    if pa.types.is_boolean(kind):
        return int
    return float if pa.types.is_floating(kind) else as_text
