"""Smallest sets that suffice, found without trying all of them.

What suffices stays enough when more is added. So a set that does not suffice, made as large as it can be
without sufficing, tells that one of the things left out is needed: every answer holds one of them. The
next set to try holds one of each such remainder. (Hitting sets, as in the search for smallest
unsatisfiable cores.)
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeAlias

Numbers: TypeAlias = frozenset[int]
Suffices: TypeAlias = Callable[[Numbers], bool]
_MOST_TRIES = 400


def smallest(size: int, suffices: Suffices) -> tuple[int, ...] | None:
    """Return the fewest numbers below `size` that suffice, of equally many the first in order.

    None where all of them do not, or where 400 tries were not enough.

    >>> smallest(4, lambda chosen: 1 in chosen or {0, 3} <= chosen)
    (1,)
    """
    everything = frozenset(range(size))
    if not suffices(everything):
        return None
    needed: list[Numbers] = []
    for _ in range(_MOST_TRIES):
        chosen = _first_holding_one_of_each(needed, size)
        if suffices(chosen):
            return tuple(sorted(chosen))
        needed.append(everything - _grown(chosen, everything, suffices))
    return None


def sufficient(size: int, suffices: Suffices, most: int) -> Iterator[tuple[int, ...]]:
    """Yield all sets of up to `most` numbers that suffice, fewest first, in order.

    >>> list(sufficient(3, lambda chosen: 1 in chosen, 2))
    [(1,), (0, 1), (1, 2)]
    """
    everything = frozenset(range(size))
    needed: list[Numbers] = []
    for number in range(1, most + 1):
        for each in combinations(range(size), number):
            chosen = frozenset(each)
            if not all(one_of & chosen for one_of in needed):
                continue
            if suffices(chosen):
                yield each
            else:
                needed.append(everything - _grown(chosen, everything, suffices))


def _grown(chosen: Numbers, everything: Numbers, suffices: Suffices) -> Numbers:
    """Add what can be added while it still does not suffice."""
    for each in sorted(everything - chosen):
        more = chosen | {each}
        if not suffices(more):
            chosen = more
    return chosen


def _first_holding_one_of_each(needed: list[Numbers], size: int) -> Numbers:
    for most in range(size + 1):
        found = sorted(tuple(sorted(each)) for each in set(_holding(needed, frozenset(), most)))
        if found:
            return frozenset(found[0])
    raise AssertionError("all numbers together hold one of each")


def _holding(needed: list[Numbers], chosen: Numbers, left: int) -> Iterator[Numbers]:
    missed = next((each for each in needed if not each & chosen), None)
    if missed is None:
        yield chosen
    elif left:
        for each in missed:
            yield from _holding(needed, chosen | {each}, left - 1)
