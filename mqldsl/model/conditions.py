"""Conditions: comparisons, membership, text tests, windows on dates, and how they are joined."""

import attrs

from mqldsl.model import ir
from mqldsl.model.folding import Entry, compile_regex, fold, is_blank_text, list_entry, matches_entry
from mqldsl.model.operands import NUMBER, Operands, comparable
from mqldsl.model.resolver import Scope, UnresolvedError, in_words
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from mqldsl.source.diagnostics import Label
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

ONE = ir.Literal_(1.0, NUMBER)
NONE = ir.Literal_(0.0, NUMBER)


class Conditions(Operands):
    """Resolves what is answered yes, no or unknown."""

    def condition(self, node: tree.Expression, scope: Scope) -> ir.Condition:
        """Return the meaning of a condition, or say why it has none."""
        place = self.place(node)
        match node:
            case tree.Brackets(inner) if not self.is_selection(inner, scope):
                return self.condition(inner, scope)
            case tree.Not(of):
                return ir.Not(self.condition(of, scope), place=place)
            case tree.Junction(parts, words):
                if len(set(words)) > 1:
                    raise UnresolvedError  # reported with the text
                resolved = self.each(parts, lambda part: ir.Part(self.condition(part, scope), place=self.place(part)))
                least = len(resolved) if words[0] == "and" else 1
                return ir.Count(tuple(resolved), least, len(resolved), place=place)
            case tree.CountOf():
                return self._count(node, scope)
            case tree.No(events):
                return ir.Compare("=", ir.HowMany(self.selection(events, scope), NUMBER, place=self.place(events)), NONE, place=place)
            case tree.Compare():
                return self._comparison(node, scope)
            case tree.Between():
                return self._between(node, scope)
            case tree.Member(of, collection, negated):
                return self._negated(self._member(node, of, collection, scope), negated)
            case tree.TextTest():
                return self._negated(self._text_test(node, scope), node.negated)
            case tree.Matches():
                return self._negated(self._matches(node, scope), node.negated)
            case tree.Has():
                return self._negated(self._has(node, scope), node.negated)
            case tree.Is():
                return self._negated(self._is(node, scope), node.negated)
            case tree.Windowed(of, window) if not self.is_selection(of, scope):
                return self._windowed_condition(node, of, window, scope)
            case _:
                return self._as_condition(self.operand(node, scope), node)

    def _negated(self, condition: ir.Condition, negated: bool) -> ir.Condition:
        return ir.Not(condition, place=condition.place) if negated else condition

    def _as_condition(self, operand: ir.Operand, node: tree.Node) -> ir.Condition:
        place = self.place(node)
        match operand:
            case ir.AnswerValue(of):
                return of
            case ir.HowMany():
                return ir.Compare(">=", operand, ONE, place=place)
            case _ if isinstance(operand.type, YesNo):
                return ir.Flag(operand, place=place)
        words = self.words(node)
        remedies = {Date: f"`{words} within 30d`, say", Time: f"`{words} within 30d`, say", Text: f'`{words} = "…"` or `{words} is known`, say'}
        self.refuse("MQL201", node, f"`{words}` is {in_words(operand.type)}, not something that holds or not", "compare it: " + remedies.get(type(operand.type), f"`{words} >= 1`, say"))

    def _count(self, node: tree.CountOf, scope: Scope) -> ir.Condition:
        def part(bullet: tree.Bullet) -> ir.Part:
            return ir.Part(self.condition(bullet.condition, scope), bullet.label, place=self.place(bullet.condition))

        parts = tuple(self.each(node.parts, part))
        size, number = len(parts), node.number or 0
        if node.kind in ("at least", "exactly") and number > size:
            self.refuse("MQL204", node, f"{number} of {size} can never hold", f"write a number up to {size}")
        bounds = {
            "any": (1, size),
            "all": (size, size),
            "none": (0, 0),
            "at least": (number, size),
            "at most": (0, min(number, size)),
            "exactly": (number, number),
        }
        least, most = bounds[node.kind]
        return ir.Count(parts, least, most, place=self.place(node))

    # -------------------------------------------------------------- windows behind conditions

    def _windowed_condition(self, node: tree.Windowed, of: tree.Expression, window: tree.Window, scope: Scope) -> ir.Condition:
        match of:
            case tree.TextTest(needle=tree.Items() | tree.Name()):
                self.refuse("MQL205", window, "a window cannot follow a list of texts", "put the window directly behind the events")
            case tree.Member() | tree.Matches() | tree.Has() | tree.Is() if self.has_selection(of.of, scope):
                return self.condition(attrs.evolve(of, of=self.spread(of.of, window, scope)), scope)
            case tree.Member() | tree.Matches() | tree.Has() | tree.Is():
                self._reaches_none(window, of.of)
        if not isinstance(window, tree.WithinNext) and self.has_selection(of, scope):
            return self._as_condition(self.operand(node, scope), node)
        if self._is_clause(of, scope):
            self.refuse("MQL205", window, f"`{self.words(of)}` is a clause, so a window behind it reaches no events", "put the window inside the clause")
        return self._in_span(node, self.operand(of, scope), window, scope)

    def _is_clause(self, node: tree.Expression, scope: Scope) -> bool:
        if not isinstance(node, tree.Ref) or node.owner is not None or node.name.text in (scope.properties or ()):
            return False
        entry = self.namespace.get(node.name.text)
        return entry is not None and entry.word == "clause"

    def _reaches_none(self, window: tree.Window, of: tree.Expression) -> None:
        self.refuse("MQL205", window, f"this window reaches no events: `{self.words(of)}` has none", "put it behind the events, or behind the date, that it belongs to")

    def _in_span(self, node: tree.Windowed, of: ir.Operand, window: tree.Window, scope: Scope) -> ir.Condition:
        if not isinstance(of.type, Date | Time):
            self._reaches_none(window, node.of)
        if isinstance(window, tree.Ever | tree.WithinOf):
            self.refuse("MQL205", window, "this window is for events, not for a date", "use `within 30d`, `since 2026-01-01`, `this month` …")
        span = self.span(window, scope)
        if isinstance(of.type, Date):
            lengths = [part for part in nodes(window) if isinstance(part, tree.Duration)]
            for length in lengths:
                if length.unit in ("minute", "hour"):
                    self.refuse("MQL205", length, "a date is a whole day, without hours and minutes", "use days, weeks, months or years")
        return ir.InSpan(of, span, place=self.place(node))

    # -------------------------------------------------------------- comparisons

    def _comparison(self, node: tree.Compare, scope: Scope) -> ir.Condition:
        if len(node.rest) > 1:
            raise UnresolvedError  # reported with the text
        relation, right = node.rest[0]
        left, right = self._windows_of_sides((node.first, right), scope)
        return self.compare(relation, left, right, node, scope)

    def _between(self, node: tree.Between, scope: Scope) -> ir.Condition:
        of, low, high = self._windows_of_sides((node.of, node.low, node.high), scope)
        if isinstance(low, tree.NumberLiteral | tree.DateLiteral) and type(low) is type(high) and low.value > high.value:  # type: ignore[operator, union-attr] # the same type
            self.refuse("MQL204", node, "nothing lies between these: the first is above the second", f"write `between {self.words(high)} and {self.words(low)}`")
        bounds = self.each(
            ((">=", low), ("<=", high)),
            lambda bound: ir.Part(self.compare(bound[0], of, bound[1], node, scope), place=self.place(bound[1])),
        )
        return self._negated(ir.Count(tuple(bounds), 2, 2, place=self.place(node)), node.negated)

    def _windows_of_sides(self, sides: tuple[tree.Expression, ...], scope: Scope) -> tuple[tree.Expression, ...]:
        """Hand a window behind a comparison to all its selections, and refuse a one-sided one."""
        last = sides[-1]
        if isinstance(last, tree.Windowed) and not self.is_selection(last.of, scope) and not self.has_selection(last.of, scope):
            hoisted = (*sides[:-1], last.of)
            if isinstance(last.window, tree.WithinNext):
                self.refuse("MQL205", last.window, "`within next` is for a date of the lead", "write `within` and the length")
            if not any(self.has_selection(side, scope) for side in hoisted):
                self._reaches_none(last.window, tree.Brackets(sides[0], span=sides[0].span.to(last.of.span)))
            self._no_people_under(last.window, hoisted, scope)
            return tuple(self.spread(side, last.window, scope) for side in hoisted)
        if isinstance(last, tree.Windowed) and not self.is_selection(last.of, scope):
            return self._checked((*sides[:-1], self.spread(last.of, last.window, scope)), scope)
        return self._checked(sides, scope)

    def _checked(self, sides: tuple[tree.Expression, ...], scope: Scope) -> tuple[tree.Expression, ...]:
        own: list[tree.Expression] = []
        bare: list[tree.Expression] = []
        for side in sides:
            self._sort_by_window(side, scope, own, bare)
        if own and bare:
            window = next(part for part in nodes(own[0]) if isinstance(part, tree.Windowed))
            self.refuse(
                "MQL207",
                bare[0],
                f"`{self.words(bare[0])}` has no window here, and `{self.words(own[0])}` has",
                f"give each its own: `{self.words(bare[0])} {self.words(window.window)}`, or `ever`",
                Label(self.place(own[0]), "with a window"),
            )
        return sides

    def _sort_by_window(self, node: tree.Expression, scope: Scope, own: list[tree.Expression], bare: list[tree.Expression]) -> None:
        """Sort the selections of an operand by whether they have a window; people and records need none."""
        match node:
            case tree.Arithmetic(first, rest):
                for part in (first, *(part for _, part in rest)):
                    self._sort_by_window(part, scope, own, bare)
            case tree.Negative(of) | tree.Rounded(of):
                self._sort_by_window(of, scope, own, bare)
            case tree.Brackets(inner) if not self.is_selection(inner, scope):
                self._sort_by_window(inner, scope, own, bare)
            case tree.Pick(_, parts):
                for part in parts:
                    self._sort_by_window(part, scope, own, bare)
            case tree.Windowed(of) if not self.is_selection(node, scope):
                if self.has_selection(of, scope):
                    own.append(node)
            case tree.Aggregate(events=events) | tree.DaysSinceEvent(events=events) | tree.MostBy(events=events):
                self._sort_selection(node, events, scope, own, bare)
            case _ if self.is_selection(node, scope):
                self._sort_selection(node, node, scope, own, bare)

    def _sort_selection(self, node: tree.Expression, events: tree.Expression, scope: Scope, own: list[tree.Expression], bare: list[tree.Expression]) -> None:
        if isinstance(events, tree.Windowed) or (isinstance(events, tree.Brackets) and isinstance(events.inner, tree.Windowed)):
            own.append(node)
        elif self._untimed(self.selection(events, scope)) is None:
            bare.append(node)

    def _no_people_under(self, window: tree.Window, sides: tuple[tree.Expression, ...], scope: Scope) -> None:
        for part in (part for side in sides for part in nodes(side)):
            if isinstance(part, tree.Ref) and part.owner is None and part.name.text == "people" and not part.name.quoted:
                self.refuse("MQL205", window, "a window cannot follow `people(…)`", "put it inside the brackets: people(visit within 30d) >= 2")

    def compare(self, relation: str, left: tree.Expression, right: tree.Expression, node: tree.Node, scope: Scope) -> ir.Condition:
        """Return the comparison of two expressions; a bare word beside labels is a label."""
        first, second = self._labelled(left, right, scope)
        if first is None:
            first = self.operand(left, scope)
        if second is None:
            second = self.operand(right, scope)
        place = self.place(node)
        if isinstance(first.type, YesNo) and isinstance(second.type, YesNo):
            return self._same_answer(relation, first, second, node)
        first, second = self._aligned(first, second), self._aligned(second, first)
        if not comparable(first.type, second.type):
            self._unlike(first.type, second.type, left, right, node)
        if relation not in ("=", "!="):
            self.need_order(first.type, left)
            if isinstance(first.type, Labels) and first.type != second.type:
                self.refuse("MQL201", node, "labels of two lists have no common order", "compare labels of one declaration")
        return ir.Compare(relation, first, second, place=place)  # type: ignore[arg-type] # the grammar's comparisons

    def _same_answer(self, relation: str, first: ir.Operand, second: ir.Operand, node: tree.Node) -> ir.Condition:
        if relation not in ("=", "!="):
            self.refuse("MQL201", node, "yes and no have no order", "compare them with `=`")
        for one, other in ((first, second), (second, first)):
            if isinstance(other, ir.Literal_):
                holds = self._as_condition(one, node)
                return self._negated(attrs.evolve(holds, place=self.place(node)), (relation == "=") != bool(other.value))
        return ir.Compare(relation, first, second, place=self.place(node))  # type: ignore[arg-type] # = or !=

    def _aligned(self, operand: ir.Operand, other: ir.Operand) -> ir.Operand:
        """Read a day as its midnight beside a time; a bare number takes the other's type."""
        if isinstance(operand, ir.Literal_) and isinstance(operand.type, Date) and isinstance(other.type, Time):
            return attrs.evolve(operand, value=self.midnight(operand.value), type=Time())
        return operand

    def _unlike(self, first: Type, second: Type, left: tree.Expression, right: tree.Expression, node: tree.Node) -> None:
        said = f"`{self.words(left)}` is {in_words(first)} and `{self.words(right)}` is {in_words(second)}: they cannot be compared"
        remedy = "compare things of one type"
        if isinstance(first, SetOf):
            remedy = f"ask what it holds: `{self.words(left)} has {self.words(right)}`"
        elif isinstance(first, Text) and isinstance(second, Number):
            remedy = f'put the number into quotes, or declare `{self.words(left)}` as a number'
        elif isinstance(first, Date) and isinstance(second, Time):
            remedy = "compare a date with a date: 2026-03-01"
        elif isinstance(first, Number) and isinstance(second, Number):
            remedy = "declare both as money, or both as number"
        elif isinstance(first, Date | Time) and isinstance(second, Number):
            remedy = f"`days since {self.words(left)}` is a number"
        self.refuse("MQL201", node, said, remedy)

    # -------------------------------------------------------------- labels

    def _labelled(self, left: tree.Expression, right: tree.Expression, scope: Scope) -> tuple[ir.Operand | None, ir.Operand | None]:
        """Resolve the side that has labels first, then read the other one as a label if it is one."""
        if self._may_be_label(right):
            kind = self._labels_of(left, scope)
            if kind is not None:
                return None, self._label_operand(right, kind, scope, self.words(left))
        if self._may_be_label(left):
            kind = self._labels_of(right, scope)
            if kind is not None:
                return self._label_operand(left, kind, scope, self.words(right)), None
        return None, None

    def _may_be_label(self, node: tree.Expression) -> bool:
        return isinstance(node, tree.TextLiteral | tree.NumberLiteral) or (isinstance(node, tree.Ref) and node.owner is None)

    def _labels_of(self, node: tree.Expression, scope: Scope) -> Labels | None:
        """Return the labels of an operand that surely has some, without reporting anything."""
        if isinstance(node, tree.TextLiteral | tree.NumberLiteral):
            return None
        before = len(self.findings)
        try:
            kind = self.operand(node, scope).type
        except UnresolvedError:
            return None
        finally:
            del self.findings[before:]
        return kind if isinstance(kind, Labels) else None

    def _label_operand(self, node: tree.Expression, kind: Labels, scope: Scope, of: str) -> ir.Operand:
        found = self._find_label(node, kind)
        if found is not None:
            return ir.Literal_(found, kind, place=self.place(node))
        if isinstance(node, tree.Ref) and (node.name.text in self.namespace.names or node.name.text in (scope.properties or ())):
            return self.operand(node, scope)
        self.not_a_label(node, kind, of)

    def _find_label(self, node: tree.Node, kind: Labels) -> str | None:
        if isinstance(node, tree.NumberLiteral):
            return next((name for name in kind.names if _is_number(name, node.value)), None)
        text = node.name.text if isinstance(node, tree.Ref) else node.text if isinstance(node, tree.Name) else node.value  # type: ignore[attr-defined] # a text
        return next((name for name in kind.names if fold(name) == fold(text)), None)

    def not_a_label(self, node: tree.Node, kind: Labels, of: str) -> None:
        """Report a word that is none of the labels, with the nearest, and give up."""
        word = self.words(node).strip('"`')
        said = ", ".join(kind.names[:8]) + (" …" if len(kind.names) > 8 else "")
        self.refuse("MQL202", node, f"`{word}` is none of the labels of `{of}`", did_you_mean(word, kind.names, f"they are {said}"))

    def label_of(self, node: tree.Node, kind: Labels, of: str) -> str:
        """Return the declared spelling of a label that is written as a name, text or number."""
        found = self._find_label(node, kind)
        if found is None:
            self.not_a_label(node, kind, of)
        return found or ""

    # -------------------------------------------------------------- collections

    def _member(self, node: tree.Member, of: tree.Expression, collection: tree.Collection, scope: Scope) -> ir.Condition:
        operand = self.operand(of, scope)
        if isinstance(operand.type, SetOf):
            self.refuse("MQL201", of, f"`{self.words(of)}` is a set", f"ask what it holds: `{self.words(of)} has any of …`")
        if isinstance(operand.type, YesNo):
            self.refuse("MQL201", of, f"`{self.words(of)}` is yes or no, so no list can hold it", "use it alone, or with `not`")
        return self.member(operand, self.items_of(collection), self.words(of), place_of=node)

    def member(self, operand: ir.Operand, items: "Collected", of: str, place_of: tree.Node) -> ir.Condition:
        """Return the condition that an operand is one of the items."""
        place = self.place(place_of)
        match operand.type:
            case Text():
                return ir.Member(operand, entries=tuple(self.each(items.items, lambda item: self._entry(item, items))), place=place)
            case Labels() as kind:
                labels = [label for item in items.items for label in self._labels_for(item, kind, items, of)]
                return ir.Member(operand, values=tuple(dict.fromkeys(labels)), place=place)
            case kind:
                return ir.Member(operand, values=tuple(self.each(items.items, lambda item: self._plain(item, kind, items))), place=place)

    def items_of(self, collection: tree.Collection) -> "Collected":
        """Return the items of brackets or of a named list."""
        if isinstance(collection, tree.Items):
            return Collected(collection.items, None)
        entry = self.namespace.get(collection.text)
        if entry is None:
            lists = [each for each, found in self.namespace.names.items() if found.word == "list"]
            self.refuse("MQL102", collection, f"unknown list `{collection.text}`", did_you_mean(collection.text, lists, f"declare it: list {collection.text}: \"a\", \"b\""))
        if entry.word != "list":
            self.refuse("MQL201", collection, f"`{collection.text}` is a {entry.word}, not a list", "compare with `=`, or put values into brackets")
        if isinstance(entry.declared, decl.ListOf):
            return Collected(entry.declared.items, entry.declared.name)
        assert isinstance(entry.declared, decl.ListFile)
        texts = self.list_from_file(entry)
        return Collected(tuple(tree.TextLiteral(text, span=collection.span) for text in texts), entry.declared.name, from_file=True)

    def _entry(self, item: tree.Item, items: "Collected") -> Entry:
        match item:
            case tree.TextLiteral(text) if not is_blank_text(text):
                return list_entry(text)
            case tree.TextLiteral():
                self.refuse("MQL208", item, "this entry is blank, and blank is missing, never a text", "ask `is missing` instead")
            case tree.Name(text):
                self.refuse("MQL102", item, f"`{text}` is not in quotes", f'texts in a list are quoted: "{text}"')
            case _:
                self.refuse("MQL201", item, f"`{self._said(item)}` is not a text, and the list is compared with one", f'put it into quotes: "{self._said(item)}"')

    def _labels_for(self, item: tree.Item, kind: Labels, items: "Collected", of: str) -> list[str]:
        if isinstance(item, tree.TextLiteral) and list_entry(item.value).has_wildcard:
            entry = list_entry(item.value)
            found = [name for name in kind.names if matches_entry(entry, fold(name))]
        else:
            label = self._find_label(item, kind) if isinstance(item, tree.TextLiteral | tree.Name | tree.NumberLiteral) else None
            found = [] if label is None else [label]
        if found:
            return found
        word = item.text if isinstance(item, tree.Name) else self._said(item)
        said = f"`{word}` is none of the labels of `{of}`, so it can never be met"
        remedy = did_you_mean(word, kind.names, "they are " + ", ".join(kind.names[:8]))
        if items.from_file:
            self.warn("MQL203", item, said, remedy)
        else:
            self.report("MQL203", item, said, remedy)
        return []

    def _plain(self, item: tree.Item, kind: Type, items: "Collected") -> Value:
        if isinstance(item, tree.Name):
            self.refuse("MQL201", item, f"`{item.text}` is a word, and the list is compared with {in_words(kind)}", "write values of that type")
        if items.from_file and isinstance(item, tree.TextLiteral):
            return self.value_from_file(item, kind)
        literal = self._aligned(self.operand(item, Scope()), ir.Literal_("", kind))
        if not comparable(literal.type, kind):
            self.refuse("MQL201", item, f"`{self._said(item)}` is {in_words(literal.type)}, and the list is compared with {in_words(kind)}", "write values of that type")
        assert isinstance(literal, ir.Literal_)
        return literal.value

    def _said(self, item: tree.Item) -> str:
        return str(item.value) if isinstance(item, tree.TextLiteral) else self.words(item)

    # -------------------------------------------------------------- texts and sets

    def _text(self, node: tree.Expression, scope: Scope, word: str) -> ir.Operand:
        operand = self.operand(node, scope)
        if not isinstance(operand.type, Text):
            labels = isinstance(operand.type, Labels)
            remedy = "compare its labels: `is …` or `in (…)`" if labels else "declare it as text"
            self.refuse("MQL201", node, f"`{self.words(node)}` is {in_words(operand.type)}: `{word}` searches text", remedy)
        return operand

    def _text_test(self, node: tree.TextTest, scope: Scope) -> ir.Condition:
        of_node, needle = node.of, node.needle
        if isinstance(needle, tree.Windowed):
            if not self.has_selection(of_node, scope):
                self._reaches_none(needle.window, of_node)
            of_node, needle = self.spread(of_node, needle.window, scope), needle.of
        of = self._text(of_node, scope, node.kind)
        if isinstance(needle, tree.Items | tree.Name):
            items = self.items_of(needle)
            needles = tuple(self.each(items.items, lambda item: self._needle(item, items)))
        elif isinstance(needle, tree.TextLiteral):
            needles = (self._needle(needle, None),)
        else:
            needles = (self._text(needle, scope, node.kind),)
        return ir.TextTest(node.kind, of, needles, place=self.place(node))

    def _needle(self, item: tree.Item, items: "Collected | None") -> ir.Operand:
        if not isinstance(item, tree.TextLiteral):
            said = self.words(item) if items is None or not items.from_file else "this entry"
            self.refuse("MQL201", item, f"`{said}` is not a text to search for", "texts are in quotes")
        if is_blank_text(item.value):
            self.refuse("MQL208", item, "blank text cannot be searched for", "name the text that is wanted")
        if items is not None and list_entry(item.value).has_wildcard:
            self.refuse("MQL208", item, f"`{item.value}` has a wildcard, and only `in` knows those", "remove the `*`: the text is searched for anywhere it may stand")
        return ir.Literal_(item.value.replace("\\*", "*"), Text(), place=self.place(item))

    def _matches(self, node: tree.Matches, scope: Scope) -> ir.Condition:
        of = self._text(node.of, scope, "matches")
        try:
            compile_regex(node.pattern.value)
        except ValueError as refused:
            self.refuse("MQL208", node.pattern, f"this is no regular expression: {refused}", "RE2 syntax is understood; without look-around and back references")
        return ir.Matches(of, node.pattern.value, place=self.place(node))

    def _has(self, node: tree.Has, scope: Scope) -> ir.Condition:
        of = self.operand(node.of, scope)
        if not isinstance(of.type, SetOf):
            self.refuse("MQL201", node.of, f"`{self.words(node.of)}` is {in_words(of.type)}: `has` asks a set", "use `=`, `in` or `contains`")
        member = of.type.of
        wanted: tuple[Entry | ir.Operand, ...]
        if node.quantity == "one":
            wanted = (self._one_wanted(node.wanted, member, scope, node),)  # type: ignore[arg-type] # one expression
        else:
            items = self.items_of(node.wanted)  # type: ignore[arg-type] # a collection
            if isinstance(member, Text):
                wanted = tuple(self.each(items.items, lambda item: self._entry(item, items)))
            else:
                labels = [label for item in items.items for label in self._labels_for(item, member, items, self.words(node.of))]
                wanted = tuple(ir.Literal_(label, member) for label in labels)
        return ir.Has(of, wanted, every=node.quantity == "all", place=self.place(node))

    def _one_wanted(self, wanted: tree.Expression, member: Text | Labels, scope: Scope, node: tree.Has) -> Entry | ir.Operand:
        if isinstance(wanted, tree.Windowed):
            self._reaches_none(wanted.window, node.of)
        if isinstance(member, Labels) and self._may_be_label(wanted):
            return self._label_operand(wanted, member, scope, self.words(node.of))
        if isinstance(wanted, tree.TextLiteral) and is_blank_text(wanted.value):
            self.refuse("MQL208", wanted, "blank text cannot be looked for", "name what is wanted")
        operand = self.operand(wanted, scope)
        if not comparable(operand.type, member):
            self.refuse("MQL201", wanted, f"`{self.words(wanted)}` is {in_words(operand.type)}, and the set holds {in_words(member)}", "name a member of that type")
        return operand

    # -------------------------------------------------------------- is

    def _is(self, node: tree.Is, scope: Scope) -> ir.Condition:
        what = node.what
        if what == "known" or what == "missing":
            known = ir.IsKnown(self.operand(node.of, scope), place=self.place(node))
            return self._negated(known, what == "missing")
        assert not isinstance(what, str)
        return self.compare("=", node.of, what, node, scope)


@attrs.frozen
class Collected:
    """The items of a collection, and the list that they come from."""

    items: tuple[tree.Item, ...]
    name: tree.Name | None
    from_file: bool = False


def _is_number(name: str, number: float) -> bool:
    try:
        return float(name) == number
    except ValueError:
        return False
