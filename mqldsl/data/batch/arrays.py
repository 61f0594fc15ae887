"""Columns as pyarrow holds them: how each type of the language is kept, and a few small steps on arrays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias, assert_never

from mqldsl.data.batch.late import pa, pc
from mqldsl.model.folding import WHITE_SPACE
from mqldsl.model.types import BLANK, Blank, Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo

# pyarrow ships no types: an array or a chunked one, one of its types, and a table.
Array: TypeAlias = Any
ArrowType: TypeAlias = Any
Table: TypeAlias = Any


def kept_as(kind: Type) -> ArrowType:
    """Return the type in which values of a kind are kept: instants in UTC without a zone, sets as lists."""
    match kind:
        case Number():
            return pa.float64()
        case Text() | Labels():
            return pa.string()
        case YesNo():
            return pa.bool_()
        case Date():
            return pa.date32()
        case Time():
            return pa.timestamp("us")
        case SetOf():
            return pa.list_(pa.string())
        case _:
            assert_never(kind)


def kept_value(value: Value | Blank) -> object:
    """Return a value as an array takes it: blank is null."""
    if value is BLANK:
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return list(value) if isinstance(value, tuple) else value


def known_texts(texts: Array) -> Array:
    """Return texts as they are, but null for those that say nothing."""
    return pc.if_else(pc.equal(trimmed(texts), ""), pa.scalar(None, texts.type), texts)


def trimmed(texts: Array) -> Array:
    """Return texts without white space at their ends."""
    return pc.utf8_trim(texts, characters=WHITE_SPACE)


def all_true(size: int) -> Array:
    """Return as many truths."""
    return pa.repeat(pa.scalar(True), size)


def both(masks: Iterable[Array], size: int) -> Array:
    """Return where all of the masks hold."""
    found = all_true(size)
    for mask in masks:
        found = pc.and_(found, mask)
    return found


def either(masks: Iterable[Array], size: int) -> Array:
    """Return where one of the masks holds."""
    found = pa.repeat(pa.scalar(False), size)
    for mask in masks:
        found = pc.or_(found, mask)
    return found


def places_of(mask: Array) -> Array:
    """Return the places at which a mask holds."""
    return pc.indices_nonzero(mask)


def ascend(values: Array) -> bool:
    """Say whether each value is above the one before; none is null."""
    return len(values) < 2 or bool(pc.all(pc.less(values.slice(0, len(values) - 1), values.slice(1))).as_py())


def is_of_texts(kind: ArrowType) -> bool:
    """Say whether an array of this type holds texts, in whatever way."""
    types = pa.types
    if types.is_dictionary(kind):
        return is_of_texts(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))
