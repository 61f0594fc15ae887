"""From Lark's raw tree to nodes: literals, windows, operands and conditions.

Method names are the rules of `grammar/mql.lark`. What is misspelt inside a token is reported
through `fault`, and a stand-in node takes its place.
"""

import re
from collections.abc import Sequence as Many
from datetime import date, datetime, time
from math import isinf
from typing import Any, Literal, cast

from lark import Token, Tree
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from mqldsl.source.text import Span
from mqldsl.syntax import tree

Child = Any  # Lark hands over tokens, nodes and None; each rule knows which.

_SUFFIXES = {"k": 3, "M": 6, "B": 9}
_UNITS = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
# Words that mean something where a label may stand.
LABELS_IN_QUOTES = frozenset({"any", "missing", "yes", "no"})
_ESCAPES = {"\\": "\\", '"': '"', "n": "\n"}


def number_of(text: str) -> float:
    """Return the double nearest to a number literal; suffix and `%` are worked in first."""
    digits = text.replace("_", "")
    exponent = 0
    if digits[-1] in _SUFFIXES:
        digits, exponent = digits[:-1], _SUFFIXES[digits[-1]]
    elif digits[-1] == "%":
        digits, exponent = digits[:-1], -2
    return float(f"{digits}e{exponent}")


def is_token(child: Child, *types: str) -> bool:
    """Say whether `child` is a token of one of `types`."""
    return isinstance(child, Token) and child.type in types


