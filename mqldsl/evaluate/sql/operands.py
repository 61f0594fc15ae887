"""Operands as terms: values, numbers with bounds, counts that may be greater."""

import math
from collections.abc import Sequence
from typing import Literal, assert_never

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.aggregates import aggregate, anchor, how_many
from mqldsl.evaluate.sql.clock import whole_days
from mqldsl.evaluate.sql.comparisons import ranked
from mqldsl.evaluate.sql.first_known import first_known
from mqldsl.evaluate.sql.shapes import (
    Found,
    Lacking,
    Lacks,
    Option,
    Truth,
    all_blank,
    any_lack,
    as_double,
    doubled,
    is_open,
    lacks_of,
    together,
)
from mqldsl.evaluate.sql.streams import KIND, ROW
from mqldsl.evaluate.sql.supply import Given
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from mqldsl.evaluate.sql.texts import constant_of
from mqldsl.evaluate.sql.writing import Scope, Writing
from mqldsl.model import ir
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo


def word_of(kind: Type) -> str:
    """Return the type of the terms that hold values of a type."""
    match kind:
        case Text() | Labels():
            return "text"
        case Number():
            return "double"
        case Date():
            return "day"
        case Time():
            return "instant"
        case YesNo():
            return "truth"
        case SetOf():
            return "set"
        case _:
            assert_never(kind)


def operand(writing: Writing, node: ir.Operand, scope: Scope) -> Found:
    """Return the terms of an operand."""
    match node:
        case ir.Constant(value, kind):
            return Found(constant_of(value), word_of(kind))
        case ir.FieldValue() | ir.PropertyValue() | ir.NamedValue():
            raise AssertionError("the writer has what is named")
        case ir.AnswerValue(of):
            return _as_value(writing.condition(of, scope))
        case ir.Arithmetic(operator, left, right):
            return arithmetic(operator, writing.operand(left, scope), writing.operand(right, scope))
        case ir.Rounded(of, places):
            return _rounded(writing.operand(of, scope), places)
        case ir.Pick(kind, parts, of):
            several = [writing.operand(part, scope) for part in parts]
            if kind == "first known":
                return first_known(several, [part.type for part in parts])
            return _extreme(kind, several, of)
        case ir.DomainOf(of):
            return _domain(writing.operand(of, scope))
        case ir.DaysBetween(direction, of):
            return _days(writing, direction, writing.operand(of, scope))
        case ir.HowMany(of):
            return how_many(writing, writing.selection(of))
        case ir.DaysSinceEvent(which, of):
            found = anchor(writing, writing.selection(of), which)
            return attrs.evolve(found, value=whole_days(found.value, writing.clock.as_of), word="whole")
        case ir.Aggregate():
            return aggregate(writing, node, writing.selection(node.of))
        case _:
            assert_never(node)


# ------------------------------------------------------------------ what is given


def field_value(field: ir.Field, given: Given | None, lack: tuple[str, Literal["field", "account"]]) -> Found:
    """Return a field of the lead or its company; `given` are its columns, None where it is not supplied."""
    name, kind = lack
    word = word_of(field.type)
    if given is None:
        return Found(t.constant(word, None), word, NO, lambda: (Lacking(name, kind, blank=False, when=YES),))
    value = given.value
    if field.default is not None:
        default = constant_of(field.default)
        value = t.coalesce(value, default) if given.supplied == YES else t.case(
            [(t.is_there(value), value), (given.supplied, default)], t.constant(word, None)
        )  # fmt: skip
    missing = t.is_null(value)

    def lacks() -> Sequence[Lacking]:
        supplied = given.supplied
        return (
            Lacking(name, kind, blank=True, when=t.all_of([missing, supplied])),
            Lacking(name, kind, blank=False, when=t.all_of([missing, t.negation(supplied)])),
        )

    return Found(value, word, given.supplied, lacks)


