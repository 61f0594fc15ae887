"""What conditions, operands, selections and spans mean, small and typed.

Names are resolved, windows reduced to spans with fixed ends, lists folded. Three families of
nodes: a `Condition` is answered yes, no or unknown; an `Operand` has a value or lacks one; a
`Selection` is a set of events, records or people.
"""

from typing import Literal, TypeAlias

import attrs

from mqldsl.model.calendar import CalendarSpan, Duration
from mqldsl.model.folding import Entry
from mqldsl.model.types import Type, Value
from mqldsl.source.text import Place


@attrs.frozen
class Node:
    """A piece of meaning with the place that says it; nodes that differ only there are equal."""

    place: Place | None = attrs.field(default=None, eq=False, repr=False, kw_only=True)


# ------------------------------------------------------------------ conditions


@attrs.frozen
class Part(Node):
    """One of the conditions that are counted, with its label where it has one."""

    condition: "Condition"
    label: str | None = None


@attrs.frozen
class Count(Node):
    """Holds when at least `least` and at most `most` of the parts hold: `and`, `or`, `at least 2 of` and so on."""

    parts: tuple[Part, ...]
    least: int
    most: int


@attrs.frozen
class Not(Node):
    """Holds when the condition does not."""

    of: "Condition"


@attrs.frozen
class Flag(Node):
    """A yes/no operand as a condition; a missing one is unknown."""

    of: "Operand"


@attrs.frozen
class ClauseRef(Node):
    """A named clause."""

    name: str


Relation: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@attrs.frozen
class Compare(Node):
    """Two operands of one type. Texts are compared folded, labels by rank where order is asked."""

    relation: Relation
    left: "Operand"
    right: "Operand"


# With its hash kept: a list may have 100,000 entries.
@attrs.frozen(cache_hash=True)
class Member(Node):
    """The value is in a collection; text by entries, other values by equality."""

    of: "Operand"
    values: tuple[Value, ...] = ()
    entries: tuple[Entry, ...] = ()


TextTestKind: TypeAlias = Literal["contains", "mentions", "starts with", "ends with"]


@attrs.frozen
class TextTest(Node):
    """The text has a needle at the right place; with several, any of them does."""

    kind: TextTestKind
    of: "Operand"
    needles: tuple["Operand", ...]


@attrs.frozen
class Matches(Node):
    """The text holds a match of an RE2 pattern, caseless."""

    of: "Operand"
    pattern: str


@attrs.frozen(cache_hash=True)
class Has(Node):
    """The set has any, or all, of the wanted; each wanted is a list entry or an operand."""

    of: "Operand"
    wanted: tuple["Entry | Operand", ...]
    every: bool


@attrs.frozen
class IsKnown(Node):
    """The operand has a value; unknown while its lack is not settled."""

    of: "Operand"


@attrs.frozen
class InSpan(Node):
    """A day or instant lies in a span of time."""

    of: "Operand"
    span: "Span"


Condition: TypeAlias = (
    Count | Not | Flag | ClauseRef | Compare | Member | TextTest | Matches | Has | IsKnown | InSpan
)

# ------------------------------------------------------------------ operands


@attrs.frozen
class Constant(Node):
    """A value that stands in the text."""

    value: Value
    type: Type


@attrs.frozen
class FieldValue(Node):
    """What is known of the lead, or of its company."""

    owner: Literal["lead", "account"]
    name: str
    type: Type


@attrs.frozen
class PropertyValue(Node):
    """A property of the event at hand, inside its brackets; blank in kinds that do not have it."""

    name: str
    type: Type


@attrs.frozen
class NamedValue(Node):
    """A value, score, grade, matrix or decide by its name, or one column of a table."""

    name: str
    type: Type
    column: str | None = None


@attrs.frozen
class AnswerValue(Node):
    """A condition as a yes/no value."""

    of: Condition
    type: Type


@attrs.frozen
class Arithmetic(Node):
    """Two numbers, in the order written."""

    operator: Literal["+", "-", "*", "/"]
    left: "Operand"
    right: "Operand"
    type: Type


