"""Reasons as the plain text that `mql explain` prints, line by line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import isinf
from zoneinfo import ZoneInfo

from mqldsl.explain.evidence import Fact, Line
from mqldsl.explain.explanation import (
    ClauseSays,
    DecisionSays,
    Explanation,
    Heading,
    RowSays,
    ScoreSays,
    ValueSays,
)
from mqldsl.explain.words import ANSWERS, instant_said, number_said

_WIDTH = 9
_STEP = 2

# Line ends, control characters, what turns the direction of text around, half characters.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def text_of(says: Explanation, zone: ZoneInfo, changes: Sequence[datetime | None]) -> str:
    """Return an explanation as lines of text; `changes` holds when the verdict changes, if there is one."""
    return "\n".join(_line(line).rstrip() for line in _lines(says, zone, changes))


def _line(text: str) -> str:
    return _HARMFUL.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def _lines(says: Explanation, zone: ZoneInfo, changes: Sequence[datetime | None]) -> Iterator[str]:
    yield f"{says.lead} as of {instant_said(says.as_of, zone)} ({zone.key})"
    yield from _part("Clauses", [line for clause in says.clauses for line in _clause(clause)])
    yield from _part("Scores", [line for score in says.scores for line in _score(score)])
    yield from _part("Grades and values", [_value(each) for each in says.values])
    for decision in says.decisions:
        yield ""
        yield from _decision(decision, zone)
    for at in changes:
        said = "not by itself" if at is None else f"{instant_said(at, zone)}, if nothing more happens"
        yield _told("changes", said)


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", title, *lines)


def _heading(heading: Heading) -> str:
    return heading.name if heading.label is None else f'{heading.name} "{heading.label}"'


def _answer(answer: str, indent: int) -> str:
    return f"{' ' * indent}{answer:<{_WIDTH}}"


def _clause(clause: ClauseSays) -> Iterator[str]:
    first, *parts = clause.evidence
    yield f"{_answer(clause.answer, 2)}{_heading(clause.heading)}: {first.words}"
    yield from _facts(first.facts, _WIDTH + 4)
    for line in parts:
        yield from _evidence(line, 4)


def _evidence(line: Line, indent: int) -> Iterator[str]:
    indent += _STEP * line.depth
    label = "" if line.label is None else f'"{line.label}": '
    yield f"{_answer(ANSWERS[line.answer.value], indent)}{label}{line.words}"
    yield from _facts(line.facts, indent + _WIDTH + _STEP)


def _facts(facts: Iterable[Fact], indent: int) -> Iterator[str]:
    for fact in facts:
        yield f"{' ' * indent}{', '.join([f'{fact.name}: {fact.found}', *fact.events])}"


def _score(score: ScoreSays) -> Iterator[str]:
    yield f"  {_heading(score.heading)}: {number_said(score.value)}{_range(score.low, score.high)}"
    yield from (_row(row) for row in score.rows)


def _row(row: RowSays) -> str:
    points = f"{'+' if row.points > 0 else ''}{number_said(row.points)}"
    return f"{points:>{_WIDTH}}  {' ' * (2 * row.depth)}{row.words}{_range(row.low, row.high)}"


def _range(low: float, high: float) -> str:
    if low == high:
        return ""
    if isinf(low) and isinf(high):
        return " (anything possible)"
    if isinf(high):
        return f" ({number_said(low)} or more possible)"
    if isinf(low):
        return f" ({number_said(high)} or less possible)"
    return f" (from {number_said(low)} to {number_said(high)} possible)"


def _value(says: ValueSays) -> str:
    # The band of a grade is a name to readers, not a text.
    found = says.found.replace('"', "") if says.kind in ("grade", "matrix") else says.found
    return f"  {_heading(says.heading)}: {found}"


def _decision(says: DecisionSays, zone: ZoneInfo) -> Iterator[str]:
    decided = says.decided
    yield f"{_heading(says.heading)}: {decided.outcome}"
    for row in says.rows:
        yield f"{'> ' if row.wins else '  '}{_answer(row.answer, 0)}{row.words}"
    if decided.because is not None:
        yield _told("reason", decided.because)
    if decided.due_at is not None:
        yield _told("due", instant_said(decided.due_at, zone))
    if decided.team is not None:
        yield _told("team", decided.team)
    if says.others:
        yield _told("certain", f"no, it could also be {' or '.join(says.others)}")
        yield _told("missing", ", ".join(says.missing))
    else:
        yield _told("certain", "yes, nothing that is missing could change it")
    if says.because:
        yield _told("because", "; ".join(says.because))
    for outcome, changes in says.to_become.items():
        yield _told("become", f"{outcome} with {'; '.join(changes)}")


def _told(word: str, what: str) -> str:
    return f"  {word:<{_WIDTH}}{what}"
