"""Python for very many clauses, put together from their conditions as a developer would write it out.

Nobody types a thousand clauses twice. The text made here is what a careful developer would have typed:
each fact read once, each part that several clauses share asked once, no call where an expression will do.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, assert_never

import attrs

from benchmarks.embed.conditions import (
    AtLeast,
    Between,
    Compare,
    Condition,
    Happened,
    Is,
    Leaf,
    OneOf,
    facts_of,
)
from benchmarks.embed.workload import ByHand, traced, verdict_and_fired, verdict_only


@attrs.frozen
class Loading:
    """A statement that gives some facts their local names; it is left out where none of them is read."""

    facts: tuple[str, ...]
    statement: str


@attrs.frozen
class Written:
    """What is written out: how facts are read, the clauses, and the rows, each with the clauses it needs."""

    takes: tuple[str, ...]
    loadings: Sequence[Loading]
    clauses: Mapping[str, Condition]
    rows: Sequence[tuple[str, tuple[str, ...]]]
    otherwise: str


def early_exit(written: Written) -> str:
    """Return the text of a function that gives the verdict: only the clauses in the rows, up to the first row."""
    needed = [written.clauses[name] for _, names in written.rows for name in names]
    lines = _loaded(written, needed)
    for outcome, names in written.rows:
        test = " and ".join(_yes_inside(written.clauses[name], {}) for name in names)
        lines += [f"if {test}:", f"    return {outcome!r}"]
    return _function(written, "early_exit", [*lines, f"return {written.otherwise!r}"])


def fired_list(written: Written) -> str:
    """Return the text of a function that gives the verdict and the clauses that are yes, and nothing else."""
    lines = _loaded(written, written.clauses.values())
    names = _shared(written.clauses.values(), "is")
    lines += [f"{name} = {_yes(leaf, {})}" for leaf, name in names.items()]
    lines += ["fired = []", "fire = fired.append"]
    of_rows = {name for _, needs in written.rows for name in needs}
    for name, condition in written.clauses.items():
        if name in of_rows:
            lines += [f"{name} = {_yes(condition, names)}", f"if {name}:"]
        else:
            lines += [f"if {_yes(condition, names)}:"]
        lines += [f"    fire({name!r})"]
    return _function(written, "fired_list", [*lines, *_verdict(written), "return verdict, fired"])


def full_trace(written: Written) -> str:
    """Return the text of a function that gives the verdict, every clause's answer, and those that are yes."""
    lines = _loaded(written, written.clauses.values())
    parts = {part: None for clause in written.clauses.values() for part in _parts_below(clause)}
    counted = {part for clause in written.clauses.values() for part in _parts_counted(clause)}
    names: dict[Condition, str] = {}
    for number, part in enumerate(parts):
        lines += [f"part_{number} = {_answer(part, names)}"]
        names[part] = f"part_{number}"
        if part in counted:
            lines += [f"least_part_{number} = part_{number} or False"]
            lines += [f"most_part_{number} = part_{number} is not False"]
    lines += [f"{name} = {_answer(condition, names)}" for name, condition in written.clauses.items()]
    lines += ["fired = []", "fire = fired.append"]
    for name in written.clauses:
        lines += [f"if {name}:", f"    fire({name!r})"]
    answers = ", ".join(f"{name!r}: {name}" for name in written.clauses)
    lines += [*_verdict(written), f"return verdict, {{{answers}}}, fired"]
    return _function(written, "full_trace", lines)


def each_alone(written: Written) -> str:
    """Return the text of a full trace as it grows by hand: clause after clause, none looking at what others share."""
    lines = _loaded(written, written.clauses.values())
    lines += [f"{name} = {_alone(condition)}" for name, condition in written.clauses.items()]
    lines += ["fired = []", "fire = fired.append"]
    for name in written.clauses:
        lines += [f"if {name}:", f"    fire({name!r})"]
    answers = ", ".join(f"{name!r}: {name}" for name in written.clauses)
    lines += [*_verdict(written), f"return verdict, {{{answers}}}, fired"]
    return _function(written, "each_alone", lines)


def _alone(condition: Condition) -> str:
    if not isinstance(condition, AtLeast):
        return _answer(condition, {})
    parts = ", ".join(f"({_alone(part)})" for part in condition.parts)
    if condition.least == len(condition.parts):
        return f"all_of({parts})"
    return f"any_of({parts})" if condition.least == 1 else f"at_least({condition.least}, {parts})"


def all_of(*answers: bool | None) -> bool | None:
    """Return whether all are yes; None where that is not known."""
    if False in answers:
        return False
    return None if None in answers else True


def any_of(*answers: bool | None) -> bool | None:
    """Return whether one is yes; None where that is not known."""
    if True in answers:
        return True
    return None if None in answers else False


def at_least(least: int, *answers: bool | None) -> bool | None:
    """Return whether so many are yes; None where that is not known."""
    yes = answers.count(True)
    if yes >= least:
        return True
    return None if yes + answers.count(None) >= least else False


def forms(written: Written, known: Mapping[str, object]) -> tuple[ByHand, ...]:
    """Return all three functions; `known` are those that they call."""
    return (
        ByHand("early exit", function(early_exit(written), "early_exit", known), verdict_only),
        ByHand("fired list", function(fired_list(written), "fired_list", known), verdict_and_fired),
        ByHand("full trace", function(full_trace(written), "full_trace", known), traced),
        ByHand(
            "full trace, each clause alone",
            function(each_alone(written), "each_alone", {**known, **_LOGIC}),
            traced,
        ),
    )


