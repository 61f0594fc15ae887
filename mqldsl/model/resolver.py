"""What every part of the resolver shares: the names in scope, and reporting what is wrong."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn, TypeVar

import attrs

from mqldsl.model import folding, ir
from mqldsl.model.namespace import Entry, Namespace
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

T = TypeVar("T")
_LONGEST_WORDS = 100
N = TypeVar("N")


class UnresolvedError(Exception):
    """Something in here has no meaning; a finding says why already."""


@attrs.frozen
class Scope:
    """Where an expression stands: inside an event's brackets its properties come first."""

    properties: Mapping[str, Type] | None = None
    people: bool = False


LEAD = Scope()


class Resolver(ABC):
    """Turns expressions into meaning; parts of it are in `selections`, `operands`, `conditions`."""

    def __init__(self, namespace: Namespace, currency: str | None) -> None:
        """Take the names in scope."""
        self.namespace = namespace
        self.currency = currency
        self.spoiled: frozenset[str] = frozenset()
        self.findings: list[Diagnostic] = []
        self.source = Source("<text>", "")
        # The entries of each named list of texts, made once however often it is mentioned.
        self.entries_of_lists: dict[str, tuple[folding.Entry, ...]] = {}

    # -------------------------------------------------------------- the families of meaning

    @abstractmethod
    def condition(self, node: tree.Expression, scope: Scope) -> ir.Condition:
        """Return the meaning of a condition."""

    @abstractmethod
    def operand(self, node: tree.Expression, scope: Scope) -> ir.Operand:
        """Return the meaning of an operand."""

    @abstractmethod
    def selection(self, node: tree.Expression, scope: Scope) -> ir.Selection:
        """Return the meaning of a selection."""

    @abstractmethod
    def instant(self, local: datetime) -> datetime:
        """Return the instant of a local time in the definition's zone."""

    @abstractmethod
    def midnight(self, day: date) -> datetime:
        """Return the first instant of a day in the definition's zone."""

    @abstractmethod
    def list_from_file(self, entry: Entry) -> list[str]:
        """Return the entries of a list that stands in a file of its own."""

    @abstractmethod
    def value_from_file(self, item: tree.TextLiteral, kind: Type) -> Value:
        """Return an entry of a file read as a type, or report it."""

    @abstractmethod
    def type_of_field(self, field: decl.Field) -> Type:
        """Return the type of a declared field."""

    @abstractmethod
    def type_of_named(self, entry: Entry, column: str | None) -> Type:
        """Return the type of a value, score, grade, matrix, decide, or column of a table."""

    # -------------------------------------------------------------- reporting

    def place(self, node: tree.Node) -> Place:
        """Return the place of a node in the text at hand."""
        return Place(self.source, node.span)

    def words(self, node: tree.Node) -> str:
        """Return what the author wrote, on one line; of a long piece the beginning."""
        said = " ".join(self.source.slice(node.span).split())
        return said if len(said) <= _LONGEST_WORDS else said[: _LONGEST_WORDS - 2] + " …"

    def report(self, code: str, node: tree.Node, message: str, remedy: str = "", *also: Label) -> None:
        """Add an error."""
        self.findings.append(Diagnostic(code, message, Label(self.place(node)), also, remedy))

    def warn(self, code: str, node: tree.Node, message: str, remedy: str = "") -> None:
        """Add a warning."""
        self.findings.append(
            Diagnostic(code, message, Label(self.place(node)), help=remedy, severity=Severity.WARNING)
        )

    def refuse(self, code: str, node: tree.Node, message: str, remedy: str = "", *also: Label) -> NoReturn:
        """Add an error and give the expression up; a name whose declaration is spoiled is no second fault."""
        if code == "MQL102" and self.words(node).strip("`") in self.spoiled:
            raise UnresolvedError
        self.report(code, node, message, remedy, *also)
        raise UnresolvedError

    def each(self, nodes: Iterable[N], resolve: Callable[[N], T]) -> list[T]:
        """Resolve all, so that each reports its faults; give up afterwards where one had any."""
        done: list[T] = []
        failed = False
        for node in nodes:
            try:
                done.append(resolve(node))
            except UnresolvedError:
                failed = True
        if failed:
            raise UnresolvedError
        return done


def circle_in_words(circle: Sequence[str]) -> str:
    """Return a circle of names as arrows; of a long one the beginning and the end."""
    names = [*circle[:5], "…", *circle[-2:]] if len(circle) > 8 else circle
    return " → ".join(names)


def in_words(kind: Type) -> str:
    """Say what a type is, as a sentence needs it: `a number`, `text`."""
    match kind:
        case Text():
            return "text"
        case Number(money):
            return "an amount of money" if money else "a number"
        case Date():
            return "a date"
        case Time():
            return "a time"
        case YesNo():
            return "yes or no"
        case Labels():
            return "one of a list of labels"
        case SetOf():
            return "a set"
