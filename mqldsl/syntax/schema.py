"""What was written, as values: the head, what is known of a lead, lists, clauses and values."""

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
    TextLiteral,
)

# What an example or `missing means` gives.
ExampleValue: TypeAlias = Item | Items | Missing | NotSupplied


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
    """`text`, `one of (a < b)`, `set of text` and so on."""

    kind: Literal["text", "number", "money", "date", "time", "yes/no", "one of"]
    labels: tuple[Name, ...] = ()
    ordered: bool = False
    is_set: bool = False


@attrs.frozen
class MissingMeans(Node):
    """`missing means no`."""

    value: ExampleValue


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
