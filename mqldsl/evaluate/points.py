"""Scores: rows, points that shrink, caps, clamps, and the bounds of it all."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.numbers import clamped, millionths, total_of
from mqldsl.evaluate.outcome import (
    NOTHING,
    YES_ANSWER,
    Absent,
    Answer,
    Asking,
    AtLeast,
    Bounds,
    Known,
    Lacks,
    Member,
    bounds_of,
)
from mqldsl.evaluate.situation import Event
from mqldsl.evaluate.spans import anchor
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, back, forward


@attrs.frozen
class Points:
    """What a row adds, and the least and most that it could."""

    value: float
    low: float
    high: float
    lacks: Lacks = NOTHING
    label: str | None = None
    parts: tuple["Points", ...] = ()


@attrs.frozen
class Scored:
    """A finished score with its bounds and what each row gave."""

    value: float
    bounds: Bounds
    lacks: Lacks
    rows: tuple[Points, ...]

    @property
    def possible(self) -> Bounds | None:
        """The bounds, where they are more than the value."""
        return None if self.bounds == Bounds(self.value, self.value) else self.bounds


# ------------------------------------------------------------------ scores


def score(asking: Asking, node: ir.Score) -> Scored:
    """Return a score: rows, groups, sum, clamp, decay of an idle lead, clamp."""
    rows = tuple(of_row(asking, row) for row in node.rows)
    value, low, high = _sums(rows)
    value, low, high = (clamped(each, node.low, node.high) for each in (value, low, high))
    lacks = frozenset(lack for row in rows for lack in row.lacks)
    for decay in node.decays:
        value, low, high, found = _idle(asking, decay, value, low, high)
        lacks |= found
    value, low, high = (millionths(clamped(each, node.low, node.high)) for each in (value, low, high))
    return Scored(value, Bounds(low, high), lacks, rows)


def _sums(rows: Sequence[Points]) -> tuple[float, float, float]:
    value = total_of(row.value for row in rows) or 0.0
    low = -math.inf if any(math.isinf(row.low) for row in rows) else total_of(row.low for row in rows) or 0.0
    high = (
        math.inf if any(math.isinf(row.high) for row in rows) else total_of(row.high for row in rows) or 0.0
    )
    return value, low, high


def of_row(asking: Asking, row: ir.Row) -> Points:
    """Return what one row gives."""
    match row:
        case ir.WhenPoints():
            return _when(asking, row)
        case ir.PerEvent():
            return _per_event(asking, row)
        case ir.PerUnit():
            return _per_unit(asking, row)
        case ir.ByPoints():
            return _by(asking, row)
        case ir.FirstOf():
            return _first_of(asking, row)
        case ir.Group(label, low, cap, rows):
            parts = tuple(of_row(asking, part) for part in rows)
            value, least, greatest = (clamped(each, low, cap) for each in _sums(parts))
            lacks = frozenset(lack for part in parts for lack in part.lacks)
            return Points(value, least, greatest, lacks, label, parts)
        case _:
            assert_never(row)


def _when(asking: Asking, row: ir.WhenPoints) -> Points:
    answer = asking.condition(row.condition).answer
    full = row.points
    worth, lacks, is_sure = full, answer.lacks, False not in answer.can_be
    if row.events is not None and answer.value is True:
        latest = anchor(asking.selection(row.events), "last")
        if isinstance(latest, datetime):
            worth = _shrunk(full, latest, row.options.decays, asking)
        elif not latest.settled:
            # Whatever their age, it leaves points between none and all.
            lacks, is_sure = lacks | latest.lacks, False
    worth, full = _capped(millionths(worth), row.options), _capped(full, row.options)
    value = worth if answer.value is True else 0.0
    could = [worth if answer.value is True else full] if True in answer.can_be else []
    could += [] if is_sure else [0.0]
    return Points(value, min(could), max(could), lacks, row.options.because)


def _per_event(asking: Asking, row: ir.PerEvent) -> Points:
    chosen = asking.selection(row.of)
    if chosen.absent is not None:
        return _open_ended(0.0, row.points, row.options, chosen.absent.lacks)
    sure = chosen.plainly().members
    given = [
        _for_events(asking, row, members)
        for members in (sure, chosen.members, (*chosen.members, *chosen.unlikely))
    ]
    value = given[1]
    if chosen.is_exact:
        return Points(value, min(given), max(given), chosen.open_lacks, row.options.because)
    open_ended = _open_ended(value, row.points, row.options, chosen.all_lacks)
    return attrs.evolve(open_ended, low=min(open_ended.low, *given), high=max(open_ended.high, *given))


def _for_events(asking: Asking, row: ir.PerEvent, members: tuple[Member, ...]) -> float:
    decays, limits = row.options.decays, row.options.limits
    if not decays and not limits:
        return _capped(row.points * len(members), row.options)
    times = [event.at for event in members if isinstance(event, Event) and event.at is not None]
    for number, length in limits:
        times = latest_of_each(times, number, length, asking.situation.as_of, _zone(asking))
    return _capped(total_of(_shrunk(row.points, time, decays, asking) for time in times) or 0.0, row.options)


def _open_ended(value: float, points: float, options: ir.RowOptions, lacks: Lacks) -> Points:
    """Return points that may still grow: up to the cap, or without end."""
    end = options.cap if options.cap is not None else math.inf
    if points < 0:
        return Points(value, -end, value, lacks, options.because)
    return Points(value, value, end, lacks, options.because)


def _per_unit(asking: Asking, row: ir.PerUnit) -> Points:
    found = asking.operand(row.of)
    match found:
        case AtLeast(least, lacks):
            return _open_ended(units(row, least), row.points, row.options, lacks)
        case Absent(_, lacks):
            return _open_ended(0.0, row.points, row.options, lacks)
        case Known():
            bounds = bounds_of(found)
            value = units(row, bounds.low if found.possible is None else float(found.value))  # type: ignore[arg-type] # a number
            ends = sorted((units(row, bounds.low), units(row, bounds.high)))
            return Points(value, ends[0], ends[1], found.lacks, row.options.because)
        case _:
            assert_never(found)


def units(row: ir.PerUnit, amount: float) -> float:
    """Return what an amount gives: points for each full unit, capped."""
    if math.isinf(amount):
        full = amount if amount > 0 else 0.0
        return _capped(math.copysign(math.inf, row.points) if full and row.points else 0.0, row.options)
    scaled = amount * 1e6
    if math.isfinite(scaled) and row.unit >= 1e-6:
        # In whole millionths, so that 0.3 holds three full 0.1.
        full = _how_often(float(round(scaled)), float(round(row.unit * 1e6)))
    else:
        full = _how_often(amount, row.unit) if row.unit > 1 else amount
    full = min(_MOST, max(0.0, full))
    return _capped(clamped(row.points * full, -_MOST, _MOST), row.options)


def _how_often(amount: float, unit: float) -> float:
    """Return how often a unit fits: of whole numbers that no double tells from the next, what the quotient says."""
    return amount // unit if abs(amount) < _TOLD_APART else float(math.floor(amount / unit))


_TOLD_APART = 2.0**53

# No score comes near it, and sums of such points are still numbers.
_MOST = 1e300


def _capped(value: float, options: ir.RowOptions) -> float:
    return value if options.cap is None else clamped(value, -options.cap, options.cap)


# ------------------------------------------------------------------ points by time


def _shrunk(points: float, since: datetime, decays: Sequence[ir.Decay], asking: Asking) -> float:
    for decay in decays:
        points = shrink(points, decay, periods(since, asking.situation.as_of, decay.every, _zone(asking)))
    return points


def shrink(points: float, decay: ir.Decay, times: int) -> float:
    """Return what is left of points after so many whole spans."""
    match decay.kind:
        case "halving":
            return points * 0.5**times if times < 1_100 else 0.0
        case "losing points":
            return math.copysign(max(0.0, abs(points) - decay.amount * times), points)
        case "losing share":
            return points * (1.0 - decay.amount) ** times
        case _:
            assert_never(decay.kind)


def periods(since: datetime, as_of: datetime, every: Duration, zone: ZoneInfo) -> int:
    """Return how many whole spans have passed between two instants."""
    if every.is_exact:
        return max(0, (as_of - since) // every.exact)
    low, high = 0, max(1, (as_of - since).days // 28 + 2)
    while low < high:  # the greatest k with since + k spans <= as_of
        middle = (low + high + 1) // 2
        if forward(since, Duration(every.count * middle, every.unit), zone) <= as_of:
            low = middle
        else:
            high = middle - 1
    return low


def latest_of_each(
    times: list[datetime], number: int, length: Duration, as_of: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Keep the latest `number` of each span of `length`, counted back from as-of."""
    spans: dict[int, list[datetime]] = {}
    for time in times:
        spans.setdefault(_span_number(time, as_of, length, zone), []).append(time)
    return [time for some in spans.values() for time in sorted(some, reverse=True)[:number]]


