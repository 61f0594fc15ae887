"""Sources that the database reads by itself, with types of their own: what their columns are called and hold."""

from collections.abc import Mapping
from pathlib import Path

import attrs

from mqldsl.data.batch.late import exp
from mqldsl.data.batch.store import Expression, Store, column
from mqldsl.data.origins import Source
from mqldsl.data.sources import columns_of
from mqldsl.data.text_file import File, suffix_of

# A column that the database puts beside those of the file: the row, from 0.
_ROW = "file_row_number"


@attrs.frozen(eq=False)
class Scan:
    """A source: a table to select from, the number of a row from 1, and the types of its columns."""

    file: File
    source: Expression
    row: Expression
    types: Mapping[str, str]


def scan_of(file: Source, store: Store) -> Scan | None:
    """Return how the database reads a file, or None where it cannot, or might take a column for another."""
    if not isinstance(file, File) or suffix_of(file.path) != ".parquet":
        return None
    read = exp.func("read_parquet", exp.Literal.string(_as_a_name(file.path)))
    source = exp.Table(this=read)
    described = store.run("describe select * from scanned", scanned=source)
    types = {name: kind for name, kind, *_ in described}
    # The database does not tell `Id` from `id`, and puts a column of its own beside those of the file.
    there = columns_of(file)
    if tuple(types) != there or len({name.lower() for name in (*there, _ROW)}) != len(there) + 1:
        return None
    return Scan(file, source, exp.Add(this=column(_ROW), expression=exp.Literal.number(1)), types)


def _as_a_name(path: Path) -> str:
    """Return a path so that nothing in it is taken for a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
