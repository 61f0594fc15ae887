"""Spans of time as terms: their two ends, and whether an instant or a day lies inside."""

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.aggregates import anchor
from mqldsl.evaluate.sql.shapes import Found, Lacks, Truth, is_open, nothing, together
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from mqldsl.evaluate.sql.writing import Scope, Writing
from mqldsl.model import ir
from mqldsl.model.types import Date, Time, Type


@attrs.frozen
class Limits:
    """A stretch of instants; an end of None is none.

    `told` says whether the span can be told, and `exists` whether there is one: a span behind an event that never
    happened holds nothing. Both are never missing.
    """

    start: Term | None = None
    start_included: bool = True
    end: Term | None = None
    end_included: bool = True
    told: Term = YES
    exists: Term = YES
    lacks: Lacks = nothing

    def hold(self, instant: Term) -> Term:
        """Return whether an instant lies inside, of a span that can be told."""
        parts = []
        if self.start is not None:
            parts.append(_related(">=" if self.start_included else ">", instant, self.start))
        if self.end is not None:
            parts.append(_related("<=" if self.end_included else "<", instant, self.end))
        return t.all_of([self.exists, *parts])


def _related(relation: Operation, a: Term, b: Term) -> Term:
    return Term(relation, (a, b))


def limits(writing: Writing, span: ir.Span, scope: Scope) -> Limits:
    """Return the instants of a span."""
    clock = writing.clock
    match span:
        case ir.Back(start, end):
            last = clock.as_of if end is None else clock.back(end)
            return Limits(clock.back(start), start_included=False, end=last)
        case ir.Ahead(length):
            return Limits(clock.as_of, end=clock.forward(clock.as_of, length))
        case ir.Since(moment):
            at, told, lacks = _instant(writing, moment, scope)
            return Limits(at, told=told, lacks=lacks)
        case ir.Before(moment):
            at, told, lacks = _instant(writing, moment, scope)
            return Limits(end=at, end_included=False, told=told, lacks=lacks)
        case ir.OnCalendar(name):
            first, behind = clock.span_days(name)
            return Limits(clock.midnight(first), end=clock.midnight(behind), end_included=False)
        case ir.After(which, of, length):
            found = anchor(writing, writing.selection(of), which)
            told = t.any_of([t.is_there(found.value), found.settled])
            return Limits(
                found.value,
                end=clock.forward(found.value, length),
                end_included=False,
                told=told,
                exists=t.is_there(found.value),
                lacks=found.lacks,
            )
        case ir.Always():
            return Limits()


def _instant(writing: Writing, moment: ir.Operand, scope: Scope) -> tuple[Term, Term, Lacks]:
    found = writing.operand(moment, scope)
    at = found.value if isinstance(moment.type, Time) else writing.clock.midnight(found.value)
    # A moment that could be another one tells no span.
    return at, t.all_of([t.is_there(found.value), t.negation(is_open(found))]), found.lacks


def in_span(writing: Writing, found: Found, kind: Type, span: ir.Span, scope: Scope) -> Truth:
    """Return whether a day or an instant lies in a span."""
    own = together([found.lacks], t.is_null(found.value))
    if isinstance(kind, Date):
        value, lacks = _day_in_span(writing, found.value, span, scope)
        untold = together([lacks], t.is_there(found.value))
        return _opened(found, Truth(value, NO, together([own, untold], t.is_null(value))))
    stretch = limits(writing, span, scope)
    value = stretch.hold(found.value)
    if stretch.told != YES or stretch.exists != YES:
        sure = t.all_of([t.is_there(found.value), stretch.told])
        value = t.where(sure, t.coalesce(value, NO), "truth")
    if not found_in(value, found.value):
        value = t.where(t.is_there(found.value), value, "truth")
    untold = together([stretch.lacks], t.is_there(found.value))
    return _opened(found, Truth(value, NO, together([own, untold], t.is_null(value))))


def _opened(found: Found, truth: Truth) -> Truth:
    """Return an answer about a value that is open where another value is possible."""
    open_ = t.all_of([t.is_there(truth.value), is_open(found)])
    return Truth(truth.value, open_, together([truth.lacks, together([found.lacks], open_)]))


def found_in(term: Term, part: Term) -> bool:
    """Say whether a term looks at another."""
    return term == part or any(found_in(each, part) for each in term.parts)


def _day_in_span(writing: Writing, day: Term, span: ir.Span, scope: Scope) -> tuple[Term, Lacks]:
    clock = writing.clock
    match span:
        case ir.Back(start, end):
            last = clock.today if end is None else clock.days_back(end)
            return t.all_of([Term(">", (day, clock.days_back(start))), Term("<=", (day, last))]), nothing
        case ir.Ahead(length):
            ends = Term(">=", (day, clock.today)), Term("<=", (day, clock.days_forward(length)))
            return t.all_of(ends), nothing
        case ir.OnCalendar(name):
            first, behind = clock.span_days(name)
            return t.all_of([Term(">=", (day, first)), Term("<", (day, behind))]), nothing
        case ir.Since(moment) | ir.Before(moment):
            found = writing.operand(moment, scope)
            bound = found.value if isinstance(moment.type, Date) else clock.day_of(found.value)
            untold = t.any_of([t.is_null(found.value), is_open(found)])
            relation: Operation = ">=" if isinstance(span, ir.Since) else "<"
            value = Term(relation, (day, bound))
            if is_open(found) != NO:
                value = t.where(t.negation(is_open(found)), value, "truth")
            return value, together([found.lacks], untold)
        case _:
            raise AssertionError("the resolver lets no other span follow a date")
