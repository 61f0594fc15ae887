"""All leads decided by one query: what it answers is put into the columns that are told."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa
from mqldsl.data.batch.store import Connection
from mqldsl.data.decided.columns import Column, arrow_type
from mqldsl.data.decided.lists import names_of
from mqldsl.data.decided.machine import Share, answers
from mqldsl.data.decided.ordering import in_order
from mqldsl.data.decided.places import asked_for, place_in
from mqldsl.evaluate.sql import query as sql
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.model import ir
from mqldsl.source.extras import Late

# It needs sqlglot at once.
_lowering: Any = Late("mqldsl.evaluate.sql.lowering")


def by_query(
    model: ir.Model, supply: Supply, connection: Connection, columns: Sequence[Column], share: Share | None
) -> Table:
    """Return a table with the columns, a row a lead, in the order of the sources.

    Raises:
        NotInSqlError: The definition says something that no query says exactly.
    """
    asked = ready(model, supply, connection, columns)
    found = answers(connection, asked.text, share)
    found = in_order(found, found.column(asked.place))
    place_of = place_in(asked.columns)

    def array(it: Column) -> Array:
        number = place_of(it)
        place, entries = asked.places[number], asked.columns[number].entries
        if place is None:
            return pa.nulls(found.num_rows, arrow_type(it))
        values = found.column(place)
        if entries:
            return names_of(values, entries)
        return _typed(values, it)

    # Lists take longest, and pyarrow makes several at once.
    with ThreadPoolExecutor() as pool:
        return pa.table(list(pool.map(array, columns)), names=[it.name for it in columns])


@attrs.frozen
class Ready:
    """A query as text, the columns that it is to tell, and where its answer has each; None for what is always missing."""

    text: str
    columns: tuple[sql.Column, ...]
    places: tuple[int | None, ...]

    @property
    def place(self) -> int:
        """Where the answer has the number of a lead's row."""
        found = next(at for at, it in zip(self.places, self.columns, strict=True) if it.role == "place")
        assert found is not None
        return found


def ready(model: ir.Model, supply: Supply, connection: Connection, columns: Sequence[Column]) -> Ready:
    """Return the query for some columns, and make a connection ready for it, which has run none yet."""
    wanted = asked_for(columns)
    written = sql.query_of(model, supply, wanted=wanted, lists_as_bits=True, plain_first=True)
    query, places = sql.without_repeats(written)
    text = _lowering.written(query, "duckdb")
    _lowering.functions_of(text, connection)
    # Leads, whose rows are wide, are never what a join keeps in memory, and stay in their order in long runs.
    # The columns of the query stand in layers already: moving them takes longer than it saves.
    connection.execute(
        "SET disabled_optimizers = 'build_side_probe_side, projection_placement, projection_pullup'"
    )
    return Ready(text, written.columns, places)


def _typed(values: Array, column: Column) -> Array:
    if column.role == "id":
        return values  # whole numbers or texts
    wanted = arrow_type(column)
    # Instants are in UTC, but the query does not say so.
    return values if values.type == wanted else values.cast(wanted)
