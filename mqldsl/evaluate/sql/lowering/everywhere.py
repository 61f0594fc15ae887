"""Operations that every dialect says alike: truth, comparisons, plain arithmetic."""

import math
from datetime import date, datetime
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.nodes import (
    Node,
    absent,
    both,
    call,
    case,
    cast,
    inner,
    joined,
    minus,
    negated,
    number,
    over,
    plus,
    string,
    times,
)
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.terms import Atom, Operation, Term

# Whole doubles below are whole numbers as well.
_WHOLE = 2.0**53

_OPERATORS: Final[dict[Operation, type[exp.Binary]]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def typed_constant(say: Saying, word: str, value: Atom) -> Node:
    """Return a constant whose type is that of its word; short whole numbers may be narrower."""
    kind = say.dialect.kinds[word]
    match value:
        case None:
            return cast(exp.Null(), kind)
        case bool():
            return exp.Boolean(this=value)
        case float() if math.isinf(value):
            return cast(string("Infinity" if value > 0 else "-Infinity"), kind)
        case int() | float() if word == "double":
            return cast(string(repr(float(value))), kind)
        case int():
            return number(value)
        case str():
            return string(value)
        case datetime():
            return cast(string(value.replace(tzinfo=None).isoformat(" ")), kind)
        case date():
            return cast(string(value.isoformat()), kind)
        case _:
            raise AssertionError(f"no constant: {value!r}")


def beside(say: Saying, term: Term, other: Term) -> Node:
    """Return an operand of a comparison: a whole double beside something that is a double needs no type."""
    if term.op == "constant" and other.op != "constant":
        word, value = term.args
        if word == "double" and isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
            return number(int(value))
    return say(term)


def wide(say: Saying, term: Term) -> Node:
    """Return an operand of whole arithmetic: short literals are narrower than 64 bits, and would overflow."""
    node = say(term)
    return (
        node
        if term.op != "constant" or isinstance(node, exp.Cast)
        else cast(node, say.dialect.kinds["whole"])
    )


def _comparison(say: Saying, term: Term) -> Node:
    left, right = term.parts
    return both(_OPERATORS[term.op], beside(say, left, right), beside(say, right, left))


def _one_of(say: Saying, term: Term) -> Node:
    value, *options = term.parts
    return exp.In(this=inner(say(value)), expressions=[beside(say, option, value) for option in options])


def _not(say: Saying, term: Term) -> Node:
    (part,) = term.parts
    if part.op == "is null":
        return exp.Not(this=say(part))
    return negated(say(part))


def _case(say: Saying, term: Term) -> Node:
    *arms, otherwise = term.parts
    pairs = [(say(test), say(value)) for test, value in zip(arms[::2], arms[1::2], strict=True)]
    # Without an ELSE the others tell the type; where they do not, a bare NULL has none.
    nothing = otherwise.op == "constant" and otherwise.args[1] is None
    settled = any(arm.op != "constant" or arm.args[1] is not None for arm in arms[1::2])
    return case(pairs, None if nothing and settled else say(otherwise))


def _is(value: Node) -> Say:
    return lambda say, term: exp.Is(this=inner(say(term.args[0])), expression=value.copy())


def calling(function: str) -> Say:
    """Return the operation as a call with the same arguments."""
    return lambda say, term: call(function, *say.all(term))


def _arithmetic(operator: "type[exp.Binary]") -> Say:
    def said(say: Saying, term: Term) -> Node:
        left, right = (wide(say, part) for part in term.parts)
        return both(operator, left, right)

    return said


def _whole_div(say: Saying, term: Term) -> Node:
    value, divisor = term.parts
    by = divisor.args[1]
    assert isinstance(by, int)
    if by == 1:
        return say(value)

    def body(say: Saying, value: Term) -> Node:
        # Rounded down: the quotient is cut off towards 0, so below 0 count from -1.
        below = minus(number(-1), say.dialect.quotient(minus(number(-1), say(value)), by))
        at_least_0 = exp.GTE(this=inner(say(value)), expression=number(0))
        return case([(at_least_0, say.dialect.quotient(say(value), by))], below)

    return say.once(value, body)


EVERYWHERE: Final[Table] = {
    "and": lambda say, term: joined(exp.And, say.all(term)),
    "or": lambda say, term: joined(exp.Or, say.all(term)),
    "not": _not,
    "is null": lambda say, term: absent(say(term.args[0])),
    "is true": _is(exp.true()),
    "is false": _is(exp.false()),
    "coalesce": lambda say, term: exp.Coalesce(this=say(term.args[0]), expressions=say.all(term)[1:]),
    "case": _case,
    "=": _comparison,
    "!=": _comparison,
    "<": _comparison,
    "<=": _comparison,
    ">": _comparison,
    ">=": _comparison,
    "in": _one_of,
    "+": lambda say, term: plus(*say.all(term)),
    "-": lambda say, term: minus(*say.all(term)),
    "*": lambda say, term: times(*say.all(term)),
    "/": lambda say, term: over(*say.all(term)),
    "negative": lambda say, term: exp.Paren(this=exp.Neg(this=inner(say(term.args[0])))),
    "absolute": calling("abs"),
    "least": calling("least"),
    "greatest": calling("greatest"),
    "floor": calling("floor"),
    "to double": lambda say, term: cast(say(term.args[0]), "DOUBLE"),
    "whole +": _arithmetic(exp.Add),
    "whole -": _arithmetic(exp.Sub),
    "whole *": _arithmetic(exp.Mul),
    "whole div": _whole_div,
}
