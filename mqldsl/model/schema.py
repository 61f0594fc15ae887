"""What a definition says is known: its head, fields, events, records and lists."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mqldsl.model import ir
from mqldsl.model.calendar import BusinessHours, Duration, Unit
from mqldsl.model.dependencies import pieces
from mqldsl.model.examples import Examples
from mqldsl.model.namespace import plural_of
from mqldsl.model.resolver import UnresolvedError
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.nearest import did_you_mean
from mqldsl.source.text import NOWHERE, Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

T = TypeVar("T")
D = TypeVar("D")
MOST_LIST_ENTRIES = 100_000


class Schema(Examples):
    """Resolves what other declarations refer to."""

    header: ir.Header
    zone: ZoneInfo
    _files: Sequence[tuple[Source, decl.File]]
    _types: dict[int, Type]

    def _all(self, kind: type[D]) -> list[tuple[Source, D]]:
        return [
            (source, each)
            for source, file in self._files
            for each in file.declarations
            if isinstance(each, kind)
        ]

    def _try(self, source: Source, resolve: Callable[[D], T], node: D) -> T | None:
        self.source = source
        try:
            return resolve(node)
        except UnresolvedError:
            return None
        except RecursionError:
            self.source = source
            self.findings.append(
                Diagnostic(
                    "MQL005",
                    "this is made of too many things, one inside the other",
                    Label(Place(source, getattr(node, "span", NOWHERE))),
                    help="take some of them out of the chain",
                )
            )
            return None

    # -------------------------------------------------------------- header

    def _read_header(self) -> None:
        headers = [each for each in self._files[0][1].declarations if isinstance(each, decl.Header)]
        for again in headers[1:]:
            self.report("MQL019", again, "the definition has two heads", "keep one `definition` line")
        if headers:
            self.header = self._header(headers[0])

    def _header(self, node: decl.Header) -> ir.Header:
        said: dict[str, object] = {"title": node.title, "version": self.words(node.version)}
        agreed: list[tuple[str, date, str]] = []
        seen: set[type] = set()
        for line in node.lines:
            if type(line) in seen and not isinstance(line, decl.Agreed):
                self.report("MQL019", line, "the head says this twice", "keep one of the two lines")
            seen.add(type(line))
            match line:
                case decl.Owners(names):
                    said["owners"] = names
                case decl.Effective(start, end):
                    said["effective"], said["effective_to"] = start.value, None if end is None else end.value
                    if end is not None and end.value < start.value:
                        self.report(
                            "MQL204",
                            line,
                            "this definition ends before it begins",
                            "put the earlier day first",
                        )
                case decl.TimeZone(name):
                    self._set_zone(name)
                    said["zone"] = self.zone.key
                case decl.Currency(code):
                    if len(code.text) != 3 or not code.text.isalpha() or not code.text.isupper():
                        self.report(
                            "MQL013",
                            code,
                            f"`{code.text}` is no currency code",
                            "write three capitals: EUR, GBP, USD",
                        )
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
            from_list = did_you_mean(
                name.value, available_timezones(), 'write a name such as "Europe/London"'
            )
            self.report("MQL102", name, f"unknown time zone `{name.value}`", from_list)

    def _hours(self, line: decl.BusinessHours) -> BusinessHours | None:
        if line.closes <= line.opens:
            self.report(
                "MQL204", line, "these hours end before they begin", "write the opening first: 09:00-17:30"
            )
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
                        self.refuse(
                            "MQL201", option, "`missing means` needs a value", "write `missing means no`, say"
                        )
                    default = self.given(value, kind, node.name.text)
                case decl.MissingWhen(values):
                    missing_when += tuple(self._stand_in(value) for value in values)
        if required and default is not None:
            self.report(
                "MQL019",
                node,
                "a field that must be given needs no value for when it is missing",
                "keep `required` or `missing means`",
            )
        return ir.Field(
            node.name.text, kind, node.label, column, required, default, missing_when, place=self.place(node)
        )

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
                self.report(
                    "MQL101",
                    label,
                    f"the label `{label.text}` stands here twice",
                    "keep one; case and spaces do not count",
                )
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
        kind = (
            Labels(tuple(dict.fromkeys(names)), node.ordered) if node.kind == "one of" else simple[node.kind]
        )
        if node.is_set:
            # A set of anything else was reported with the text.
            return SetOf(kind if isinstance(kind, Text | Labels) else Text())
        return kind

    def _declare_kinds(self) -> None:
        for source, node in self._all(decl.Event):
            self.source = source
            properties: dict[str, Type] = {}
            for each in node.properties:
                if each.name.text in properties:
                    self.report(
                        "MQL101",
                        each,
                        f"the property `{each.name.text}` is declared twice",
                        "keep one of the two",
                    )
                properties[each.name.text] = self._type(each.type)
            if node.kept is not None and not node.timed:
                self.report(
                    "MQL206",
                    node.kept,
                    "records have no time, so no feed can go back to one",
                    "leave `kept for` out",
                )
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
                self.report(
                    "MQL005",
                    listed,
                    f"more than {MOST_LIST_ENTRIES:,} entries in the text",
                    'put them into a file: list NAME from "PATH.csv"',
                )
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
            self.report(
                "MQL206",
                node,
                "this is made of records, which have no time",
                f"declare it as `record {node.name.text}: …`",
            )
        company = any(isinstance(part, ir.Events) and part.scope == "company" for part in pieces(selected))
        if node.of_account and not company:
            self.report(
                "MQL201",
                node,
                "this is made of the lead's events",
                f"declare it as `event {node.name.text}: …`",
            )
