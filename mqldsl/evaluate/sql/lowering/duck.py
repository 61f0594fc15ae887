"""DuckDB: numbers, time, and all its tables together."""

import math
from datetime import datetime
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.duck_rows import ROWS, small_sum
from mqldsl.evaluate.sql.lowering.duck_texts import TEXTS, text_constant
from mqldsl.evaluate.sql.lowering.everywhere import EVERYWHERE, calling, typed_constant
from mqldsl.evaluate.sql.lowering.functions import END_OF_DAY, LATER, TOTAL
from mqldsl.evaluate.sql.lowering.nodes import (
    Fresh,
    Node,
    both,
    call,
    case,
    cast,
    every,
    inner,
    lambda_of,
    minus,
    name,
    number,
    over,
    plus,
    string,
    times,
    total,
)
from mqldsl.evaluate.sql.lowering.saying import Dialect, Saying
from mqldsl.evaluate.sql.lowering.sums import MILLION, WHOLE, Sum, in_millionths, sorted_out
from mqldsl.evaluate.sql.lowering.time import Words, by_interval, day_by_cast, known_or, time_table, told
from mqldsl.evaluate.sql.relations import Select, Step, Steps
from mqldsl.evaluate.sql.terms import Atom, Term
from mqldsl.model.calendar import BusinessHours, Duration

_KINDS: Final = {
    "double": "DOUBLE",
    "whole": "BIGINT",
    "truth": "BOOLEAN",
    "text": "VARCHAR",
    "day": "DATE",
    "instant": "TIMESTAMP",
    "set": "VARCHAR[]",
}


def _constant(say: Saying, word: str, value: Atom) -> Node:
    if isinstance(value, str) and word == "text":
        return text_constant(value)
    if word == "double" and isinstance(value, int | float) and math.isfinite(value):
        # With an exponent it is a double; without, it would be a decimal.
        digits = repr(abs(float(value))).removesuffix(".0").replace("e+", "e")
        literal: Node = exp.Literal.number(digits if "e" in digits else digits + "e0")
        return literal if value >= 0 else exp.Paren(this=exp.Neg(this=literal))
    if word == "zoned instant" and isinstance(value, datetime):
        return cast(string(f"{value.isoformat(' ')}+00"), "TIMESTAMPTZ")
    return typed_constant(say, word, value)


def _once(value: Node, name: str, body: Node) -> Node:
    return _first(call("list_transform", exp.Array(expressions=[value]), lambda_of(name, body)))


def _each(members: Node, name: str, body: Node) -> Node:
    return call("list_transform", members, lambda_of(name, body))


def _first(members: Node) -> Node:
    return exp.Bracket(this=members, expressions=[exp.Literal.number(0)])


# ------------------------------------------------------------------ numbers


def _is_finite(say: Saying, term: Term) -> Node:
    return call("isfinite", say(term.args[0]))


def _finite(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, value: case([(call("isfinite", say(value)), say(value))]))


def _round_even(say: Saying, term: Term) -> Node:
    # Nothing is added so that there is no zero below 0.
    return plus(_rounded(say(term.args[0])), number(0))


def _rounded(value: Node) -> Node:
    return call("round_even", value, number(0))


def _power(say: Saying, term: Term) -> Node:
    base, exponent = term.parts
    return call("pow", say(base), cast(say(exponent), "DOUBLE"))


def _exact_sum(say: Saying, term: Term) -> Node:
    plan = sorted_out(term)
    if plan.most >= WHOLE:
        return call(TOTAL, exp.Array(expressions=say.all(term)))
    if not plan.free:
        return _stepped_sum(say, plan)
    if len(plan.free) == 1 and not plan.stepped and not plan.fixed:
        return say.once(plan.free[0], lambda say, only: _millionths(lambda: say(only)))
    # Each free number up to here leaves every sum of millionths a whole double.
    most = (WHOLE - plan.most) // MILLION // len(plan.free) - 1
    if most < 1 or len(plan.free) > 3:
        return _listed_sum(say, plan)

    def body(say: Saying, free: list[Term]) -> Node:
        if len(free) < len(plan.free):
            return say.once(plan.free[len(free)], lambda say, one: body(say, [*free, one]))
        few = every(*(both(exp.LTE, call("abs", say(one)), number(most)) for one in free))
        scaled = [_rounded(times(say(one), _million())) for one in free]
        parts = [*scaled, *(say(in_millionths(part)) for part in plan.stepped), *_fixed(say, plan)]
        others = [
            *(say(one) for one in free),
            *(say(part) for part in plan.stepped),
            *_whole_fixed(say, plan),
        ]
        return case([(few, over(total(parts), _million()))], call(TOTAL, exp.Array(expressions=others)))

    return body(say, [])


def _million() -> Node:
    return exp.Literal.number("1e6")


