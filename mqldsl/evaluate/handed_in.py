"""What an application hands in for one decision, in the shapes that it has, and what is wrong with it.

Only the shapes are settled here; the values are read by `given`, as the definition says.
"""

import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60

# What can be done about a fault, for the end of its message.
TAKE_AS_BLANK = "correct it, or pass strict=False to take it as blank"
LEAVE_OUT = "correct it, or pass strict=False to leave the event out"
CORRECT = "correct it"


class LeadError(ValueError):
    """Something that was handed in cannot be used.

    Attributes:
        field: What it was handed in for: `budget`, `account.revenue`, `visit.at`, `kind`, `as_of`, `lead`.
        value: What was handed in.
        expected: What is expected instead, in plain words.
    """

    def __init__(self, field: str, value: object, expected: str, remedy: str = TAKE_AS_BLANK) -> None:
        super().__init__(field, value, expected, remedy)
        self.field, self.value, self.expected = field, value, expected
        self._remedy = remedy

    def __str__(self) -> str:
        return f"`{self.field}` is {_SHORT.repr(self.value)}, expected {self.expected}: {self._remedy}"


@attrs.frozen
class Note:
    """Something that could not be used and was taken as blank, or left out, because of `strict=False`."""

    field: str
    value: object
    expected: str


# Hears of a fault: the field, what was handed in, what was expected, and what can be done.
Tell = Callable[[str, object, str, str], None]


def telling(notes: list[Note] | None) -> Tell:
    """Return what hears of faults: each becomes a note, or the first is raised where there is no list of notes."""

    def told(field: str, value: object, expected: str, remedy: str) -> None:
        if notes is None:
            raise LeadError(field, value, expected, remedy)
        notes.append(Note(field, value, expected))

    return told


@attrs.frozen
class Event:
    """Something that happened, with the values as they are; a record has no `at`.

    Attributes:
        kind: The event's name in the definition, or its plural.
        at: When: a time, a day, or a text that says one.
        props: Its properties by name.
        id: What tells it from others of its kind; of two with one id, the first counts.
    """

    kind: str
    at: object = None
    props: Mapping[str, object] = attrs.field(factory=dict)
    id: object = None


def kept(several: Iterable[Any] | None) -> Iterable[Any] | None:
    """Return what can be walked again and again: a list of what an iterator gives only once."""
    return list(several) if isinstance(several, Iterator) else several


def _kept_people(people: Iterable[Any] | None) -> Iterable[Any] | None:
    if not isinstance(people, Iterable):
        return people  # none, or a mistake that is told when it is used
    return [(each[0], kept(each[1])) if _is_pair(each) else each for each in people]


def _is_pair(each: object) -> bool:
    return isinstance(each, tuple | list) and len(each) == 2


@attrs.frozen
class Account:
    """The lead's company.

    Attributes:
        fields: What is known of it: a mapping, or any object that may be a lead.
        events: What happened to it, and its records; None where they are not supplied.
        people: Its other leads, each a pair of the lead and its events; None where they are not supplied.
    """

    fields: object = attrs.field(factory=dict)
    events: Iterable[Any] | None = attrs.field(default=None, converter=kept)
    people: Iterable[Any] | None = attrs.field(default=None, converter=_kept_people)


# ------------------------------------------------------------------ as mappings

ACCEPTED = "a mapping, an object with attributes (attrs, dataclass, pydantic) or a database row"
_NEVER = (str, bytes, bytearray, int, float, list, set, frozenset, type)


def as_mapping(thing: object, what: str) -> Mapping[str, object]:
    """Return what is known, by name: a mapping as it is; the public fields of an object, of a row the columns.

    Anything else is a `LeadError` for `what`.
    """
    if isinstance(thing, Mapping):
        return thing
    found = None if thing is None or isinstance(thing, _NEVER) else _fields_of(thing)
    if found is None:
        raise LeadError(what, thing, ACCEPTED, CORRECT)
    return found


def _fields_of(thing: Any) -> Mapping[str, object] | None:  # noqa: ANN401 - objects of any library
    if attrs.has(type(thing)):
        return _public(thing, (field.name for field in attrs.fields(type(thing))))
    if hasattr(thing, "__dataclass_fields__"):
        return _public(thing, thing.__dataclass_fields__)
    for name in ("model_dump", "dict", "_asdict"):  # pydantic 2, pydantic 1, a named tuple
        if name != "dict" or hasattr(thing, "__fields__"):
            dump = getattr(thing, name, None)
            if callable(dump):
                return _if_mapping(dump())
    if hasattr(type(thing), "_mapping"):  # a row of SQLAlchemy
        return _if_mapping(thing._mapping)  # noqa: SLF001 # public, in spite of its name
    if isinstance(thing, tuple):
        return None
    if callable(getattr(thing, "keys", None)) and hasattr(type(thing), "__getitem__"):
        return {name: thing[name] for name in thing.keys()}  # noqa: SIM118 - it need not be walked by its keys
    # Without any field it is no record, but a function, say.
    return _public(thing, vars(thing)) or None if hasattr(thing, "__dict__") else None


def _public(thing: object, names: Iterable[str]) -> Mapping[str, object]:
    return {name: getattr(thing, name) for name in names if not name.startswith("_") and hasattr(thing, name)}


def _if_mapping(found: object) -> Mapping[str, object] | None:
    return found if isinstance(found, Mapping) else None


def event_mapping(event: object) -> Mapping[str, object]:
    """Return an event as one flat mapping: `kind`, `at`, `id`, and its properties by name."""
    if isinstance(event, Mapping):
        return event
    if isinstance(event, Event):
        own = {"kind": event.kind, "at": event.at, "id": event.id}
        return {**event.props, **{name: value for name, value in own.items() if value is not None}}
    return as_mapping(event, "events")
