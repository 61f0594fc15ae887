"""Conditions as terms: their answers, and whether the other answer is possible."""

from collections.abc import Callable, Sequence
from typing import assert_never

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.comparisons import compare
from mqldsl.evaluate.sql.shapes import Found, Truth, could_turn, how_many_hold, together, without_clauses
from mqldsl.evaluate.sql.spans import in_span
from mqldsl.evaluate.sql.terms import NO, Term
from mqldsl.evaluate.sql.texts import domain_test, has, text_test
from mqldsl.evaluate.sql.writing import Scope, Writing
from mqldsl.model import ir


def condition(writing: Writing, node: ir.Condition, scope: Scope) -> Truth:
    """Return the terms of a condition; of a named clause only those that are there already."""
    match node:
        case ir.Count(parts, least, most):
            return counted([writing.condition(part.condition, scope) for part in parts], least, most)
        case ir.Not(of):
            return negated(writing.condition(of, scope))
        case _:
            truth = _about_values(writing, node, scope)
            return attrs.evolve(truth, lacks=without_clauses(truth.lacks))


def _about_values(writing: Writing, node: ir.Condition, scope: Scope) -> Truth:
    match node:
        case ir.Flag(ir.AnswerValue(of)):
            return writing.condition(of, scope)
        case ir.Flag(of):
            return tested(writing.operand(of, scope), lambda value: value)
        case ir.Compare(relation, left, right):
            return compare(
                relation, writing.operand(left, scope), writing.operand(right, scope), (left, right)
            )
        case ir.Member() | ir.Matches():
            return tested(writing.operand(node.of, scope), domain_test(node))
        case ir.TextTest():
            return text_test(writing, node, scope)
        case ir.Has():
            return has(writing, node, scope)
        case ir.IsKnown(of):
            return _is_known(writing.operand(of, scope))
        case ir.InSpan(of, span):
            return in_span(writing, writing.operand(of, scope), of.type, span, scope)
        case ir.ClauseRef():
            raise AssertionError("the writer has the named clauses")
        case ir.Count() | ir.Not():
            raise AssertionError("these are about conditions")
        case _:
            assert_never(node)


def negated(truth: Truth) -> Truth:
    """Return the answer of `not`."""
    return Truth(t.negation(truth.value), truth.open, truth.lacks)


def counted(parts: Sequence[Truth], least: int, most: int) -> Truth:
    """Return whether at least `least` and at most `most` of the answers are yes."""
    number = len(parts)
    least, most = max(least, 0), min(most, number)
    if least > most:
        return Truth(NO)
    values = [part.value for part in parts]
    lacks = together(together([part.lacks], part.is_open) for part in parts)
    value = _held(values, least, most)
    if all(part.open == NO for part in parts):
        return Truth(value, NO, together([lacks], t.is_null(value)))
    yes, no = _possible(parts, least, most)
    is_open = t.all_of([yes, no])
    return Truth(value, is_open, together([lacks], t.any_of([is_open, t.is_null(value)])))


def _held(values: list[Term], least: int, most: int) -> Term:
    number = len(values)
    if least == 0 and most == number:
        return t.YES
    if most == number:
        if least == number:
            return t.all_of(values)
        if least == 1:
            return t.any_of(values)
    if least == 0 and most == 0:
        return t.negation(t.any_of(values))
    if least == 0 and most == number - 1:
        return t.negation(t.all_of(values))
    sure = how_many_hold(t.is_true(value) for value in values)
    if all(t.never_missing(value) for value in values):
        return t.all_of(_between(sure, sure, least, most, number))
    may = Term("whole +", (sure, how_many_hold(t.is_null(value) for value in values)))
    yes = t.all_of(_between(sure, may, least, most, number))
    no = t.any_of(
        [
            *([Term("<", (may, t.whole(least)))] if least else []),
            *([Term(">", (sure, t.whole(most)))] if most < number else []),
        ]
    )
    return t.case([(yes, t.YES), (no, NO)], t.UNKNOWN)


def _between(at_least: Term, at_most: Term, least: int, most: int, number: int) -> list[Term]:
    return [
        *([Term(">=", (at_least, t.whole(least)))] if least else []),
        *([Term("<=", (at_most, t.whole(most)))] if most < number else []),
    ]


def _possible(parts: Sequence[Truth], least: int, most: int) -> tuple[Term, Term]:
    """Return whether yes and whether no is possible, each part on its own."""
    number = len(parts)
    can = [part.can_be_yes for part in parts]
    must = [part.must_be_yes for part in parts]
    if most == number and least in (1, number):
        join = t.all_of if least == number else t.any_of
        return join(can), t.negation(join(must))
    if least == 0 and most == 0:
        return t.negation(t.any_of(must)), t.any_of(can)
    can_sum, must_sum = how_many_hold(can), how_many_hold(must)
    yes = t.all_of([Term("<=", (must_sum, t.whole(most))), Term(">=", (can_sum, t.whole(least)))])
    surely = t.all_of([Term(">=", (must_sum, t.whole(least))), Term("<=", (can_sum, t.whole(most)))])
    return yes, t.negation(surely)


def tested(found: Found, test: Callable[[Term], Term]) -> Truth:
    """Return a test of a value, and of every other value that is possible; of a count that may grow, unknown."""
    value = t.where(found.known, test(found.value), "truth") if found.more != NO else test(found.value)
    if found.options is not None:
        is_open = could_turn(value, (((option,), when) for option, when in found.options), test)
        return Truth(value, is_open, together([found.lacks], t.any_of([is_open, t.is_null(value)])))
    if found.bounds is not None:
        is_open = t.all_of([found.known, Term("!=", found.bounds)])
        return Truth(
            value, t.is_true(is_open), together([found.lacks], t.any_of([is_open, t.is_null(value)]))
        )
    return Truth(value, NO, together([found.lacks], t.is_null(value)))


def _is_known(found: Found) -> Truth:
    known = found.known
    value = t.case([(known, t.YES), (found.more, t.UNKNOWN), (found.settled, NO)], t.UNKNOWN)
    is_open = t.all_of([known, found.gone])
    return Truth(value, is_open, together([found.lacks], t.any_of([is_open, t.is_null(value)])))
