"""What must hold of every evaluation, tried on the packs with leads aimed at their boundaries."""

from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mqldsl.analyse.examples import situation_of
from mqldsl.evaluate.outcome import Bounds, Known
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.evaluate.situation import Situation
from mqldsl.explain.turns import Turns
from mqldsl.model import ir
from mqldsl.pipeline import load_definition
from mqldsl.testing.as_examples import as_of_for, examples

RULES = Path(__file__).parents[2] / "rules"
NAMES = [
    "quick-start/mql",
    "ladder/ladder",
    "seven-questions/seven-questions",
    "account-based/account-based",
    "letter-number/letter-number",
]
MODELS = {name: load_definition(RULES / f"{name}.mql") for name in NAMES}
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

packs = pytest.mark.parametrize("name", NAMES)


def answers(judged: Judged) -> dict[str, object]:
    """Return everything that was found, as plain values."""
    found: dict[str, object] = {name: it.answer for name, it in judged.clauses.items()}
    found |= judged.values
    found |= {f"{name}.could_be": it.could_be for name, it in judged.decided.items()}
    found |= {f"{name}.due": it.due_at for name, it in judged.decided.items()}
    return found


def judged(model: ir.Model, situation: Situation) -> Judged:
    return Evaluation(model, situation).judged()


@packs
@FEW
@given(data=st.data())
def test_the_order_of_events_changes_nothing(name: str, data: st.DataObject) -> None:
    model = MODELS[name]
    situation = situation_of(model, data.draw(examples(model)))
    shuffled = tuple(data.draw(st.permutations(situation.lead.events)))
    other = attrs.evolve(situation, lead=attrs.evolve(situation.lead, events=shuffled))
    assert answers(judged(model, situation)) == answers(judged(model, other))


@packs
@FEW
@given(data=st.data())
def test_what_was_decided_never_flips_when_a_field_is_supplied(name: str, data: st.DataObject) -> None:
    model = MODELS[name]
    example = data.draw(examples(model))
    assume(example.lead.not_supplied)
    field = data.draw(st.sampled_from(example.lead.not_supplied))
    value = data.draw(
        st.none() | st.sampled_from(Turns(model, as_of_for(model)).values(field, model.fields[field].type))
    )
    lead = attrs.evolve(
        example.lead,
        fields={**example.lead.fields, field: value},
        not_supplied=tuple(each for each in example.lead.not_supplied if each != field),
    )
    before = judged(model, situation_of(model, example))
    after = judged(model, situation_of(model, attrs.evolve(example, lead=lead)))
    assert_nothing_flipped(before, after)


@packs
@FEW
@given(data=st.data())
def test_what_was_decided_never_flips_when_a_feed_is_supplied(name: str, data: st.DataObject) -> None:
    model = MODELS[name]
    example = data.draw(examples(model))
    assume(example.feeds is not None and len(example.feeds) < len(model.kinds))
    assert example.feeds is not None
    missing = data.draw(st.sampled_from(sorted(set(model.kinds) - set(example.feeds))))
    before = judged(model, situation_of(model, example))
    after = judged(model, situation_of(model, attrs.evolve(example, feeds=(*example.feeds, missing))))
    assert_nothing_flipped(before, after)


def assert_nothing_flipped(before: Judged, after: Judged) -> None:
    for name, outcome in before.clauses.items():
        if len(outcome.answer.can_be) == 1:
            assert after.clauses[name].answer.value is outcome.answer.value, name
    for name, decided in before.decided.items():
        assert set(after.decided[name].could_be) <= set(decided.could_be), name
    for name, scored in before.scores.items():
        bounds = after.scores[name].bounds
        assert scored.bounds.low <= bounds.low, name
        assert bounds.high <= scored.bounds.high, name


@packs
@FEW
@given(data=st.data())
def test_a_value_lies_within_its_bounds_and_an_outcome_among_those_that_could_be(
    name: str, data: st.DataObject
) -> None:
    model = MODELS[name]
    found = judged(model, situation_of(model, data.draw(examples(model))))
    for value in found.values.values():
        if isinstance(value, Known) and isinstance(value.possible, Bounds):
            assert isinstance(value.value, float)
            assert value.possible.low <= value.value <= value.possible.high
        elif isinstance(value, Known) and isinstance(value.possible, frozenset):
            assert value.value in value.possible
    for outcome in found.clauses.values():
        if outcome.answer.value is not None:
            assert outcome.answer.value in outcome.answer.can_be
    for decided in found.decided.values():
        assert decided.outcome in decided.could_be
