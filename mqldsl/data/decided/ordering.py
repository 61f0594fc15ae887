"""Rows brought into the order of their source: whole runs of them are moved, and not row by row where it can be helped."""

from mqldsl.data.batch.arrays import Array, Table, ascend
from mqldsl.data.batch.late import pa, pc

# Runs shorter than this on the average are not worth a slice each.
_SHORT = 64


def in_order(table: Table, places: Array) -> Table:
    """Return the rows of a table in the order of their places in the source."""
    if ascend(places):
        return table
    places = places.combine_chunks()
    # Mostly no place is left out: runs are whole numbers one after the other, and are sorted by their first.
    starts = _starts_of_runs(places)
    if len(starts) * _SHORT <= len(places):
        runs = sorted(zip(starts, [*starts[1:], len(places)]), key=lambda run: places[run[0]].as_py())
        return pa.concat_tables([table.slice(start, end - start) for start, end in runs])
    order = pc.sort_indices(places).cast(pa.int64())
    starts = _starts_of_runs(order)
    if len(starts) * _SHORT > len(order):
        return table.take(order)
    ends = [*starts[1:], len(order)]
    return pa.concat_tables(
        [table.slice(order[start].as_py(), end - start) for start, end in zip(starts, ends)]
    )


def _starts_of_runs(numbers: Array) -> list[int]:
    """Return where runs begin in which each number is one more than the one before."""
    breaks = pc.indices_nonzero(pc.not_equal(pc.pairwise_diff(numbers).slice(1), 1))
    return [0, *(place + 1 for place in breaks.to_pylist())]
