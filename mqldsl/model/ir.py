"""What a definition means, small and typed: the core model that every evaluator works from.

Names are resolved, windows reduced to spans with fixed ends, lists folded. Three families of
nodes: a `Condition` is answered yes, no or unknown; an `Operand` has a value or lacks one; a
`Selection` is a set of events, records or people.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import attrs

from mqldsl.model.calendar import BusinessHours, CalendarSpan, Duration
from mqldsl.model.folding import Entry
from mqldsl.model.types import Labels, Type, Value
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
    """Holds when at least `least` and at most `most` of the parts hold: `and`, `or`, `at least 2 of` …"""

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


@attrs.frozen
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


@attrs.frozen
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
class Literal_(Node):
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
    Literal_
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

# ------------------------------------------------------------------ what is known


@attrs.frozen
class Field(Node):
    """A field of the lead or its company."""

    name: str
    type: Type
    label: str | None = None
    column: str | None = None
    required: bool = False
    default: Value | None = None
    missing_when: tuple[Value, ...] = ()


@attrs.frozen
class Kind(Node):
    """A kind of event or record that a feed supplies."""

    name: str
    plural: str
    label: str | None
    properties: Mapping[str, Type] = attrs.field(hash=False)
    kept: Duration | None
    of_account: bool
    timed: bool


# ------------------------------------------------------------------ named parts


@attrs.frozen
class Clause(Node):
    """A named condition."""

    name: str
    label: str | None
    condition: Condition
    if_unknown: bool | None = None


@attrs.frozen
class Case(Node):
    """A value where its condition holds; the last may have none."""

    value: Operand
    condition: Condition | None


@attrs.frozen
class NamedExpression(Node):
    """`value`: the first case whose condition holds."""

    name: str
    label: str | None
    cases: tuple[Case, ...]
    type: Type


@attrs.frozen
class Decay(Node):
    """How points shrink with each whole `every`; `without` names the events of an idle decay."""

    kind: Literal["halving", "losing points", "losing share"]
    amount: float
    every: Duration
    without: Selection | None = None


@attrs.frozen
class RowOptions(Node):
    """What shapes the points of a row, in order of effect: decay, at most N per span, cap."""

    decays: tuple[Decay, ...] = ()
    limits: tuple[tuple[int, Duration], ...] = ()
    cap: float | None = None
    because: str | None = None


@attrs.frozen
class WhenPoints(Node):
    """Points when a condition holds; `events` is the one selection in it, where its age matters."""

    points: float
    condition: Condition
    options: RowOptions
    events: Selection | None = None


@attrs.frozen
class PerEvent(Node):
    """Points for each of a selection."""

    points: float
    of: Selection
    options: RowOptions


@attrs.frozen
class PerUnit(Node):
    """Points for every full `unit` of an amount."""

    points: float
    unit: float
    of: Operand
    options: RowOptions


@attrs.frozen
class Bound(Node):
    """`20 from 1000`."""

    points: float
    start: float


@attrs.frozen
class Choice(Node):
    """`20 for (a, b)`; a condition over the row's operand."""

    points: float
    condition: Condition


@attrs.frozen
class ByPoints(Node):
    """Points by the value of an operand: bounds, or choices in order; `missing` and `otherwise` apart."""

    of: Operand
    bounds: tuple[Bound, ...]
    choices: tuple[Choice, ...]
    missing: float
    says_missing: bool
    otherwise: float
    options: RowOptions


@attrs.frozen
class FirstOf(Node):
    """Only the first row that holds counts."""

    rows: tuple["Row", ...]


@attrs.frozen
class Group(Node):
    """Rows whose sum is kept between `low` and `cap`."""

    label: str
    low: float | None
    cap: float | None
    rows: tuple["Row", ...]


Row: TypeAlias = WhenPoints | PerEvent | PerUnit | ByPoints | FirstOf | Group


@attrs.frozen
class Score(Node):
    """Rows that add up, clamped, then decayed and clamped again."""

    name: str
    label: str | None
    low: float | None
    high: float | None
    rows: tuple[Row, ...]
    decays: tuple[Decay, ...]
    type: Type


