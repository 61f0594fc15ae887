"""To become X: the fewest changes of facts that would give another outcome."""

from collections.abc import Iterator
from itertools import product

import attrs

from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.smallest import sufficient
from mqldsl.explain.supposed import Fact, Supposed, facts_of_verdict
from mqldsl.explain.turns import Turns
from mqldsl.model import ir
from mqldsl.model.types import Value

_MOST_CHANGES = 4
_MOST_VALUES = 8
# How many leads are looked at in all; a search that ends here has found nothing.
_MOST_TRIES = 1_500


@attrs.frozen
class Change:
    """A fact, and what it would have to be: the value of a field, the count of a selection."""

    fact: Fact
    to: Value


def to_become(evaluation: Evaluation, outcome: str) -> tuple[Change, ...] | None:
    """Return the fewest changes that would give `outcome`, in the order of the file.

    Up to four facts are changed. None where the verdict is that outcome already, or where nothing was found.
    """
    if evaluation.verdict().outcome == outcome:
        return None
    facts = facts_of_verdict(evaluation.model)
    turns = Turns(evaluation.model, evaluation.situation.as_of)

    def make_possible(free: frozenset[int]) -> bool:
        known = frozenset(fact for number, fact in enumerate(facts) if number not in free)
        return outcome in Supposed(evaluation, known).verdict().could_be

    tried = 0
    for free in sufficient(len(facts), make_possible, _MOST_CHANGES):
        for changes in _changes(evaluation, turns, [facts[number] for number in free]):
            tried += 1
            instead = {change.fact: change.to for change in changes}
            if Supposed(evaluation, instead=instead).verdict().outcome == outcome:
                return changes
            if tried == _MOST_TRIES:
                return None
    return None


def _changes(evaluation: Evaluation, turns: Turns, facts: list[Fact]) -> Iterator[tuple[Change, ...]]:
    yield from product(
        *([Change(fact, value) for value in _choices(evaluation, turns, fact)] for fact in facts)
    )


def _choices(evaluation: Evaluation, turns: Turns, fact: Fact) -> list[Value]:
    """Return what a fact could be instead, the nearest first: never what it is."""
    if isinstance(fact, ir.FieldValue):
        now = getattr(evaluation.operand(fact), "value", None)
        return [value for value in turns.values(fact.name, fact.type) if value != now][:_MOST_VALUES]
    count = float(len(evaluation.selection(fact).members))
    numbers = (number for number in turns.counts() if number != count)
    return list(sorted(numbers, key=lambda number: abs(number - count))[:_MOST_VALUES])
