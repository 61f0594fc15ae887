"""Tables of pyarrow as CSV, JSON, JSON Lines, Parquet or Arrow; their cells look as those of `result` do.

Texts are made column by column, of each different value once: a million rows take seconds.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa, pq
from mqldsl.data.result import TableFormat, as_text, json_value


def write_tables(schema: Any, tables: Iterable[Table], target: BinaryIO, form: TableFormat) -> None:  # noqa: ANN401 - a schema of pyarrow, which ships no types
    """Write tables of one schema to a stream, as they come."""
    match form:
        case "csv":
            _write_csv(schema.names, tables, target)
        case "json" | "jsonl":
            _write_json(schema.names, tables, target, is_array=form == "json")
        case "parquet":
            with pq.ParquetWriter(target, schema) as writer:
                for table in tables:
                    writer.write_table(table)
        case "arrow":
            with pa.ipc.new_file(target, schema) as writer:
                for table in tables:
                    writer.write_table(table)


def _write_csv(names: Sequence[str], tables: Iterable[Table], stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, "utf-8", newline="")
    try:
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(names)
        for table in tables:
            rows.writerows(zip(*(_texts(column, as_text) for column in table.columns)))
    finally:
        text.detach()  # flushes, and leaves the stream open


def _write_json(names: Sequence[str], tables: Iterable[Table], stream: BinaryIO, *, is_array: bool) -> None:
    # As `json.dumps` writes an object, with a place for each value.
    pattern = "{" + ", ".join(_dumped(name).replace("%", "%%") + ": %s" for name in names) + "}"
    between, last = ("[\n", "\n]\n") if is_array else ("", "\n")
    some = False
    for table in tables:
        if not table.num_rows:
            continue
        columns = [_texts(column, _as_json) for column in table.columns]
        lines = (pattern % row for row in zip(*columns))
        stream.write((between + (",\n" if is_array else "\n").join(lines)).encode())
        between, some = (",\n" if is_array else "\n"), True
    if some:
        stream.write(last.encode())
    elif is_array:
        stream.write(b"[]\n")


def _as_json(value: object) -> str:
    return _dumped(json_value(value))


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _texts(column: Array, said: Callable[[object], str]) -> Sequence[str]:
    """Return what is said of each value of a column."""
    if pa.types.is_list(column.type):
        known: dict[tuple[str, ...] | None, str] = {}
        return [_of_list(value, known, said) for value in _lists(column)]
    coded = column.combine_chunks().dictionary_encode()
    texts = [said(value) for value in coded.dictionary.to_pylist()]
    blank = said(None)
    return [blank if place is None else texts[place] for place in coded.indices.to_pylist()]


def _of_list(
    value: tuple[str, ...] | None, known: dict[tuple[str, ...] | None, str], said: Callable[[object], str]
) -> str:
    found = known.get(value)
    if found is None:
        found = known[value] = said(value)
    return found


def _lists(column: Array) -> Iterator[tuple[str, ...] | None]:
    for value in column.to_pylist():
        yield None if value is None else tuple(value)
