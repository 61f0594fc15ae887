"""What was written, as values: the declarations of a file."""

from datetime import time
from typing import Literal, TypeAlias

import attrs

from mqldsl.syntax.tree import (
    DateLiteral,
    Duration,
    Expression,
    Item,
    Items,
    Missing,
    Name,
    Node,
    NotSupplied,
    NumberLiteral,
    Ref,
    TextLiteral,
    TimeLiteral,
)

Moment: TypeAlias = DateLiteral | TimeLiteral

# ------------------------------------------------------------------ header


@attrs.frozen
class Owners(Node):
    """`owners sales, marketing`."""

    names: tuple[str, ...]


@attrs.frozen
class Effective(Node):
    """`effective 2026-03-01 to 2026-12-31`."""

    start: DateLiteral
    end: DateLiteral | None = None


@attrs.frozen
class TimeZone(Node):
    """`time zone "Europe/London"`."""

    name: TextLiteral


@attrs.frozen
class Currency(Node):
    """`currency GBP`."""

    code: Name


@attrs.frozen
class BusinessHours(Node):
    """`business hours mon-fri 09:00-17:30`; days count from Monday, 0."""

    first_day: int
    last_day: int
    opens: time
    closes: time


@attrs.frozen
class Review(Node):
    """`review every 90d`."""

    every: Duration


@attrs.frozen
class Agreed(Node):
    """`agreed by sales on 2026-03-01 as "HASH"`."""

    by: str
    on: DateLiteral
    fingerprint: str


HeaderLine: TypeAlias = Owners | Effective | TimeZone | Currency | BusinessHours | Review | Agreed


@attrs.frozen
class Header(Node):
    """`definition "TITLE" version N` and its lines."""

    title: str
    version: NumberLiteral
    lines: tuple[HeaderLine, ...] = ()


@attrs.frozen
class Use(Node):
    """`use "shared/lists.mql"`."""

    path: TextLiteral


# ------------------------------------------------------------------ what is known


@attrs.frozen
class TypeName(Node):
    """`text`, `one of (a < b)`, `set of text` …"""

    kind: Literal["text", "number", "money", "date", "time", "yes/no", "one of"]
    labels: tuple[Name, ...] = ()
    ordered: bool = False
    is_set: bool = False


@attrs.frozen
class MissingMeans(Node):
    """`missing means no`."""

    value: "ExampleValue"


@attrs.frozen
class MissingWhen(Node):
    """`missing when "Select", "N/A"`."""

    values: tuple[Item, ...]


@attrs.frozen
class Required(Node):
    """`required`."""


@attrs.frozen
class FromColumn(Node):
    """`from "COLUMN NAME"`."""

    column: str


FieldOption: TypeAlias = MissingMeans | MissingWhen | Required | FromColumn


@attrs.frozen
class Field(Node):
    """One line of `lead:` or `account:`."""

    name: Name
    label: str | None
    type: TypeName
    options: tuple[FieldOption, ...] = ()


@attrs.frozen
class Fields(Node):
    """`lead:` or `account:` with its fields."""

    owner: Literal["lead", "account"]
    fields: tuple[Field, ...]


@attrs.frozen
class Property(Node):
    """`page text`."""

    name: Name
    type: TypeName


@attrs.frozen
class Event(Node):
    """`event NAME (PLURAL): properties, kept for D`, also `record` and with `account` before it."""

    name: Name
    label: str | None
    plural: Name | None
    properties: tuple[Property, ...]
    kept: Duration | None
    of_account: bool
    timed: bool


@attrs.frozen
class NamedSelection(Node):
    """`event NAME: SELECTION where COND`; `members` where it is `any of (a, b)`."""

    name: Name
    label: str | None
    plural: Name | None
    members: tuple[Expression, ...]
    where: Expression | None
    of_account: bool
    timed: bool


@attrs.frozen
class ListOf(Node):
    """`list NAME: items`."""

    name: Name
    label: str | None
    items: tuple[Item, ...]


@attrs.frozen
class ListFile(Node):
    """`list NAME from "PATH.csv" column C`."""

    name: Name
    label: str | None
    path: TextLiteral
    column: str | None


# ------------------------------------------------------------------ what is meant


@attrs.frozen
class Clause(Node):
    """`clause NAME: COND, if unknown no`."""

    name: Name
    label: str | None
    condition: Expression
    if_unknown: bool | None = None


@attrs.frozen
class ValueRow(Node):
    """`EXPR when COND`, `otherwise EXPR`, or the one `EXPR` that is the whole value."""

    value: Expression
    condition: Expression | None
    otherwise: bool = False


@attrs.frozen
class Value(Node):
    """`value NAME: EXPR` (one row without condition), or rows."""

    name: Name
    label: str | None
    rows: tuple[ValueRow, ...]


@attrs.frozen
class Decay(Node):
    """`halving every D`, `losing 5 every D`, `losing 10% every D`; of a score with `without S`."""

    kind: Literal["halving", "losing points", "losing share"]
    amount: float
    every: Duration
    without: Expression | None = None


@attrs.frozen
class AtMostPer(Node):
    """`once per D`, `at most N per D`."""

    number: int
    span_length: Duration


