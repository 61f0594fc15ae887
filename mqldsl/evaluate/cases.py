"""Values of several cases: the first that holds, and all that could be."""

from collections.abc import Iterable, Sequence

import attrs

from mqldsl.evaluate.numbers import millionths
from mqldsl.evaluate.outcome import (
    NOTHING,
    YES_ANSWER,
    Absent,
    Asking,
    Bounds,
    Found,
    Known,
    Lacks,
    Possible,
    bounds_of,
)
from mqldsl.model import ir


def first_case(asking: Asking, cases: Sequence[ir.Case]) -> Found:
    """Return the value of the first case that holds, and all values that could be."""
    winner: Found | None = None
    could_be: list[Found] = []
    lacks: Lacks = NOTHING
    for case in cases:
        answer = YES_ANSWER if case.condition is None else asking.condition(case.condition).answer
        if True in answer.can_be:
            could_be.append(asking.operand(case.value))
            lacks |= answer.lacks
        if winner is None and answer.value is True:
            winner = asking.operand(case.value)
        if False not in answer.can_be:
            break
    if winner is None:
        return Absent(settled=all(lack.blank for lack in lacks), lacks=lacks)
    if len(could_be) == 1 or not isinstance(winner, Known):
        return winner
    return attrs.evolve(winner, possible=_joined(could_be), lacks=lacks | winner.lacks)


def _joined(found: Iterable[Found]) -> Possible:
    """Return everything that any of these could be."""
    known = [each for each in found if isinstance(each, Known)]
    if all(isinstance(each.value, float) for each in known):
        ranges = [bounds_of(each) for each in known]
        return Bounds(min(each.low for each in ranges), max(each.high for each in ranges))
    values = [
        each.possible if isinstance(each.possible, frozenset) else frozenset({each.value}) for each in known
    ]
    return frozenset(value for some in values for value in some)


def rounded_bounds(possible: Possible | None) -> Possible | None:
    """Return bounds in whole millionths, as the value itself is."""
    if not isinstance(possible, Bounds):
        return possible
    return Bounds(millionths(possible.low), millionths(possible.high))
