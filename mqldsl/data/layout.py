"""One file's share in a run: which columns are read, where they stand in a row, and what a row says."""

from collections.abc import Collection, Iterable

import attrs

from mqldsl.data.bound_rows import Rows
from mqldsl.data.cells import Cell, cells_of
from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.rows import ABSENT, Cells, plain_text
from mqldsl.data.sources import Tally
from mqldsl.data.text_file import File
from mqldsl.model import ir
from mqldsl.model.reading import Reading
from mqldsl.model.types import Blank, Value


@attrs.frozen
class Run:
    """What all reading for one definition shares."""

    model: ir.Model
    context: Reading
    faults: Faults
    tally: Tally

    def fault(self, file: File, number: int, column: str, raw: object, problem: str) -> None:
        """Note a fault of a cell."""
        self.faults.add(Fault(file.shown, number, column, shown(raw), problem))


class Layout:
    """The columns that are read from a file, each once."""

    def __init__(self) -> None:
        self.columns: list[str] = []

    def place(self, column: str) -> int:
        """Return where a column stands in a row, which it does from now on."""
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)


class Where:
    """Which rows count."""

    def __init__(self, rows: Rows, layout: Layout) -> None:
        self._wanted = [(layout.place(column), texts) for column, texts in rows.where.items()]

    def holds(self, cells: Cells) -> bool:
        """Say whether each column has one of its texts, exactly."""
        for place, texts in self._wanted:  # noqa: SIM110 - a loop is twice as fast as `all` here
            if plain_text(cells[place]) not in texts:
                return False
        return True


class FactReader:
    """Reads the fields or properties of a row."""

    def __init__(
        self,
        run: Run,
        rows: Rows,
        fields: Iterable[ir.Field],
        layout: Layout,
        columns: Collection[str] | None,
    ) -> None:
        self._run = run
        self._file = rows.file
        found = cells_of(fields, rows, columns, run.context)
        self._cells: list[tuple[int, Cell]] = [(layout.place(cell.column), cell) for cell in found]
        self.supplied = tuple(cell.field for cell in found)

    def facts(self, number: int, cells: Cells) -> dict[str, Value | Blank]:
        """Return what the row says; a cell at fault is reported. What the row has no key for is left out."""
        facts: dict[str, Value | Blank] = {}
        for place, cell in self._cells:
            raw = cells[place]
            if raw is ABSENT:
                continue
            facts[cell.field], problem = cell.read(raw)
            if problem:
                self._run.fault(self._file, number, cell.column, raw, problem)
        return facts
