"""From Lark's raw tree to nodes: the header, what is known, lists, clauses, values."""

from collections.abc import Sequence as Many
from datetime import time
from typing import Any, Literal, cast

from lark import Token
from lark.tree import Meta

from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.reduce_expressions import Child, Expressions, is_token

RESERVED = frozenset({"and", "or", "not", "no", "yes", "most"})
NOT_TO_DECLARE = RESERVED | {"missing", "unknown", "people", "activity"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Declarations(Expressions):
    """Reduces declarations that say what is known and what a clause means."""

    def declared(self, token: Token) -> tree.Name:
        """Return a declared name; a reserved word is a fault."""
        name = self.name_of(token)
        if name.text in NOT_TO_DECLARE and not name.quoted:
            self.fault(
                "MQL014",
                name.span,
                f"`{name.text}` is a word of the language",
                f"choose another name, or write it in backquotes: `` `{name.text}` ``",
            )
        return name

    # -------------------------------------------------------------- header

    def header(self, meta: Meta, children: Many[Child]) -> decl.Header:
        title, version, *lines = children
        number = tree.NumberLiteral(self.number_at(version), span=self.token_at(version))
        return decl.Header(
            self.text_of(title),
            number,
            tuple(line for line in lines if line is not None),
            span=self.row(meta, children[:2]),
        )

    def owners(self, meta: Meta, children: Many[Child]) -> decl.Owners:
        return decl.Owners(tuple(self.who_of(token) for token in children), span=self.row(meta, children))

    def effective(self, meta: Meta, children: Many[Child]) -> decl.Effective:
        start, end = children
        return decl.Effective(
            self.date_of(start), None if end is None else self.date_of(end), span=self.row(meta, children)
        )

    def time_zone(self, meta: Meta, children: Many[Child]) -> decl.TimeZone:
        literal = tree.TextLiteral(self.text_of(children[0]), span=self.token_at(children[0]))
        return decl.TimeZone(literal, span=self.row(meta, children))

    def currency(self, meta: Meta, children: Many[Child]) -> decl.Currency:
        return decl.Currency(self.name_of(children[0]), span=self.row(meta, children))

    def business_hours(self, meta: Meta, children: Many[Child]) -> decl.BusinessHours:
        days, opens, _, closes = children if len(children) == 4 else (*children[:2], None, children[-1])
        first, _, last = str(days).partition("-")
        return decl.BusinessHours(
            _WEEKDAYS.index(first),
            _WEEKDAYS.index(last or first),
            self._clock(opens),
            self._clock(closes),
            span=self.row(meta, children),
        )

    def _clock(self, token: Token) -> time:
        hour, minute = (int(part) for part in token.split(":"))
        if hour < 24 and minute < 60:
            return time(hour, minute)
        self.fault(
            "MQL013",
            self.token_at(token),
            f"no clock shows `{token}`",
            "write hours and minutes, 09:00 to 23:59",
        )
        return time(0, 0)

    def review(self, meta: Meta, children: Many[Child]) -> decl.Review:
        return decl.Review(children[0], span=self.row(meta, children))

    def agreed(self, meta: Meta, children: Many[Child]) -> decl.Agreed:
        by, on, fingerprint = children
        return decl.Agreed(
            self.who_of(by), self.date_of(on), self.text_of(fingerprint), span=self.row(meta, children)
        )

    def use(self, meta: Meta, children: Many[Child]) -> decl.Use:
        literal = tree.TextLiteral(self.text_of(children[0]), span=self.token_at(children[0]))
        return decl.Use(literal, span=self.row(meta, children))

    # -------------------------------------------------------------- fields and types

    def fields(self, meta: Meta, children: Many[Child]) -> decl.Fields:
        owner, *fields = children
        return decl.Fields(
            cast(Literal["lead", "account"], str(owner)), tuple(fields), span=self.token_at(owner)
        )

    def field(self, meta: Meta, children: Many[Child]) -> decl.Field:
        name, label, kind, *options = children
        return decl.Field(
            self.declared(name),
            self.label_text(label),
            kind,
            self._joined_options(options),
            span=self.row(meta, children),
        )

    def _joined_options(self, options: Many[Any]) -> tuple[decl.FieldOption, ...]:
        """Put `"A", "B"` of `missing when "A", "B"` together again: the grammar reads them one by one."""
        joined: list[decl.FieldOption] = []
        for option in options:
            if not isinstance(option, tree.Items):
                joined.append(option)
            elif joined and isinstance(joined[-1], decl.MissingWhen):
                joined[-1] = decl.MissingWhen(
                    joined[-1].values + option.items, span=joined[-1].span.to(option.span)
                )
            else:
                self.fault(
                    "MQL010",
                    option.span,
                    "this value belongs to no option",
                    'values that stand for missing follow `missing when`: missing when "Select", "N/A"',
                )
        return tuple(joined)

    def missing_means(self, meta: Meta, children: Many[Child]) -> decl.MissingMeans:
        return decl.MissingMeans(children[0], span=self.at(meta))

    def missing_when(self, meta: Meta, children: Many[Child]) -> decl.MissingWhen:
        return decl.MissingWhen((children[0],), span=self.at(meta))

    def also_missing(self, meta: Meta, children: Many[Child]) -> tree.Items:
        child = children[0]
        if isinstance(child, Token):
            child = tree.TextLiteral(self.text_of(child), span=self.token_at(child))
        return tree.Items((child,), span=self.at(meta))

    def required(self, meta: Meta, _: Many[Child]) -> decl.Required:
        return decl.Required(span=self.at(meta))

    def from_column(self, meta: Meta, children: Many[Child]) -> decl.FromColumn:
        return decl.FromColumn(self.text_of(children[0]), span=self.at(meta))

    def type(self, meta: Meta, children: Many[Child]) -> decl.TypeName:
        return cast(decl.TypeName, children[0])

    def set_type(self, meta: Meta, children: Many[Child]) -> decl.TypeName:
        of: decl.TypeName = children[0]
        if of.kind not in ("text", "one of") or of.ordered:
            self.fault(
                "MQL010",
                self.at(meta),
                "a set holds texts or labels without an order",
                "write `set of text` or `set of one of (a, b)`",
            )
        return decl.TypeName(of.kind, of.labels, is_set=True, span=self.at(meta))

    def text_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("text", span=self.at(meta))

    def number_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("number", span=self.at(meta))

    def money_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("money", span=self.at(meta))

    def date_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("date", span=self.at(meta))

    def time_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("time", span=self.at(meta))

    def yesno_type(self, meta: Meta, _: Many[Child]) -> decl.TypeName:
        return decl.TypeName("yes/no", span=self.at(meta))

    def labels_type(self, meta: Meta, children: Many[Child]) -> decl.TypeName:
        return decl.TypeName("one of", self._word_labels(children), span=self.at(meta))

    def ordered_type(self, meta: Meta, children: Many[Child]) -> decl.TypeName:
        return decl.TypeName("one of", self._word_labels(children), ordered=True, span=self.at(meta))

    def _word_labels(self, labels: Many[Child]) -> tuple[tree.Name, ...]:
        for label in labels:
            if label.text[:1].isdigit() and not label.quoted:
                self.fault(
                    "MQL014",
                    label.span,
                    "a label that is not a name is quoted",
                    f'write "{label.text}" here and where the label is used',
                )
        return tuple(label for label in labels if label is not None)

    # -------------------------------------------------------------- events, records, lists

    def event(self, meta: Meta, children: Many[Child]) -> decl.Event | decl.NamedSelection:
        head, *rest = children
        span = self.row(meta, children)
        derived = [child for child in rest if isinstance(child, decl.NamedSelection)]
        kept = [child for child in (head.kept, *rest) if isinstance(child, tree.Duration)]
        if len(kept) > 1 or (derived and kept):
            self.fault(
                "MQL019",
                kept[-1].span,
                "how far back a feed goes is said once, where its events are declared",
                "keep one `kept for`"
                if len(kept) > 1
                else "leave `kept for` to the events that it is made of",
            )
        if derived:
            chosen = derived[0]
            return decl.NamedSelection(
                head.name,
                head.label,
                head.plural,
                chosen.members,
                chosen.where,
                head.of_account,
                head.timed,
                span=span,
            )
        properties = tuple(child for child in rest if isinstance(child, decl.Property))
        return decl.Event(
            head.name,
            head.label,
            head.plural,
            properties,
            kept[0] if kept else None,
            head.of_account,
            head.timed,
            span=span,
        )

    def event_head(self, meta: Meta, children: Many[Child]) -> decl.Event:
        account, word, name, label, plural, kept = children
        return decl.Event(
            self.declared(name),
            self.label_text(label),
            None if plural is None else self.declared(plural),
            (),
            kept,
            account is not None,
            word.type == "EVENT",
            span=self.at(meta),
        )

    def kept(self, meta: Meta, children: Many[Child]) -> tree.Duration:
        return cast(tree.Duration, children[-1])

    def property(self, meta: Meta, children: Many[Child]) -> decl.Property:
        name, kind = children
        return decl.Property(self.declared(name), kind, span=self.at(meta))

    def derived(self, meta: Meta, children: Many[Child]) -> decl.NamedSelection:
        where: tree.Expression | None
        if is_token(children[0], "ANY_OF"):
            *members, where = children[1:]
        else:
            *members, where = children
        nowhere = tree.Name("")
        return decl.NamedSelection(
            nowhere, None, None, tuple(members), where, of_account=False, timed=True, span=self.at(meta)
        )

    def list(self, meta: Meta, children: Many[Child]) -> decl.ListOf:
        name, label, *items = children
        return decl.ListOf(
            self.declared(name), self.label_text(label), tuple(items), span=self.row(meta, children)
        )

    def list_file(self, meta: Meta, children: Many[Child]) -> decl.ListFile:
        name, label, path, column = children
        return decl.ListFile(
            self.declared(name),
            self.label_text(label),
            tree.TextLiteral(self.text_of(path), span=self.token_at(path)),
            None if column is None else self.who_of(column),
            span=self.row(meta, children),
        )

    # -------------------------------------------------------------- clauses and values

    def clause(self, meta: Meta, children: Many[Child]) -> decl.Clause:
        name, label, *body, if_unknown = children
        return decl.Clause(
            self.declared(name),
            self.label_text(label),
            self.group_in(meta, body),
            None if if_unknown is None else if_unknown.value,
            span=self.row(meta, children),
        )

    def if_unknown(self, meta: Meta, children: Many[Child]) -> tree.YesNoLiteral:
        return tree.YesNoLiteral(children[1].type == "YES", span=self.at(meta))

    def value(self, meta: Meta, children: Many[Child]) -> decl.Value:
        name, label, *rows = children
        return decl.Value(
            self.declared(name), self.label_text(label), tuple(rows), span=self.row(meta, children)
        )

    def value_row(self, meta: Meta, children: Many[Child]) -> decl.ValueRow:
        value, *when = children
        conditions = [child for child in when if isinstance(child, tree.Node)]
        condition = self.group_in(meta, conditions) if conditions else None
        return decl.ValueRow(value, condition, otherwise=False, span=self.row(meta, children))

    def value_otherwise(self, meta: Meta, children: Many[Child]) -> decl.ValueRow:
        return decl.ValueRow(children[0], None, otherwise=True, span=self.row(meta, children))
