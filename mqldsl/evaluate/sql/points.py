"""Scores as terms: what each row gives, the least and the most that it could, and their sum."""

import math
from collections.abc import Iterable, Sequence
from typing import assert_never

import attrs

from mqldsl.evaluate.numbers import millionths, total_of
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.aggregates import all_lacks, anchor, how_many_rows, summary
from mqldsl.evaluate.sql.amounts import (
    Extreme,
    Points,
    capped,
    capped_term,
    clamp,
    end,
    endless_units,
    exactly,
    open_ended,
    shrink,
    units,
)
from mqldsl.evaluate.sql.by_points import by_points
from mqldsl.evaluate.sql.company import lacks_one
from mqldsl.evaluate.sql.operands import millionths as in_millionths
from mqldsl.evaluate.sql.rows import bound_truth
from mqldsl.evaluate.sql.shapes import Chosen, Found, Lacks, Truth, as_double, doubled, together
from mqldsl.evaluate.sql.streams import AT, KEY
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir

# ------------------------------------------------------------------ scores


def score(writing: Writing, node: ir.Score) -> Found:
    """Return a score: rows, groups, sum, clamp, decay of an idle lead, clamp."""
    points = _clamped(_sum(writing, [of_row(writing, row) for row in node.rows]), node.low, node.high)
    for decay in node.decays:
        points = _idle(writing, decay, points)
    points = _clamped(points, node.low, node.high)
    if node.decays or not _are_millionths(node.low, node.high) or _may_be_huge(node.rows):
        points = points.changed(in_millionths)
    value, low, high = points.value, points.low, points.high
    if points.is_exact:
        return Found(value, "double", lacks=points.lacks)
    low = t.case([(points.endless_low, t.double(-math.inf))], low)
    high = t.case([(points.endless_high, t.double(math.inf))], high)
    return Found(value, "double", lacks=points.lacks, bounds=(low, high))


def _are_millionths(*ends: float | None) -> bool:
    return all(end is None or millionths(end) == end for end in ends)


def _may_be_huge(rows: Sequence[ir.Row]) -> bool:
    """Say whether a sum may be larger than any double that can still be a whole number of millionths."""
    return any(
        (isinstance(row, ir.PerUnit) and row.options.cap is None)
        or (isinstance(row, ir.FirstOf | ir.Group) and _may_be_huge(row.rows))
        for row in rows
    )


def _sum(writing: Writing, rows: Sequence[Points]) -> Points:
    """Return the sum of rows, exact in whole millionths."""
    bound = [
        attrs.evolve(row, value=writing.board.bind(row.value)) if _is_long(row.value) else row for row in rows
    ]
    value = _total(row.value for row in bound)
    lacks = together(row.lacks for row in rows)
    if all(row.is_exact for row in rows):
        return attrs.evolve(exactly(value), lacks=lacks)
    pairs = list(zip(rows, bound, strict=True))
    return Points(
        value,
        _total(kept.value if row.low == row.value else row.low for row, kept in pairs),
        _total(kept.value if row.high == row.value else row.high for row, kept in pairs),
        t.any_of(row.endless_low for row in rows),
        t.any_of(row.endless_high for row in rows),
        lacks,
    )


def _is_long(term: Term) -> bool:
    return term.op not in ("constant", "column", "case")


def _total(values: Iterable[Term]) -> Term:
    kept = [value for value in values if value != t.double(0)]
    if not kept:
        return t.double(0)
    if all(t.is_constant(value) for value in kept):
        return t.double(total_of(float(str(t.value_of(value))) for value in kept))
    return Term("exact sum", tuple(kept))


def _clamped(points: Points, low: float | None, high: float | None) -> Points:
    if low is None and high is None:
        return points
    moved = points.changed(lambda value: clamp(value, low, high))
    if low is not None and points.endless_low != NO:
        moved = attrs.evolve(
            moved, low=t.case([(points.endless_low, t.double(low))], moved.low), endless_low=NO
        )
    if high is not None and points.endless_high != NO:
        moved = attrs.evolve(
            moved, high=t.case([(points.endless_high, t.double(high))], moved.high), endless_high=NO
        )
    return moved


