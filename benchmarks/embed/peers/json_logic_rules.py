"""Conditions as JSONLogic, for the two peers that run it."""

from typing import Any, TypeAlias, assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, StartsWith

Rule: TypeAlias = Any  # JSON


def rule(condition: Condition) -> Rule:
    """Return a condition as JSONLogic, where null counts as 0: a test that 0 passes asks for null first."""
    match condition:
        case Compare(fact, relation, bound):
            test = {relation: [{"var": fact}, bound]}
            return test if relation in (">", ">=") and bound > 0 else _known(fact, test)
        case Between(fact, low, high):
            test = {"<=": [low, {"var": fact}, high]}
            return test if low > 0 else _known(fact, test)
        case OneOf(fact, (one,), True):
            return {"===": [{"var": fact}, one]}
        case OneOf(fact, texts, is_in):
            test = {"in": [{"var": fact}, list(texts)]}
            return test if is_in else {"and": [{"var": fact}, {"!": [test]}]}
        case Is(fact, wanted):
            return {"var": fact} if wanted else {"===": [{"var": fact}, False]}
        case Happened(kind, seconds, least, where, fact):
            tests = [
                {"===": [{"var": "kind"}, kind]},
                {"<=": [0, {"var": "age"}]},
                {"<": [{"var": "age"}, seconds]},
            ]
            tests += [_of_event(each) for each in where]
            found = {"filter": [{"var": fact}, {"and": tests}]}
            return {">=": [{"reduce": [found, {"+": [1, {"var": "accumulator"}]}, 0]}, least]}
        case AtLeast(least, parts):
            rules = [rule(part) for part in parts]
            if least in (1, len(parts)):
                return {"or" if least == 1 else "and": rules}
            return {">=": [{"+": [{"if": [each, 1, 0]} for each in rules]}, least]}
        case _:
            assert_never(condition)


def _known(fact: str, test: Rule) -> Rule:
    return {"and": [{"!==": [{"var": fact}, None]}, test]}


def _of_event(test: Compare | StartsWith) -> Rule:
    if isinstance(test, StartsWith):
        return {"===": [{"substr": [{"var": test.fact}, 0, len(test.start)]}, test.start]}
    return {test.relation: [{"var": test.fact}, test.bound]}