def property_value(name: str, kind: Type, supplied: Term, lacking: Sequence[tuple[str, Term]]) -> Found:
    """Return a property of the row at hand; `lacking` are the kinds of rows, and when it is not supplied there."""
    word = word_of(kind)
    value = t.column(f"p.{name}", ROW)
    missing = t.is_null(value)

    def lacks() -> Sequence[Lacking]:
        found = []
        for of, unsupplied in lacking:
            mine = t.all_of([missing, Term("=", (KIND, t.text(of)))])
            fact = f"{of}.{name}"
            found.append(Lacking(fact, "property", blank=True, when=t.all_of([mine, t.negation(unsupplied)])))
            found.append(Lacking(fact, "property", blank=False, when=t.all_of([mine, unsupplied])))
        return tuple(each for each in found if each.when != NO)

    return Found(value, word, supplied, lacks)


# ------------------------------------------------------------------ conditions as values


def _as_value(truth: Truth) -> Found:
    def settled() -> Term:
        return t.all_of([any_lack(truth.lacks), all_blank(truth.lacks)])

    options = None
    if truth.open != NO:
        options = ((YES, truth.can_be_yes), (NO, truth.can_be_no))
    is_settled = YES if t.never_missing(truth.value) else settled()
    return Found(truth.value, "truth", is_settled, truth.lacks, options=options)


# ------------------------------------------------------------------ arithmetic


def arithmetic(operator: Literal["+", "-", "*", "/"], left: Found, right: Found) -> Found:
    """Return what `+ - * /` gives; only `+` knows counts that are not exact."""
    a, b = as_double(left), as_double(right)
    lacks = lacks_of(a, b)
    value = _calculated(operator, a.value, b.value)
    more = t.any_of([a.more, b.more])
    both = t.all_of([a.known, b.known])
    gone = t.any_of([a.gone, b.gone])
    by_open = NO if operator != "/" or b.bounds is None else t.all_of([both, Term("!=", b.bounds)])
    sure = t.all_of([both, t.negation(gone), t.negation(by_open)])
    settled = t.any_of([sure, *(t.all_of([t.is_null(side.value), side.settled]) for side in (a, b))])
    if more != NO:
        if operator == "+":
            told = t.where(t.negation(gone), Term("+", (_least(a), _least(b))), "double")
            least = t.case([(more, told)], value)
            bounds = None
            if a.bounds is not None or b.bounds is not None:
                low, high = _ends(operator, a, b)
                low, high = _loose((low, high), gone)
                bounds = t.case([(more, least)], low), t.case([(more, least)], high)
            is_more, gone = t.all_of([more, t.is_there(least)]), t.all_of([gone, t.negation(more)])
            return Found(least, "double", settled, lacks, bounds, more=is_more, gone=gone)
        value = t.where(both, value, "double")
        # The least of a count is no number to others than `+`.
        lacks = together(together([side.lacks], t.any_of([both, t.negation(side.known)])) for side in (a, b))
    if a.bounds is None and b.bounds is None:
        return Found(value, "double", settled, together([lacks], t.is_null(value)))
    low, high = _ends(operator, a, b)
    exact = t.all_of(Term("=", side.bounds) for side in (a, b) if side.bounds is not None)
    low, high = _loose((low, high), gone)
    gone = t.any_of([gone, t.all_of([by_open, _may_be_zero(b)])])
    low = t.case([(t.is_null(value), t.double(None)), (exact, value)], low)
    high = t.case([(t.is_null(value), t.double(None)), (exact, value)], high)
    return Found(value, "double", settled, lacks, (low, high), gone=t.all_of([gone, t.is_there(value)]))


def _loose(bounds: tuple[Term, Term], gone: Term) -> tuple[Term, Term]:
    """Return bounds that are none where a value could be missing: then so could what is made of it."""
    low, high = bounds
    return t.case([(gone, t.double(-math.inf))], low), t.case([(gone, t.double(math.inf))], high)


