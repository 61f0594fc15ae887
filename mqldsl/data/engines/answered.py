"""What every engine shares: the question about all leads, and its answer as the columns that are told."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
from sqlglot import exp

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pa
from mqldsl.data.binding import AccountRows, Binding, EventRows, LeadRows
from mqldsl.data.bound_rows import Column, Moment, Rows
from mqldsl.data.decided.columns import Column as Told
from mqldsl.data.decided.columns import arrow_type
from mqldsl.data.decided.places import place_in
from mqldsl.data.in_database.compiled import Compiled
from mqldsl.data.in_database.refusing import EngineError
from mqldsl.data.in_database.tables import has_companies
from mqldsl.data.origins import Source
from mqldsl.evaluate.sql import query as sql
from mqldsl.model import ir
from mqldsl.model.reading import read_moment


def instant_of(as_of: datetime | date | str | None, model: ir.Model) -> datetime:
    """Return the instant as of which all leads are judged."""
    moment = None if as_of is None else read_moment(as_of, ZoneInfo(model.header.zone))
    if moment is None:
        raise EngineError("nothing says as of when to judge the leads: name a column, or give an as-of")
    return moment


@attrs.frozen
class There:
    """What stands in a database: the source of a name, None where there is none, and the columns of a source."""

    source: Callable[[str], Source | None]
    columns: Callable[[Source], Collection[str]]


def conventional(model: ir.Model, there: There, path: Path) -> Binding:
    """Return a binding to tables called as the definition calls things; `path` is what messages name."""
    leads, accounts = there.source("leads"), there.source("accounts")
    if leads is None:
        raise EngineError("there is no table `leads`; a binding (--data) says where the leads are")
    columns = {"account": Column("account")} if has_companies(model) else {}
    companies = None
    if model.account_fields and accounts is not None:
        companies = AccountRows(Rows("accounts", accounts), "id")
    events = tuple(_events_of(model, there))
    return Binding(path, LeadRows(Rows("leads", leads, columns=columns), "id"), events, companies)


def _events_of(model: ir.Model, there: There) -> Iterator[EventRows]:
    for name, kind in model.kinds.items():
        source = there.source(name)
        if source is None:
            continue
        rows = Rows(name, source)
        at = Moment("at") if kind.timed else None
        id_ = "id" if "id" in there.columns(source) and "id" not in kind.properties else None
        if kind.of_account:
            yield EventRows(rows, name, "account", "account", at, id_)
        else:
            yield EventRows(rows, name, "lead", "lead", at, id_)


def repeated(compiled: Compiled) -> Iterator[tuple[str, exp.Query]]:
    """Yield a query for each key that must come once only, with the words for it; it brings one that does not."""
    keys = {"leads read": ("id", "as_of"), "accounts read": ("id",)}
    with_ = compiled.tree.args["with_"]
    for cte in with_.expressions:
        if cte.alias in keys:
            select = cte.this.copy()
            wanted = [each for each in select.expressions if each.alias in keys[cte.alias]]
            select.set("expressions", wanted)
            names = [exp.column(each.alias, table="keys", quoted=True) for each in wanted]
            again = exp.Select(expressions=[names[0]]).from_(exp.Subquery(this=select, alias=_alias("keys")))
            again.set("group", exp.Group(expressions=[each.copy() for each in names]))
            count = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
            not_missing = exp.Not(this=exp.Is(this=names[0].copy(), expression=exp.Null()))
            again.set("having", exp.Having(this=exp.And(this=count, expression=not_missing)))
            yield cte.alias.removesuffix(" read"), again.limit(1)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))


def told(answers: Table, asked: Sequence[sql.Column], columns: Sequence[Told]) -> Table:
    """Return the answers as the columns that are told, of just their types."""
    place_of = place_in(asked)
    arrays = [_typed(answers.column(place_of(it)), arrow_type(it)) for it in columns]
    return pa.table(arrays, names=[it.name for it in columns])


def _typed(values: Array, wanted: object) -> Array:
    return values if values.type == wanted else values.cast(wanted)
