"""All leads decided at once for a program: from tables or a binding to tables."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.batch.late import pa, pq
from mqldsl.data.binding import Binding, BindingError, read_binding
from mqldsl.data.decided.columns import Column, arrow_type, chosen
from mqldsl.data.decided.machine import Limits
from mqldsl.data.decided.run import Asked, decided, listed, told_of
from mqldsl.data.faults import Faults
from mqldsl.data.handed_tables import Tables, TablesError, binding_for, broken_tables, of_no_kind
from mqldsl.data.keys import Key
from mqldsl.data.origins import Held
from mqldsl.data.text_file import File
from mqldsl.embed.decisions import Decisions
from mqldsl.evaluate.handed_in import CORRECT, LeadError
from mqldsl.model import ir
from mqldsl.model.reading import read_moment


@attrs.frozen
class Wanted:
    """What a caller wants: lists of clauses beside their columns, all that a pass over the events could tell.

    With `columns`, these alone.
    """

    lists: bool = False
    thorough: bool = False
    columns: tuple[str, ...] | None = None


def decide_tables(
    model: ir.Model, tables: Tables, as_of: object, limits: Limits, wanted: Wanted
) -> Decisions:
    """Return the decisions about the leads of tables that were handed in."""
    instant = _instant(as_of, model)
    binding = binding_for(model, tables, has_as_of=instant is not None)
    try:
        found = _decisions(model, binding, instant, limits, wanted)
    except BindingError as error:
        raise TablesError(error.mistakes) from None
    except Exception:
        mistakes = broken_tables(binding)
        if mistakes:
            raise TablesError(mistakes) from None
        raise
    if wanted.thorough:
        found.faults.notes.extend(of_no_kind(model, binding))
    return found


def decide_binding(
    model: ir.Model, path: str | os.PathLike[str], as_of: object, limits: Limits, wanted: Wanted
) -> Decisions:
    """Return the decisions about the leads of a binding."""
    binding = read_binding(Path(path))
    found = _decisions(model, binding, _instant(as_of, model), limits, wanted)
    if binding.tables:
        found.faults.notes.append(
            "the tables of the binding are not looked at: the definition is loaded already"
        )
    return found


def _instant(as_of: object, model: ir.Model) -> datetime | None:
    """Return the instant that is told, or None where nothing is."""
    if as_of is None:
        return None
    zone = ZoneInfo(model.header.zone)
    found = read_moment(as_of, zone) if isinstance(as_of, datetime | date | str) else None
    if found is None:
        raise LeadError("as_of", as_of, "a time or a day, such as 2026-03-01 09:00 or 2026-03-01", CORRECT)
    return found


def _decisions(
    model: ir.Model, binding: Binding, as_of: datetime | None, limits: Limits, wanted: Wanted
) -> Decisions:
    if as_of is None and binding.leads.as_of is None:
        as_of = datetime.now(UTC)
    told, faults = told_of(model, each_has_its_as_of=binding.leads.as_of is not None), Faults()
    columns: Sequence[Column] = told.all if wanted.lists else told.plain
    if wanted.columns is not None:
        columns = chosen(told.all, wanted.columns)
    asked = Asked(model, binding, as_of, limits, thorough=wanted.thorough, ids_as_text=False, columns=columns)
    tables: list[Any] = list(decided(asked, faults))
    if wanted.lists or wanted.columns is not None:
        tables = [listed(table, told, columns) for table in tables]
    if not tables:
        empty = pa.schema([(column.name, arrow_type(column)) for column in columns])
        return Decisions(empty.empty_table(), faults)
    return Decisions(_with_ids(pa.concat_tables(tables), binding), faults)


def _with_ids(table: Table, binding: Binding) -> Table:
    """Return the table with ids as the leads have them: where an owner is a text, all ids had to be texts."""
    wanted, ids = _type_of_ids(binding), table.column("id")
    if wanted is None or not pa.types.is_integer(wanted) or not pa.types.is_string(ids.type):
        return table
    return table.set_column(0, "id", ids.cast(wanted))


def _type_of_ids(binding: Binding) -> ArrowType | None:
    source, name = binding.leads.rows.file, binding.leads.id
    if name is None:
        return pa.int64()
    if isinstance(name, Key):
        return None
    if isinstance(source, Held):
        return source.table.schema.field(name).type
    if isinstance(source, File) and source.path.suffix == ".parquet":
        return pq.read_schema(source.path).field(name).type
    return None
