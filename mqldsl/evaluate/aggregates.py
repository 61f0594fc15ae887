"""Aggregates over a selection: how many, how different, how much, first and last."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mqldsl.evaluate.comparing import rank
from mqldsl.evaluate.numbers import millionths, total_of
from mqldsl.evaluate.outcome import (
    Absent,
    Anything,
    Asking,
    AtLeast,
    Bounds,
    Chosen,
    Found,
    Known,
    Lack,
    Lacks,
    Member,
    bounds_of,
    joined,
)
from mqldsl.evaluate.selecting import comparable
from mqldsl.evaluate.situation import Event, Lead
from mqldsl.evaluate.spans import anchor
from mqldsl.model import ir
from mqldsl.model.calendar import day_of, whole_days
from mqldsl.model.folding import fold
from mqldsl.model.types import Labels, Type, Value


def how_many(chosen: Chosen) -> Found:
    """Return how many a selection holds."""
    if chosen.absent is None and chosen.is_exact and (chosen.doubtful or chosen.unlikely):
        number = len(chosen.members)
        bounds = Bounds(float(number - len(chosen.doubtful)), float(number + len(chosen.unlikely)))
        return Known(float(number), bounds, chosen.open_lacks)
    chosen = chosen.plainly()
    return _counted(chosen, len(chosen.members))


def _counted(chosen: Chosen, number: int) -> Found:
    if chosen.absent is not None:
        return chosen.absent
    return Known(float(number)) if chosen.is_exact else AtLeast(float(number), chosen.all_lacks)


def days_since_event(chosen: Chosen, which: str, as_of: datetime) -> Found:
    """Return the whole days since the first or last of a selection."""
    instant = anchor(chosen, which)
    return instant if isinstance(instant, Absent) else Known(float(whole_days(instant, as_of)))


def aggregate(asking: Asking, node: ir.Aggregate, chosen: Chosen, zone: ZoneInfo) -> Found:
    """Return an aggregate over the members of a selection."""
    if chosen.absent is not None:
        return chosen.absent
    chosen = chosen.plainly()
    if node.kind == "distinct days":
        days = {day_of(event.at, zone) for event in chosen.members if isinstance(event, Event) and event.at}
        return _counted(chosen, len(days))
    assert node.each is not None
    found = [(member, _of_member(asking, node.each, member)) for member in chosen.members]
    unsupplied: Lacks = frozenset(
        lack for _, each in found if not isinstance(each, Known) for lack in each.lacks if not lack.blank
    )
    match node.kind:
        case "distinct" | "most":
            return _grouped(node, chosen, [each for _, each in found if isinstance(each, Known)], unsupplied)
        case "latest" | "earliest":
            return _at_the_end(node, chosen, found, node.each.type)
        case _:
            known_only = [each for _, each in found if isinstance(each, Known)]
            return _over_values(node, chosen, known_only, unsupplied)


def _of_member(asking: Asking, each: ir.Operand, member: Member) -> Found:
    if isinstance(member, Lead):
        return asking.about(member).operand(each)
    return asking.operand(each, member)


def _grouped(node: ir.Aggregate, chosen: Chosen, known: list[Known], unsupplied: Lacks) -> Found:
    """Return how many groups there are, or how large the largest is; each value that could be another may be in any."""
    sure = [each for each in known if not each.is_open]
    least, number = (_in_groups(node, some) for some in (sure, known))
    if unsupplied:
        return AtLeast(float(least), chosen.all_lacks | unsupplied)
    if len(sure) == len(known) or not chosen.is_exact:
        return _counted(chosen, least)
    most = least + len(known) - len(sure)
    lacks = frozenset(lack for each in known if each.is_open for lack in each.lacks)
    return Known(float(number), Bounds(float(least), float(most)), lacks)


def _in_groups(node: ir.Aggregate, known: list[Known]) -> int:
    groups = Counter(comparable(each.value) for each in known)
    return len(groups) if node.kind == "distinct" else max(groups.values(), default=0)


def _over_values(node: ir.Aggregate, chosen: Chosen, known: list[Known], unsupplied: Lacks) -> Found:
    if not chosen.is_exact or unsupplied:
        return Absent(settled=False, lacks=chosen.all_lacks | unsupplied)
    if not known:
        none_at_all = node.kind == "total" and not chosen.members
        return Known(0.0) if none_at_all else Absent(settled=True, lacks=_blank_lacks(node, chosen))
    value = _of_values(node, [each.value for each in known])
    if value is None:
        return Absent(settled=True)
    if all(each.possible is None for each in known):
        return Known(value)
    lacks = frozenset(lack for each in known for lack in each.lacks)
    if isinstance(value, float) and not any(each.may_lack for each in known):
        ends = [bounds_of(each) for each in known]
        low, high = (
            _of_values(node, list(some)) for some in zip(*((end.low, end.high) for end in ends), strict=True)
        )
        assert isinstance(low, float)
        assert isinstance(high, float)
        return Known(value, Bounds(low, high), lacks)
    assert node.each is not None
    if isinstance(node.each.type, Labels) or any(each.may_lack for each in known):
        return Known(value, joined(known), lacks)
    return Known(value, Anything.VALUE, lacks) if any(each.is_open for each in known) else Known(value)


def _of_values(node: ir.Aggregate, values: list[Value]) -> Value | None:
    """Return the total, average, highest or lowest of some values; None where no number holds it."""
    assert node.each is not None
    if node.kind in ("total", "average"):
        numbers = [value for value in values if isinstance(value, float)]
        if any(math.isinf(number) for number in numbers):
            return sum(numbers)  # a bound without an end
        total = total_of(numbers)
        if total is None or node.kind == "total":
            return total
        return millionths(total / len(values))
    kind = node.each.type
    pick = max if node.kind == "highest" else min
    return _finished(pick(values, key=lambda value: rank(value, kind)))


def _blank_lacks(node: ir.Aggregate, chosen: Chosen) -> Lacks:
    if not isinstance(node.each, ir.PropertyValue):
        return frozenset()
    kinds = {member.kind for member in chosen.members if isinstance(member, Event)}
    return frozenset(Lack(f"{kind}.{node.each.name}", "property", blank=True) for kind in kinds)


def _finished(value: Value) -> Value:
    return millionths(value) if isinstance(value, float) else value


def _at_the_end(node: ir.Aggregate, chosen: Chosen, found: list[tuple[Member, Found]], kind: Type) -> Found:
    """Return the value of the last or first event; among equal times the largest, known before missing."""
    instant = anchor(chosen, "last" if node.kind == "latest" else "first")
    if isinstance(instant, Absent):
        return instant
    ends = [each for member, each in found if isinstance(member, Event) and member.at == instant]
    known = [each for each in ends if isinstance(each, Known)]
    supplied = [each for each in ends if not (isinstance(each, Absent) and not each.settled)]
    if len(supplied) < len(ends) or not known:
        lacks = frozenset(lack for each in ends for lack in each.lacks)
        return Absent(settled=len(supplied) == len(ends), lacks=lacks)
    return Known(_finished(max((each.value for each in known), key=largest(kind))))


def largest(kind: Type) -> Callable[[Value], Any]:
    """Return what values are ordered by among equal times."""

    def key(value: Value) -> tuple[Any, ...]:
        if isinstance(kind, Labels):
            return (rank(value, kind), str(value))
        if isinstance(value, str):
            return (fold(value), value)
        if isinstance(value, tuple):
            return (tuple(sorted(fold(each) for each in value)), value)
        return (value,)

    return key