def of_row(writing: Writing, row: ir.Row) -> Points:
    """Return what one row gives."""
    match row:
        case ir.WhenPoints():
            return _when(writing, row)
        case ir.PerEvent():
            return _per_event(writing, row)
        case ir.PerUnit():
            return _per_unit(writing, row)
        case ir.ByPoints():
            return by_points(writing, row)
        case ir.FirstOf():
            return _first_of(writing, row)
        case ir.Group(_, low, cap, rows):
            return _clamped(_sum(writing, [of_row(writing, part) for part in rows]), low, cap)
        case _:
            assert_never(row)


# ------------------------------------------------------------------ when


def _when(writing: Writing, row: ir.WhenPoints) -> Points:
    truth = bound_truth(writing, writing.condition(row.condition))
    full = capped(row.points, row.options)
    worth = t.double(capped(millionths(row.points), row.options))
    if row.events is not None:
        chosen = writing.selection(row.events)
        latest = anchor(writing, chosen, "last")
        since = writing.board.bind(latest.value)
        shrunk = in_millionths(_shrunk(writing, t.double(row.points), since, row.options.decays))
        worth = t.case([(t.is_there(since), capped_term(shrunk, row.options))], worth)
        worth = writing.board.bind(worth)
        unsure = t.all_of([t.is_true(truth.value), t.is_null(since), t.negation(latest.settled)])
        return _of_any_age(_given(truth, worth, full), unsure, latest.lacks)
    return _given(truth, worth, full)


def _of_any_age(points: Points, unsure: Term, lacks: Lacks) -> Points:
    """Return points that may have shrunk to nothing, where it is not sure which event is the latest."""
    if unsure == NO:
        return points
    zero = t.double(0)
    return attrs.evolve(
        points,
        low=t.case([(unsure, end("least", points.value, zero))], points.low),
        high=t.case([(unsure, end("greatest", points.value, zero))], points.high),
        lacks=together([points.lacks, together([lacks], unsure)]),
    )


def _given(truth: Truth, worth: Term, full: float) -> Points:
    zero = t.double(0)
    value = t.case([(truth.value, worth)], zero)
    if truth.open == NO and t.never_missing(truth.value):
        return exactly(value)
    unknown = t.is_null(truth.value)
    if truth.open == NO:
        low = t.case([(truth.value, worth), (unknown, t.double(min(full, 0.0)))], zero)
        high = t.case([(truth.value, worth), (unknown, t.double(max(full, 0.0)))], zero)
        return Points(value, low, high, lacks=truth.lacks)
    least, most = end("least", worth, zero), end("greatest", worth, zero)
    maybe = truth.can_be_yes
    low = t.case(
        [
            (t.all_of([truth.value, truth.open]), least),
            (truth.value, worth),
            (maybe, t.double(min(full, 0.0))),
        ],
        zero,
    )
    high = t.case(
        [
            (t.all_of([truth.value, truth.open]), most),
            (truth.value, worth),
            (maybe, t.double(max(full, 0.0))),
        ],
        zero,
    )
    return Points(value, low, high, lacks=truth.lacks)


# ------------------------------------------------------------------ per


def _per_event(writing: Writing, row: ir.PerEvent) -> Points:
    chosen = writing.selection(row.of)
    of = summary(writing, chosen)
    value = _for_events(writing, row, chosen, chosen.sure)
    value = t.case([(chosen.absent, t.double(0))], value)
    given = [value]
    if chosen.doubtful != NO:
        given.append(_for_events(writing, row, chosen, of.sure))
    if chosen.unlikely != NO:
        given.append(_for_events(writing, row, chosen, t.any_of([chosen.sure, chosen.unlikely])))
    lacks = together([lacks_one(writing, chosen), all_lacks(writing, of)])
    low, high = (
        (given[0], given[0]) if len(given) == 1 else (t.best("least", given), t.best("greatest", given))
    )
    points = Points(value, low, high, lacks=lacks)
    has_gap = t.any_of(gap.when for gap in chosen.gaps)
    maybe = writing.board.measure(chosen.stream, Term("any where", (chosen.maybe,)))
    unsure = t.any_of([maybe, has_gap, chosen.absent])
    return open_ended(points, unsure, row.points, row.options)


