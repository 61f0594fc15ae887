"""durable_rules: forward chaining over facts, in C."""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import combinations, count
from operator import and_, or_
from typing import Any, TypeAlias, assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, every
from benchmarks.embed.peers.peer import Peer, Ready, Unable
from benchmarks.embed.workload import Facts

# What it puts expressions together from: nothing of it has a type.
Term: TypeAlias = Any

# It keeps every rule set of a process, and the names of the facts that it was told.
_NAMES = count(1)


def _ready(conditions: Sequence[Condition]) -> Ready:
    from durable import engine, lang

    name = f"rules_{next(_NAMES)}"
    fired: list[int] = []

    def action(number: int) -> Callable[[object], None]:
        return lambda _: fired.append(number)

    with lang.ruleset(name):
        for number, condition in enumerate(conditions):
            for way in _ways(condition):
                lang.when_all(_expression(way, lang.m))(action(number))

    def answers(facts: Facts) -> Sequence[object]:
        fired.clear()
        try:
            lang.assert_fact(name, facts)
        except engine.MessageNotHandledException:
            return [False] * len(conditions)  # no rule matches
        lang.retract_fact(name, facts)
        return [number in fired for number in range(len(conditions))]

    def given(facts: Facts) -> Facts:
        known = {fact: value for fact, value in facts.items() if value is not None}
        return {**known, "id": str(next(_NAMES)), "sid": "1"}

    return Ready(answers, given)


def _ways(condition: Condition) -> Sequence[Condition]:
    """Return what each gets a rule of its own: `at least 4 of 6` in one rule is refused as too large."""
    if isinstance(condition, AtLeast) and 1 < condition.least < len(condition.parts):
        return [every(*some) for some in combinations(condition.parts, condition.least)]
    return [condition]


def _expression(condition: Condition, m: Term) -> Term:
    match condition:
        case Compare(fact, relation, bound):
            return _compared(getattr(m, fact), relation, bound)
        case Between(fact, low, high):
            return (getattr(m, fact) >= low) & (getattr(m, fact) <= high)
        case OneOf(fact, texts, is_in):
            if is_in:
                return reduce(or_, [getattr(m, fact) == each for each in texts])
            return reduce(and_, [getattr(m, fact) != each for each in texts])
        case Is(fact, wanted):
            return getattr(m, fact) == wanted
        case Happened():
            raise Unable("it keeps events itself, and counts no windows over those it is handed")
        case AtLeast(least, parts):
            ways = [[_expression(part, m) for part in some] for some in combinations(parts, least)]
            return reduce(or_, [reduce(and_, way) for way in ways])
        case _:
            assert_never(condition)


def _compared(left: Term, relation: str, bound: float) -> Term:
    match relation:
        case ">=":
            return left >= bound
        case ">":
            return left > bound
        case "<=":
            return left <= bound
        case "<":
            return left < bound
        case _:
            raise Unable(f"no `{relation}` here")


PEER = Peer(
    "durable_rules",
    "a rule a clause; a fact asserted, and retracted again",
    "missing values left out",
    _ready,
    fires_by_itself=True,
)
