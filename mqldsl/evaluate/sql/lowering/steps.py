"""The steps of a query as common tables, each with what it is called and what is remarked about it."""

from typing import Final, assert_never

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.nodes import Node, cast, column, name
from mqldsl.evaluate.sql.lowering.refused import Refused
from mqldsl.evaluate.sql.lowering.saying import Dialect, Saying
from mqldsl.evaluate.sql.relations import DialectName, Query, Select, Source, Step, Steps, Table, Together
from mqldsl.evaluate.sql.terms import Term


def query_tree(dialect: Dialect, query: Query) -> exp.Query:
    """Return a query as one tree: the last step is what is selected, those before it are common tables."""
    _check_names(dialect, query)
    *before, last = query.steps
    tables = [_common_table(dialect, step) for step in before]
    body = _body(dialect, last)
    if query.order and isinstance(last, Together):
        # Behind a UNION only whole columns can be sorted by, which these are.
        body = exp.select("*").from_(exp.Subquery(this=body, alias=exp.TableAlias(this=name(last.name))))
    if query.order:
        alias = ""
        body.set("order", exp.Order(expressions=[_ascending(column(alias, each)) for each in query.order]))
    if tables:
        body.set("with_", exp.With(expressions=tables))
    return body


# Longer names are cut off, or not taken; in bytes.
_LONGEST_NAMES: Final[dict[DialectName, int]] = {"postgres": 63, "snowflake": 255, "bigquery": 128}
_VARIABLE: Final = "${"  # Spark puts a setting there before it reads anything


def _check_names(dialect: Dialect, query: Query) -> None:
    longest = _LONGEST_NAMES.get(dialect.name)
    for step in query.steps:
        selects = step.parts if isinstance(step, Together) else (step,)
        columns = [called for each in selects if isinstance(each, Select) for called in each.columns]
        for called in (step.name, *columns):
            if longest is not None and len(called.encode()) > longest:
                raise Refused(
                    f"the name `{called}`",
                    dialect.name,
                    f"shorten it by {len(called.encode()) - longest} bytes",
                )
            if dialect.name == "spark" and _VARIABLE in called:
                raise Refused(f"the name `{called}`", dialect.name, f"give a name without `{_VARIABLE}`")


def _ascending(node: Node) -> Node:
    return exp.Ordered(this=node, nulls_first=False)


def _common_table(dialect: Dialect, step: Step) -> exp.CTE:
    table = exp.CTE(this=_body(dialect, step), alias=exp.TableAlias(this=name(step.name)))
    keeps = dialect.keeps_step(step)
    if keeps is not None:
        table.set("materialized", keeps)
    return table


def _body(dialect: Dialect, step: Step) -> exp.Query:
    match step:
        case Select():
            return _select(dialect, step)
        case Together(_, parts):
            selects: list[exp.Query] = [_select(dialect, part) for part in parts]
            union = selects[0]
            for each in selects[1:]:
                union = exp.Union(this=union, expression=each, distinct=False)
            return union
        case Steps():
            return dialect.steps(Saying(dialect, "s"), step, _from(step.source, "s"))
        case _:
            assert_never(step)


def _select(dialect: Dialect, step: Select) -> exp.Select:
    say = Saying(dialect, step.alias)
    kept: list[Node] = [exp.Column(this=exp.Star(), table=name(alias)) for alias in step.keeps]
    computed: list[Node] = [_named(say, called, term) for called, term in step.columns.items()]
    select = exp.Select(expressions=[*kept, *computed])
    select.set("from_", exp.From(this=_from(step.source, step.alias)))
    for join in step.joins:
        on = say(join.on)
        side = {"side": "LEFT"} if join.left else {}
        select.append("joins", exp.Join(this=_from(join.relation, join.alias), on=on, **side))
    if step.where is not None:
        select.set("where", exp.Where(this=say(step.where)))
    if step.group:
        select.set("group", exp.Group(expressions=[_grouped(say, term) for term in step.group]))
    if step.remark:
        remark = step.remark.replace(_VARIABLE, "$ {") if dialect.name == "spark" else step.remark
        select.add_comments([f" {remark} "])
    return select


def _named(say: Saying, called: str, term: Term) -> Node:
    node = say(term)
    if term.op == "column" and term.args[1] == called:
        return node
    return exp.Alias(this=node, alias=name(called))


def _grouped(say: Saying, term: Term) -> Node:
    """Return what is grouped by; a bare whole number would be the place of a column."""
    node = say(term)
    return cast(node, "BIGINT") if isinstance(node, exp.Literal | exp.Paren) else node


def _from(source: Source, alias: str) -> Node:
    if isinstance(source, str):
        return exp.Table(this=name(source), alias=exp.TableAlias(this=name(alias)))
    return _aliased(source, alias)


def _aliased(table: Table, alias: str) -> Node:
    node = table.sql
    assert isinstance(node, exp.Expr), f"{node!r} is no sqlglot expression"
    node = node.copy()
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        return exp.Subquery(this=node, alias=exp.TableAlias(this=name(alias)))
    if isinstance(node, exp.Table | exp.Subquery):
        node.set("alias", exp.TableAlias(this=name(alias)))
        return node
    return exp.Table(this=node, alias=exp.TableAlias(this=name(alias)))
