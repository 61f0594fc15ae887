"""Spark 4 and later: numbers, time, rows, and all its tables together.

Exact sums of numbers beyond 9e12, and texts that are not surely in NFC, are errors.
"""

from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.duck_rows import ROWS as SHARED_ROWS
from mqldsl.evaluate.sql.lowering.everywhere import EVERYWHERE, typed_constant
from mqldsl.evaluate.sql.lowering.nodes import (
    Node,
    both,
    call,
    case,
    cast,
    exact,
    inner,
    lambda_of,
    minus,
    name,
    number,
    plus,
    string,
    times,
    total,
)
from mqldsl.evaluate.sql.lowering.saying import Dialect, Saying, Table
from mqldsl.evaluate.sql.lowering.spark_texts import TEXTS, failing, text_constant
from mqldsl.evaluate.sql.lowering.sums import MILLION, WHOLE, as_wholes, sorted_out
from mqldsl.evaluate.sql.lowering.time import Words, by_interval, day_by_cast, time_table
from mqldsl.evaluate.sql.relations import Steps
from mqldsl.evaluate.sql.terms import YES, Atom, Term

_KINDS: Final = {
    "double": "DOUBLE",
    "whole": "BIGINT",
    "truth": "BOOLEAN",
    "text": "TEXT",
    "day": "DATE",
    "instant": "TIMESTAMPNTZ",
    "set": "TEXT[]",
}
# Beyond, millionths may not fit 64 bits.
_LARGEST: Final = 9_000_000_000_000
_DIGITS: Final = 38


def _constant(say: Saying, word: str, value: Atom) -> Node:
    if isinstance(value, str) and word == "text":
        if "\0" in value:
            raise say.refused("a text with the character U+0000", "take it out of the definition")
        return text_constant(value)
    return typed_constant(say, word, value)


def _first(members: Node) -> Node:
    return exp.Bracket(this=members, expressions=[exp.Literal.number(0)])


def _once(value: Node, called: str, body: Node) -> Node:
    return _first(_each(call("array", value), called, body))


def _each(members: Node, called: str, body: Node) -> Node:
    return call("transform", members, lambda_of(called, body))


# ------------------------------------------------------------------ numbers


def _is_finite_node(value: Node) -> Node:
    return both(exp.LT, call("abs", value), cast(string("Infinity"), "DOUBLE"))


def _finite(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, value: case([(_is_finite_node(say(value)), say(value))]))


def _round_even(say: Saying, term: Term) -> Node:
    # Nothing is added so that there is no zero below 0.
    return plus(call("rint", say(term.args[0])), cast(number(0), "DOUBLE"))


def _floor(say: Saying, term: Term) -> Node:
    def body(say: Saying, value: Term) -> Node:
        # It gives whole numbers of 64 bits; from so large on every double is whole.
        large = both(exp.GTE, call("abs", say(value)), number(WHOLE))
        return case([(large, say(value))], cast(call("floor", say(value)), "DOUBLE"))

    return say.once(term.args[0], body)


def _power(say: Saying, term: Term) -> Node:
    base, exponent = term.parts
    if base != t.double(0.5):
        # Java rounds other powers its own way.
        raise say.refused("a decay by a share", "let points halve instead, or choose another database")
    return call("power", say(base), cast(say(exponent), "DOUBLE"))


def _millionths(say: Saying, value: Term) -> Node:
    """Return a double in whole millionths; an error where they may need more than 64 bits."""

    def body(say: Saying, value: Term) -> Node:
        large = both(exp.GT, call("abs", say(value)), number(_LARGEST))
        whole = cast(call("rint", times(say(value), cast(number(MILLION), "DOUBLE"))), "BIGINT")
        return case([(large, failing("too large to be added exactly: ", cast(say(value), "TEXT")))], whole)

    return exact(say.once(value, body), _DIGITS)


def _from_millionths(whole: Node) -> Node:
    return cast(times(exact(whole, _DIGITS), exp.Literal.number("0.000001")), "DOUBLE")


