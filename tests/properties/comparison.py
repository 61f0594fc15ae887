"""Where two evaluators differ about one situation, told so that a person can read it."""

import math
from collections.abc import Iterator
from datetime import datetime

from mqldsl.embed.decision import Decision
from mqldsl.evaluate.outcome import Absent, AtLeast, Bounds, Found, Known
from mqldsl.evaluate.reference import Judged
from mqldsl.model import ir


def differences(model: ir.Model, judged: Judged, decision: Decision) -> list[str]:
    """Return a line for each answer, value, bound, outcome, deadline and team that the two do not share."""
    return [
        *_clauses(judged, decision),
        *_found(model, judged, decision),
        *_decided(judged, decision),
    ]


def _clauses(judged: Judged, decision: Decision) -> Iterator[str]:
    can_be = decision._program.can_be(decision)
    if list(decision.clauses) != list(judged.clauses):
        yield f"clauses: reference {list(judged.clauses)}, engine {list(decision.clauses)}"
    for name, outcome in judged.clauses.items():
        expected = outcome.answer.value, sorted(outcome.answer.can_be)
        got = decision.clauses[name], sorted(can_be[name])
        if expected != got:
            yield f"clause {name}: reference {_answer(*expected)}, engine {_answer(*got)}"


def _answer(value: bool | None, can_be: list[bool]) -> str:
    words = {True: "yes", False: "no", None: "unknown"}
    return f"{words[value]} (can be {' or '.join(words[each] for each in can_be) or 'nothing'})"


def _found(model: ir.Model, judged: Judged, decision: Decision) -> Iterator[str]:
    found = decision._program.found(decision)
    expected: dict[str | tuple[str, str], Found] = {
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


def _decided(judged: Judged, decision: Decision) -> Iterator[str]:
    outcomes = decision.outcomes
    if list(outcomes) != list(judged.decided):
        yield f"decides: reference {list(judged.decided)}, engine {list(outcomes)}"
    for name, decided in judged.decided.items():
        outcome = outcomes[name]
        pairs = (
            ("outcome", decided.outcome, outcome.outcome),
            ("row", decided.row + 1, outcome.row),
            ("could be", sorted(decided.could_be), sorted(outcome.could_be)),
            ("certain", decided.is_certain, outcome.certain),
            ("due", decided.due_at, outcome.due_at),
            ("team", decided.team, outcome.team),
            ("reason", decided.because, outcome.because),
        )
        for word, expected, got in pairs:
            if expected != got:
                yield f"decide {name}, {word}: reference {expected}, engine {got}"
