"""Cells made into values: what stands in a column, read for one field or property.

Columns repeat their values, so each text is read once and remembered.
"""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.bound_rows import Column, Rows
from mqldsl.data.formats import told_by
from mqldsl.data.names import column_of
from mqldsl.data.rows import plain_text
from mqldsl.model import ir
from mqldsl.model.folding import WHITE_SPACE, fold, is_blank_text, whole_characters
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import BLANK, Blank, Date, Number, Text, Time, Value

# The value, and what is wrong with the cell, or nothing.
Read: TypeAlias = Callable[[object], tuple[Value | Blank, str]]

_REMEMBERED = 16_384
_REMEMBERED_LENGTH = 256

_REQUIRED = "is required, but blank"

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


def owner_id(raw: object) -> str:
    """Return the id of a lead that stands in a cell, without spaces at its ends; empty where there is none.

    >>> owner_id(" L01 "), owner_id(17850.0), owner_id(None)
    ('L01', '17850', '')
    """
    if isinstance(raw, str):
        return whole_characters(raw).strip(WHITE_SPACE)
    text = read(raw, Text(), _AS_TEXT)
    return text.strip(WHITE_SPACE) if isinstance(text, str) else ""


def reader(field: ir.Field, column: Column, context: Reading) -> Read:
    """Return the function that reads a cell of `column` for `field`, `missing when` and `required` included."""
    prepared = _preparation(column)
    stand_ins = {_folded(value) for value in field.missing_when}
    # `missing when "999"` also means 999.0 and 999.00.
    exact = isinstance(field.type, Number | Date | Time)
    values = {read(value, field.type, context) for value in field.missing_when} if exact else set()

    def value_of(raw: object) -> tuple[Value | Blank, str]:
        raw = prepared(raw)
        if stand_ins and isinstance(raw, list | tuple):
            raw = [member for member in raw if _folded(member) not in stand_ins]
        elif stand_ins and _folded(raw) in stand_ins:
            return BLANK, ""
        value = read(raw, field.type, context)
        if isinstance(value, Unreadable):
            return value.instead, f"is not {value.wanted}"
        return (BLANK if value in values else value), ""

    def fresh(raw: object) -> tuple[Value | Blank, str]:
        value, problem = value_of(raw)
        return value, problem or (_REQUIRED if field.required and value is BLANK else "")

    remembered = lru_cache(_REMEMBERED)(fresh)

    def cell(raw: object) -> tuple[Value | Blank, str]:
        # Nothing but text: to a cache, 1 and True are one.
        is_short = isinstance(raw, str) and len(raw) <= _REMEMBERED_LENGTH
        return remembered(raw) if is_short else fresh(raw)

    return cell


def _preparation(column: Column) -> Callable[[object], object]:
    """Return what is done to a cell before it is read."""
    replace, split, formats = column.replace, column.split, column.formats

    def prepared(raw: object) -> object:
        if replace and (text := plain_text(raw)) in replace:
            return replace[text]
        if not isinstance(raw, str) or is_blank_text(raw):
            return raw
        if split is not None:
            parts = (part.strip(WHITE_SPACE) for part in raw.split(split))
            return [replace.get(part, part) for part in parts]
        told = told_by(raw, formats) if formats else None
        return raw if told is None else told

    return prepared


def _folded(raw: object) -> str | None:
    text = read(raw, Text(), _AS_TEXT)
    return fold(text) if isinstance(text, str) else None
