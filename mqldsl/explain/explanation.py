"""Everything that one evaluation found, gathered for a reader in the order of the definition."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from mqldsl.evaluate.aggregates import how_many
from mqldsl.evaluate.decision import Decided
from mqldsl.evaluate.outcome import Found, Known
from mqldsl.evaluate.points import Points
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.explain.because import because
from mqldsl.explain.evidence import Line, lines, text_at, words_of
from mqldsl.explain.missing import missing_for
from mqldsl.explain.supposed import Fact
from mqldsl.explain.to_become import Change, to_become
from mqldsl.explain.words import ANSWERS, AnswerWord, found_said, said
from mqldsl.model import ir
from mqldsl.model.types import Value
from mqldsl.source.text import Place, Span


@attrs.frozen
class Heading:
    """What a named part is called, and where it stands."""

    name: str
    label: str | None
    file: str
    line: int


@attrs.frozen
class ClauseSays:
    """A clause, its answer, and the evidence."""

    heading: Heading
    answer: AnswerWord
    evidence: tuple[Line, ...]


@attrs.frozen
class RowSays:
    """A row of a score: what it gave, and the least and most it could; `depth` where rows stand in a group."""

    depth: int
    words: str
    points: float
    low: float
    high: float
    reason: str | None


@attrs.frozen
class ScoreSays:
    """A score, its bounds, and its rows."""

    heading: Heading
    value: float
    low: float
    high: float
    rows: tuple[RowSays, ...]

    @property
    def is_certain(self) -> bool:
        """Whether nobody could change it."""
        return self.low == self.high


@attrs.frozen
class ValueSays:
    """A value, grade, matrix or a column of a table; `found` in words, `value` where there is one."""

    kind: str
    heading: Heading
    found: str
    value: Value | None


@attrs.frozen
class DecisionRowSays:
    """A row of a decision, and the answer of its condition."""

    answer: AnswerWord
    words: str
    line: int
    wins: bool


@attrs.frozen
class DecisionSays:
    """A decision: what it is, what else it could be, and what would settle it."""

    heading: Heading
    decided: Decided
    rows: tuple[DecisionRowSays, ...]
    missing: tuple[str, ...]
    because: tuple[str, ...] = ()
    to_become: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    @property
    def others(self) -> tuple[str, ...]:
        """What else it could be."""
        return tuple(each for each in self.decided.could_be if each != self.decided.outcome)


@attrs.frozen
class Explanation:
    """All of it; the verdict is the last of the decisions."""

    lead: str
    as_of: datetime
    clauses: tuple[ClauseSays, ...]
    scores: tuple[ScoreSays, ...]
    values: tuple[ValueSays, ...]
    decisions: tuple[DecisionSays, ...]


def explanation_of(evaluation: Evaluation) -> Explanation:
    """Return what an evaluation found."""
    judged, named = evaluation.judged(), evaluation.model.named.values()
    decides = [part for part in named if isinstance(part, ir.Decide)]
    decides.sort(key=lambda decide: decide.name == evaluation.model.verdict)
    return Explanation(
        evaluation.situation.lead.id,
        evaluation.situation.as_of,
        tuple(_clause(evaluation, judged, part) for part in named if isinstance(part, ir.Clause)),
        tuple(_score(judged, part) for part in named if isinstance(part, ir.Score)),
        tuple(says for part in named for says in _values(evaluation, judged, part)),
        tuple(_decision(evaluation, judged, decide) for decide in decides),
    )


def _heading(part: ir.Named, name: str | None = None) -> Heading:
    assert part.place is not None
    source = part.place.source
    line = source.position(part.place.span.start).line
    return Heading(name or part.name, part.label, source.name, line)


def _clause(evaluation: Evaluation, judged: Judged, clause: ir.Clause) -> ClauseSays:
    outcome = judged.clauses[clause.name]
    evidence = tuple(lines(evaluation, outcome))
    return ClauseSays(_heading(clause), ANSWERS[outcome.answer.value], evidence)


def _score(judged: Judged, score: ir.Score) -> ScoreSays:
    scored = judged.scores[score.name]
    rows = tuple(_rows(score.rows, scored.rows, 0))
    return ScoreSays(_heading(score), scored.value, scored.bounds.low, scored.bounds.high, rows)


def _rows(rows: Sequence[ir.Row], points: Sequence[Points], depth: int) -> Iterator[RowSays]:
    for row, given in zip(rows, points):
        inner = row.rows if isinstance(row, ir.Group | ir.FirstOf) else ()
        words = _first_line(row) if inner else words_of(row)
        reason = None if inner else given.label
        yield RowSays(depth, words, given.value, given.low, given.high, reason)
        yield from _rows(inner, given.parts, depth + 1)


def _first_line(row: ir.Row) -> str:
    """Return what stands before the rows of a group, or of `first of`."""
    assert row.place is not None
    source, span = row.place.source, row.place.span
    first, _, _ = source.slice(span).partition("\n")
    return text_at(Place(source, Span(span.start, span.start + len(first)))).rstrip(":")


_KINDS = {ir.NamedExpression: "value", ir.Grade: "grade", ir.Matrix: "matrix"}


def _values(evaluation: Evaluation, judged: Judged, part: ir.Named) -> Iterator[ValueSays]:
    zone = evaluation.zone
    if isinstance(part, ir.Table):
        for column, found in judged.tables[part.name].items():
            name = part.name if len(part.outputs) == 1 else f"{part.name}.{column}"
            yield ValueSays("table", _heading(part, name), found_said(found, zone), value_of(found))
    elif isinstance(part, ir.NamedExpression | ir.Grade | ir.Matrix):
        found = judged.values[part.name]
        yield ValueSays(_KINDS[type(part)], _heading(part), found_said(found, zone), value_of(found))


def value_of(found: Found) -> Value | None:
    """Return the value that was found, or None: a count that is only `at least` is no value."""
    return found.value if isinstance(found, Known) else None


def _decision(evaluation: Evaluation, judged: Judged, decide: ir.Decide) -> DecisionSays:
    decided = judged.decided[decide.name]
    rows = tuple(
        DecisionRowSays(
            "yes" if outcome is None else ANSWERS[outcome.answer.value],
            words_of(row),
            0 if row.place is None else row.place.source.position(row.place.span.start).line,
            number == decided.row,
        )
        for number, (row, outcome) in enumerate(zip(decide.rows, decided.rows))
    )
    missing = () if decided.is_certain else tuple(missing_for(evaluation.model, judged, decide.name))
    says = DecisionSays(_heading(decide), decided, rows, missing)
    if decide.name != evaluation.model.verdict:
        return says
    return attrs.evolve(says, because=because_said(evaluation), to_become=to_become_said(evaluation))


def because_said(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the facts that alone force the verdict, in words; none where it is uncertain."""
    return tuple(_fact_said(evaluation, fact) for fact in because(evaluation))


def to_become_said(evaluation: Evaluation) -> dict[str, tuple[str, ...]]:
    """Return for each other outcome of the verdict, where one was found, the fewest changes that give it, in words."""
    assert evaluation.model.verdict is not None
    decide = evaluation.model.named[evaluation.model.verdict]
    assert isinstance(decide, ir.Decide)
    found = {outcome: to_become(evaluation, outcome) for outcome in decide.type.names}
    return {
        outcome: tuple(_change_said(evaluation, change) for change in changes)
        for outcome, changes in found.items()
        if changes is not None
    }


def _fact_said(evaluation: Evaluation, fact: Fact) -> str:
    if isinstance(fact, ir.FieldValue):
        return f"{words_of(fact)}: {found_said(evaluation.operand(fact), evaluation.zone)}"
    return f"{words_of(fact)}: {found_said(how_many(evaluation.selection(fact)), evaluation.zone)}"


def _change_said(evaluation: Evaluation, change: Change) -> str:
    return f"{words_of(change.fact)}: {said(change.to, evaluation.zone)}"
