"""Snowflake: what its documentation makes certain; most of text, sets, shares and business time are refused.

It was never run against Snowflake. It has no NFC, and its regular expressions are not shown to be equal to ours.
"""

from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.duck_rows import ROWS as SHARED_ROWS
from mqldsl.evaluate.sql.lowering.duck_texts import joined_texts, needle_of
from mqldsl.evaluate.sql.lowering.everywhere import EVERYWHERE, typed_constant
from mqldsl.evaluate.sql.lowering.nodes import (
    Node,
    both,
    call,
    case,
    cast,
    exact,
    inner,
    minus,
    negated,
    number,
    over,
    plus,
    string,
    times,
    total,
)
from mqldsl.evaluate.sql.lowering.saying import Dialect, Say, Saying, Table
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
    "instant": "TIMESTAMPNTZ",
    "set": "TEXT[]",
}


def _constant(say: Saying, word: str, value: Atom) -> Node:
    if isinstance(value, str) and "\0" in value:
        raise say.refused("a text with the character U+0000", "take it out of the definition")
    if word == "double" and isinstance(value, float) and abs(value) == float("inf"):
        return cast(string("inf" if value > 0 else "-inf"), "DOUBLE")
    return typed_constant(say, word, value)


def _remainder(value: Node, by: Node) -> Node:
    return call("MOD", value, by)


def _quotient(value: Node, by: int) -> Node:
    # Its own division rounds behind some decimals; this one leaves nothing to round.
    rest = minus(value, _remainder(value.copy(), number(by)))
    return cast(exp.Div(this=inner(rest), expression=number(by), typed=False, safe=False), "BIGINT")


def _is(*, yes: bool) -> Say:
    def said(say: Saying, term: Term) -> Node:
        node = say(term.args[0])
        return exp.Coalesce(this=node if yes else negated(node), expressions=[exp.false()])

    return said


def _is_finite(value: Node) -> Node:
    return both(exp.LT, call("ABS", value), cast(string("inf"), "DOUBLE"))


def _millionths(say: Saying, value: Term) -> Node:
    scaled = Term("*", (value, Term("constant", ("double", 1e6))))
    return exact(rounded_to_even(say, scaled, _remainder), 38)


def _from_millionths(whole: Node) -> Node:
    small = exp.Between(this=inner(whole), low=number(-WHOLE), high=number(WHOLE))
    quotient = over(cast(whole.copy(), "DOUBLE"), cast(number(MILLION), "DOUBLE"))
    # No number can be read from it: an error.
    failing = cast(
        exp.DPipe(this=string("too large to be added exactly: "), expression=cast(whole.copy(), "TEXT")),
        "DOUBLE",
    )
    missing = exp.Is(this=inner(whole.copy()), expression=exp.Null())
    return case([(missing, cast(exp.Null(), "DOUBLE")), (small, quotient)], failing)


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
    return exp.Count(this=exp.Star()) if which == YES else call("COUNT_IF", say(which))


def _any(say: Saying, term: Term) -> Node:
    return exp.Coalesce(this=call("BOOLOR_AGG", say(term.args[0])), expressions=[exp.false()])


def _sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return _from_millionths(call("SUM", _chosen(say, which, _millionths(say, value))))


def _days(say: Saying, term: Term) -> Node:
    which, day, *_ = term.parts
    return exp.Count(this=exp.Distinct(expressions=[_chosen(say, which, say(day))]))


_UNCERTAIN: Final = ("max before", "min after")
_ROWS: Final[Table] = {
    **{each: said for each, said in SHARED_ROWS.items() if each not in _UNCERTAIN},
    "count where": _count,
    "any where": _any,
    "sum where": _sum,
    "days where": _days,
}
_EPOCH: Final = "1970-01-01 00:00:00"


def _part(unit: str) -> Node:
    return exp.var(unit)


def _start(span: str, day: Node) -> Node:
    if span == "week":
        # What a week starts with is a setting there, but for this function.
        return call("DATEADD", _part("DAY"), minus(number(1), call("DAYOFWEEKISO", day)), day.copy())
    return call("DATE_TRUNC", string(span), day)


_WORDS: Final = Words(
    micros=lambda instant: call(
        "DATEDIFF", _part("MICROSECOND"), cast(string(_EPOCH), "TIMESTAMPNTZ"), instant
    ),
    instant=lambda micros: call(
        "DATEADD", _part("MICROSECOND"), micros, cast(string(_EPOCH), "TIMESTAMPNTZ")
    ),
    moved=lambda instant, length: call("DATEADD", _part("MICROSECOND"), number(length), instant),
    midnight=lambda day: cast(day, "TIMESTAMPNTZ"),
    day=lambda instant: cast(instant, "DATE"),
    days=lambda first, second: call("DATEDIFF", _part("DAY"), first, second),
    days_on=lambda day, days: call("DATEADD", _part("DAY"), days, day),
    months_on=lambda day, months: call("DATEADD", _part("MONTH"), months, day),
    start=_start,
    weekday=lambda day: minus(call("DAYOFWEEKISO", day), number(1)),
    month_number=lambda day: minus(
        plus(times(call("YEAR", day), number(12)), call("MONTH", day.copy())), number(1)
    ),
)


def _text_part(function: str) -> Say:
    return lambda say, term: call(function, say(term.args[0]), needle_of(say, term.args[1]))


def _no_fold(say: Saying, term: Term) -> Node:
    del term
    raise say.refused(
        "the folding of text", "it has no NFC: fold texts before they are loaded, or choose another database"
    )


def _steps(say: Saying, step: Steps, source: Node) -> exp.Query:
    del step, source
    raise say.refused("a row for each number", "choose another database")


SNOWFLAKE: Final = Dialect(
    name="snowflake",
    table={
        **EVERYWHERE,
        **_ROWS,
        **time_table(_WORDS),
        "is true": _is(yes=True),
        "is false": _is(yes=False),
        "finite": lambda say, term: case([(_is_finite(say(term.args[0])), say(term.args[0]))]),
        "is finite": lambda say, term: _is_finite(say(term.args[0])),
        "round even": lambda say, term: rounded_to_even(say, term.args[0], _remainder),
        "power": lambda say, term: halved(say, term, _quotient, _remainder),
        "to whole": lambda say, term: cast(say(term.args[0]), "BIGINT"),
        "exact sum": _exact_sum,
        "fold": _no_fold,
        "squeeze": _no_fold,
        "contains": _text_part("CONTAINS"),
        "starts with": _text_part("STARTSWITH"),
        "ends with": _text_part("ENDSWITH"),
        "joined": joined_texts,
        "to text": lambda say, term: cast(say(term.args[0]), "TEXT"),
    },
    kinds=_KINDS,
    constant=_constant,
    once=None,
    each=None,
    quotient=_quotient,
    steps=_steps,
    keeps_step=lambda _: None,
)
