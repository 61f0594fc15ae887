"""The name that was probably meant."""

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

# With more names than this, only those are compared that share pairs of letters, rarer ones than these.
_FEW = 200
_COMMON = 250


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None where none is near.

    >>> nearest("employes", ["employees", "title"])
    'employees'
    """
    wanted = name.lower()[:80]
    by_folded, by_pair = _indexed(tuple(known))
    candidates: Iterable[str] = by_folded
    if len(by_folded) > _FEW:
        shared = Counter(candidate for pair in _pairs(wanted) for candidate in by_pair.get(pair, ()))
        candidates = [candidate for candidate, _ in shared.most_common(_FEW // 20)]
    found = get_close_matches(wanted, candidates, n=1, cutoff=0.7)
    return by_folded[found[0]] if found else None


@lru_cache(maxsize=4)
def _indexed(known: tuple[str, ...]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the known names by how they are compared, and by each pair of letters in them.

    Comparing one name with thousands takes long, and a file may have thousands of unknown names.
    """
    by_folded = {candidate.lower(): candidate for candidate in sorted(known, reverse=True)}
    by_pair: dict[str, list[str]] = {}
    if len(by_folded) > _FEW:
        for candidate in by_folded:
            for pair in _pairs(candidate):
                by_pair.setdefault(pair, []).append(candidate)
    return by_folded, {pair: names for pair, names in by_pair.items() if len(names) <= _COMMON}


def _pairs(name: str) -> set[str]:
    return {name[place : place + 2] for place in range(min(len(name), 80) - 1)}


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return a remedy: the nearest known name, or `otherwise`."""
    found = nearest(name, known)
    return otherwise if found is None else f"did you mean `{found}`?"
