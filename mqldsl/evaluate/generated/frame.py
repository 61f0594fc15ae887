"""The function while it is made: its slots, its variables, the lead's fields, and the edges of its windows."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.generated.fields import FieldUse, Test, read_lines
from mqldsl.evaluate.generated.memory import OfTime
from mqldsl.evaluate.generated.readers import reader_of_property
from mqldsl.evaluate.generated.shapes import Plain, Shape, Truth
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.evaluate.history import Wanted
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, back, day_of, forward
from mqldsl.model.reading import Reading
from mqldsl.model.types import Value


class NotHere(Exception):
    """A piece of meaning that is not made into code at this place; the reference answers it."""


@attrs.define
class Scope:
    """Where code is written to: among the steps of the lead, before them, or inside the loop over its events."""

    out: Writer
    kind: ir.Kind | None = None
    is_early: bool = False
    known: dict[object, Truth | Shape] = attrs.field(factory=dict)

    @property
    def alone(self) -> bool:
        """Whether only fields and the event at hand can be looked at."""
        return self.is_early or self.kind is not None


class Making(Protocol):
    """What the parts of the compiler ask of each other."""

    frame: "Frame"
    gathered: dict[object, Any]
    listed: dict[object, Any]

    def condition(self, node: ir.Condition, scope: Scope) -> Truth:
        """Write the code of a condition."""

    def operand(self, node: ir.Operand, scope: Scope) -> Shape:
        """Write the code of an operand."""

    def pass_for(self, names: set[str]) -> Any:  # noqa: ANN401 # gathering.Pass, which needs this module
        """Return the pass over the events that comes when these named parts are known."""


class Frame:
    """The parts of one function: numbered slots for constants, variables, and what is read before the first step."""

    def __init__(self, model: ir.Model) -> None:
        """Take the model."""
        self.model = model
        self.zone = ZoneInfo(model.header.zone)
        self.context = Reading(self.zone, model.header.currency)
        self.slots: dict[str, Any] = {}
        self._slot_of: dict[object, str] = {}
        self._variables = 0
        # What follows from as-of, and the variables that hold it.
        self.edges = Writer(depth=3)
        self.moments = Writer(depth=2)
        self.of_as_of: list[str] = []
        self.fields: dict[tuple[str, str], FieldUse] = {}
        self._edges: dict[Hashable, str] = {}
        # How each edge is found where Python's own arithmetic runs out of years.
        self.slow_edges: list[tuple[str, Callable[..., object]]] = []
        # What is picked of a history: a kind, and the lines of the function that says whether an event belongs.
        self._picks: list[tuple[str, Sequence[str] | None]] = []
        self.wanted = Wanted()
        self.uses_account = False
        self.wants_id = False
        self.kinds: set[str] = set()
        self._kind_numbers = {kind: number for number, kind in enumerate(model.kinds)}
        self.parts: dict[str, Truth | Shape] = {}
        self.columns: dict[tuple[str, str], Shape] = {}

    # ------------------------------------------------------------------ names

    def slot(self, value: object, key: object = None) -> str:
        """Return the name of the slot that holds a value; equal keys, or the same object, share one."""
        key = ("id", id(value)) if key is None else key
        name = self._slot_of.get(key)
        if name is None:
            name = f"K{len(self.slots)}"
            self._slot_of[key] = name
            self.slots[name] = value
        return name

    def text(self, text: str) -> str:
        """Return the name of the slot that holds a text."""
        return self.slot(text, ("text", text))

    def variable(self, letter: str = "x") -> str:
        """Return the name of a new variable."""
        self._variables += 1
        return f"{letter}{self._variables}"

    def bound(self, scope: Scope, code: str, letter: str = "x") -> str:
        """Write code into a variable and return its name."""
        if code.isidentifier():
            return code
        name = self.variable(letter)
        scope.out.line(f"{name} = {code}")
        return name

    def referee(self, scope: Scope) -> None:
        """Write what calls in the reference, once for each decision."""
        self.now()
        scope.out.line("if ref is None: ref = referee(lead, events, account, now, g)")

    def kind_number(self, kind: str) -> int:
        """Return the number of a kind, by which its variables are called."""
        return self._kind_numbers[kind]

    def pick(self, kind: str, test: Sequence[str] | None) -> int:
        """Return the place, among what is picked of a history, of those of a kind that belong."""
        self._picks.append((kind, test))
        return len(self._picks) - 1

    def tests(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the name and the lines of each function that says whether an event belongs."""
        for place, (_, test) in enumerate(self._picks):
            if test is not None:
                yield f"belongs_{place}", test

    def pick_all(self, names: Mapping[str, Any]) -> None:
        """Take the functions, when they are made."""
        for place, (kind, test) in enumerate(self._picks):
            self.wanted.picks.append((kind, None if test is None else names[f"belongs_{place}"]))

    # ------------------------------------------------------------------ time

    def now(self) -> str:
        """Return the variable of as-of."""
        self._edges.setdefault("now", "now")
        return "now"

    @property
    def looks_at_time(self) -> bool:
        """Whether anything depends on as-of."""
        return bool(self._edges)

    def today(self) -> str:
        """Return the variable of the day of as-of."""
        return self._moment("today", lambda now: day_of(now, self.zone))

    def edge_back(self, length: Duration) -> str:
        """Return the variable of the instant that lies a duration before as-of."""
        return self._step(length, "-", lambda now: back(now, length, self.zone))

    def edge_ahead(self, length: Duration) -> str:
        """Return the variable of the instant that lies a duration after as-of."""
        return self._step(length, "+", lambda now: forward(now, length, self.zone))

    def of_now(self, key: Hashable, compute: Callable[..., object]) -> str:
        """Return a variable with what follows from as-of."""
        return self._moment(key, compute)

    def of_today(self, key: Hashable, compute: Callable[..., object]) -> str:
        """Return a variable with what follows from the day of as-of."""
        today = self.today()
        return self._moment(key, compute, of=today)

    def _step(self, length: Duration, sign: str, compute: Callable[..., object]) -> str:
        if not length.is_exact:
            return self._moment((sign, length), compute)
        key = (sign, length.exact)
        if key not in self._edges:
            name = self._variable_of_as_of(key)
            self.edges.line(f"{name} = now {sign} {self.slot(length.exact, length.exact)}")
            self.slow_edges.append((name, compute))
        return self._edges[key]

    def _moment(self, key: Hashable, compute: Callable[..., object], of: str = "now") -> str:
        if key not in self._edges:
            name = self._variable_of_as_of(key)
            self.moments.line(f"{name} = {self.slot(OfTime(compute))}[{of}]")
        return self._edges[key]

    def _variable_of_as_of(self, key: Hashable) -> str:
        name = self._edges[key] = self.variable("c")
        self.of_as_of.append(name)
        return name

    # ------------------------------------------------------------------ the lead's fields

    def field(self, owner: str, name: str) -> str:
        """Return the variable of a field's value, None where it is missing."""
        return self._use(owner, name).variable_of_value(self)

    def field_test(self, owner: str, name: str, test: Test) -> str:
        """Return the variable of the answer of a test of a field's value, None where that is missing.

        Of a text or label it is a function, worked out once for each raw value; else code, `{}` for the value.
        """
        variable = self.variable()
        self._use(owner, name).tests.append((variable, test))
        return variable

    def key_in(self, owner: str, name: str) -> str:
        """Return code that says whether a field was supplied."""
        return self._use(owner, name).key_in(self)

    def _use(self, owner: str, name: str) -> FieldUse:
        if (owner, name) not in self.fields:
            self.uses_account |= owner == "account"
            declared = self.model.fields if owner == "lead" else self.model.account_fields
            self.fields[owner, name] = FieldUse(owner, declared[name], self.variable("f"))
        return self.fields[owner, name]

    # ------------------------------------------------------------------ properties

    def property_reader(self, kind: ir.Kind, name: str) -> Callable[[object], Value | None]:
        """Return what reads a property of one kind of event."""
        return reader_of_property(f"{kind.name}.{name}", kind.properties[name], self.context)

    def property_value(self, scope: Scope, name: str) -> Plain:
        """Write code that reads a property of the event at hand."""
        assert scope.kind is not None
        kind = scope.kind.properties.get(name)
        if kind is None:
            return Plain("None")
        slow = self.slot(self.property_reader(scope.kind, name), ("property", scope.kind.name, name))
        variable = self.variable("p")
        scope.out.line(f"{variable} = e.get({self.text(name)})")
        for line in read_lines(self, variable, kind, slow):
            scope.out.line(line)
        return Plain(variable)
