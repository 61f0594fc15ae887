"""Rows brought into the order of their source: whole runs of them are moved, and not row by row where it can be helped."""

from mqldsl.data.batch.arrays import Array, Table, ascend
from mqldsl.data.batch.late import pa, pc

# Runs shorter than this on the average are not worth a slice each.
_SHORT = 64


def in_order(table: Table, places: Array) -> Table:
    """Return the rows of a table in the order of their places in the source."""
    if ascend(places):
        return table
    order = pc.sort_indices(places).cast(pa.int64())
    follows = pc.equal(pc.pairwise_diff(order).slice(1), 1)
    starts = [0, *(start + 1 for start in pc.indices_nonzero(pc.invert(follows)).to_pylist())]
    if len(starts) * _SHORT > len(order):
        return table.take(order)
    ends = [*starts[1:], len(order)]
    return pa.concat_tables(
        [table.slice(order[start].as_py(), end - start) for start, end in zip(starts, ends)]
    )
