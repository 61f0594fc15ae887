"""PostgreSQL 15 and later: numbers, time, rows, and all its tables together.

What is out of range is an error there where the language has a missing value: results beyond the largest double,
and exact sums of numbers beyond 9.2e12. Text columns must be handed in with the collation "C".
"""

from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.duck_rows import ROWS as SHARED_ROWS
from mqldsl.evaluate.sql.lowering.everywhere import EVERYWHERE, typed_constant
from mqldsl.evaluate.sql.lowering.nodes import (
    Node,
    absent,
    both,
    call,
    case,
    cast,
    exact,
    inner,
    minus,
    name,
    number,
    plus,
    string,
    times,
    total,
)
from mqldsl.evaluate.sql.lowering.postgres_texts import TEXTS, by_code_points, ordered_by_code_points
from mqldsl.evaluate.sql.lowering.saying import Dialect, Say, Saying, Table
from mqldsl.evaluate.sql.lowering.sums import MILLION, WHOLE, as_wholes, sorted_out
from mqldsl.evaluate.sql.lowering.time import Words, by_interval, day_by_cast, time_table
from mqldsl.evaluate.sql.relations import Select, Step, Steps
from mqldsl.evaluate.sql.terms import YES, Atom, Operation, Term

_KINDS: Final = {
    "double": "DOUBLE",
    "whole": "BIGINT",
    "truth": "BOOLEAN",
    "text": "TEXT",
    "day": "DATE",
    "instant": "TIMESTAMP",
    "set": "TEXT[]",
}


def _constant(say: Saying, word: str, value: Atom) -> Node:
    if isinstance(value, str) and "\0" in value:
        raise say.refused("a text with the character U+0000", "take it out of the definition")
    return typed_constant(say, word, value)


def _once(value: Node, called: str, body: Node) -> Node:
    # Without OFFSET the planner puts the value in each place where the name stands.
    of = exp.Select(
        expressions=[exp.Alias(this=value, alias=name(called))], offset=exp.Offset(expression=number(0))
    )
    source = exp.Subquery(this=of, alias=exp.TableAlias(this=name(f"of {called}")))
    return exp.Subquery(this=exp.Select(expressions=[body]).from_(source))


def _each(members: Node, called: str, body: Node) -> Node:
    alias = exp.TableAlias(this=name(f"of {called}"), columns=[name(called)])
    unnested = exp.Table(this=call("unnest", members), alias=alias)
    every = call("ARRAY", exp.Select(expressions=[body]).from_(unnested))
    # Of no set it would make an empty one.
    return case([(exp.Not(this=absent(members.copy())), every)])


# ------------------------------------------------------------------ numbers


def _infinity() -> Node:
    return cast(string("Infinity"), "DOUBLE")


def _is_finite_node(value: Node) -> Node:
    return both(exp.LT, call("abs", value), _infinity())


def _finite(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, value: case([(_is_finite_node(say(value)), say(value))]))


def _round_even(say: Saying, term: Term) -> Node:
    # Nothing is added so that there is no zero below 0.
    return plus(call("round", say(term.args[0])), cast(number(0), "DOUBLE"))


def _power(say: Saying, term: Term) -> Node:
    base, exponent = term.parts
    power = call("power", say(base), cast(say(exponent), "DOUBLE"))
    if base.op != "constant":
        raise say.refused("a power of what is no constant", "compute it before")
    of = t.value_of(base)
    assert isinstance(of, float)
    if not 0 < of < 1:
        return power

    def body(say: Saying, exponent: Term) -> Node:
        # What is too small for a double is an error there.
        nothing = both(exp.GTE, say(exponent), number(_vanishes(of)))
        return case(
            [(nothing, cast(number(0), "DOUBLE"))], call("power", say(base), cast(say(exponent), "DOUBLE"))
        )

    return say.once(exponent, body)


def _vanishes(base: float) -> int:
    """Return the first exponent at which a power is 0."""
    low, high = 0, 1
    while base**high:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if base**middle else (low, middle)
    return high


def _millionths(value: Node) -> Node:
    """Return a double in whole millionths; an error where they need more than 64 bits."""
    return cast(call("round", times(value, cast(number(MILLION), "DOUBLE"))), "BIGINT")


def _from_millionths(whole: Node) -> Node:
    # Exact as a decimal, and rounded once when it becomes a double.
    return cast(times(exact(whole), exp.Literal.number("0.000001")), "DOUBLE")


