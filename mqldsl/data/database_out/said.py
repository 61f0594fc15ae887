"""What is said alike in all databases: names between quotes, who made a table, and what went wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.batch.late import pa
from mqldsl.data.database_out.target import TargetError
from mqldsl.data.origins import Stored
from mqldsl.data.stored import quoted

MADE_BY: Final = "made by mql decide"
"""Stands beside a table of ours: as its comment, or in the statement that made it."""


def columns_said(schema: Any, type_of: Callable[[ArrowType], str]) -> str:  # noqa: ANN401 - a schema of pyarrow
    """Return the columns of a table as a statement that makes it has them."""
    return ", ".join(f"{quoted(field.name)} {type_of(field.type)}" for field in schema)


def type_said(kind: ArrowType, words: Mapping[str, str]) -> str:
    """Return the type of a column; `words` has the names of `instant`, `number` and `text` in a database."""
    if pa.types.is_list(kind):
        return f"{type_said(kind.value_type, words)}[]"
    if pa.types.is_timestamp(kind):
        return words["instant"]
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_date(kind):
        return "date"
    return words["number"] if pa.types.is_floating(kind) else words["text"]


def rows_of(tables: Iterable[Table]) -> Iterator[Sequence[object]]:
    """Yield all rows, as values of Python."""
    for table in tables:
        yield from zip(*(column.to_pylist() for column in table.columns))


def failed(target: Stored, error: Exception) -> TargetError:
    """Return the error for what a database said."""
    words = str(error).strip().splitlines() or ["no reason is told"]
    return TargetError(f"`{target.shown}` cannot be written: {words[0]}")
