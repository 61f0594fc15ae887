"""Sources whose columns fit as they are: a view over the file, and nothing of it passes through Python.

Only the rows that are at fault are fetched, and only where the file has any.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from mqldsl.data.batch.fitting import Fitted, Fitting
from mqldsl.data.batch.late import exp
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.readings import bound_columns
from mqldsl.data.batch.scan import Scan
from mqldsl.data.batch.store import Expression, Store, column
from mqldsl.data.bound_rows import Rows
from mqldsl.data.keys import Key, KeyColumn
from mqldsl.data.layout import Run
from mqldsl.evaluate.sql import supply
from mqldsl.model import ir
from mqldsl.model.field_reading import field_reader


@attrs.frozen(eq=False)
class DirectField:
    """A field or property, the column it stands in, and its name in the view."""

    field: ir.Field
    column: str
    fitted: Fitted
    name: str


class DirectColumns:
    """The columns of one view, each once."""

    def __init__(self, run: Run, store: Store, scan: Scan) -> None:
        self._run, self._store, self.scan = run, store, scan
        self.fitting = Fitting(scan, store, run.context)
        self.columns: dict[str, Expression] = {"#row": scan.row}
        self._made: dict[str, str] = {}

    def add(self, name: str, expression: Expression) -> str:
        """Add a column; return its name in the view, which equal ones share."""
        key = f"{name}: {expression.sql('duckdb')}"
        if key not in self._made:
            self._made[key] = f"{name} #{len(self._made)}"
            self.columns[self._made[key]] = expression
        return self._made[key]

    def fields(self, fields: Iterable[ir.Field], rows: Rows) -> list[DirectField] | None:
        """Return the fields that have a column, or None where one of them does not fit."""
        found = []
        for field, bound in bound_columns(fields, rows, self.scan.types):
            fitted = self.fitting.field(field, bound)
            if fitted is None or not isinstance(bound.name, str):
                return None
            found.append(DirectField(field, bound.name, fitted, self.add(bound.name, fitted.expression)))
        return found

    def given(self, fields: Iterable[DirectField]) -> Mapping[str, supply.Given]:
        """Return the values of fields."""
        zone = self._run.context.zone
        return {
            it.field.name: supply.Given(it.fitted.term(it.name, zone), low=it.fitted.low, high=it.fitted.high)
            for it in fields
        }

    def tell_fields(
        self,
        fields: Sequence[DirectField],
        view: str,
        holds: Expression | None,
        problems: Problems,
        place: int,
    ) -> None:
        """Put aside what is wrong with the fields, in the rows of a view for which a condition holds."""
        for number, it in enumerate(fields):
            wrong = _wrong(it)
            if wrong is None:
                continue
            reader = field_reader(it.field, self._run.context)
            found = self.rows_of(view, it.column, wrong if holds is None else exp.and_(holds, wrong))
            problems.of_rows(found, place + number, it.column, lambda raw, read=reader: read(raw)[1])  # type: ignore[misc] # read: that of this turn

    def rows_of(self, view: str, of: KeyColumn, holds: Expression) -> list[tuple[object, ...]]:
        """Return number and cell of the rows of a view for which a condition on its columns holds."""
        raw = self.raw(of)
        names = {"raw": raw, "target": self._store.named(view), "holds": holds}
        table = self._store.arrow('select "#row", raw from target where holds order by 1', **names)
        return list(zip(table.column(0).to_pylist(), table.column(1).to_pylist()))

    def raw(self, of: KeyColumn) -> str:
        """Return the name in the view of a column as the source has it, or of a key."""
        return f"#key {of.columns}" if isinstance(of, Key) else f"#raw {of}"

    def with_raw(self, names: Iterable[KeyColumn]) -> dict[str, Expression]:
        """Return all columns of the view, with those that faults show."""
        return self.columns | {self.raw(name): self.fitting.shown(name) for name in sorted(names, key=str)}


def _wrong(field: DirectField) -> Expression | None:
    """Return the condition that a field is at fault, or None where it cannot be."""
    raw = column(f"#raw {field.column}")
    found = None
    if field.fitted.unreadable:
        found = exp.In(
            this=raw, expressions=[exp.Literal.string(text) for text, _ in field.fitted.unreadable]
        )
    if field.field.required:
        blank = exp.Is(this=column(field.name), expression=exp.null())
        found = blank if found is None else exp.or_(blank, found)
    return found
