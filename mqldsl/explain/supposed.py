"""The same evaluation with some facts taken away, or supposed to be different.

A fact is one field of the lead or its company, or one selection of events; what is not a fact is
worked out from them, by the evaluator itself.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from mqldsl.evaluate.outcome import Absent, Chosen, Found, Gap, Known, Lack
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Event
from mqldsl.model import ir
from mqldsl.model.dependencies import fields_of, names_in, pieces
from mqldsl.model.types import Value

Fact: TypeAlias = ir.FieldValue | ir.Selection
_UNSEEN = Chosen(gaps=(Gap("events", None),))


class Supposed(Evaluation):
    """An evaluation that knows only some facts, or takes some to be other than they are."""

    def __init__(
        self,
        like: Evaluation,
        known: frozenset[Fact] | None = None,
        instead: Mapping[Fact, Value | None] | None = None,
    ) -> None:
        """Know only the facts in `known` (None: all); `instead` gives fields a value and selections a count."""
        super().__init__(like.model, like.situation)
        self._known = known
        self._instead = instead or {}
        self._is_inside = False

    def operand(self, node: ir.Operand, event: Event | None = None) -> Found:
        """Find the value of an operand, as far as it is known or supposed."""
        if isinstance(node, ir.FieldValue):
            if node in self._instead:
                return _supposed(node, self._instead[node])
            if self._known is not None and node not in self._known:
                return Absent(settled=False, lacks=frozenset({Lack(node.name, "field")}))
        return super().operand(node, event)

    def selection(self, node: ir.Selection) -> Chosen:
        """Choose what a selection holds; what it is made of is known with it."""
        if self._is_inside:
            return super().selection(node)
        if node in self._instead:
            count = self._instead[node]
            assert isinstance(count, float)
            return Chosen(tuple(Event("", self.situation.as_of) for _ in range(int(count))))
        if self._known is not None and node not in self._known:
            return _UNSEEN
        self._is_inside = True
        try:
            return super().selection(node)
        finally:
            self._is_inside = False


def _supposed(node: ir.FieldValue, value: Value | None) -> Found:
    if value is None:
        return Absent(settled=True, lacks=frozenset({Lack(node.name, "field", blank=True)}))
    return Known(value)


def facts_of_verdict(model: ir.Model) -> list[Fact]:
    """Return the facts that the verdict is made of, each once, in the order of the file."""
    assert model.verdict is not None
    wanted, seen = [model.verdict], set[str]()
    found: dict[Fact, int] = {}
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        wanted += names_in(model.named[name])
        for fact in _facts_in(model.named[name]):
            place = fact.place.span.start if fact.place is not None else 0
            found[fact] = min(place, found.get(fact, place))
    return sorted(found, key=lambda fact: found[fact])


def _facts_in(node: object) -> Iterator[Fact]:
    """Yield the fields and the outermost selections of a piece of meaning."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            stack.extend(top)
        elif isinstance(top, ir.FieldValue):
            yield top
        elif isinstance(top, ir.Selection):
            yield top
            # A field inside the brackets is a fact of its own.
            stack.extend(part for part in _inside(top) if isinstance(part, ir.FieldValue))
        elif isinstance(top, ir.Node):
            stack.extend(getattr(top, name) for name in fields_of(type(top)))


def _inside(selection: ir.Selection) -> Iterator[ir.Node]:
    return (part for part in pieces(selection) if part is not selection)
