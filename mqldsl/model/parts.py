"""What the parts of a definition mean: fields, events, clauses, scores, decisions, and the whole of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import attrs

from mqldsl.model.calendar import BusinessHours, Duration
from mqldsl.model.meaning import Condition, FieldValue, Node, Operand, Selection
from mqldsl.model.types import Labels, Type, Value


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
    """How long there is, from as-of or from the last of a selection; without a length, the rest of the day."""

    within: Duration | None
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


ExpectedKind: TypeAlias = Literal[
    "yes", "no", "unknown", "value", "not value", "missing", "could be", "change", "due", "to"
]


@attrs.frozen
class Expectation(Node):
    """What an example expects of one name."""

    kind: ExpectedKind
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
