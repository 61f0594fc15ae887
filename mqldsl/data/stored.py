"""Tables and queries of databases: DuckDB and SQLite files, PostgreSQL. Nothing is ever written there."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from mqldsl.data.origins import Stored
from mqldsl.data.parquet import values_of
from mqldsl.data.rows import Cells
from mqldsl.data.text_file import SourceError
from mqldsl.source.extras import needed

Kind: TypeAlias = Literal["duckdb", "sqlite", "postgres"]

_SERVERS = ("postgres://", "postgresql://")
_SIGNS: tuple[tuple[Kind, int, bytes], ...] = (("sqlite", 0, b"SQLite format 3\0"), ("duckdb", 8, b"DUCK"))
_BATCH = 8_192


def is_server(database: str) -> bool:
    """Say whether this is the address of a server and not a file."""
    return database.lower().startswith(_SERVERS)


def shown_server(address: str) -> str:
    """Return the address of a server without the name and password in it.

    >>> shown_server("postgres://me:secret@db.example/crm?sslmode=require")
    'postgres://db.example/crm'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def columns(source: Stored) -> tuple[str, ...]:
    """Return the names of the columns."""
    with _opened(source) as (names, _):
        return names


def rows(source: Stored, wanted: Sequence[str]) -> Iterator[Cells]:
    """Yield the values of the wanted columns, row by row."""
    with _opened(source) as (names, found):
        places = [names.index(name) for name in wanted]
        for row in found:
            yield [row[place] for place in places]


_Opened: TypeAlias = tuple[tuple[str, ...], Iterator[Sequence[Any]]]


@contextmanager
def _opened(source: Stored) -> Iterator[_Opened]:
    """Open a database for reading; give the names of the columns and the rows."""
    readers = {"duckdb": _duckdb, "sqlite": _sqlite, "postgres": _postgres}
    with readers[kind_of(source)](source) as found:
        yield found


def kind_of(source: Stored) -> Kind:
    """Return what kind of database holds a source, by what is in its file.

    Raises SourceError where there is none.
    """
    if source.database is None:
        raise SourceError(
            f"`{source.shown}` cannot be read: name its `database`, or decide where it is, with --engine"
        )
    if isinstance(source.database, str):
        return "postgres"
    try:
        kind = _sign_of(source.database)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        why = "there is no such file" if missing else (error.strerror or str(error)).lower()
        raise SourceError(f"`{source.shown}` cannot be read: {why}") from None
    if kind is None:
        raise SourceError(f"`{source.shown}` cannot be read: the file is no database of DuckDB or SQLite")
    return kind


def is_database(path: Path) -> bool:
    """Say whether a file is a database that can be read."""
    try:
        return _sign_of(path) is not None
    except OSError:
        return False


def _sign_of(path: Path) -> Kind | None:
    with path.open("rb") as raw:
        start = raw.read(32)
    return next((kind for kind, place, sign in _SIGNS if start[place:].startswith(sign)), None)


def _text_or_bytes(raw: bytes) -> str | bytes:
    """Return what SQLite calls a text; where it is none, the bytes, which no cell may hold."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


@contextmanager
def _sqlite(source: Stored) -> Iterator[_Opened]:
    assert isinstance(source.database, Path)
    try:
        address = f"{source.database.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.text_factory = _text_or_bytes
            found = connection.execute(_statement(source))
            if found.description is None:
                raise SourceError(_brings_nothing(source))
            yield tuple(column[0] for column in found.description), found
    except sqlite3.Error as error:
        raise SourceError(_failed(source, error)) from None


@contextmanager
def _duckdb(source: Stored) -> Iterator[_Opened]:
    with needed("data"):
        import duckdb
    try:
        with duckdb.connect(str(source.database), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            relation = connection.sql(_statement(source))
            if relation is None:
                raise SourceError(_brings_nothing(source))
            reader = relation.to_arrow_reader(_BATCH)
            yield tuple(relation.columns), _values(reader)
    except duckdb.Error as error:
        raise SourceError(_failed(source, error)) from None


@contextmanager
def _postgres(source: Stored) -> Iterator[_Opened]:
    with needed("postgres"):
        import psycopg
    try:
        with psycopg.connect(str(source.database)) as connection:
            connection.read_only = True
            # A cursor of the server's own: the rows come in parts, and not all at once.
            with connection.cursor("mqldsl") as cursor:
                cursor.itersize = _BATCH
                cursor.execute(_statement(source).encode())
                if cursor.description is None:
                    raise SourceError(_brings_nothing(source))
                yield tuple(column.name for column in cursor.description), iter(cursor)
    except psycopg.Error as error:
        raise SourceError(_failed(source, error)) from None


def _statement(source: Stored) -> str:
    """Return the query, which is the user's own text, or one for the whole table."""
    if source.query is not None:
        return source.query.strip().rstrip(";")
    assert source.table is not None
    return f"select * from {quoted_table(source.table)}"  # noqa: S608 # a name between quotes


def quoted_table(name: str) -> str:
    """Return the name of a table between quotes, with a `.` behind its schema.

    >>> quoted_table("crm.new leads")
    '"crm"."new leads"'
    """
    return ".".join(map(quoted, name.split(".")))


def quoted(name: str) -> str:
    """Return a name between quotes, as all databases that are read here have it."""
    return '"' + name.replace('"', '""') + '"'


def _values(batches: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 # pyarrow ships no types
    for batch in batches:
        yield from zip(*(values_of(column) for column in batch.columns))


def _brings_nothing(source: Stored) -> str:
    return f"`{source.shown}` cannot be read: the query brings no rows; it starts with `select`"


def _failed(source: Stored, error: Exception) -> str:
    words = str(error).strip().splitlines() or ["no reason is told"]
    return f"`{source.shown}` cannot be read: {words[0]}"
