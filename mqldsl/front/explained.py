"""An explanation shown to a reader, and as a plain object for JSON."""

from collections.abc import Iterable
from datetime import datetime

from rich.text import Text

from mqldsl.explain.evidence import Fact, Line
from mqldsl.explain.explanation import DecisionSays, Explanation, Heading, RowSays, ScoreSays
from mqldsl.explain.plain import finite, plain
from mqldsl.explain.told import Role, Told
from mqldsl.explain.words import ANSWERS
from mqldsl.front.screen import Hanging
from mqldsl.source.harmless import on_one_line

_STYLES: dict[Role, str] = {
    "plain": "",
    "heading": "bold",
    "yes": "green",
    "no": "red",
    "unknown": "yellow",
    "points": "green",
    "outcome": "bold cyan",
    "faint": "dim",
}


def drawn(line: Told) -> Hanging:
    """Return a line of an explanation in colour."""
    pieces = ((on_one_line(text), _STYLES[role]) for text, role in line.pieces)
    return Hanging(Text.assemble(" " * line.indent, *pieces), line.hang)


def as_object(says: Explanation, changes_at: datetime | None) -> dict[str, object]:
    """Return an explanation as a plain object; instants in UTC."""
    return {
        "lead": says.lead,
        "as_of": plain(says.as_of),
        "clauses": [
            {
                **_heading_object(clause.heading),
                "answer": clause.answer,
                "evidence": lines_as_objects(clause.evidence),
            }
            for clause in says.clauses
        ],
        "scores": [_score_object(score) for score in says.scores],
        "values": [
            {
                **_heading_object(each.heading),
                "kind": each.kind,
                "value": plain(each.value),
                "found": each.found,
            }
            for each in says.values
        ],
        "decisions": [_decision_object(decision) for decision in says.decisions],
        "changes_at": plain(changes_at),
    }


def _heading_object(heading: Heading) -> dict[str, object]:
    return {"name": heading.name, "label": heading.label, "file": heading.file, "line": heading.line}


def _score_object(score: ScoreSays) -> dict[str, object]:
    return {
        **_heading_object(score.heading),
        **_points_object(score),
        "rows": [
            {"depth": row.depth, "words": row.words, "reason": row.reason, **_points_object(row)}
            for row in score.rows
        ],
    }


def _points_object(says: ScoreSays | RowSays) -> dict[str, object]:
    value = says.value if isinstance(says, ScoreSays) else says.points
    return {"value": finite(value), "low": finite(says.low), "high": finite(says.high)}


def _decision_object(says: DecisionSays) -> dict[str, object]:
    decided = says.decided
    return {
        **_heading_object(says.heading),
        "outcome": decided.outcome,
        "row": decided.row + 1,
        "reason": decided.because,
        "due_at": plain(decided.due_at),
        "team": decided.team,
        "certain": decided.is_certain,
        "could_be": list(decided.could_be),
        "missing": list(says.missing),
        "because": list(says.because),
        "to_become": {outcome: list(changes) for outcome, changes in says.to_become.items()},
        "rows": [
            {"answer": row.answer, "words": row.words, "line": row.line, "wins": row.wins}
            for row in says.rows
        ],
    }


def lines_as_objects(lines: Iterable[Line]) -> list[dict[str, object]]:
    """Return conditions with their answers and what they looked at, for JSON."""
    return [
        {
            "depth": line.depth,
            "answer": ANSWERS[line.answer.value],
            "words": line.words,
            "label": line.label,
            "facts": facts_as_objects(line.facts),
        }
        for line in lines
    ]


def facts_as_objects(facts: Iterable[Fact]) -> list[dict[str, object]]:
    """Return what was looked at, for JSON."""
    return [{"name": fact.name, "found": fact.found, "events": list(fact.events)} for fact in facts]
