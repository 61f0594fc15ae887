"""Conditions in CEL, the Common Expression Language, for the three peers that speak it."""

from collections.abc import Sequence
from typing import assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf, StartsWith
from benchmarks.embed.peers.peer import real, text


def cel_list(conditions: Sequence[Condition], *, nulls: bool) -> str:
    """Return one expression that answers several conditions, as a list."""
    return f"[{', '.join(cel(condition, nulls=nulls) for condition in conditions)}]"


def cel(condition: Condition, *, nulls: bool) -> str:
    """Return a condition as CEL; with `nulls`, a missing fact is null, otherwise a value that fails every test."""
    match condition:
        case Compare(fact, relation, bound):
            return _known(fact, f"{fact} {relation} {real(bound)}", nulls=nulls)
        case Between(fact, low, high):
            return _known(fact, f"{fact} >= {real(low)} && {fact} <= {real(high)}", nulls=nulls)
        case OneOf(fact, (one,), True):
            return f"{fact} == {text(one)}"
        case OneOf(fact, texts, is_in):
            test = f"{fact} in [{', '.join(text(each) for each in texts)}]"
            if is_in:
                return test
            return f"{fact} != null && !({test})" if nulls else f'{fact} != "" && !({test})'
        case Is(fact, wanted):
            return f"{fact} == {str(wanted).lower() if nulls else int(wanted)}"
        case Happened(kind, seconds, least, where, fact):
            tests = [f"e.kind == {text(kind)}", "e.age >= 0.0", f"e.age < {real(seconds)}"]
            tests += [_of_event(each) for each in where]
            return f"{fact}.filter(e, {' && '.join(tests)}).size() >= {least}"
        case AtLeast(least, parts):
            tests = [f"({cel(part, nulls=nulls)})" for part in parts]
            if least in (1, len(parts)):
                return (" || " if least == 1 else " && ").join(tests)
            return f"{' + '.join(f'({test} ? 1 : 0)' for test in tests)} >= {least}"
        case _:
            assert_never(condition)


def _known(fact: str, test: str, *, nulls: bool) -> str:
    return f"{fact} != null && {test}" if nulls else test


def _of_event(test: Compare | StartsWith) -> str:
    if isinstance(test, StartsWith):
        return f"e.{test.fact}.startsWith({text(test.start)})"
    return f"e.{test.fact} {test.relation} {real(test.bound)}"
