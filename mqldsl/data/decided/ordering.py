"""Rows brought into the order of their source: whole runs of them are moved, and not row by row where it can be helped."""

from itertools import pairwise

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
    starts = [0, *(start + 1 for start in pc.indices_nonzero(pc.invert(_is_before(places))).to_pylist())]
    if len(starts) * _SHORT > len(places):
        return table.take(pc.sort_indices(places))
    ends = [*starts[1:], len(places)]
    runs = sorted(
        (places[start].as_py(), places[end - 1].as_py(), start, end) for start, end in zip(starts, ends)
    )
    if any(last > first for (_, last, *_), (first, *_) in pairwise(runs)):
        return table.take(pc.sort_indices(places))
    return pa.concat_tables([table.slice(start, end - start) for _, _, start, end in runs])


def _ascends(keys: Array) -> bool:
    return bool(pc.all(_is_before(keys)).as_py())


def _is_before(values: Array) -> Array:
    """Return of each value but the last whether it is less than the next."""
    return pc.less(values.slice(0, len(values) - 1), values.slice(1))
