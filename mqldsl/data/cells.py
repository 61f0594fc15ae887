"""Cells made into values: what stands in a column, prepared as the binding says and read as the definition says.

Columns repeat their values, so each text is read once and remembered.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

import attrs

from mqldsl.data.bound_rows import Column, Rows
from mqldsl.data.formats import told_by
from mqldsl.data.keys import KeyColumn, is_among
from mqldsl.data.names import column_of
from mqldsl.data.numbers import plain_number
from mqldsl.data.rows import plain_text
from mqldsl.model import ir
from mqldsl.model.field_reading import Read, field_reader
from mqldsl.model.folding import WHITE_SPACE, fold, is_blank_text
from mqldsl.model.reading import Reading
from mqldsl.model.types import Blank, Value

# Notes and letters are not remembered: they do not come again, and would fill the memory.
REMEMBERED = 16_384
REMEMBERED_LENGTH = 256


@attrs.frozen
class Cell:
    """A column that is read for a field or property."""

    field: str
    column: KeyColumn
    read: Read


def cells_of(
    fields: Iterable[ir.Field], rows: Rows, columns: Collection[str] | None, context: Reading
) -> list[Cell]:
    """Return a cell for each field whose column is there; None for `columns` where each row has its own."""
    found = ((field, column_of(field, rows)) for field in fields)
    return [
        Cell(field.name, column.name, reader(field, column, context))
        for field, column in found
        if column.name is not None and (columns is None or is_among(column.name, columns))
    ]


def reader(field: ir.Field, column: Column, context: Reading) -> Read:
    """Return the function that reads a cell of `column` for `field`."""
    if column.decimal == ",":
        context = attrs.evolve(context, number="1.200,50")
    prepared, read_field = _preparation(column), field_reader(field, context)

    def fresh(raw: object) -> tuple[Value | Blank, str]:
        return read_field(prepared(raw))

    remembered = lru_cache(REMEMBERED)(fresh)

    def cell(raw: object) -> tuple[Value | Blank, str]:
        # Nothing but text: to a cache, 1 and True are one.
        is_short = isinstance(raw, str) and len(raw) <= REMEMBERED_LENGTH
        return remembered(raw) if is_short else fresh(raw)

    return cell


def _preparation(column: Column) -> Callable[[object], object]:
    """Return what is done to a cell before it is read."""
    replace, split, formats = column.replace, column.split, column.formats
    words = {fold(word): True for word in column.yes} | {fold(word): False for word in column.no}

    def prepared(raw: object) -> object:
        if replace and (text := plain_text(raw)) in replace:
            return replace[text]
        if replace and isinstance(raw, list | tuple):
            return [replace.get(plain_text(member), member) for member in raw]
        if not isinstance(raw, str) or is_blank_text(raw):
            return raw
        if split is not None:
            parts = (part.strip(WHITE_SPACE) for part in raw.split(split))
            return [replace.get(part, part) for part in parts]
        if column.is_domain:
            _, at, domain = raw.rpartition("@")
            return domain if at and fold(domain) not in column.without else None
        if words:
            return words.get(fold(raw), raw)
        if column.decimal is not None:
            return plain_number(raw, column.decimal)
        told = told_by(raw, formats) if formats else None
        return raw if told is None else told

    return prepared
