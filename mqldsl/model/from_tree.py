"""From trees to one model: names resolved, types fixed, sugar removed, every fault reported."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import attrs

from mqldsl.model import ir
from mqldsl.model.calendar import BusinessHours, Duration, Unit, at_local, midnight
from mqldsl.model.dependencies import names_in, ordered, pieces
from mqldsl.model.examples import Examples
from mqldsl.model.namespace import Entry, Namespace, collect, plural_of
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.resolver import LEAD, UnresolvedError, in_words
from mqldsl.model.types import BLANK, Blank, Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.nearest import did_you_mean
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

T = TypeVar("T")
D = TypeVar("D")
MOST_LIST_ENTRIES = 100_000
# What a table or a list in a file of its own says: `(declared name, path)` to text, or why it cannot be read.
Companions = Mapping[tuple[str, str], str | OSError]


def model_of(files: Sequence[tuple[Source, decl.File]], companions: Companions) -> tuple[ir.Model, list[Diagnostic]]:
    """Return the model of a definition and a finding for each fault.

    `files` are the definition itself, first, and what it uses. The model holds what could be resolved;
    it may be evaluated only where no finding is an error.
    """
    namespace, findings = collect(files)
    maker = ModelMaker(files, namespace, companions)
    model = maker.model()
    return model, findings + maker.findings


class ModelMaker(Examples):
    """Resolves all declarations of a definition, each on its own."""

    def __init__(self, files: Sequence[tuple[Source, decl.File]], namespace: Namespace, companions: Companions) -> None:
        """Take the trees and the texts of lists and tables."""
        super().__init__(namespace, None)
        self._files = files
        self._companions = companions
        self._selecting = []
        self._selected = {}
        self._types: dict[int, Type] = {}
        self._naming: list[str] = []
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
        self.decides = [each.name.text for source, each in self._all(decl.Decide) if source is main]
        named = self._parts()
        self._check_selections()
        examples = [made for source, each in self._all(decl.Example) for taken in [_taken_apart(each)] if (made := self._try(source, self.example, taken))]
        promises = [made for source, each in self._all(decl.Promise) if (made := self._try(source, self.promise, each))]
        verdict = self.decides[0] if self.decides else None
        return ir.Model(
            self.header, fields, account_fields, self.kinds, named, verdict, tuple(examples), tuple(promises)
        )

    def _all(self, kind: type[D]) -> list[tuple[Source, D]]:
        return [(source, each) for source, file in self._files for each in file.declarations if isinstance(each, kind)]

    def _try(self, source: Source, resolve: Callable[[D], T], node: D) -> T | None:
        self.source = source
        try:
            return resolve(node)
        except UnresolvedError:
            return None

    # -------------------------------------------------------------- header

    def _read_header(self) -> None:
        headers = [each for each in self._files[0][1].declarations if isinstance(each, decl.Header)]
        for again in headers[1:]:
            self.report("MQL101", again, "the definition has two heads", "keep one `definition` line")
        if headers:
            self.header = self._header(headers[0])

    def _header(self, node: decl.Header) -> ir.Header:
        said: dict[str, object] = {"title": node.title, "version": self.words(node.version)}
        agreed: list[tuple[str, date, str]] = []
        seen: set[type] = set()
        for line in node.lines:
            if type(line) in seen and not isinstance(line, decl.Agreed):
                self.report("MQL101", line, "the head says this twice", "keep one of the two lines")
            seen.add(type(line))
            match line:
                case decl.Owners(names):
                    said["owners"] = names
                case decl.Effective(start, end):
                    said["effective"], said["effective_to"] = start.value, None if end is None else end.value
                    if end is not None and end.value < start.value:
                        self.report("MQL204", line, "this definition ends before it begins", "put the earlier day first")
                case decl.TimeZone(name):
                    self._set_zone(name)
                    said["zone"] = self.zone.key
                case decl.Currency(code):
                    if len(code.text) != 3 or not code.text.isalpha() or not code.text.isupper():
                        self.report("MQL013", code, f"`{code.text}` is no currency code", "write three capitals: EUR, GBP, USD")
                    said["currency"] = code.text
                case decl.BusinessHours():
                    said["hours"] = self._hours(line)
                case decl.Review(every):
                    said["review_every"] = Duration(every.count, Unit(every.unit))
                case decl.Agreed(by, on, fingerprint):
                    agreed.append((by, on.value, fingerprint))
        return ir.Header(**said, agreed=tuple(agreed), place=self.place(node))  # type: ignore[arg-type] # one key a line

    def _set_zone(self, name: tree.TextLiteral) -> None:
        try:
            self.zone = ZoneInfo(name.value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            from_list = did_you_mean(name.value, available_timezones(), 'write a name such as "Europe/London"')
            self.report("MQL102", name, f"unknown time zone `{name.value}`", from_list)

    def _hours(self, line: decl.BusinessHours) -> BusinessHours | None:
        if line.closes <= line.opens:
            self.report("MQL204", line, "these hours end before they begin", "write the opening first: 09:00-17:30")
            return None
        length = (line.last_day - line.first_day) % 7
        days = frozenset((line.first_day + step) % 7 for step in range(length + 1))
        return BusinessHours(days, line.opens, line.closes)

    # -------------------------------------------------------------- what is known

    def _fields(self, owner: str) -> dict[str, ir.Field]:
        made: dict[str, ir.Field] = {}
        for source, fields in self._all(decl.Fields):
            if fields.owner != owner:
                continue
            for node in fields.fields:
                field = self._try(source, self._field_of, node)
                if field is not None:
                    made.setdefault(field.name, field)
        return made

    def _field_of(self, node: decl.Field) -> ir.Field:
        kind = self.type_of_field(node)
        column, required, default = None, False, None
        missing_when: tuple[Value, ...] = ()
        for option in node.options:
            match option:
                case decl.FromColumn(name):
                    column = name
                case decl.Required():
                    required = True
                case decl.MissingMeans(value):
                    if isinstance(value, tree.Missing | tree.NotSupplied):
                        self.refuse("MQL201", option, "`missing means` needs a value", "write `missing means no`, say")
                    default = self.given(value, kind, node.name.text)
                case decl.MissingWhen(values):
                    missing_when += tuple(self._stand_in(value) for value in values)
        if required and default is not None:
            self.report("MQL204", node, "a field that must be given needs no value for when it is missing", "keep `required` or `missing means`")
        return ir.Field(node.name.text, kind, node.label, column, required, default, missing_when, place=self.place(node))

    def _stand_in(self, value: tree.Item) -> Value:
        match value:
            case tree.Name(text):
                return text
            case _:
                return value.value

    def type_of_field(self, field: decl.Field) -> Type:
        """Return the type of a declared field."""
        return self._type(field.type)

    def _type(self, node: decl.TypeName) -> Type:
        if id(node) not in self._types:
            self._types[id(node)] = self._type_named(node)
        return self._types[id(node)]

    def _type_named(self, node: decl.TypeName) -> Type:
        names = tuple(label.text for label in node.labels)
        folded: dict[str, str] = {}
        for label in node.labels:
            key = " ".join(label.text.lower().split())
            if key in folded:
                self.report("MQL101", label, f"the label `{label.text}` stands here twice", "keep one; case and spaces do not count")
            folded[key] = label.text
            if not key:
                self.report("MQL208", label, "a label cannot be blank", "blank is missing: ask `is missing`")
        if len(names) > MOST_LIST_ENTRIES:
            self.report("MQL005", node, f"more than {MOST_LIST_ENTRIES:,} labels", "declare it as text")
        simple: Mapping[str, Type] = {
            "text": Text(),
            "number": Number(),
            "money": Number(money=True),
            "date": Date(),
            "time": Time(),
            "yes/no": YesNo(),
        }
        kind = Labels(tuple(dict.fromkeys(names)), node.ordered) if node.kind == "one of" else simple[node.kind]
        if node.is_set:
            assert isinstance(kind, Text | Labels)
            return SetOf(kind)
        return kind

    def _declare_kinds(self) -> None:
        for source, node in self._all(decl.Event):
            self.source = source
            properties: dict[str, Type] = {}
            for each in node.properties:
                if each.name.text in properties:
                    self.report("MQL101", each, f"the property `{each.name.text}` is declared twice", "keep one of the two")
                properties[each.name.text] = self._type(each.type)
            if node.kept is not None and not node.timed:
                self.report("MQL206", node.kept, "records have no time, so no feed can go back to one", "leave `kept for` out")
            kept = None if node.kept is None else self._try(source, self.duration, node.kept)
            entry = self.namespace.get(node.name.text)
            assert entry is not None
            self.kinds[node.name.text] = ir.Kind(
                node.name.text,
                plural_of(node).text,
                node.label,
                properties,
                kept,
                node.of_account,
                node.timed,
                place=self.place(node),
            )

    def _check_selections(self) -> None:
        """Resolve named selections and lists that nothing uses, so that their faults are found too."""
        for source, node in self._all(decl.NamedSelection):
            entry = self.namespace.get(node.name.text)
            if entry is not None and entry.declared is node:
                self._try(source, self.declared_selection, entry)
                self._check_owner(source, node)
        for source, listed in self._all(decl.ListOf):
            self.source = source
            kinds = {type(item) for item in listed.items}
            if tree.NumberLiteral in kinds and len(kinds) > 1:
                self.report("MQL201", listed, "a list holds texts or numbers, not both", "make two lists")
            if len(listed.items) > MOST_LIST_ENTRIES:
                self.report("MQL005", listed, f"more than {MOST_LIST_ENTRIES:,} entries in the text", 'put them into a file: list NAME from "PATH.csv"')
        for source, filed in self._all(decl.ListFile):
            found = self.namespace.get(filed.name.text)
            if found is not None and found.declared is filed:
                self._try(source, self.list_from_file, found)

    def _check_owner(self, source: Source, node: decl.NamedSelection) -> None:
        self.source = source
        selected = self._selected.get(node.name.text)
        if selected is None:
            return
        untimed = self._untimed(selected)
        if node.timed and untimed is not None:
            self.report("MQL206", node, "this is made of records, which have no time", f"declare it as `record {node.name.text}: …`")
        company = any(isinstance(part, ir.Events) and part.scope == "company" for part in pieces(selected))
        if node.of_account and not company:
            self.report("MQL201", node, "this is made of the lead's events", f"declare it as `event {node.name.text}: …`")

    # -------------------------------------------------------------- named parts

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
        first = self.namespace.names[circle[0]]
        also = tuple(Label(self.namespace.names[name].place, f"`{name}` is part of it") for name in circle[1:-1])
        self.findings.append(
            Diagnostic(
                "MQL103",
                "names that are made of each other: " + " → ".join(circle),
                Label(first.place),
                also,
                "let one of them stand on its own",
            )
        )

    def _check_nested_people(self, made: Mapping[str, ir.Named], order: list[str]) -> None:
        with_people: set[str] = set()
        for name in order:
            if any(isinstance(part, ir.People) for part in pieces(made[name])) or with_people.intersection(names_in(made[name])):
                with_people.add(name)
        for name in order:
            for part in pieces(made[name]):
                inside = part.condition if isinstance(part, ir.Where) and isinstance(part.of, ir.People) else None
                if isinstance(part, ir.Aggregate) and self.is_people(part.of):
                    inside = part.each  # type: ignore[assignment] # looked through for names, as a condition is
                for inner in names_in(inside):
                    if inner in with_people and part.place is not None:
                        words = f"`{inner}` asks about people, and stands inside `people`"
                        self.findings.append(Diagnostic("MQL212", words, Label(part.place), help="give each lead a clause that looks at that lead alone"))

    def type_of_named(self, entry: Entry, column: str | None) -> Type:
        """Return the type of a named part; a circle of values is reported once."""
        name = entry.declared.name.text
        if (name, column) in self._named_types:
            return self._named_types[name, column]
        if name in self._naming:
            circle = [*self._naming[self._naming.index(name) :], name]
            if not any(finding.code == "MQL103" and set(circle) <= set(finding.message.split()) for finding in self.findings):
                self._report_circle(circle)
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
            self.findings[before:] = [finding for finding in self.findings[before:] if finding.code == "MQL103"]
        return self._named_types[name, column]

    # -------------------------------------------------------------- time and files

    def instant(self, local: datetime) -> datetime:
        """Return the instant of a local time in the definition's zone."""
        return at_local(local, self.zone)

    def midnight(self, day: date) -> datetime:
        """Return the first instant of a day in the definition's zone."""
        return midnight(day, self.zone)

    def _companion(self, name: str, path: tree.TextLiteral) -> str:
        text = self._companions.get((name, path.value))
        if isinstance(text, str):
            return text
        why = "is not there" if text is None or isinstance(text, FileNotFoundError) else f"cannot be read: {text}"
        self.refuse("MQL106", path, f"the file `{path.value}` {why}", "its path is told from the folder of the definition")

    def list_from_file(self, entry: Entry) -> list[str]:
        """Return the entries of a list's file: its one column, or the one that is named."""
        node = entry.declared
        assert isinstance(node, decl.ListFile)
        outer = self.source
        self.source = entry.source
        try:
            lines = _lines(self._companion(node.name.text, node.path))
            if not lines:
                return []
            if node.column is None:
                # Without a column the first one is meant; a head that names it is left out.
                body = lines[1:] if lines[0][0].strip().lower() in (node.name.text.lower(), _singular(node.name.text)) else lines
                return [line[0] for line in body if line and line[0].strip()]
            if node.column not in lines[0]:
                self.refuse("MQL106", node.path, f"`{node.path.value}` has no column `{node.column}`", did_you_mean(node.column, lines[0], "it has " + ", ".join(lines[0][:8])))
            column = lines[0].index(node.column)
            return [line[column] for line in lines[1:] if len(line) > column and line[column].strip()]
        finally:
            self.source = outer

    def rows_from_file(self, node: decl.Table) -> tuple[list[str], list[list[str]]]:
        """Return head and rows of a table's file; short rows are filled with empty cells."""
        assert node.path is not None
        lines = _lines(self._companion(node.name.text, node.path))
        if not lines:
            self.refuse("MQL106", node.path, f"`{node.path.value}` is empty", "its first line names the columns")
        width = len(lines[0])
        return lines[0], [line[:width] + [""] * (width - len(line)) for line in lines[1:] if any(line)]

    def table_from_file(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a table in a file, read once."""
        if node.name.text not in self._file_tables:
            self._file_tables[node.name.text] = super().table_from_file(node)
        return self._file_tables[node.name.text]

    def value_from_file(self, item: tree.TextLiteral, kind: Type) -> Value:
        """Return an entry of a file read as a type, or report it."""
        value = read(item.value, kind, Reading(self.zone, self.currency))
        if isinstance(value, Unreadable | Blank) or value is BLANK:
            self.refuse("MQL201", item, f"the list holds `{item.value}`, which is not {in_words(kind)}", "correct the file, or compare another field")
        return value


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
                    attrs.evolve(person, happened=tuple(each for line in person.happened for each in apart(line)))
                    for person in people
                )
                lines.append(attrs.evolve(line, people=persons))
            case _:
                lines.append(line)
    return attrs.evolve(example, lines=tuple(lines))


def _lines(text: str) -> list[list[str]]:
    """Read comma, semicolon or tab separated lines; whatever the first line has most of separates."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    return [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if line]


def _singular(name: str) -> str:
    return name.lower().removesuffix("s")
