"""BigQuery: what its documentation makes certain; sets, shares and deadlines in business time are refused.

It was never run against BigQuery. Out of range is an error there, as in PostgreSQL.
"""

from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.bigquery_texts import TEXTS
from mqldsl.evaluate.sql.lowering.duck_rows import ROWS as SHARED_ROWS
from mqldsl.evaluate.sql.lowering.everywhere import EVERYWHERE, typed_constant
from mqldsl.evaluate.sql.lowering.nodes import (
    Node,
    both,
    call,
    case,
    cast,
    inner,
    minus,
    name,
    number,
    over,
    plus,
    string,
    times,
    total,
)
from mqldsl.evaluate.sql.lowering.saying import Dialect, Saying, Table
from mqldsl.evaluate.sql.lowering.sums import MILLION, WHOLE, as_wholes, sorted_out
from mqldsl.evaluate.sql.lowering.time import Words, time_table
from mqldsl.evaluate.sql.lowering.without_words import halved, rounded_to_even
from mqldsl.evaluate.sql.relations import Steps
from mqldsl.evaluate.sql.terms import YES, Atom, Term

_KINDS: Final = {
    "double": "DOUBLE",
    "whole": "BIGINT",
    "truth": "BOOLEAN",
    "text": "TEXT",
    "day": "DATE",
    "instant": "TIMESTAMP",  # without a zone: BigQuery's DATETIME
    "set": "TEXT[]",
}


def _constant(say: Saying, word: str, value: Atom) -> Node:
    if isinstance(value, str) and "\0" in value:
        raise say.refused("a text with the character U+0000", "take it out of the definition")
    return typed_constant(say, word, value)


def _remainder(value: Node, by: Node) -> Node:
    return call("MOD", value, by)


def _is_finite(value: Node) -> Node:
    return both(exp.LT, call("ABS", value), cast(string("Infinity"), "DOUBLE"))


def _power(say: Saying, term: Term) -> Node:
    return halved(say, term, lambda value, by: call("DIV", value, number(by)), _remainder)


def _millionths(say: Saying, value: Term) -> Node:
    scaled = Term("*", (value, Term("constant", ("double", 1e6))))
    return cast(rounded_to_even(say, scaled, _remainder), "BIGINT")


def _from_millionths(whole: Node) -> Node:
    exact = over(cast(whole, "DOUBLE"), cast(number(MILLION), "DOUBLE"))
    small = exp.Between(this=inner(whole.copy()), low=number(-WHOLE), high=number(WHOLE))
    missing = exp.Is(this=inner(whole.copy()), expression=exp.Null())
    return case(
        [(missing, cast(exp.Null(), "DOUBLE")), (small, exact)],
        call("ERROR", string("too large to be added exactly")),
    )


def _exact_sum(say: Saying, term: Term) -> Node:
    plan = sorted_out(term)
    if plan.most >= WHOLE:
        raise say.refused("a sum of points beyond 9,007,199,254", "give fewer points")
    if not plan.free and plan.all_whole:
        parts = [*(say(as_wholes(part, MILLION)) for part in plan.stepped), number(plan.fixed // MILLION)]
        return cast(total(parts), "DOUBLE")
    stepped = [say(as_wholes(part, 1)) for part in plan.stepped]
    free = [_millionths(say, one) for one in plan.free]
    return _from_millionths(total([number(plan.fixed), *stepped, *free]))


def _chosen(say: Saying, which: Term, value: Node) -> Node:
    return value if which == YES else case([(say(which), value)])


def _count(say: Saying, term: Term) -> Node:
    (which,) = term.parts
    return exp.Count(this=exp.Star()) if which == YES else call("COUNTIF", say(which))


def _any(say: Saying, term: Term) -> Node:
    return exp.Coalesce(this=call("LOGICAL_OR", say(term.args[0])), expressions=[exp.false()])


def _sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return _from_millionths(call("SUM", _chosen(say, which, _millionths(say, value))))


def _days(say: Saying, term: Term) -> Node:
    which, day, *_ = term.parts
    return exp.Count(this=exp.Distinct(expressions=[_chosen(say, which, say(day))]))


_ROWS: Final[Table] = {
    **SHARED_ROWS,
    "count where": _count,
    "any where": _any,
    "sum where": _sum,
    "days where": _days,
}


def _span(count: Node, unit: str) -> Node:
    return exp.Interval(this=inner(count), unit=exp.var(unit))


def _moved(instant: Node, micros: Node) -> Node:
    return call("DATETIME_ADD", instant, _span(micros, "MICROSECOND"))


def _field(field: str, day: Node) -> Node:
    return exp.Extract(this=exp.var(field), expression=day)


_PARTS: Final = {"week": "ISOWEEK", "month": "MONTH", "quarter": "QUARTER", "year": "YEAR"}
_EPOCH: Final = "1970-01-01 00:00:00"
_WORDS: Final = Words(
    micros=lambda instant: call(
        "DATETIME_DIFF", instant, cast(string(_EPOCH), "TIMESTAMP"), exp.var("MICROSECOND")
    ),
    instant=lambda micros: _moved(cast(string(_EPOCH), "TIMESTAMP"), micros),
    moved=lambda instant, length: _moved(instant, number(length)),
    midnight=lambda day: cast(day, "TIMESTAMP"),
    day=lambda instant: cast(instant, "DATE"),
    days=lambda first, second: call("DATE_DIFF", second, first, exp.var("DAY")),
    days_on=lambda day, days: call("DATE_ADD", day, _span(days, "DAY")),
    months_on=lambda day, months: call("DATE_ADD", day, _span(months, "MONTH")),
    start=lambda span, day: call("DATE_TRUNC", day, exp.var(_PARTS[span])),
    weekday=lambda day: _remainder(plus(_field("DAYOFWEEK", day), number(5)), number(7)),
    month_number=lambda day: minus(
        plus(times(_field("YEAR", day), number(12)), _field("MONTH", day.copy())), number(1)
    ),
)


def _steps(say: Saying, step: Steps, source: Node) -> exp.Query:
    numbers = call("GENERATE_ARRAY", number(1), say(step.upto))
    unnested = exp.Unnest(expressions=[numbers], alias=exp.TableAlias(columns=[name(step.number)]))
    columns = [exp.Column(this=exp.Star(), table=name(say.alias)), exp.column(step.number, quoted=True)]
    return exp.Select(expressions=columns).from_(source).join(unnested, join_type="cross")


BIGQUERY: Final = Dialect(
    name="bigquery",
    table={
        **EVERYWHERE,
        **TEXTS,
        **_ROWS,
        **time_table(_WORDS),
        "finite": lambda say, term: case([(_is_finite(say(term.args[0])), say(term.args[0]))]),
        "is finite": lambda say, term: _is_finite(say(term.args[0])),
        "round even": lambda say, term: rounded_to_even(say, term.args[0], _remainder),
        "power": _power,
        "to whole": lambda say, term: cast(say(term.args[0]), "BIGINT"),
        "exact sum": _exact_sum,
    },
    kinds=_KINDS,
    constant=_constant,
    once=None,
    each=None,
    quotient=lambda value, by: call("DIV", value, number(by)),
    steps=_steps,
    keeps_step=lambda _: None,
)
