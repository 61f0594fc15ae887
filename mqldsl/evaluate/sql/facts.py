"""What is surely so of a value: that it is there, between which numbers it lies, that it is a whole one."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.streams import LEAD, Stream
from mqldsl.evaluate.sql.supply import Given, Supply
from mqldsl.evaluate.sql.terms import Operation, Term

# Up to here doubles that are whole are added exactly, in any order.
EXACT = 2.0**53
# No lead has so many events.
_MOST_ROWS = 2.0**48
# Missing where, and only where, an argument is, beside what `terms.STRICT` names.
_ALSO_STRICT = frozenset({"+", "-", "*"})
_LARGEST_SUM = t.SMALL * _MOST_ROWS
_COUNTS = frozenset({"count where", "count distinct where", "days where"})

COMPARED: Mapping[Operation, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(operation: Operation, a: Term, b: Term) -> Term:
    """Return what a comparison of two constants says."""
    first, second = t.value_of(a), t.value_of(b)
    return t.UNKNOWN if first is None or second is None else t.truth(COMPARED[operation](first, second))


@attrs.frozen
class Fact:
    """Facts of a value. Where it is a number that is there, it lies between the two, both included."""

    is_there: bool = False
    low: float = -math.inf
    high: float = math.inf
    is_whole: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are numbers."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def size(self) -> float:
        """The largest size that the number can have."""
        return max(abs(self.low), abs(self.high))


_NOTHING_KNOWN = Fact()
# A number that is never there lies wherever the others do.
_NEVER_THERE = Fact(low=math.inf, high=-math.inf, is_whole=True)


def of_given(given: Iterable[Given | None]) -> Fact:
    """Return what is known of a field or property, as one of several supplies has it; None supplies none."""
    return _either([Fact(low=one.low, high=one.high) if one is not None else _NEVER_THERE for one in given])


def of_rows(stream: Stream, supply: Supply) -> dict[str, Fact]:
    """Return what is known of the columns of the rows of a stream."""
    feeds = [supply.feeds[kind] for scope, kind in stream.parts if scope != "people"]
    names = {name for feed in feeds for name in feed.properties}
    every = {name: of_given([feed.properties.get(name) for feed in feeds]) for name in names}
    return {f"{mark}.{name}": fact for name, fact in every.items() for mark in ("p", "d")}


class Facts:
    """Facts of terms; those of columns are told by `columns`, which are the lead's or those of rows."""

    def __init__(self, columns: dict[str, Fact], alias: str = LEAD) -> None:
        self.columns, self._alias = columns, alias
        self._found: dict[Term, Fact] = {}

    def of(self, term: Term) -> Fact:
        """Return the facts of a term."""
        if term.op == "column":
            alias, name = term.args
            return self.columns.get(str(name), _NOTHING_KNOWN) if alias == self._alias else _NOTHING_KNOWN
        if term.op == "constant":
            return _of_constant(term)
        found = self._found.get(term)
        if found is None:
            found = attrs.evolve(self._number(term), is_there=self._is_there(term))
            self._found[term] = found
        return found

    def are_there(self, terms: Iterable[Term]) -> bool:
        """Say whether none of some values is missing."""
        return all(self.of(term).is_there for term in terms)

    def _is_there(self, term: Term) -> bool:
        if t.never_missing(term) or term.op in _COUNTS:
            return True
        if term.op in t.STRICT or term.op in _ALSO_STRICT:
            return self.are_there(term.parts)
        match term.op:
            case "and" | "or" | "least" | "greatest" | "exact sum":
                return self.are_there(term.parts)
            case "coalesce":
                return any(self.of(part).is_there for part in term.parts)
            case "case":
                return self.are_there(_values(term))
            case "finite":
                return self.of(term.parts[0]).is_bounded and self.are_there(term.parts)
            case _:
                return False

    def _number(self, term: Term) -> Fact:
        if term.op in _COUNTS:
            return Fact(low=0.0, high=_MOST_ROWS, is_whole=True)
        if term.op in ("coalesce", "case"):
            return _either([self.of(value) for value in _values(term)])
        if term.op == "small sum where":
            return Fact(low=-_LARGEST_SUM, high=_LARGEST_SUM)
        if term.op not in _OF_NUMBERS:
            return _NOTHING_KNOWN
        parts = [self.of(part) for part in term.parts]
        are_whole = all(part.is_whole for part in parts)
        match term.op:
            case "least":
                return Fact(
                    low=min(part.low for part in parts),
                    high=min(part.high for part in parts),
                    is_whole=are_whole,
                )
            case "greatest":
                return Fact(
                    low=max(part.low for part in parts),
                    high=max(part.high for part in parts),
                    is_whole=are_whole,
                )
            case "to double" | "to whole":
                return parts[0]
            case "finite":
                return parts[0]
        if not all(part.is_bounded for part in parts):
            return _NOTHING_KNOWN
        low, high = _ends(term, parts)
        return Fact(low=low, high=high, is_whole=are_whole)


_OF_NUMBERS = frozenset(
    {"least", "greatest", "to double", "to whole", "finite", "+", "-", "*", "negative", "exact sum"}
)


def _ends(term: Term, parts: list[Fact]) -> tuple[float, float]:
    first, last = parts[0], parts[-1]
    match term.op:
        case "-":
            return first.low - last.high, first.high - last.low
        case "*":
            corners = [a * b for a in (first.low, first.high) for b in (last.low, last.high)]
            return min(corners), max(corners)
        case "negative":
            return -first.high, -first.low
        case "exact sum":
            # Each is rounded to millionths before it is added.
            slack = 0.0 if all(part.is_whole for part in parts) else float(len(parts))
            return sum(part.low for part in parts) - slack, sum(part.high for part in parts) + slack
        case _:
            return sum(part.low for part in parts), sum(part.high for part in parts)


def _values(term: Term) -> list[Term]:
    """Return the terms of which a `case` or `coalesce` takes one."""
    if term.op == "coalesce":
        return list(term.parts)
    *arms, otherwise = term.parts
    return [*arms[1::2], otherwise]


def _either(facts: list[Fact]) -> Fact:
    return Fact(
        low=min(fact.low for fact in facts),
        high=max(fact.high for fact in facts),
        is_whole=all(fact.is_whole for fact in facts),
    )


def _of_constant(term: Term) -> Fact:
    value = t.value_of(term)
    if value is None:
        return _NEVER_THERE
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fact(is_there=True)
    number = float(value)
    return Fact(
        is_there=True, low=number, high=number, is_whole=math.isfinite(number) and number.is_integer()
    )
