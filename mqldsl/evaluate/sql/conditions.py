"""Conditions as terms: their answers, and whether the other answer is possible."""

from collections.abc import Callable
from typing import assert_never

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.comparisons import compare
from mqldsl.evaluate.sql.counting import counted
from mqldsl.evaluate.sql.shapes import Found, Truth, could_turn, together, without_clauses
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
