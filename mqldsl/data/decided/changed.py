"""What has changed since an earlier run: rows that are not in its Parquet file as they are now."""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa, pc, pq


class Before:
    """The rows of an earlier run, and counts of what became of them."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Read them; raises a ValueError where they are not rows of the same columns."""
        try:
            with path.open("rb") as stream:
                there = pq.read_schema(stream).names
                if there != list(names):
                    raise ValueError(_other_columns(there, names))
                stream.seek(0)
                self._rows = pq.read_table(stream).combine_chunks()
        except pa.ArrowInvalid as error:
            raise ValueError(f"it is no Parquet file: {error}") from None
        self._keys = _keys(self._rows)
        self._seen: list[Array] = []
        self.changed = self.new = 0

    def changed_of(self, table: Table) -> Table:
        """Return the rows of a table that were not there, or were other ones."""
        places = pc.index_in(_keys(table), value_set=self._keys)
        self._seen.append(places.drop_null())
        is_new = pc.is_null(places)
        others = self._rows.take(places)
        differs = reduce(
            pc.or_, (_differs(table.column(name), others.column(name)) for name in table.column_names), is_new
        )
        found = table.filter(differs)
        news = pc.sum(is_new).as_py() or 0
        self.new += news
        self.changed += found.num_rows - news
        return found

    @property
    def vanished(self) -> int:
        """How many of the earlier rows are about leads that did not come again."""
        if not self._seen:
            return int(self._rows.num_rows)
        return int(self._rows.num_rows - len(pc.unique(pa.concat_arrays(self._seen))))


def _other_columns(there: Sequence[str], names: Sequence[str]) -> str:
    away = [name for name in names if name not in there]
    gone = [name for name in there if name not in names]
    parts = ["its columns are other ones"]
    if away:
        parts.append(f"it lacks {', '.join(f'`{name}`' for name in away)}")
    if gone:
        parts.append(f"it has {', '.join(f'`{name}`' for name in gone)}")
    return "; ".join(parts)


def _keys(table: Table) -> Array:
    """Return what tells rows apart: the id, and the instant where an id may come with several."""
    ids = table.column("id").combine_chunks()
    if "as_of" not in table.column_names or not pa.types.is_timestamp(table.column("as_of").type):
        return ids
    instants = pc.cast(pc.cast(table.column("as_of").combine_chunks(), pa.int64()), pa.string())
    return pc.binary_join_element_wise(pc.cast(ids, pa.string()), instants, " ")


def _differs(values: Array, others: Array) -> Array:
    values, others = _plain(values), _plain(others)
    are_other = pc.fill_null(pc.not_equal(values, others), False)
    return pc.or_(are_other, pc.xor(pc.is_null(values), pc.is_null(others)))


def _plain(values: Array) -> Array:
    """Return values that can be compared: of lists, their texts with what no text holds between them."""
    values = values.combine_chunks()
    return (
        pc.binary_join(pc.cast(values, pa.list_(pa.string())), "\x1f")
        if pa.types.is_list(values.type)
        else values
    )
