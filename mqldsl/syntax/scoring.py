"""What was written, as values: scores, grades, matrices, tables and decisions."""

from typing import Literal, TypeAlias

import attrs

from mqldsl.syntax.tree import (
    Duration,
    Expression,
    Item,
    Items,
    Missing,
    Name,
    Node,
    NumberLiteral,
    Ref,
    TextLiteral,
)


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
    """`due within 60 minutes of last visit`; without a length, `due today`."""

    within: Duration | None
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
