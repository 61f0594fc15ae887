"""Single steps: what one operation gives of values that are found, and what else that could be."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate import comparing
from mqldsl.evaluate.numbers import calculated, calculated_bounds, rounded
from mqldsl.evaluate.outcome import (
    EITHER,
    NOTHING,
    Absent,
    Answer,
    Anything,
    AtLeast,
    Bounds,
    Found,
    Known,
    Lack,
    Lacks,
    Possible,
    answer,
    bounds_of,
    joined,
    unknown,
)
from mqldsl.model import ir
from mqldsl.model.calendar import day_of, whole_days
from mqldsl.model.types import BLANK, Blank, Labels, Number, Type, Value, YesNo


def given(facts: Mapping[str, Value | Blank], name: str, default: Value | None, lack: Lack) -> Found:
    """Return what was given for a field or a property."""
    value = facts.get(name)
    if value is None:
        return Absent(settled=False, lacks=frozenset({lack}))
    if value is not BLANK:
        return Known(value)
    if default is not None:
        return Known(default)
    return Absent(settled=True, lacks=frozenset({attrs.evolve(lack, blank=True)}))


def as_value(of: Answer) -> Found:
    """Return an answer as a value: yes or no."""
    if of.value is None:
        settled = bool(of.lacks) and all(lack.blank for lack in of.lacks)
        return Absent(settled, of.lacks)
    possible: frozenset[Value] | None = frozenset(of.can_be) if of.is_open else None
    return Known(of.value, possible, of.lacks)


def is_known(found: Found) -> Answer:
    """Return whether an operand is known; open where its lack is not settled, or a value could give way to one."""
    match found:
        case Known(lacks=lacks):
            return Answer(True, EITHER, lacks) if found.may_lack else answer(True)
        case Absent(settled=True):
            return answer(False)
        case _:
            return unknown(found.lacks)


def arithmetic(node: ir.Arithmetic, left: Found, right: Found) -> Found:
    """Return what `+ - * /` gives; only `+` knows counts that are not exact."""
    if isinstance(left, Known) and isinstance(right, Known):
        a, b = left.value, right.value
        assert isinstance(a, float)
        assert isinstance(b, float)
        value = calculated(node.operator, a, b)
        lacks = left.lacks | right.lacks
        by_open = node.operator == "/" and right.is_open
        if value is None:
            return Absent(settled=not (left.may_lack or right.may_lack or by_open), lacks=lacks)
        if left.possible is None and right.possible is None:
            return Known(value)
        by_zero = by_open and bounds_of(right).low <= 0 <= bounds_of(right).high
        if left.may_lack or right.may_lack or by_zero:
            return Known(value, Anything.OR_NONE, lacks)
        return Known(value, calculated_bounds(node.operator, bounds_of(left), bounds_of(right)), lacks)
    may_lack = any(isinstance(each, Known) and each.may_lack for each in (left, right))
    if (
        node.operator == "+"
        and not may_lack
        and not isinstance(left, Absent)
        and not isinstance(right, Absent)
    ):
        return AtLeast(_least(left) + _least(right), left.lacks | right.lacks)
    return _joined_absence([each for each in (left, right) if not isinstance(each, Known)])


def _least(found: Known | AtLeast) -> float:
    return found.least if isinstance(found, AtLeast) else bounds_of(found).low


def _joined_absence(found: Sequence[Found]) -> Absent:
    """Return the lack of something that needs all its parts: settled as soon as one part's lack is."""
    settled = any(isinstance(each, Absent) and each.settled for each in found)
    return Absent(settled, frozenset(lack for each in found for lack in each.lacks))


def pick(node: ir.Pick, found: list[Found]) -> Found:
    """Return the first known of some values, or the lowest or highest where all are known."""
    if node.kind == "first known":
        return _first_known(node, found)
    absent = [each for each in found if not isinstance(each, Known)]
    if absent:
        return _joined_absence(absent)
    known = [each for each in found if isinstance(each, Known)]
    return comparing.extreme(node.kind, known, node.type)


def _first_known(node: ir.Pick, found: list[Found]) -> Found:
    """Return the first that is known; what was passed over and may yet be supplied could be it as well."""
    passed: list[Possible] = []
    lacks: Lacks = NOTHING
    for part, each in zip(node.parts, found, strict=True):
        match each:
            case Known():
                if not passed:
                    return each
                possible = joined([*(Known(each.value, other) for other in passed), each])
                return attrs.evolve(each, possible=possible, lacks=lacks | each.lacks)
            case AtLeast(least):
                passed.append(Bounds(least, math.inf))
                lacks |= each.lacks
            case Absent(settled=False):
                passed.append(_any_of(part.type))
                lacks |= each.lacks
    settled = all(isinstance(each, Absent) and each.settled for each in found)
    return Absent(settled, frozenset(lack for each in found for lack in each.lacks))


def _any_of(kind: Type) -> Possible:
    """Return every value of a type."""
    match kind:
        case Number():
            return Bounds(-math.inf, math.inf)
        case Labels(names):
            return frozenset(names)
        case YesNo():
            return EITHER
        case _:
            return Anything.VALUE


def rounded_to(found: Found, places: int) -> Found:
    """Return a number with so many decimals."""
    if not isinstance(found, Known):
        return Absent(isinstance(found, Absent) and found.settled, found.lacks)
    assert isinstance(found.value, float)
    possible = found.possible
    if isinstance(possible, Bounds):
        ends = (each if math.isinf(each) else rounded(each, places) for each in (possible.low, possible.high))
        possible = Bounds(*ends)
    return Known(rounded(found.value, places), possible, found.lacks)


def domain(found: Found) -> Found:
    """Return what follows the last `@` of an address."""
    if not isinstance(found, Known):
        return found
    _, at, told = str(found.value).rpartition("@")
    if not at or not told.strip():
        return Absent(settled=not found.is_open, lacks=found.lacks)
    return Known(told, Anything.OR_NONE, found.lacks) if found.is_open else Known(told)


def days(direction: Literal["since", "until"], found: Found, as_of: datetime, zone: ZoneInfo) -> Found:
    """Return the days between a day or an instant and as-of."""
    if not isinstance(found, Known):
        return Absent(isinstance(found, Absent) and found.settled, found.lacks)
    since = direction == "since"
    if isinstance(found.value, datetime):
        number = whole_days(found.value, as_of) if since else whole_days(as_of, found.value)
    else:
        assert isinstance(found.value, date)
        passed = (day_of(as_of, zone) - found.value).days
        number = passed if since else -passed
    if not found.is_open:
        return Known(float(number))
    possible = Anything.OR_NONE if found.may_lack else Bounds(-math.inf, math.inf)
    return Known(float(number), possible, found.lacks)
