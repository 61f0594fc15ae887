"""Where the choices of a generator come from: drawn by Hypothesis, so that they shrink, or made quickly by `random`."""

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from mqldsl.source.extras import needed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


class Choices(Protocol):
    """What a generator asks for. The plainest option comes first: that is where shrinking goes."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some options."""

    def count(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""

    def chance(self, percent: int) -> bool:
        """Return yes in so many of a hundred cases."""


class Random:
    """Choices of `random`: the same for the same seed, and an order of magnitude quicker than drawn ones."""

    def __init__(self, seed: int | str) -> None:
        """Take the seed."""
        self._next = random.Random(seed).random  # noqa: S311 # the same choices in every run

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some options."""
        return options[int(self._next() * len(options))]

    def count(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self._next() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        """Return yes in so many of a hundred cases."""
        return self._next() * 100 < percent


class Drawn:
    """Choices that Hypothesis draws and shrinks, one by one."""

    def __init__(self, draw: "Callable[[SearchStrategy[int]], int]") -> None:
        """Take the function that a composite strategy hands in."""
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some options."""
        return options[self.count(0, len(options) - 1)]

    def count(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low if low == high else low + self._draw(_up_to(high - low))

    def chance(self, percent: int) -> bool:
        """Return yes in so many of a hundred cases; no is the plainer one."""
        return percent > 0 and self._draw(_up_to(99)) >= 100 - percent


@cache
def _up_to(most: int) -> "SearchStrategy[int]":
    with needed("testing"):
        from hypothesis import strategies as st

    return st.integers(0, most)
