"""The values at which a definition turns, as an application hands them in: each constant, and what lies just beside it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from mqldsl.model import ir
from mqldsl.model.calendar import (
    CalendarSpan,
    Duration,
    Unit,
    at_local,
    back,
    day_of,
    forward,
    local,
    midnight,
    span_days,
)
from mqldsl.model.dependencies import pieces
from mqldsl.model.folding import Entry
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo

TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_DEFAULT_DAY = date(2026, 1, 1)
_BLANKS = (None, "", "  ", math.nan)
_SPANS = (Duration(1, Unit.DAY), Duration(7, Unit.DAY), Duration(40, Unit.DAY))
# The clocks are changed, months and years end: there windows are easily got wrong.
_SPECIAL_DAYS = (
    date(2026, 3, 29),
    date(2026, 3, 8),
    date(2025, 10, 26),
    date(2025, 11, 2),
    date(2026, 3, 31),
)
_MOST_TEXTS = 24
_MOST_MEMBERS = 3


class Boundaries:
    """The turning values of one model, collected once."""

    def __init__(self, model: ir.Model) -> None:
        """Take the model."""
        self.model = model
        self.zone = ZoneInfo(model.header.zone)
        self._parts = [part for named in model.named.values() for part in pieces(named)]
        self._parts += [part for promise in model.promises for part in pieces(promise)]
        self.lengths = tuple(dict.fromkeys((*self._all_lengths(), *_SPANS)))
        self._plain: dict[tuple[str, Type], tuple[object, ...]] = {}
        self._instants: dict[datetime, tuple[datetime, ...]] = {}
        self._days: dict[datetime, tuple[date, ...]] = {}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The names of all kinds of events and records."""
        return tuple(self.model.kinds)

    @cached_property
    def of_lead(self) -> tuple[ir.Kind, ...]:
        """The kinds of what a lead does and has."""
        return tuple(kind for kind in self.model.kinds.values() if not kind.of_account)

    @cached_property
    def of_account(self) -> tuple[ir.Kind, ...]:
        """The kinds of what happens to a company, and of what it has."""
        return tuple(kind for kind in self.model.kinds.values() if kind.of_account)

    @cached_property
    def has_company(self) -> bool:
        """Whether the definition looks at the company in any way."""
        return bool(self.model.account_fields or self.of_account) or self.asks_people

    @cached_property
    def asks_people(self) -> bool:
        """Whether the definition looks at the people of a company, or at what all of them did."""
        return any(
            isinstance(part, ir.People) or (isinstance(part, ir.Events) and part.scope == "colleagues")
            for part in self._parts
        )

    # -------------------------------------------------------------- values

    def values(self, name: str, kind: Type, as_of: datetime) -> tuple[object, ...]:
        """Return the values worth trying for a field or property, the plainest first; none is blank."""
        match kind:
            case Date():
                return self.days(as_of)
            case Time():
                return self.instants(as_of)
            case _:
                return self._plain_values(name, kind)

    def blanks(self, field: ir.Field | None = None) -> tuple[object, ...]:
        """Return what is handed in for blank, with what stands for missing in a field."""
        return _BLANKS if field is None else (*_BLANKS, *field.missing_when)

    def unreadable(self, kind: Type) -> object:
        """Return a value that cannot be read as a type, and is a data fault."""
        match kind:
            case Text():
                return {}
            case Labels(names):
                return f"{names[0]}x"
            case SetOf():
                return [3.5, {}]
            case _:
                return "nearly so"

    def _plain_values(self, name: str, kind: Type) -> tuple[object, ...]:
        if (name, kind) not in self._plain:
            self._plain[name, kind] = tuple(_unlike(self._values(name, kind)))
        return self._plain[name, kind]

    def _values(self, name: str, kind: Type) -> Iterator[object]:
        match kind:
            case YesNo():
                yield from (False, True, "YES", "0")
            case Labels(names):
                for label in names:
                    yield from (label, f" {label.upper()}  ")
            case SetOf(of):
                yield from self._sets(name, of)
            case Number():
                yield from self._numbers(name)
            case _:
                yield from self._texts(name)

    def _sets(self, name: str, of: Text | Labels) -> Iterator[object]:
        members = [value for value in self._plain_values(name, of) if isinstance(value, str)]
        yield []
        for member in members:
            yield [member]
        for first in range(0, len(members), 2):
            yield members[first : first + _MOST_MEMBERS]
        yield [*members[:2], None, *members[:1]]
        yield {*members[:3]}

    # -------------------------------------------------------------- numbers

    def _numbers(self, name: str) -> Iterator[object]:
        own = list(dict.fromkeys(self._numbers_beside(name)))
        others = sorted(set(self._all_numbers) - set(own), key=lambda number: (abs(number), number))
        yield from (0, 1)
        for number in (*own, *others):
            yield number
            yield from (number + 1, number - 1)
        for number in own:
            yield from (math.nextafter(number, math.inf), math.nextafter(number, -math.inf))
        yield from (-3.0, "1,200", 1e300)

    @cached_property
    def _all_numbers(self) -> tuple[float, ...]:
        found: dict[float, None] = {}
        for part in self._parts:
            match part:
                case ir.Constant(float() as number) | ir.Bound(_, number) | ir.PerUnit(_, number):
                    found[number] = None
                case ir.Member(_, values):
                    found.update(dict.fromkeys(value for value in values if isinstance(value, float)))
                case ir.Grade(bands=bands):
                    found.update(dict.fromkeys(start for _, start in bands))
        return tuple(found)

    def _numbers_beside(self, name: str) -> Iterator[float]:
        for part in self._parts:
            match part:
                case ir.Compare() | ir.Member() if _speaks_of(part, name):
                    for inner in pieces(part):
                        if isinstance(inner, ir.Constant) and isinstance(inner.value, float):
                            yield inner.value
                    if isinstance(part, ir.Member):
                        yield from (value for value in part.values if isinstance(value, float))
                case ir.ByPoints(of, bounds) if _speaks_of(of, name):
                    yield from (bound.start for bound in bounds)
                case ir.PerUnit(_, unit, of) if _speaks_of(of, name):
                    yield from (unit, unit * 2)

    # -------------------------------------------------------------- texts

    def _texts(self, name: str) -> Iterator[object]:
        own = [part for part in self._parts if isinstance(part, _TESTS) and _speaks_of(part, name)]
        found = list(dict.fromkeys(text for part in own for text in _texts_in(part)))
        if len(found) < 3:
            others = (text for part in self._parts if isinstance(part, _TESTS) for text in _texts_in(part))
            found = list(dict.fromkeys((*found, *others)))
        domain = any(isinstance(part, ir.DomainOf) and _speaks_of(part, name) for part in self._parts)
        if domain:
            yield from ("jo@acme.example", *(f"jo@{text}" for text in found[:8]))
            yield from ("jo@x@GMAIL.com ", "jo@", "nobody", "jo@acme.example")
        yield from ("something else", "CEO")
        for text in found[: 3 if domain else _MOST_TEXTS]:
            yield from (text, f"  {text.upper().replace(' ', '   ')} ", f"{text}x", f"the ({text})")
        yield from (7, True, "Stra\u00dfe 1", "STRASSE 1", "Head\u00a0of\nIT", "*")

    # -------------------------------------------------------------- time

    @cached_property
    def as_ofs(self) -> tuple[datetime, ...]:
        """Return instants to decide for: the definition's first day, and where clocks and months turn."""
        first = self.model.header.effective or _DEFAULT_DAY
        days = [first, *self._days_named, *_SPECIAL_DAYS]
        found = [midnight(first, self.zone), midnight(first, self.zone) + timedelta(hours=9, minutes=30)]
        hours = self.model.header.hours
        for day in days:
            found += [
                midnight(day, self.zone),
                at_local(datetime.combine(day, time(12, 34, 56, 789_123)), self.zone),
            ]
            if hours is not None:
                found += [
                    at_local(datetime.combine(day, each), self.zone) for each in (hours.opens, hours.closes)
                ]
        found += [at_local(datetime.combine(day, time(1, 30)), self.zone) for day in _SPECIAL_DAYS[:4]]
        return tuple(dict.fromkeys(found))

    def instants(self, as_of: datetime) -> tuple[datetime, ...]:
        """Return the edges of all windows seen from an as-of, each with the instants directly beside it."""
        if as_of not in self._instants:
            edges = dict.fromkeys(self._edges(as_of))
            self._instants[as_of] = tuple(
                dict.fromkeys(instant for edge in edges for instant in (edge, *_beside(edge)))
            )
        return self._instants[as_of]

    def _edges(self, as_of: datetime) -> Iterator[datetime]:
        yield as_of - timedelta(hours=3)
        yield as_of
        for length in self.lengths:
            if length.unit not in _BUSINESS:
                yield back(as_of, length, self.zone)
                yield back(as_of, Duration(length.count * 2, length.unit), self.zone)
                yield forward(as_of, length, self.zone)
        for span in self._spans:
            for day in span_days(span, day_of(as_of, self.zone)):
                yield midnight(day, self.zone)
        yield from self._instants_named
        yield from (midnight(day, self.zone) for day in self._days_named)

    def days(self, as_of: datetime) -> tuple[date, ...]:
        """Return the days at which the spans of a date turn, each with the days beside it."""
        if as_of not in self._days:
            near = [day_of(edge, self.zone) for edge in self._edges(as_of)]
            near += self._days_named
            self._days[as_of] = tuple(
                dict.fromkeys(each for day in dict.fromkeys(near) for each in (day, day - _DAY, day + _DAY))
            )
        return self._days[as_of]

    @cached_property
    def _days_named(self) -> list[date]:
        return list(
            dict.fromkeys(
                value
                for value in self._constants
                if isinstance(value, date) and not isinstance(value, datetime)
            )
        )

    @cached_property
    def _instants_named(self) -> list[datetime]:
        return list(dict.fromkeys(value for value in self._constants if isinstance(value, datetime)))

    @cached_property
    def _constants(self) -> list[Value]:
        plain = [part.value for part in self._parts if isinstance(part, ir.Constant)]
        return plain + [value for part in self._parts if isinstance(part, ir.Member) for value in part.values]

    @cached_property
    def _spans(self) -> tuple[CalendarSpan, ...]:
        return tuple(dict.fromkeys(part.name for part in self._parts if isinstance(part, ir.OnCalendar)))

    def _all_lengths(self) -> Iterator[Duration]:
        for part in self._parts:
            for name in _LENGTHS.get(type(part), ()):
                length = getattr(part, name)
                if length is not None:
                    yield length
            if isinstance(part, ir.RowOptions):
                yield from (length for _, length in part.limits)
        yield from (kind.kept for kind in self.model.kinds.values() if kind.kept is not None)

    def stepped(self, instant: datetime, length: Duration) -> datetime:
        """Return the instant that lies a length after another; of business time, the same number of hours."""
        if length.unit in _BUSINESS:
            return instant + timedelta(hours=length.count)
        return forward(instant, length, self.zone)

    def tells(self, instant: datetime) -> bool:
        """Say whether what clocks show tells the instant: one that is shown twice does so only the first time."""
        return at_local(self.clock(instant), self.zone) == instant

    def clock(self, instant: datetime) -> datetime:
        """Return what clocks in the definition's zone show."""
        return local(instant, self.zone)


