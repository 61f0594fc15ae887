"""From raw values to typed ones, once for each place of a definition that reads: strict, so a fault is a `LeadError`."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from mqldsl.evaluate.handed_in import LeadError
from mqldsl.model import ir
from mqldsl.model.field_reading import field_reader
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import BLANK, Type, Value

Reader: TypeAlias = Callable[[object], Value | None]
# The name of a property and what reads it.
Named: TypeAlias = tuple[str, Reader]


UNSUPPLIED = object()
"""Stands for the value of a property that an event does not have."""


def read_of(event: Mapping[str, object], named: Named) -> Any:  # noqa: ANN401 # a value, None or UNSUPPLIED
    """Return a property of an event: None where it is blank, UNSUPPLIED where the event does not have it."""
    name, read = named
    raw = event.get(name)
    if raw is None:
        return None if name in event else UNSUPPLIED
    return read(raw)


def reader_of_field(name: str, field: ir.Field, context: Reading) -> Reader:
    """Return what reads a value of a field that was supplied: None where it is blank and has no default."""
    received = field_reader(field, context)

    def value_of(raw: object) -> Value | None:
        value, problem = received(raw)
        if problem:
            raise LeadError(name, raw, problem.removeprefix("is not "))
        return field.default if value is BLANK else value

    return value_of


def reader_of_property(name: str, kind: Type, context: Reading) -> Reader:
    """Return what reads a value of an event's property: None where it is blank."""

    def value_of(raw: object) -> Value | None:
        value = read(raw, kind, context)
        if isinstance(value, Unreadable):
            raise LeadError(name, raw, value.wanted)
        return None if value is BLANK else value

    return value_of
