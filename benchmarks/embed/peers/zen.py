"""zen-engine: the expressions of GoRules ZEN, in Rust."""

from collections.abc import Sequence
from typing import assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, StartsWith
from benchmarks.embed.peers.peer import Peer, Ready, text


def _ready(conditions: Sequence[Condition]) -> Ready:
    import zen

    compiled = zen.compile_expression(f"[{', '.join(_expression(condition) for condition in conditions)}]")
    return Ready(compiled.evaluate)


def _expression(condition: Condition) -> str:
    match condition:
        case Compare(fact, relation, bound):
            return f"{fact} != null and {fact} {relation} {bound}"
        case Between(fact, low, high):
            return f"{fact} != null and {fact} in [{low}..{high}]"
        case OneOf(fact, (one,), True):
            return f"{fact} == {text(one)}"
        case OneOf(fact, texts, is_in):
            listed = f"[{', '.join(text(each) for each in texts)}]"
            return f"{fact} in {listed}" if is_in else f"{fact} != null and {fact} not in {listed}"
        case Is(fact, wanted):
            return f"{fact} == {str(wanted).lower()}"
        case Happened(kind, seconds, least, where, fact):
            tests = [f"#.kind == {text(kind)}", "#.age >= 0", f"#.age < {seconds}", *map(_of_event, where)]
            return f"count({fact}, {' and '.join(tests)}) >= {least}"
        case AtLeast(least, parts):
            tests = [f"({_expression(part)})" for part in parts]
            if least in (1, len(parts)):
                return (" or " if least == 1 else " and ").join(tests)
            return f"{' + '.join(f'({test} ? 1 : 0)' for test in tests)} >= {least}"
        case _:
            assert_never(condition)


def _of_event(test: Compare | StartsWith) -> str:
    if isinstance(test, StartsWith):
        return f"startsWith(#.{test.fact}, {text(test.start)})"
    return f"#.{test.fact} {test.relation} {test.bound}"


PEER = Peer(
    "zen-engine",
    "one compiled expression that gives a list of answers (a decision graph of the same is far slower)",
    "",
    _ready,
)
