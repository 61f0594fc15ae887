"""mqldsl over all leads: the one place that knows how it is called."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

import mqldsl
from benchmarks.batch.data import AS_OF, Files
from mqldsl.data.binding import read_binding
from mqldsl.data.decided.by_query import ready
from mqldsl.data.decided.run import told_of
from mqldsl.data.handed_tables import Tables, binding_for
from mqldsl.data.relations import supplied
from mqldsl.embed.definition import Definition
from mqldsl.pipeline import load_definition

# What the columns of a decision are called here, and those that the others do not tell.
_ALSO_CALLED = {"certain": "handling_certain", "could_be": "handling_could_be"}
_MORE_THAN_OTHERS = ("team", "reason", "missing")


class NotThere(Exception):
    """Something cannot be run, and the message says why; the others are measured without it."""


def ours(definition: Path, files: Files, memory_limit: str | None) -> pa.Table:
    """Return the answers of a definition for all leads as an Arrow table.

    Its columns: `id`, each clause, each score with `_low` and `_high`, each grade, and of each decision the outcome,
    `_certain`, `_could_be` (the outcomes in the order of the rows); and `due_at`. What it tells besides is taken
    out afterwards, so it pays for that, too.
    """
    decisions = mqldsl.load(definition).decide_all(
        files.leads, files.events, as_of=AS_OF, memory_limit=memory_limit
    )
    found = decisions.to_arrow()
    names = [_ALSO_CALLED.get(name, name.replace(".", "_")) for name in found.column_names]
    return found.rename_columns(names).drop_columns([name for name in _MORE_THAN_OTHERS if name in names])


def query_alone(definition: Path, files: Files) -> Callable[[], pa.Table]:
    """Return what runs the query for a definition, as the one by hand is run: it is written already."""
    model = load_definition(definition, {})
    connection = duckdb.connect()
    binding = binding_for(model, Tables(files.leads, files.events), has_as_of=True)
    supply = supplied(model, binding, AS_OF, connection, thorough=False)
    columns = told_of(model, each_has_its_as_of=False).plain
    text = ready(model, supply, connection, columns).text
    return lambda: connection.sql(text).to_arrow_table()


def ours_of_binding(definition: Path, binding: Path, as_of: str) -> pa.Table:
    """Return the answers for all leads of a binding file as an Arrow table."""
    model = load_definition(definition, read_binding(binding).tables)
    return Definition(model).decide_all(binding=binding, as_of=as_of).to_arrow()
