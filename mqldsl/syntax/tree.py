"""What was written, as values: expressions, windows and literals.

Declarations are in `declarations`. Nodes that differ only in their place are equal.
"""

from datetime import date, datetime
from typing import Literal, TypeAlias

import attrs

from mqldsl.source.text import NOWHERE, Span


@attrs.frozen
class Node:
    """A place in the text; two nodes that differ only here are the same node."""

    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False, kw_only=True)


@attrs.frozen
class Name(Node):
    """A name as written; `quoted` where it stood in backquotes."""

    text: str
    quoted: bool = False


# ------------------------------------------------------------------ literals


@attrs.frozen
class NumberLiteral(Node):
    """A number; suffixes and `%` are already worked in."""

    value: float


@attrs.frozen
class TextLiteral(Node):
    """A quoted text, escapes resolved."""

    value: str


@attrs.frozen
class DateLiteral(Node):
    """A day."""

    value: date


@attrs.frozen
class TimeLiteral(Node):
    """A local time in the definition's zone."""

    value: datetime


@attrs.frozen
class YesNoLiteral(Node):
    """`yes` or `no`."""

    value: bool


@attrs.frozen
class Missing(Node):
    """The word `missing` where a value is due."""


@attrs.frozen
class NotSupplied(Node):
    """The words `not supplied` in an example."""


@attrs.frozen
class Duration(Node):
    """A whole number of one unit: `minute hour day week month year`, `business hour`, `business day`."""

    count: int
    unit: str


Constant: TypeAlias = NumberLiteral | TextLiteral | DateLiteral | TimeLiteral | YesNoLiteral

# A member of a collection, a table cell, a value of an example: a bare name is a label.
Item: TypeAlias = Constant | Name


# ------------------------------------------------------------------ windows


@attrs.frozen
class Within(Node):
    """`within 30d`."""

    length: Duration


@attrs.frozen
class WithinNext(Node):
    """`within next 6 months`."""

    length: Duration


@attrs.frozen
class FromTo(Node):
    """`from 14d to 7d ago`."""

    start: Duration
    end: Duration


@attrs.frozen
class Since(Node):
    """`since 2026-01-01`."""

    moment: "DateLiteral | TimeLiteral | Ref"


@attrs.frozen
class Before(Node):
    """`before 2026-01-01`."""

    moment: "DateLiteral | TimeLiteral | Ref"


@attrs.frozen
class CalendarWindow(Node):
    """`today`, `this week`, `this month`, `this quarter`, `this year`."""

    span_name: Literal["today", "week", "month", "quarter", "year"]


@attrs.frozen
class WithinOf(Node):
    """`within 14d of first visit`."""

    length: Duration
    which: Literal["first", "last"]
    events: "Expression"


@attrs.frozen
class Ever(Node):
    """`ever`: said aloud, no limit."""


Window: TypeAlias = Within | WithinNext | FromTo | Since | Before | CalendarWindow | WithinOf | Ever


# ------------------------------------------------------------------ operands


@attrs.frozen
class Ref(Node):
    """A name where something is meant: a field, `account.revenue`, a clause, events, a label."""

    name: Name
    owner: Name | None = None


@attrs.frozen
class Filtered(Node):
    """`visits(page = "/pricing")`."""

    events: Ref
    condition: "Expression"


@attrs.frozen
class Windowed(Node):
    """Something with a window behind it; whose window it is, the resolver says."""

    of: "Expression"
    window: Window


@attrs.frozen
class Step(Node):
    """`then no B in 7d with same page`."""

    negative: bool
    events: "Expression"
    within: Duration | None = None
    same: tuple[Name, ...] = ()


@attrs.frozen
class Sequence(Node):
    """`A then B then C`."""

    first: "Expression"
    steps: tuple[Step, ...]


@attrs.frozen
class Without(Node):
    """`30d without engagement`."""

    every: Duration
    events: "Expression"


@attrs.frozen
class Brackets(Node):
    """Round brackets, kept as written."""

    inner: "Expression"


@attrs.frozen
class Arithmetic(Node):
    """`a - b + c` or `a * b / c`: operators of one strength, in the order written."""

    first: "Expression"
    rest: tuple[tuple[Literal["+", "-", "*", "/"], "Expression"], ...]


@attrs.frozen
class Negative(Node):
    """`-x`."""

    of: "Expression"