class Expressions(Transformer_NonRecursive[Token, Any]):
    """Reduces everything below the level of a declaration's own line."""

    def __init__(self, offset: int) -> None:
        """Take the place in the file at which the parsed piece begins."""
        super().__init__(visit_tokens=False)
        self._offset = offset
        self.faults: list[tuple[str, Span, str, str]] = []

    def _call_userfunc(self, tree: Tree[Token], new_children: list[Any] | None = None) -> Any:  # noqa: ANN401
        # Lark's `v_args` wraps the method anew for each node, which took a tenth of the whole check.
        method = getattr(self, tree.data, None)
        children = tree.children if new_children is None else new_children
        return Tree(tree.data, children, tree.meta) if method is None else method(tree.meta, children)

    # -------------------------------------------------------------- places and words

    def at(self, meta: Meta) -> Span:
        """Return the place of a rule in the file."""
        if meta.empty:
            return Span(self._offset, self._offset)
        return Span(meta.start_pos + self._offset, meta.end_pos + self._offset)

    def token_at(self, token: Token) -> Span:
        """Return the place of a token in the file."""
        return Span(cast(int, token.start_pos) + self._offset, cast(int, token.end_pos) + self._offset)

    def row(self, meta: Meta, children: Many[Child]) -> Span:
        """Return the place of a rule that ends with its line, without the line's end."""
        span = self.at(meta)
        ends = [child.span.end for child in children if isinstance(child, tree.Node)]
        ends += [self.token_at(child).end for child in children if isinstance(child, Token)]
        return Span(span.start, max(ends, default=span.end))

    def number_at(self, token: Token) -> float:
        """Return what a number literal says; one that is too large to be counted with is a fault."""
        number = number_of(token)
        if isinf(number):
            self.fault("MQL013", self.token_at(token), "this number is too large", "write one below 1e300")
            return 0.0
        return number

    def fault(self, code: str, span: Span, message: str, remedy: str) -> None:
        """Note that something inside a rule is misspelt."""
        self.faults.append((code, span, message, remedy))

    def name_of(self, token: Token) -> tree.Name:
        """Return a name, out of its backquotes."""
        span = self.token_at(token)
        if not token.startswith("`"):
            return tree.Name(str(token), span=span)
        inner = token[1:-1]
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", inner):
            self.fault(
                "MQL014",
                span,
                "a name in backquotes is still letters a-z, digits and `_`, and begins with a letter",
                'give the shown words as a label: NAME "Any words"',
            )
        return tree.Name(inner, quoted=True, span=span)

    def text_of(self, token: Token, *, keep_unknown: bool = False) -> str:
        r"""Return what a quoted text says; `\*` stays as it is, it belongs to the entries of lists.

        A regular expression keeps the escapes that are not those of texts: `"\d"` is a digit.
        """

        def replaced(match: re.Match[str]) -> str:
            if match[1] == "*" or (keep_unknown and match[1] not in _ESCAPES):
                return match[0]
            if match[1] not in _ESCAPES:
                self.fault(
                    "MQL017",
                    self.token_at(token),
                    f"`\\{match[1]}` means nothing in a text",
                    'a backslash is written `\\\\`, a quote `\\"`, a line break `\\n`',
                )
            return _ESCAPES.get(match[1], match[1])

        return re.sub(r"\\(.)", replaced, token[1:-1])

    def who_of(self, token: Token) -> str:
        """Return a name or a text as plain text."""
        return self.text_of(token) if token.type == "STRING" else self.name_of(token).text

    def label_text(self, token: Token | None) -> str | None:
        """Return the text of an optional label."""
        return None if token is None else self.text_of(token)

    # -------------------------------------------------------------- literals

    def number(self, meta: Meta, children: Many[Child]) -> tree.NumberLiteral:
        return tree.NumberLiteral(self.number_at(children[0]), span=self.at(meta))

    percent = number

    def negative_number(self, meta: Meta, children: Many[Child]) -> tree.NumberLiteral:
        return tree.NumberLiteral(-self.number_at(children[0]), span=self.at(meta))

    def string(self, meta: Meta, children: Many[Child]) -> tree.TextLiteral:
        return tree.TextLiteral(self.text_of(children[0]), span=self.at(meta))

    def yes(self, meta: Meta, _: Many[Child]) -> tree.YesNoLiteral:
        return tree.YesNoLiteral(True, span=self.at(meta))

    def no(self, meta: Meta, _: Many[Child]) -> tree.YesNoLiteral:
        return tree.YesNoLiteral(False, span=self.at(meta))

    def date(self, meta: Meta, children: Many[Child]) -> tree.DateLiteral:
        return self.date_of(children[0])

    def date_of(self, token: Token) -> tree.DateLiteral:
        """Return a day, or a fault and a stand-in where the calendar has no such day."""
        span = self.token_at(token)
        try:
            return tree.DateLiteral(date.fromisoformat(token), span=span)
        except ValueError:
            self._no_such_day(token, span)
            return tree.DateLiteral(date(1970, 1, 1), span=span)

    def datetime(self, meta: Meta, children: Many[Child]) -> tree.TimeLiteral:
        text = str(children[0])
        span = self.at(meta)
        whole, _, fraction = text.partition(".")
        try:
            moment = datetime.fromisoformat(whole)
        except ValueError:
            self._no_such_day(text, span)
            return tree.TimeLiteral(datetime.combine(date.min, time()), span=span)
        return tree.TimeLiteral(moment.replace(microsecond=int(fraction[:6].ljust(6, "0") or 0)), span=span)

    def _no_such_day(self, text: str, span: Span) -> None:
        self.fault(
            "MQL013",
            span,
            f"the calendar has no `{text}`",
            "write year-month-day, 2026-03-31, and the time as 09:00",
        )

    def duration(self, meta: Meta, children: Many[Child]) -> tree.Duration:
        if len(children) == 1:
            count, unit = re.fullmatch(r"(\d+)([a-z]+)", children[0]).groups()  # type: ignore[union-attr] # the token's own pattern
            return self._duration(count, _UNITS[unit], self.at(meta))
        unit = str(children[-1]).removesuffix("s")
        if len(children) == 3:
            unit = f"business {unit}"
        return self._duration(children[0], unit, self.at(meta))

    def _duration(self, count: str, unit: str, span: Span) -> tree.Duration:
        number = number_of(count)
        if number > 1_000_000_000 or number != int(number):
            self.fault(
                "MQL013",
                span,
                "a length of time is one whole number and one unit",
                "write `90min`, `36h`, `30 days`",
            )
            number = 1
        return tree.Duration(int(number), unit, span=span)

    def name_item(self, meta: Meta, children: Many[Child]) -> tree.Name:
        return self.name_of(children[0])

    def label(self, meta: Meta, children: Many[Child]) -> tree.Name:
        token = children[0]
        if token.type == "STRING":
            return tree.Name(self.text_of(token), quoted=True, span=self.at(meta))
        if token.type == "NUMBER":
            return tree.Name(str(token), span=self.at(meta))
        name = self.name_of(token)
        if name.text in LABELS_IN_QUOTES and not name.quoted:
            self.fault(
                "MQL014",
                name.span,
                f"`{name.text}` is a word of the language, so as a label it is quoted",
                f'write "{name.text}" here and where the label is used',
            )
        return name

    def items(self, meta: Meta, children: Many[Child]) -> tree.Items:
        return tree.Items(tuple(child for child in children if child is not None), span=self.at(meta))

    def missing(self, meta: Meta, _: Many[Child]) -> tree.Missing:
        return tree.Missing(span=self.at(meta))

    def not_supplied(self, meta: Meta, _: Many[Child]) -> tree.NotSupplied:
        return tree.NotSupplied(span=self.at(meta))

    # -------------------------------------------------------------- windows

    def within(self, meta: Meta, children: Many[Child]) -> tree.Within:
        return tree.Within(children[0], span=self.at(meta))

    def within_next(self, meta: Meta, children: Many[Child]) -> tree.WithinNext:
        return tree.WithinNext(children[0], span=self.at(meta))

    def within_of(self, meta: Meta, children: Many[Child]) -> tree.WithinOf:
        length, which, events = children
        return tree.WithinOf(length, which.value, events, span=self.at(meta))

    def from_to(self, meta: Meta, children: Many[Child]) -> tree.FromTo:
        return tree.FromTo(*children, span=self.at(meta))

    def since(self, meta: Meta, children: Many[Child]) -> tree.Since:
        return tree.Since(children[0], span=self.at(meta))

    def before(self, meta: Meta, children: Many[Child]) -> tree.Before:
        return tree.Before(children[0], span=self.at(meta))

    def calendar(self, meta: Meta, children: Many[Child]) -> tree.CalendarWindow:
        return tree.CalendarWindow(children[0].value, span=self.at(meta))

    def ever(self, meta: Meta, _: Many[Child]) -> tree.Ever:
        return tree.Ever(span=self.at(meta))

    # -------------------------------------------------------------- operands

    def ref(self, meta: Meta, children: Many[Child]) -> tree.Ref:
        first, second = children
        if second is None:
            return tree.Ref(self.name_of(first), span=self.at(meta))
        return tree.Ref(self.name_of(second), self.name_of(first), span=self.at(meta))

    said = ref

    def filtered(self, meta: Meta, children: Many[Child]) -> tree.Filtered:
        return tree.Filtered(*children, span=self.at(meta))

    def windowed(self, meta: Meta, children: Many[Child]) -> tree.Windowed:
        return tree.Windowed(*children, span=self.at(meta))

    def brackets(self, meta: Meta, children: Many[Child]) -> tree.Brackets:
        return tree.Brackets(children[0], span=self.at(meta))

    def sequence(self, meta: Meta, children: Many[Child]) -> tree.Sequence:
        return tree.Sequence(children[0], tuple(children[1:]), span=self.at(meta))

    def step(self, meta: Meta, children: Many[Child]) -> tree.Step:
        negative, events, *options = children
        lengths = [option for option in options if isinstance(option, tree.Duration)]
        if len(lengths) > 1:
            self.fault("MQL019", lengths[1].span, "this step has two lengths of time", "keep one `in`")
        return tree.Step(
            negative is not None,
            events,
            lengths[0] if lengths else None,
            tuple(option for option in options if isinstance(option, tree.Name)),
            span=self.at(meta),
        )

    def step_in(self, meta: Meta, children: Many[Child]) -> tree.Duration:
        return cast(tree.Duration, children[-1])

    def step_same(self, meta: Meta, children: Many[Child]) -> tree.Name:
        return self.name_of(children[0])

    def without(self, meta: Meta, children: Many[Child]) -> tree.Without:
        return tree.Without(*children, span=self.at(meta))

    def arithmetic(self, meta: Meta, children: Many[Child]) -> tree.Arithmetic:
        operators = [token.value for token in children[1::2]]
        return tree.Arithmetic(
            children[0], tuple(zip(operators, children[2::2], strict=True)), span=self.at(meta)
        )

    def negative(self, meta: Meta, children: Many[Child]) -> tree.Expression:
        of = children[0]
        if isinstance(of, tree.NumberLiteral):
            return tree.NumberLiteral(-of.value, span=self.at(meta))
        return tree.Negative(of, span=self.at(meta))

    def rounded(self, meta: Meta, children: Many[Child]) -> tree.Rounded:
        of, token = children
        return tree.Rounded(
            of, tree.NumberLiteral(self.number_at(token), span=self.token_at(token)), span=self.at(meta)
        )

    def pick(self, meta: Meta, children: Many[Child]) -> tree.Pick:
        kind = " ".join(children[0].split()[:-1])
        return tree.Pick(kind, tuple(children[1:]), span=self.at(meta))  # type: ignore[arg-type] # one of three tokens

    def domain(self, meta: Meta, children: Many[Child]) -> tree.DomainOf:
        return tree.DomainOf(children[1], span=self.at(meta))

    def days_since(self, meta: Meta, children: Many[Child]) -> tree.DaysSince:
        return tree.DaysSince(children[0].split()[-1], children[1], span=self.at(meta))

    def days_since_event(self, meta: Meta, children: Many[Child]) -> tree.DaysSinceEvent:
        return tree.DaysSinceEvent(children[0].split()[-1], children[1], span=self.at(meta))

    def aggregate(self, meta: Meta, children: Many[Child]) -> tree.Aggregate:
        kind, prop, events = children
        return tree.Aggregate(kind.value, self.name_of(prop), events, span=self.at(meta))

    def most(self, meta: Meta, children: Many[Child]) -> tree.MostBy:
        events, window, prop = children
        if window is not None:
            events = tree.Windowed(events, window, span=events.span.to(window.span))
        return tree.MostBy(events, self.name_of(prop), span=self.at(meta))

    # -------------------------------------------------------------- conditions

    def compare(self, meta: Meta, children: Many[Child]) -> tree.Compare:
        operators = [token.value for token in children[1::2]]
        return tree.Compare(
            children[0], tuple(zip(operators, children[2::2], strict=True)), span=self.at(meta)
        )

    def between(self, meta: Meta, children: Many[Child]) -> tree.Between:
        of, negation, low, _, high = children
        return tree.Between(of, low, high, negation is not None, span=self.at(meta))

    def member(self, meta: Meta, children: Many[Child]) -> tree.Member:
        of, word, collection = children
        return tree.Member(of, self._collection(collection), word.type == "NOT_IN", span=self.at(meta))

    def _collection(self, child: Child) -> tree.Collection:
        return self.name_of(child) if isinstance(child, Token) else child

    def text_word(self, meta: Meta, children: Many[Child]) -> str:
        return str(children[0])

    def text_test(self, meta: Meta, children: Many[Child]) -> tree.TextTest:
        of, negation, word, needle = children
        return tree.TextTest(_text_kind(word), of, needle, negation is not None, span=self.at(meta))

    def text_any(self, meta: Meta, children: Many[Child]) -> tree.TextTest:
        of, negation, word, _, collection = children
        return tree.TextTest(
            _text_kind(word), of, self._collection(collection), negation is not None, span=self.at(meta)
        )

    def matches(self, meta: Meta, children: Many[Child]) -> tree.Matches:
        of, negation, pattern = children
        literal = tree.TextLiteral(self.text_of(pattern, keep_unknown=True), span=self.token_at(pattern))
        return tree.Matches(of, literal, negation is not None, span=self.at(meta))

    def has(self, meta: Meta, children: Many[Child]) -> tree.Has:
        of, negation, wanted = children
        return tree.Has(of, "one", wanted, negation is not None, span=self.at(meta))

    def has_any(self, meta: Meta, children: Many[Child]) -> tree.Has:
        of, negation, quantity, wanted = children
        kind = "any" if quantity.type == "ANY_OF" else "all"
        return tree.Has(of, kind, self._collection(wanted), negation is not None, span=self.at(meta))  # type: ignore[arg-type] # two words

    def is_(self, meta: Meta, children: Many[Child]) -> tree.Is:
        of, negation, what = children
        return tree.Is(of, self._is_what(what), negation is not None, span=self.at(meta))

    def _is_what(self, token: Token) -> "Literal['known', 'missing'] | tree.Expression":
        span = self.token_at(token)
        match token.type:
            case "KNOWN" | "MISSING":
                return "known" if token.type == "KNOWN" else "missing"
            case "YES" | "NO":
                return tree.YesNoLiteral(token.type == "YES", span=span)
            case "STRING":
                return tree.TextLiteral(self.text_of(token), span=span)
            case "NUMBER":
                return tree.NumberLiteral(self.number_at(token), span=span)
            case _:
                return tree.Ref(self.name_of(token), span=span)

    def no_events(self, meta: Meta, children: Many[Child]) -> tree.No:
        return tree.No(children[1], span=self.at(meta))

    def not_(self, meta: Meta, children: Many[Child]) -> tree.Not:
        return tree.Not(children[0], span=self.at(meta))

    def junction(self, meta: Meta, children: Many[Child]) -> tree.Junction:
        words = tuple(token.value for token in children[1::2])
        return tree.Junction(tuple(children[::2]), words, span=self.at(meta))

    def quantity(self, meta: Meta, children: Many[Child]) -> tree.CountOf:
        kind = " ".join(children[0].split())
        number = None
        if len(children) == 1:
            kind = kind.removesuffix(" of")
        else:
            number = self._whole(children[1])
        return tree.CountOf(kind, number, (), span=self.at(meta))  # type: ignore[arg-type] # the tokens' own words

    def _whole(self, token: Token) -> int:
        number = self.number_at(token)
        if number != int(number):
            self.fault("MQL018", self.token_at(token), "how many is a whole number", "write 1, 2, 3 …")
        return int(number)

    def count_of(self, meta: Meta, children: Many[Child]) -> tree.CountOf:
        head, *conditions = children
        parts = tuple(tree.Bullet(condition, span=condition.span) for condition in conditions)
        return tree.CountOf(head.kind, head.number, parts, span=self.at(meta))

    def group(self, meta: Meta, children: Many[Child]) -> tree.CountOf:
        head = children[0]
        parts = tuple(child for child in children if isinstance(child, tree.Bullet))
        return tree.CountOf(head.kind, head.number, parts, bulleted=True, span=self.row(meta, children))

    def bullet(self, meta: Meta, children: Many[Child]) -> tree.Bullet:
        label, condition = children
        return tree.Bullet(condition, self.label_text(label), span=self.row(meta, children))

    def group_in(self, meta: Meta, children: Many[Child]) -> tree.Expression:
        """Return the condition among the children of a rule that may hold a condition or open bullets."""
        bullets = [child for child in children if isinstance(child, tree.Bullet)]
        if bullets:
            head = next(child for child in children if isinstance(child, tree.CountOf) and not child.parts)
            span = head.span.to(bullets[-1].span)
            return tree.CountOf(head.kind, head.number, tuple(bullets), bulleted=True, span=span)
        return cast(tree.Expression, next(child for child in children if isinstance(child, tree.Node)))


def _text_kind(word: str) -> tree.TextTestKind:
    return cast(tree.TextTestKind, word if word in ("contains", "mentions") else f"{word} with")
