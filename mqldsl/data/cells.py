"""Cells made into values: what stands in a column, prepared as the binding says and read as the definition says.

Columns repeat their values, so each text is read once and remembered.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.bound_rows import Column, Rows
from mqldsl.data.formats import told_by
from mqldsl.data.names import column_of
from mqldsl.data.numbers import plain_number
from mqldsl.data.rows import plain_text
from mqldsl.model import ir
from mqldsl.model.field_reading import Read, field_reader
from mqldsl.model.folding import WHITE_SPACE, fold, is_blank_text, whole_characters
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import Blank, Text, Value

# Notes and letters are not remembered: they do not come again, and would fill the memory.
REMEMBERED = 16_384
REMEMBERED_LENGTH = 256

# To read text, neither a zone nor a currency is needed.
_AS_TEXT = Reading(ZoneInfo("UTC"))


@attrs.frozen
class Cell:
    """A column that is read for a field or property."""

    field: str
    column: str
    read: Read


def cells_of(
    fields: Iterable[ir.Field], rows: Rows, columns: Collection[str] | None, context: Reading
) -> list[Cell]:
    """Return a cell for each field whose column is there; None for `columns` where each row has its own."""
    found = ((field, column_of(field, rows)) for field in fields)
    return [
        Cell(field.name, column.name, reader(field, column, context))
        for field, column in found
        if column.name is not None and (columns is None or column.name in columns)
    ]


def reader(field: ir.Field, column: Column, context: Reading) -> Read:
    """Return the function that reads a cell of `column` for `field`."""
    prepared, read_field = _preparation(column), field_reader(field, context)

    def fresh(raw: object) -> tuple[Value | Blank, str]:
        return read_field(prepared(raw))

    remembered = lru_cache(REMEMBERED)(fresh)

    def cell(raw: object) -> tuple[Value | Blank, str]:
        # Nothing but text: to a cache, 1 and True are one.
        is_short = isinstance(raw, str) and len(raw) <= REMEMBERED_LENGTH
        return remembered(raw) if is_short else fresh(raw)

    return cell


def owner_id(raw: object) -> str:
    """Return the id of a lead that stands in a cell, without spaces at its ends; empty where there is none.

    >>> owner_id(" L01 "), owner_id(17850.0), owner_id(None)
    ('L01', '17850', '')
    """
    text = text_of(raw)
    return "" if text is None else text.strip(WHITE_SPACE)


def text_of(raw: object) -> str | None:
    """Return what stands in a cell as text, exactly; None where nothing does, or no text could.

    >>> text_of(" a "), text_of(17850.0), text_of("  ")
    (' a ', '17850', None)
    """
    if isinstance(raw, str):
        # The quick way first: millions of events have an id, and nearly all of them pass here.
        if raw.isascii() and raw and not raw.isspace():
            return raw
        return None if is_blank_text(raw) else whole_characters(raw)
    text = read(raw, Text(), _AS_TEXT)
    return text if isinstance(text, str) else None


def _preparation(column: Column) -> Callable[[object], object]:
    """Return what is done to a cell before it is read."""
    replace, split, formats = column.replace, column.split, column.formats
    words = {fold(word): True for word in column.yes} | {fold(word): False for word in column.no}

    def prepared(raw: object) -> object:
        if replace and (text := plain_text(raw)) in replace:
            return replace[text]
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