@attrs.frozen
class Rounded(Node):
    """`x rounded to 2`."""

    of: "Expression"
    places: NumberLiteral


@attrs.frozen
class Pick(Node):
    """`first known of (a, b)`, `lowest of (a, b)`, `highest of (a, b)`."""

    kind: Literal["first known", "lowest", "highest"]
    parts: tuple["Expression", ...]


@attrs.frozen
class DomainOf(Node):
    """`domain of email`."""

    of: "Expression"


@attrs.frozen
class DaysSince(Node):
    """`days since signed_on`, `days until renewal`."""

    direction: Literal["since", "until"]
    of: "Expression"


@attrs.frozen
class DaysSinceEvent(Node):
    """`days since last visit`, `days since first visit`."""

    which: Literal["first", "last"]
    events: "Expression"


AggregateKind: TypeAlias = Literal["distinct", "total", "average", "highest", "lowest", "latest", "earliest"]


@attrs.frozen
class Aggregate(Node):
    """`total amount of purchases`."""

    kind: AggregateKind
    prop: Name
    events: "Expression"


@attrs.frozen
class MostBy(Node):
    """`most visits by session`."""

    events: "Expression"
    prop: Name


# ------------------------------------------------------------------ conditions


@attrs.frozen
class Items(Node):
    """`("a", "b")`."""

    items: tuple[Item, ...]


Collection: TypeAlias = Items | Name


@attrs.frozen
class Compare(Node):
    """`a >= b`; more than two operands are a fault found later."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]


@attrs.frozen
class Between(Node):
    """`x between a and b`."""

    of: "Expression"
    low: "Expression"
    high: "Expression"
    negated: bool = False


@attrs.frozen
class Member(Node):
    """`x in LIST`, `x in ("a", "b")`."""

    of: "Expression"
    collection: Collection
    negated: bool = False


TextTestKind: TypeAlias = Literal["contains", "mentions", "starts with", "ends with"]


@attrs.frozen
class TextTest(Node):
    """`t contains "s"`, `t contains any of LIST`."""

    kind: TextTestKind
    of: "Expression"
    needle: "Expression | Collection"
    negated: bool = False


@attrs.frozen
class Matches(Node):
    """`t matches "re"`."""

    of: "Expression"
    pattern: TextLiteral
    negated: bool = False


@attrs.frozen
class Has(Node):
    """`s has "x"`, `s has any of (…)`, `s has all of (…)`."""

    of: "Expression"
    quantity: Literal["one", "any", "all"]
    wanted: "Collection | Expression"
    negated: bool = False


@attrs.frozen
class Is(Node):
    """`x is known`, `flag is yes`, `x is LABEL`."""

    of: "Expression"
    what: "Literal['known', 'missing'] | Expression"
    negated: bool = False


@attrs.frozen
class No(Node):
    """`no visits within 30d`."""

    events: "Expression"


@attrs.frozen
class Not(Node):
    """`not c`."""

    of: "Expression"


@attrs.frozen
class Junction(Node):
    """`a and b and c`, or `a or b`; a mix of both is a fault found later."""

    parts: tuple["Expression", ...]
    words: tuple[Literal["and", "or"], ...]


@attrs.frozen
class Bullet(Node):
    """One part of a count of conditions, with its label where it has one."""

    condition: "Expression"
    label: str | None = None


@attrs.frozen
class CountOf(Node):
    """`any of`, `all of`, `none of`, `at least 2 of`, … over brackets or bullets."""

    kind: Literal["any", "all", "none", "at least", "at most", "exactly"]
    number: int | None
    parts: tuple[Bullet, ...]
    bulleted: bool = attrs.field(default=False, eq=False)


Expression: TypeAlias = (
    NumberLiteral
    | TextLiteral
    | DateLiteral
    | TimeLiteral
    | YesNoLiteral
    | Ref
    | Filtered
    | Windowed
    | Sequence
    | Without
    | Brackets
    | Arithmetic
    | Negative
    | Rounded
    | Pick
    | DomainOf
    | DaysSince
    | DaysSinceEvent
    | Aggregate
    | MostBy
    | Compare
    | Between
    | Member
    | TextTest
    | Matches
    | Has
    | Is
    | No
    | Not
    | Junction
    | CountOf
)
