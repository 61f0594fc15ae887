"""What was decided about one lead: answers at once, the rest worked out when it is asked for."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from mqldsl.embed.fingerprint import fingerprint
from mqldsl.embed.reasons import Reasons, evaluation_of, missing_of
from mqldsl.evaluate.handed_in import Note
from mqldsl.evaluate.outcome import AtLeast, Found, Known, bounds_of
from mqldsl.evaluate.python import ASKED, DecidedRow, Program, program
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.plain import finite, plain
from mqldsl.explain.words import ANSWERS
from mqldsl.model import ir
from mqldsl.model.types import Value

SCHEMA = "mqldsl.decision/1"


@attrs.frozen
class Outcome:
    """What one `decide` came to.

    Attributes:
        outcome: The outcome of the row that won.
        certain: Whether nothing that is missing could change it.
        could_be: Every outcome that is possible, this one among them, in the order of the rows.
        due_at: When it is due, in UTC, where the row says so.
        team: Whose it is, where the row says so.
        because: The reason that the row gives.
        row: Which row won, counted from 1.
    """

    outcome: str
    certain: bool
    could_be: tuple[str, ...]
    due_at: datetime | None
    team: str | None
    because: str | None
    row: int


class Decision:
    """What a definition says about one lead. Made by `Definition.decide`; everything in it is read only.

    Two decisions are equal where `to_dict()` is.
    """

    # Filled by the program that decided, in one go; only `_evaluation` comes later, if ever.
    __slots__ = ("__weakref__", "_evaluation", "_program", "_told", "fired", "verdict")
    verdict: str | None
    """The outcome of the first `decide`; None where the definition has none."""
    fired: tuple[str, ...]
    """The clauses whose answer is yes."""
    _program: Program
    _told: tuple[Any, ...]
    _evaluation: Evaluation

    # -------------------------------------------------------------- the verdict

    @property
    def certain(self) -> bool:
        """Whether nothing that is missing could change the verdict; of no verdict, nothing can."""
        return len(self.could_be) <= 1

    @property
    def could_be(self) -> tuple[str, ...]:
        """Every outcome that is possible, the verdict among them, in the order of the rows."""
        return () if self.verdict is None else self._row[1]

    @property
    def due_at(self) -> datetime | None:
        """When the verdict is due, in UTC, where its row says so."""
        return None if self.verdict is None else self._row[2]

    @property
    def team(self) -> str | None:
        """Whose the verdict is, where its row says so."""
        return None if self.verdict is None else self._row[3]

    @property
    def because(self) -> str | None:
        """The reason that the row of the verdict gives."""
        return None if self.verdict is None else self._decide.rows[self._row[0]].because

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What each `decide` came to, by name."""
        return {name: self._outcome(name, row) for name, row in self._program.decided(self).items()}

    @property
    def _answers(self) -> tuple[bool | None, ...]:
        return self._program.answers(self)

    @property
    def _row(self) -> DecidedRow:
        assert self._program.model.verdict is not None
        return self._program.row_of(self, self._program.model.verdict)

    @property
    def _decide(self) -> ir.Decide:
        assert self._program.model.verdict is not None
        decide = self._program.model.named[self._program.model.verdict]
        assert isinstance(decide, ir.Decide)
        return decide

    def _outcome(self, name: str, decided: DecidedRow) -> Outcome:
        decide = self._program.model.named[name]
        assert isinstance(decide, ir.Decide)
        number, could_be, due_at, team = decided
        row = decide.rows[number]
        return Outcome(row.outcome, len(could_be) == 1, could_be, due_at, team, row.because, number + 1)

    # -------------------------------------------------------------- clauses

    @property
    def clauses(self) -> dict[str, bool | None]:
        """The answer of each clause, by name: True for yes, False for no, None for unknown."""
        return dict(zip(self._program.clause_names, self._answers))

    @property
    def not_fired(self) -> tuple[str, ...]:
        """The clauses whose answer is no."""
        return tuple(name for name, each in zip(self._program.clause_names, self._answers) if each is False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The clauses whose answer is unknown."""
        return tuple(name for name, each in zip(self._program.clause_names, self._answers) if each is None)

    @property
    def possible(self) -> dict[str, frozenset[bool]]:
        """The answers that each clause could have if what is missing were known."""
        return self._program.can_be(self)

    # -------------------------------------------------------------- numbers and labels

    @property
    def scores(self) -> dict[str, float]:
        """Each score, by name."""
        return self._program.scores(self)

    @property
    def bounds(self) -> dict[str, tuple[float, float]]:
        """The least and the most that each score and each number could be; what has no value has none."""
        bounds = ((name, _bounds(found)) for name, _, found in self._parts())
        return {name: each for name, each in bounds if each is not None}

    @property
    def grades(self) -> dict[str, str | None]:
        """The label of each grade and matrix; None where it is missing."""
        return self._program.grades(self)

    @property
    def values(self) -> dict[str, Value | None]:
        """Each value, and each output of a table: `T`, or `T.column` where it has several; None where missing."""
        return {
            name: _value(found)
            for name, part, found in self._parts()
            if isinstance(part, ir.NamedExpression | ir.Table)
        }

    def _parts(self) -> Iterator[tuple[str, ir.Named, Found]]:
        for key, found in self._program.found(self).items():
            if isinstance(key, str):
                yield key, self._program.model.named[key], found
                continue
            name, column = key
            part = self._program.model.named[name]
            assert isinstance(part, ir.Table)
            yield name if len(part.outputs) == 1 else f"{name}.{column}", part, found

    # -------------------------------------------------------------- what was asked

    @property
    def as_of(self) -> datetime | None:
        """The instant for which was decided, in UTC; None may stand where the definition never looks at it."""
        as_of = self._told[3]
        return None if as_of is None else self._program.moment(as_of)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What could not be used, with `strict=False`."""
        return tuple(self._told[5] or ())

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields and feeds that could change the verdict, the most telling first.

        Without a `decide`, those that could change a clause that is unknown. Decides again by the slow way.
        """
        return missing_of(self._again())

    def explain(self) -> Reasons:
        """Return why it is so: with `str`, the text that `mql explain` prints.

        Raises:
            RuntimeError: The lead or its events were changed since, and would be decided differently now.
        """
        return Reasons(self._again())

    def _again(self) -> Evaluation:
        """Return the evaluation by the reference of what was handed in; made once."""
        try:
            return self._evaluation
        except AttributeError:
            evaluation = evaluation_of(self._program.model, self._told[:ASKED])
        judged = evaluation.judged()
        answers = tuple(judged.clauses[name].answer.value for name in self._program.clause_names)
        rows = {name: decided[0] for name, decided in self._program.decided(self).items()}
        if answers != self._answers or any(judged.decided[name].row != row for name, row in rows.items()):
            raise RuntimeError(
                "what was handed in has been changed since it was decided: decide again, then explain that decision"
            )
        self._evaluation = evaluation
        return evaluation

    # -------------------------------------------------------------- as data

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as JSON can hold it; docs/reference/decision-json.md tells the form."""
        model = self._program.model
        return {
            "schema": SCHEMA,
            "definition": {
                "title": model.header.title,
                "version": model.header.version,
                "fingerprint": fingerprint(model),
            },
            "as_of": plain(self.as_of),
            "verdict": self.verdict,
            "certain": self.certain,
            "could_be": list(self.could_be),
            "due_at": plain(self.due_at),
            "team": self.team,
            "because": self.because,
            "outcomes": {name: _outcome_object(outcome) for name, outcome in self.outcomes.items()},
            "clauses": {name: ANSWERS[answer] for name, answer in self.clauses.items()},
            "scores": {name: finite(score) for name, score in self.scores.items()},
            "grades": self.grades,
            "values": {name: plain(value) for name, value in self.values.items()},
            "bounds": {name: [finite(low), finite(high)] for name, (low, high) in self.bounds.items()},
            "notes": [
                {"field": note.field, "value": _raw(note.value), "expected": note.expected}
                for note in self.notes
            ],
        }

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Decision) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # equal by a dictionary, so not to be hashed

    def __repr__(self) -> str:
        return f"Decision(verdict={self.verdict!r}, certain={self.certain}, fired={self.fired!r})"

    def __getstate__(self) -> object:
        return self._program.model, self.verdict, self.fired, self._told

    def __setstate__(self, state: tuple[ir.Model, Any, Any, Any]) -> None:
        model, self.verdict, self.fired, self._told = state
        self._program = program(model, made=Decision)


def _value(found: Found) -> Value | None:
    return found.value if isinstance(found, Known) else None


def _bounds(found: Found) -> tuple[float, float] | None:
    match found:
        case AtLeast(least):
            return least, math.inf
        case Known(float()):
            bounds = bounds_of(found)
            return bounds.low, bounds.high
        case _:
            return None


def _outcome_object(outcome: Outcome) -> dict[str, object]:
    return {
        "outcome": outcome.outcome,
        "certain": outcome.certain,
        "could_be": list(outcome.could_be),
        "due_at": plain(outcome.due_at),
        "team": outcome.team,
        "because": outcome.because,
        "row": outcome.row,
    }


def _raw(value: object) -> object:
    """Return what was handed in as JSON can hold it: a text for all that is no text, truth value or number."""
    if isinstance(value, float):
        return finite(value) if math.isfinite(value) else str(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)
