"""What the parts of the writer share: a scope for brackets, and how they ask each other."""

from typing import Protocol

import attrs

from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.clock import Clock
from mqldsl.evaluate.sql.shapes import Chosen, Found, Truth
from mqldsl.evaluate.sql.streams import Idleness, Part, Stream
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import ir
from mqldsl.source.text import Place


class NotInSqlError(ValueError):
    """Something that no query says exactly; `what` names it, `place` is where the definition asks for it."""

    def __init__(self, what: str, place: Place | None = None) -> None:
        super().__init__(what)
        self.what, self.place = what, place


@attrs.frozen
class Brackets:
    """The brackets of a selection: names are looked for among the properties of its rows first."""

    stream: Stream


# None for a question about the lead itself.
Scope = Brackets | None


class Writing(Protocol):
    """One definition over one supply, while its query is written."""

    model: ir.Model
    supply: Supply
    board: Board
    clock: Clock

    def condition(self, node: ir.Condition, scope: Scope = None) -> Truth:
        """Return the terms of a condition."""

    def operand(self, node: ir.Operand, scope: Scope = None) -> Found:
        """Return the terms of an operand."""

    def selection(self, node: ir.Selection) -> Chosen:
        """Return which rows a selection holds."""

    def table(self, node: ir.Table) -> dict[str, Found]:
        """Return the outputs of a table."""

    def stream(self, parts: tuple[Part, ...]) -> Stream:
        """Return the stream of some parts, one for all who ask."""

    def idle_stream(self, idleness: Idleness) -> Stream:
        """Return the stream of idle stretches."""

    def lead_id(self) -> Term:
        """Return the id of the lead as text."""

    def of_people(self) -> "Writing":
        """Return the same about the people of the company, all at the instant of the one who asks."""