@attrs.frozen
class Grade(Node):
    """Bands of a number, best first, then the last label for all that is below."""

    name: str
    label: str | None
    of: Operand
    bands: tuple[tuple[str, float], ...]
    otherwise: str
    type: Labels


@attrs.frozen
class Matrix(Node):
    """A label for each pair of two grades."""

    name: str
    label: str | None
    rows_of: Operand
    columns_of: Operand
    cells: Mapping[tuple[str, str], str] = attrs.field(hash=False)
    type: Labels


@attrs.frozen
class TableRow(Node):
    """A condition for each input (none: `any`), and the outputs; `None` is an empty cell of a file."""

    conditions: tuple[Condition | None, ...]
    outputs: tuple[Value | None, ...]


@attrs.frozen
class Table(Node):
    """The outputs of the first row that matches."""

    name: str
    label: str | None
    inputs: tuple[Operand, ...]
    outputs: tuple[tuple[str, Type], ...]
    rows: tuple[TableRow, ...]


@attrs.frozen
class Due(Node):
    """How long there is, from as-of or from the last of a selection."""

    within: Duration
    last: Selection | None = None


@attrs.frozen
class Outcome(Node):
    """A row of a decide; the last has no condition."""

    outcome: str
    condition: Condition | None
    due: Due | None = None
    team: Operand | None = None
    evenly: tuple[str, ...] = ()
    because: str | None = None


@attrs.frozen
class Decide(Node):
    """The first row that holds."""

    name: str
    label: str | None
    rows: tuple[Outcome, ...]
    type: Labels


Named: TypeAlias = Clause | NamedExpression | Score | Grade | Matrix | Table | Decide

# ------------------------------------------------------------------ examples and promises


@attrs.frozen
class Happened(Node):
    """An event of an example: a moment, or how long before as-of; `None` for a record."""

    kind: str
    stamp: Duration | date | datetime | None
    properties: Mapping[str, Value | None] = attrs.field(hash=False)
    not_supplied: tuple[str, ...] = ()


@attrs.frozen
class Facts(Node):
    """What an example gives of a lead: values, `None` for blank; what is not supplied apart."""

    fields: Mapping[str, Value | None] = attrs.field(hash=False)
    not_supplied: tuple[str, ...] = ()
    happened: tuple[Happened, ...] = ()


@attrs.frozen
class Expectation(Node):
    """What an example expects of one name."""

    kind: Literal["yes", "no", "unknown", "value", "not value", "missing", "could be", "change"]
    name: str = ""
    column: str | None = None
    value: Any = None


@attrs.frozen
class Example(Node):
    """A test in the definition."""

    title: str
    at: date | datetime | None
    lead: Facts
    account: Facts | None
    people: tuple[Facts, ...] | None
    feeds: tuple[str, ...] | None
    expected: tuple[Expectation, ...]


@attrs.frozen
class Promise(Node):
    """A property that must hold for every lead; checked by search in a later room."""

    title: str
    kind: Literal["more", "higher", "same", "always", "never"]
    subject: Selection | FieldValue | Condition
    effect: Literal["lowers", "changes"] | None = None
    target: str | None = None
    when: Condition | None = None


# ------------------------------------------------------------------ the whole


@attrs.frozen
class Header(Node):
    """What the head of a definition says."""

    title: str = ""
    version: str = ""
    owners: tuple[str, ...] = ()
    effective: date | None = None
    effective_to: date | None = None
    zone: str = "UTC"
    currency: str | None = None
    hours: BusinessHours | None = None
    review_every: Duration | None = None
    agreed: tuple[tuple[str, date, str], ...] = ()


@attrs.frozen
class Model:
    """A definition, ready to be evaluated. The mappings keep the order of the file."""

    header: Header
    fields: Mapping[str, Field] = attrs.field(hash=False)
    account_fields: Mapping[str, Field] = attrs.field(hash=False)
    kinds: Mapping[str, Kind] = attrs.field(hash=False)
    named: Mapping[str, Named] = attrs.field(hash=False)
    verdict: str | None
    examples: tuple[Example, ...] = ()
    promises: tuple[Promise, ...] = ()