def _span_number(time: datetime, as_of: datetime, length: Duration, zone: ZoneInfo) -> int:
    """Return how many spans back from as-of an instant lies: `as_of - (k+1) D < t <= as_of - k D`."""
    if length.is_exact:
        return 0 if not length.exact else (as_of - time) // length.exact
    number = 0
    while time <= back(as_of, Duration(length.count * (number + 1), length.unit), zone):
        number += 1
    return number


def _idle(
    asking: Asking, decay: ir.Decay, value: float, low: float, high: float
) -> tuple[float, float, float, Lacks]:
    """Shrink a score toward 0 by the whole spans since the last of some events; none, no decay."""
    assert decay.without is not None
    last = anchor(asking.selection(decay.without), "last")
    if isinstance(last, Absent):
        if last.settled:
            return value, low, high, NOTHING
        return value, min(0.0, low), max(0.0, high), last.lacks
    times = periods(last, asking.situation.as_of, decay.every, _zone(asking))
    return (
        shrink(value, decay, times),
        shrink_end(low, decay, times),
        shrink_end(high, decay, times),
        NOTHING,
    )


def shrink_end(bound: float, decay: ir.Decay, times: int) -> float:
    """Return what is left of a bound; one without end has none afterwards, either."""
    return bound if math.isinf(bound) else shrink(bound, decay, times)