def _for_events(writing: Writing, row: ir.PerEvent, chosen: Chosen, which: Term) -> Term:
    decays, limits, stream = row.options.decays, row.options.limits, chosen.stream
    if not decays and not limits:
        number = how_many_rows(writing, chosen, which)
        if t.is_constant(number):
            return t.double(0)
        return capped_term(Term("*", (t.double(row.points), doubled(number))), row.options)
    if chosen.stream.has_records:
        which = t.all_of([which, t.is_there(AT)])
    for most, length in limits:
        span = stream.computing(writing.clock.spans_back(AT, length), which)
        place = stream.computing(Term("rank", (KEY, which, span, AT)), which)
        which = t.all_of([which, Term("<=", (place, t.whole(most)))])
    if not decays:
        # As many times the same whole millionths.
        each_of = Term(
            "*", (doubled(how_many_rows(writing, chosen, which)), t.double(round(row.points * 1e6)))
        )
        return capped_term(Term("/", (each_of, t.double(1e6))), row.options)
    each = stream.computing(_shrunk(writing, t.double(row.points), AT, decays), which)
    total = writing.board.measure(stream, Term("sum where", (which, each)))
    return capped_term(t.coalesce(total, t.double(0)), row.options)


def _shrunk(writing: Writing, points: Term, since: Term, decays: Sequence[ir.Decay]) -> Term:
    for decay in decays:
        points = shrink(points, decay, writing.clock.periods(since, decay.every))
    return points


def _per_unit(writing: Writing, row: ir.PerUnit) -> Points:
    found = as_double(writing.operand(row.of))
    amount = writing.board.bind(found.value)
    value = t.case([(t.is_null(amount), t.double(0))], units(row, amount))
    points = attrs.evolve(exactly(value), lacks=found.lacks)
    if found.bounds is not None:
        # More gives more, or takes more: so the greatest amount is never asked for the other end.
        low, high = (units(row, writing.board.bind(end)) for end in found.bounds)
        if row.points < 0:
            low, high = high, low
        endless = endless_units(row, found.bounds)
        known = t.is_there(amount)
        points = Points(
            value,
            t.case([(known, low)], t.double(0)),
            t.case([(known, high)], t.double(0)),
            t.all_of([known, endless]) if row.points < 0 else NO,
            t.all_of([known, endless]) if row.points > 0 else NO,
            found.lacks,
        )
    unsure = t.any_of([t.is_null(amount), found.more])
    return open_ended(points, unsure, row.points, row.options)


# ------------------------------------------------------------------ an idle lead


def _idle(writing: Writing, decay: ir.Decay, points: Points) -> Points:
    """Shrink a score toward 0 by the whole spans since the last of some events; none, no decay."""
    assert decay.without is not None
    last = anchor(writing, writing.selection(decay.without), "last")
    if t.is_constant(last.value):
        shrunk = points
    else:
        since = writing.board.bind(last.value)
        times = writing.board.bind(writing.clock.periods(since, decay.every))

        def left(value: Term) -> Term:
            return t.case([(t.is_there(since), shrink(value, decay, times))], value)

        shrunk = points.changed(left)
    open_ = t.all_of([t.is_null(last.value), t.negation(last.settled)])
    if open_ == NO:
        return shrunk
    zero = t.double(0)
    return attrs.evolve(
        shrunk,
        low=t.case([(open_, t.best("least", (zero, shrunk.low)))], shrunk.low),
        high=t.case([(open_, t.best("greatest", (zero, shrunk.high)))], shrunk.high),
        lacks=together([points.lacks, together([last.lacks], open_)]),
    )


