"""One file's share in a run: which columns are read, where they stand in a row, and what a row says."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TypeAlias

import attrs

from mqldsl.data.bound_rows import Rows
from mqldsl.data.cells import REMEMBERED, REMEMBERED_LENGTH, cells_of
from mqldsl.data.faults import Fault, Faults, shown
from mqldsl.data.keys import KeyColumn
from mqldsl.data.origins import Source, row_at
from mqldsl.data.rows import ABSENT, Cells, plain_text
from mqldsl.data.sources import Tally, is_text
from mqldsl.evaluate.situation import Facts
from mqldsl.model import ir
from mqldsl.model.reading import Reading
from mqldsl.model.types import Blank, Value

# Column, cell, and what is wrong with it.
_Problem: TypeAlias = tuple[KeyColumn, object, str]

_NOTHING: Facts = {}


@attrs.frozen
class Run:
    """What all reading for one definition shares."""

    model: ir.Model
    context: Reading
    faults: Faults
    tally: Tally

    def fault(self, source: Source, number: int, column: KeyColumn, raw: object, problem: str) -> None:
        """Note a fault of a cell."""
        file, row = row_at(source, number)
        self.faults.add(Fault(file, row, str(column), shown(raw), problem))


class Layout:
    """The columns and keys that are read from a file, each once."""

    def __init__(self) -> None:
        self.columns: list[KeyColumn] = []

    def place(self, column: KeyColumn) -> int:
        """Return where a column stands in a row, which it does from now on."""
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)


class Where:
    """Which rows count."""

    def __init__(self, rows: Rows, layout: Layout) -> None:
        self.wanted = [(layout.place(column), texts) for column, texts in rows.where.items()]

    def holds(self, cells: Cells) -> bool:
        """Say whether each column has one of its texts, exactly."""
        for place, texts in self.wanted:  # noqa: SIM110 - a loop is twice as fast as `all` here
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
        self._run, self._file = run, rows.file
        self._cells = cells_of(fields, rows, columns, run.context)
        self._places = [layout.place(cell.column) for cell in self._cells]
        self._is_text = is_text(rows.file)
        self._remembered = lru_cache(REMEMBERED)(self._read)

    def facts(self, number: int, cells: Cells) -> dict[str, Value | Blank]:
        """Return what the row says; a cell at fault is reported. What the row has no key for is left out."""
        facts, problems = self._read(*[cells[place] for place in self._places])
        if problems:
            self._report(number, problems)
        return facts

    def shared_facts(self, number: int, cells: Cells) -> Facts:
        """Return the same; rows that say the same may share one object, which saves time and memory."""
        if not self._places:
            return _NOTHING
        raws = [cells[place] for place in self._places]
        # To a cache, 1 and True are one; and long texts would fill the memory.
        if not self._is_text or sum(map(len, raws)) > REMEMBERED_LENGTH:  # type: ignore[arg-type] # texts, all
            return self.facts(number, cells)
        facts, problems = self._remembered(*raws)
        if problems:
            self._report(number, problems)
        return facts

    def _read(self, *raws: object) -> tuple[dict[str, Value | Blank], list[_Problem]]:
        facts: dict[str, Value | Blank] = {}
        problems: list[_Problem] = []
        for cell, raw in zip(self._cells, raws):
            if raw is ABSENT:
                continue
            facts[cell.field], problem = cell.read(raw)
            if problem:
                problems.append((cell.column, raw, problem))
        return facts, problems

    def _report(self, number: int, problems: list[_Problem]) -> None:
        for column, raw, problem in problems:
            self._run.fault(self._file, number, column, raw, problem)