def _least(found: Found) -> Term:
    if found.bounds is None:
        return found.value
    return t.case([(found.more, found.value)], found.low)


def _calculated(operator: Literal["+", "-", "*", "/"], a: Term, b: Term) -> Term:
    if operator == "/":
        if t.is_constant(b):
            divisor = t.value_of(b)
            return t.double(None) if not divisor else Term("finite", (Term("/", (a, b)),))
        safe = t.case([(Term("=", (b, t.double(0))), t.double(None))], b)
        return Term("finite", (Term("/", (a, safe)),))
    return Term("finite", (Term(operator, (a, b)),))


def _ends(operator: Literal["+", "-", "*", "/"], a: Found, b: Found) -> tuple[Term, Term]:
    """Return the bounds of arithmetic with everything between the bounds of both sides."""
    if operator == "+":
        return Term("+", (a.low, b.low)), Term("+", (a.high, b.high))
    if operator == "-":
        return Term("-", (a.low, b.high)), Term("-", (a.high, b.low))
    corners = tuple(
        _corner(operator, first, second) for first in dict.fromkeys((a.low, a.high))
        for second in dict.fromkeys((b.low, b.high))
    )  # fmt: skip
    low, high = t.best("least", corners), t.best("greatest", corners)
    if operator == "*":
        return low, high
    crosses = _may_be_zero(b)
    return t.case([(crosses, t.double(-math.inf))], low), t.case([(crosses, t.double(math.inf))], high)


def _may_be_zero(found: Found) -> Term:
    zero = t.double(0)
    return t.all_of([Term("<=", (found.low, zero)), Term(">=", (found.high, zero))])


def _corner(operator: Literal["+", "-", "*", "/"], a: Term, b: Term) -> Term:
    zero = t.double(0)
    if operator == "*":
        # Nothing of what has no bound is nothing.
        is_none = t.any_of([Term("=", (a, zero)), Term("=", (b, zero))])
        return t.case([(is_none, zero)], Term("*", (a, b)))
    safe = t.case([(Term("=", (b, zero)), t.double(1))], b)
    return t.case([(t.negation(Term("is finite", (b,))), zero)], Term("/", (a, safe)))


def _rounded(found: Found, places: int) -> Found:
    number = as_double(found)
    value = rounded(number.value, places)
    settled = t.any_of([t.is_there(number.value), number.settled])
    if number.more != NO:
        value = t.where(number.known, value, "double")
        settled = t.all_of([number.settled, t.negation(number.more)])
    if number.bounds is None:
        return Found(value, "double", settled, number.lacks)
    low, high = (_rounded_end(end, places) for end in number.bounds)
    return Found(value, "double", settled, number.lacks, (low, high), gone=number.gone)


def _rounded_end(end: Term, places: int) -> Term:
    return t.case([(t.negation(Term("is finite", (end,))), end)], rounded(end, places))


def rounded(number: Term, places: int) -> Term:
    """Return a number with so many decimals, half away from zero, as `numbers.rounded` does."""
    factor = t.double(10.0**places)
    size = Term("absolute", (number,))
    scaled = Term("*", (size, factor))
    below = Term("floor", (scaled,))
    up = Term(">=", (Term("-", (scaled, below)), t.double(0.5)))
    kept = Term("/", (t.case([(up, Term("+", (below, t.double(1))))], below), factor))
    signed = t.case([(Term("<", (number, t.double(0))), Term("negative", (kept,)))], kept)
    is_whole = Term(">=", (scaled, t.double(2.0**52)))
    return t.case([(t.is_null(number), t.double(None)), (is_whole, number)], signed)


def millionths(number: Term) -> Term:
    """Return a finished number in whole millionths, rounded half to even."""
    if t.is_constant(number):
        return number
    scaled = Term("*", (number, t.double(1e6)))
    kept = Term("/", (Term("round even", (scaled,)), t.double(1e6)))
    return t.case([(Term("is finite", (scaled,)), kept)], number)


