"""Queries made of typed constants, to hold operations against an engine."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.saying import Saying
from mqldsl.evaluate.sql.lowering.written import DIALECTS, written
from mqldsl.evaluate.sql.relations import DialectName, Query, Select, Table
from mqldsl.evaluate.sql.terms import Term

NAMES = "abcdefgh"
Run = Callable[[str], list[tuple[Any, ...]]]


def relation(dialect: DialectName, kinds: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Return rows of constants as a relation, numbered by the column `row`."""
    say = Saying(DIALECTS[dialect], "")
    tuples = [
        exp.Tuple(
            expressions=[
                exp.Literal.number(number),
                *(constant(say, kind, value) for kind, value in zip(kinds, row, strict=True)),
            ]
        )
        for number, row in enumerate(rows)
    ]
    columns = [exp.to_identifier(name, quoted=True) for name in ("row", *NAMES[: len(kinds)])]
    values = exp.Values(
        expressions=tuples,
        alias=exp.TableAlias(this=exp.to_identifier("rows", quoted=True), columns=columns),
    )
    return Table(exp.Subquery(this=exp.Select(expressions=[exp.Star()]).from_(values)))


def constant(say: Saying, kind: str, value: Any) -> exp.Expr:
    """Return a constant of just this type, a set too."""
    if kind == "set" and value is not None:
        return say(Term("list", tuple(t.text(each) for each in value)))
    node = say.constant(kind, value)
    typed = exp.Cast(this=node, to=exp.DataType.build(say.dialect.kinds[kind], dialect="duckdb"))
    if kind == "text" and say.dialect.name == "postgres":
        # As whoever hands in a relation must do there.
        return exp.Collate(this=typed, expression=exp.to_identifier("C", quoted=True))
    return typed


def answers(
    dialect: DialectName, run: Run, term: Term, kinds: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[Any]:
    """Return what an engine makes of a term, row by row."""
    columns = {"row": t.column("row"), "answer": term}
    step = Select("answers", relation(dialect, kinds, rows), "given", columns)
    query = Query((step,), ("row",))
    return [answer for _, answer in run(written(query, dialect))]


def same(one: Any, two: Any) -> bool:
    """Say whether two answers are the same, and of the same type."""
    return type(one) is type(two) and one == two
