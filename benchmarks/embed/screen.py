"""The figures as a terminal shows them."""

from collections.abc import Sequence

from benchmarks.embed.results import Measured
from benchmarks.embed.targets import Target

HEAD = ("", "best µs", "median µs", "/ full trace", "/ mqldsl", "with given µs", "given beforehand")


def table(workload: Measured) -> str:
    """Return one workload as a table."""
    rows = [HEAD]
    for row in sorted(workload.rows, key=lambda row: row.median):
        few = (
            f" (timed on {row.timed_on} leads, agrees on {row.agrees_on})"
            if row.agrees_on < 200 or row.timed_on < 20
            else ""
        )
        rows += [
            (
                row.name,
                microseconds(row.best),
                microseconds(row.median),
                times(row.to_trace),
                times(row.to_ours),
                "" if row.with_given is None else microseconds(row.with_given),
                row.given + few,
            )
        ]
    lines = [f"{workload.code}  {workload.title}", *aligned(rows)]
    why = dict.fromkeys(each.why for each in workload.absent)
    for reason in why:
        names = ", ".join(each.name for each in workload.absent if each.why == reason)
        lines += [f"  not run: {names}: {reason}"]
    return "\n".join(lines)


def target_table(targets: Sequence[Target]) -> str:
    """Return the targets as a table."""
    rows = [(each.wanted, each.measured, verdict(each), each.remark) for each in targets]
    return "\n".join(["Must be reached", *aligned([("", "measured", "", ""), *rows])])


def verdict(target: Target) -> str:
    """Return the word for a target: met, missed, or nothing where it was not measured."""
    return {True: "met", False: "missed", None: ""}[target.is_met]


def microseconds(number: float) -> str:
    """Return a number with three digits that count.

    >>> microseconds(0.2843), microseconds(28.43), microseconds(2843.1)
    ('0.284', '28.4', '2,843')
    """
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3f}" if number < 1 else f"{number:.2f}" if number < 10 else f"{number:.1f}"


def duration(number: float) -> str:
    """Return microseconds in the unit that suits them.

    >>> duration(0.2843), duration(2843.1), duration(2_843_100)
    ('0.284 µs', '2.84 ms', '2.84 s')
    """
    for unit, size in (("µs", 1.0), ("ms", 1e3)):
        if number < 1_000 * size:
            return f"{number / size:.3g} {unit}"
    return f"{number / 1e6:.3g} s"


def times(number: float) -> str:
    """Return a ratio, with fewer decimals the larger it is.

    >>> times(0.284), times(28.43), times(2843.1)
    ('0.28', '28.4', '2,843')
    """
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: the first and the last column start on the left, the others end on the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if column in (0, len(row) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return lines
