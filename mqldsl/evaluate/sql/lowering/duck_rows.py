"""DuckDB: operations over the rows of a group, and over the rows before or behind."""

from datetime import date, datetime
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.functions import GRAND_TOTAL
from mqldsl.evaluate.sql.lowering.nodes import (
    Fresh,
    Node,
    absent,
    call,
    case,
    cast,
    every,
    fresh,
    inner,
    minus,
    number,
    over,
    string,
    times,
    total,
    within,
)
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.lowering.sums import WHOLE
from mqldsl.evaluate.sql.terms import YES, Operation, Term

# Bits of a word; days for which a few words of bits are kept for each group, and not all the days.
_BITS, _WORDS = 62, 6


# Tests of texts: made only of the rows that everything else chooses.
_DEAR: Final[frozenset[Operation]] = frozenset(
    {"fold", "lower", "fits", "matches", "mentions", "some fits", "has"}
)


def _chosen(say: Saying, which: Term, value: Node) -> Node:
    if which == YES:
        return value
    dear = [part for part in which.parts if t.ops_in(part) & _DEAR] if which.op == "and" else []
    if not dear or len(dear) == len(which.args):
        return case([(say(which), value)])
    first = t.all_of(part for part in which.parts if part not in dear)
    return case([(say(first), case([(say(t.all_of(dear)), value)]))])


def _count(say: Saying, term: Term) -> Node:
    (which,) = term.parts
    if which == YES:
        return exp.Count(this=exp.Star())
    return exp.Count(this=_chosen(say, which, number(1)))


def _any(say: Saying, term: Term) -> Node:
    (which,) = term.parts
    return exp.Coalesce(this=call("bool_or", _chosen(say, which, exp.true())), expressions=[exp.false()])


def _extreme(function: str) -> Say:
    def said(say: Saying, term: Term) -> Node:
        which, value = term.parts
        return call(function, _chosen(say, which, say(value)))

    return said


def _sum(say: Saying, term: Term) -> Node:
    which, value = term.parts

    def small(value: Term) -> Node:
        return within(say(value), number(-t.SMALL), number(t.SMALL))

    def part(value: Term) -> tuple[Node, Node]:
        condition = small(value) if which == YES else every(say(which), small(value))
        large = exp.Not(this=small(value))
        larger = large if which == YES else every(say(which), large)
        return (
            call("sum", case([(condition, _millionths(say, value))])),
            exp.Filter(this=call("list", say(value)), expression=exp.Where(this=larger)),
        )

    exact, others = part(value)
    # Written out each time: an aggregate that is written again is worked out once.
    return _added(fresh(exact), fresh(others))


def small_sum(say: Saying, term: Term) -> Node:
    """Return a sum of numbers that all fit."""
    which, value = term.parts
    exact = fresh(call("sum", _chosen(say, which, _millionths(say, value))))
    return case([_safe(exact)], _read(exact))


def _millionths(say: Saying, value: Term) -> Node:
    # The cast rounds half to even.
    return cast(times(say(value), say.constant("double", 1e6)), "BIGINT")


def _safe(exact: Fresh) -> tuple[Node, Node]:
    """Return when whole millionths are whole as a double, too, and the number then."""
    is_safe = within(exact(), cast(number(-WHOLE), "BIGINT"), cast(number(WHOLE), "BIGINT"))
    return is_safe, over(cast(exact(), "DOUBLE"), exp.Literal.number("1e6"))


def _read(exact: Fresh) -> Node:
    """Return the number from its digits, which rounds once."""
    return cast(exp.DPipe(this=cast(exact(), "VARCHAR"), expression=string("e-6")), "DOUBLE")


def _added(exact: Fresh, others: Fresh) -> Node:
    """Return the sum of whole millionths and of doubles, either of which may be missing."""
    zero = exp.Coalesce(this=exact(), expressions=[number(0)])
    with_others = call(GRAND_TOTAL, cast(zero, "VARCHAR"), others())
    return case([(exp.Not(this=absent(others())), with_others), _safe(exact)], _read(exact))


