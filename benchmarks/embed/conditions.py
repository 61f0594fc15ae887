"""Conditions as all engines have them: a tree that each peer, the definition and the Python by hand are made from.

A leaf is yes only where its fact is known. Leaves are negated by their own kind, never by a `not` around
them, so that an engine without a third answer still says yes exactly where the definition does.
"""

from typing import TypeAlias, assert_never

import attrs


@attrs.frozen
class Compare:
    """A number beside a bound: `employees >= 100`."""

    fact: str
    relation: str
    bound: float


@attrs.frozen
class Between:
    """A number from one bound to another, both included."""

    fact: str
    low: float
    high: float


@attrs.frozen
class OneOf:
    """A text that is one of some, or with `is_in` off a known text that is none of them; all are folded."""

    fact: str
    texts: tuple[str, ...]
    is_in: bool = True


@attrs.frozen
class Is:
    """A yes/no that is the one wanted."""

    fact: str
    wanted: bool = True


@attrs.frozen
class AtLeast:
    """At least so many of the parts; all of them is `and`, one of them `or`."""

    least: int
    parts: tuple["Condition", ...]


@attrs.frozen
class Happened:
    """At least so many events of a kind in the last `seconds` seconds, all of which `where` holds for.

    It reads the list of events itself: dicts with `kind`, `age` in seconds, and their properties. Only peers
    are asked this, and of those only the ones that can walk a list.
    """

    kind: str
    seconds: float
    least: int
    where: tuple["Compare | StartsWith", ...] = ()
    fact: str = "events"


@attrs.frozen
class StartsWith:
    """A text that starts with another; only of an event's properties."""

    fact: str
    start: str


Leaf: TypeAlias = Compare | Between | OneOf | Is | Happened
Condition: TypeAlias = Leaf | AtLeast


def every(*parts: Condition) -> AtLeast:
    """Return the condition that all parts hold."""
    return AtLeast(len(parts), parts)


def some(*parts: Condition) -> AtLeast:
    """Return the condition that one part holds."""
    return AtLeast(1, parts)


def opposite(condition: Condition) -> Condition:
    """Return the condition that is yes where this one is no, with no `not` anywhere.

    >>> opposite(Compare("budget", ">=", 5)).relation
    '<'
    """
    match condition:
        case Compare(fact, relation, bound):
            return Compare(fact, _OPPOSITE[relation], bound)
        case Between(fact, low, high):
            return some(Compare(fact, "<", low), Compare(fact, ">", high))
        case OneOf(fact, texts, is_in):
            return OneOf(fact, texts, not is_in)
        case Is(fact, wanted):
            return Is(fact, not wanted)
        case Happened():
            raise AssertionError("no workload needs it")
        case AtLeast(least, parts):
            return AtLeast(len(parts) - least + 1, tuple(opposite(part) for part in parts))
        case _:
            assert_never(condition)


_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}


def facts_of(condition: Condition) -> set[str]:
    """Return the names of all facts that a condition reads."""
    if isinstance(condition, AtLeast):
        return {fact for part in condition.parts for fact in facts_of(part)}
    return {condition.fact}
