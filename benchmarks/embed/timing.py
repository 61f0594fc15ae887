"""Taking the time: rounds in which everybody has a turn, in an order that moves on, with the collector off.

The time is the processor's, of all threads of this process: what else runs on the machine counts less.
"""

import gc
import math
from collections.abc import Callable, Sequence
from statistics import median
from time import process_time

import attrs

# A contender that would need longer than this for all leads has fewer of them a turn, but never fewer than FEWEST.
LONGEST = 0.4
FEWEST = 3


@attrs.frozen
class Times:
    """Seconds a decision, one figure for each round, and how many leads a turn decides."""

    rounds: tuple[float, ...]
    leads: int

    @property
    def best(self) -> float:
        """The round in which the machine was disturbed least."""
        return min(self.rounds)

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    def ratio_to(self, other: "Times") -> float:
        """How many times as long as the other, as the median of the ratios of each round."""
        return median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds))


@attrs.frozen
class Plan:
    """How often and how long is measured; a turn lasts at least `turn`, so quick ones go over the leads again."""

    rounds: int
    leads: int
    turn: float
    # So long is a contender asked for its answers before it is timed.
    checking: float


def measured(turns: Sequence[Callable[[int], None]], plan: Plan, done: Callable[[int], None]) -> list[Times]:
    """Return the times of functions that decide the first so many leads, all of them within the same rounds."""
    sizes = [_size(turn, plan) for turn in turns]
    # What is there by now stays; otherwise every turn would begin with a walk through all of it.
    gc.freeze()
    rounds: list[list[float]] = [[] for _ in turns]
    for number in range(plan.rounds):
        for place in range(len(turns)):
            which = (place + number) % len(turns)
            leads, times = sizes[which]
            rounds[which].append(_timed(turns[which], leads, times) / (leads * times))
        done(number + 1)
    gc.unfreeze()
    return [Times(tuple(each), leads) for each, (leads, _) in zip(rounds, sizes)]


def _size(turn: Callable[[int], None], plan: Plan) -> tuple[int, int]:
    """Return how many leads a turn has, and how many times over; this also warms everything up."""
    turn(FEWEST)
    a_lead = _timed(turn, FEWEST, 1) / FEWEST
    leads = max(FEWEST, min(plan.leads, int(LONGEST / a_lead)))
    seconds = _timed(turn, leads, 1)
    return leads, max(1, math.ceil(plan.turn / seconds))


def _timed(turn: Callable[[int], None], leads: int, times: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = process_time()
        for _ in range(times):
            turn(leads)
        return process_time() - start
    finally:
        gc.enable()
