"""Comparisons and tests of single values, with all that is still possible on both sides."""

import math
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo

from mqldsl.evaluate.outcome import (
    EITHER,
    NO,
    NOTHING,
    YES,
    Absent,
    Answer,
    Anything,
    Asking,
    AtLeast,
    Bounds,
    Found,
    Known,
    Lacks,
    answer,
    bounds_of,
    joined,
    unknown,
    values_of,
)
from mqldsl.evaluate.situation import Event
from mqldsl.evaluate.spans import Unlimited, day_in_span, limits
from mqldsl.model import ir
from mqldsl.model.folding import Entry, Pattern, compile_regex, fold, matches_entry, mentions
from mqldsl.model.types import Labels, Number, Type, Value


def compare(relation: ir.Relation, left: Found, right: Found, kind: Type) -> Answer:
    """Answer a comparison of two operands of one type."""
    if isinstance(left, Absent) or isinstance(right, Absent):
        return unknown(
            frozenset(lack for side in (left, right) if not isinstance(side, Known) for lack in side.lacks)
        )
    if isinstance(kind, Number):
        return _compare_numbers(relation, left, right)
    assert isinstance(left, Known)
    assert isinstance(right, Known)
    return _of_both(left, right, lambda a, b: holds(relation, a, b, kind))


def _of_both(left: Known, right: Known, test: Callable[[Value, Value], bool]) -> Answer:
    """Answer a test of two values, and of every other pair that is still possible."""
    value = test(left.value, right.value)
    if isinstance(left.possible, Anything) or isinstance(right.possible, Anything):
        return Answer(value, EITHER, left.lacks | right.lacks)
    can_be = frozenset(test(a, b) for a in values_of(left) for b in values_of(right)) | {value}
    return Answer(value, can_be, left.lacks | right.lacks if len(can_be) > 1 else NOTHING)


def holds(relation: ir.Relation, left: Value, right: Value, kind: Type) -> bool:
    """Say whether a relation holds between two values of a type."""
    if relation in ("=", "!="):
        return (_equal_as(left) == _equal_as(right)) == (relation == "=")
    return _in_order(relation, rank(left, kind), rank(right, kind))


def _equal_as(value: Value) -> Value:
    return fold(value) if isinstance(value, str) else value


def rank(value: Value, kind: Type) -> float | date | datetime:
    """Return what a value is ordered by: labels by their place in the list.

    Events of several kinds may have other labels under the same name; these come before all.
    """
    if isinstance(kind, Labels):
        return float(kind.names.index(str(value))) if value in kind.names else -1.0
    assert isinstance(value, float | date)
    return value


def _in_order(relation: ir.Relation, left: float | date, right: float | date) -> bool:
    match relation:
        case "<":
            return left < right  # type: ignore[operator] # both sides are of one type
        case "<=":
            return left <= right  # type: ignore[operator] # as above
        case ">":
            return left > right  # type: ignore[operator] # as above
        case ">=":
            return left >= right  # type: ignore[operator] # as above
        case "=":
            return left == right
        case "!=":
            return left != right
        case _:
            assert_never(relation)


# ------------------------------------------------------------------ numbers


def _compare_numbers(relation: ir.Relation, left: Known | AtLeast, right: Known | AtLeast) -> Answer:
    a, b = _range(left), _range(right)
    can_be = _possible(relation, a, b)
    if relation in ("=", "!=") and not _can_meet(left, right):
        can_be = YES if relation == "!=" else NO
    lacks = left.lacks | right.lacks
    if isinstance(left, Known) and isinstance(right, Known):
        assert isinstance(left.value, float)
        assert isinstance(right.value, float)
        value = _in_order(relation, left.value, right.value)
        return Answer(value, can_be | {value}, lacks if len(can_be | {value}) > 1 else NOTHING)
    return answer(True in can_be) if len(can_be) == 1 else unknown(lacks)


def _range(side: Known | AtLeast) -> Bounds:
    if isinstance(side, AtLeast):
        return Bounds(side.least, math.inf)
    return bounds_of(side)


def _possible(relation: ir.Relation, a: Bounds, b: Bounds) -> frozenset[bool]:
    """Return the answers that numbers between these bounds can give."""
    match relation:
        case "<":
            return _either(yes=a.low < b.high, no=a.high >= b.low)
        case "<=":
            return _either(yes=a.low <= b.high, no=a.high > b.low)
        case ">":
            return _possible("<", b, a)
        case ">=":
            return _possible("<=", b, a)
        case "=":
            meet = max(a.low, b.low) <= min(a.high, b.high)
            return _either(yes=meet, no=not (meet and a.low == a.high and b.low == b.high))
        case "!=":
            return frozenset(not each for each in _possible("=", a, b))
        case _:
            assert_never(relation)


def _either(*, yes: bool, no: bool) -> frozenset[bool]:
    if yes and no:
        return EITHER
    return YES if yes else NO


