"""What goes out: rows as CSV, JSON, JSON Lines or Parquet; a file is written whole or not at all."""

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

from mqldsl.data.whole_file import whole_file
from mqldsl.model.folding import whole_characters
from mqldsl.model.types import BLANK
from mqldsl.source.extras import needed

Format: TypeAlias = Literal["csv", "json", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "json", "jsonl", "parquet")
# What whole tables may be written as.
TableFormat: TypeAlias = Format | Literal["arrow"]
TABLE_FORMATS: tuple[TableFormat, ...] = (*FORMATS, "arrow")

Row: TypeAlias = Sequence[object]

# From here on a double stands for more than one whole number, and its digits would pretend more.
_EXACT = 2.0**53


def write_rows(columns: Sequence[str], rows: Iterable[Row], target: Path | BinaryIO, form: Format) -> None:
    """Write rows to a file or a stream; each row has a value for each column.

    - `csv`: UTF-8 with a line of names; what is missing is empty, lists are joined by `, `, yes and no are words.
    - `json`: one array of objects, one object a line; what is missing, and what is infinite, is null.
    - `jsonl`: the objects alone.
    - `parquet`: a type for each column, from its values; values of different types become text.

    Times are in UTC. Rows are written as they come, but for Parquet, which takes all of them first.
    """
    if isinstance(target, Path):
        with whole_file(target) as stream:
            write_rows(columns, rows, stream, form)
        return
    match form:
        case "csv":
            _write_csv(columns, rows, target)
        case "json" | "jsonl":
            _write_json(columns, rows, target, is_array=form == "json")
        case "parquet":
            _write_parquet(columns, rows, target)


def _write_csv(columns: Sequence[str], rows: Iterable[Row], stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, "utf-8", newline="")
    try:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(columns)
        table.writerows([as_text(value) for value in row] for row in rows)
    finally:
        text.detach()  # flushes, and leaves the stream open


def _write_json(columns: Sequence[str], rows: Iterable[Row], stream: BinaryIO, *, is_array: bool) -> None:
    between, last = (b"[\n", b"\n]\n") if is_array else (b"", b"\n")
    some = False
    for row in rows:
        plain = {name: json_value(value) for name, value in zip(columns, row)}
        stream.write(between + json.dumps(plain, ensure_ascii=False, allow_nan=False).encode())
        between, some = (b",\n" if is_array else b"\n"), True
    if some:
        stream.write(last)
    elif is_array:
        stream.write(b"[]\n")


def _write_parquet(columns: Sequence[str], rows: Iterable[Row], stream: BinaryIO) -> None:
    with needed("data"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    gathered = list(zip(*rows)) or [()] * len(columns)
    arrays = [_array([_plain(value) for value in values]) for values in gathered]
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), stream)


def _array(values: list[object]) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {datetime}:
        return pa.array(values, pa.timestamp("us", "UTC"))
    if kinds == {list}:
        return pa.array(values, pa.list_(pa.string()))
    if len(kinds - {int}) == 1 and float in kinds:
        return pa.array(values, pa.float64())
    if len(kinds) == 1:
        return pa.array(values)
    return pa.array([None if value is None else as_text(value) for value in values], pa.string())


def as_text(value: object) -> str:
    """Return a value as a cell of a table shows it.

    >>> as_text(30.0), as_text(True), as_text(("a", "b")), as_text(None)
    ('30', 'yes', 'a, b', '')
    """
    if value is None or value is BLANK:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if _is_whole(value) else repr(value)
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, tuple | list):
        return ", ".join(as_text(part) for part in value)
    return whole_characters(str(value))


def json_value(value: object) -> object:
    """Return a value as JSON can hold it."""
    value = _plain(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if _is_whole(value) else value
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [json_value(part) for part in value]
    return value


def _plain(value: object) -> object:
    """Return a value that any format knows: nothing of ours, whole characters, lists for tuples."""
    if value is None or value is BLANK:
        return None
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, str):
        return whole_characters(value)
    return value if isinstance(value, bool | int | float | date) else whole_characters(str(value))


def _is_whole(value: float) -> bool:
    return value.is_integer() and abs(value) <= _EXACT


def _iso(instant: datetime) -> str:
    """Return an instant in UTC: 2026-03-10T09:00:00Z."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