def _exact_sum(say: Saying, term: Term) -> Node:
    plan = sorted_out(term)
    if plan.most >= WHOLE:
        raise say.refused("a sum of points beyond 9,007,199,254", "give fewer points")
    if not plan.free and plan.all_whole:
        parts = [*(say(as_wholes(part, MILLION)) for part in plan.stepped), number(plan.fixed // MILLION)]
        return cast(total([cast(parts[0], "BIGINT"), *parts[1:]]), "DOUBLE")
    free = [_millionths(say(one)) for one in plan.free]
    stepped = [cast(say(as_wholes(part, 1)), "BIGINT") for part in plan.stepped]
    return _from_millionths(total([cast(number(plan.fixed), "BIGINT"), *free, *stepped]))


# ------------------------------------------------------------------ rows


def _where(which: Term, say: Saying, node: Node) -> Node:
    return node if which == YES else exp.Filter(this=node, expression=exp.Where(this=say(which)))


def _count(say: Saying, term: Term) -> Node:
    (which,) = term.parts
    return _where(which, say, exp.Count(this=exp.Star()))


_TRUTHS: Final[frozenset[Operation]] = frozenset(
    {"and", "or", "not", "is null", "is true", "is false", "is finite", "=", "!=", "<", "<=", ">", ">=", "in"}
)


def _extreme(function: str, of_truths: str) -> Say:
    def said(say: Saying, term: Term) -> Node:
        which, value = term.parts
        # It orders truths, but has no largest of them.
        called = of_truths if value.op in _TRUTHS else function
        return _where(which, say, call(called, by_code_points(say, value)))

    return said


def _sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return _from_millionths(_where(which, say, call("sum", _millionths(say(value)))))


def _whole_sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return cast(_where(which, say, call("sum", say(value))), "BIGINT")


def _days(say: Saying, term: Term) -> Node:
    which, day, *_ = term.parts
    return _where(which, say, exp.Count(this=exp.Distinct(expressions=[say(day)])))


_ROWS: Final[Table] = {
    **SHARED_ROWS,
    "count where": _count,
    "min where": _extreme("min", "bool_and"),
    "max where": _extreme("max", "bool_or"),
    "sum where": _sum,
    "whole sum where": _whole_sum,
    "days where": _days,
}


# ------------------------------------------------------------------ time

_DAY: Final = 86_400_000_000
_FROM_YEAR_1: Final = 62_135_596_800_000_000


def _micros(instant: Node) -> Node:
    seconds = exp.Extract(this=exp.var("EPOCH"), expression=instant)
    return cast(times(seconds, number(MILLION)), "BIGINT")


def _instant(micros: Node) -> Node:
    # A day at a time: an interval is multiplied in doubles, which do not hold all the microseconds.
    from_start = plus(micros, number(_FROM_YEAR_1))
    days = cast(exp.Div(this=inner(from_start), expression=number(_DAY), typed=True, safe=False), "INT")
    rest = exp.Mod(this=inner(from_start.copy()), expression=number(_DAY))
    start = plus(cast(string("0001-01-01"), "DATE"), days)
    step = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("MICROSECOND"))
    return plus(start, times(inner(rest), step))


def _months_on(day: Node, months: Node) -> Node:
    step = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("MONTH"))
    return cast(plus(day, times(cast(months, "INT"), step)), "DATE")


def _field(field: str, day: Node) -> Node:
    return cast(exp.Extract(this=exp.var(field), expression=day), "BIGINT")


def _month_number(day: Node) -> Node:
    return minus(plus(times(_field("YEAR", day), number(12)), _field("MONTH", day.copy())), number(1))


_WORDS: Final = Words(
    micros=_micros,
    instant=_instant,
    moved=lambda instant, length: by_interval(inner(instant), length),
    midnight=lambda day: cast(day, "TIMESTAMP"),
    day=day_by_cast,
    days=lambda first, second: cast(minus(second, first), "BIGINT"),
    days_on=lambda day, days: plus(day, cast(days, "INT")),
    months_on=_months_on,
    start=lambda span, day: cast(call("date_trunc", string(span), cast(day, "TIMESTAMP")), "DATE"),
    weekday=lambda day: minus(_field("ISODOW", day), number(1)),
    month_number=_month_number,
)


def _steps(say: Saying, step: Steps, source: Node) -> exp.Query:
    series = call("generate_series", number(1), say(step.upto))
    alias = exp.TableAlias(this=name("n"), columns=[name(step.number)])
    lateral = exp.Lateral(this=series, alias=alias)
    columns = [exp.Column(this=exp.Star(), table=name(say.alias)), exp.column(step.number, "n", quoted=True)]
    select = exp.Select(expressions=columns).from_(source)
    return select.join(lateral, join_type="cross")


def _keeps_step(step: Step) -> bool | None:
    """Say whether a step is kept: of those that only read a table it may choose, so that indexes are made use of.

    Any other the planner would merge with the next, and put what a column holds in each place where its name
    stands: through a dozen steps that grows until the memory is used up.
    """
    return None if isinstance(step, Select) and step.only_reads else True


POSTGRES: Final = Dialect(
    name="postgres",
    table={
        **EVERYWHERE,
        **TEXTS,
        **_ROWS,
        **time_table(_WORDS),
        **ordered_by_code_points(EVERYWHERE),
        "finite": _finite,
        "is finite": lambda say, term: _is_finite_node(say(term.args[0])),
        "round even": _round_even,
        "power": _power,
        "to whole": lambda say, term: cast(say(term.args[0]), "BIGINT"),
        "exact sum": _exact_sum,
    },
    kinds=_KINDS,
    constant=_constant,
    once=_once,
    each=_each,
    quotient=lambda value, by: exp.Div(this=inner(value), expression=number(by), typed=True, safe=False),
    steps=_steps,
    keeps_step=_keeps_step,
)
