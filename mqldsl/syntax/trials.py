"""What was written, as values: examples and promises."""

from typing import Literal, TypeAlias

import attrs

from mqldsl.syntax.schema import ExampleValue
from mqldsl.syntax.tree import (
    DateLiteral,
    Duration,
    Expression,
    Name,
    Node,
    Ref,
    TimeLiteral,
)

Moment: TypeAlias = DateLiteral | TimeLiteral

# ------------------------------------------------------------------ examples and promises


@attrs.frozen
class Pair(Node):
    """`FIELD VALUE`."""

    name: Name
    value: ExampleValue


@attrs.frozen
class AtLine(Node):
    """`at 2026-03-10 09:00`."""

    moment: Moment


@attrs.frozen
class FactsLine(Node):
    """`lead FIELD VALUE, …` or `account FIELD VALUE, …`."""

    owner: Literal["lead", "account"]
    pairs: tuple[Pair, ...]


@attrs.frozen
class HappenedLine(Node):
    """`visit 10d ago, at T with page "/x"`; a record has no stamps."""

    kind: Name
    stamps: tuple[Duration | Moment, ...]
    pairs: tuple[Pair, ...] = ()


@attrs.frozen
class Person(Node):
    """Another lead of the company, with its events."""

    lead: FactsLine
    happened: tuple[HappenedLine, ...] = ()


@attrs.frozen
class PeopleLine(Node):
    """`people:` and who they are."""

    people: tuple[Person, ...]


@attrs.frozen
class FeedsLine(Node):
    """`feeds none`, `feeds visit, webinar`."""

    kinds: tuple[Name, ...]


ExpectedKind: TypeAlias = Literal[
    "yes", "no", "unknown", "value", "not value", "missing", "could be", "change", "due", "to"
]


@attrs.frozen
class Expected(Node):
    """One expectation.

    The last four speak of the verdict: what it could be, when it changes, its deadline, its team.
    """

    kind: ExpectedKind
    name: Ref | None = None
    value: "ExampleValue | DateLiteral | TimeLiteral | None" = None


@attrs.frozen
class ExpectLine(Node):
    """`expect …`."""

    expected: tuple[Expected, ...]


ExampleLine: TypeAlias = AtLine | FactsLine | HappenedLine | PeopleLine | FeedsLine | ExpectLine


@attrs.frozen
class Example(Node):
    """`example "…":` lines."""

    title: str
    lines: tuple[ExampleLine, ...]


@attrs.frozen
class MorePromise(Node):
    """`more EVENTS never lowers|changes X`."""

    events: Expression
    effect: Literal["lowers", "changes"]
    name: Name


@attrs.frozen
class HigherPromise(Node):
    """`higher FIELD never lowers X`."""

    field: Ref
    effect: Literal["lowers", "changes"]
    name: Name


@attrs.frozen
class SamePromise(Node):
    """`FIELD never changes X`."""

    field: Ref
    name: Name


@attrs.frozen
class AlwaysPromise(Node):
    """`always COND when COND`, `never COND when COND`."""

    polarity: bool
    condition: Expression
    when: Expression | None = None


PromiseBody: TypeAlias = MorePromise | HigherPromise | SamePromise | AlwaysPromise


@attrs.frozen
class Promise(Node):
    """`promise "…": BODY`."""

    title: str
    body: PromiseBody
