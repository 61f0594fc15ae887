"""The quick start's sample as typed tables, read as `mql decide` reads it, for engines to load."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from mqldsl.data.binding import read_binding
from mqldsl.data.decided.run import Asked, decided
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import load_definition
from tests.properties.in_tables import type_of

FOLDER = Path(__file__).resolve().parents[2] / "rules" / "quick-start"
AS_OF = "2026-03-10 09:00"


def sample() -> tuple[ir.Model, dict[str, pa.Table], pa.Table]:
    """Return the definition, its tables by their conventional names, and the decisions in Python, by id."""
    binding = read_binding(FOLDER / "data.toml")
    model = load_definition(FOLDER / "mql.mql", binding.tables)
    found = list(situations(model, binding, AS_OF))
    leads = [{"id": it.lead.id, **_plain(it.lead.fields)} for it in found]
    companies = {}
    for it in found:
        if it.company is not None:
            key = str(it.lead.fields["account"])
            companies[key.strip().lower()] = {"id": key, **_plain(it.company.fields)}
    tables = {
        "leads": _table(leads, {"id": pa.string()}, {n: f.type for n, f in model.fields.items()}),
        "accounts": _table(
            list(companies.values()),
            {"id": pa.string()},
            {n: f.type for n, f in model.account_fields.items()},
        ),
    }
    for name, kind in model.kinds.items():
        rows = [
            {"lead": it.lead.id, "at": event.at, "id": event.id, **_plain(event.properties)}
            for it in found
            for event in it.lead.events
            if event.kind == name
        ]
        keys = {"lead": pa.string(), "at": pa.timestamp("us", "UTC"), "id": pa.string()}
        tables[name] = _table(rows, keys, kind.properties)
    asked = Asked(model, binding, AS_OF, engine="python")
    due = pa.concat_tables(list(decided(asked, Faults()))).sort_by("id")
    return model, tables, due


def _plain(facts: Any) -> dict[str, Any]:
    return {name: None if value is BLANK else value for name, value in facts.items()}


def _table(rows: Any, keys: Any, types: Any) -> Any:
    columns = {**keys, **{name: type_of(kind) for name, kind in types.items()}}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def differences(found: pa.Table, due: pa.Table) -> list[object]:
    """Return the cells that differ: id, column, what was found, what is due."""
    assert found.column_names == due.column_names
    assert found.schema.types == due.schema.types
    assert found.column("id").to_pylist() == due.column("id").to_pylist()
    wrong: list[object] = []
    for name in due.column_names:
        pairs = zip(found["id"].to_pylist(), found[name].to_pylist(), due[name].to_pylist())
        wrong += [(id_, name, one, other) for id_, one, other in pairs if one != other]
    return wrong
