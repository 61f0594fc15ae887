"""Tables of pyarrow as CSV, JSON, JSON Lines, Parquet or Arrow; their cells look as those of `result` do.

Texts are made column by column, of each different value once: a million rows take seconds.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa, pc, pq
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
    values, is_list = column.combine_chunks(), pa.types.is_list(column.type)
    if is_list and pc.any(pc.match_substring(values.flatten(), _BETWEEN)).as_py():
        return [said(value) for value in values.to_pylist()]
    coded = (_joined(values) if is_list else values).dictionary_encode()
    told = coded.dictionary.to_pylist()
    texts = [said(_parted(value) if is_list else value) for value in told]
    blank = said(None)
    return [blank if place is None else texts[place] for place in coded.indices.to_pylist()]


# Between the texts of a list, where none of them has it.
_BETWEEN = "\x1f"


def _joined(lists: Array) -> Array:
    """Return each list as one text: how many there are, and each."""
    sizes = pc.cast(pc.list_value_length(lists), pa.string())
    return pc.binary_join_element_wise(sizes, pc.binary_join(lists, _BETWEEN), _BETWEEN)


def _parted(text: str) -> list[str]:
    size, *parts = text.split(_BETWEEN)
    return parts if int(size) else []
