"""The differential test of SQL would notice: each of these mistakes, planted into the evaluator, is found."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest

from mqldsl.evaluate.sql import aggregates, comparisons, orders, outcomes, points, rows, selecting, spans
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Gap, Truth
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from tests.properties.sql_differential import tried

DEFINITIONS, SITUATIONS = 60, 60

related, row_answer = spans._related, rows.row_answer


def _its_first_instant(relation: Operation, a: Term, b: Term) -> Term:
    return related(">=" if relation == ">" else relation, a, b)


def _nothing_reaches_in(gap: Gap, _: spans.Limits) -> Gap:
    return attrs.evolve(gap, when=NO)


def _nobody_is_left_out(*asked: Any) -> tuple[Truth, Term]:
    return row_answer(*asked)[0], NO


def _only_by_itself(truths: Sequence[Truth]) -> list[Term]:
    return [truth.can_be_yes for truth in truths]


def _at_once(_: Any, start: Term, *__: Any) -> Term:
    return start


# What is wrong then, the module, the function in it, and what stands in its place.
MISTAKES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "a window has its first instant": (spans, "_related", _its_first_instant),
    "a feed goes back for ever": (selecting, "_narrowed", _nothing_reaches_in),
    "an event with a blank property stays in doubt": (selecting, "row_answer", _nobody_is_left_out),
    "texts are compared as they stand": (comparisons, "folded", lambda term: term),
    "what is decided is certain": (outcomes, "_several", lambda _: NO),
    "rows before do not matter to what could be": (outcomes, "_could_be_first", _only_by_itself),
    "points are not in whole millionths": (points, "in_millionths", lambda number: number),
    "nothing comes after in time": (orders, "_end", _at_once),
    "an event that is not there is settled": (
        points,
        "anchor",
        lambda *asked: attrs.evolve(aggregates.anchor(*asked), settled=YES),
    ),
    "unknown is no": (
        outcomes,
        "bound_truth",
        lambda writing, truth: rows.bound_truth(
            writing, Truth(t.coalesce(truth.value, NO), truth.open, truth.lacks)
        ),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, mistake = MISTAKES[name]
    monkeypatch.setattr(module, function, mistake)
    found = (tried(number, seed=1, count=SITUATIONS) for number in range(DEFINITIONS))
    assert any(each.failure is not None for each in found)
