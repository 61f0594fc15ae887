"""The generated evaluator: from a model one Python function, as fast as code written by hand, with the same answers.

What the function writes out itself, and what it leaves to the reference, is told in docs/decisions/generated-python.md.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from mqldsl.evaluate.generated.function import FEW_CLAUSES, Made, Maker
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Whole, codes_of
from mqldsl.evaluate.generated.steps import CAN_BE, State, could_be_first
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.history import History
from mqldsl.evaluate.outcome import Absent, Anything, AtLeast, Bounds, Found, Known
from mqldsl.model import ir
from mqldsl.model.types import Value

__all__ = ["History", "Program", "program"]

_MOST_REMEMBERED = 4_096

Key: TypeAlias = str | tuple[str, str]
# The row, every outcome that is possible, the deadline and the team.
DecidedRow: TypeAlias = tuple[int, tuple[str, ...], datetime | None, str | None]
# How much of what is told is what was asked: the lead, its events, its company, as-of, the feeds, and the notes.
ASKED = 6
Decide: TypeAlias = Callable[..., Any]


class Program:
    """One model, ready to decide."""

    def __init__(self, model: ir.Model, made: type[Any]) -> None:
        """Take the model, and the class that a decision is made of."""
        self.model, self._made = model, made
        self._function: Made = Maker(model).made(made, self)
        self._giver = Giver(model)
        self.decide: Decide = self._function.function
        self.clause_names = self._function.clauses
        self.decide_names = tuple(name for name, _ in self._function.decides)
        self._places = self._found_places()
        self._scores = tuple((str(key), place) for key, place in self._places_of(ir.Score))
        self._grades = tuple((str(key), place) for key, place in self._places_of(ir.Grade, ir.Matrix))
        self._rows = self._decided_rows()
        self._answers: dict[str, Decide] = {}

    @property
    def text(self) -> str:
        """The text of the function, for those who want to read it; made anew, so that it fills no memory."""
        return Maker(self.model).text()

    def clause(self, name: str) -> Decide:
        """Return the function that answers one clause; it looks at nothing else."""
        if name not in self._answers:
            self._answers[name] = Maker(self.model, name).made(self._made, self).function
        return self._answers[name]

    def moment(self, as_of: datetime) -> datetime:
        """Return the instant of an as-of that was handed in; `LeadError` where it is none."""
        return self._giver.moment(as_of)

    def answers(self, decision: Any) -> tuple[bool | None, ...]:  # noqa: ANN401 # what was handed in to be made
        """Return the answer of each clause."""
        told, count = decision._told, len(self.clause_names)  # noqa: SLF001 # its slots are for this
        found: tuple[bool | None, ...] = told[ASKED] if count > FEW_CLAUSES else told[ASKED : ASKED + count]
        return found

    def can_be(self, decision: Any) -> dict[str, frozenset[bool]]:  # noqa: ANN401 # as above
        """Return the answers that are possible for each clause."""
        told = self._told(decision)
        answers = zip(self.clause_names, self._function.truths, self.answers(decision), strict=True)
        return {name: CAN_BE[next(told) if truth.may_open else answer] for name, truth, answer in answers}

    def found(self, decision: Any) -> dict[Key, Found]:  # noqa: ANN401 # as above
        """Return what was found, by name."""
        told = decision._told  # noqa: SLF001 # as above
        return {key: _found(shape, told[place:]) for key, shape, place in self._places}

    def scores(self, decision: Any) -> dict[str, float]:  # noqa: ANN401 # as above
        """Return the scores."""
        told = decision._told  # noqa: SLF001 # as above
        return {name: told[place] for name, place in self._scores}

    def grades(self, decision: Any) -> dict[str, str | None]:  # noqa: ANN401 # as above
        """Return the labels of grades and matrices, None where one is missing."""
        told = decision._told  # noqa: SLF001 # as above
        return {name: told[place] for name, place in self._grades}

    def _found_places(self) -> tuple[tuple[Key, Shape, int], ...]:
        count = len(self.clause_names)
        place = ASKED + (1 if count > FEW_CLAUSES else count)
        place += sum(truth.may_open for truth in self._function.truths)
        places = []
        for key, shape in self._function.found:
            places.append((key, shape, place))
            place += len(codes_of(shape))
        return tuple(places)

    def _places_of(self, *kinds: type) -> Iterator[tuple[Key, int]]:
        named = self.model.named
        for key, _, place in self._places:
            if isinstance(named[key if isinstance(key, str) else key[0]], kinds):
                yield key, place

    def _decided_rows(self) -> dict[str, tuple[slice, tuple[str, ...]]]:
        """Return where each decision is told, from the end, and the outcomes of its rows."""
        rows = {}
        for place, name in enumerate(reversed(self.decide_names), 1):
            decide = self.model.named[name]
            assert isinstance(decide, ir.Decide)
            where = slice(-4 * place, -4 * (place - 1) or None)
            rows[name] = where, tuple(row.outcome for row in decide.rows)
        return rows

    def decided(self, decision: Any) -> dict[str, DecidedRow]:  # noqa: ANN401 # as above
        """Return the row of each decision, every outcome that is possible, its deadline and its team."""
        return {name: self.row_of(decision, name) for name in self.decide_names}

    def row_of(self, decision: Any, name: str) -> DecidedRow:  # noqa: ANN401 # as above
        """Return the same of one decision."""
        where, outcomes = self._rows[name]
        row, states, due_at, team = decision._told[where]  # noqa: SLF001 # as above
        return row, (outcomes[row],) if states is None else _possible(outcomes, states), due_at, team

    def _told(self, decision: Any) -> Iterator[Any]:  # noqa: ANN401 # as above
        count = len(self.clause_names)
        return iter(decision._told[ASKED + (1 if count > FEW_CLAUSES else count) :])  # noqa: SLF001 # as above


@lru_cache(1_024)
def _possible(outcomes: tuple[str, ...], states: tuple[State, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(outcomes[row] for row in could_be_first(states)))


def _found(shape: Shape, raw: tuple[Any, ...]) -> Found:
    match shape:
        case Whole():
            found: Found = raw[0]
            return found
        case Plain():
            return Absent(settled=False) if raw[0] is None else Known(_value(raw[0]))
        case Counted():
            count, is_open = raw[:2]
            if count is None:
                return Absent(settled=False)
            return AtLeast(float(count)) if is_open else Known(float(count))
        case Ranged():
            value, low, high = raw[:3]
            if value is None:
                return Absent(settled=False)
            if shape.gone and raw[3]:
                return Known(float(value), Anything.OR_NONE)
            return Known(float(value), None if low == high else Bounds(float(low), float(high)))
        case Chosen():
            value, possible = raw[:2]
            return Absent(settled=False) if value is None else Known(_value(value), possible)


def _value(raw: Any) -> Value:  # noqa: ANN401 # a value, or a count
    # A count is a whole number of Python.
    value: Value = float(raw) if type(raw) is int else raw
    return value


_PROGRAMS: dict[tuple[int, type[Any]], Program] = {}


def program(model: ir.Model, made: type[Any]) -> Program:
    """Return the program of a model, made once; decisions are made of `made`."""
    found = _PROGRAMS.get((id(model), made))
    if found is None or found.model is not model:
        if len(_PROGRAMS) >= _MOST_REMEMBERED:
            _PROGRAMS.clear()
        found = _PROGRAMS[id(model), made] = Program(model, made)
    return found
