"""Values and scores: what conditions add up to."""

from collections.abc import Iterable
from types import UnionType

from mqldsl.model import ir
from mqldsl.model.collections import Collected
from mqldsl.model.conditions import Conditions
from mqldsl.model.operands import NUMBER, Amount
from mqldsl.model.resolver import LEAD, in_words
from mqldsl.model.types import Labels, Number, SetOf, Text, Type, YesNo
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes


class Scoring(Conditions):
    """Resolves declarations that give values and points."""

    def value(self, node: decl.Value) -> ir.NamedExpression:
        """Return the meaning of a `value`."""
        kind = self.type_of_value(node)
        if node.rows[-1].condition is not None or (len(node.rows) > 1 and not node.rows[-1].otherwise):
            self.report(
                "MQL302",
                node.rows[-1],
                f"`{node.name.text}` does not say what it is when no row holds",
                "end with a row `otherwise …`",
            )
        for row in node.rows[:-1]:
            if row.condition is None:
                self.report(
                    "MQL301",
                    row,
                    "no row after this one can be reached",
                    "give it a condition with `when`, or move it to the end",
                )
        cases = self.each(node.rows, lambda row: self._case(row, kind))
        return ir.NamedExpression(node.name.text, node.label, tuple(cases), kind, place=self.place(node.name))

    def _case(self, row: decl.ValueRow, kind: Type) -> ir.Case:
        condition = None if row.condition is None else self.condition(row.condition, LEAD)
        if isinstance(kind, Labels) and (word := self._bare_word(row.value)) is not None:
            return ir.Case(
                ir.Constant(word, kind, place=self.place(row.value)), condition, place=self.place(row)
            )
        value = self.operand(row.value, LEAD)
        of_kind = Number(value.type.money) if isinstance(value.type, Number) else value.type
        alike = isinstance(of_kind, Number) and isinstance(kind, Number)
        alike = alike or (isinstance(of_kind, Labels) and isinstance(kind, Labels))
        if of_kind != kind and not alike:
            self.refuse(
                "MQL201",
                row.value,
                f"this row gives {in_words(of_kind)}, the first one gives {in_words(kind)}",
                "let all rows give things of one type",
            )
        return ir.Case(value, condition, place=self.place(row))

    def _bare_word(self, node: tree.Expression) -> str | None:
        if isinstance(node, tree.TextLiteral):
            return node.value
        if not isinstance(node, tree.Ref) or node.owner is not None or self.is_selection(node, LEAD):
            return None
        return node.name.text if self.namespace.get(node.name.text) is None else None

    def type_of_value(self, node: decl.Value) -> Type:
        """Return the type of a value: labels where a row is a bare word or has labels, else that of its rows."""
        words = [self._bare_word(row.value) for row in node.rows]
        if len(node.rows) == 1 and isinstance(node.rows[0].value, tree.Ref) and words[0] is not None:
            self.unknown_name(node.rows[0].value, LEAD)
        others = [row.value for row, word in zip(node.rows, words, strict=True) if word is None]
        kinds = [self.operand(value, LEAD).type for value in others]
        is_bare = any(
            isinstance(row.value, tree.Ref) and word is not None
            for row, word in zip(node.rows, words, strict=True)
        )
        if (is_bare or any(isinstance(kind, Labels) for kind in kinds)) and all(
            isinstance(kind, Labels) for kind in kinds
        ):
            names = [word for word in words if word is not None]
            names += [name for kind in kinds if isinstance(kind, Labels) for name in kind.names]
            only = kinds[0] if len(set(kinds)) == 1 and len(kinds) == len(node.rows) else None
            return only or Labels(tuple(dict.fromkeys(names)))
        kind = kinds[0] if words[0] is None else Text()
        if isinstance(kind, SetOf):
            self.refuse(
                "MQL201",
                node.rows[0].value,
                "a value is a number, a text or a label, not a set",
                "ask the set for what it holds",
            )
        return Number(kind.money) if isinstance(kind, Amount) else kind

    # -------------------------------------------------------------- scores

    def score(self, node: decl.Score) -> ir.Score:
        """Return the meaning of a `score`."""
        if node.low is not None and node.high is not None and node.low > node.high:
            self.report(
                "MQL204",
                node,
                "this score ends below where it begins",
                f"write `from {node.high:g} to {node.low:g}`",
            )
        rows = self.each(node.rows, self._row)
        decays = self.each(node.decays, self._decay)
        return ir.Score(
            node.name.text,
            node.label,
            node.low,
            node.high,
            tuple(rows),
            tuple(decays),
            NUMBER,
            place=self.place(node.name),
        )

    def _decay(self, node: decl.Decay) -> ir.Decay:
        if node.every.count == 0:
            self.refuse("MQL018", node.every, "points cannot shrink every 0 days", "write 1 or more")
        without = (
            None
            if node.without is None
            else self.timed(node.without, LEAD, "`without` looks at the times of events")
        )
        return ir.Decay(node.kind, node.amount, self.duration(node.every), without, place=self.place(node))

    def _row(self, node: decl.ScoreRow) -> ir.Row:
        place = self.place(node)
        match node:
            case decl.WhenRow(points, condition):
                meant = self.condition(condition, LEAD)
                options = self._options(node.options)
                events = self._one_selection(node) if options.decays else None
                if options.limits:
                    self.report(
                        "MQL209",
                        _by_time(node.options, decl.AtMostPer),
                        "a row with `when` counts once anyway",
                        "use `per`, or leave the option out",
                    )
                return ir.WhenPoints(points, meant, options, events, place=place)
            case decl.PerRow(points, of, unit) if unit is not None:
                amount = self.operand(of, LEAD)
                if not isinstance(amount.type, Number):
                    self.refuse(
                        "MQL201",
                        of,
                        f"`{self.words(of)}` is {in_words(amount.type)}: points are given per some amount",
                        "name a number",
                    )
                options = self._options(node.options)
                if options.decays or options.limits:
                    self.report(
                        "MQL209",
                        _by_time(node.options, decl.AtMostPer | decl.Decay),
                        "an amount has no time, so it cannot shrink or be limited per span",
                        "give points per event instead",
                    )
                return ir.PerUnit(points, unit, amount, options, place=place)
            case decl.PerRow(points, of):
                self._need_events(node, of)
                selected = self.selection(of, LEAD)
                options = self._options(node.options)
                if options.decays or options.limits:
                    self.need_time(selected, of, "this option looks at the times of events")
                return ir.PerEvent(points, selected, options, place=place)
            case decl.ByRow():
                return self._by(node)
            case decl.FirstOf(rows):
                return ir.FirstOf(tuple(self.each(rows, self._row)), place=place)
            case decl.Group(label, low, cap, rows):
                return ir.Group(label, low, cap, tuple(self.each(rows, self._row)), place=place)

    def _need_events(self, node: decl.PerRow, of: tree.Expression) -> None:
        """Refuse `+5 per employees`, which is an amount and needs to say per how many."""
        entry = self.namespace.get(of.name.text) if isinstance(of, tree.Ref) and of.owner is None else None
        if entry is not None and entry.word in ("field", "value", "score"):
            words = self.words(of)
            said = f"`{words}` is a {entry.word}, not an event"
            self.refuse("MQL214", of, said, f"say per how many: `{node.points:+g} per 100 of {words}`")

    def _options(self, options: tuple[decl.RowOption, ...]) -> ir.RowOptions:
        caps = [option.cap.value for option in options if isinstance(option, decl.UpTo)]
        reasons = [option.text for option in options if isinstance(option, decl.Because)]
        for kind in (decl.UpTo, decl.Because):
            for again in [option for option in options if isinstance(option, kind)][1:]:
                self.report("MQL019", again, "this row says the same option twice", "keep one of the two")
        return ir.RowOptions(
            tuple(self._decay(option) for option in options if isinstance(option, decl.Decay)),
            tuple(
                (option.number, self.duration(option.span_length))
                for option in options
                if isinstance(option, decl.AtMostPer)
            ),
            caps[0] if caps else None,
            reasons[0] if reasons else None,
        )

    def _one_selection(self, row: decl.WhenRow) -> ir.Selection:
        found = [self.selection(each, LEAD) for each in self._selections_in(row.condition)]
        if len(found) != 1 or self._untimed(found[0]) is not None:
            self.refuse(
                "MQL209",
                _by_time(row.options, decl.Decay),
                "points that shrink need exactly one kind of event in the condition",
                "name the event whose age counts, or use `per`",
            )
        return found[0]

    def _selections_in(self, node: tree.Expression) -> Iterable[tree.Expression]:
        """Yield the outermost selections of a condition, with their windows."""
        taken: list[tree.Node] = []
        for part in nodes(node):
            if any(part is inner for outer in taken for inner in nodes(outer)):
                continue
            if isinstance(
                part, tree.Ref | tree.Filtered | tree.Windowed | tree.Sequence | tree.Without
            ) and self.is_selection(part, LEAD):
                taken.append(part)
                yield part

    def _by(self, node: decl.ByRow) -> ir.ByPoints:
        of = self.operand(node.of, LEAD)
        said = self.words(node.of)
        options = self._options(node.options)
        if options.decays or options.limits:
            self.report(
                "MQL209",
                _by_time(node.options, decl.AtMostPer | decl.Decay),
                "`by` gives points for what is, not for when it happened",
                "leave the option out",
            )
        bounds: list[ir.Bound] = []
        choices: list[ir.Choice] = []
        missing = otherwise = 0.0
        says_missing = False
        for number, case in enumerate(node.cases):
            if case.start is not None:
                if not isinstance(of.type, Number):
                    self.refuse(
                        "MQL201",
                        case,
                        f"`{said}` is {in_words(of.type)}, and `from` needs a number",
                        "write `for` and the value",
                    )
                bounds.append(ir.Bound(case.points, case.start, place=self.place(case)))
            elif isinstance(case.values, tree.Missing):
                missing, says_missing = case.points, True
            elif case.values is not None:
                assert isinstance(case.values, tree.Items)
                choices.append(
                    ir.Choice(case.points, self._chosen(of, case.values, said), place=self.place(case))
                )
            else:
                otherwise = case.points
                if number < len(node.cases) - 1:
                    self.report(
                        "MQL301",
                        node.cases[number + 1],
                        "nothing behind `otherwise` can be reached",
                        "move `otherwise` to the end",
                    )
        return ir.ByPoints(
            of,
            tuple(bounds),
            tuple(choices),
            missing,
            says_missing,
            otherwise,
            options,
            place=self.place(node),
        )

    def _chosen(self, of: ir.Operand, values: tree.Items, said: str) -> ir.Condition:
        """Return that an operand is one of the values; a lone name of a list stands for its items."""
        only = values.items[0]
        if len(values.items) == 1 and isinstance(only, tree.Name):
            entry = self.namespace.get(only.text)
            is_label = isinstance(of.type, Labels) and only.text in of.type.names
            if entry is not None and entry.word == "list" and not is_label:
                return self._any_of(of, self.items_of(only), said, values)
        return self._any_of(of, Collected(values.items, None), said, values)

    def _any_of(self, of: ir.Operand, items: Collected, said: str, node: tree.Node) -> ir.Condition:
        if not isinstance(of.type, YesNo):
            return self.member(of, items, said, node)
        wanted = {item.value for item in items.items if isinstance(item, tree.YesNoLiteral)}
        wrong = next((item for item in items.items if not isinstance(item, tree.YesNoLiteral)), None)
        if wrong is not None:
            words = f"`{said}` is yes or no, and `{self._said(wrong)}` is neither"
            self.refuse("MQL201", wrong, words, "write `for yes` or `for no`")
        flag = of.of if isinstance(of, ir.AnswerValue) else ir.Flag(of, place=of.place)
        parts = tuple(ir.Part(flag if yes else ir.Not(flag)) for yes in sorted(wanted))
        return ir.Count(parts, 1, len(parts), place=self.place(node))


def _by_time(options: tuple[decl.RowOption, ...], kind: type | UnionType) -> decl.RowOption:
    """Return the first option of a row that looks at the times of events."""
    return next(option for option in options if isinstance(option, kind))
