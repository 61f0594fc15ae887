"""Where rows come from: one file, several files one after the other, or a database."""

from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from mqldsl.data.text_file import File

# Rows of several files are numbered through: so many for each file, which is more than any has.
ROWS_OF_A_PART: Final = 10**12


@attrs.frozen
class Several:
    """Files whose rows come one after the other, as if they were one."""

    parts: tuple[File, ...]
    shown: str


@attrs.frozen
class Stored:
    """What a database holds: one of its tables, or what a query brings.

    `database` is a file, or the address of a server, which may hold a password; `shown` holds none. Without one it is
    that of the engine that decides.
    """

    database: Path | str | None
    shown: str
    table: str | None = None
    query: str | None = None


@attrs.frozen(eq=False)
class Held:
    """A table that the program holds: of pyarrow, or anything that hands one over by the Arrow interface.

    Two of them are the same source where they are the same object.
    """

    table: Any
    shown: str


Part: TypeAlias = File | Stored | Held
Source: TypeAlias = Part | Several


def parts_of(source: Source) -> tuple[Part, ...]:
    """Return what a source is made of."""
    return source.parts if isinstance(source, Several) else (source,)


def row_at(source: Source, number: int) -> tuple[str, int]:
    """Return where the row with a number stands: the file, as it is shown, and its row there, from 1."""
    if not isinstance(source, Several):
        return source.shown, number
    part, row = divmod(number, ROWS_OF_A_PART)
    return source.parts[part].shown, row


def same_as(source: Source) -> object:
    """Return a key that is equal for equal sources, however their paths are written."""
    if isinstance(source, Held):
        return id(source.table)
    if isinstance(source, Stored):
        database = source.database.resolve() if isinstance(source.database, Path) else source.database
        return attrs.evolve(source, database=database, shown="")
    return tuple(
        attrs.evolve(file, path=file.path.resolve(), shown="")
        for file in parts_of(source)
        if isinstance(file, File)
    )
