"""When the verdict changes by itself, if nothing more happens.

Time alone changes an answer only at certain instants: where an event leaves or enters a window, where
a day begins, where another whole span has passed. They are collected, and the verdict is asked at each.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Event
from mqldsl.model import ir
from mqldsl.model.calendar import (
    CalendarSpan,
    Duration,
    Unit,
    back,
    business_deadline,
    day_of,
    days_back,
    days_forward,
    forward,
    midnight,
    span_days,
)
from mqldsl.model.dependencies import pieces

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
# How far ahead repeated spans (points that halve every week) are followed, and how many instants are asked.
_HORIZON = timedelta(days=5 * 366)
_MOST_REPEATS = 100
_MOST_INSTANTS = 5_000


def until(evaluation: Evaluation) -> datetime | None:
    """Return the first instant at which the verdict changes if nothing more happens; None for never."""
    model = evaluation.model
    if model.verdict is None:
        return None
    now = _verdict(evaluation)
    for instant in sorted(set(_instants(evaluation)))[:_MOST_INSTANTS]:
        later = Evaluation(model, attrs.evolve(evaluation.situation, as_of=instant))
        if _verdict(later) != now:
            return instant
    return None


def _verdict(evaluation: Evaluation) -> str:
    assert evaluation.model.verdict is not None
    return evaluation.verdict().outcome


def _instants(evaluation: Evaluation) -> Iterator[datetime]:
    """Yield the instants behind as-of at which an answer may change."""
    as_of = evaluation.situation.as_of
    for instant in _candidates(evaluation):
        if as_of < instant <= as_of + _HORIZON:
            yield instant


def _candidates(evaluation: Evaluation) -> Iterator[datetime]:
    zone, as_of = evaluation.zone, evaluation.situation.as_of
    parts = [part for named in evaluation.model.named.values() for part in pieces(named)]
    steps = _steps_of(evaluation.model, parts)
    spans = {part.name for part in parts if isinstance(part, ir.OnCalendar)}
    days = {CalendarSpan.TODAY} if any(isinstance(part, ir.DaysBetween) for part in parts) else set()
    for span in spans | days:
        yield midnight(span_days(span, day_of(as_of, zone))[1], zone)
    for event in _events(evaluation):
        if event.at is not None:
            yield from _turning(event.at, steps.get(event.kind, _NO_STEPS), evaluation)
    every = _joined(steps.values())
    instants, dates = _moments(evaluation, parts)
    for instant in instants:
        yield from (instant, instant + _TICK)
        yield from _turning(instant, every, evaluation)
    for day in dates:
        yield from (midnight(each, zone) for each in _days_around(day, every.lengths, spans, every.numbers))


@attrs.frozen
class _Steps:
    """How far from an event of some kind something may turn: lengths, repeated lengths, numbers of days."""

    lengths: frozenset[Duration] = frozenset()
    repeats: frozenset[Duration] = frozenset()
    numbers: frozenset[float] = frozenset()


_NO_STEPS = _Steps()
_ANY = ""  # stands for what is no event


def _joined(steps: Iterable[_Steps]) -> _Steps:
    joined = _NO_STEPS
    for each in steps:
        joined = _Steps(
            joined.lengths | each.lengths, joined.repeats | each.repeats, joined.numbers | each.numbers
        )
    return joined


def _steps_of(model: ir.Model, parts: list[ir.Node]) -> dict[str, _Steps]:
    """Return for each kind of event how far from it something may turn."""
    numbers = {
        part.value for part in parts if isinstance(part, ir.Constant) and isinstance(part.value, float)
    }
    numbers |= {bound.start for part in parts if isinstance(part, ir.ByPoints) for bound in part.bounds}
    steps: dict[str, _Steps] = {}
    for part in parts:
        found = _steps_in(part, frozenset(numbers))
        for kind in _kinds_in(part) or {_ANY}:
            steps[kind] = _joined((steps.get(kind, _NO_STEPS), found))
    for name, declared in model.kinds.items():
        if declared.kept is not None:
            steps[name] = _joined((steps.get(name, _NO_STEPS), _Steps(frozenset({declared.kept}))))
    return steps


def _steps_in(part: ir.Node, numbers: frozenset[float]) -> _Steps:
    match part:
        case ir.During(_, ir.Back(start, end)) | ir.InSpan(_, ir.Back(start, end)):
            return _Steps(frozenset({start} if end is None else {start, end}))
        case ir.During(_, ir.After(_, _, length)) | ir.InSpan(_, ir.Ahead(length)):
            return _Steps(frozenset({length}))
        case ir.Then(_, _, within) | ir.ThenNo(_, _, within) if within is not None:
            return _Steps(frozenset({within}))
        case ir.Idle(every) | ir.Decay(every=every):
            return _Steps(repeats=frozenset({every}))
        case ir.PerEvent(options=options) | ir.WhenPoints(options=options):
            shrinking = {decay.every for decay in options.decays} | {length for _, length in options.limits}
            return _Steps(repeats=frozenset(shrinking))
        case ir.DaysSinceEvent() | ir.DaysBetween():
            return _Steps(numbers=numbers)
        case _:
            return _NO_STEPS


def _kinds_in(part: ir.Node) -> set[str]:
    return {kind for inner in pieces(part) if isinstance(inner, ir.Events) for kind in inner.kinds}


def _turning(instant: datetime, steps: _Steps, evaluation: Evaluation) -> Iterator[datetime]:
    zone, hours = evaluation.zone, evaluation.model.header.hours
    for length in steps.lengths:
        if length.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
            assert hours is not None
            yield business_deadline(instant, length, hours, zone)
            continue
        ahead, behind = forward(instant, length, zone), back(instant, length, zone)
        yield ahead
        if length.is_exact:
            yield behind
        else:
            yield from _around(partial(_has_come, instant, back, length, zone), ahead)
            yield from _around(partial(_has_come, instant, forward, length, zone), behind)
    for number in steps.numbers:
        yield from _whole_days_from(instant, number)
    for every in steps.repeats:
        yield from _repeated(instant, every, evaluation)


def _events(evaluation: Evaluation) -> list[Event]:
    situation = evaluation.situation
    company = situation.company
    events = [*situation.lead.events, *(() if company is None else company.events)]
    people = () if company is None else company.people or ()
    return events + [event for lead in people for event in lead.events]


def _moments(evaluation: Evaluation, parts: list[ir.Node]) -> tuple[set[datetime], set[date]]:
    """Return the instants and days that facts and the definition speak of, without the times of events."""
    situation = evaluation.situation
    company = situation.company
    people = () if company is None else company.people or ()
    values: list[object] = [part.value for part in parts if isinstance(part, ir.Constant)]
    for lead in (situation.lead, *people):
        values += lead.fields.values()
    values += () if company is None else company.fields.values()
    values += [value for event in _events(evaluation) for value in event.properties.values()]
    instants = {value for value in values if isinstance(value, datetime)}
    days = {value for value in values if isinstance(value, date) and not isinstance(value, datetime)}
    return instants, days


def _has_come(
    instant: datetime,
    step: Callable[[datetime, Duration, ZoneInfo], datetime],
    length: Duration,
    zone: ZoneInfo,
    at: datetime,
) -> bool:
    """Say whether stepping from `at` reaches `instant`."""
    return step(at, length, zone) >= instant


def _around(holds: Callable[[datetime], bool], near: datetime) -> Iterator[datetime]:
    """Yield the first instant near `near` at which something that stays true becomes true."""
    low, high = near - 4 * _DAY, near + 4 * _DAY
    if holds(low) or not holds(high):
        return
    while high - low > _TICK:
        middle = low + (high - low) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    yield high


def _whole_days_from(instant: datetime, number: float) -> Iterator[datetime]:
    if abs(number) > 100_000:
        return
    for days in (number, number + 1):
        yield from (instant + days * _DAY, instant - days * _DAY, instant - days * _DAY + _TICK)


def _repeated(instant: datetime, every: Duration, evaluation: Evaluation) -> Iterator[datetime]:
    as_of, zone = evaluation.situation.as_of, evaluation.zone
    if every.count == 0:
        return
    first = max(
        1, (as_of - instant) // max(every.exact, _DAY) if every.is_exact else (as_of - instant).days // 31
    )
    for number in range(first, first + _MOST_REPEATS):
        yield forward(instant, Duration(every.count * number, every.unit), zone)


def _days_around(
    day: date, lengths: Iterable[Duration], spans: set[CalendarSpan], numbers: Iterable[float]
) -> Iterator[date]:
    """Yield the days on which a date enters or leaves a window or a count of days changes."""
    yield from _shifted(day, 0, 1)
    for span in spans:
        yield from span_days(span, day)
    for length in lengths:
        if length.unit in (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR):
            for near in (days_forward(day, length), days_back(day, length)):
                yield from _shifted(near, *range(-4, 5))
    for number in numbers:
        if abs(number) <= 100_000:
            yield from _shifted(day, int(number), int(number) + 1, -int(number), 1 - int(number))


def _shifted(day: date, *steps: int) -> Iterator[date]:
    for step in steps:
        if date.min.toordinal() < day.toordinal() + step < date.max.toordinal():
            yield date.fromordinal(day.toordinal() + step)
