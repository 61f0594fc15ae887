"""What a program hands in as a table, made one of pyarrow: as it is, or column by column where that does not go."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa
from mqldsl.model.folding import whole_characters
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import Text

# To read text, neither a zone nor a currency is needed.
_AS_TEXT = Reading(ZoneInfo("UTC"))


class NoTableError(ValueError):
    """What was handed in is no table; the message is a sentence about it, without its name."""


def arrow_table(given: Any) -> Table:  # noqa: ANN401 - a table of any library
    """Return a table of pyarrow with the same columns.

    Raises:
        NoTableError: It is a single column, or its library cannot hand it over.
    """
    if isinstance(given, pa.Table):
        return given
    try:
        # A stream may be read once, and the sources are looked at several times.
        return pa.table(given) if hasattr(given, "__arrow_c_stream__") else pa.table(pa.record_batch(given))
    except Exception as error:  # noqa: BLE001 - each library raises its own
        columns = list(_columns_of(given))
        if columns:
            names, values = zip(*columns)
            return pa.table([_array(each) for each in values], names=names)
        kind = type(given).__name__
        if _is_column(given):
            raise NoTableError(
                f"a single column (`{kind}`): a table is due, whose columns have names"
            ) from None
        why = str(error).strip().splitlines() or ["no reason is told"]
        raise NoTableError(f"a `{kind}` that cannot be had as a table of Arrow: {why[0]}") from None


def _columns_of(given: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - as above
    """Yield the columns of a table of pandas or Polars with their names; of anything else none."""
    if hasattr(given, "iloc") and hasattr(given, "columns"):
        yield from ((str(name), given.iloc[:, place]) for place, name in enumerate(given.columns))
        levels = ((name, place) for place, name in enumerate(given.index.names) if name is not None)
        yield from ((str(name), given.index.get_level_values(place)) for name, place in levels)
    elif hasattr(given, "get_columns"):
        yield from ((each.name, each) for each in given.get_columns())


def _is_column(given: Any) -> bool:  # noqa: ANN401 - as above
    try:
        pa.chunked_array(given) if hasattr(given, "__arrow_c_stream__") else pa.array(given)
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _array(column: Any) -> Array:  # noqa: ANN401 - a column of pandas or Polars
    """Return a column as an array: of its own type, or of what its values have in common, or of texts."""
    with suppress(Exception):  # each library raises its own
        return column.to_arrow() if hasattr(column, "to_arrow") else pa.array(column, from_pandas=True)
    values = [_plain(value) for value in column.to_list()]
    with suppress(Exception):
        return pa.array(values, from_pandas=True)
    return _texts(values)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def _texts(values: Sequence[object]) -> Array:
    """Return values of several kinds as texts; where there are lists among them, as lists of texts."""
    if any(isinstance(value, list) for value in values):
        return pa.array([_members(value) for value in values], pa.list_(pa.string()))
    return pa.array([_text(value) for value in values], pa.string())


def _members(value: object) -> list[str | None] | None:
    if isinstance(value, list):
        return [_text(each) for each in value]
    text = _text(value)
    return None if text is None else [text]


def _text(value: object) -> str | None:
    told = read(value, Text(), _AS_TEXT)
    if isinstance(told, Unreadable):
        return whole_characters(str(value))
    return told if isinstance(told, str) else None