@attrs.frozen
class UpTo(Node):
    """`up to CAP`."""

    cap: NumberLiteral


@attrs.frozen
class Because(Node):
    """`because "…"`."""

    text: str


RowOption: TypeAlias = Decay | AtMostPer | UpTo | Because


@attrs.frozen
class WhenRow(Node):
    """`+40 when COND`."""

    points: float
    condition: Expression
    options: tuple[RowOption, ...] = ()


@attrs.frozen
class PerRow(Node):
    """`+5 per visit within 30d`; with `unit`, `+2 per 10 of total seconds of visits`."""

    points: float
    of: Expression
    unit: float | None = None
    options: tuple[RowOption, ...] = ()


@attrs.frozen
class ByCase(Node):
    """`20 from 1000`, `20 for (a, b)`, `2 for missing`, `otherwise 0`."""

    points: float
    start: float | None = None
    values: "Items | Name | Missing | None" = None


@attrs.frozen
class ByRow(Node):
    """`by X: cases`."""

    of: Expression
    cases: tuple[ByCase, ...]
    options: tuple[RowOption, ...] = ()


@attrs.frozen
class FirstOf(Node):
    """`first of:` rows."""

    rows: tuple["ScoreRow", ...]


@attrs.frozen
class Group(Node):
    """`group "LABEL" from LOW up to CAP:` rows."""

    label: str
    low: float | None
    cap: float | None
    rows: tuple["ScoreRow", ...]


ScoreRow: TypeAlias = WhenRow | PerRow | ByRow | FirstOf | Group


@attrs.frozen
class Score(Node):
    """`score NAME from LOW to HIGH, halving every D without S:` rows."""

    name: Name
    label: str | None
    low: float | None
    high: float | None
    decays: tuple[Decay, ...]
    rows: tuple[ScoreRow, ...]


@attrs.frozen
class Band(Node):
    """`A from 80`; `otherwise D` has no start."""

    label: Name
    start: float | None


@attrs.frozen
class Grade(Node):
    """`grade NAME of X: bands, otherwise LABEL`."""

    name: Name
    label: str | None
    of: Ref
    bands: tuple[Band, ...]


@attrs.frozen
class MatrixRow(Node):
    """One row of a matrix, its first cell apart."""

    head: Name
    cells: tuple[Name, ...]


@attrs.frozen
class Matrix(Node):
    """`matrix NAME of G1 by G2:` head and rows."""

    name: Name
    label: str | None
    rows_of: Ref
    columns_of: Ref
    head: tuple[Name, ...]
    rows: tuple[MatrixRow, ...]


@attrs.frozen
class AnyCell(Node):
    """The cell `any`."""


@attrs.frozen
class BoundCell(Node):
    """The cell `>= 100`."""

    operator: str
    bound: Item


@attrs.frozen
class RangeCell(Node):
    """The cell `100 to 500`."""

    low: Item
    high: Item


Cell: TypeAlias = Items | Missing | AnyCell | BoundCell | RangeCell


@attrs.frozen
class TableRow(Node):
    """One row of a table."""

    cells: tuple[Cell, ...]


@attrs.frozen
class Table(Node):
    """`table NAME by … gives …:` rows, or `from "PATH.csv"`."""

    name: Name
    label: str | None
    by: tuple[Ref, ...]
    gives: tuple[Name, ...]
    head: tuple[Ref, ...] = ()
    rows: tuple[TableRow, ...] = ()
    path: TextLiteral | None = None


@attrs.frozen
class Due(Node):
    """`due within 60 minutes of last visit`."""

    within: Duration
    last: Expression | None = None


@attrs.frozen
class Team(Node):
    """`to west`, `to "West office"`, `to price.team`."""

    team: TextLiteral | Ref


@attrs.frozen
class Evenly(Node):
    """`to evenly (ann, bob)`."""

    teams: tuple[str, ...]


DecideOption: TypeAlias = Due | Team | Evenly | Because


@attrs.frozen
class DecideRow(Node):
    """`OUTCOME when COND, options`; the last one, `otherwise OUTCOME`, has no condition."""

    outcome: Name
    condition: Expression | None
    options: tuple[DecideOption, ...] = ()


@attrs.frozen
class Decide(Node):
    """`decide NAME:` rows."""

    name: Name
    label: str | None
    rows: tuple[DecideRow, ...]


# ------------------------------------------------------------------ examples and promises

ExampleValue: TypeAlias = Item | Items | Missing | NotSupplied


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


@attrs.frozen
class Expected(Node):
    """One expectation.

    `kind` is `yes`, `no`, `unknown`, `value`, `not value`, `missing`, `could be` or `change`.
    """

    kind: Literal["yes", "no", "unknown", "value", "not value", "missing", "could be", "change"]
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


Declaration: TypeAlias = (
    Header
    | Use
    | Fields
    | Event
    | NamedSelection
    | ListOf
    | ListFile
    | Clause
    | Value
    | Score
    | Grade
    | Matrix
    | Table
    | Decide
    | Example
    | Promise
)


@attrs.frozen
class File(Node):
    """The declarations of one text that could be read, in its order."""

    declarations: tuple[Declaration, ...]
