"""Examples and promises: the tests that stand in a definition."""

from collections.abc import Sequence
from datetime import date, datetime

from mqldsl.model import ir
from mqldsl.model.calendar import Duration, Unit
from mqldsl.model.namespace import Entry
from mqldsl.model.resolver import LEAD, UnresolvedError, in_words
from mqldsl.model.selections import BUSINESS_UNITS
from mqldsl.model.tables import Tables
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

_NOTHING = ir.Facts({})
# What may stand for a value of a type, where what is written could only be a text.
_SUCH_AS: dict[type, str] = {
    Number: "a number, such as 80, or `missing`",
    YesNo: "yes, no or `missing`",
    Date: "a day, such as 2026-03-10, or `missing`",
    Time: "a time, such as 2026-03-10 09:00, or `missing`",
}


class Examples(Tables):
    """Resolves `example` and `promise`."""

    decides: list[str]

    def example(self, node: decl.Example) -> ir.Example:
        """Return the meaning of an example."""
        lead, account = _NOTHING, None
        people: tuple[ir.Facts, ...] | None = None
        at = None
        feeds: tuple[str, ...] | None = None
        lead_pairs: list[decl.Pair] = []
        account_pairs: list[decl.Pair] | None = None
        lead_events: list[decl.HappenedLine] = []
        expected: list[ir.Expectation] = []
        for line in node.lines:
            match line:
                case decl.AtLine(moment):
                    if at is not None:
                        self.refuse("MQL019", line, "this example has two `at` lines", "keep one")
                    at = moment.value
                case decl.FactsLine("lead", pairs):
                    lead_pairs += pairs
                case decl.FactsLine(_, pairs):
                    account_pairs = [*(account_pairs or []), *pairs]
                case decl.HappenedLine():
                    lead_events.append(line)
                case decl.PeopleLine(persons):
                    people = (*(people or ()), *self.each(persons, self._person))
                case decl.FeedsLine(kinds):
                    feeds = tuple(self.each(kinds, self._kind_name))
                case decl.ExpectLine(wanted):
                    expected += self.each(wanted, self._expectation)
        lead = self._facts(lead_pairs, lead_events, "lead")
        if account_pairs is not None:
            account = self._facts(account_pairs, [], "account")
        return ir.Example(
            node.title, at, lead, account, people, feeds, tuple(expected), place=self.place(node)
        )

    def _person(self, person: decl.Person) -> ir.Facts:
        return self._facts(person.lead.pairs, person.happened, "lead")

    def _facts(
        self, pairs: Sequence[decl.Pair], happened: Sequence[decl.HappenedLine], owner: str
    ) -> ir.Facts:
        fields: dict[str, Value | None] = {}
        not_supplied: list[str] = []
        for pair in pairs:
            name = pair.name.text
            if name in fields or name in not_supplied:
                self.refuse("MQL019", pair, f"`{name}` is given twice", "keep one of the two")
            if isinstance(pair.value, tree.NotSupplied):
                self._field(pair.name, owner)
                not_supplied.append(name)
            else:
                fields[name] = self.given(pair.value, self._field(pair.name, owner), name)
        return ir.Facts(fields, tuple(not_supplied), tuple(self.each(happened, self._happened)))

    def _field(self, name: tree.Name, owner: str) -> Type:
        space = self.namespace.account_fields if owner == "account" else self.namespace.names
        entry = space.get(name.text)
        if entry is not None and isinstance(entry.declared, decl.Field):
            return self.type_of_field(entry.declared)
        if owner == "lead" and name.text == "account":
            return Text()
        known = [each for each, found in space.items() if found.word == "field"]
        self.refuse(
            "MQL102",
            name,
            f"unknown {owner} field `{name.text}`",
            did_you_mean(name.text, known, f"declare it under `{owner}:`"),
        )

    def given(
        self, value: decl.ExampleValue | tree.DateLiteral | tree.TimeLiteral, kind: Type, of: str
    ) -> Value | None:
        """Return a value as it is written in an example, `None` for blank."""
        if isinstance(value, tree.Missing):
            return None
        if isinstance(kind, SetOf):
            items = value.items if isinstance(value, tree.Items) else (value,)
            members = [self.given(item, kind.of, of) for item in items]
            return tuple(dict.fromkeys(str(member) for member in members))
        if isinstance(value, tree.Items):
            self.refuse(
                "MQL201", value, f"`{of}` holds one value, not a set", "write the value without brackets"
            )
        if isinstance(kind, Labels):
            return self.label_of(value, kind, of)
        if isinstance(value, tree.Name):
            instead = _SUCH_AS.get(type(kind), f'"{value.text}"')
            self.refuse(
                "MQL102",
                value,
                f"`{value.text}` is not in quotes",
                f"`{of}` is {in_words(kind)}: write {instead}",
            )
        literal = self._aligned(self.operand(value, LEAD), ir.Constant("", kind))  # type: ignore[arg-type] # a literal
        numbers = isinstance(literal.type, Number) and isinstance(kind, Number)
        if not isinstance(literal, ir.Constant) or not (literal.type == kind or numbers):
            self.refuse(
                "MQL201",
                value,
                f"`{of}` is {in_words(kind)}, and this is {in_words(literal.type)}",
                "write a value of that type",
            )
        return literal.value

    def _kind_name(self, name: tree.Name) -> str:
        entry = self.namespace.get(name.text)
        if entry is not None and isinstance(entry.declared, decl.Event):
            return entry.declared.name.text
        known = list(self.kinds)
        if entry is not None and entry.word in ("event", "record"):
            self.refuse(
                "MQL214",
                name,
                f"`{name.text}` is made of other events",
                "name the events that it is made of: " + ", ".join(known),
            )
        self.refuse(
            "MQL102",
            name,
            f"unknown event `{name.text}`",
            did_you_mean(name.text, known, "declare it: event " + name.text),
        )

    def _happened(self, line: decl.HappenedLine) -> ir.Happened:
        kind = self.kinds[self._kind_name(line.kind)]
        if kind.timed and not line.stamps:
            self.refuse(
                "MQL401",
                line,
                f"this does not say when the {kind.name} was",
                "write `2d ago` or `at 2026-03-01 10:00`",
            )
        if not kind.timed and line.stamps:
            self.refuse("MQL206", line, f"`{kind.name}` is a record and has no time", "leave the time out")
        if len(line.stamps) > 1:
            raise AssertionError("lines with several times are taken apart before")
        values: dict[str, Value | None] = dict.fromkeys(kind.properties)
        not_supplied = []
        for pair in line.pairs:
            name = pair.name.text
            if name not in kind.properties:
                self.refuse(
                    "MQL102",
                    pair.name,
                    f"`{kind.name}` has no `{name}`",
                    did_you_mean(
                        name, kind.properties, "it has " + (", ".join(kind.properties) or "no properties")
                    ),
                )
            if isinstance(pair.value, tree.NotSupplied):
                del values[name]
                not_supplied.append(name)
            else:
                values[name] = self.given(pair.value, kind.properties[name], name)
        stamp = self._stamp(line.stamps[0]) if line.stamps else None
        return ir.Happened(kind.name, stamp, values, tuple(not_supplied), place=self.place(line))

    def _stamp(self, stamp: tree.Duration | decl.Moment) -> Duration | date | datetime:
        if not isinstance(stamp, tree.Duration):
            return stamp.value
        length = Duration(stamp.count, Unit(stamp.unit))
        if length.unit in BUSINESS_UNITS:
            self.refuse("MQL210", stamp, "business time is for deadlines only", "write hours or days")
        return length

    # -------------------------------------------------------------- expectations

    def _expectation(self, node: decl.Expected) -> ir.Expectation:
        place = self.place(node)
        if node.kind in ("could be", "change", "due", "to"):
            return self._of_verdict(node)
        assert node.name is not None
        if node.kind == "missing":
            return ir.Expectation("missing", self._missing_name(node.name), place=place)
        return self._expected_of(node, node.name)

    def _of_verdict(self, node: decl.Expected) -> ir.Expectation:
        place = self.place(node)
        if not self.decides and self.spoiled:
            raise UnresolvedError
        if not self.decides:
            self.refuse("MQL401", node, "the definition decides nothing", "add a `decide`, or expect clauses")
        name = self.decides[0]
        match node.value:
            case tree.DateLiteral(moment) | tree.TimeLiteral(moment):
                return ir.Expectation(node.kind, name, value=moment, place=place)
            case tree.TextLiteral(team) if node.kind == "to":
                return ir.Expectation("to", name, value=team, place=place)
            case outcome:
                kind = self.type_of_named(self.namespace.names[name], None)
                assert isinstance(kind, Labels)
                assert isinstance(outcome, tree.Node)
                return ir.Expectation("could be", name, value=self.label_of(outcome, kind, name), place=place)

    def _missing_name(self, ref: tree.Ref) -> str:
        name = ref.name.text
        if ref.owner is None:
            entry = self.namespace.get(name)
            if name in {"account", "people"} or (entry is not None and entry.word == "field"):
                return name
            if entry is not None and isinstance(entry.declared, decl.Event):
                return entry.declared.name.text
            known = [
                *self.kinds,
                *(each for each, found in self.namespace.names.items() if found.word == "field"),
            ]
            self.refuse(
                "MQL102",
                ref,
                f"`{name}` is no field and no event, so it cannot be missing",
                did_you_mean(name, known, "name a field, a property or an event"),
            )
        if ref.owner.text == "account" and name in self.namespace.account_fields:
            return f"account.{name}"
        entry = self.namespace.get(ref.owner.text)
        if (
            entry is not None
            and isinstance(entry.declared, decl.Event)
            and name in self.kinds[entry.declared.name.text].properties
        ):
            return f"{entry.declared.name.text}.{name}"
        self.refuse(
            "MQL102", ref, f"unknown name `{self.words(ref)}`", "write account.FIELD or EVENT.PROPERTY"
        )

    def _expected_of(self, node: decl.Expected, ref: tree.Ref) -> ir.Expectation:
        place = self.place(node)
        name = ref.name.text if ref.owner is None else ref.owner.text
        column = None if ref.owner is None else ref.name.text
        entry = self.namespace.get(name)
        answers = ("clause", "value", "score", "grade", "matrix", "table", "decide")
        if entry is None or entry.word not in answers:
            known = [each for each, found in self.namespace.names.items() if found.word in answers]
            self.refuse(
                "MQL102",
                ref,
                f"nothing called `{name}` is answered",
                did_you_mean(name, known, "name a clause, a score or a decision"),
            )
        if isinstance(entry.declared, decl.Table):
            outputs = [each.text for each in entry.declared.gives]
            column = column or outputs[0]
            if column not in outputs:
                remedy = did_you_mean(column, outputs, "it gives " + ", ".join(outputs))
                self.refuse("MQL102", ref, f"the table `{name}` gives no `{column}`", remedy)
        elif column is not None:
            self.refuse(
                "MQL214", ref, f"`{name}` is a {entry.word} and has no parts", f"write `{name}` alone"
            )
        if node.kind in ("yes", "no", "unknown") and entry.word == "clause":
            return ir.Expectation(node.kind, name, place=place)
        if node.kind in ("value", "not value") and entry.word == "clause":
            if not isinstance(node.value, tree.YesNoLiteral):
                self.refuse(
                    "MQL214",
                    node,
                    f"`{name}` is a clause",
                    f"write `{name}`, `not {name}` or `unknown {name}`",
                )
            holds = node.value.value == (node.kind == "value")
            return ir.Expectation("yes" if holds else "no", name, place=place)
        if node.kind == "unknown":
            return ir.Expectation("unknown", name, column, place=place)
        if node.value is None or isinstance(node.value, tree.NotSupplied):
            self.refuse(
                "MQL401", node, f"`{name}` is a {entry.word}", f"say which value is expected: `{name} VALUE`"
            )
        kind = self.type_of_named(entry, column)
        return ir.Expectation(node.kind, name, column, self.given(node.value, kind, name), place=place)

    # -------------------------------------------------------------- promises

    def promise(self, node: decl.Promise) -> ir.Promise:
        """Return the meaning of a promise."""
        body, place = node.body, self.place(node)
        match body:
            case decl.MorePromise(events, effect, name):
                selected = self.selection(events, LEAD)
                return ir.Promise(
                    node.title, "more", selected, effect, self._target(name, effect), place=place
                )
            case decl.HigherPromise(field, effect, name):
                operand = self._promised_field(field)
                self.need_order(operand.type, field)
                return ir.Promise(
                    node.title, "higher", operand, effect, self._target(name, effect), place=place
                )
            case decl.SamePromise(field, name):
                return ir.Promise(
                    node.title,
                    "same",
                    self._promised_field(field),
                    "changes",
                    self._target(name, "changes"),
                    place=place,
                )
            case decl.AlwaysPromise(polarity, condition, when):
                meant = self.condition(condition, LEAD)
                context = None if when is None else self.condition(when, LEAD)
                return ir.Promise(
                    node.title, "always" if polarity else "never", meant, when=context, place=place
                )

    def _promised_field(self, ref: tree.Ref) -> ir.FieldValue:
        operand = self.operand(ref, LEAD)
        if not isinstance(operand, ir.FieldValue):
            self.refuse(
                "MQL214",
                ref,
                f"`{self.words(ref)}` is not a field",
                "name a field of the lead or `account.FIELD`",
            )
        return operand

    def _target(self, name: tree.Name, effect: str) -> str:
        entry: Entry | None = self.namespace.get(name.text)
        if entry is None or entry.word in ("field", "event", "record", "list"):
            known = [
                each
                for each, found in self.namespace.names.items()
                if found.word not in ("field", "event", "record", "list")
            ]
            self.refuse(
                "MQL102",
                name,
                f"nothing called `{name.text}` is answered",
                did_you_mean(name.text, known, "name a clause, a score or a decision"),
            )
        ordered = entry.word in ("clause", "score", "grade")
        if not ordered and effect == "lowers" and entry.word != "clause":
            kind = self.type_of_named(entry, None)
            if not isinstance(kind, Number | Date | Time):
                self.refuse(
                    "MQL213",
                    name,
                    f"`{name.text}` has no order, so nothing can lower it",
                    f"write `never changes {name.text}`",
                )
        return name.text
