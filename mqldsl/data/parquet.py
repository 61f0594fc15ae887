"""Files whose columns have types of their own, read batch by batch: Parquet, and Arrow's own (Feather)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mqldsl.data.origins import Held
from mqldsl.data.rows import Cells
from mqldsl.data.text_file import File, SourceError, cannot_open, suffix_of
from mqldsl.source.extras import needed

_BATCH = 8_192


def columns(file: File) -> tuple[str, ...]:
    """Return the names of the columns."""
    with _opened(file, (), _BATCH) as (names, _):
        return names


def rows(file: File, wanted: Sequence[str]) -> Iterator[Cells]:
    """Yield the values of the wanted columns, row by row."""
    for size, columns in batches(file, wanted, _BATCH):
        if columns:
            yield from zip(*(values_of(column) for column in columns))
        else:
            yield from ((),) * size


def batches(file: File, wanted: Sequence[str], size: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield how many rows there are in the next part of the file, and the arrays of the wanted columns."""
    with _opened(file, wanted, size) as (_, found):
        for batch in found:
            names = batch.schema.names
            yield batch.num_rows, [usual(batch.column(names.index(name))) for name in wanted]


def held_columns(source: Held) -> tuple[str, ...]:
    """Return the names of the columns of a table in memory."""
    return tuple(table_of(source).schema.names)


def held_rows(source: Held, wanted: Sequence[str]) -> Iterator[Cells]:
    """Yield the values of the wanted columns of a table in memory, row by row."""
    for size, columns in held_batches(source, wanted, _BATCH):
        if columns:
            yield from zip(*(values_of(column) for column in columns))
        else:
            yield from ((),) * size


def held_batches(source: Held, wanted: Sequence[str], size: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield how many rows there are in the next part of a table in memory, and the arrays of the wanted columns."""
    for batch in table_of(source).to_batches(max_chunksize=size):
        names = batch.schema.names
        yield batch.num_rows, [usual(batch.column(names.index(name))) for name in wanted]


def table_of(source: Held) -> Any:  # noqa: ANN401 - pyarrow ships no types
    """Return a table in memory as one of pyarrow, which shares its memory where it can."""
    with needed("data"):
        import pyarrow as pa
    return source.table if isinstance(source.table, pa.Table) else pa.table(source.table)


# pyarrow ships no types.
@contextmanager
def _opened(file: File, wanted: Sequence[str], size: int) -> Iterator[tuple[tuple[str, ...], Iterator[Any]]]:
    """Open a file; give the names of its columns, and its batches with those wanted at least."""
    with needed("data"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    is_parquet = suffix_of(file.path) == ".parquet"
    try:
        if is_parquet:
            with pq.ParquetFile(file.path) as parquet:
                names = tuple(parquet.schema_arrow.names)
                yield names, parquet.iter_batches(batch_size=size, columns=list(dict.fromkeys(wanted)))
        else:
            with pa.memory_map(str(file.path)) as raw:
                yield _arrow(raw, size)
    except OSError as error:
        raise SourceError(cannot_open(file, error)) from None
    except pa.ArrowException as error:
        kind = "Parquet" if is_parquet else "Arrow"
        raise SourceError(f"`{file.shown}` is not a whole {kind} file: {error}") from None


def _arrow(raw: Any, size: int) -> tuple[tuple[str, ...], Iterator[Any]]:  # noqa: ANN401 - as above
    import pyarrow as pa

    # Both ways are called `.arrow`: with an index at the end, and as a stream.
    is_file = raw.read(6) == b"ARROW1"
    raw.seek(0)
    reader = pa.ipc.open_file(raw) if is_file else pa.ipc.open_stream(raw)
    whole = (reader.get_batch(place) for place in range(reader.num_record_batches)) if is_file else reader
    parts = (batch.slice(start, size) for batch in whole for start in range(0, batch.num_rows, size))
    return tuple(reader.schema.names), parts


def usual(array: Any) -> Any:  # noqa: ANN401 - as above
    """Return an array of the same values whose type is one that the steps of pyarrow know: no view, no narrow decimal."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(array.indices, usual(array.dictionary))
    if pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.binary())
    if pa.types.is_decimal(kind) and kind.bit_width < pa.decimal128(1).bit_width:
        return array.cast(pa.decimal128(kind.precision, kind.scale))
    return array


def values_of(array: Any) -> list[object]:  # noqa: ANN401 - pyarrow ships no types
    """Return Python's own values; a value that Python cannot hold is its text, and so a fault of its field."""
    import pyarrow as pa

    if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
        # What is finer than a microsecond is cut off.
        array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    try:
        values: list[object] = array.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        return [_value(scalar) for scalar in array]
    return values


def _value(scalar: Any) -> object:  # noqa: ANN401 - as above
    import pyarrow as pa

    try:
        value: object = scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return f"{scalar.type} {scalar.value}" if hasattr(scalar, "value") else repr(scalar)
    return value
