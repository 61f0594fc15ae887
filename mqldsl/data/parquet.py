"""Parquet: columns with types of their own, read batch by batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mqldsl.data.rows import Cells
from mqldsl.data.text_file import File, SourceError, cannot_open
from mqldsl.source.extras import needed

_BATCH = 8_192


def columns(file: File) -> tuple[str, ...]:
    """Return the names of the columns."""
    with _opened(file) as parquet:
        return tuple(parquet.schema_arrow.names)


def rows(file: File, wanted: Sequence[str]) -> Iterator[Cells]:
    """Yield the values of the wanted columns, row by row."""
    with _opened(file) as parquet:
        names = parquet.schema_arrow.names
        # By place: a name with a dot in it would be taken for a path.
        places = [names.index(name) for name in wanted]
        for batch in parquet.iter_batches(batch_size=_BATCH, columns=list(dict.fromkeys(wanted))):
            if not places:
                yield from ((),) * batch.num_rows
                continue
            found = batch.schema.names
            yield from zip(*(_values(batch.column(found.index(name))) for name in wanted))


# pyarrow ships no types.
@contextmanager
def _opened(file: File) -> Iterator[Any]:
    with needed("data"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    try:
        with pq.ParquetFile(file.path) as parquet:
            yield parquet
    except OSError as error:
        raise SourceError(cannot_open(file, error)) from None
    except pa.ArrowException as error:
        raise SourceError(f"`{file.shown}` is not a whole Parquet file: {error}") from None


def _values(array: Any) -> list[object]:  # noqa: ANN401 - pyarrow ships no types
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
