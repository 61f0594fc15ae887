"""How many of some answers are yes: `and`, `or`, `at least 2 of`."""

from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Truth, how_many_hold, together
from mqldsl.evaluate.sql.terms import NO, Term


def counted(parts: Sequence[Truth], least: int, most: int) -> Truth:
    """Return whether at least `least` and at most `most` of the answers are yes."""
    number = len(parts)
    least, most = max(least, 0), min(most, number)
    if least > most:
        return Truth(NO)
    values = [part.value for part in parts]
    lacks = together(together([part.lacks], part.is_open) for part in parts)
    value = _held(values, least, most)
    if all(part.open == NO for part in parts):
        return Truth(value, NO, together([lacks], t.is_null(value)))
    yes, no = _possible(parts, least, most)
    is_open = t.all_of([yes, no])
    return Truth(value, is_open, together([lacks], t.any_of([is_open, t.is_null(value)])))


def _held(values: list[Term], least: int, most: int) -> Term:
    number = len(values)
    if least == 0 and most == number:
        return t.YES
    if most == number:
        if least == number:
            return t.all_of(values)
        if least == 1:
            return t.any_of(values)
    if least == 0 and most == 0:
        return t.negation(t.any_of(values))
    if least == 0 and most == number - 1:
        return t.negation(t.all_of(values))
    sure = how_many_hold(t.is_true(value) for value in values)
    if all(t.never_missing(value) for value in values):
        return t.all_of(_between(sure, sure, least, most, number))
    may = Term("whole +", (sure, how_many_hold(t.is_null(value) for value in values)))
    yes = t.all_of(_between(sure, may, least, most, number))
    no = t.any_of(
        [
            *([Term("<", (may, t.whole(least)))] if least else []),
            *([Term(">", (sure, t.whole(most)))] if most < number else []),
        ]
    )
    return t.case([(yes, t.YES), (no, NO)], t.UNKNOWN)


def _between(at_least: Term, at_most: Term, least: int, most: int, number: int) -> list[Term]:
    return [
        *([Term(">=", (at_least, t.whole(least)))] if least else []),
        *([Term("<=", (at_most, t.whole(most)))] if most < number else []),
    ]


def _possible(parts: Sequence[Truth], least: int, most: int) -> tuple[Term, Term]:
    """Return whether yes and whether no is possible, each part on its own."""
    number = len(parts)
    can = [part.can_be_yes for part in parts]
    must = [part.must_be_yes for part in parts]
    if most == number and least in (1, number):
        join = t.all_of if least == number else t.any_of
        return join(can), t.negation(join(must))
    if least == 0 and most == 0:
        return t.negation(t.any_of(must)), t.any_of(can)
    can_sum, must_sum = how_many_hold(can), how_many_hold(must)
    yes = t.all_of([Term("<=", (must_sum, t.whole(most))), Term(">=", (can_sum, t.whole(least)))])
    surely = t.all_of([Term(">=", (must_sum, t.whole(least))), Term("<=", (can_sum, t.whole(most)))])
    return yes, t.negation(surely)
