"""Values of several cases: the first that holds, and all that could be."""

from collections.abc import Sequence

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
    joined,
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
    if len(could_be) == 1:
        return winner
    if isinstance(winner, Known):
        return attrs.evolve(winner, possible=joined(could_be), lacks=lacks | winner.lacks)
    others_lack = all(isinstance(each, Absent) and each.settled for each in could_be)
    return Absent(others_lack or _is_settled(winner, lacks), lacks | winner.lacks)


def _is_settled(winner: Found, lacks: Lacks) -> bool:
    """Say whether a case without a value stays the one: what is blank for good keeps the others out."""
    return isinstance(winner, Absent) and winner.settled and all(lack.blank for lack in lacks)


def rounded_bounds(possible: Possible | None) -> Possible | None:
    """Return bounds in whole millionths, as the value itself is."""
    if not isinstance(possible, Bounds):
        return possible
    return Bounds(millionths(possible.low), millionths(possible.high))
