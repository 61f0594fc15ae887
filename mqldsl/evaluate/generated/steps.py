"""The steps that a generated function calls: what is too long to write out, and what the reference is asked for."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from mqldsl.evaluate import outcome, points
from mqldsl.evaluate.aggregates import largest
from mqldsl.evaluate.comparing import compare, rank
from mqldsl.evaluate.decision import deadline_from
from mqldsl.evaluate.generated.readers import UNSUPPLIED, Named, read_of
from mqldsl.evaluate.numbers import calculated_bounds, clamped, millionths, total_of
from mqldsl.evaluate.outcome import Absent, Answer, Anything, AtLeast, Bounds, Known, joined
from mqldsl.evaluate.selecting import comparable
from mqldsl.model import ir
from mqldsl.model.calendar import day_of
from mqldsl.model.types import Number, Type, Value

# A no and a yes of which the other answer is still possible, beside False, True and None for unknown.
NO_OPEN, YES_OPEN = 3, 4
State: TypeAlias = bool | int | None
OPEN = frozenset({NO_OPEN, YES_OPEN})
VALUES: Mapping[State, bool | None] = {False: False, True: True, None: None, NO_OPEN: False, YES_OPEN: True}
CAN_BE: Mapping[State, frozenset[bool]] = {
    False: outcome.NO,
    True: outcome.YES,
    None: outcome.EITHER,
    NO_OPEN: outcome.EITHER,
    YES_OPEN: outcome.EITHER,
}
NEGATED: Mapping[State, State] = {
    False: True,
    True: False,
    None: None,
    NO_OPEN: YES_OPEN,
    YES_OPEN: NO_OPEN,
}

UNSURE = object()
"""Stands for the last of some events that may not be the last."""


def state_of(answer: Answer) -> State:
    """Return an answer of the reference as a state."""
    if answer.value is None or len(answer.can_be) == 1:
        return answer.value
    return YES_OPEN if answer.value else NO_OPEN


def counted(states: Sequence[State], least: int, most: int) -> State:
    """Return whether at least `least` and at most `most` of the states are yes."""
    sure = unknown = must = can = 0
    for state in states:
        if state is False:
            continue
        can += 1
        if state is True:
            must += 1
            sure += 1
        elif state is None:
            unknown += 1
        elif state == YES_OPEN:
            sure += 1
    if sure >= least and sure + unknown <= most:
        return True if must >= least and can <= most else YES_OPEN
    if sure + unknown < least or sure > most:
        return NO_OPEN if must <= most and can >= least else False
    return None


# ------------------------------------------------------------------ numbers

Range: TypeAlias = tuple[float, float, float]


def compared_ranges(relation: ir.Relation, left: Range, right: Range) -> State:
    """Compare two numbers that have bounds."""
    sides = [Known(float(value), Bounds(low, high)) for value, low, high in (left, right)]
    return state_of(compare(relation, sides[0], sides[1], Number()))


def compared_counts(relation: ir.Relation, left: tuple[float, bool], right: tuple[float, bool]) -> State:
    """Compare two counts, of which one or both are at least as large as they are."""
    sides = [AtLeast(float(n)) if is_open else Known(float(n)) for n, is_open in (left, right)]
    return state_of(compare(relation, sides[0], sides[1], Number()))


def calculated_range(operator: Any, a: float, b: float, c: float, d: float) -> tuple[float, float]:  # noqa: ANN401 # a sign
    """Return the bounds of arithmetic."""
    found = calculated_bounds(operator, Bounds(a, b), Bounds(c, d))
    return found.low, found.high


def in_units(total: float) -> float:
    """Return a sum of whole millionths as a number; 0 where no double holds it, as the reference has it."""
    try:
        number = total / 1_000_000
    except OverflowError:
        return 0.0
    return number if -1e15 < total < 1e15 else millionths(number)


def end_in_units(total: float, distance: float) -> float:
    """Return a bound as a number: a sum of whole millionths, and how far the bound lies from it."""
    return distance if math.isinf(distance) else in_units(total + distance)


def in_millionths(number: float) -> float:
    """Return a number as whole millionths; what has no end has none there, either."""
    scaled = number * 1e6
    if math.isfinite(scaled):
        return round(scaled)
    return number if math.isinf(number) else int(number) * 1_000_000


# ------------------------------------------------------------------ aggregates

Rows: TypeAlias = Sequence[tuple[datetime | None, Mapping[str, object]]]
Readers: TypeAlias = Mapping[str, Named | None]


def _value(event: Mapping[str, object], readers: Readers) -> Any:  # noqa: ANN401 # a value, None or UNSUPPLIED
    named = readers[event["kind"]]  # type: ignore[index] # a kind
    return None if named is None else read_of(event, named)


def _values(rows: Rows, readers: Readers) -> tuple[list[Value], bool]:
    """Return the known values, and whether some were not supplied."""
    found = [_value(event, readers) for _, event in rows]
    known = [value for value in found if value is not None and value is not UNSUPPLIED]
    return known, any(value is UNSUPPLIED for value in found)


def distinct(rows: Rows, readers: Readers) -> tuple[int, bool]:
    """Return how many different values there are, and whether there may be more."""
    values, lacks = _values(rows, readers)
    return len({comparable(value) for value in values}), lacks


def most(rows: Rows, readers: Readers) -> tuple[int, bool]:
    """Return how many events the largest group of equal values has, and whether it may be more."""
    values, lacks = _values(rows, readers)
    return max(Counter(comparable(value) for value in values).values(), default=0), lacks


def distinct_days(times: Sequence[datetime], zone: ZoneInfo) -> int:
    """Return how many different days there are."""
    return len({day_of(time, zone) for time in times})


def of_values(kind: str, rows: Rows, readers: Readers, of: Type) -> Value | None:
    """Return the total, average, highest or lowest of a property."""
    values, lacks = _values(rows, readers)
    if lacks:
        return None
    if not values:
        return 0.0 if kind == "total" and not rows else None
    if kind in ("total", "average"):
        total = total_of(value for value in values if isinstance(value, float))
        return total if total is None or kind == "total" else millionths(total / len(values))
    pick = max if kind == "highest" else min
    return _finished(pick(values, key=lambda value: rank(value, of)))


def at_the_end(rows: Rows, readers: Readers, is_last: bool, of: Type) -> Value | None:
    """Return the property of the last or first event; among equal times the largest, known before missing."""
    if not rows:
        return None
    times = [at for at, _ in rows if at is not None]
    end = max(times) if is_last else min(times)
    found = [_value(event, readers) for at, event in rows if at == end]
    known = [value for value in found if value is not None and value is not UNSUPPLIED]
    if not known or [value for value in found if value is UNSUPPLIED]:
        return None
    return _finished(max(known, key=largest(of)))


def _finished(value: Value) -> Value:
    return millionths(value) if isinstance(value, float) else value


# ------------------------------------------------------------------ points


Shrink: TypeAlias = Callable[[float, datetime, datetime], float]


def shrink_of(decays: Sequence[ir.Decay], zone: ZoneInfo) -> Shrink:
    """Return what tells how much is left of points since an instant, at as-of."""
    if (
        len(decays) == 1
        and decays[0].kind == "halving"
        and decays[0].every.is_exact
        and decays[0].every.exact
    ):
        every = decays[0].every.exact
        return lambda full, at, now: full * 0.5 ** min((now - at) // every, _ALL_GONE)

    def shrunk(full: float, at: datetime, now: datetime) -> float:
        for decay in decays:
            full = points.shrink(full, decay, points.periods(at, now, decay.every, zone))
        return full

    return shrunk


# After so many halvings nothing is left of any double.
_ALL_GONE = 1_100


def worth(full: float, at: object, shrunk: Shrink, cap: float | None, now: datetime) -> float:
    """Return what a row is worth that shrinks since `at`, if that is known, in whole millionths."""
    full = millionths(shrunk(full, at, now) if isinstance(at, datetime) else full)
    return in_millionths(full if cap is None else clamped(full, -cap, cap))


def shrunk_points(
    each: float, times: Sequence[datetime], shrunk: Shrink, cap: float | None, now: datetime
) -> float:
    """Return what some events give that shrinks since each of them, in whole millionths."""
    total = sum([in_millionths(shrunk(each, at, now)) for at in times])
    return total if cap is None else in_millionths(clamped(in_units(total), -cap, cap))


def limited(
    times: list[datetime], limits: Sequence[tuple[int, Any]], now: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Return the latest few of each span of time."""
    if len(times) <= 1 and all(number for number, _ in limits):
        return times
    for number, length in limits:
        times = points.latest_of_each(times, number, length, now, zone)
    return times


