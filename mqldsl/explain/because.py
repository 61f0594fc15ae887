"""Because: the smallest set of facts that alone force the verdict."""

from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.smallest import smallest
from mqldsl.explain.supposed import Fact, Supposed, facts_of_verdict


def because(evaluation: Evaluation) -> tuple[Fact, ...]:
    """Return the fewest facts that alone give the verdict, whatever the others are; none where it is uncertain.

    Among sets of one size, the one that comes first in the file.
    """
    verdict = evaluation.verdict()
    if not verdict.is_certain:
        return ()
    facts = facts_of_verdict(evaluation.model)

    def force(chosen: frozenset[int]) -> bool:
        known = frozenset(facts[number] for number in chosen)
        return Supposed(evaluation, known).verdict().could_be == verdict.could_be

    return tuple(facts[number] for number in smallest(len(facts), force) or ())
