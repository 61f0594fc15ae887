"""When the verdict changes by itself, if nothing more happens.

Time alone changes an answer only at certain instants: where an event leaves or enters a window, where
a day begins, where another whole span has passed. They are collected, and the verdict is asked at each.
"""

from collections.abc import Callable, Iterator
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
    lengths = {length for part in parts for length in _lengths(part)}
    kept = {kind.kept for kind in evaluation.model.kinds.values() if kind.kept is not None}
    numbers = {
        part.value for part in parts if isinstance(part, ir.Constant) and isinstance(part.value, float)
    }
    numbers |= {bound.start for part in parts if isinstance(part, ir.ByPoints) for bound in part.bounds}
    repeats = {part.every for part in parts if isinstance(part, ir.Idle | ir.Decay)}
    repeats |= {length for part in parts if isinstance(part, ir.RowOptions) for _, length in part.limits}
    spans = {part.name for part in parts if isinstance(part, ir.OnCalendar)}
    days = {CalendarSpan.TODAY} if any(isinstance(part, ir.DaysBetween) for part in parts) else set()
    instants, dates = _moments(evaluation, parts)
    for span in spans | days:
        yield midnight(span_days(span, day_of(as_of, zone))[1], zone)
    for instant in instants:
        yield from (instant, instant + _TICK)
        for length in lengths | kept:
            if length.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
                assert evaluation.model.header.hours is not None
                yield business_deadline(instant, length, evaluation.model.header.hours, zone)
                continue
            ahead, behind = forward(instant, length, zone), back(instant, length, zone)
            yield ahead
            if not length.is_exact:
                yield from _around(partial(_has_come, instant, back, length, zone), ahead)
                yield from _around(partial(_has_come, instant, forward, length, zone), behind)
            else:
                yield behind
        for number in numbers:
            yield from _whole_days_from(instant, number)
        for every in repeats:
            yield from _repeated(instant, every, evaluation)
        dates.add(day_of(instant, zone))
    for day in dates:
        yield from (midnight(each, zone) for each in _days_around(day, lengths, spans, numbers))


def _lengths(part: ir.Node) -> Iterator[Duration]:
    match part:
        case ir.Back(start, end):
            yield start
            if end is not None:
                yield end
        case ir.Ahead(length) | ir.After(_, _, length):
            yield length
        case ir.Then(_, _, within) | ir.ThenNo(_, _, within) if within is not None:
            yield within
        case _:
            return


def _moments(evaluation: Evaluation, parts: list[ir.Node]) -> tuple[set[datetime], set[date]]:
    """Return all instants and all days that the situation and the definition speak of."""
    situation = evaluation.situation
    company = situation.company
    people = () if company is None else company.people or ()
    events: list[Event] = [*situation.lead.events, *(() if company is None else company.events)]
    events += [event for lead in people for event in lead.events]
    values: list[object] = [event.at for event in events]
    for facts in (
        situation.lead.fields,
        {} if company is None else company.fields,
        *(lead.fields for lead in people),
    ):
        values += facts.values()
    values += [value for event in events for value in event.properties.values()]
    values += [part.value for part in parts if isinstance(part, ir.Constant)]
    instants = {value for value in values if isinstance(value, datetime)}
    return instants, {
        value for value in values if isinstance(value, date) and not isinstance(value, datetime)
    }


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
    day: date, lengths: set[Duration], spans: set[CalendarSpan], numbers: set[float]
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
