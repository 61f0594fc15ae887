"""What is received for a field, read as the field's declaration says: stand-ins for missing, required."""

from collections.abc import Callable
from typing import TypeAlias
from zoneinfo import ZoneInfo

from mqldsl.model import ir
from mqldsl.model.folding import fold
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import BLANK, Blank, Date, Number, Text, Time, Value

# The value, and what is wrong with what was received, or nothing.
Read: TypeAlias = Callable[[object], tuple[Value | Blank, str]]

_REQUIRED = "is required, but blank"

# To read text, neither a zone nor a currency is needed.
_AS_TEXT = Reading(ZoneInfo("UTC"))


def field_reader(field: ir.Field, context: Reading) -> Read:
    """Return the function that reads what is received for `field`."""
    stand_ins = {folded_text(value) for value in field.missing_when}
    # `missing when "999"` also means 999.0 and 999.00.
    exact = isinstance(field.type, Number | Date | Time)
    values = {read(value, field.type, context) for value in field.missing_when} if exact else set()

    def value_of(raw: object) -> tuple[Value | Blank, str]:
        if stand_ins and isinstance(raw, list | tuple):
            raw = [member for member in raw if folded_text(member) not in stand_ins]
        elif stand_ins and folded_text(raw) in stand_ins:
            return BLANK, ""
        value = read(raw, field.type, context)
        if isinstance(value, Unreadable):
            return value.instead, f"is not {value.wanted}"
        return (BLANK if value in values else value), ""

    def with_required(raw: object) -> tuple[Value | Blank, str]:
        value, problem = value_of(raw)
        return value, problem or (_REQUIRED if field.required and value is BLANK else "")

    return with_required


def stands_for_missing(field: ir.Field, value: Value) -> bool:
    """Say whether a value is one of those that stand for missing."""
    return any(folded_text(value) == folded_text(stand_in) for stand_in in field.missing_when)


def folded_text(raw: object) -> str | None:
    """Return what is received as folded text, or None where it is none."""
    text = read(raw, Text(), _AS_TEXT)
    return fold(text) if isinstance(text, str) else None
