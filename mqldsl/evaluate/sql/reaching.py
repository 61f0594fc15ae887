"""Which rows a truth may choose at most: of which kinds, and from when on."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.streams import AT, KIND
from mqldsl.evaluate.sql.terms import Operation, Term


@attrs.frozen
class Reach:
    """Rows that a truth may choose, at most: of which kinds, None for all, and from when on, None for ever."""

    kinds: frozenset[str] | None
    start: tuple[Operation, Term] | None


def reach(term: Term) -> Reach:
    """Return which rows a truth may choose at most."""
    if term.op == "and":
        parts = [reach(part) for part in term.parts]
        told = [part.kinds for part in parts if part.kinds is not None]
        starts = [part.start for part in parts if part.start is not None]
        return Reach(frozenset.intersection(*told) if told else None, starts[0] if starts else None)
    if term.op == "or":
        return together([reach(part) for part in term.parts])
    if term.op in ("=", "in") and term.args[0] == KIND:
        return Reach(frozenset(str(t.value_of(part)) for part in term.parts if part != KIND), None)
    if term.op in (">", ">=") and term.args[0] == AT:
        limit = term.args[1]
        if isinstance(limit, Term) and limit.op == "constant" and t.value_of(limit) is not None:
            return Reach(None, (term.op, limit))
    return Reach(frozenset(), None) if term == t.NO else Reach(None, None)


def together(parts: Sequence[Reach]) -> Reach:
    """Return the reach of either of several truths."""
    some = [part for part in parts if part.kinds is None or part.kinds]
    if not some:
        return Reach(frozenset(), None)
    kinds = [part.kinds for part in some]
    told = (
        None if any(each is None for each in kinds) else frozenset().union(*(each for each in kinds if each))
    )
    starts = [part.start for part in some]
    if any(start is None for start in starts):
        return Reach(told, None)
    return Reach(told, min((start for start in starts if start is not None), key=_earlier))


def _earlier(start: tuple[Operation, Term]) -> tuple[datetime, bool]:
    at = t.value_of(start[1])
    assert isinstance(at, datetime)
    return at, start[0] != ">="
