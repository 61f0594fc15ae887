"""What must be reached, by issue 5, and whether it was."""

from collections.abc import Iterator, Sequence

from benchmarks.batch.contenders import FLOOR, HAND, OTHERS, OURS, PANDAS, QUERY, SAME
from benchmarks.batch.results import Measured, Row
from benchmarks.embed.targets import Target

# What stands on the page while the figure is missing.
_NOTHING = "not measured"


def targets(main: Measured, large: Measured | None, real: Sequence[Row]) -> list[Target]:
    """Return every target, in the order of the issue."""
    return [*_main(main), *_large(main, large), *_variants(main), *_real(real)]


def _main(main: Measured) -> Iterator[Target]:
    ours = main.row(OURS)
    for name, most in ((HAND, 1.2), (FLOOR, 4.0)):
        wanted = f"at most {most:g} times the {'best ' if name == HAND else ''}{name}"
        yield _ratio(wanted, ours, main.row(name), most)
        yield _ratio(f"the query alone {wanted}", main.row(QUERY), main.row(name), most)
    wanted = "4.5 times faster than pandas"
    yield _faster(wanted, ours, main.row(PANDAS))
    yield _faster(f"the query alone {wanted}", main.row(QUERY), main.row(PANDAS))
    yield _memory("peak memory under 1 GiB", ours, 1_024)


def _faster(wanted: str, mine: Row | None, other: Row | None) -> Target:
    if mine is None or other is None:
        return Target(wanted, _NOTHING, None)
    found = other.ratio_to(mine)
    return Target(wanted, f"{found:.1f} times", found >= 4.5)


def _ratio(wanted: str, mine: Row | None, other: Row | None, most: float) -> Target:
    if mine is None or other is None:
        return Target(wanted, _NOTHING, None)
    found = mine.ratio_to(other)
    return Target(wanted, f"{found:.2f} times", found <= most)


def _memory(wanted: str, row: Row | None, most: float) -> Target:
    if row is None:
        return Target(wanted, _NOTHING, None)
    return Target(wanted, f"{row.peak:,.0f} MiB", row.peak < most)


def _large(main: Measured, large: Measured | None) -> Iterator[Target]:
    if large is None:
        return
    small, ours = main.row(OURS), large.row(OURS)
    yield _memory(f"{large.size.name}: peak memory under 1.5 GiB", ours, 1_536)
    wanted = f"{large.size.name}: time within 1.3 times of linear"
    if small is None or ours is None:
        yield Target(wanted, _NOTHING, None)
        return
    # The two were not measured within the same rounds: the medians are compared.
    found = ours.median / small.median / (large.size.events / main.size.events)
    yield Target(wanted, f"{found:.2f} times", found <= 1.3)


def _variants(main: Measured) -> Iterator[Target]:
    yield _ratio(
        "240 clauses over the same selections at most 2.5 times 24 clauses",
        main.row(SAME),
        main.row(OURS),
        2.5,
    )
    # With what Python and its libraries need beside the limit of the database.
    yield _memory(
        "240 clauses over 240 selections with 512 MB for the database, peak under 768 MiB",
        main.row(OTHERS),
        768,
    )


def _real(rows: Sequence[Row]) -> Iterator[Target]:
    if not rows:
        return
    wanted = "every real data set in under 5 s"
    timed = [row for row in rows if row.turns]
    if not timed:
        yield Target(wanted, _NOTHING, None)
        return
    slowest = max(timed, key=lambda row: row.best)
    yield Target(
        wanted,
        f"{slowest.best:.2f} s ({slowest.name})",
        slowest.best < 5 and len(timed) == len(rows),
        f"{len(timed)} of {len(rows)} were run",
    )
