"""Operands: fields, properties, literals, arithmetic and aggregates, each with its type."""

from typing import Literal, NoReturn

import attrs

from mqldsl.model import ir
from mqldsl.model.resolver import Scope, in_words
from mqldsl.model.selections import Selections
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree


@attrs.frozen
class Amount(Number):
    """The type of a bare number: it fits plain numbers and money alike."""


NUMBER = Number()
AMOUNT = Amount()
YES_NO = YesNo()
_OTHER_LANGUAGES = {
    "true": "write `yes`",
    "false": "write `no`",
    "today": "write `days since` or a window such as `today` behind the date",
    "now": "a window looks back from now: `within 30d`; `days since` a date is a number",
} | dict.fromkeys(("null", "none", "empty", "blank", "nan", "unknown"), "write `is missing`")
_NUMERIC_AGGREGATES = ("total", "average")


class Operands(Selections):
    """Resolves what has a value."""

    def operand(self, node: tree.Expression, scope: Scope) -> ir.Operand:
        """Return the meaning of an operand, or say why it has none."""
        place = self.place(node)
        match node:
            case tree.NumberLiteral(number):
                return ir.Constant(number, AMOUNT, place=place)
            case tree.TextLiteral(text):
                return ir.Constant(text, Text(), place=place)
            case tree.DateLiteral(day):
                return ir.Constant(day, Date(), place=place)
            case tree.TimeLiteral():
                return self.time_literal(node)
            case tree.YesNoLiteral(yes):
                return ir.Constant(yes, YES_NO, place=place)
            case tree.Ref():
                return self._ref(node, scope)
            case tree.Brackets(inner):
                return self.operand(inner, scope)
            case tree.Windowed(of, window):
                return self._windowed(node, of, window, scope)
            case tree.Filtered() | tree.Sequence() | tree.Without():
                return ir.HowMany(self.selection(node, scope), NUMBER, place=place)
            case tree.Arithmetic():
                return self._arithmetic(node, scope)
            case tree.Negative(of):
                amount = self._number(of, scope, "`-` needs a number")
                return ir.Arithmetic("-", ir.Constant(0.0, AMOUNT), amount, amount.type, place=place)
            case tree.Rounded(of, places):
                return self._rounded(node, of, places, scope)
            case tree.Pick():
                return self._pick(node, scope)
            case tree.DomainOf(of):
                address = self.operand(of, scope)
                if not isinstance(address.type, Text):
                    self.refuse(
                        "MQL201",
                        of,
                        f"`{self.words(of)}` is {in_words(address.type)}, not text",
                        "`domain of` reads an e-mail address",
                    )
                return ir.DomainOf(address, Text(), place=place)
            case tree.DaysSince(direction, of):
                return self._days(node, direction, of, scope)
            case tree.DaysSinceEvent(which, events):
                of_events = self.timed(events, scope, f"`days since {which}` looks at the times of events")
                return ir.DaysSinceEvent(which, of_events, NUMBER, place=place)
            case tree.Aggregate():
                return self._aggregate(node, scope)
            case tree.MostBy(events, prop):
                of_events = self.selection(events, scope)
                return ir.Aggregate("most", self._each(prop, of_events), of_events, NUMBER, place=place)
            case _:
                return ir.AnswerValue(self.condition(node, scope), YES_NO, place=place)

    def time_literal(self, node: tree.TimeLiteral) -> ir.Constant:
        """Return the instant of a local time in the definition's zone."""
        return ir.Constant(self.instant(node.value), Time(), place=self.place(node))

    # -------------------------------------------------------------- names

    def _ref(self, ref: tree.Ref, scope: Scope) -> ir.Operand:
        name, place = ref.name.text, self.place(ref)
        if ref.owner is not None:
            return self._owned(ref, ref.owner, scope)
        if scope.properties is not None and name in scope.properties:
            return ir.PropertyValue(name, scope.properties[name], place=place)
        if self.is_selection(ref, scope):
            return ir.HowMany(self.selection(ref, scope), NUMBER, place=place)
        entry = self.namespace.get(name)
        if entry is None:
            self.unknown_name(ref, scope)
        match entry.declared:
            case decl.Field():
                return ir.FieldValue("lead", name, self.type_of_field(entry.declared), place=place)
            case decl.Clause():
                return ir.AnswerValue(ir.ClauseRef(name, place=place), YES_NO, place=place)
            case decl.ListOf() | decl.ListFile():
                self.refuse(
                    "MQL214", ref, f"`{name}` is a list", f"ask whether something is in it: `title in {name}`"
                )
            case decl.Table(gives=gives) if len(gives) > 1:
                outputs = " or ".join(f"`{name}.{each.text}`" for each in gives)
                self.refuse("MQL214", ref, f"`{name}` gives several things", f"say which: {outputs}")
            case decl.Table(gives=gives):
                return ir.NamedValue(
                    name, self.type_of_named(entry, gives[0].text), gives[0].text, place=place
                )
            case _:
                return ir.NamedValue(name, self.type_of_named(entry, None), place=place)

    def _owned(self, ref: tree.Ref, owner: tree.Name, scope: Scope) -> ir.Operand:
        name, place = ref.name.text, self.place(ref)
        if owner.text == "account":
            field = self.namespace.account_fields.get(name)
            if field is not None:
                assert isinstance(field.declared, decl.Field)
                return ir.FieldValue("account", name, self.type_of_field(field.declared), place=place)
            if self.is_selection(ref, scope):
                return ir.HowMany(self.selection(ref, scope), NUMBER, place=place)
            known = list(self.namespace.account_fields)
            found = did_you_mean(name, known, f"declare it under `account:`, as `{name}: text` say")
            self.refuse("MQL102", ref.name, f"unknown account field `{name}`", found)
        if owner.text in ("people", "activity") and not owner.quoted:
            remedy = f"`{owner.text}({name} = …)` narrows them, `latest {name} of {owner.text}` takes a value"
            if owner.text == "people":
                remedy = f"`people({name} = …)` counts them, `highest {name} of people` takes a value"
            self.refuse("MQL214", owner, f"`{owner.text}` has no parts", remedy)
        entry = self.namespace.get(owner.text)
        if entry is not None and not isinstance(entry.declared, decl.Table):
            remedy = f"write `{owner.text}` alone"
            if entry.word in ("event", "record"):
                remedy = (
                    f"`{owner.text}({name} = …)` narrows them, `latest {name} of {owner.text}` takes a value"
                )
            self.refuse("MQL214", owner, f"`{owner.text}` is a {entry.word} and has no parts", remedy)
        if entry is None:
            tables = [each for each, found in self.namespace.names.items() if found.word == "table"]
            self.refuse(
                "MQL102",
                owner,
                f"unknown name `{owner.text}`: only `account` and tables have parts",
                did_you_mean(owner.text, [*tables, "account"], "write the name alone"),
            )
        assert isinstance(entry.declared, decl.Table)
        outputs = [each.text for each in entry.declared.gives]
        if name not in outputs:
            self.refuse(
                "MQL102",
                ref.name,
                f"the table `{owner.text}` gives no `{name}`",
                did_you_mean(name, outputs, "it gives " + ", ".join(outputs)),
            )
        return ir.NamedValue(owner.text, self.type_of_named(entry, name), name, place=place)

    def unknown_name(self, ref: tree.Ref, scope: Scope) -> NoReturn:
        """Report an unknown name, with the nearest one in scope."""
        name = ref.name.text
        known = [*(scope.properties or ()), *self.namespace.names, "people", "activity"]
        remedy = did_you_mean(name, known, f'declare it, or put it into quotes if it is a text: "{name}"')
        remedy = _OTHER_LANGUAGES.get(name.lower(), remedy)
        self.refuse("MQL102", ref, f"unknown name `{name}`", remedy)

    # -------------------------------------------------------------- windows behind operands

    def _windowed(
        self, node: tree.Windowed, of: tree.Expression, window: tree.Window, scope: Scope
    ) -> ir.Operand:
        if self.is_selection(of, scope):
            return ir.HowMany(self.selection(node, scope), NUMBER, place=self.place(node))
        if isinstance(window, tree.WithinNext) or not self.has_selection(of, scope):
            return ir.AnswerValue(self.condition(node, scope), YES_NO, place=self.place(node))
        return self.operand(self.spread(of, window, scope), scope)

    def has_selection(self, node: tree.Expression, scope: Scope) -> bool:
        """Say whether a window behind `node` would reach a selection in it."""
        match node:
            case tree.Arithmetic(first, rest):
                return any(self.has_selection(part, scope) for part in (first, *(part for _, part in rest)))
            case tree.Negative(of) | tree.Rounded(of):
                return self.has_selection(of, scope)
            case tree.Brackets(inner):
                return self.has_selection(inner, scope)
            case tree.Pick(_, parts):
                return any(self.has_selection(part, scope) for part in parts)
            case tree.Aggregate() | tree.DaysSinceEvent() | tree.MostBy():
                return True
            case _:
                return self.is_selection(node, scope)

    def spread(self, node: tree.Expression, window: tree.Window, scope: Scope) -> tree.Expression:
        """Put a window behind every selection of an operand that has none of its own."""

        def inside(part: tree.Expression) -> tree.Expression:
            return self.spread(part, window, scope)

        match node:
            case tree.Arithmetic(first, rest):
                return attrs.evolve(
                    node, first=inside(first), rest=tuple((sign, inside(part)) for sign, part in rest)
                )
            case tree.Negative(of) | tree.Rounded(of):
                return attrs.evolve(node, of=inside(of))
            case tree.Brackets(inner) if not self.is_selection(inner, scope):
                return attrs.evolve(node, inner=inside(inner))
            case tree.Pick(_, parts):
                return attrs.evolve(node, parts=tuple(inside(part) for part in parts))
            case (
                tree.Aggregate(events=events)
                | tree.DaysSinceEvent(events=events)
                | tree.MostBy(events=events)
            ):
                return attrs.evolve(node, events=self._with_window(events, window))
            case _ if self.is_selection(node, scope):
                return self._with_window(node, window)
            case _:
                return node

    def _with_window(self, node: tree.Expression, window: tree.Window) -> tree.Expression:
        match node:
            case tree.Windowed():
                return node
            case tree.Brackets(tree.Windowed()):
                return node
            case _:
                return tree.Windowed(node, window, span=node.span)

    # -------------------------------------------------------------- arithmetic

    def _number(self, node: tree.Expression, scope: Scope, why: str) -> ir.Operand:
        operand = self.operand(node, scope)
        if not isinstance(operand.type, Number):
            self.refuse(
                "MQL201",
                node,
                f"`{self.words(node)}` is {in_words(operand.type)}: {why}",
                "use a number, an amount of money or a count",
            )
        return operand

    def _arithmetic(self, node: tree.Arithmetic, scope: Scope) -> ir.Operand:
        why = f"`{node.rest[0][0]}` needs numbers"
        parts = self.each(
            (node.first, *(part for _, part in node.rest)), lambda part: self._number(part, scope, why)
        )
        made = parts[0]
        for (sign, part), right in zip(node.rest, parts[1:], strict=True):
            made = ir.Arithmetic(
                sign, made, right, self._result(sign, made, right, part), place=self.place(node)
            )
        return made

    def _result(self, sign: str, left: ir.Operand, right: ir.Operand, node: tree.Node) -> Type:
        kinds = {type(left.type) if isinstance(left.type, Amount) else left.type for left in (left, right)}
        loose = Amount in kinds
        money = Number(money=True)
        if sign in "+-":
            if money in kinds and NUMBER in kinds:
                self.refuse(
                    "MQL201",
                    node,
                    f"money and a plain number cannot be joined by `{sign}`",
                    "declare both as money, or both as number",
                )
            return AMOUNT if kinds == {Amount} else (money if money in kinds else NUMBER)
        if loose and money not in kinds:
            return AMOUNT
        both_money = left.type == right.type == money
        return (
            money
            if money in kinds and not both_money
            else (NUMBER if not both_money or sign == "/" else AMOUNT)
        )

    def _rounded(
        self, node: tree.Rounded, of: tree.Expression, places: tree.NumberLiteral, scope: Scope
    ) -> ir.Operand:
        number = self._number(of, scope, "only numbers are rounded")
        if places.value != int(places.value) or not 0 <= places.value <= 15:
            self.refuse(
                "MQL018", places, "decimals are counted from 0 to 15", "`rounded to 0` gives a whole number"
            )
        return ir.Rounded(number, int(places.value), number.type, place=self.place(node))

    def _pick(self, node: tree.Pick, scope: Scope) -> ir.Operand:
        parts = self.each(node.parts, lambda part: self.operand(part, scope))
        kind = parts[0].type
        for part, written in zip(parts[1:], node.parts[1:], strict=True):
            if kind != part.type and not comparable(kind, part.type):
                self.refuse(
                    "MQL201",
                    written,
                    f"`{self.words(written)}` is {in_words(part.type)}, the first one is {in_words(kind)}",
                    "name things of one type",
                )
            if isinstance(kind, Amount):
                kind = part.type
        if node.kind != "first known":
            self.need_order(kind, node)
        return ir.Pick(node.kind, tuple(parts), kind, place=self.place(node))

    def need_order(self, kind: Type, node: tree.Node) -> None:
        """Refuse what has no order: text, sets, yes or no, labels without an order."""
        if isinstance(kind, Number | Date | Time) or (isinstance(kind, Labels) and kind.ordered):
            return
        remedy = (
            "declare the labels with an order: one of (a < b < c)"
            if isinstance(kind, Labels)
            else "use a number, a date, a time or ordered labels"
        )
        said = f"`{self.words(node)}` is {in_words(kind)}, which has no order"
        self.refuse("MQL213", node, said, remedy)

    # -------------------------------------------------------------- time and aggregates

    def _days(
        self, node: tree.DaysSince, direction: Literal["since", "until"], of: tree.Expression, scope: Scope
    ) -> ir.Operand:
        if self.is_selection(of, scope):
            self.refuse(
                "MQL214",
                of,
                f"`{self.words(of)}` are events",
                f"write `days since last {self.words(of)}` or `days since first {self.words(of)}`",
            )
        moment = self.operand(of, scope)
        if not isinstance(moment.type, Date | Time):
            self.refuse(
                "MQL201",
                of,
                f"`{self.words(of)}` is {in_words(moment.type)}, not a date",
                "name a date or time field",
            )
        return ir.DaysBetween(direction, moment, NUMBER, place=self.place(node))

    def _aggregate(self, node: tree.Aggregate, scope: Scope) -> ir.Operand:
        of = self.selection(node.events, scope)
        place = self.place(node)
        kind = node.kind
        if kind == "distinct" and node.prop.text == "days" and not node.prop.quoted:
            self.need_time(of, node, "`distinct days` looks at the times of events")
            return ir.Aggregate("distinct days", None, of, NUMBER, place=place)
        each = self._each(node.prop, of)
        if kind in _NUMERIC_AGGREGATES and not isinstance(each.type, Number):
            self.refuse(
                "MQL201",
                node.prop,
                f"`{node.prop.text}` is {in_words(each.type)}: `{kind}` needs a number",
                "name a property that is a number or money",
            )
        if kind in ("highest", "lowest"):
            self.need_order(each.type, node.prop)
        if kind in ("latest", "earliest"):
            self.need_time(of, node, f"`{kind}` looks at the times of events")
        if kind == "distinct" and isinstance(each.type, SetOf):
            self.refuse("MQL201", node.prop, f"`{node.prop.text}` is a set", "count what has one value")
        return ir.Aggregate(kind, each, of, NUMBER if kind == "distinct" else each.type, place=place)

    def _each(self, prop: tree.Name, of: ir.Selection) -> ir.Operand:
        """Return what an aggregate looks at in each event, or in each of the people."""
        if self.is_people(of):
            return self.operand(tree.Ref(prop, span=prop.span), Scope(people=True))
        known = self.properties(of)
        if prop.text not in known:
            self.refuse(
                "MQL102",
                prop,
                f"unknown property `{prop.text}`",
                did_you_mean(prop.text, known, "these events have " + (", ".join(known) or "no properties")),
            )
        return ir.PropertyValue(prop.text, known[prop.text], place=self.place(prop))

    def is_people(self, of: ir.Selection) -> bool:
        """Say whether a selection is one of people."""
        return isinstance(of, ir.People) or (isinstance(of, ir.Where) and self.is_people(of.of))


def comparable(a: Type, b: Type) -> bool:
    """Say whether values of the two types may be compared with `=`."""
    if isinstance(a, Number) and isinstance(b, Number):
        return isinstance(a, Amount) or isinstance(b, Amount) or a == b
    if isinstance(a, Labels) and isinstance(b, Labels):
        return a == b or bool(set(a.names) & set(b.names))
    return a == b and not isinstance(a, SetOf)
