"""The differential test of SQL would notice: each of these mistakes, planted into the evaluator, is found."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest

from mqldsl.evaluate.sql import comparisons, inside, orders, outcomes, selecting, settling, spans
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.facts import Fact
from mqldsl.evaluate.sql.rows import bound_truth, row_answer
from mqldsl.evaluate.sql.shapes import Gap, Truth
from mqldsl.evaluate.sql.terms import NO, Operation, Term
from tests.properties.sql_differential import tried

SITUATIONS = 60

related = spans._related


def _its_first_instant(relation: Operation, a: Term, b: Term) -> Term:
    return related(">=" if relation == ">" else relation, a, b)


def _nothing_reaches_in(gap: Gap, _: spans.Limits) -> Gap:
    return attrs.evolve(gap, when=NO)


def _nobody_is_left_out(*asked: Any) -> tuple[Truth, Term]:
    return row_answer(*asked)[0], NO


def _only_by_itself(truths: Sequence[Truth]) -> list[Term]:
    return [truth.can_be_yes for truth in truths]


def _at_once(_: Any, start: Term, __: Any) -> Term:
    return start


def _no_for_unknown(writing: Any, truth: Truth) -> Truth:
    return bound_truth(writing, attrs.evolve(truth, value=t.coalesce(truth.value, NO)))


def _one_is_enough(choice: Term) -> Term:
    return t.any_of(choice.parts) if choice.op == "and" else choice


# What is wrong then: the first definition that shows it, the module, its function, and what stands in its place.
MISTAKES: dict[str, tuple[int, Any, str, Callable[..., Any]]] = {
    "a window has its first instant": (2, spans, "_related", _its_first_instant),
    "a feed goes back for ever": (3, selecting, "_narrowed", _nothing_reaches_in),
    "an event with a blank property stays in doubt": (8, selecting, "row_answer", _nobody_is_left_out),
    "texts are compared as they stand": (1, comparisons, "folded", lambda term: term),
    "what is decided is certain": (0, outcomes, "several", lambda _: NO),
    "rows before do not matter to what could be": (0, outcomes, "could_be_first", _only_by_itself),
    "nothing comes after in time": (0, orders, "_end", _at_once),
    "every field is there": (0, settling, "of_given", lambda _: Fact(is_there=True)),
    "rows are chosen by one of several conditions": (0, settling, "_holding", _one_is_enough),
    "without rows no count compares": (0, inside, "compared", lambda *_: NO),
    "unknown is no": (0, outcomes, "bound_truth", _no_for_unknown),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, module, function, mistake = MISTAKES[name]
    monkeypatch.setattr(module, function, mistake)
    assert tried(number, seed=1, count=SITUATIONS).failure is not None


@pytest.mark.parametrize("number", sorted({number for number, *_ in MISTAKES.values()}))
def test_without_a_mistake_nothing_is_found(number: int) -> None:
    assert tried(number, seed=1, count=SITUATIONS).failure is None
