"""Points by the value of an operand, as terms."""

import math
from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.amounts import Points, capped, exactly
from mqldsl.evaluate.sql.rows import bound_truth
from mqldsl.evaluate.sql.shapes import Found, Truth, as_double, together
from mqldsl.evaluate.sql.terms import NO, Term
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir


def by_points(writing: Writing, row: ir.ByPoints) -> Points:
    """Return what a row gives for the value of its operand."""
    found = as_double(writing.operand(row.of))
    choices = [bound_truth(writing, writing.condition(choice.condition)) for choice in row.choices]
    known = found.known
    given = [(points, capped(points.points, row.options)) for points in row.bounds]
    arms: list[tuple[Term, Term]] = []
    for bound, points in sorted(given, key=lambda pair: -pair[0].start):
        arms.append((Term(">=", (found.value, t.double(bound.start))), t.double(points)))
    for truth, choice in zip(choices, row.choices, strict=True):
        arms.append((truth.value, t.double(capped(choice.points, row.options))))
    otherwise = capped(row.otherwise, row.options)
    missing = capped(row.missing, row.options)
    value = t.case([(t.negation(known), t.double(missing)), *arms], t.double(otherwise))
    everything = [
        *(points for _, points in given),
        *(capped(choice.points, row.options) for choice in row.choices),
    ]
    exact_when_missing = t.all_of([t.is_null(found.value), found.settled]) if row.says_missing else NO
    unsure = t.any_of(
        [t.all_of([t.negation(known), t.negation(exact_when_missing)]), t.all_of([known, found.gone])]
    )
    could = _could_be(row, found, choices)
    if unsure == NO and could is None:
        return exactly(value)
    anything = [missing, *everything, otherwise]
    low, high = ([(unsure, t.double(pick(anything)))] for pick in (min, max))
    if could is not None:
        possible = t.all_of([known])
        low += [
            (t.all_of([possible, when]), t.double(each))
            for each, when in sorted(could, key=lambda pair: pair[0])
        ]
        high += [
            (t.all_of([possible, when]), t.double(each))
            for each, when in sorted(could, key=lambda pair: -pair[0])
        ]
    # What is blank lacks nothing where the row says what a blank gives.
    lacks = together([found.lacks], t.negation(exact_when_missing))
    return Points(value, t.case(low, value), t.case(high, value), lacks=lacks)


def _could_be(row: ir.ByPoints, found: Found, choices: Sequence[Truth]) -> list[tuple[float, Term]] | None:
    """Return all points that a value that is known may give, and when; None where only its own."""
    if found.bounds is not None and row.bounds:
        ordered = sorted(row.bounds, key=lambda bound: bound.start)
        starts = [-math.inf, *(bound.start for bound in ordered)]
        points = [row.otherwise, *(bound.points for bound in ordered)]
        could = []
        for number, (start, given) in enumerate(zip(starts, points, strict=True)):
            parts = [] if number == 0 else [Term(">=", (found.high, t.double(start)))]
            if number + 1 < len(starts):
                parts.append(Term("<", (found.low, t.double(starts[number + 1]))))
            could.append((capped(given, row.options), t.is_true(t.all_of(parts))))
        return could
    if all(truth.open == NO for truth in choices) or (found.bounds is None and found.options is None):
        return None
    could = []
    before: list[Term] = []
    for truth, choice in zip(choices, row.choices, strict=True):
        could.append((capped(choice.points, row.options), t.all_of([*before, truth.can_be_yes])))
        before.append(truth.can_be_no)
    return [*could, (capped(row.otherwise, row.options), t.all_of(before))]
