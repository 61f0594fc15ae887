"""Lists of texts as one text, for databases in which a list without its missing members cannot be told."""

from typing import Final

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.relations import DialectName, Query, Select, Step
from mqldsl.evaluate.sql.terms import Term

WITHOUT_LISTS: Final[frozenset[DialectName]] = frozenset({"snowflake", "bigquery"})
_BETWEEN: Final = t.text(", ")
_NOTHING: Final = t.text("")


def without_lists(query: Query) -> Query:
    """Return a query with each list of texts as one text, its members joined by a comma; empty for none."""
    return attrs.evolve(query, steps=tuple(_step(step) for step in query.steps))


def _step(step: Step) -> Step:
    if not isinstance(step, Select):
        return step
    columns = {name: t.renamed(term, _joined) for name, term in step.columns.items()}
    return attrs.evolve(step, columns=columns)


def _joined(term: Term) -> Term | None:
    if term.op != "list":
        return None
    members = list(term.parts)
    pieces = []
    for place, member in enumerate(members):
        one_before = t.any_of(_is_there(each) for each in members[:place])
        between = t.case([(one_before, _BETWEEN)], _NOTHING)
        shown = _shown(member)
        told = shown if between == _NOTHING else Term("joined", (between, shown))
        pieces.append(t.case([(_is_there(member), told)], _NOTHING))
    if not pieces:
        return _NOTHING
    return pieces[0] if len(pieces) == 1 else Term("joined", tuple(pieces))


def _arm(member: Term) -> tuple[Term, Term] | None:
    """Return condition and text of a member that is there on a condition, as all are that we make."""
    if member.op != "case" or len(member.args) != 3:
        return None
    condition, value, otherwise = member.parts
    is_one = t.is_constant(value) and t.is_constant(otherwise) and t.value_of(otherwise) is None
    return (condition, value) if is_one else None


def _is_there(member: Term) -> Term:
    arm = _arm(member)
    return t.is_there(member) if arm is None else t.is_true(arm[0])


def _shown(member: Term) -> Term:
    arm = _arm(member)
    return member if arm is None else arm[1]
