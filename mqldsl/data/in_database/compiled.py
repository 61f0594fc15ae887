"""A definition over tables of a database as one query: columns read first, then what is decided of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs
from sqlglot import exp

from mqldsl.data.in_database.refusing import NotInDialectError
from mqldsl.data.in_database.tables import Held, Tables, looked_at
from mqldsl.data.in_database.typed import Typing, reading_of
from mqldsl.data.in_database.without_lists import WITHOUT_LISTS, without_lists
from mqldsl.data.names import properties_of
from mqldsl.evaluate.sql import query as sql
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import Refused, tree
from mqldsl.evaluate.sql.relations import DialectName, Query, Table
from mqldsl.evaluate.sql.supply import Accounts, Feed, Given, Leads, Supply
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.model import ir
from mqldsl.model.dependencies import names_in
from mqldsl.source.text import Place


@attrs.frozen
class Compiled:
    """The query as a tree of sqlglot, and its columns, in order."""

    tree: exp.Query
    columns: tuple[sql.Column, ...]


def compiled(
    model: ir.Model, tables: Tables, dialect: DialectName, as_of: datetime | None, *, ordered: bool = False
) -> Compiled:
    """Return the query that decides every lead of some tables.

    `as_of` is None where the leads have an instant each. With `ordered` the rows come by id.

    Raises:
        NotInDialectError: No query says exactly what the definition says, or this dialect does not.
    """
    try:
        return _compiled(model, tables, dialect, as_of, ordered=ordered)
    except NotInSqlError as error:
        raise NotInDialectError(f"no query says exactly {error}", error.place) from None
    except Refused as refused:
        place = _place_of(refused, model, tables, dialect, as_of)
        raise NotInDialectError(str(refused), place) from None


def _compiled(
    model: ir.Model, tables: Tables, dialect: DialectName, as_of: datetime | None, *, ordered: bool
) -> Compiled:
    tables = looked_at(model, tables)
    typing = Typing(dialect, reading_of(model))
    selects = dict(_selects(model, tables, typing))
    written = sql.query_of(model, _supply(model, tables, as_of))
    taken = {step.name for step in written.query.steps}
    assert not taken & set(selects)
    order = tuple(it.name for it in written.columns if it.role in ("id", "as of")) if ordered else ()
    asked = Query(written.query.steps, order)
    query = tree(without_lists(asked) if dialect in WITHOUT_LISTS else asked, dialect)
    tables_read = [
        exp.CTE(this=select, alias=exp.TableAlias(this=exp.to_identifier(each, quoted=True)))
        for each, select in selects.items()
    ]
    before = query.args.get("with_")
    query.set(
        "with_", exp.With(expressions=[*tables_read, *(before.expressions if before is not None else [])])
    )
    return Compiled(query, written.columns)


def _read(of: str) -> str:
    return f"{of} read"


def _selects(model: ir.Model, tables: Tables, typing: Typing) -> Iterator[tuple[str, exp.Select]]:
    yield _read("leads"), typing.select(tables.leads, dict(model.fields))
    if tables.accounts is not None:
        yield _read("accounts"), typing.select(tables.accounts, dict(model.account_fields), is_company=True)
    for kind, held in tables.events.items():
        properties = {field.name: field for field in properties_of(model.kinds[kind])}
        yield _read(f"{kind} events"), typing.select(held, properties)


def _supply(model: ir.Model, tables: Tables, as_of: datetime | None) -> Supply:
    leads = Leads(
        _table("leads"),
        t.column("id"),
        "text",
        t.column("as_of") if as_of is None else as_of,
        _given(tables.leads),
        t.column("account") if "account" in tables.leads.keys else None,
        t.truth("account" in tables.leads.keys),
    )
    accounts = None
    if tables.accounts is not None:
        accounts = Accounts(_table("accounts"), t.column("id"), _given(tables.accounts))
    feeds = {}
    for name, held in tables.events.items():
        kind = model.kinds[name]
        feeds[name] = Feed(
            _table(f"{name} events"),
            t.YES,
            t.column("account") if kind.of_account else t.column("lead"),
            t.column("at") if kind.timed else None,
            _given(held),
            t.column("id") if "id" in held.keys else None,
            t.column("id") if "id" in held.keys else None,
        )
    return Supply(leads, feeds, accounts)


def _table(of: str) -> Table:
    return Table(exp.Table(this=exp.to_identifier(_read(of), quoted=True)))


def _given(held: Held) -> Mapping[str, Given]:
    return {name: Given(t.column(f"f.{name}")) for name in held.fields}


def _place_of(
    refused: Refused, model: ir.Model, tables: Tables, dialect: DialectName, as_of: datetime | None
) -> Place | None:
    """Return the place of the first part that is refused on its own account, with what it is made of."""
    needed: dict[str, set[str]] = {}

    def with_parts(name: str) -> set[str]:
        if name not in needed:
            needed[name] = {name}
            for part in names_in(model.named[name]):
                needed[name] |= with_parts(part) if part in model.named else set()
        return needed[name]

    for name, part in model.named.items():
        wanted = with_parts(name)
        named = {each: it for each, it in model.named.items() if each in wanted}
        alone = attrs.evolve(model, named=named, verdict=None)
        try:
            _compiled(alone, tables, dialect, as_of, ordered=False)
        except (Refused, NotInSqlError, NotInDialectError) as error:
            if str(error) == str(refused):
                return part.place
    return None
