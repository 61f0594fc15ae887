"""Values of several cases as terms: the first that holds, and all that could be."""

import math
from collections.abc import Sequence

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.operands import millionths
from mqldsl.evaluate.sql.rows import bound_truth
from mqldsl.evaluate.sql.shapes import (
    Found,
    Lacks,
    Option,
    Truth,
    all_blank,
    as_double,
    how_many_hold,
    together,
)
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir

SURE = Truth(YES)


def first_case(writing: Writing, node: ir.NamedExpression) -> Found:
    """Return the value of the first case that holds, and all values that could be."""
    if len(node.cases) == 1 and node.cases[0].condition is None:
        return finished(writing.operand(node.cases[0].value))
    truths = [
        SURE if case.condition is None else bound_truth(writing, writing.condition(case.condition))
        for case in node.cases
    ]
    # What one of several counts could be has bounds, as other numbers have.
    found = [as_double(writing.operand(case.value)) for case in node.cases]
    yes = [t.is_true(truth.value) for truth in truths]
    firsts = could_be_first(truths)
    reached = together(together([truth.lacks], first) for truth, first in zip(truths, firsts, strict=True))

    def of_winner(terms: Sequence[Term], otherwise: Term) -> Term:
        return t.case(list(zip(yes, terms, strict=True)), otherwise)

    several_ = several(firsts)
    lacking = t.any_of(
        t.all_of([first, t.any_of([t.negation(each.known), each.gone])])
        for each, first in zip(found, firsts, strict=True)
    )
    told = _winner(found, yes, firsts, (several_, reached))
    if all(truth.open == NO and t.never_missing(truth.value) for truth in truths) and all(
        each.bounds is None and each.options is None for each in found
    ):
        return finished(told)
    possible = t.all_of([t.is_there(told.value), t.negation(told.more)])
    gone = t.all_of(
        [
            possible,
            t.any_of([t.all_of([several_, lacking]), _of_winner(yes, [each.gone for each in found], NO)]),
        ]
    )
    if told.word == "double":
        nothing_there = t.double(None)
        wide = t.all_of([several_, possible])
        low, high = (
            t.case(
                [(gone, t.double(none)), (wide, _joined(found, firsts, end))],
                _of_winner(yes, [each.low if end == "low" else each.high for each in found], nothing_there),
            )
            for end, none in (("low", -math.inf), ("high", math.inf))
        )
        return finished(attrs.evolve(told, bounds=(low, high), gone=gone))
    options: list[Option] = [] if gone == NO else [(t.constant(told.word, None), gone)]
    for each, first, holds in zip(found, firsts, yes, strict=True):
        for option, when in each.options or ((each.value, t.all_of([each.known])),):
            chosen = t.any_of([t.all_of([several_, first]), t.all_of([t.negation(several_), holds, first])])
            options.append((option, t.all_of([possible, chosen, when])))
    return attrs.evolve(told, options=tuple(options), gone=gone)


def _of_winner(yes: Sequence[Term], terms: Sequence[Term], otherwise: Term) -> Term:
    return t.case(list(zip(yes, terms, strict=True)), otherwise)


def _winner(
    found: Sequence[Found], yes: Sequence[Term], firsts: Sequence[Term], rest: tuple[Term, Lacks]
) -> Found:
    """Return the value of the first case that holds; of a count of which only the least is sure, none if others could be."""
    several_, reached = rest
    word = found[0].word
    value = _of_winner(yes, [each.value for each in found], t.constant(word, None))
    more = _of_winner(yes, [each.more for each in found], NO)
    unsure = t.all_of([more, several_])
    if unsure != NO:
        value = t.where(t.negation(unsure), value, word)
    settled = _of_winner(yes, [each.settled for each in found], all_blank(reached))
    if several_ != NO:
        others = t.all_of(
            t.any_of([t.negation(first), t.all_of([t.is_null(each.value), each.settled])])
            for each, first in zip(found, firsts, strict=True)
        )
        stays = t.all_of([settled, t.any_of([t.is_there(value), all_blank(reached)]), t.negation(unsure)])
        settled = t.case([(several_, t.any_of([stays, others]))], settled)
    lacks = together(
        together([each.lacks], t.all_of([holds, *(t.negation(other) for other in yes[:number])]))
        for number, (each, holds) in enumerate(zip(found, yes, strict=True))
    )
    # Of other cases only where they could win in place of this one, or where none does.
    others = t.any_of([t.negation(t.any_of(yes)), several_])
    return Found(
        value,
        word,
        settled,
        together([together([reached], others), lacks]),
        more=t.all_of([more, t.negation(several_)]),
    )


def could_be_first(truths: Sequence[Truth]) -> list[Term]:
    """Return for each row whether yes is possible for it and no for all before it."""
    firsts: list[Term] = []
    before: list[Term] = []
    for truth in truths:
        firsts.append(t.all_of([*before, truth.can_be_yes]))
        before.append(truth.can_be_no)
    return firsts


def several(firsts: Sequence[Term]) -> Term:
    """Return whether more than one of some truths holds."""
    total = how_many_hold(firsts)
    return Term(">", (total, t.whole(1))) if not t.is_constant(total) else NO


def _joined(found: Sequence[Found], firsts: Sequence[Term], end: str) -> Term:
    none = math.inf if end == "low" else -math.inf
    arms = tuple(
        t.case([(t.all_of([first, each.known]), each.low if end == "low" else each.high)], t.double(none))
        for each, first in zip(found, firsts, strict=True)
    )
    return t.best("least" if end == "low" else "greatest", arms)


def finished(found: Found) -> Found:
    """Return a value in whole millionths, where it is a number."""
    if found.word != "double":
        return found
    bounds = None if found.bounds is None else (millionths(found.bounds[0]), millionths(found.bounds[1]))
    # The least of a count stays as it is.
    value = t.case([(found.more, found.value)], millionths(found.value))
    return attrs.evolve(found, value=value, bounds=bounds)
