"""What must be reached, by issue 4, and whether it was."""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from benchmarks.embed.contenders import HAND, OURS, PREPARED
from benchmarks.embed.costs import Costs
from benchmarks.embed.results import Measured, Row

SLOW_PEERS = ("rule-engine", "cel-python")


@attrs.frozen
class Target:
    """A target in words, the figure measured, and whether it is met; None where it was not measured."""

    wanted: str
    measured: str
    is_met: bool | None
    remark: str = ""


# Workload, which of ours, beside which by hand, and at most how many times as long.
RATIOS = (
    ("W1", OURS, "full trace", 1.5),
    ("W2", OURS, "early exit", 1.3),
    ("W2", PREPARED, "early exit", 0.3),
    ("W3", OURS, "fired list", 1.2),
    ("W4", OURS, "full trace, each clause alone", 0.4),
)


def targets(workloads: Sequence[Measured], costs: Costs | None, threads_agree: bool | None) -> list[Target]:
    """Return every target, in the order of the issue."""
    found = [_ratio(workloads, *each) for each in RATIOS]
    found += [each for workload in workloads for each in _beside_peers(workload)]
    return [*found, *_costs(costs), _threads(threads_agree)]


def _ratio(workloads: Sequence[Measured], code: str, mine: str, form: str, most: float) -> Target:
    wanted = f"{code}: {mine} at most {most} times hand-written {form}"
    workload = next((each for each in workloads if each.code == code), None)
    ours, by_hand = (None if workload is None else workload.row(name) for name in (mine, HAND + form))
    if ours is None or by_hand is None:
        return Target(wanted, "not measured", None)
    found = ours.ratio_to(by_hand)
    return Target(wanted, f"{found:.2f} times", found <= most)


def _beside_peers(workload: Measured) -> Iterator[Target]:
    peers = [row for row in workload.rows if row.side == "peer"]
    if not peers:
        return
    fastest = _closest(peers)
    yield Target(
        f"{workload.code}: 3 times faster than the fastest peer that tells what fired",
        f"{fastest.to_equal:.1f} times ({fastest.name})",
        fastest.to_equal >= 3,
        _footing(workload, peers),
    )
    for name in SLOW_PEERS:
        rows = [row for row in peers if row.name.partition(",")[0] == name]
        if rows:
            row = _closest(rows)
            yield Target(
                f"{workload.code}: 100 times faster than {name}",
                f"{row.to_equal:,.0f} times",
                row.to_equal >= 100,
            )


def _closest(rows: Iterable[Row]) -> Row:
    return min(rows, key=lambda row: row.to_equal)


def _footing(workload: Measured, peers: Sequence[Row]) -> str:
    """Say how it stands where nothing is conceded to mqldsl for the counts that a peer was given."""
    if workload.row(PREPARED) is None:
        return ""
    row = min(peers, key=lambda row: row.to_ours)
    return (
        "peers that were given the counts are compared with a prepared `History`; with mqldsl counting from plain "
        f"dicts it is {row.to_ours:.1f} times ({row.name})"
    )


def _costs(costs: Costs | None) -> Iterator[Target]:
    if costs is None:
        return
    whole = costs.load_thousand + costs.first_of_thousand
    yield Target(
        "1,000 clauses compiled in under 2 s",
        f"{whole:.2f} s",
        whole < 2,
        f"{costs.load_thousand:.2f} s to read and check the text, {costs.first_of_thousand:.2f} s to make the function",
    )
    estimated = "" if costs.definitions == 10_000 else f", estimated from {costs.definitions:,}"
    yield Target(
        "10,000 definitions of 20 clauses in under 1 GiB",
        f"{costs.memory:,.0f} MiB{estimated}",
        costs.memory < 1_024,
        f"{costs.memory_after_use:,.0f} MiB once each has decided a lead",
    )
    yield Target(
        "`import mqldsl` in under 120 ms",
        f"{costs.import_alone * 1e3:.1f} ms",
        costs.import_alone < 0.12,
        f"{costs.import_all * 1e3:.0f} ms with everything that deciding needs",
    )
    yield Target(
        "without DuckDB, sqlglot, pyarrow, z3, click",
        ", ".join(costs.unwanted) or "none of them",
        not costs.unwanted,
    )


def _threads(agree: bool | None) -> Target:
    told = "not measured" if agree is None else "they agree" if agree else "they differ"
    return Target("8 threads at once decide what one decides", told, agree)
