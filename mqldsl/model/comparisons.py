"""Comparisons: windows of both sides, types that fit, and bare words that are labels."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NoReturn

import attrs

from mqldsl.model import ir
from mqldsl.model.folding import fold
from mqldsl.model.operands import NUMBER, Operands, comparable
from mqldsl.model.resolver import Scope, UnresolvedError, in_words
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.source.diagnostics import Label
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

ONE = ir.Constant(1.0, NUMBER)


class Comparisons(Operands):
    """Resolves `=`, `<`, `between` and their kin."""

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
        if isinstance(node, tree.TextLiteral | tree.NumberLiteral):
            self.refuse(
                "MQL201",
                node,
                f"{words} alone is not something that holds or not",
                'name what it is compared with each time, `page = "a" or page = "b"`, or a list: `page in ("a", "b")`',
            )
        remedies = {
            Date: f"`{words} within 30d`, say",
            Time: f"`{words} within 30d`, say",
            Text: f'`{words} = "…"` or `{words} is known`, say',
        }
        self.refuse(
            "MQL201",
            node,
            f"`{words}` is {in_words(operand.type)}, not something that holds or not",
            "compare it: " + remedies.get(type(operand.type), f"`{words} >= 1`, say"),
        )

    def _reaches_none(self, window: tree.Window, of: tree.Expression) -> None:
        self.refuse(
            "MQL205",
            window,
            f"this window reaches no events: `{self.words(of)}` has none",
            "put it behind the events, or behind the date, that it belongs to",
        )

    def _comparison(self, node: tree.Compare, scope: Scope) -> ir.Condition:
        if len(node.rest) > 1:
            raise UnresolvedError  # reported with the text
        relation, right = node.rest[0]
        left, right = self._windows_of_sides((node.first, right), scope)
        return self.compare(relation, left, right, node, scope)

    def _between(self, node: tree.Between, scope: Scope) -> ir.Condition:
        of, low, high = self._windows_of_sides((node.of, node.low, node.high), scope)
        if is_above(low, high):
            self._refuse_reversed(node, low, high)
        before = len(self.findings)
        try:
            bounds = self.each(
                ((">=", low), ("<=", high)),
                lambda bound: ir.Part(
                    self.compare(bound[0], of, bound[1], node, scope), place=self.place(bound[1])
                ),
            )
        except UnresolvedError:
            # One fault that both bounds share is told once.
            first = {finding.at: finding for finding in reversed(self.findings[before:])}
            self.findings[before:] = reversed(first.values())
            raise
        if _are_labels_reversed(bounds):
            self._refuse_reversed(node, low, high)
        return self._negated(ir.Count(tuple(bounds), 2, 2, place=self.place(node)), node.negated)

    def _refuse_reversed(self, node: tree.Between, low: tree.Expression, high: tree.Expression) -> NoReturn:
        self.refuse(
            "MQL204",
            node,
            "nothing lies between these: the first is above the second",
            f"write `between {self.words(high)} and {self.words(low)}`",
        )

    def _windows_of_sides(
        self, sides: tuple[tree.Expression, ...], scope: Scope
    ) -> tuple[tree.Expression, ...]:
        """Hand a window behind a comparison to all its selections, and refuse a one-sided one."""
        last = sides[-1]
        if (
            isinstance(last, tree.Windowed)
            and not self.is_selection(last.of, scope)
            and not self.has_selection(last.of, scope)
        ):
            hoisted = (*sides[:-1], last.of)
            if isinstance(last.window, tree.WithinNext):
                self.refuse(
                    "MQL205",
                    last.window,
                    "`within next` is for a date of the lead",
                    "write `within` and the length",
                )
            if not any(self.has_selection(side, scope) for side in hoisted):
                self.operand(hoisted[0], scope)  # an unknown name is the better thing to say
                self._reaches_none(last.window, tree.Brackets(sides[0], span=sides[0].span.to(last.of.span)))
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

    def _sort_by_window(
        self, node: tree.Expression, scope: Scope, own: list[tree.Expression], bare: list[tree.Expression]
    ) -> None:
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
            case (
                tree.Aggregate(events=events)
                | tree.DaysSinceEvent(events=events)
                | tree.MostBy(events=events)
            ):
                self._sort_selection(node, events, scope, own, bare)
            case _ if self.is_selection(node, scope):
                self._sort_selection(node, node, scope, own, bare)

    def _sort_selection(
        self,
        node: tree.Expression,
        events: tree.Expression,
        scope: Scope,
        own: list[tree.Expression],
        bare: list[tree.Expression],
    ) -> None:
        if isinstance(events, tree.Windowed) or (
            isinstance(events, tree.Brackets) and isinstance(events.inner, tree.Windowed)
        ):
            own.append(node)
        elif self._untimed(self.selection(events, scope)) is None:
            bare.append(node)

    def compare(
        self, relation: str, left: tree.Expression, right: tree.Expression, node: tree.Node, scope: Scope
    ) -> ir.Condition:
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
                self.refuse(
                    "MQL213",
                    node,
                    "labels of two declarations have no common order",
                    "compare labels of one declaration",
                )
        return ir.Compare(relation, first, second, place=place)  # type: ignore[arg-type] # the grammar's comparisons

    def _same_answer(
        self, relation: str, first: ir.Operand, second: ir.Operand, node: tree.Node
    ) -> ir.Condition:
        if relation not in ("=", "!="):
            self.refuse("MQL213", node, "yes and no have no order", "compare them with `=`")
        for one, other in ((first, second), (second, first)):
            if isinstance(other, ir.Constant):
                holds = self._as_condition(one, node)
                return self._negated(
                    attrs.evolve(holds, place=self.place(node)), (relation == "=") != bool(other.value)
                )
        return ir.Compare(relation, first, second, place=self.place(node))  # type: ignore[arg-type] # = or !=

    def _aligned(self, operand: ir.Operand, other: ir.Operand) -> ir.Operand:
        """Read a day as its midnight beside a time; a bare number takes the other's type."""
        if (
            isinstance(operand, ir.Constant)
            and isinstance(operand.type, Date)
            and isinstance(operand.value, date)
            and isinstance(other.type, Time)
        ):
            return attrs.evolve(operand, value=self.midnight(operand.value), type=Time())
        return operand

    def _unlike(
        self, first: Type, second: Type, left: tree.Expression, right: tree.Expression, node: tree.Node
    ) -> None:
        said = f"`{self.words(left)}` is {in_words(first)} and `{self.words(right)}` is {in_words(second)}: they cannot be compared"
        remedy = "compare things of one type"
        if isinstance(right, tree.TextLiteral) and isinstance(first, Number | Date | Time):
            remedy = f"without quotes it is no text: `{right.value}`"
        elif isinstance(first, YesNo):
            remedy = f"write `{self.words(left)}` or `not {self.words(left)}`"
        elif isinstance(first, SetOf):
            remedy = f"ask what it holds: `{self.words(left)} has {self.words(right)}`"
        elif isinstance(first, Text) and isinstance(second, Number):
            remedy = f"put the number into quotes, or declare `{self.words(left)}` as a number"
        elif isinstance(first, Date) and isinstance(second, Time):
            remedy = "compare a date with a date: 2026-03-01"
        elif isinstance(first, Number) and isinstance(second, Number):
            remedy = "declare both as money, or both as number"
        elif isinstance(first, Date | Time) and isinstance(second, Number):
            remedy = f"`days since {self.words(left)}` is a number"
        self.refuse("MQL201", node, said, remedy)

    # -------------------------------------------------------------- labels

    def _labelled(
        self, left: tree.Expression, right: tree.Expression, scope: Scope
    ) -> tuple[ir.Operand | None, ir.Operand | None]:
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
        return isinstance(node, tree.TextLiteral | tree.NumberLiteral) or (
            isinstance(node, tree.Ref) and node.owner is None
        )

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
            return ir.Constant(found, kind, place=self.place(node))
        if isinstance(node, tree.Ref) and (
            node.name.text in self.namespace.names or node.name.text in (scope.properties or ())
        ):
            return self.operand(node, scope)
        return self.not_a_label(node, kind, of)

    def _find_label(self, node: tree.Node, kind: Labels) -> str | None:
        if isinstance(node, tree.NumberLiteral):
            return next((name for name in kind.names if _is_number(name, node.value)), None)
        match node:
            case tree.Ref(name):
                text = name.text
            case tree.Name(text) | tree.TextLiteral(text):
                pass
            case _:
                return None
        return _by_folded(kind.names).get(fold(text))

    def not_a_label(self, node: tree.Node, kind: Labels, of: str) -> NoReturn:
        """Report a word that is none of the labels, with the nearest, and give up."""
        word = self.words(node).strip('"`')
        said = ", ".join(kind.names[:8]) + (" …" if len(kind.names) > 8 else "")
        self.refuse(
            "MQL202",
            node,
            f"`{word}` is none of the labels of `{of}`",
            did_you_mean(word, kind.names, f"they are {said}"),
        )

    def label_of(self, node: tree.Node, kind: Labels, of: str) -> str:
        """Return the declared spelling of a label that is written as a name, text or number."""
        found = self._find_label(node, kind)
        if found is None:
            self.not_a_label(node, kind, of)
        return found


@lru_cache(maxsize=64)
def _by_folded(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the labels by what is compared; there may be thousands of them."""
    return {fold(name): name for name in reversed(names)}


def _is_number(name: str, number: float) -> bool:
    try:
        return float(name) == number
    except ValueError:
        return False


def _are_labels_reversed(bounds: Sequence[ir.Part]) -> bool:
    """Say whether two bounds are labels of one order that stand the wrong way round."""
    match [part.condition for part in bounds]:
        case [
            ir.Compare(left=left, right=ir.Constant(str(low))),
            ir.Compare(right=ir.Constant(str(high))),
        ] if isinstance(left.type, Labels):
            names = left.type.names
            return low in names and high in names and names.index(low) > names.index(high)
        case _:
            return False


def is_above(low: tree.Expression | tree.Name, high: tree.Expression | tree.Name) -> bool:
    """Say whether two literals of one type stand the wrong way round."""
    match low, high:
        case tree.NumberLiteral(a), tree.NumberLiteral(b):
            return a > b
        case tree.DateLiteral(first), tree.DateLiteral(second):
            return first > second
        case tree.TimeLiteral(start), tree.TimeLiteral(end):
            return start > end
        case _:
            return False