_BUSINESS = (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY)
_TESTS = (ir.Compare, ir.Member, ir.TextTest, ir.Has, ir.Matches)
_LENGTHS: Mapping[type, tuple[str, ...]] = {
    ir.Back: ("start", "end"),
    ir.Ahead: ("length",),
    ir.After: ("length",),
    ir.Then: ("within",),
    ir.ThenNo: ("within",),
    ir.Idle: ("every",),
    ir.Decay: ("every",),
    ir.Due: ("within",),
}


def _beside(instant: datetime) -> Iterator[datetime]:
    for step in (TICK, -TICK):
        try:
            yield instant + step
        except OverflowError:
            continue


def _unlike(values: Iterable[object]) -> Iterator[object]:
    """Yield values once each; `1` and `True` are two."""
    seen: set[tuple[type, str]] = set()
    for value in values:
        key = type(value), repr(value)
        if key not in seen:
            seen.add(key)
            yield value


def _speaks_of(part: ir.Node, name: str) -> bool:
    return any(
        isinstance(inner, ir.FieldValue | ir.PropertyValue) and inner.name == name for inner in pieces(part)
    )


def _texts_in(part: ir.Node) -> Iterator[str]:
    """Return texts that a test speaks of, and of a list's entries texts that they cover."""
    for inner in pieces(part):
        match inner:
            case ir.Constant(str() as text):
                yield text
            case ir.Member(_, values, entries):
                yield from (value for value in values if isinstance(value, str))
                yield from (_covered_by(entry) for entry in entries[:_MOST_TEXTS])
            case ir.Has(_, wanted):
                yield from (_covered_by(entry) for entry in wanted[:_MOST_TEXTS] if isinstance(entry, Entry))


def _covered_by(entry: Entry) -> str:
    return entry.text.replace("\\*", "\0").replace("*", "north").replace("\0", "*").strip()
