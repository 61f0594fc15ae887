"""What a random definition has declared so far, and where an expression stands."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias, TypeVar

import attrs

from mqldsl.model.types import Type
from mqldsl.testing.choices import Choices
from mqldsl.testing.writing.words import unquoted

T = TypeVar("T")

# Which windows the selections of an operand have: each its own, all the one behind the comparison, none, any.
Windows: TypeAlias = Literal["own", "shared", "none", "free"]


@attrs.frozen
class Kind:
    """Events or records that can be named: a declared kind, or a named selection.

    A `plain` one may stand behind `account.`; people are records that `are_people`.
    """

    name: str
    plural: str
    properties: Mapping[str, Type] = attrs.field(factory=dict)
    timed: bool = True
    of_account: bool = False
    plain: bool = True
    asks_people: bool = False
    are_people: bool = False


@attrs.frozen
class Ref:
    """Something with a value that can be named, as it is written; `word` is what declares it.

    One that is `never_missing` has no cell `missing` in a table: it would match nothing.
    """

    text: str
    type: Type
    word: str
    asks_people: bool = False
    # Of a grade, best first.
    bands: tuple[str, ...] = ()
    never_missing: bool = False

    @property
    def name(self) -> str:
        """The name that a property of the same name would hide."""
        return "" if "." in self.text else unquoted(self.text)


@attrs.frozen
class At:
    """Where an expression stands: inside an event's brackets its properties come first."""

    properties: Mapping[str, Type] = attrs.field(factory=dict)
    in_people: bool = False
    in_brackets: bool = False


LEAD = At()


def anything(_: object) -> bool:
    """Say yes: whatever it is, it will do."""
    return True


class Writer(ABC):
    """What all parts of the generator share: the choices, and what can be named."""

    def __init__(self, choices: Choices) -> None:
        """Take what chooses."""
        self.pick = choices.pick
        self.count = choices.count
        self.chance = choices.chance
        self.refs: list[Ref] = []
        self.kinds: list[Kind] = []
        self.text_lists: list[str] = []  # with wildcards too
        self.needle_lists: list[str] = []
        self.number_lists: list[str] = []
        self.label_lists: dict[Type, str] = {}
        self.lengths: Sequence[str] = ()
        self.has_hours = False
        self.asks_people = False  # whether what is being written does, somewhere inside
        self.shares_window = False  # whether a selection waits for the window behind its comparison

    def known(self, at: At, wanted: Callable[[Type], bool], *words: str) -> list[Ref]:
        """Return what can be named at a place: not what a property hides, nor people inside people."""
        return [
            ref
            for ref in self.refs
            if wanted(ref.type)
            and (not words or ref.word in words)
            and ref.name not in at.properties
            and not (at.in_people and ref.asks_people)
        ]

    def named(self, ref: Ref) -> str:
        """Return a name as it is written, and note what it asks about."""
        self.asks_people |= ref.asks_people
        return ref.text

    def kinds_at(self, at: At, wanted: Callable[[Kind], bool]) -> list[Kind]:
        """Return the events and records that can be named at a place."""
        return [kind for kind in self.kinds if wanted(kind) and not (at.in_people and kind.asks_people)]

    def properties(self, at: At, wanted: Callable[[Type], bool]) -> list[str]:
        """Return the properties in sight that have a wanted type."""
        return [name for name, kind in at.properties.items() if wanted(kind)]

    def label(self) -> str:
        """Return what may stand behind a declared name."""
        return self.pick(("", "", ' "Label"'))

    @abstractmethod
    def condition(self, at: At, depth: int) -> str:
        """Return a condition, perhaps of several joined by `and` or `or`."""

    @abstractmethod
    def simple(self, at: At, depth: int) -> str:
        """Return a condition that may be joined to others without brackets."""

    @abstractmethod
    def operand(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        """Return an operand of a type that may stand in arithmetic and lists without brackets."""
