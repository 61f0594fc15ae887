"""What an evaluation finds: answers, values, what they lack, and what else they could be."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Literal, Protocol, TypeAlias

import attrs

from mqldsl.evaluate.situation import Event, Lead, Situation
from mqldsl.model import ir
from mqldsl.model.types import Value


@attrs.frozen(order=True)
class Lack:
    """A fact that is not there: `budget`, `account.revenue`, `visit.page`, or the feed `visit`.

    `blank` where it was asked for and is empty; otherwise it was never supplied, or reaches not far enough.
    """

    name: str
    kind: Literal["field", "account", "property", "feed", "people"]
    blank: bool = False


Lacks: TypeAlias = frozenset[Lack]
NOTHING: Lacks = frozenset()

# ------------------------------------------------------------------ conditions

YES = frozenset({True})
NO = frozenset({False})
EITHER = frozenset({True, False})


@attrs.frozen
class Answer:
    """Yes (True), no (False) or unknown (None), and the answers that are still possible."""

    value: bool | None
    can_be: frozenset[bool]
    lacks: Lacks = NOTHING

    @property
    def is_open(self) -> bool:
        """Whether both answers are still possible."""
        return len(self.can_be) > 1


def unknown(lacks: Lacks) -> Answer:
    """Return the answer that is not known because of `lacks`."""
    return Answer(None, EITHER, lacks)


YES_ANSWER = Answer(True, YES)


def answer(value: bool) -> Answer:
    """Return a sure answer."""
    return Answer(value, YES if value else NO)


def counted(answers: list[Answer], least: int, most: int) -> Answer:
    """Return whether at least `least` and at most `most` of the answers are yes."""
    sure = sum(each.value is True for each in answers)
    open_ = sum(each.value is None for each in answers)
    must = sum(each.can_be == YES for each in answers)
    can = sum(True in each.can_be for each in answers)
    value: bool | None = None
    if sure >= least and sure + open_ <= most:
        value = True
    elif sure + open_ < least or sure > most:
        value = False
    can_be = frozenset(
        held
        for held, is_possible in (
            (True, must <= most and can >= least),
            (False, not (must >= least and can <= most)),
        )
        if is_possible
    )
    lacks = (
        frozenset(lack for each in answers if each.is_open for lack in each.lacks)
        if len(can_be) > 1
        else NOTHING
    )
    return Answer(value, EITHER if value is None else can_be, lacks)


@attrs.frozen(eq=False)
class Outcome:
    """A condition with its answer, and the outcomes of the conditions that it is made of."""

    node: ir.Condition
    answer: Answer
    parts: tuple["Outcome", ...] = ()


# ------------------------------------------------------------------ operands


@attrs.frozen
class Bounds:
    """The least and the greatest number that is still possible."""

    low: float
    high: float


class Anything(Enum):
    """What is possible where no list and no bounds tell it: each value of a type, or also that there is none."""

    VALUE = "any value"
    OR_NONE = "any value, or none"


Possible: TypeAlias = Bounds | frozenset[Value] | Anything


@attrs.frozen
class Known:
    """A value; `possible` tells what else it could be, where that is more than the value."""

    value: Value
    possible: Possible | None = None
    lacks: Lacks = NOTHING

    @property
    def is_open(self) -> bool:
        """Whether anything else than the value is possible."""
        match self.possible:
            case Bounds(low, high):
                return low != high
            case frozenset() as possible:
                return not possible <= {self.value}
            case other:
                return other is not None

    @property
    def may_lack(self) -> bool:
        """Whether it could also be that there is no value."""
        return self.possible is Anything.OR_NONE


@attrs.frozen
class AtLeast:
    """A count of which only this much is sure."""

    least: float
    lacks: Lacks = NOTHING


@attrs.frozen
class Absent:
    """No value; `settled` where no further data could bring one."""

    settled: bool
    lacks: Lacks = NOTHING


Found: TypeAlias = Known | AtLeast | Absent


def bounds_of(known: Known) -> Bounds:
    """Return the bounds of a number."""
    if isinstance(known.possible, Bounds):
        return known.possible
    assert isinstance(known.value, float)
    if isinstance(known.possible, Anything):
        return Bounds(-math.inf, math.inf)
    return Bounds(known.value, known.value)


def values_of(known: Known) -> frozenset[Value]:
    """Return all that a value could be, where that can be listed."""
    return known.possible if isinstance(known.possible, frozenset) else frozenset({known.value})


def joined(found: Iterable[Found]) -> Possible:
    """Return everything that any of these could be; a count of which only the least is sure is no value."""
    known: list[Known] = []
    for each in found:
        if not isinstance(each, Known) or each.may_lack:
            return Anything.OR_NONE
        known.append(each)
    if any(isinstance(each.possible, Anything) for each in known):
        return Anything.VALUE
    if all(isinstance(each.value, float) for each in known):
        ranges = [bounds_of(each) for each in known]
        return Bounds(min(each.low for each in ranges), max(each.high for each in ranges))
    return frozenset(value for each in known for value in values_of(each))


# ------------------------------------------------------------------ selections


@attrs.frozen
class Gap:
    """Events of a kind that may have happened unseen: up to `until` (a feed that goes not further back), or ever."""

    kind: str
    until: datetime | None


Member: TypeAlias = Event | Lead


@attrs.frozen(eq=False)
class Chosen:
    """What a selection holds.

    `members` are sure, `maybe` may belong to it, and `gaps` tell where more may be unseen. With `absent` there is
    nothing to select from: the lead has no company. Where a score decides who belongs, its bounds leave some
    `doubtful` (members that may not belong) and some `unlikely` (no members, and may). What is missing is told for
    each of these, by its identity, in `lacks_of`; `lacks` keep the selection as a whole in doubt.
    """

    members: tuple[Member, ...] = ()
    maybe: tuple[Member, ...] = ()
    gaps: tuple[Gap, ...] = ()
    lacks: Lacks = NOTHING
    absent: Absent | None = None
    doubtful: tuple[Member, ...] = ()
    unlikely: tuple[Member, ...] = ()
    lacks_of: Mapping[int, Lacks] = attrs.field(factory=dict)

    def plainly(self) -> "Chosen":
        """Return the same with all that is in doubt among those that may belong."""
        if not self.doubtful and not self.unlikely:
            return self
        in_doubt = frozenset(id(member) for member in self.doubtful)
        members = tuple(member for member in self.members if id(member) not in in_doubt)
        maybe = (*self.maybe, *self.doubtful, *self.unlikely)
        return Chosen(members, maybe, self.gaps, self.lacks, self.absent, lacks_of=self.lacks_of)

    @property
    def is_exact(self) -> bool:
        """Whether nothing else can belong to the selection."""
        return not self.maybe and not self.gaps

    @property
    def open_lacks(self) -> Lacks:
        """What keeps open who belongs to the selection, of those that are seen."""
        in_doubt = (*self.maybe, *self.doubtful, *self.unlikely)
        found = (self.lacks_of.get(id(member), NOTHING) for member in in_doubt)
        return self.lacks.union(*found) if in_doubt else NOTHING

    @property
    def all_lacks(self) -> Lacks:
        """Everything that keeps the selection from being exact."""
        feeds = frozenset(Lack(gap.kind, "people" if gap.kind == "people" else "feed") for gap in self.gaps)
        return self.open_lacks | feeds


class Asking(Protocol):
    """What the parts of the reference evaluator ask of each other, about one situation."""

    model: ir.Model
    situation: Situation

    def condition(self, node: ir.Condition, event: Event | None = None) -> Outcome:
        """Answer a condition; `event` is the one whose brackets it stands in."""

    def operand(self, node: ir.Operand, event: Event | None = None) -> Found:
        """Find the value of an operand."""

    def selection(self, node: ir.Selection) -> Chosen:
        """Choose what a selection holds."""

    def about(self, lead: Lead) -> "Asking":
        """Ask the same about another lead of the company, at the same instant."""
