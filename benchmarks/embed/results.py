"""One workload measured: who took how long, beside Python by hand and beside mqldsl."""

from collections.abc import Callable
from statistics import median

import attrs

from benchmarks.embed import agreement, contenders
from benchmarks.embed.contenders import HAND, OURS, PREPARED, PREPARING, Absent, Contender
from benchmarks.embed.timing import Plan, Times, measured
from benchmarks.embed.workload import Workload


@attrs.frozen
class Row:
    """A contender's figures: microseconds a decision, and how many times as long as others in the same rounds.

    `to_equal` is the ratio to mqldsl on the same footing: to the one with a prepared `History` for a peer that
    was given the counts. `with_given` adds the time in which Python by hand makes what was given.
    """

    name: str
    side: str
    best: float
    median: float
    to_trace: float
    to_ours: float
    to_equal: float
    with_given: float | None
    given: str
    timed_on: int
    agrees_on: int
    rounds: tuple[float, ...]

    def ratio_to(self, other: "Row") -> float:
        """How many times as long as the other, as the median of the ratios of each round."""
        return median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds))


@attrs.frozen
class Measured:
    """A workload with the rows of all that ran it, and the peers that did not."""

    code: str
    title: str
    leads: int
    rows: tuple[Row, ...]
    absent: tuple[Absent, ...]

    def row(self, name: str) -> Row | None:
        """Return the row of one contender."""
        return next((row for row in self.rows if row.name == name), None)


# Hears what is being done, for a terminal.
Tell = Callable[[str], None]


def measure(workload: Workload, plan: Plan, tell: Tell, *, with_peers: bool = True) -> Measured:
    """Return a workload measured, after all have agreed."""
    tell(f"{workload.code}: making ready")
    running = [*contenders.by_hand(workload), *contenders.ours(workload)]
    absent = []
    for each in contenders.peers(workload) if with_peers else ():
        tell(f"{workload.code}: {each.name} is ready")
        if isinstance(each, Absent):
            absent.append(each)
        else:
            running.append(each)
    checked = agreement.check(
        workload, running, lambda name: tell(f"{workload.code}: {name} agrees"), plan.checking
    )
    # What was made for a contender beforehand is timed in the same rounds, as a contender of its own.
    made_for = [each for each in running if each.prepare_first is not None]
    turns = [each.decide_first for each in running]
    turns += [each.prepare_first for each in made_for if each.prepare_first is not None]
    times = measured(turns, plan, lambda number: tell(f"{workload.code}: round {number} of {plan.rounds}"))
    by_name = dict(zip((each.name for each in running), times))
    preparing = dict(zip((each.name for each in made_for), times[len(running) :]))
    rows = [_row(each, by_name, preparing.get(each.name), checked[each.name]) for each in running]
    if PREPARED in preparing:
        rows.append(_preparing_row(by_name, preparing[PREPARED], checked[PREPARED]))
    return Measured(workload.code, workload.title, len(workload.cases), tuple(rows), tuple(absent))


def _row(contender: Contender, times: dict[str, Times], preparing: Times | None, checked: int) -> Row:
    mine = times[contender.name]
    equal = PREPARED if contender.side == "peer" and contender.counts_given else OURS
    with_given = None
    if contender.side == "peer" and preparing is not None:
        with_given = (mine.middle + preparing.middle) * 1e6
    return Row(
        contender.name,
        contender.side,
        mine.best * 1e6,
        mine.middle * 1e6,
        mine.ratio_to(times[f"{HAND}full trace"]),
        mine.ratio_to(times[OURS]),
        mine.ratio_to(times[equal]),
        with_given,
        contender.given,
        mine.leads,
        checked,
        tuple(each * 1e6 for each in mine.rounds),
    )


def _preparing_row(times: dict[str, Times], mine: Times, checked: int) -> Row:
    to_ours = mine.ratio_to(times[OURS])
    to_trace = mine.ratio_to(times[f"{HAND}full trace"])
    return Row(
        PREPARING,
        "ours",
        mine.best * 1e6,
        mine.middle * 1e6,
        to_trace,
        to_ours,
        to_ours,
        None,
        "",
        mine.leads,
        checked,
        tuple(each * 1e6 for each in mine.rounds),
    )