def _zone(asking: Asking) -> ZoneInfo:
    return ZoneInfo(asking.model.header.zone)


# ------------------------------------------------------------------ by and first of


def _by(asking: Asking, row: ir.ByPoints) -> Points:
    found = asking.operand(row.of)
    everything = [
        *(bound.points for bound in row.bounds),
        *(choice.points for choice in row.choices),
        row.otherwise,
    ]
    if not isinstance(found, Known):
        value = row.missing
        settled = isinstance(found, Absent) and found.settled
        exact = settled and row.says_missing
        could = [value] if exact else [value, *everything]
        return _between(value, could, NOTHING if exact else found.lacks, row.options)
    value = _points_for(asking, row, found)
    if found.possible is None:
        return _between(value, [value], NOTHING, row.options)
    if found.may_lack:
        return _between(value, [row.missing, *everything], found.lacks, row.options)
    return _between(value, [value, *_possible_points(asking, row, found)], found.lacks, row.options)


def _between(value: float, could: list[float], lacks: Lacks, options: ir.RowOptions) -> Points:
    capped = [_capped(each, options) for each in could]
    return Points(_capped(value, options), min(capped), max(capped), lacks, options.because)


def _points_for(asking: Asking, row: ir.ByPoints, found: Known) -> float:
    if row.bounds and isinstance(found.value, float):
        reached = [bound for bound in row.bounds if found.value >= bound.start]
        if reached:
            return max(reached, key=lambda bound: bound.start).points
    for choice in row.choices:
        if asking.condition(choice.condition).answer.value is True:
            return choice.points
    return row.otherwise


def _possible_points(asking: Asking, row: ir.ByPoints, found: Known) -> list[float]:
    could: list[float] = []
    if row.bounds and isinstance(found.possible, Bounds):
        ordered = sorted(row.bounds, key=lambda bound: bound.start)
        starts = [-math.inf, *(bound.start for bound in ordered)]
        points = [row.otherwise, *(bound.points for bound in ordered)]
        for number, (start, given) in enumerate(zip(starts, points, strict=True)):
            end = starts[number + 1] if number + 1 < len(starts) else math.inf
            if found.possible.high >= start and (found.possible.low < end or end == math.inf):
                could.append(given)
        return could
    for choice in row.choices:
        answer = asking.condition(choice.condition).answer
        if True in answer.can_be:
            could.append(choice.points)
        if False not in answer.can_be:
            return could
    return [*could, row.otherwise]


def _first_of(asking: Asking, row: ir.FirstOf) -> Points:
    """Return the points of the first row that holds; bounds over all that could be the first."""
    value: float | None = None
    parts: list[Points] = []
    could: list[tuple[float, float]] = []
    lacks: Lacks = NOTHING
    for part in row.rows:
        points = of_row(asking, part)
        answer = _row_holds(asking, part, points)
        parts.append(points)
        if True in answer.can_be:
            could.append(_if_it_holds(part, points))
            lacks |= points.lacks | answer.lacks
        if value is None and answer.value is True:
            value = points.value
        if False not in answer.can_be:
            break
    else:
        could.append((0.0, 0.0))
    low, high = min(low for low, _ in could), max(high for _, high in could)
    return Points(value or 0.0, low, high, lacks, parts=tuple(parts))


def _if_it_holds(row: ir.Row, points: Points) -> tuple[float, float]:
    """Return the bounds of a row's points where it is the first that holds: all of them, if they do not shrink."""
    if isinstance(row, ir.WhenPoints) and row.events is None:
        given = points.high if row.points > 0 else points.low
        return given, given
    return points.low, points.high


def _row_holds(asking: Asking, row: ir.Row, points: Points) -> Answer:
    """Say whether a row of `first of` that gives `points` holds: its condition, an event, an amount, a case."""
    match row:
        case ir.WhenPoints(_, condition):
            return asking.condition(condition).answer
        case ir.PerEvent(_, of):
            chosen = asking.selection(of).plainly()
            if chosen.members:
                return YES_ANSWER
            is_none = chosen.absent is None and chosen.is_exact
            return (
                Answer(False, frozenset({False}))
                if is_none
                else Answer(None, frozenset({True, False}), chosen.all_lacks)
            )
        case _:
            can_be = frozenset(
                {points.value != 0, points.low != 0 or points.high != 0, not (points.low <= 0 <= points.high)}
            )
            return Answer(points.value != 0, can_be, points.lacks if len(can_be) > 1 else NOTHING)
