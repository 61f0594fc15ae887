"""Which table of a database is to be written, as the command line names it."""

from collections.abc import Collection
from pathlib import Path

from mqldsl.data.binding import Binding, sources_of
from mqldsl.data.origins import Stored
from mqldsl.data.stored import is_database, is_server, shown_server

_BEFORE_TABLE = "#"
_ENDINGS = frozenset({".duckdb", ".ddb", ".db", ".db3", ".sqlite", ".sqlite3"})


class TargetError(Exception):
    """A table cannot be written; the message is for the user."""


def target_of(told: str) -> Path | Stored:
    """Return the file that is named, or the table: behind a `#`, in a database or on a server.

    >>> target_of("decided.csv").name, target_of("postgres://me:secret@crm.example/sales#mql.decided").shown
    ('decided.csv', 'postgres://crm.example/sales: mql.decided')

    Raises:
        TargetError: It is a database, but no table of it.
    """
    database, sign, table = told.rpartition(_BEFORE_TABLE)
    if not sign:
        database, table = told, ""
    if not (is_server(database) or _is_file_of_tables(Path(database))):
        return Path(told)
    name = shown_server(database) if is_server(database) else database
    if not all(table.split(".")):
        raise TargetError(f"`{name}` is a database: name the table behind a `#`, as in `{name}#decisions`")
    return Stored(database if is_server(database) else Path(database), f"{name}: {table}", table)


def _is_file_of_tables(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS or is_database(path)


def is_source(target: Stored, binding: Binding | Collection[str]) -> bool:
    """Say whether a binding reads from a table, or it is called like one of those that are read."""
    if not isinstance(binding, Binding):
        return target.table is not None and target.table.rpartition(".")[2] in binding
    return any(_may_be(target, it) for it in sources_of(binding) if isinstance(it, Stored))


def _may_be(target: Stored, source: Stored) -> bool:
    """Say whether two names may be of one table: a schema may be left out, and so may the engine's own database."""
    if target.table is None or source.table is None or _place(source) not in (None, _place(target)):
        return False
    parts = (it.lower().split(".")[::-1] for it in (target.table, source.table))
    return all(one == other for one, other in zip(*parts))


def _place(source: Stored) -> object:
    """Return where a database is, without the name and password at its server."""
    database = source.database
    return shown_server(database) if isinstance(database, str) else database and database.resolve()
