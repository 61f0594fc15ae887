"""From trees to one model: names resolved, types fixed, sugar removed, every fault reported."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from posixpath import normpath
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from mqldsl.model import ir
from mqldsl.model.companions import Companions, Files
from mqldsl.model.dependencies import names_in, ordered, pieces
from mqldsl.model.namespace import Declared, Entry, Namespace, collect
from mqldsl.model.resolver import LEAD, UnresolvedError, circle_in_words
from mqldsl.model.types import Type
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

_LONG_CIRCLE = 100
_MOST_CIRCLES = 20

T = TypeVar("T")
D = TypeVar("D")


def model_of(
    files: Sequence[tuple[Source, decl.File]], companions: Companions
) -> tuple[ir.Model, list[Diagnostic]]:
    """Return the model of a definition and a finding for each fault.

    `files` are the definition itself, first, and what it uses. The model holds what could be resolved;
    it may be evaluated only where no finding is an error.
    """
    files = _each_once(files)
    namespace, findings = collect(files)
    maker = ModelMaker(files, namespace, companions)
    model = maker.model()
    return model, findings + maker.findings


def _each_once(files: Sequence[tuple[Source, decl.File]]) -> list[tuple[Source, decl.File]]:
    """Leave out what is there already: the definition, used by a file that it uses, or `./lists.mql` once more.

    That files use each other is a finding of its own; not that all of their names are declared twice.
    """
    seen = set[str]()
    once = list(files[:1])
    for source, file in files[1:]:
        path = normpath(source.name)
        if path not in seen and source.text != files[0][0].text:
            once.append((source, file))
        seen.add(path)
    return once


class ModelMaker(Files):
    """Resolves all declarations of a definition, each on its own."""

    def __init__(
        self, files: Sequence[tuple[Source, decl.File]], namespace: Namespace, companions: Companions
    ) -> None:
        """Take the trees and the texts of lists and tables."""
        super().__init__(namespace, None)
        self._files = files
        self._companions = companions
        self.spoiled = frozenset(name for _, file in files for name in file.spoiled)
        self._selecting = []
        self._selected = {}
        self._types: dict[int, Type] = {}
        self._naming: list[str] = []
        self._circular: set[str] = set()
        self._circles: set[frozenset[str]] = set()
        self._refused: set[str] = set()
        self._weights: dict[int, tuple[int, int]] = {}
        self._named_types: dict[tuple[str, str | None], Type] = {}
        self._file_tables: dict[str, ir.Table] = {}
        self.kinds = {}
        self.header = ir.Header()
        self.zone = ZoneInfo("UTC")

    def model(self) -> ir.Model:
        """Return the model of all files together."""
        main, _ = self._files[0]
        self.source = main
        self._read_header()
        self.has_hours = self.header.hours is not None
        self.currency = self.header.currency
        self._declare_kinds()
        fields = self._fields("lead")
        account_fields = self._fields("account")
        self._resolve_in_order()
        self.decides = [each.name.text for source, each in self._all(decl.Decide) if source is main]
        named = self._parts()
        self._check_selections()
        examples = tuple(
            made
            for source, each in self._all(decl.Example)
            # The examples of a used file are about that file, and its own verdict.
            if source is main and (made := self._try(source, self.example, _taken_apart(each))) is not None
        )
        promises = self._each_of(decl.Promise, self.promise)
        verdict = self.decides[0] if self.decides else None
        return ir.Model(self.header, fields, account_fields, self.kinds, named, verdict, examples, promises)

    def _each_of(self, kind: type[D], resolve: Callable[[D], T]) -> tuple[T, ...]:
        made = (self._try(source, resolve, each) for source, each in self._all(kind))
        return tuple(each for each in made if each is not None)

    def _resolve_in_order(self) -> None:
        """Resolve named selections, and find the types of values, each after those that it names.

        Otherwise a chain of thousands would be followed from its end, one call inside the other. What is
        wrong with a value is reported where it is resolved.
        """
        # By their own names: where another thing has that name, an event may still be known by its plural.
        entries = {
            entry.declared.name.text: entry
            for entry in self.namespace.names.values()
            if isinstance(entry.declared, decl.Value | decl.NamedSelection)
        }
        graph = {name: list(self._named_in(entry.declared)) for name, entry in entries.items()}
        order, circles = ordered(graph)
        for circle in circles:
            if len(circle) > _LONG_CIRCLE:
                self._report_circle(circle)
                self._circular.update(circle)
        for name in order:
            entry = entries[name]
            try:
                if isinstance(entry.declared, decl.Value):
                    self.type_of_named(entry, None)
                else:
                    self.declared_selection(entry)
            except (UnresolvedError, RecursionError):
                continue

    def _named_in(self, declared: Declared) -> Iterator[str]:
        """Yield the declared names of what a value's type, or a selection, is made of."""
        assert isinstance(declared, decl.Value | decl.NamedSelection)
        roots = (declared.rows[0].value,) if isinstance(declared, decl.Value) else (*declared.members,)
        where = None if isinstance(declared, decl.Value) else declared.where
        for part in (part for root in (*roots, where) if root is not None for part in nodes(root)):
            match part:
                case tree.Ref(name) | tree.Aggregate(prop=name) | tree.MostBy(prop=name):
                    entry = self.namespace.get(name.text)
                    if entry is not None:
                        yield entry.declared.name.text

    def _parts(self) -> dict[str, ir.Named]:
        resolve: dict[type, Callable[..., ir.Named]] = {
            decl.Clause: self._clause,
            decl.Value: self.value,
            decl.Score: self.score,
            decl.Grade: self.grade,
            decl.Matrix: self.matrix,
            decl.Table: self.table,
            decl.Decide: self.decide,
        }
        made: dict[str, ir.Named] = {}
        for source, node in [(source, each) for source, file in self._files for each in file.declarations]:
            if type(node) in resolve:
                part = self._try(source, resolve[type(node)], node)
                if part is not None:
                    made.setdefault(part.name, part)
        graph = {name: list(dict.fromkeys(names_in(part))) for name, part in made.items()}
        order, circles = ordered(graph)
        for circle in circles:
            self._report_circle(circle)
        if not circles:
            self._check_nested_people(made, order)
        return {name: made[name] for name in order}

    def _clause(self, node: decl.Clause) -> ir.Clause:
        condition = self.condition(node.condition, LEAD)
        return ir.Clause(node.name.text, node.label, condition, node.if_unknown, place=self.place(node))

    def _report_circle(self, circle: list[str]) -> None:
        members = frozenset(circle)
        if len(self._circles) >= _MOST_CIRCLES or any(members <= known for known in self._circles):
            return
        self._circles.add(members)
        first = self.namespace.names[circle[0]]
        also = tuple(
            Label(self.namespace.names[name].place, f"`{name}` is part of it")
            for name in circle[1 : min(len(circle) - 1, 8)]
        )
        self.findings.append(
            Diagnostic(
                "MQL103",
                "names that are made of each other: " + circle_in_words(circle),
                Label(first.place),
                also,
                "let one of them stand on its own",
            )
        )

    def _check_nested_people(self, made: Mapping[str, ir.Named], order: list[str]) -> None:
        if not any("people" in source.text for source, _ in self._files):
            return
        with_people: set[str] = set()
        for name in order:
            if any(isinstance(part, ir.People) for part in pieces(made[name])) or with_people.intersection(
                names_in(made[name])
            ):
                with_people.add(name)
        for part in (part for name in order for part in pieces(made[name])):
            for inner in dict.fromkeys(self._nested_in(part, with_people)):
                assert part.place is not None
                words = f"`{inner}` asks about people, and stands inside `people`"
                remedy = "give each lead a clause that looks at that lead alone"
                self.findings.append(Diagnostic("MQL212", words, Label(part.place), help=remedy))

    def _nested_in(self, part: ir.Node, with_people: Container[str]) -> Iterator[str]:
        """Yield what asks about people inside `people`: other parts, and named selections of events."""
        match part:
            case ir.Where(of, inside) | ir.Aggregate(_, inside, of) if part.place and self.is_people(of):
                for inner in pieces(inside):
                    match inner:
                        case ir.ClauseRef(name) | ir.NamedValue(name) if name in with_people:
                            yield name
                        case ir.People():
                            yield self._selection_around(inner)

    def _selection_around(self, people: ir.People) -> str:
        """Return the named selection in whose declaration `people` stands; elsewhere it was refused already."""
        for name, entry in self.namespace.names.items():
            span, place = entry.declared.span, people.place
            if place is not None and entry.source is place.source and span.to(place.span) == span:
                return name
        return "people"

    def type_of_named(self, entry: Entry, column: str | None) -> Type:
        """Return the type of a named part; a circle of values is reported once."""
        name = entry.declared.name.text
        if (name, column) in self._named_types:
            return self._named_types[name, column]
        if name in self._circular:
            raise UnresolvedError  # reported with the circle
        if name in self._naming:
            self._report_circle([*self._naming[self._naming.index(name) :], name])
            raise UnresolvedError
        outer, before = self.source, len(self.findings)
        self.source = entry.source
        self._naming.append(name)
        try:
            self._named_types[name, column] = self.named_type(entry, column)
        finally:
            self._naming.pop()
            self.source = outer
            # What is wrong inside is reported where the part itself is resolved.
            self.findings[before:] = [
                finding for finding in self.findings[before:] if finding.code == "MQL103"
            ]
        return self._named_types[name, column]


def _taken_apart(example: decl.Example) -> decl.Example:
    """Give each time of a line its own line: `visit 2d ago, 1d ago` are two events."""

    def apart(line: decl.HappenedLine) -> list[decl.HappenedLine]:
        return [attrs.evolve(line, stamps=(stamp,)) for stamp in line.stamps] or [line]

    lines: list[decl.ExampleLine] = []
    for line in example.lines:
        match line:
            case decl.HappenedLine():
                lines += apart(line)
            case decl.PeopleLine(people):
                persons = tuple(
                    attrs.evolve(
                        person, happened=tuple(each for line in person.happened for each in apart(line))
                    )
                    for person in people
                )
                lines.append(attrs.evolve(line, people=persons))
            case _:
                lines.append(line)
    return attrs.evolve(example, lines=tuple(lines))
