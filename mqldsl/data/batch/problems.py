"""What is wrong with the rows of one file, put aside until it is known which of them count."""

from collections.abc import Callable, Sequence

from mqldsl.data.batch.arrays import Array, Table, places_of
from mqldsl.data.batch.columns import Raw, Read
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.keys import what_is_no_id
from mqldsl.data.origins import ROWS_OF_A_PART, Source, row_at
from mqldsl.data.parquet import values_of


class Problems:
    """Faults of rows. `place` orders those of one row, as they come up when it is read by itself."""

    def __init__(self) -> None:
        self._parts: list[Table] = []
        self._broken: list[tuple[int, Fault]] = []

    def broken(self, faults: Sequence[tuple[int, Fault]]) -> None:
        """Add rows that could not be taken apart."""
        self._broken.extend(faults)

    def of_column(self, numbers: Array, read: Read, mask: Array, place: int, column: str) -> None:
        """Add what is wrong with a column, in the rows for which a mask holds."""
        if read.codes is None:
            return
        at = places_of(pc.and_(mask, pc.is_valid(read.codes)))
        if not len(at):
            return
        codes = read.codes.take(at)
        values = pa.array([value for value, _ in read.problems], pa.string()).take(codes)
        words = pa.array([problem for _, problem in read.problems], pa.string()).take(codes)
        self._add(numbers.take(at), place, column, values, words)

    def of_ids(  # noqa: PLR0913, PLR0917 # what a fault says
        self, numbers: Array, mask: Array, place: int, column: str, raws: Raw, nothing: str
    ) -> None:
        """Add the cells of a column for which a mask holds: none of them is an id; `nothing` says it of a blank one."""
        at = places_of(mask)
        if not len(at):
            return
        cells = (
            [raws[it] for it in at.to_pylist()] if isinstance(raws, Sequence) else values_of(raws.take(at))
        )
        values = pa.array([shown(cell) for cell in cells], pa.string())
        words = pa.array([what_is_no_id(cell, nothing) for cell in cells], pa.string())
        self._add(numbers.take(at), place, column, values, words)

    def of_rows(
        self, found: Sequence[tuple[object, ...]], place: int, column: str, problem: Callable[[object], str]
    ) -> None:
        """Add rows, each with the cell in a column; `problem` says what is wrong with it."""
        if found:
            rows, cells = zip(*found)
            values = pa.array([shown(cell) for cell in cells], pa.string())
            words = pa.array([problem(cell) for cell in cells], pa.string())
            self._add(pa.array(rows, pa.int64()), place, column, values, words)

    def again(self, found: Sequence[tuple[int, int, str]], column: str, problem: str) -> None:
        """Add rows that come again: each is a row, the one that shows it, and the cell."""
        if found:
            rows, seen_at, values = zip(*found)
            words = pa.repeat(pa.scalar(problem), len(rows))
            self._add(pa.array(seen_at, pa.int64()), -1, column, pa.array(values, pa.string()), words, rows)

    def join(self, other: "Problems") -> None:
        """Take over the problems of another, which has none then."""
        parts, broken = other.emptied()
        self._parts += parts
        self._broken += broken

    def emptied(self) -> tuple[list[Table], list[tuple[int, Fault]]]:
        """Hand over all problems, and forget them."""
        parts, broken = self._parts, self._broken
        self._parts, self._broken = [], []
        return parts, broken

    def only(self, rows: Array) -> None:
        """Keep the problems of these rows alone, and of those that could not be taken apart."""
        self._parts = [part.filter(pc.is_in(part.column("row"), value_set=rows)) for part in self._parts]

    def tell(self, source: Source, faults: Faults) -> None:
        """Tell all, in the order of rows, and forget them."""
        if not self._parts and not self._broken:
            return
        parts, rows = self.emptied()
        table = pa.concat_tables(parts) if parts else None
        broken = dict(rows)
        if table is not None:
            table = table.sort_by([("at", "ascending"), ("place", "ascending")])
            if faults.is_full and not broken:
                _count(table, source, faults)
                return
        _tell(table, broken, source, faults)

    def _add(  # noqa: PLR0913, PLR0917 # as above
        self, at: Array, place: int, column: str, values: Array, words: Array, rows: object = None
    ) -> None:
        self._parts.append(
            pa.table(
                {
                    "at": at,
                    "row": at if rows is None else pa.array(rows, pa.int64()),
                    "place": pa.repeat(pa.scalar(place, pa.int32()), len(at)),
                    "column": pa.repeat(pa.scalar(column), len(at)),
                    "value": values,
                    "problem": words,
                }
            )
        )


def _tell(table: Table | None, broken: dict[int, Fault], source: Source, faults: Faults) -> None:
    names = ("at", "row", "column", "value", "problem")
    cells = zip(*(table.column(name).to_pylist() for name in names)) if table is not None else ()
    waiting = sorted(broken)
    for at, row, column, value, problem in cells:
        while waiting and waiting[0] < at:
            faults.add_broken_row(broken[waiting.pop(0)])
        file, number = row_at(source, row)
        faults.add(Fault(file, number, column, value, problem))
    for number in waiting:
        faults.add_broken_row(broken[number])


def _count(table: Table, source: Source, faults: Faults) -> None:
    for part in sorted({number // ROWS_OF_A_PART for number in pc.unique(table.column("row")).to_pylist()}):
        first = part * ROWS_OF_A_PART
        rows = table.column("row")
        here = table.filter(pc.and_(pc.greater_equal(rows, first), pc.less(rows, first + ROWS_OF_A_PART)))
        counted = here.group_by(["column", "problem"]).aggregate([([], "count_all")])
        for group in counted.to_pylist():
            file, _ = row_at(source, first)
            faults.count(file, group["column"], group["problem"], group["count_all"])