# ------------------------------------------------------------------ picking


def _extreme(kind: Literal["first known", "lowest", "highest"], found: list[Found], of: Type) -> Found:
    op: Literal["least", "greatest"] = "least" if kind == "lowest" else "greatest"
    if any(each.word == "double" for each in found):
        found = [as_double(each) for each in found]
    known = t.all_of(each.known for each in found)
    settled = t.any_of([known, *(t.all_of([t.is_null(each.value), each.settled]) for each in found)])
    wide = t.all_of([known, t.any_of(one for each in found for one in _is_wide(each))])
    lacks = together(together([each.lacks], t.any_of([t.negation(each.known), wide])) for each in found)
    word = found[0].word

    def picked(values: Sequence[Term]) -> Term:
        return t.where(known, t.best(op, values), word)

    if isinstance(of, Labels):
        return _extreme_label(kind, found, of, (known, settled, lacks))
    value = picked([each.value for each in found])
    if all(each.bounds is None for each in found):
        return Found(value, word, settled, lacks, options=_options(value, known, found))
    gone = t.all_of([known, t.any_of(each.gone for each in found)])
    bounds = _loose((picked([each.low for each in found]), picked([each.high for each in found])), gone)
    return Found(value, word, settled, lacks, bounds, gone=gone)


def _is_wide(found: Found) -> list[Term]:
    if found.bounds is not None:
        return [Term("!=", found.bounds)]
    return [YES] if found.options is not None else []


def _extreme_label(kind: str, found: list[Found], of: Labels, rest: tuple[Term, Term, Lacks]) -> Found:
    known, settled, lacks = rest
    best, rank = found[0].value, ranked(found[0].value, of)
    relation: Operation = "<" if kind == "lowest" else ">"
    for each in found[1:]:
        other = ranked(each.value, of)
        better = Term(relation, (other, rank))
        best = t.case([(better, each.value)], best)
        rank = t.case([(better, other)], rank)
    value = t.where(known, best, "text")
    gone = t.all_of([known, t.any_of(each.gone for each in found)])
    return Found(value, "text", settled, lacks, options=_options(value, known, found), gone=gone)


def _options(value: Term, known: Term, found: Sequence[Found]) -> tuple[Option, ...] | None:
    """Return all that several values could be, where one of them could be several."""
    if all(each.options is None for each in found):
        return None
    known = t.all_of([known, t.any_of(is_open(each) for each in found)])
    every = [option for each in found for option in each.options or ((each.value, YES),)]
    return ((value, YES), *((option, t.all_of([known, when])) for option, when in every))


def _domain(found: Found) -> Found:
    """Return what follows the last `@` of an address."""
    value, open_ = Term("domain", (found.value,)), is_open(found)
    settled = t.any_of([found.settled, t.is_there(found.value)])
    if open_ == NO:
        return Found(value, "text", settled, together([found.lacks], t.is_null(value)))
    settled = t.all_of([settled, t.negation(open_)])
    gone = t.all_of([open_, t.is_there(value)])
    lacks = together([found.lacks], t.any_of([t.is_null(value), gone]))
    return Found(value, "text", settled, lacks, options=((value, YES), (t.text(None), gone)), gone=gone)


def _days(writing: Writing, direction: str, found: Found) -> Found:
    clock = writing.clock
    if found.word == "day":
        ends = (found.value, clock.today) if direction == "since" else (clock.today, found.value)
        days = Term("days between", ends)
    else:
        ends = (found.value, clock.as_of) if direction == "since" else (clock.as_of, found.value)
        days = whole_days(*ends)
    settled, open_ = t.any_of([found.settled, t.is_there(found.value)]), is_open(found)
    if open_ == NO:
        return Found(days, "whole", settled, found.lacks)
    value = doubled(days)
    return Found(value, "double", settled, found.lacks, _loose((value, value), open_), gone=found.gone)
