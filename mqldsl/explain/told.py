"""An explanation as lines, each of them in pieces that say what they are; how they look is left to others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import isinf
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

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
from mqldsl.explain.words import ANSWERS, AnswerWord, instant_said, number_said

Role: TypeAlias = Literal["plain", "heading", "points", "outcome", "faint", AnswerWord]
Piece: TypeAlias = tuple[str, Role]

_WIDTH = 9
_STEP = 2


@attrs.frozen
class Told:
    """A line that begins `indent` columns in; where it is too long, it goes on `hang` columns further in."""

    pieces: tuple[Piece, ...] = ()
    indent: int = 0
    hang: int = _WIDTH

    @property
    def text(self) -> str:
        """The whole line, as users wrote what is theirs in it."""
        return " " * self.indent + "".join(text for text, _ in self.pieces)


def explanation_told(says: Explanation, zone: ZoneInfo) -> Iterator[Told]:
    """Yield the lines of an explanation: clauses, scores, grades and values, and the decisions last."""
    yield _title(f"{says.lead} as of {instant_said(says.as_of, zone)} ({zone.key})")
    yield from _part("Clauses", [line for clause in says.clauses for line in _clause(clause)])
    yield from _part("Scores", [line for score in says.scores for line in _score(score)])
    yield from _part("Grades and values", [_value(each) for each in says.values])
    for decision in says.decisions:
        yield Told()
        yield from _decision(decision, zone)


def change_told(at: datetime | None, zone: ZoneInfo) -> Told:
    """Return the line that says when the verdict changes by itself."""
    said = "not by itself" if at is None else f"{instant_said(at, zone)}, if nothing more happens"
    return _about("changes", said)


def conditions_told(lines: Iterable[Line], indent: int) -> Iterator[Told]:
    """Yield each condition with its answer, and below it what it looked at."""
    for line in lines:
        inward = indent + _STEP * line.depth
        label = "" if line.label is None else f'"{line.label}": '
        yield Told((_answer(ANSWERS[line.answer.value]), (f"{label}{line.words}", "plain")), inward)
        yield from facts_told(line.facts, inward + _WIDTH + _STEP)


def facts_told(facts: Iterable[Fact], indent: int) -> Iterator[Told]:
    """Yield what was looked at: a value each, and the events behind it."""
    for fact in facts:
        said = ", ".join([f"{fact.name}: {fact.found}", *fact.events])
        yield Told(((said, "faint"),), indent, _STEP)


def _title(words: str) -> Told:
    return Told(((words, "heading"),), hang=0)


def _part(title: str, lines: Sequence[Told]) -> Iterator[Told]:
    if lines:
        yield from (Told(), _title(title), *lines)


def _named(heading: Heading, said: str) -> tuple[Piece, Piece]:
    label = "" if heading.label is None else f' "{heading.label}"'
    return (heading.name, "heading"), (f"{label}: {said}", "plain")


def _answer(answer: AnswerWord) -> Piece:
    return f"{answer:<{_WIDTH}}", answer


def _clause(clause: ClauseSays) -> Iterator[Told]:
    first, *parts = clause.evidence
    yield Told((_answer(clause.answer), *_named(clause.heading, first.words)), 2)
    yield from facts_told(first.facts, _WIDTH + 4)
    yield from conditions_told(parts, 4)


def _score(score: ScoreSays) -> Iterator[Told]:
    said = f"{number_said(score.value)}{_range(score.low, score.high)}"
    yield Told(_named(score.heading, said), 2)
    yield from (_row(row) for row in score.rows)


def _row(row: RowSays) -> Told:
    points = f"{'+' if row.points > 0 else ''}{number_said(row.points)}"
    words = f"{' ' * (_STEP * row.depth)}{row.words}{_range(row.low, row.high)}"
    return Told(((f"{points:>{_WIDTH}}  ", "points" if row.points else "faint"), (words, "plain")))


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


def _value(says: ValueSays) -> Told:
    # The band of a grade is a name to readers, not a text.
    found = says.found.replace('"', "") if says.kind in ("grade", "matrix") else says.found
    return Told(_named(says.heading, found), 2)


def _decision(says: DecisionSays, zone: ZoneInfo) -> Iterator[Told]:
    decided = says.decided
    yield Told((*_named(says.heading, ""), (decided.outcome, "outcome")))
    for row in says.rows:
        mark = "> " if row.wins else "  "
        yield Told(((mark, "outcome"), _answer(row.answer), (row.words, "plain")))
    if decided.because is not None:
        yield _about("reason", decided.because)
    if decided.due_at is not None:
        yield _about("due", instant_said(decided.due_at, zone))
    if decided.team is not None:
        yield _about("team", decided.team)
    if says.others:
        yield _about("certain", f"no, it could also be {' or '.join(says.others)}", "unknown")
        yield _about("missing", ", ".join(says.missing))
    else:
        yield _about("certain", "yes, nothing that is missing could change it")
    if says.because:
        yield _about("because", "; ".join(says.because))
    for outcome, changes in says.to_become.items():
        yield _about("become", f"{outcome} with {'; '.join(changes)}")


def _about(word: str, said: str, role: Role = "plain") -> Told:
    return Told(((f"  {word:<{_WIDTH}}", "faint"), (said, role)))
