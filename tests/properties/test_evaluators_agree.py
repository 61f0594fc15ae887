"""The generated function gives what the reference gives; `python -m tests.properties.differential` looks further."""

from collections.abc import Callable

import attrs
import pytest

from mqldsl.embed.definition import Definition
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.reference import Evaluation
from mqldsl.testing.boundaries import TICK
from mqldsl.testing.made import Situation
from mqldsl.testing.stateful import without_ids
from tests.properties.comparison import differences
from tests.properties.differential import asked, failure_of, made_smaller

DEFINITIONS, SITUATIONS, AT_ONCE = 100, 20, 10


@pytest.mark.parametrize("first", range(0, DEFINITIONS, AT_ONCE))
def test_the_generated_function_agrees_with_the_reference(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        failure = failure_of(number, seed=0, count=SITUATIONS)
        assert failure is None, f"\n{made_smaller(failure)}"


# Mistakes that an engine could make, played by handing it something else than the reference sees.
def _a_moment_later(situation: Situation) -> Situation:
    return attrs.evolve(situation, as_of=situation.as_of + TICK)


def _without_ids(situation: Situation) -> Situation:
    return attrs.evolve(situation, events=without_ids(situation))


def _blank_for_not_supplied(situation: Situation) -> Situation:
    return attrs.evolve(situation, events=situation.events or [], feeds=None)


def _without_people(situation: Situation) -> Situation:
    account = situation.account and attrs.evolve(situation.account, people=[])
    return attrs.evolve(situation, account=account)


def _texts_as_they_are(situation: Situation) -> Situation:
    lead = {
        key: f"{value}." if isinstance(value, str) and value.isupper() else value
        for key, value in situation.lead.items()
    }
    return attrs.evolve(situation, lead=lead)


MISTAKES = (_a_moment_later, _without_ids, _blank_for_not_supplied, _without_people, _texts_as_they_are)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__.strip("_"))
def test_a_mistake_is_found_and_made_small(mistake: Callable[[Situation], Situation]) -> None:
    def compare(giver: Giver, definition: Definition, situation: Situation) -> list[str]:
        judged = Evaluation(definition.model, asked(giver, situation)).judged()
        decision = definition.decide(**mistake(situation).as_arguments(), strict=False)
        return differences(definition.model, judged, decision)

    found = (failure_of(number, seed=1, count=SITUATIONS, compare=compare) for number in range(DEFINITIONS))
    failure = next(each for each in found if each is not None)
    small = made_smaller(failure, compare)
    assert small.found
    assert len(small.text) <= len(failure.text) / 2
    exec(str(small), {})  # what is printed can be pasted