def _fixed(say: Saying, plan: Sum) -> list[Node]:
    return [say.constant("double", float(plan.fixed))] if plan.fixed else []


def _whole_fixed(say: Saying, plan: Sum) -> list[Node]:
    return [say.constant("double", plan.fixed / MILLION)] if plan.fixed else []


def _stepped_sum(say: Saying, plan: Sum) -> Node:
    if plan.all_whole:
        parts = [*(say(part) for part in plan.stepped), *_whole_fixed(say, plan)]
        return total(parts) if parts else say.constant("double", 0.0)
    return over(total([*(say(in_millionths(part)) for part in plan.stepped), *_fixed(say, plan)]), _million())


def _millionths(value: Fresh) -> Node:
    """Return a number rounded to millionths; where a double of its size has none, as it is."""
    scaled = times(value(), _million())
    kept = plus(over(_rounded(scaled), _million()), number(0))
    return case([(call("isfinite", scaled.copy()), kept)], value())


def _listed_sum(say: Saying, plan: Sum) -> Node:
    parts = [*(say(part) for part in (*plan.free, *plan.stepped)), *_whole_fixed(say, plan)]

    def added(_: Saying, numbers: Fresh) -> Node:
        size = lambda_of("n", call("abs", exp.column("n", quoted=True)))
        largest = call("list_max", call("list_transform", numbers(), size))
        scaled = lambda_of("n", _rounded(times(exp.column("n", quoted=True), _million())))
        whole = call("list_sum", call("list_transform", numbers(), scaled))
        few = both(exp.LTE, largest, number(max(WHOLE // MILLION // len(parts) - 1, 0)))
        return case([(few, over(whole, _million()))], call(TOTAL, numbers()))

    return say.named(exp.Array(expressions=parts), added)


# ------------------------------------------------------------------ time


def _start(span: str, day: Node) -> Node:
    return cast(call("date_trunc", string(span), day), "DATE")


def _month_number(day: Node) -> Node:
    return minus(plus(times(call("year", day), number(12)), call("month", day.copy())), number(1))


_WORDS: Final = Words(
    micros=lambda instant: call("epoch_us", instant),
    instant=lambda micros: call("make_timestamp", micros),
    moved=lambda instant, length: by_interval(inner(instant), length),
    midnight=lambda day: cast(day, "TIMESTAMP"),
    day=day_by_cast,
    days=lambda first, second: minus(second, first),
    days_on=lambda day, days: plus(day, cast(days, "INT")),
    months_on=lambda day, months: cast(plus(day, call("to_months", cast(months, "INT"))), "DATE"),
    start=_start,
    weekday=lambda day: minus(call("isodow", day), number(1)),
    month_number=_month_number,
)


def _business_time(say: Saying, term: Term) -> Node:
    start, within, hours, zone = term.args
    assert isinstance(within, Duration)
    assert hours is None or isinstance(hours, BusinessHours)
    length = [cast(number(within.count), "BIGINT"), string(within.unit.value)]
    return call(LATER, say(start), *length, string(told(hours)), string(str(zone)))


def _end_of_day(say: Saying, term: Term) -> Node:
    start, hours, zone = term.args
    assert hours is None or isinstance(hours, BusinessHours)
    return call(END_OF_DAY, say(start), string(told(hours)), string(str(zone)))


# ------------------------------------------------------------------ steps


def _steps(say: Saying, step: Steps, source: Node) -> exp.Query:
    numbers = call("unnest", call("range", number(1), plus(say(step.upto), number(1))))
    star = exp.Column(this=exp.Star(), table=name(say.alias))
    select = exp.Select(expressions=[star, exp.Alias(this=numbers, alias=name(step.number))])
    select.set("from_", exp.From(this=source))
    return select


def _keeps_step(step: Step) -> bool | None:
    """Say whether a step is kept: what is only read is read again, each time just the columns that are wanted."""
    if isinstance(step, Select) and step.only_reads:
        return False
    return True if not isinstance(step, Steps) and step.once else None


DUCKDB: Final = Dialect(
    name="duckdb",
    table={
        **EVERYWHERE,
        **TEXTS,
        **ROWS,
        **time_table(_WORDS),
        "finite": _finite,
        "is finite": _is_finite,
        "round even": _round_even,
        "power": _power,
        "to whole": lambda say, term: cast(say(term.args[0]), "BIGINT"),
        "floor": calling("floor"),
        "exact sum": _exact_sum,
        "small sum where": small_sum,
        "business time": known_or(_business_time),
        "end of day": known_or(_end_of_day),
    },
    kinds=_KINDS,
    constant=_constant,
    once=_once,
    steps=_steps,
    keeps_step=_keeps_step,
    each=_each,
    quotient=lambda value, by: exp.IntDiv(this=inner(value), expression=number(by)),
)