def units(row: ir.PerUnit, amount: float) -> float:
    """Return what an amount gives, in whole millionths."""
    return in_millionths(points.units(row, amount))


def idle(at: object, decay: ir.Decay, of: Range, now: datetime, zone: ZoneInfo) -> Range:
    """Return a score and its bounds, shrunk by the spans since `at`: None for no such event, or UNSURE."""
    value, low, high = of
    if at is None:
        return of
    if not isinstance(at, datetime):
        return value, min(0.0, low), max(0.0, high)
    times = points.periods(at, now, decay.every, zone)
    shrink_end = points.shrink_end
    return points.shrink(value, decay, times), shrink_end(low, decay, times), shrink_end(high, decay, times)


# ------------------------------------------------------------------ labels and decisions


def bands_between(grade: ir.Grade, low: float, high: float) -> frozenset[str] | None:
    """Return the bands from one bound to the other; None for only one."""
    names = grade.type.names
    worst, best = (
        names.index(next((label for label, start in grade.bands if end >= start), grade.otherwise))
        for end in (low, high)
    )
    possible = names[worst : best + 1]
    return None if len(possible) == 1 else frozenset(possible)


def cells_of(
    cells: Mapping[tuple[str, str], str],
    first: str,
    firsts: frozenset[str] | Anything | None,
    second: str,
    seconds: frozenset[str] | Anything | None,
) -> frozenset[str] | Anything | None:
    """Return the cells that are possible; None for only one."""
    if isinstance(firsts, Anything) or isinstance(seconds, Anything):
        return Anything.OR_NONE
    possible = frozenset(cells[a, b] for a in firsts or (first,) for b in seconds or (second,))
    return None if len(possible) == 1 else possible


