"""The code that reads the lead's fields: each once, and with it the tests that look at nothing else."""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeAlias

import attrs

from mqldsl.evaluate.generated.memory import Memory
from mqldsl.evaluate.generated.readers import Reader, reader_of_field
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.model import ir
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import BLANK, Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo


@attrs.frozen
class OfNumber:
    """The code of a test of a number, `{}` for it. Python compares a double with a double at once, and so two ints."""

    of_double: str
    of_int: str


Test: TypeAlias = Callable[[Any], bool | None] | OfNumber | str

# Integers up to here are one digit of Python's, and compared at once; all of them are doubles, too.
_SMALL = 2**30 - 1


class Slots(Protocol):
    """What gives names to constants and variables."""

    context: Reading
    slots: dict[str, Any]

    def slot(self, value: object, key: object = None) -> str:
        """Return the name of the slot that holds a value."""

    def text(self, text: str) -> str:
        """Return the name of the slot that holds a text."""

    def variable(self, letter: str = "x") -> str:
        """Return the name of a new variable."""


@attrs.define
class FieldUse:
    """A field that the function reads: its variables, and the tests of its value alone."""

    owner: str
    field: ir.Field
    raw: str
    value: str | None = None
    tests: list[tuple[str, Test]] = attrs.field(factory=list)

    @property
    def is_remembered(self) -> bool:
        """Whether all that follows from a raw value is worked out once for each."""
        return isinstance(self.field.type, Text | Labels)

    def variable_of_value(self, frame: Slots) -> str:
        """Return the variable of the value."""
        if self.value is None:
            self.value = frame.variable("f") if self.is_remembered else self.raw
        return self.value

    def key_in(self, frame: Slots) -> str:
        """Return code that says whether the field was supplied."""
        row = "row" if self.owner == "lead" else "acc"
        found = f"{frame.text(self.field.name)} in {row}"
        if self.field.column is not None:
            found = f"({frame.text(self.field.column)} in {row} or {found})"
        return found

    def reader(self, frame: Slots) -> Reader:
        """Return what reads the field."""
        shown = self.field.name if self.owner == "lead" else f"account.{self.field.name}"
        return reader_of_field(shown, self.field, frame.context)

    def write(self, frame: Slots, out: Writer) -> None:
        """Write what reads the field, and its tests."""
        out.line(f"{self.raw} = {self._taken(frame)}")
        there = self.key_in(frame)
        if self.owner == "account":
            there = f"acc is not None and {there}"
        if self.is_remembered:
            self._write_remembered(frame, out, there)
        else:
            self._write_value(frame, out, there)

    def _taken(self, frame: Slots) -> str:
        get = "row.get" if self.owner == "lead" else "known.get"
        code = f"{get}({frame.text(self.field.name)})"
        if self.field.column is not None:
            row = "row" if self.owner == "lead" else "(acc or ())"
            column = frame.text(self.field.column)
            code = f"{get}({column}) if {column} in {row} else {code}"
        return code

    def _write_remembered(self, frame: Slots, out: Writer, there: str) -> None:
        read, field = self.reader(frame), self.field
        if field.required:
            out.line(f"if {self.raw} is None and strict and {there}: {frame.slot(read)}(None)")
        if field.default is not None:
            out.line(f"if {self.raw} is None and {there}: {self.raw} = {frame.slot(BLANK)}")
        wanted = [*([(self.value, _itself)] if self.value else []), *self.tests]
        if not wanted:
            return
        tests = [test for _, test in wanted if not isinstance(test, str | OfNumber)]

        def compute(raw: object) -> object:
            value = read(raw)
            found = tuple(None if value is None else test(value) for test in tests)
            return found[0] if len(found) == 1 else found

        nothing = None if len(tests) == 1 else (None,) * len(tests)
        blank = nothing if field.default is None else compute(BLANK)
        memory = frame.slot(Memory(compute, {None: nothing, BLANK: blank}))
        out.line(f"{', '.join(variable for variable, _ in wanted)} = {memory}[{self.raw}]")

    def _write_value(self, frame: Slots, out: Writer, there: str) -> None:
        if self.value is None and isinstance(self.field.type, Number) and not self.field.missing_when:
            name = self.raw
            with out.block(f"if type({name}) is int and {name} <= {_SMALL} and {name} >= -{_SMALL}:"):
                for variable, code in self._codes(of_int=True):
                    out.line(f"{variable} = True if {code} else False")
            with out.block("else:"):
                self._write_typed(frame, out, there)
        else:
            self._write_typed(frame, out, there)

    def _write_typed(self, frame: Slots, out: Writer, there: str) -> None:
        field, name = self.field, self.raw
        slow = frame.slot(self.reader(frame))
        for line in read_lines(frame, name, field.type, slow, stands_in=bool(field.missing_when)):
            out.line(line)
        if field.missing_when and isinstance(field.type, Number | Date | Time):
            read_ins = (read(each, field.type, frame.context) for each in field.missing_when)
            stand_ins = frozenset(each for each in read_ins if isinstance(each, float | date))
            out.line(f"if {name} in {frame.slot(stand_ins)}: {name} = None")
        if field.default is not None:
            out.line(f"if {name} is None and {there}: {name} = {frame.slot(field.default)}")
        elif field.required:
            out.line(f"if {name} is None and strict and {there}: {slow}(None)")
        tests = self._codes()
        if len(tests) == 1:
            variable, code = tests[0]
            out.line(f"{variable} = None if {name} is None else True if {code} else False")
        elif tests:
            out.line(f"if {name} is None: {' = '.join(variable for variable, _ in tests)} = None")
            with out.block("else:"):
                for variable, code in tests:
                    # Python compares numbers at once where a jump follows, and only there.
                    out.line(f"{variable} = True if {code} else False")

    def _codes(self, *, of_int: bool = False) -> list[tuple[str, str]]:
        """Return the variable and the code of each test of the value alone."""
        found = []
        for variable, test in self.tests:
            code = (test.of_int if of_int else test.of_double) if isinstance(test, OfNumber) else test
            assert isinstance(code, str)
            found.append((variable, code.replace("{}", self.raw)))
        return found


def _itself(value: Value) -> Any:  # noqa: ANN401 # a value
    return value


def read_lines(frame: Slots, name: str, kind: Type, slow: str, *, stands_in: bool = False) -> list[str]:
    """Return the lines that make a raw value into a typed one: the usual classes at once, the others by `slow`."""
    match kind:
        case Number():
            odd = f"{name} is not None and (type({name}) is not float or {name} - {name} != 0.0)"
            return [f"if type({name}) is int: {name} = {name} + 0.0", f"elif {odd}: {name} = {slow}({name})"]
        case Text() | Labels():
            return [f"{name} = {frame.slot(Memory(frame.slots[slow]), ('memory', slow))}[{name}]"]
        case YesNo() if stands_in:
            return [f"if {name} is not None: {name} = {slow}({name})"]
        case YesNo():
            odd = f"{name} is not None and {name} is not False and {name} is not True"
            return [f"if {odd}: {name} = {slow}({name})"]
        case Date():
            return [f"if {name} is not None and type({name}) is not date: {name} = {slow}({name})"]
        case Time():
            odd = f"type({name}) is not datetime or {name}.tzinfo is not UTC"
            return [f"if {name} is not None and ({odd}): {name} = {slow}({name})"]
        case SetOf():
            return [f"if {name} is not None: {name} = {slow}({name})"]
