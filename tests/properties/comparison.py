"""Where two evaluators differ about one situation, told so that a person can read it."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

import attrs

from mqldsl.embed.decision import Decision
from mqldsl.evaluate.decision import Decided
from mqldsl.evaluate.outcome import Absent, Anything, AtLeast, Bounds, Found, Known
from mqldsl.evaluate.reference import Judged
from mqldsl.model import ir

# A value by its name, an output of a table by both names.
Key: TypeAlias = str | tuple[str, str]
Answered: TypeAlias = tuple[bool | None, list[bool]]


@attrs.frozen
class Told:
    """What an evaluator told of a situation: answers with what they can be, values, and of decisions each word."""

    clauses: Mapping[str, Answered]
    found: Mapping[Key, Found]
    decided: Mapping[str, Mapping[str, object]]


def differences(model: ir.Model, judged: Judged, decision: Decision) -> list[str]:
    """Return a line for each answer, value, bound, outcome, deadline and team that the two do not share."""
    return differing(model, judged, _told(decision))


def differing(model: ir.Model, judged: Judged, told: Told) -> list[str]:
    """Return the same for what any evaluator told."""
    return [*_clauses(judged, told), *_found(model, judged, told), *_decided(judged, told)]


def _told(decision: Decision) -> Told:
    can_be = decision._program.can_be(decision)
    return Told(
        {name: (answer, sorted(can_be[name])) for name, answer in decision.clauses.items()},
        decision._program.found(decision),
        {
            name: {
                "outcome": outcome.outcome,
                "row": outcome.row,
                "could be": sorted(outcome.could_be),
                "certain": outcome.certain,
                "due": outcome.due_at,
                "team": outcome.team,
                "reason": outcome.because,
            }
            for name, outcome in decision.outcomes.items()
        },
    )


def _clauses(judged: Judged, told: Told) -> Iterator[str]:
    if list(told.clauses) != list(judged.clauses):
        yield f"clauses: reference {list(judged.clauses)}, engine {list(told.clauses)}"
    for name, outcome in judged.clauses.items():
        expected = outcome.answer.value, sorted(outcome.answer.can_be)
        got = told.clauses[name]
        if expected != got:
            yield f"clause {name}: reference {_answer(*expected)}, engine {_answer(*got)}"


def _answer(value: bool | None, can_be: list[bool]) -> str:
    words = {True: "yes", False: "no", None: "unknown"}
    return f"{words[value]} (can be {' or '.join(words[each] for each in can_be) or 'nothing'})"


def _found(model: ir.Model, judged: Judged, told: Told) -> Iterator[str]:
    found = told.found
    expected: dict[Key, Found] = {
        (name, column): each for name, table in judged.tables.items() for column, each in table.items()
    }
    expected |= {name: each for name, each in judged.values.items() if name not in judged.decided}
    if set(expected) != set(found):
        yield f"found: reference {sorted(map(str, expected))}, engine {sorted(map(str, found))}"
    for key, each in expected.items():
        if key in found and plain(each) != plain(found[key]):
            name = key if isinstance(key, str) else ".".join(key)
            word = type(model.named[key if isinstance(key, str) else key[0]]).__name__.lower()
            yield f"{word} {name}: reference {plain(each)}, engine {plain(found[key])}"


def plain(found: Found) -> str:
    """Return a value with what else it could be; bounds that leave only the value are none."""
    match found:
        case Known(value, Bounds(low, high)) if low == high == value:
            return _value(value)
        case Known(value, Bounds(low, high)):
            return f"{_value(value)} from {_value(low)} to {_value(high)}"
        case Known(value, Anything() as possible):
            return f"{_value(value)} or {possible.value}"
        case Known(value, frozenset() as possible) if possible - {value}:
            return f"{_value(value)} or one of {', '.join(sorted(map(_value, possible)))}"
        case Known(value):
            return _value(value)
        case AtLeast(least):
            return f"at least {_value(least)}"
        case Absent():
            return "missing"


def _value(value: object) -> str:
    if isinstance(value, float) and value == 0:
        return "0.0"  # of either sign
    if isinstance(value, float) and math.isnan(value):
        return "no number"
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value)


def _decided(judged: Judged, told: Told) -> Iterator[str]:
    if list(told.decided) != list(judged.decided):
        yield f"decides: reference {list(judged.decided)}, engine {list(told.decided)}"
    for name, decided in judged.decided.items():
        due = _words_of(decided)
        for word, got in told.decided[name].items():
            if due[word] != got:
                yield f"decide {name}, {word}: reference {due[word]}, engine {got}"


def _words_of(decided: Decided) -> dict[str, object]:
    return {
        "outcome": decided.outcome,
        "row": decided.row + 1,
        "could be": sorted(decided.could_be),
        "certain": decided.is_certain,
        "due": decided.due_at,
        "team": decided.team,
        "reason": decided.because,
        "missing": sorted({lack.name for lack in decided.lacks}),
    }
