"""From a binding to decisions: which engine decides, and what comes out, table by table."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Literal, Protocol, TypeAlias

import attrs

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.binding import Binding
from mqldsl.data.decided.by_query import by_query
from mqldsl.data.decided.columns import Column, columns_of, further_columns_of
from mqldsl.data.decided.lists import names_where
from mqldsl.data.decided.machine import Limits, machine
from mqldsl.data.decided.singly import singly
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.data.relations import supplied
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.model import ir

Engine: TypeAlias = Literal["duckdb", "python"]

# Rows that are handed on together.
_TOGETHER = 1 << 16


class Watcher(Protocol):
    """Hears how far it is."""

    def read(self, rows: int) -> None:
        """Hear how many rows were read so far."""

    def share(self, done: float | None) -> None:
        """Hear which share of all leads is decided; None where nobody can tell."""

    def decided(self) -> None:
        """Hear that a lead was decided."""


@attrs.frozen
class Asked:
    """What is asked of all leads: which of them, as of when, and how it may be found out."""

    model: ir.Model
    binding: Binding
    as_of: datetime | date | str | None
    limits: Limits = attrs.field(factory=Limits)
    engine: Engine = "duckdb"
    # The first so many leads only.
    most: int | None = None
    # As in `relations.supplied`.
    thorough: bool = True
    # Whether ids that are whole numbers become texts, as everywhere else.
    ids_as_text: bool = True
    # What is wanted of `told_of(…).all`; None is everything.
    columns: Sequence[Column] | None = None

    @property
    def has_own_instants(self) -> bool:
        """Whether each row of the leads tells its own."""
        return self.binding.leads.as_of is not None


@attrs.frozen
class Told:
    """The columns that are told: those that everybody wants to see, and all."""

    seen: Sequence[Column]
    all: Sequence[Column]

    @property
    def plain(self) -> list[Column]:
        """All columns but the lists of clauses, which are made of the others."""
        return [column for column in self.all if not column.is_list]

    def needed(self, columns: Sequence[Column] | None) -> list[Column]:
        """Return which of the plain columns some need."""
        if columns is None:
            return self.plain
        has_lists = any(column.is_list for column in columns)
        return [it for it in self.plain if it in columns or (has_lists and it.role == "clause")]


def told_of(model: ir.Model, *, each_has_its_as_of: bool) -> Told:
    """Return the columns of a definition."""
    seen = columns_of(model, each_has_its_as_of=each_has_its_as_of)
    return Told(seen, [*seen, *further_columns_of(model, seen)])


def decided(asked: Asked, faults: Faults, watcher: Watcher | None = None) -> Iterator[Table]:
    """Yield the decisions about all leads as tables of pyarrow, in the order of their rows, a row a lead.

    The columns are `told_of(…).needed(asked.columns)`. Where no query says exactly what the definition says, the leads
    are decided one by one, and a note of `faults` tells why.

    Raises:
        BindingError: as `leads.situations`, and so are all others.
        MachineError: the limits do not suffice.
    """
    plain = told_of(asked.model, each_has_its_as_of=asked.has_own_instants).needed(asked.columns)
    if asked.engine == "duckdb":
        found = Faults()
        try:
            table = _at_once(asked, plain, found, watcher)
        except NotInSqlError as error:
            faults.notes.append(f"decided lead by lead, because no query says exactly: {error}")
        else:
            faults.take(found)
            yield from _slices(table if asked.most is None else table.slice(0, asked.most))
            return
    heard = None if watcher is None else watcher.read
    each = situations(asked.model, asked.binding, asked.as_of, faults=faults, progress=heard)
    count = (lambda: None) if watcher is None else watcher.decided
    yield from singly(asked.model, islice(each, asked.most), plain, count)


def _at_once(asked: Asked, columns: Sequence[Column], faults: Faults, watcher: Watcher | None) -> Table:
    with machine(asked.limits) as connection:
        supply = supplied(
            asked.model,
            asked.binding,
            asked.as_of,
            connection,
            faults=faults,
            progress=None if watcher is None else watcher.read,
            thorough=asked.thorough,
        )
        share = None if watcher is None else watcher.share
        table = by_query(asked.model, supply, connection, columns, share)
    if asked.ids_as_text:
        table = table.set_column(0, "id", table.column(0).cast(pa.string()))
    return table


def _slices(table: Table) -> Iterator[Table]:
    for start in range(0, table.num_rows, _TOGETHER):
        yield table.slice(start, _TOGETHER)


def listed(table: Table, told: Told, columns: Sequence[Column]) -> Table:
    """Return some of the columns, with the lists of clauses that are made of the others."""
    clauses = [column for column in told.all if column.role == "clause"]
    names = [column.part for column in clauses]

    def array(column: Column) -> Array:
        if not column.is_list:
            return table.column(column.name)
        answers = (table.column(each.name).combine_chunks() for each in clauses)
        masks = [pc.fill_null(it, False) if column.role == "fired" else pc.is_null(it) for it in answers]
        return names_where(names, masks, table.num_rows)

    return pa.table([array(column) for column in columns], names=[column.name for column in columns])
