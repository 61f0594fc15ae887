"""Why a decision is as it is: found by the reference evaluator, from what was handed in for the decision."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Note
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.explanation import (
    ClauseSays,
    DecisionSays,
    Explanation,
    ScoreSays,
    ValueSays,
    because_said,
    explanation_of,
    to_become_said,
)
from mqldsl.explain.missing import missing_for
from mqldsl.explain.told import change_told, explanation_told
from mqldsl.explain.until import until
from mqldsl.model import ir
from mqldsl.source.harmless import on_one_line

# The lead, its events, the account, the instant (None where the definition never looks at it), the feeds, notes.
Asked: TypeAlias = tuple[Any, Any, Any, datetime | None, Any, Sequence[Note]]


def evaluation_of(model: ir.Model, asked: Asked) -> Evaluation:
    """Return the reference evaluation of what was handed in for a decision."""
    lead, events, account, as_of, feeds, _ = asked
    moment = datetime.now(UTC) if as_of is None else as_of
    return Evaluation(model, Giver(model).question(lead, events, account, moment, feeds=feeds, notes=[]))


def missing_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what could change the verdict, most telling first; without a verdict, what could change a clause."""
    model, judged = evaluation.model, evaluation.judged()
    if model.verdict is None:
        unknown = [name for name, outcome in judged.clauses.items() if outcome.answer.value is None]
        return tuple(dict.fromkeys(fact for name in unknown for fact in missing_for(model, judged, name)))
    return (
        () if judged.decided[model.verdict].is_certain else tuple(missing_for(model, judged, model.verdict))
    )


class Reasons:
    """Why a decision is as it is; as a text (`str`), what `mql explain` prints.

    Each part is worked out when it is first asked for; `to_become` and `until` try many leads and instants.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    @cached_property
    def because(self) -> tuple[str, ...]:
        """The fewest facts that alone force the verdict: `budget: 20,000`. None where it is uncertain."""
        return () if self._evaluation.model.verdict is None else because_said(self._evaluation)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The names of what could change the verdict, the most telling first."""
        return missing_of(self._evaluation)

    @cached_property
    def to_become(self) -> Mapping[str, tuple[str, ...]]:
        """The fewest changes that would give each other outcome, where some were found: `budget: 20,000`."""
        return {} if self._evaluation.model.verdict is None else to_become_said(self._evaluation)

    @cached_property
    def until(self) -> datetime | None:
        """The instant, in UTC, at which the verdict changes if nothing more happens; None if it does not."""
        return until(self._evaluation)

    @cached_property
    def _all(self) -> Explanation:
        return explanation_of(self._evaluation)

    @property
    def clauses(self) -> tuple[ClauseSays, ...]:
        """Each clause with its answer, its line in the definition, and the evidence."""
        return self._all.clauses

    @property
    def scores(self) -> tuple[ScoreSays, ...]:
        """Each score with the points of its rows."""
        return self._all.scores

    @property
    def values(self) -> tuple[ValueSays, ...]:
        """Each value, grade, matrix, and column of a table."""
        return self._all.values

    @property
    def decisions(self) -> tuple[DecisionSays, ...]:
        """Each decision with its rows; the verdict is the last."""
        return self._all.decisions

    def __str__(self) -> str:
        zone = self._evaluation.zone
        lines = list(explanation_told(self._all, zone))
        if self._evaluation.model.verdict is not None:
            lines.append(change_told(self.until, zone))
        return "\n".join(on_one_line(line.text).rstrip() for line in lines)

    def __repr__(self) -> str:
        return f"Reasons(because={self.because!r}, missing={self.missing!r})"
