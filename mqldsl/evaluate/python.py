"""The generated evaluator: from a model one Python function, as fast as code written by hand, with the same answers.

What the function writes out itself, and what it leaves to the reference, is told in docs/decisions/generated-python.md.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from mqldsl.evaluate.generated.function import Made, Maker
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Whole
from mqldsl.evaluate.generated.steps import CAN_BE
from mqldsl.evaluate.history import History
from mqldsl.evaluate.outcome import Absent, AtLeast, Bounds, Found, Known
from mqldsl.model import ir
from mqldsl.model.types import Value

__all__ = ["History", "Program", "program"]

Key: TypeAlias = str | tuple[str, str]
Decide: TypeAlias = Callable[..., Any]


class Program:
    """One model, ready to decide."""

    def __init__(self, model: ir.Model, made: type[Any]) -> None:
        """Take the model, and the class that a decision is made of."""
        self.model, self._made = model, made
        self._function: Made = Maker(model).made(made, self)
        self.decide: Decide = self._function.function
        self.clause_names = self._function.clauses
        self.decide_names = self._function.decides
        self.found_names: tuple[Key, ...] = tuple(key for key, _ in self._function.found)
        self._answers: dict[str, Decide] = {}

    @property
    def text(self) -> str:
        """The text of the function, for those who want to read it."""
        return self._function.text

    def clause(self, name: str) -> Decide:
        """Return the function that answers one clause; it looks at nothing else."""
        if name not in self._answers:
            self._answers[name] = Maker(self.model, name).made(self._made, self).function
        return self._answers[name]

    def found(self, raw: tuple[Any, ...]) -> dict[Key, Found]:
        """Return what was found, by name."""
        return {key: _found(shape, each) for (key, shape), each in zip(self._function.found, raw, strict=True)}

    def can_be(self, decision: Any) -> dict[str, frozenset[bool]]:  # noqa: ANN401 # what was handed in to be made
        """Return the answers that are possible for each clause."""
        states = iter(decision._states)  # noqa: SLF001 # its slots are for this
        answers = zip(self.clause_names, self._function.truths, decision._answers, strict=True)  # noqa: SLF001
        return {name: CAN_BE[next(states) if truth.may_open else answer] for name, truth, answer in answers}


def _found(shape: Shape, raw: Any) -> Found:  # noqa: ANN401 # as its shape says
    match shape:
        case Whole():
            found: Found = raw
            return found
        case Plain():
            return Absent(settled=False) if raw is None else Known(_value(raw))
        case Counted():
            count, is_open = raw
            if count is None:
                return Absent(settled=False)
            return AtLeast(float(count)) if is_open else Known(float(count))
        case Ranged():
            value, low, high = raw
            if value is None:
                return Absent(settled=False)
            return Known(float(value), None if low == high else Bounds(float(low), float(high)))
        case Chosen():
            value, possible = raw
            return Absent(settled=False) if value is None else Known(_value(value), possible)


def _value(raw: Value) -> Value:
    return float(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


_MOST_REMEMBERED = 4_096
_PROGRAMS: dict[tuple[int, type[Any]], Program] = {}


def program(model: ir.Model, made: type[Any]) -> Program:
    """Return the program of a model, made once; decisions are made of `made`."""
    found = _PROGRAMS.get((id(model), made))
    if found is None or found.model is not model:
        if len(_PROGRAMS) >= _MOST_REMEMBERED:
            _PROGRAMS.clear()
        found = _PROGRAMS[id(model), made] = Program(model, made)
    return found