def _exact_sum(say: Saying, term: Term) -> Node:
    plan = sorted_out(term)
    if plan.most >= WHOLE:
        raise say.refused("a sum of points beyond 9,007,199,254", "give fewer points")
    if not plan.free and plan.all_whole:
        parts = [*(say(as_wholes(part, MILLION)) for part in plan.stepped), number(plan.fixed // MILLION)]
        return cast(total([cast(parts[0], "BIGINT"), *parts[1:]]), "DOUBLE")
    stepped = [cast(say(as_wholes(part, 1)), "BIGINT") for part in plan.stepped]
    fixed = total([cast(number(plan.fixed), "BIGINT"), *stepped])
    return _from_millionths(total([exact(fixed, _DIGITS), *(_millionths(say, one) for one in plan.free)]))


# ------------------------------------------------------------------ rows


def _chosen(say: Saying, which: Term, value: Node) -> Node:
    return value if which == YES else case([(say(which), value)])


def _count(say: Saying, term: Term) -> Node:
    (which,) = term.parts
    return exp.Count(this=exp.Star()) if which == YES else call("count_if", say(which))


def _sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return _from_millionths(call("sum", _chosen(say, which, _millionths(say, value))))


def _days(say: Saying, term: Term) -> Node:
    which, day, *_ = term.parts
    return exp.Count(this=exp.Distinct(expressions=[_chosen(say, which, say(day))]))


_ROWS: Final[Table] = {**SHARED_ROWS, "count where": _count, "sum where": _sum, "days where": _days}


# ------------------------------------------------------------------ time


def _micros(instant: Node) -> Node:
    # Not `unix_micros` nor `timestampdiff`, which may look at the time zone of the session.
    passed = minus(instant, cast(string("1970-01-01 00:00:00"), "TIMESTAMPNTZ"))
    seconds = exp.Cast(this=passed, to=exp.DataType(this=exp.Interval(unit=exp.var("SECOND"))))
    decimals = exp.Cast(this=seconds, to=exp.DataType.build("DECIMAL(20, 6)"))
    return cast(times(decimals, number(MILLION)), "BIGINT")


def _instant(micros: Node) -> Node:
    step = exp.Interval(this=exp.Literal.string("0.000001"), unit=exp.var("SECOND"))
    return plus(cast(string("1970-01-01 00:00:00"), "TIMESTAMPNTZ"), times(step, micros))


def _month_number(day: Node) -> Node:
    months = minus(plus(times(call("year", day), number(12)), call("month", day.copy())), number(1))
    return cast(months, "BIGINT")


_WORDS: Final = Words(
    micros=_micros,
    instant=_instant,
    moved=lambda instant, length: by_interval(inner(instant), length),
    midnight=lambda day: cast(day, "TIMESTAMPNTZ"),
    day=day_by_cast,
    days=lambda first, second: cast(call("datediff", second, first), "BIGINT"),
    days_on=lambda day, days: call("date_add", day, cast(days, "INT")),
    months_on=lambda day, months: call("add_months", day, cast(months, "INT")),
    start=lambda span, day: call("trunc", day, string(span)),
    weekday=lambda day: cast(call("weekday", day), "BIGINT"),
    month_number=_month_number,
)


def _steps(say: Saying, step: Steps, source: Node) -> exp.Query:
    upto = say(step.upto)
    # From 1 to 0 it would count down.
    numbers = call("sequence", cast(number(1), "BIGINT"), upto)
    some = case([(both(exp.GTE, upto.copy(), number(1)), numbers)])
    alias = exp.TableAlias(this=name("n"), columns=[name(step.number)])
    columns = [exp.Column(this=exp.Star(), table=name(say.alias)), exp.column(step.number, "n", quoted=True)]
    select = exp.Select(expressions=columns).from_(source)
    select.append("laterals", exp.Lateral(this=call("explode", some), view=True, alias=alias))
    return select


# What a session needs for long queries. Else its optimizer merges their steps: it moves a condition in front of a
# step, and puts what the step computes in each place where its name stands. Through orders of events (`then`)
# that grows until the memory is used up. What is read from files is still chosen by the conditions.
_OPTIMIZER: Final = "org.apache.spark.sql.catalyst.optimizer"
SETTINGS: Final = {
    "spark.sql.optimizer.excludedRules": (
        f"{_OPTIMIZER}.PushDownPredicates,{_OPTIMIZER}.PushPredicateThroughNonJoin"
    ),
    "spark.sql.constraintPropagation.enabled": "false",
    # Names within names within names are resolved one after the other: idleness needs more than the 100 it would have.
    "spark.sql.analyzer.maxIterations": "1000",
}


SPARK: Final = Dialect(
    name="spark",
    table={
        **EVERYWHERE,
        **TEXTS,
        **_ROWS,
        **time_table(_WORDS),
        "finite": _finite,
        "is finite": lambda say, term: _is_finite_node(say(term.args[0])),
        "round even": _round_even,
        "floor": _floor,
        "power": _power,
        "to whole": lambda say, term: cast(say(term.args[0]), "BIGINT"),
        "exact sum": _exact_sum,
    },
    kinds=_KINDS,
    constant=_constant,
    once=_once,
    each=_each,
    quotient=lambda value, by: exp.IntDiv(this=inner(value), expression=number(by)),
    steps=_steps,
    keeps_step=lambda _: None,
)
