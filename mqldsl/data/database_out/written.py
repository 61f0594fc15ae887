"""A table of a database written in one transaction: whole, or as it was before.

What a run has made, the next one may replace; the table of somebody else only where that is asked for.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Literal, Protocol, TypeAlias

from mqldsl.data.batch.arrays import Table
from mqldsl.data.database_out.into_duckdb import duckdb_opened
from mqldsl.data.database_out.into_postgres import postgres_opened
from mqldsl.data.database_out.into_sqlite import sqlite_opened
from mqldsl.data.database_out.target import TargetError
from mqldsl.data.origins import Stored
from mqldsl.data.stored import Kind, kind_of
from mqldsl.data.text_file import SourceError

Schema: TypeAlias = Any
"""A schema of pyarrow, which ships no types."""

Maker: TypeAlias = Literal["nobody", "mql", "somebody"]


class Open(Protocol):
    """A database in a transaction that `commit` ends; without it, all is as before."""

    def maker(self) -> Maker:
        """Say who made the table that has the name."""

    def write(self, schema: Schema, tables: Iterable[Table]) -> None:
        """Make the table, in place of one that is there."""

    def commit(self) -> None:
        """Keep what was written."""


_OPENERS: Final[dict[Kind, Callable[[Stored], AbstractContextManager[Open]]]] = {
    "duckdb": duckdb_opened,
    "sqlite": sqlite_opened,
    "postgres": postgres_opened,
}


def check_target(target: Stored, schema: Schema, *, replace: bool) -> None:
    """Find out, by doing it and undoing it, whether a table can be written.

    Raises:
        TargetError: It cannot.
    """
    with _opened(target, replace=replace) as database:
        database.write(schema, ())


def write_to_database(target: Stored, schema: Schema, tables: Iterable[Table], *, replace: bool) -> None:
    """Write tables of one schema as one table.

    Raises:
        TargetError: as `check_target`; then nothing has changed.
    """
    # Before the database is opened: the decisions may be about leads that are read from it.
    rows = list(tables)
    with _opened(target, replace=replace) as database:
        database.write(schema, rows)
        database.commit()


@contextmanager
def _opened(target: Stored, *, replace: bool) -> Iterator[Open]:
    try:
        kind = kind_of(target)
    except SourceError as error:
        raise TargetError(
            f"{error}; a table goes into a database that is there, and rows also into a file: `--out decided.parquet`"
        ) from None
    with _OPENERS[kind](target) as database:
        if database.maker() == "somebody" and not replace:
            raise TargetError(
                f"`{target.shown}` is there already, and `mql decide` did not make it: "
                "name another table, or say --replace"
            )
        yield database
