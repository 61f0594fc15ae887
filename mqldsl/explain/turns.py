"""The values at which a definition's own conditions may turn: each constant, and what lies beside it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mqldsl.model import ir
from mqldsl.model.calendar import Duration, Unit, back, day_of, forward
from mqldsl.model.dependencies import pieces
from mqldsl.model.folding import Entry
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo

_OTHER_TEXT = "something else"
_SPANS = (Duration(1, Unit.HOUR), Duration(1, Unit.DAY), Duration(40, Unit.DAY))


class Turns:
    """The turning values of a model, collected once."""

    def __init__(self, model: ir.Model, as_of: datetime) -> None:
        """Take the model, and the instant that its windows are seen from."""
        self._zone = ZoneInfo(model.header.zone)
        self._as_of = as_of
        self._parts = [part for named in model.named.values() for part in pieces(named)]
        self._parts += [part for promise in model.promises for part in pieces(promise)]
        self._numbers = sorted(set(self._all_numbers()), key=lambda number: (abs(number), number))
        self._texts = list(dict.fromkeys(self._all_texts(self._parts)))
        self.lengths = list(dict.fromkeys((*self._all_lengths(), *_SPANS)))

    def values(self, name: str, kind: Type) -> list[Value]:
        """Return the values worth trying for a field or property, the plainest first."""
        match kind:
            case YesNo():
                return [False, True]
            case Labels(names):
                return list(names)
            case SetOf(of):
                members = [str(value) for value in self.values(name, of)][:6]
                return [(), *((member,) for member in members), tuple(members)]
            case Number():
                return [0.0, *dict.fromkeys(self._about(name, self._numbers))]
            case Text():
                return list(dict.fromkeys((*self._texts_of(name), _OTHER_TEXT)))
            case Date():
                return list(dict.fromkeys(self._days()))
            case Time():
                return list(dict.fromkeys(self.instants()))

    def counts(self) -> list[float]:
        """Return the counts worth trying for a selection, the least first."""
        near = {number + step for number in self._numbers for step in (0, 1)}
        return sorted({0.0, 1.0, *(number for number in near if 0 <= number <= 100 and number % 1 == 0)})

    def instants(self) -> Iterator[datetime]:
        """Yield as-of, and each window's edge with the instants beside it."""
        yield self._as_of
        for length in self.lengths:
            for edge in (back(self._as_of, length, self._zone), forward(self._as_of, length, self._zone)):
                yield from (edge, edge + timedelta(hours=1), edge - timedelta(hours=1))

    def _days(self) -> Iterator[date]:
        constants = [part.value for part in self._parts if isinstance(part, ir.Constant)]
        for value in constants:
            if isinstance(value, date) and not isinstance(value, datetime):
                yield from (value, value + timedelta(days=1), value - timedelta(days=1))
        for instant in self.instants():
            yield day_of(instant, self._zone)

    def _about(self, name: str, numbers: Iterable[float]) -> Iterator[float]:
        """Yield the constants that a field is compared with first, then all, each with its neighbours."""
        own = [
            part
            for part in self._parts
            if isinstance(part, ir.Compare | ir.Member) and _speaks_of(part, name)
        ]
        near = [inner.value for part in own for inner in pieces(part) if isinstance(inner, ir.Constant)]
        for number in (*(value for value in near if isinstance(value, float)), *numbers):
            yield from (number, number - 1, number + 1)

    def _texts_of(self, name: str) -> list[str]:
        own = [part for part in self._parts if isinstance(part, ir.Condition) and _speaks_of(part, name)]
        return list(self._all_texts([inner for part in own for inner in pieces(part)])) or self._texts[:8]

    def _all_numbers(self) -> Iterator[float]:
        for part in self._parts:
            match part:
                case ir.Constant(float() as number):
                    yield number
                case ir.Bound(_, start):
                    yield start
                case ir.Grade(bands=bands):
                    yield from (start for _, start in bands)
                case ir.PerUnit(_, unit):
                    yield unit

    def _all_texts(self, parts: Iterable[ir.Node]) -> Iterator[str]:
        for part in parts:
            match part:
                case ir.Constant(str() as text):
                    yield text
                case ir.Member(entries=entries):
                    yield from (_covered_by(entry) for entry in entries[:8])
                case ir.Has(_, wanted):
                    yield from (_covered_by(entry) for entry in wanted if isinstance(entry, Entry))

    def _all_lengths(self) -> Iterator[Duration]:
        for part in self._parts:
            match part:
                case ir.Back(start, end):
                    yield from _beside(start)
                    if end is not None:
                        yield from _beside(end)
                case ir.After(_, _, length) | ir.Ahead(length):
                    yield from _beside(length)
                case ir.Then(_, _, within) | ir.ThenNo(_, _, within) if within is not None:
                    yield from _beside(within)
                case ir.Idle(every) | ir.Decay(every=every):
                    yield from _beside(every)


def _beside(length: Duration) -> Iterator[Duration]:
    yield length
    if length.count > 1:
        yield Duration(length.count - 1, length.unit)
    yield Duration(length.count + 1, length.unit)


def _speaks_of(part: ir.Node, name: str) -> bool:
    return any(
        isinstance(inner, ir.FieldValue | ir.PropertyValue) and inner.name == name for inner in pieces(part)
    )


def _covered_by(entry: Entry) -> str:
    """Return a text that a list entry covers."""
    return entry.text.replace("\\*", "\0").replace("*", "north").replace("\0", "*").strip()
