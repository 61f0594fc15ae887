"""mqldsl over all leads: the one place that knows how it is called."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

import mqldsl
from benchmarks.batch.data import AS_OF, Files
from mqldsl.data.binding import read_binding
from mqldsl.data.decided.by_query import ready
from mqldsl.data.decided.columns import Column, Role
from mqldsl.data.decided.run import told_of
from mqldsl.data.handed_tables import Tables, binding_for
from mqldsl.data.relations import supplied
from mqldsl.embed.definition import Definition
from mqldsl.model import ir
from mqldsl.pipeline import load_definition

# What the columns of a decision are called here, and those that the others do not tell.
_ALSO_CALLED = {"certain": "handling_certain", "could_be": "handling_could_be"}
_MORE_THAN_OTHERS: tuple[Role, ...] = ("team", "reason", "missing")


class NotThere(Exception):
    """Something cannot be run, and the message says why; the others are measured without it."""


def ours(definition: Path, files: Files, memory_limit: str | None) -> pa.Table:
    """Return the answers of a definition for all leads as an Arrow table.

    Its columns: `id`, each clause, each score with `_low` and `_high`, each grade, and of each decision the outcome,
    `_certain`, `_could_be` (the outcomes in the order of the rows); and `due_at`: what the others tell, and no more.
    """
    asked = mqldsl.load(definition)
    decisions = asked.decide_all(
        files.leads,
        files.events,
        as_of=AS_OF,
        columns=[column.name for column in _told(asked.model) if column.role != "id"],
        memory_limit=memory_limit,
    )
    found = decisions.to_arrow()
    return found.rename_columns(
        [_ALSO_CALLED.get(name, name.replace(".", "_")) for name in found.column_names]
    )


def _told(model: ir.Model) -> list[Column]:
    """Return the columns that all tell."""
    told = told_of(model, each_has_its_as_of=False).plain
    return [column for column in told if column.role not in _MORE_THAN_OTHERS]


def query_alone(definition: Path, files: Files) -> Callable[[], pa.Table]:
    """Return what runs the query for a definition, as the one by hand is run: it is written already."""
    model = load_definition(definition, {})
    connection = duckdb.connect()
    binding = binding_for(model, Tables(files.leads, files.events), has_as_of=True)
    supply = supplied(model, binding, AS_OF, connection, thorough=False)
    text = ready(model, supply, connection, _told(model)).text
    return lambda: connection.sql(text).to_arrow_table()


def ours_of_binding(definition: Path, binding: Path, as_of: str) -> pa.Table:
    """Return the answers for all leads of a binding file as an Arrow table."""
    model = load_definition(definition, read_binding(binding).tables)
    return Definition(model).decide_all(binding=binding, as_of=as_of).to_arrow()
