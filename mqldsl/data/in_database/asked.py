"""The text of a query over tables of a database, as it is asked for on the command line."""

from datetime import UTC, datetime
from secrets import token_hex

import attrs
from sqlglot import exp

from mqldsl.data.binding import Binding
from mqldsl.data.in_database.bound import in_database, tables_of
from mqldsl.data.in_database.compiled import compiled
from mqldsl.data.in_database.tables import Cell, Tables, by_convention
from mqldsl.data.in_database.told import Places, as_dbt, filled, text_of
from mqldsl.data.in_database.typed import EXACT_KEYS
from mqldsl.evaluate.sql.relations import DialectName
from mqldsl.model import ir

# Of dbt: a variable of the project, or when this run of it started, both in UTC.
_AS_OF = "{{ var('as_of', run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }}"


@attrs.frozen
class How:
    """How a query is wanted: over which tables, and as of when.

    Without a `binding` the tables are called as the definition calls things. With neither `as_of` nor `column` it is
    left to dbt.
    """

    binding: Binding | None = None
    as_of: datetime | None = None
    column: str | None = None
    dbt: bool = False


def query_text(model: ir.Model, dialect: DialectName, how: How) -> str:
    """Return the query as text, with a head that says what it is.

    Raises:
        NotInDialectError: as `compiled`.
    """
    # So nothing in a definition can look like one of the names; the text that comes out holds none.
    places = Places(f"mql_place_{token_hex(8)}_")
    tables = _tables(model, how, places)
    text = text_of(model, compiled(model, tables, dialect, how.as_of), dialect)
    head = _head(model, dialect, how, text)
    if how.dbt:
        return as_dbt(head + text, places.texts)
    return head + filled(text, places.texts)


def _tables(model: ir.Model, how: How, places: Places) -> Tables:
    if how.binding is not None:
        return tables_of(model, how.binding, lambda source: in_database(source, places.relation))
    if not how.dbt:
        return by_convention(model, as_of=how.column)

    def source(name: str) -> exp.Expr:
        return places.relation("{{ source('mql', '" + name + "') }}")

    if how.column is not None or how.as_of is not None:
        return by_convention(model, source, how.column)
    tables = by_convention(model, source, "as_of")
    leads = tables.leads.relation
    every = exp.Column(this=exp.Star())
    told = exp.Alias(this=places.text(_AS_OF), alias=exp.to_identifier("mql as_of", quoted=True))
    relation = exp.Select(expressions=[every, told]).from_(leads)
    keys = {**tables.leads.keys, "as_of": Cell("mql as_of")}
    return attrs.evolve(tables, leads=attrs.evolve(tables.leads, relation=relation, keys=keys))


def _head(model: ir.Model, dialect: DialectName, how: How, text: str) -> str:
    title = model.header.title or "a definition"
    version = f" version {model.header.version}" if model.header.version else ""
    lines = [f"{title}{version}"]
    if how.as_of is not None:
        lines.append(f"as of {how.as_of.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
    if dialect in EXACT_KEYS:
        lines.append("labels and keys of companies count where they are written as in the definition")
    if dialect == "duckdb" and "mql_" in text.lower():
        lines.append("it calls functions named mql_...: see `functions_for` in docs/reference/sql.md")
    return "".join(f"-- {_on_one_line(line)}\n" for line in lines) + "\n"


def _on_one_line(text: str) -> str:
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain.replace("${", "$ {")
