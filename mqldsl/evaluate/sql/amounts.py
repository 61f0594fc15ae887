"""Points as terms: how they are capped, how they shrink, and what an amount gives.

Ends without a bound are told apart by a truth, so that sums are of finite numbers only.
"""

import math
from collections.abc import Callable
from typing import Literal, TypeAlias, assert_never

import attrs

from mqldsl.evaluate.numbers import clamped
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Lacks, doubled, nothing
from mqldsl.evaluate.sql.terms import NO, Term
from mqldsl.model import ir

Extreme: TypeAlias = Literal["least", "greatest"]

# No score comes near it, and sums of such points are still numbers.
_MOST = 1e300


@attrs.frozen
class Points:
    """What rows add, the least and the most that they could, and where there is no least or most."""

    value: Term
    low: Term
    high: Term
    endless_low: Term = NO
    endless_high: Term = NO
    lacks: Lacks = nothing

    @property
    def is_exact(self) -> bool:
        """Whether nothing else is possible, whatever the lead."""
        return self.low == self.high == self.value and self.endless_low == self.endless_high == NO

    def changed(self, change: Callable[[Term], Term]) -> "Points":
        """Return the same with all three changed alike."""
        if self.low == self.high == self.value:
            value = change(self.value)
            return attrs.evolve(self, value=value, low=value, high=value)
        return attrs.evolve(self, value=change(self.value), low=change(self.low), high=change(self.high))


def exactly(value: Term) -> Points:
    """Return points that cannot be others."""
    return Points(value, value, value)


def clamp(number: Term, low: float | None, high: float | None) -> Term:
    """Return a number, moved to `low` or `high` where it lies outside."""
    if t.is_constant(number):
        value = t.value_of(number)
        assert isinstance(value, float)
        return t.double(clamped(value, low, high))
    if high is not None:
        number = t.best("least", (number, t.double(high)))
    # The lower end is looked at first: it holds where the two cross.
    return number if low is None else t.best("greatest", (number, t.double(low)))


def end(op: Extreme, a: Term, b: Term) -> Term:
    """Return the least or greatest of two, told at once where both are constants."""
    if t.is_constant(a) and t.is_constant(b):
        pair = t.value_of(a), t.value_of(b)
        return t.double(min(pair) if op == "least" else max(pair))  # type: ignore[type-var, arg-type] # numbers
    return t.best(op, (a, b))


def capped(value: float, options: ir.RowOptions) -> float:
    """Return points with the cap of their row."""
    return value if options.cap is None else clamped(value, -options.cap, options.cap)


def capped_term(value: Term, options: ir.RowOptions) -> Term:
    """Return points with the cap of their row."""
    return value if options.cap is None else clamp(value, -options.cap, options.cap)


def open_ended(points: Points, unsure: Term, each: float, options: ir.RowOptions) -> Points:
    """Return points that may still grow where they are unsure: up to the cap, or without end."""
    if unsure == NO:
        return points
    if each < 0:
        if options.cap is None:
            return attrs.evolve(points, endless_low=t.any_of([points.endless_low, unsure]))
        return attrs.evolve(points, low=t.case([(unsure, t.double(-options.cap))], points.low))
    if options.cap is None:
        return attrs.evolve(points, endless_high=t.any_of([points.endless_high, unsure]))
    return attrs.evolve(points, high=t.case([(unsure, t.double(options.cap))], points.high))


def shrink(points: Term, decay: ir.Decay, times: Term) -> Term:
    """Return what is left of points after so many whole spans."""
    match decay.kind:
        case "halving":
            some = t.best("least", (times, t.whole(1_000)))
            left = Term("*", (points, Term("power", (t.double(0.5), some))))
            return t.case([(Term("<", (times, t.whole(1_100))), left)], t.double(0))
        case "losing points":
            lost = Term("*", (t.double(decay.amount), doubled(times)))
            size = t.best("greatest", (Term("-", (Term("absolute", (points,)), lost)), t.double(0)))
            return t.case([(Term("<", (points, t.double(0))), Term("negative", (size,)))], size)
        case "losing share":
            return Term("*", (points, Term("power", (t.double(1.0 - decay.amount), times))))
        case _:
            assert_never(decay.kind)


def endless_units(row: ir.PerUnit, bounds: tuple[Term, Term]) -> Term:
    """Return whether there is no end to the points that an amount between these bounds gives."""
    if row.options.cap is not None or not row.points:
        return NO
    return t.is_true(Term("=", (bounds[1], t.double(math.inf))))


def units(row: ir.PerUnit, amount: Term) -> Term:
    """Return what an amount gives: points for each full unit, capped."""
    endless = 0.0 if row.options.cap is None else capped(math.copysign(math.inf, row.points), row.options)
    scaled = Term("*", (amount, t.double(1e6)))
    most = t.double(_MOST)
    beyond = _floor_division(amount, t.double(row.unit)) if row.unit > 1 else amount
    full = t.best("least", (most, t.best("greatest", (t.double(0), beyond))))
    if row.unit >= 1e-6:
        unit = t.double(float(round(row.unit * 1e6)))
        whole = _floor_division(Term("round even", (scaled,)), unit)
        whole = t.best("least", (most, t.best("greatest", (t.double(0), whole))))
        full = t.case([(Term("is finite", (scaled,)), whole)], full)
    given = capped_term(clamp(Term("*", (t.double(row.points), full)), -_MOST, _MOST), row.options)
    ends = [
        (Term("=", (amount, t.double(math.inf))), t.double(endless if row.points else 0.0)),
        (Term("=", (amount, t.double(-math.inf))), t.double(0)),
    ]
    return t.case(ends, given)


def _floor_division(a: Term, b: Term) -> Term:
    """Return how often b fits into a: the quotient of doubles may be one too many, or one too few."""
    guess = Term("floor", (Term("/", (a, b)),))
    one = t.double(1)
    too_many = Term(">", (Term("*", (guess, b)), a))
    one_more = Term("<=", (Term("*", (Term("+", (guess, one)), b)), a))
    is_small = Term("<", (Term("absolute", (a,)), t.double(2.0**53)))
    return t.case(
        [
            (t.negation(is_small), guess),
            (too_many, Term("-", (guess, one))),
            (one_more, Term("+", (guess, one))),
        ],
        guess,
    )
