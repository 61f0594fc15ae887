"""rule-engine: rules over Python objects, in Python."""

from collections.abc import Sequence
from typing import assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, StartsWith
from benchmarks.embed.peers.peer import Peer, Ready, text
from benchmarks.embed.workload import Facts


def _ready(conditions: Sequence[Condition]) -> Ready:
    import rule_engine

    matches = [rule_engine.Rule(_expression(condition)).matches for condition in conditions]

    def answers(facts: Facts) -> Sequence[object]:
        return [match(facts) for match in matches]

    return Ready(answers)


def _expression(condition: Condition) -> str:
    match condition:
        case Compare(fact, relation, bound):
            return f"{fact} != null and {fact} {relation} {bound}"
        case Between(fact, low, high):
            return f"{fact} != null and {fact} >= {low} and {fact} <= {high}"
        case OneOf(fact, (one,), True):
            return f"{fact} == {text(one)}"
        case OneOf(fact, texts, is_in):
            listed = f"[{', '.join(text(each) for each in texts)}]"
            return f"{fact} in {listed}" if is_in else f"{fact} != null and not ({fact} in {listed})"
        case Is(fact, wanted):
            return f"{fact} == {str(wanted).lower()}"
        case Happened(kind, seconds, least, where, fact):
            tests = [
                f"e['kind'] == {text(kind)}",
                "e['age'] >= 0",
                f"e['age'] < {seconds}",
                *map(_of_event, where),
            ]
            return f"[e for e in {fact} if {' and '.join(tests)}].length >= {least}"
        case AtLeast(least, parts):
            tests = [f"({_expression(part)})" for part in parts]
            if least in (1, len(parts)):
                return (" or " if least == 1 else " and ").join(tests)
            return f"{' + '.join(f'({test} ? 1 : 0)' for test in tests)} >= {least}"
        case _:
            assert_never(condition)


def _of_event(test: Compare | StartsWith) -> str:
    if isinstance(test, StartsWith):
        return f"e['{test.fact}'].starts_with({text(test.start)})"
    return f"e['{test.fact}'] {test.relation} {test.bound}"


PEER = Peer("rule-engine", "one rule a clause", "", _ready)