_LOGIC: Mapping[str, object] = {"all_of": all_of, "any_of": any_of, "at_least": at_least}


def function(text: str, name: str, known: Mapping[str, object]) -> Callable[..., Any]:
    """Return the function that a text of this module writes; `known` are the functions that it calls."""
    space = dict(known)
    exec(compile(text, f"<{name} by hand>", "exec"), space)  # noqa: S102 - a text of our own
    found: Callable[..., Any] = space[name]  # type: ignore[assignment] # the text defines it
    return found


def _function(written: Written, name: str, lines: Sequence[str]) -> str:
    # Sets of texts stand in the tests themselves: Python keeps `in {"a", "b"}` as one constant.
    return "\n".join([f"def {name}({', '.join(written.takes)}):", *(f"    {line}" for line in lines), ""])


def _loaded(written: Written, conditions: Iterable[Condition]) -> list[str]:
    needed = {fact for condition in conditions for fact in facts_of(condition)}
    return ["get = lead.get", *(each.statement for each in written.loadings if needed & set(each.facts))]


def _verdict(written: Written) -> list[str]:
    lines = []
    for number, (outcome, names) in enumerate(written.rows):
        lines += [f"{'elif' if number else 'if'} {' and '.join(names)}:", f"    verdict = {outcome!r}"]
    return [*lines, "else:", f"    verdict = {written.otherwise!r}"]


# ------------------------------------------------------------------ what is shared


def _leaves(condition: Condition) -> list[Leaf]:
    if isinstance(condition, AtLeast):
        return [leaf for part in condition.parts for leaf in _leaves(part)]
    return [condition]


def _parts_below(condition: Condition) -> list[Condition]:
    """Return what a block is made of, the innermost first; of a leaf, nothing."""
    if not isinstance(condition, AtLeast):
        return []
    return [each for part in condition.parts for each in (*_parts_below(part), part)]


def _parts_counted(condition: Condition) -> list[Condition]:
    """Return what stands in `at least N of`, which is neither `and` nor `or`."""
    if not isinstance(condition, AtLeast):
        return []
    below = [each for part in condition.parts for each in _parts_counted(part)]
    return [*below, *condition.parts] if 1 < condition.least < len(condition.parts) else below


def _shared(conditions: Iterable[Condition], prefix: str) -> dict[Condition, str]:
    """Return a name for each leaf that is asked at least twice."""
    asked = Counter(leaf for condition in conditions for leaf in _leaves(condition))
    return {leaf: f"{prefix}_{number}" for number, (leaf, times) in enumerate(asked.items()) if times > 1}


# ------------------------------------------------------------------ yes, or not


def _yes(condition: Condition, names: Mapping[Condition, str]) -> str:
    """Return the test whether a condition is yes."""
    if condition in names:
        return names[condition]
    match condition:
        case Compare(fact, relation, bound):
            return f"{fact} is not None and {fact} {_sign(relation)} {_number(bound)}"
        case Between(fact, low, high):
            return f"{fact} is not None and {_number(low)} <= {fact} <= {_number(high)}"
        case OneOf(fact, texts, True):
            return f"{fact} == {texts[0]!r}" if len(texts) == 1 else f"{fact} in {_set(texts)}"
        case OneOf(fact, texts, _):
            return f"{fact} is not None and {fact} not in {_set(texts)}"
        case Is(fact, wanted):
            return f"{fact} is {wanted}"
        case Happened():
            raise AssertionError("only peers are asked to count events by themselves")
        case AtLeast(least, parts):
            tests = [_yes_inside(part, names) for part in parts]
            if least in (1, len(parts)):
                return (" or " if least == 1 else " and ").join(tests)
            return f"{' + '.join(tests)} >= {least}"
        case _:
            assert_never(condition)


def _yes_inside(condition: Condition, names: Mapping[Condition, str]) -> str:
    test = _yes(condition, names)
    return test if test.isidentifier() else f"({test})"


# ------------------------------------------------------------------ yes, no or unknown


def _answer(condition: Condition, names: Mapping[Condition, str]) -> str:
    """Return the expression of an answer: True, False, or None for unknown."""
    if condition in names:
        return names[condition]
    match condition:
        case Compare(fact, relation, bound):
            return f"None if {fact} is None else {fact} {_sign(relation)} {_number(bound)}"
        case Between(fact, low, high):
            return f"None if {fact} is None else {_number(low)} <= {fact} <= {_number(high)}"
        case OneOf(fact, texts, is_in):
            return f"None if {fact} is None else {fact} {'in' if is_in else 'not in'} {_set(texts)}"
        case Is(fact, wanted):
            return fact if wanted else f"None if {fact} is None else not {fact}"
        case Happened():
            raise AssertionError("only peers are asked to count events by themselves")
        case AtLeast(least, parts):
            return _block(least, [names[part] for part in parts])
        case _:
            assert_never(condition)


def _block(least: int, parts: Sequence[str]) -> str:
    if least == len(parts):
        return f"False if {' or '.join(f'{part} is False' for part in parts)} else {' and '.join(parts)}"
    if least == 1:
        unknown = " or ".join(f"{part} is None" for part in parts)
        return f"{' or '.join(parts)} or (None if {unknown} else False)"
    sure, possible = (" + ".join(f"{end}_{part}" for part in parts) for end in ("least", "most"))
    return f"True if {sure} >= {least} else None if {possible} >= {least} else False"


def _sign(relation: str) -> str:
    return "==" if relation == "=" else relation


def _number(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else repr(bound)


def _set(texts: Sequence[str]) -> str:
    return "{" + ", ".join(repr(text) for text in texts) + "}"
