"""Sources that the database reads by itself, with types of their own: what their columns are called and hold."""

from collections.abc import Mapping
from pathlib import Path

import attrs

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.late import exp, pa, pq
from mqldsl.data.batch.store import Expression, Store, column
from mqldsl.data.origins import Held, Source
from mqldsl.data.parquet import table_of
from mqldsl.data.sources import columns_of
from mqldsl.data.text_file import File, suffix_of

# A column that the database puts beside those of the file: the row, from 0.
_ROW = "file_row_number"
# The same beside a table in memory, from 1.
_NUMBER = "#number"


@attrs.frozen(eq=False)
class Scan:
    """A source: a table to select from, the number of a row from 1, and the types of its columns."""

    file: Source
    source: Expression
    row: Expression
    types: Mapping[str, str]


def scan_of(file: Source, store: Store) -> Scan | None:
    """Return how the database reads a source, or None where it cannot, or might take a column for another."""
    if isinstance(file, Held):
        table, otherwise = _taken(table_of(file), store)
        rows = pa.array(range(1, table.num_rows + 1), pa.int64())
        source, row = store.held(table.append_column(_NUMBER, rows)), column(_NUMBER)
        own = _NUMBER
    elif isinstance(file, File) and suffix_of(file.path) == ".parquet":
        read = exp.func("read_parquet", exp.Literal.string(_as_a_name(file.path)))
        source, row = exp.Table(this=read), exp.Add(this=column(_ROW), expression=exp.Literal.number(1))
        own, otherwise = _ROW, _told_otherwise(file)
    else:
        return None
    described = store.run("describe select * from scanned", scanned=source)
    found = {name: kind for name, kind, *_ in described if name != _NUMBER}
    # The database does not tell `Id` from `id`, and puts a column of its own beside those of the file.
    there = columns_of(file)
    types = {name: otherwise.get(name, found.get(name, "")) for name in there}
    if (
        any(name not in types for name in found)
        or len({name.lower() for name in (*there, own)}) != len(there) + 1
    ):
        return None
    return Scan(file, source, row, types)


def _taken(table: Table, store: Store) -> tuple[Table, dict[str, str]]:
    """Return a table with the columns that the database takes, and the types of the others."""
    if store.takes(table):
        return table, {}
    alone = [store.takes(table.select([place])) for place in range(table.num_columns)]
    others = {each.name: str(each.type) for each, is_taken in zip(table.schema, alone) if not is_taken}
    return table.select([place for place, is_taken in enumerate(alone) if is_taken]), others


def _told_otherwise(file: File) -> dict[str, str]:
    """Return the columns of a Parquet file that the database takes for others: it sees a duration as a number."""
    found = {}
    for each in pq.read_schema(file.path):
        kind = each.type
        is_own = isinstance(kind, pa.BaseExtensionType) and kind.extension_name != "arrow.uuid"
        if is_own or pa.types.is_duration(kind) or pa.types.is_decimal256(kind):
            found[each.name] = str(kind)
    return found


def _as_a_name(path: Path) -> str:
    """Return a path so that nothing in it is taken for a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