@attrs.frozen
class Rounded(Node):
    """Half away from zero, to `places` decimals."""

    of: "Operand"
    places: int
    type: Type


@attrs.frozen
class Pick(Node):
    """The first that is known; or the lowest or highest, missing if a part is."""

    kind: Literal["first known", "lowest", "highest"]
    parts: tuple["Operand", ...]
    type: Type


@attrs.frozen
class DomainOf(Node):
    """What follows the last `@`."""

    of: "Operand"
    type: Type


@attrs.frozen
class DaysBetween(Node):
    """Days since, or until, a date or an instant, seen from as-of."""

    direction: Literal["since", "until"]
    of: "Operand"
    type: Type


@attrs.frozen
class HowMany(Node):
    """How many a selection holds."""

    of: "Selection"
    type: Type


@attrs.frozen
class DaysSinceEvent(Node):
    """Whole days since the last or first of a selection."""

    which: Literal["first", "last"]
    of: "Selection"
    type: Type


AggregateKind: TypeAlias = Literal[
    "distinct", "distinct days", "total", "average", "highest", "lowest", "latest", "earliest", "most"
]


@attrs.frozen
class Aggregate(Node):
    """An aggregate of an expression over each member of a selection; `distinct days` has none."""

    kind: AggregateKind
    each: "Operand | None"
    of: "Selection"
    type: Type


Operand: TypeAlias = (
    Constant
    | FieldValue
    | PropertyValue
    | NamedValue
    | AnswerValue
    | Arithmetic
    | Rounded
    | Pick
    | DomainOf
    | DaysBetween
    | HowMany
    | DaysSinceEvent
    | Aggregate
)

# ------------------------------------------------------------------ selections

Scope: TypeAlias = Literal["lead", "company", "colleagues"]


@attrs.frozen
class Events(Node):
    """All events or records of some kinds: the lead's, the company's own, or those of all its people."""

    kinds: tuple[str, ...]
    scope: Scope


@attrs.frozen
class Union(Node):
    """Several selections together, an event in more than one of them once."""

    members: tuple["Selection", ...]


@attrs.frozen
class People(Node):
    """The leads of the company."""


@attrs.frozen
class Where(Node):
    """Those of a selection for which a condition holds."""

    of: "Selection"
    condition: Condition


@attrs.frozen
class During(Node):
    """Those of a selection in a span of time."""

    of: "Selection"
    span: "Span"


@attrs.frozen
class Then(Node):
    """Those of `later` with one of `earlier` strictly before them by at most `within`."""

    earlier: "Selection"
    later: "Selection"
    within: Duration | None
    same: tuple[str, ...] = ()


@attrs.frozen
class ThenNo(Node):
    """Those of `earlier` that none of `later` follows within `within`, once that time has passed."""

    earlier: "Selection"
    later: "Selection"
    within: Duration | None
    same: tuple[str, ...] = ()


@attrs.frozen
class Idle(Node):
    """Every instant at which another whole `every` has passed since one of `of`, with none in between."""

    every: Duration
    of: "Selection"


Selection: TypeAlias = Events | Union | People | Where | During | Then | ThenNo | Idle

# ------------------------------------------------------------------ spans


@attrs.frozen
class Back(Node):
    """`as_of - start < t <= as_of - end`; without `end`, up to as-of."""

    start: Duration
    end: Duration | None = None


@attrs.frozen
class Ahead(Node):
    """`as_of <= t <= as_of + length`."""

    length: Duration


@attrs.frozen
class Since(Node):
    """`t >= moment`."""

    moment: Operand


@attrs.frozen
class Before(Node):
    """`t < moment`."""

    moment: Operand


@attrs.frozen
class OnCalendar(Node):
    """Today, this week, month, quarter or year in the definition's zone."""

    name: CalendarSpan


@attrs.frozen
class After(Node):
    """`first <= t < first + length`, of the first or last of a selection."""

    which: Literal["first", "last"]
    of: Selection
    length: Duration


@attrs.frozen
class Always(Node):
    """No limit; `said` where the text says `ever`."""

    said: bool = True


Span: TypeAlias = Back | Ahead | Since | Before | OnCalendar | After | Always
