"""Exact sums: what is added is whole millionths, so that the order never matters."""

import math
from typing import Final

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Term

# Up to here doubles are whole numbers, and adding them is exact.
WHOLE: Final = 2**53
MILLION: Final = 1_000_000


@attrs.frozen
class Sum:
    """The terms of an exact sum by what is known of them.

    `stepped` have one of a few values, as the points of a row have; `free` may have any. `fixed` is the sum of the
    constants, `most` the largest size that they and the stepped can come to, both in whole millionths.
    """

    fixed: int
    stepped: tuple[Term, ...]
    free: tuple[Term, ...]
    most: int
    all_whole: bool


def sorted_out(term: Term) -> Sum:
    """Return the terms of an exact sum, sorted."""
    fixed, most = 0, 0
    stepped, free = [], []
    values_seen: set[int] = set()
    for part in term.parts:
        values = _possible(part)
        if values is None:
            free.append(part)
            continue
        values_seen |= values
        if len(values) == 1 and part.op == "constant":
            fixed += next(iter(values))
        elif values - {0}:
            stepped.append(part)
            most += max(abs(value) for value in values)
    values_seen.add(fixed)
    all_whole = all(value % MILLION == 0 for value in values_seen)
    return Sum(fixed, tuple(stepped), tuple(free), most + abs(fixed), all_whole)


def _possible(term: Term) -> set[int] | None:
    """Return all values that a term may have, in millionths, where its shape tells; missing ones do not occur."""
    if term.op == "constant":
        value = t.value_of(term)
        if value is None:
            return set()
        assert isinstance(value, float)
        return {round(value * 1e6)} if math.isfinite(value * 1e6) else None
    if term.op != "case":
        return None
    found: set[int] = set()
    for outcome in _outcomes(term):
        values = _possible(outcome)
        if values is None:
            return None
        found |= values
    return found


def _outcomes(case: Term) -> list[Term]:
    *arms, otherwise = case.parts
    return [*arms[1::2], otherwise]


def in_millionths(term: Term) -> Term:
    """Return a stepped term with its values as whole millionths, still doubles."""
    if term.op == "constant":
        value = t.value_of(term)
        return t.double(None if value is None else round(float(str(value)) * 1e6))
    *arms, otherwise = term.parts
    changed = [in_millionths(arm) if place % 2 else arm for place, arm in enumerate(arms)]
    return Term("case", (*changed, in_millionths(otherwise)))


def as_wholes(term: Term, unit: int) -> Term:
    """Return a stepped term with its values as whole numbers of so many millionths."""
    if term.op == "constant":
        value = t.value_of(term)
        assert value is None or isinstance(value, float)
        return t.whole(None if value is None else round(value * 1e6) // unit)
    *arms, otherwise = term.parts
    changed = [as_wholes(arm, unit) if place % 2 else arm for place, arm in enumerate(arms)]
    return Term("case", (*changed, as_wholes(otherwise, unit)))
