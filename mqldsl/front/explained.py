"""An explanation shown to a reader, and as a plain object for JSON."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isinf
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from mqldsl.explain.explanation import (
    ClauseSays,
    DecisionSays,
    Explanation,
    Heading,
    RowSays,
    ScoreSays,
    ValueSays,
)
from mqldsl.explain.plain import finite, plain
from mqldsl.explain.words import instant_said, number_said
from mqldsl.front.evidence_lines import (
    ANSWER_WIDTH,
    answer_shown,
    facts_shown,
    line_shown,
    lines_as_objects,
)
from mqldsl.front.screen import Hanging, on_one_line, show


def show_explanation(console: Console, says: Explanation, zone: ZoneInfo) -> None:
    """Print an explanation: clauses, scores, grades and values, and the decisions last."""
    as_of = instant_said(says.as_of, zone)
    show(console, Text(f"{on_one_line(says.lead)} as of {as_of} ({zone.key})", "bold"))
    _show_part(console, "Clauses", [line for clause in says.clauses for line in _clause_shown(clause)])
    _show_part(console, "Scores", [line for score in says.scores for line in _score_shown(score)])
    _show_part(console, "Grades and values", [_value_shown(each) for each in says.values])
    for decision in says.decisions:
        show(console, "")
        show(console, *_decision_shown(decision, zone), hang=ANSWER_WIDTH)


def show_change(console: Console, at: datetime | None, zone: ZoneInfo) -> None:
    """Print when the verdict changes by itself."""
    said = "not by itself" if at is None else f"{instant_said(at, zone)}, if nothing more happens"
    show(console, _told("changes", said), hang=ANSWER_WIDTH)


def _show_part(console: Console, title: str, lines: Sequence[Text | Hanging]) -> None:
    if lines:
        show(console, "", Text(title, "bold"))
        show(console, *lines, hang=ANSWER_WIDTH)


def _heading_shown(heading: Heading) -> Text:
    shown = Text().append(heading.name, "bold")
    return shown if heading.label is None else shown.append(f' "{on_one_line(heading.label)}"')


def _clause_shown(clause: ClauseSays) -> Iterator[Text | Hanging]:
    first, *parts = clause.evidence
    yield (
        answer_shown(clause.answer, 2)
        .append_text(_heading_shown(clause.heading))
        .append(f": {on_one_line(first.words)}")
    )
    yield from facts_shown(first.facts, ANSWER_WIDTH + 4)
    for line in parts:
        yield from line_shown(line, 4)


def _score_shown(score: ScoreSays) -> Iterator[Text]:
    yield (
        Text("  ")
        .append_text(_heading_shown(score.heading))
        .append(f": {number_said(score.value)}{_range_said(score.low, score.high)}")
    )
    yield from (_row_shown(row) for row in score.rows)


def _row_shown(row: RowSays) -> Text:
    points = f"{'+' if row.points > 0 else ''}{number_said(row.points)}"
    shown = Text().append(f"{points:>{ANSWER_WIDTH}}  ", "green" if row.points else "dim")
    words = f"{on_one_line(row.words)}{_range_said(row.low, row.high)}"
    return shown.append(f"{' ' * (2 * row.depth)}{words}")


def _range_said(low: float, high: float) -> str:
    if low == high:
        return ""
    if isinf(low) and isinf(high):
        return " (anything possible)"
    if isinf(high):
        return f" ({number_said(low)} or more possible)"
    if isinf(low):
        return f" ({number_said(high)} or less possible)"
    return f" (from {number_said(low)} to {number_said(high)} possible)"


def _value_shown(says: ValueSays) -> Text:
    # The band of a grade is a name to readers, not a text.
    found = says.found.replace('"', "") if says.kind in ("grade", "matrix") else says.found
    return Text("  ").append_text(_heading_shown(says.heading)).append(f": {on_one_line(found)}")


def _decision_shown(says: DecisionSays, zone: ZoneInfo) -> Iterator[Text]:
    decided = says.decided
    yield _heading_shown(says.heading).append(": ").append(on_one_line(decided.outcome), "bold cyan")
    for row in says.rows:
        mark = "> " if row.wins else "  "
        yield (
            Text()
            .append(mark, "bold cyan")
            .append_text(answer_shown(row.answer, 0))
            .append(on_one_line(row.words))
        )
    if decided.because is not None:
        yield _told("reason", decided.because)
    if decided.due_at is not None:
        yield _told("due", instant_said(decided.due_at, zone))
    if decided.team is not None:
        yield _told("team", decided.team)
    if says.others:
        yield _told("certain", f"no, it could also be {' or '.join(says.others)}", "yellow")
        yield _told("missing", ", ".join(says.missing))
    else:
        yield _told("certain", "yes, nothing that is missing could change it")
    if says.because:
        yield _told("because", "; ".join(says.because))
    for outcome, changes in says.to_become.items():
        yield _told("become", f"{outcome} with {'; '.join(changes)}")


def _told(word: str, what: str, colour: str = "") -> Text:
    return Text().append(f"  {word:<{ANSWER_WIDTH}}", "dim").append(on_one_line(what), colour)


# ------------------------------------------------------------------ for JSON


def as_object(says: Explanation, changes_at: datetime | None) -> dict[str, object]:
    """Return the same as a plain object; instants in UTC."""
    return {
        "lead": says.lead,
        "as_of": plain(says.as_of),
        "clauses": [
            {
                **_heading_object(clause.heading),
                "answer": clause.answer,
                "evidence": lines_as_objects(clause.evidence)["evidence"],
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
