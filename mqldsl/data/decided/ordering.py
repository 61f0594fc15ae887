"""Rows brought into the order of their source: whole runs of them are moved, and not row by row where it can be helped."""

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa, pc

# Runs shorter than this on the average are not worth a slice each.
_SHORT = 64


def keys_of(ids: Array, instants: Array | None) -> Array:
    """Return what tells rows apart: the id, and the instant where an id may come with several."""
    if instants is None:
        return ids
    texts = pc.cast(pc.cast(instants, pa.int64()), pa.string())
    return pc.binary_join_element_wise(pc.cast(ids, pa.string()), texts, " ")


def in_order(table: Table, keys: Array, wanted: Array) -> Table:
    """Return the rows of a table, told apart by `keys`, in the order in which `wanted` has the same keys."""
    if keys.equals(wanted):
        return table
    # Where keys ascend in their order, they tell places as well as numbers do, which take longer to find.
    places = keys if _ascends(wanted) else pc.index_in(keys, value_set=wanted)
    order = pc.sort_indices(places).cast(pa.int64())
    follows = pc.equal(pc.subtract(_but_first(order), _but_last(order)), 1)
    starts = [0, *(start + 1 for start in pc.indices_nonzero(pc.invert(follows)).to_pylist())]
    if len(starts) * _SHORT > len(order):
        return table.take(order)
    ends = [*starts[1:], len(order)]
    return pa.concat_tables(
        [table.slice(order[start].as_py(), end - start) for start, end in zip(starts, ends)]
    )


def _ascends(keys: Array) -> bool:
    return bool(pc.all(pc.less(_but_last(keys), _but_first(keys))).as_py())


def _but_first(values: Array) -> Array:
    return values.slice(1)


def _but_last(values: Array) -> Array:
    return values.slice(0, len(values) - 1)