# ------------------------------------------------------------------ first of


def _first_of(writing: Writing, row: ir.FirstOf) -> Points:
    """Return the points of the first row that holds; bounds over all that could be the first."""
    parts = [of_row(writing, part) for part in row.rows]
    truths = [
        bound_truth(writing, _row_holds(writing, part, points))
        for part, points in zip(row.rows, parts, strict=True)
    ]
    zero = t.double(0)
    value = t.case(
        [(t.is_true(truth.value), part.value) for truth, part in zip(truths, parts, strict=True)], zero
    )
    if all(truth.open == NO and t.never_missing(truth.value) for truth in truths) and all(
        part.is_exact for part in parts
    ):
        return exactly(value)
    lows: list[tuple[Term, Term]] = []
    highs: list[tuple[Term, Term]] = []
    endless_low: list[Term] = []
    endless_high: list[Term] = []
    before: list[Term] = []
    firsts: list[Term] = []
    for part, points, truth in zip(row.rows, parts, truths, strict=True):
        first = t.all_of([*before, truth.can_be_yes])
        firsts.append(first)
        low, high = _if_it_holds(part, points)
        lows.append((first, low))
        highs.append((first, high))
        endless_low.append(t.all_of([first, points.endless_low]))
        endless_high.append(t.all_of([first, points.endless_high]))
        before.append(truth.can_be_no)
    none = t.all_of(before)
    lows.append((none, zero))
    highs.append((none, zero))
    lacks = together(
        together([points.lacks, truth.lacks], first)
        for points, truth, first in zip(parts, truths, firsts, strict=True)
    )
    return Points(
        value,
        _extreme("least", lows, math.inf),
        _extreme("greatest", highs, -math.inf),
        t.any_of(endless_low),
        t.any_of(endless_high),
        lacks,
    )


def _extreme(op: Extreme, arms: Sequence[tuple[Term, Term]], none: float) -> Term:
    return t.best(op, [t.case([(when, value)], t.double(none)) for when, value in arms])


def _if_it_holds(row: ir.Row, points: Points) -> tuple[Term, Term]:
    """Return the bounds of a row's points where it is the first that holds: all of them, if they do not shrink."""
    if isinstance(row, ir.WhenPoints) and row.events is None:
        given = points.high if row.points > 0 else points.low
        return given, given
    return points.low, points.high


def _row_holds(writing: Writing, row: ir.Row, points: Points) -> Truth:
    """Return whether a row of `first of` holds: its condition, an event, an amount, a case."""
    match row:
        case ir.WhenPoints(_, condition):
            return writing.condition(condition)
        case ir.PerEvent(_, of):
            of_rows = summary(writing, writing.selection(of))
            some = writing.board.measure(of_rows.chosen.stream, Term("any where", (of_rows.sure,)))
            none = t.all_of([t.negation(of_rows.chosen.absent), of_rows.is_exact])
            value = t.case(
                [(t.all_of([some, t.negation(of_rows.chosen.absent)]), YES), (none, NO)], t.UNKNOWN
            )
            return Truth(value, NO, together([all_lacks(writing, of_rows)], t.is_null(value)))
        case _:
            zero = t.double(0)
            value = Term("!=", (points.value, zero))
            if points.is_exact:
                return Truth(t.is_true(value))
            endless = t.any_of([points.endless_low, points.endless_high])
            some = t.any_of([endless, Term("!=", (points.low, zero)), Term("!=", (points.high, zero))])
            around = t.all_of(
                [
                    t.any_of([points.endless_low, Term("<=", (points.low, zero))]),
                    t.any_of([points.endless_high, Term(">=", (points.high, zero))]),
                ]
            )
            open_ = t.all_of([some, around])
            return Truth(t.is_true(value), t.is_true(open_), together([points.lacks], t.is_true(open_)))
