"""What is missing: the facts that could change a decision, the most telling first.

A fact is the more telling, the fewer outcomes are left open once it is known. Told from the
outcomes alone: each open condition is taken as yes, then as no, and what could still be first is
counted.
"""

from mqldsl.evaluate.decision import Decided
from mqldsl.evaluate.outcome import NO, NOTHING, YES, Answer, Outcome, counted
from mqldsl.evaluate.reference import Judged
from mqldsl.model import ir
from mqldsl.model.facts import facts_in_order


def missing_for(model: ir.Model, judged: Judged, name: str) -> list[str]:
    """Return the names of fields, properties and feeds that could change a decision or a clause."""
    order = {fact: place for place, fact in enumerate(facts_in_order(model))}

    def place(fact: str) -> tuple[int, str]:
        return order.get(fact, len(order)), fact

    if name not in judged.decided:
        return sorted({lack.name for lack in judged.clauses[name].answer.lacks}, key=place)
    decided = judged.decided[name]
    facts = {lack.name for lack in decided.lacks}
    decide = model.named[name]
    assert isinstance(decide, ir.Decide)
    return sorted(facts, key=lambda fact: (_left_open(decide, decided, fact), *place(fact)))


def _left_open(decide: ir.Decide, decided: Decided, fact: str) -> int:
    """Count the outcomes that are left when all that hangs on `fact` alone is yes, and when it is no."""
    left = 0
    for assumed in (YES, NO):
        outcomes: set[str] = set()
        for row, outcome in zip(decide.rows, decided.rows, strict=True):
            can_be = YES if outcome is None else _assuming(outcome, fact, assumed).can_be
            if True in can_be:
                outcomes.add(row.outcome)
            if False not in can_be:
                break
        left += len(outcomes)
    return left


def _assuming(outcome: Outcome, fact: str, assumed: frozenset[bool]) -> Answer:
    """Return an answer again, with the open conditions that hang on `fact` alone decided."""
    answer = outcome.answer
    if not answer.is_open:
        return answer
    match outcome.node:
        case ir.Count(_, least, most):
            return counted([_assuming(part, fact, assumed) for part in outcome.parts], least, most)
        case ir.Not():
            inner = _assuming(outcome.parts[0], fact, assumed)
            return Answer(None, frozenset(not each for each in inner.can_be), inner.lacks)
        case ir.ClauseRef():
            return _assuming(outcome.parts[0], fact, assumed)
        case _:
            return _sure(assumed) if {lack.name for lack in answer.lacks} == {fact} else answer


def _sure(assumed: frozenset[bool]) -> Answer:
    return Answer(True in assumed, assumed, NOTHING)