def _can_meet(left: Known | AtLeast, right: Known | AtLeast) -> bool:
    """Say whether a count can equal a number: counts grow by whole steps."""
    for count, other in ((left, right), (right, left)):
        if isinstance(count, AtLeast) and isinstance(other, Known) and other.possible is None:
            assert isinstance(other.value, float)
            if math.isfinite(count.least) and (other.value - count.least) % 1 != 0:
                return False
    return True


# ------------------------------------------------------------------ tests of one value


def tested(known: Known, test: Callable[[Value], bool]) -> Answer:
    """Answer a test of a value, and of every other value that is still possible."""
    value = test(known.value)
    if isinstance(known.possible, Anything):
        return Answer(value, EITHER, known.lacks)
    if isinstance(known.possible, Bounds):
        only_one = known.possible.low == known.possible.high
        can_be = (YES if value else NO) if only_one else EITHER
    else:
        can_be = frozenset(test(each) for each in values_of(known)) | {value}
    return Answer(value, can_be, known.lacks if len(can_be) > 1 else NOTHING)


def searched(kind: ir.TextTestKind, of: Known, needle: Found) -> Answer:
    """Answer whether a text has a needle at the right place."""
    if not isinstance(needle, Known):
        return unknown(needle.lacks)
    return _of_both(of, needle, lambda text, wanted: _looking_for(kind, str(wanted))(text))


def has_member(of: Known, members: list[str], wanted: Entry | Found) -> Answer:
    """Answer whether a set, of which `members` are folded, has an entry of a list, or a value."""
    if isinstance(wanted, Entry):
        return _opened(any(matches_entry(wanted, member) for member in members), of)
    if not isinstance(wanted, Known):
        return unknown(wanted.lacks)
    return _opened(fold(str(wanted.value)) in members, of, wanted)


def _opened(value: bool, *sides: Known) -> Answer:
    """Return an answer that is open where anything else is possible on either side."""
    if not any(side.is_open for side in sides):
        return answer(value)
    return Answer(value, EITHER, NOTHING.union(*(side.lacks for side in sides)))


def is_member(node: ir.Member, value: Value) -> bool:
    """Say whether a value is one of a collection's."""
    if node.entries:
        folded = fold(str(value))
        exact, wild = entries(node.entries)
        return folded in exact or any(matches_entry(entry, folded) for entry in wild)
    return value in node.values


@lru_cache(16_384)
def _looking_for(kind: ir.TextTestKind, needle: str) -> Callable[[Value], bool]:
    folded = fold(needle)
    tests: dict[str, Callable[[str], bool]] = {
        "contains": lambda text: folded in text,
        "mentions": lambda text: mentions(text, folded),
        "starts with": lambda text: text.startswith(folded),
        "ends with": lambda text: text.endswith(folded),
    }
    test = tests[kind]
    return lambda value: test(fold(str(value)))


def extreme(kind: str, known: list[Known], of: Type) -> Found:
    """Return the lowest or highest of some values that are all known."""
    pick = min if kind == "lowest" else max
    value = pick((each.value for each in known), key=lambda each: rank(each, of))
    lacks: Lacks = frozenset(lack for each in known for lack in each.lacks)
    if not any(each.is_open for each in known):
        return Known(value)
    if isinstance(of, Number) and not any(each.may_lack for each in known):
        ranges = [_range(each) for each in known]
        low, high = pick(each.low for each in ranges), pick(each.high for each in ranges)
        return Known(value, Bounds(low, high), lacks)
    return Known(value, joined(known), lacks)


def in_span(asking: Asking, found: Found, span: ir.Span, event: Event | None, zone: ZoneInfo) -> Answer:
    """Answer whether a day or an instant lies in a span."""
    if not isinstance(found, Known):
        return unknown(found.lacks)
    if isinstance(found.value, datetime):
        stretch = limits(asking, span, event, zone)
        if isinstance(stretch, Unlimited):
            return unknown(stretch.lacks)
        return _opened(stretch is not None and stretch.hold(found.value), found)
    assert isinstance(found.value, date)
    holds = day_in_span(asking, found.value, span, event, zone)
    return unknown(holds.lacks) if isinstance(holds, Unlimited) else _opened(holds, found)


# ------------------------------------------------------------------ prepared once


@lru_cache(1_024)
def compiled(pattern: str) -> Pattern:
    """Return a regular expression, compiled once."""
    return compile_regex(pattern)


# By identity: a list of 100,000 entries is not hashed again for each lead.
_MOST_REMEMBERED = 4_096
_ENTRIES: dict[int, tuple[tuple[Entry, ...], frozenset[str], tuple[Entry, ...]]] = {}


def entries(of: tuple[Entry, ...]) -> tuple[frozenset[str], tuple[Entry, ...]]:
    """Return the entries without a wildcard as a set of folded texts, and those with one."""
    found = _ENTRIES.get(id(of))
    if found is None or found[0] is not of:
        exact = frozenset(entry.folded for entry in of if not entry.has_wildcard)
        found = of, exact, tuple(entry for entry in of if entry.has_wildcard)
        if len(_ENTRIES) >= _MOST_REMEMBERED:
            _ENTRIES.clear()
        _ENTRIES[id(of)] = found
    return found[1], found[2]
