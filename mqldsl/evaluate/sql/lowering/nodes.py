"""Pieces of sqlglot trees, bracketed so that no printer can change what belongs to what."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp

Node: TypeAlias = exp.Expr

# These stand beside any operator without brackets.
_ATOMS = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.Func,  # calls, casts, CASE
    exp.Window,
    exp.Filter,
    exp.Bracket,
    exp.Subquery,
    exp.Array,
)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In)


def call(name: str, *args: Node) -> Node:
    """Return a call of a function, printed under just this name."""
    return exp.Anonymous(this=name, expressions=list(args))


def number(value: int) -> Node:
    """Return a whole number, in brackets where it is negative."""
    node: Node = exp.Literal.number(abs(value))
    return node if value >= 0 else exp.Paren(this=exp.Neg(this=node))


def string(value: str) -> Node:
    """Return a text literal."""
    return exp.Literal.string(value)


def name(value: str) -> exp.Identifier:
    """Return a quoted name."""
    return exp.to_identifier(value, quoted=True)


def column(alias: str, value: str) -> Node:
    """Return a quoted column."""
    return exp.Column(this=name(value), table=name(alias) if alias else None)


@lru_cache
def _kind(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb")


def cast(node: Node, kind: str) -> Node:
    """Return a value as another type; `kind` as DuckDB writes it."""
    return exp.Cast(this=node, to=_kind(kind).copy())


def exact(node: Node, digits: int | None = None) -> Node:
    """Return a number as a decimal: of any size, or of so many digits."""
    size = [exp.DataTypeParam(this=exp.Literal.number(each)) for each in (digits, 0)] if digits else []
    return exp.Cast(this=node, to=exp.DataType(this=exp.DataType.Type.DECIMAL, expressions=size))


def inner(node: Node) -> Node:
    """Return an operand, in brackets where it is more than one thing."""
    if isinstance(node, _ATOMS) and not isinstance(node, exp.Connector):
        return node
    return exp.Paren(this=node)


def both(kind: type[exp.Binary], left: Node, right: Node) -> Node:
    """Return an operator between two operands."""
    return kind(this=inner(left), expression=inner(right))


def plus(left: Node, right: Node) -> Node:
    """Return a sum."""
    return both(exp.Add, left, right)


def minus(left: Node, right: Node) -> Node:
    """Return a difference."""
    return both(exp.Sub, left, right)


def times(left: Node, right: Node) -> Node:
    """Return a product."""
    return both(exp.Mul, left, right)


def over(left: Node, right: Node) -> Node:
    """Return a quotient of doubles."""
    return exp.Div(this=inner(left), expression=inner(right), typed=True, safe=False)


def negated(node: Node) -> Node:
    """Return NOT."""
    return exp.Not(this=inner(node))


def absent(node: Node) -> Node:
    """Return IS NULL."""
    return exp.Is(this=inner(node), expression=exp.Null())


def joined(kind: type[exp.Connector], parts: Iterable[Node]) -> Node:
    """Return a chain of AND or OR; comparisons bind closer than either in every dialect."""
    operands = [part if isinstance(part, _COMPARISONS) else inner(part) for part in parts]
    chain = operands[0]
    for operand in operands[1:]:
        chain = kind(this=chain, expression=operand)
    return chain


def every(*parts: Node) -> Node:
    """Return AND."""
    return joined(exp.And, parts)


def some(*parts: Node) -> Node:
    """Return OR."""
    return joined(exp.Or, parts)


def within(node: Node, low: Node, high: Node) -> Node:
    """Return BETWEEN, both ends included."""
    return exp.Paren(this=exp.Between(this=inner(node), low=inner(low), high=inner(high)))


def case(arms: Sequence[tuple[Node, Node]], otherwise: Node | None = None) -> Node:
    """Return CASE; without `otherwise` NULL."""
    return exp.Case(ifs=[exp.If(this=test, true=value) for test, value in arms], default=otherwise)


def total(parts: Sequence[Node]) -> Node:
    """Return a sum of many, in groups: a chain of hundreds nests too deep for parsers."""
    whole = list(parts)
    while len(whole) > 1:
        groups = [whole[start : start + 12] for start in range(0, len(whole), 12)]
        whole = [_chain(group) for group in groups]
    return whole[0]


def _chain(group: list[Node]) -> Node:
    chain = inner(group[0])
    for part in group[1:]:
        chain = exp.Add(this=chain, expression=inner(part))
    return chain


def lambda_of(parameter: str, body: Node) -> Node:
    """Return a function of one parameter."""
    return exp.Lambda(this=body, expressions=[name(parameter)])


Fresh: TypeAlias = Callable[[], Node]


def fresh(node: Node) -> Fresh:
    """Return what hands out a node of its own at each place where the value is wanted."""
    return node.copy
