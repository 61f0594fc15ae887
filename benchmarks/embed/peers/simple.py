"""simpleeval: a safe subset of Python's own expressions."""

from collections.abc import Sequence
from typing import assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, StartsWith
from benchmarks.embed.peers.peer import Peer, Ready, text, with_sentinels
from benchmarks.embed.workload import Facts


def _ready(conditions: Sequence[Condition]) -> Ready:
    import simpleeval

    sets: dict[str, frozenset[str]] = {}
    texts = [_expression(condition, sets) for condition in conditions]
    walks_lists = any(isinstance(condition, Happened) for condition in conditions)
    kind = simpleeval.EvalWithCompoundTypes if walks_lists else simpleeval.SimpleEval
    evaluator = kind(functions={"len": len})
    parsed = [evaluator.parse(each) for each in texts]

    def answers(names: Facts) -> Sequence[object]:
        evaluator.names = names
        return [evaluator.eval("", previously_parsed=each) for each in parsed]

    def given(facts: Facts) -> Facts:
        # Sets as names: a set written in the expression would be made anew each time.
        return {**with_sentinels(facts, conditions), **sets, "True": True, "False": False, "None": None}

    return Ready(answers, given)


def _expression(condition: Condition, sets: dict[str, frozenset[str]]) -> str:
    match condition:
        case Compare(fact, relation, bound):
            return f"{fact} {relation} {bound}"
        case Between(fact, low, high):
            return f"{low} <= {fact} <= {high}"
        case OneOf(fact, (one,), True):
            return f"{fact} == {text(one)}"
        case OneOf(fact, texts, is_in):
            name = f"set_{len(sets)}"
            sets[name] = frozenset(texts)
            return f"{fact} in {name}" if is_in else f"{fact} and {fact} not in {name}"
        case Is(fact, wanted):
            return f"{fact} == {int(wanted)}"
        case Happened(kind, seconds, least, where, fact):
            tests = [f"e['kind'] == {text(kind)}", f"0 <= e['age'] < {seconds}", *map(_of_event, where)]
            return f"len([1 for e in {fact} if {' and '.join(tests)}]) >= {least}"
        case AtLeast(least, parts):
            tests = [f"({_expression(part, sets)})" for part in parts]
            if least in (1, len(parts)):
                return (" or " if least == 1 else " and ").join(tests)
            return f"{' + '.join(f'(1 if {test} else 0)' for test in tests)} >= {least}"
        case _:
            assert_never(condition)


def _of_event(test: Compare | StartsWith) -> str:
    if isinstance(test, StartsWith):
        return f"e['{test.fact}'].startswith({text(test.start)})"
    return f"e['{test.fact}'] {test.relation} {test.bound}"


PEER = Peer(
    "simpleeval",
    "one parsed expression a clause",
    "missing values as NaN, empty text, -1; sets as names",
    _ready,
)