def _whole_sum(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return cast(call("sum", _chosen(say, which, say(value))), "BIGINT")


def _distinct(say: Saying, term: Term) -> Node:
    which, value = term.parts
    return exp.Count(this=exp.Distinct(expressions=[_chosen(say, which, say(value))]))


def _days(say: Saying, term: Term) -> Node:
    which, day, first, last = term.parts
    start, end = t.value_of(first), t.value_of(last)
    assert isinstance(start, date)
    assert isinstance(end, date)
    span = (end - start).days + 1
    if span > _BITS * _WORDS:
        return exp.Count(this=exp.Distinct(expressions=[_chosen(say, which, say(day))]))
    words = []
    for low in range(0, max(span, 1), _BITS):
        high = min(low + _BITS, span)
        place = minus(say(day), say(t.day(date.fromordinal(start.toordinal() + low))))
        bit = exp.BitwiseLeftShift(this=cast(number(1), "BIGINT"), expression=inner(place))
        conditions = [] if which == YES else [say(which)]
        if span > _BITS:
            conditions.append(within(place.copy(), number(0), number(high - low - 1)))
        bits = call("bit_or", case([(every(*conditions), bit)]) if conditions else bit)
        words.append(exp.Coalesce(this=call("bit_count", bits), expressions=[number(0)]))
    return cast(total(words), "BIGINT")


# ------------------------------------------------------------------ before and behind


def _by_group(say: Saying, groups: tuple[Term, ...]) -> list[Node] | None:
    return [say(group) for group in groups] or None


def _unbounded(say: Saying, term: Term, *, before: bool) -> Node:
    which, value, instant, *groups = term.parts
    spec = (
        exp.WindowSpec(
            kind="RANGE", start="UNBOUNDED", start_side="PRECEDING", end=number(1), end_side="PRECEDING"
        )
        if before
        else exp.WindowSpec(
            kind="RANGE", start=number(1), start_side="FOLLOWING", end="UNBOUNDED", end_side="FOLLOWING"
        )
    )
    time = say(Term("between", (t.constant("instant", _EPOCH), instant)))
    return exp.Window(
        this=call("max" if before else "min", _chosen(say, which, say(value))),
        partition_by=_by_group(say, tuple(groups)),
        order=_ordered(say, time),
        spec=spec,
    )


# Where NULLs go unless told; nothing is told, because there are none and not all can be told about windows.
_NULLS_FIRST: Final = {
    "duckdb": (),
    "postgres": (True,),
    "snowflake": (True,),
    "spark": (False,),
    "bigquery": (False,),
}


def _ordered(say: Saying, node: Node, *, descending: bool = False) -> exp.Order:
    nulls_first = descending in _NULLS_FIRST[say.dialect.name]
    return exp.Order(expressions=[exp.Ordered(this=node, desc=descending, nulls_first=nulls_first)])


def _next(say: Saying, term: Term) -> Node:
    instant, *groups = term.parts
    return exp.Window(
        this=call("lead", say(instant)),
        partition_by=_by_group(say, tuple(groups)),
        order=_ordered(say, say(instant)),
    )


def _rank(say: Saying, term: Term) -> Node:
    *groups, instant = term.parts
    return exp.Window(
        this=call("row_number"),
        partition_by=_by_group(say, tuple(groups)),
        order=_ordered(say, say(instant), descending=True),
    )


_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without saying so


def _place(say: Saying, term: Term) -> Node:
    order, *groups = term.parts
    return exp.Window(
        this=call("row_number"), partition_by=_by_group(say, tuple(groups)), order=_ordered(say, say(order))
    )


ROWS: Final[Table] = {
    "count where": _count,
    "any where": _any,
    "min where": _extreme("min"),
    "max where": _extreme("max"),
    "sum where": _sum,
    "whole sum where": _whole_sum,
    "count distinct where": _distinct,
    "days where": _days,
    "max before": lambda say, term: _unbounded(say, term, before=True),
    "min after": lambda say, term: _unbounded(say, term, before=False),
    "next": _next,
    "rank": _rank,
    "place": _place,
}