def choice_in(value: Value, possible: frozenset[Value] | Anything, yes: frozenset[Value]) -> State:
    """Return whether a value is one of some, with all that it could be."""
    if isinstance(possible, Anything):
        return YES_OPEN if value in yes else NO_OPEN
    if value in yes:
        return True if possible <= yes else YES_OPEN
    return NO_OPEN if possible & yes else False


def first_number(states: Sequence[State], cases: Sequence[tuple[Any, Any, Any]]) -> tuple[Any, Any, Any]:
    """Return the first of some numbers whose condition is yes, with the bounds of all that could be."""
    winner, first = _first(states)
    if winner is None or cases[winner][0] is None:
        return None, None, None
    if len(first) == 1:
        return cases[winner]
    could_be = [cases[number] for number in first]
    return cases[winner][0], min(low for _, low, _ in could_be), max(high for _, _, high in could_be)


def first_loose(
    states: Sequence[State], cases: Sequence[tuple[Any, Any, Any, Any]]
) -> tuple[Any, Any, Any, Any]:
    """Return the same of numbers that may be missing: where one that could be it is, all is possible."""
    winner, first = _first(states)
    if winner is None or cases[winner][0] is None:
        return None, None, None, False
    if len(first) == 1:
        return cases[winner]
    could_be = [cases[number] for number in first]
    if any(value is None or gone for value, _, _, gone in could_be):
        return cases[winner][0], -math.inf, math.inf, True
    return (
        cases[winner][0],
        min(low for _, low, _, _ in could_be),
        max(high for _, _, high, _ in could_be),
        False,
    )


def first_choice(states: Sequence[State], cases: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Return the first of some values whose condition is yes, with all that it could be."""
    winner, first = _first(states)
    if winner is None or cases[winner][0] is None:
        return None, None
    if len(first) == 1:
        return cases[winner]
    could_be = [cases[number] for number in first]
    found = [
        Absent(settled=False) if value is None else Known(value, possible) for value, possible in could_be
    ]
    return cases[winner][0], joined(found)


def _first(states: Sequence[State]) -> tuple[int | None, list[int]]:
    """Return the first that is yes, and all that could be the first."""
    winner, first = None, []
    for number, state in enumerate(states):
        if state is not False:
            first.append(number)
        if winner is None and (state is True or state == YES_OPEN):
            winner = number
        if state is True:
            break
    return winner, first


@lru_cache(1_024)
def could_be_first(states: tuple[State, ...]) -> tuple[int, ...]:
    """Return the rows of a decision that could be the first that holds; the last always holds."""
    found = []
    for number, state in enumerate((*states, True)):
        if state is not False:
            found.append(number)
        if state is True:
            break
    return tuple(found)


def outcomes_of(labels: Sequence[str], rows: Sequence[int]) -> frozenset[str] | None:
    """Return the outcomes of some rows; None for only one."""
    found = frozenset(labels[row] for row in rows)
    return None if len(found) == 1 else found


def evenly(names: Sequence[str], lead_id: str) -> str:
    """Return whose turn a lead is, by its id."""
    digest = md5(lead_id.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return names[int(digest.hexdigest()[:8], 16) % len(names)]


def deadline(start: datetime | None, length: Any, hours: Any, zone: ZoneInfo) -> datetime | None:  # noqa: ANN401
    """Return the instant by which something is due."""
    return None if start is None else deadline_from(start, length, hours, zone)


_MOST_REMEMBERED = 16_384


def remembered(memory: dict[object, object], key: object, found: object) -> object:
    """Keep what was found, and return it."""
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = found
    return found
