"""Collections, texts and sets: `in`, `contains`, `matches`, `has`."""

import attrs

from mqldsl.model import ir
from mqldsl.model.comparisons import Comparisons
from mqldsl.model.folding import Entry, compile_regex, fold, is_blank_text, list_entry, matches_entry
from mqldsl.model.operands import comparable
from mqldsl.model.resolver import Scope, in_words
from mqldsl.model.types import Labels, SetOf, Text, Type, Value, YesNo
from mqldsl.source.diagnostics import Label
from mqldsl.source.nearest import did_you_mean
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree


@attrs.frozen
class Collected:
    """The items of a collection, and the list that they come from."""

    items: tuple[tree.Item, ...]
    name: tree.Name | None
    from_file: bool = False
    source: Source | None = None
    used_at: tree.Node | None = None


class Collections(Comparisons):
    """Resolves tests of a value against texts, lists and sets."""

    def _member(
        self, node: tree.Member, of: tree.Expression, collection: tree.Collection, scope: Scope
    ) -> ir.Condition:
        operand = self.operand(of, scope)
        if isinstance(operand.type, SetOf):
            self.refuse(
                "MQL201",
                of,
                f"`{self.words(of)}` is a set",
                f"ask what it holds: `{self.words(of)} has any of …`",
            )
        if isinstance(operand.type, YesNo):
            self.refuse(
                "MQL201",
                of,
                f"`{self.words(of)}` is yes or no, so no list can hold it",
                "use it alone, or with `not`",
            )
        return self.member(operand, self.items_of(collection), self.words(of), place_of=node)

    def member(self, operand: ir.Operand, items: "Collected", of: str, place_of: tree.Node) -> ir.Condition:
        """Return the condition that an operand is one of the items."""
        place = self.place(place_of)
        if not isinstance(operand.type, Labels):
            self._of_one_type(items, operand.type)
        match operand.type:
            case Text():
                return ir.Member(operand, entries=self._entries(items), place=place)
            case Labels() as kind:
                labels = [label for item in items.items for label in self._labels_for(item, kind, items, of)]
                return ir.Member(operand, values=tuple(dict.fromkeys(labels)), place=place)
            case kind:
                return ir.Member(
                    operand,
                    values=tuple(self.each(items.items, lambda item: self._plain(item, kind, items))),
                    place=place,
                )

    def items_of(self, collection: tree.Collection) -> "Collected":
        """Return the items of brackets or of a named list."""
        if isinstance(collection, tree.Items):
            if not collection.items:
                self.refuse("MQL204", collection, "nothing is in empty brackets", "name what is looked for")
            return Collected(collection.items, None)
        entry = self.namespace.get(collection.text)
        if entry is None:
            lists = [each for each, found in self.namespace.names.items() if found.word == "list"]
            self.refuse(
                "MQL102",
                collection,
                f"unknown list `{collection.text}`",
                did_you_mean(collection.text, lists, f'declare it: list {collection.text}: "a", "b"'),
            )
        if entry.word != "list":
            self.refuse(
                "MQL214",
                collection,
                f"`{collection.text}` is a {entry.word}, not a list",
                "compare with `=`, or put values into brackets",
            )
        if isinstance(entry.declared, decl.ListOf):
            return Collected(
                entry.declared.items, entry.declared.name, source=entry.source, used_at=collection
            )
        assert isinstance(entry.declared, decl.ListFile)
        texts = self.list_from_file(entry)
        return Collected(
            tuple(tree.TextLiteral(text, span=collection.span) for text in texts),
            entry.declared.name,
            from_file=True,
            used_at=collection,
        )

    def _of_one_type(self, items: "Collected", kind: Type) -> None:
        """Refuse a named list of which an entry has another type: at its use, for the list may serve others."""
        if items.name is None or items.used_at is None or items.from_file:
            return
        for item in items.items:
            is_text = isinstance(item, tree.TextLiteral)
            if isinstance(kind, Text) and isinstance(item, tree.Name):
                said = f"`{items.name.text}` holds `{item.text}` without quotes, and is compared with text"
                remedy = f'texts in a list are quoted: "{item.text}"'
            elif isinstance(kind, Text) != is_text and not isinstance(item, tree.Name):
                held = "texts" if is_text else f"`{self._written(item, items)}`"
                said = f"`{items.name.text}` holds {held}, and is compared with {in_words(kind)}"
                remedy = "use a list of that type, or change the type of the field"
            else:
                continue
            also = Label(Place(items.source or self.source, item.span), "this entry")
            self.refuse("MQL201", items.used_at, said, remedy, also)

    def _written(self, item: tree.Item, items: "Collected") -> str:
        return (items.source or self.source).slice(item.span)

    def _entries(self, items: Collected) -> tuple[Entry, ...]:
        """Return the entries of a collection, those of a named list made once for all its mentions."""
        if items.name is None or items.used_at is None:  # in brackets, or one cell of a table's file
            return tuple(self.each(items.items, self._entry))
        made = self.entries_of_lists
        if items.name.text not in made:
            made[items.name.text] = tuple(self.each(items.items, self._entry))
        return made[items.name.text]

    def _entry(self, item: tree.Item) -> Entry:
        match item:
            case tree.TextLiteral(text) if not is_blank_text(text):
                return list_entry(text)
            case tree.TextLiteral():
                self.refuse(
                    "MQL208",
                    item,
                    "this entry is blank, and blank is missing, never a text",
                    "ask `is missing` instead",
                )
            case tree.Name(text):
                self.refuse(
                    "MQL102", item, f"`{text}` is not in quotes", f'texts in a list are quoted: "{text}"'
                )
            case _:
                self.refuse(
                    "MQL201",
                    item,
                    f"`{self._said(item)}` is not a text, and the list is compared with one",
                    f'put it into quotes: "{self._said(item)}"',
                )

    def _labels_for(self, item: tree.Item, kind: Labels, items: "Collected", of: str) -> list[str]:
        if isinstance(item, tree.TextLiteral) and list_entry(item.value).has_wildcard:
            entry = list_entry(item.value)
            found = [name for name in kind.names if matches_entry(entry, fold(name))]
        else:
            label = (
                self._find_label(item, kind)
                if isinstance(item, tree.TextLiteral | tree.Name | tree.NumberLiteral)
                else None
            )
            found = [] if label is None else [label]
        if found:
            return found
        word = item.text if isinstance(item, tree.Name) else self._said(item)
        said = f"`{word}` is none of the labels of `{of}`, so it can never be met"
        remedy = did_you_mean(word, kind.names, "they are " + ", ".join(kind.names[:8]))
        outer = self.source
        self.source = items.source or self.source
        also = () if items.used_at is None else (Label(Place(outer, items.used_at.span), "used here"),)
        if items.from_file:
            self.warn("MQL203", item, said, remedy)
        else:
            self.report("MQL203", item, said, remedy, *also)
        self.source = outer
        return []

    def _plain(self, item: tree.Item, kind: Type, items: "Collected") -> Value:
        if isinstance(item, tree.Name):
            self.refuse(
                "MQL201",
                item,
                f"`{item.text}` is a word, and the list is compared with {in_words(kind)}",
                "write values of that type",
            )
        if items.from_file and isinstance(item, tree.TextLiteral):
            return self.value_from_file(item, kind)
        literal = self._aligned(self.operand(item, Scope()), ir.Constant("", kind))
        if not comparable(literal.type, kind):
            self.refuse(
                "MQL201",
                item,
                f"`{self._said(item)}` is {in_words(literal.type)}, and the list is compared with {in_words(kind)}",
                "write values of that type",
            )
        assert isinstance(literal, ir.Constant)
        return literal.value

    def _said(self, item: tree.Item) -> str:
        return str(item.value) if isinstance(item, tree.TextLiteral) else self.words(item)

    # -------------------------------------------------------------- texts and sets

    def _text(self, node: tree.Expression, scope: Scope, word: str) -> ir.Operand:
        operand = self.operand(node, scope)
        if not isinstance(operand.type, Text):
            labels = isinstance(operand.type, Labels)
            remedy = "compare its labels: `is …` or `in (…)`" if labels else "declare it as text"
            self.refuse(
                "MQL201",
                node,
                f"`{self.words(node)}` is {in_words(operand.type)}: `{word}` searches text",
                remedy,
            )
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
            self._of_one_type(items, Text())
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
            self.refuse(
                "MQL215",
                item,
                f"`{item.value}` has a wildcard, and only `in` knows those",
                "remove the `*`: the text is searched for anywhere it may stand",
            )
        return ir.Constant(item.value.replace("\\*", "*"), Text(), place=self.place(item))

    def _matches(self, node: tree.Matches, scope: Scope) -> ir.Condition:
        of = self._text(node.of, scope, "matches")
        try:
            compile_regex(node.pattern.value)
        except ValueError as refused:
            self.refuse(
                "MQL215",
                node.pattern,
                f"this is no regular expression: {refused}",
                "RE2 syntax is understood; without look-around and back references",
            )
        return ir.Matches(of, node.pattern.value, place=self.place(node))

    def _has(self, node: tree.Has, scope: Scope) -> ir.Condition:
        of = self.operand(node.of, scope)
        if not isinstance(of.type, SetOf):
            self.refuse(
                "MQL201",
                node.of,
                f"`{self.words(node.of)}` is {in_words(of.type)}: `has` asks a set",
                "use `=`, `in` or `contains`",
            )
        member = of.type.of
        wanted: tuple[Entry | ir.Operand, ...]
        if node.quantity == "one":
            wanted = (self._one_wanted(node.wanted, member, scope, node),)  # type: ignore[arg-type] # one expression
        else:
            items = self.items_of(node.wanted)  # type: ignore[arg-type] # a collection
            if isinstance(member, Text):
                self._of_one_type(items, member)
                wanted = tuple(self.each(items.items, self._entry))
            else:
                labels = [
                    label
                    for item in items.items
                    for label in self._labels_for(item, member, items, self.words(node.of))
                ]
                wanted = tuple(ir.Constant(label, member) for label in labels)
        return ir.Has(of, wanted, every=node.quantity == "all", place=self.place(node))

    def _one_wanted(
        self, wanted: tree.Expression, member: Text | Labels, scope: Scope, node: tree.Has
    ) -> Entry | ir.Operand:
        if isinstance(wanted, tree.Windowed):
            self._reaches_none(wanted.window, node.of)
        if isinstance(member, Labels) and self._may_be_label(wanted):
            return self._label_operand(wanted, member, scope, self.words(node.of))
        if isinstance(wanted, tree.TextLiteral) and is_blank_text(wanted.value):
            self.refuse("MQL208", wanted, "blank text cannot be looked for", "name what is wanted")
        operand = self.operand(wanted, scope)
        if not comparable(operand.type, member):
            self.refuse(
                "MQL201",
                wanted,
                f"`{self.words(wanted)}` is {in_words(operand.type)}, and the set holds {in_words(member)}",
                "name a member of that type",
            )
        return operand
