"""Rounding and halving for databases that have no word for them, by steps that leave no room for another result."""

from collections.abc import Callable

from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.nodes import Node, both, call, case, cast, every, minus, number, plus, times
from mqldsl.evaluate.sql.lowering.saying import Saying
from mqldsl.evaluate.sql.terms import Argument, Term

# From here on every double is whole, and below one can be halved exactly.
_WHOLE = 2**52
# 0.5 to this power is the smallest double above 0.
_LAST_POWER = 1074


def rounded_to_even(say: Saying, value: Argument, remainder: Callable[[Node, Node], Node]) -> Node:
    """Return a double rounded to a whole one, half to even, by what lies above its floor."""
    assert isinstance(value, Term)

    def body(say: Saying, value: Term) -> Node:
        def floor() -> Node:
            return call("FLOOR", say(value))

        above = minus(say(value), floor())
        odd = both(exp.NEQ, remainder(cast(floor(), "BIGINT"), number(2)), number(0))
        half = say.constant("double", 0.5)
        up = every(both(exp.EQ, above, half), odd)
        large = both(exp.GTE, call("ABS", say(value)), number(_WHOLE))
        next_one = plus(floor(), number(1))
        return case(
            [(large, say(value)), (both(exp.GT, above.copy(), half.copy()), next_one), (up, next_one.copy())],
            floor(),
        )

    return say.once(value, body)


def halved(
    say: Saying, term: Term, quotient: Callable[[Node, int], Node], remainder: Callable[[Node, Node], Node]
) -> Node:
    """Return a power of a half as a product of powers that doubles hold; other powers may be rounded otherwise."""
    base, exponent = term.parts
    if base != t.double(0.5):
        raise say.refused("a decay by a share", "let points halve instead, or choose another database")

    def body(say: Saying, exponent: Term) -> Node:
        product: Node | None = None
        for bit in range(11):
            whole = quotient(say(exponent), 1 << bit) if bit else say(exponent)
            is_set = both(exp.EQ, remainder(whole, number(2)), number(1))
            power = 0.5 ** (1 << bit)
            # The largest power is below all doubles on its own, and is not reached.
            factor = case([(is_set, say.constant("double", power))], say.constant("double", 1.0))
            product = factor if product is None else times(product, factor)
        assert product is not None
        vanished = both(exp.GT, say(exponent), number(_LAST_POWER))
        return case([(vanished, say.constant("double", 0.0))], product)

    return say.once(exponent, body)
