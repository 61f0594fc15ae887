"""The figures of all leads as a terminal shows them."""

from collections.abc import Sequence

from benchmarks.batch.contenders import FLOOR, HAND, OURS
from benchmarks.batch.results import Measured, Row
from benchmarks.embed.screen import aligned, target_table, times
from benchmarks.embed.targets import Target

HEAD = ("", "best s", "median s", "processor s", f"/ {HAND}", f"/ {FLOOR}", f"/ {OURS}", "peak MiB", "")


def whole(sizes: Sequence[Measured], real: Sequence[Row], targets: Sequence[Target]) -> str:
    """Return everything that was measured."""
    parts = [*map(table, sizes), *([real_table(real)] if real else []), target_table(targets)]
    return "\n\n".join(parts)


def table(measured: Measured) -> str:
    """Return what was measured on data of one size as a table."""
    return "\n".join([measured.size.name, *aligned([HEAD, *cells(measured)])])


def cells(measured: Measured) -> list[tuple[str, ...]]:
    """Return a line of cells for each contender, the fastest first."""
    others = [measured.row(name) for name in (HAND, FLOOR, OURS)]
    lines: list[tuple[str, ...]] = []
    for row in sorted(measured.rows, key=lambda row: row.median if row.turns else float("inf")):
        if not row.turns:
            lines.append((row.name, "", "", "", "", "", "", "", f"not run: {row.why_not}"))
            continue
        beside = ["" if other is None else times(row.ratio_to(other)) for other in others]
        lines.append(
            (row.name, seconds(row.best), seconds(row.median), seconds(row.processor), *beside, peak(row), "")
        )
    return lines


def real_table(rows: Sequence[Row]) -> str:
    """Return what was measured of the real data sets as a table."""
    lines = [("", "leads", "s", "peak MiB", ""), *real_cells(rows)]
    return "\n".join(["Real data", *aligned(lines)])


def real_cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return a line of cells for each real data set."""
    return [
        (row.name, f"{row.rows:,}", seconds(row.best), peak(row), "")
        if row.turns
        else (row.name, "", "", "", f"not run: {row.why_not}")
        for row in rows
    ]


def seconds(number: float) -> str:
    """Return seconds with two decimals.

    >>> seconds(1.625), seconds(0.004)
    ('1.62', '0.00')
    """
    return f"{number:.2f}"


def peak(row: Row) -> str:
    """Return the most memory, in MiB."""
    return f"{row.peak:,.0f}"
