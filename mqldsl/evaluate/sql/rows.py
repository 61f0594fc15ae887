"""Questions about one row of a selection: an event inside its brackets, or one of the people."""

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Chosen, Found, Lacking, Lacks, Truth, without_clauses
from mqldsl.evaluate.sql.streams import LEAD, Stream, of_row
from mqldsl.evaluate.sql.terms import Term
from mqldsl.evaluate.sql.writing import Brackets, Writing
from mqldsl.model import ir


def member_value(writing: Writing, each: ir.Operand, chosen: Chosen) -> Found:
    """Return an operand of each member of a selection."""
    if not chosen.stream.is_people:
        return writing.operand(each, Brackets(chosen.stream))
    people = writing.of_people()
    found = people.operand(each)
    found = attrs.evolve(found, value=people.board.bind(found.value))

    def bound(term: Term) -> Term:
        return _of_person(people.board.bind(term))

    return Found(
        _of_person(found.value),
        found.word,
        _of_person(found.settled),
        _lacks_of_person(people, found.lacks),
        None if found.bounds is None else (bound(found.bounds[0]), bound(found.bounds[1])),
        None
        if found.options is None
        else tuple((bound(value), bound(when)) for value, when in found.options),
        _of_person(found.more),
        bound(found.gone),
    )


def row_answer(writing: Writing, node: ir.Condition, stream: Stream) -> tuple[Truth, Term]:
    """Answer a condition for each row, and whether a row for which it is unknown stays out.

    What only a blank property keeps open stays out, as nobody will fill in a past event; of people, what only a
    blank field does.
    """
    if not stream.is_people:
        truth = writing.condition(node, Brackets(stream))
        if t.never_missing(truth.value):
            return truth, t.YES
        lacks = without_clauses(truth.lacks)()
        others = [each.when for each in lacks if not (each.kind == "property" and each.blank)]
        return truth, t.negation(t.any_of(others))
    people = writing.of_people()
    asked = bound_truth(people, people.condition(node))
    truth = Truth(_of_person(asked.value), _of_person(asked.open), _lacks_of_person(people, asked.lacks))
    if t.never_missing(asked.value):
        return truth, t.YES
    others = [each.when for each in asked.lacks() if not (each.kind == "field" and each.blank)]
    return truth, _of_person(people.board.bind(t.negation(t.any_of(others))))


def bound_truth(writing: Writing, truth: Truth) -> Truth:
    """Return an answer whose terms are computed once."""
    bind = writing.board.bind
    return attrs.evolve(truth, value=bind(truth.value), open=bind(truth.open))


def _of_person(term: Term) -> Term:
    """Return a term about a lead as one about a row of people."""

    def other(part: Term) -> Term | None:
        return of_row(str(part.args[1])) if part.op == "column" and part.args[0] == LEAD else None

    return t.renamed(term, other)


def _lacks_of_person(people: Writing, lacks: Lacks) -> Lacks:
    def found() -> tuple[Lacking, ...]:
        return tuple(attrs.evolve(each, when=_of_person(people.board.bind(each.when))) for each in lacks())

    return found
