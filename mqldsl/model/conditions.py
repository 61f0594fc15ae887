"""Conditions: how they are joined, counted and narrowed by windows on dates."""

import attrs

from mqldsl.model import ir
from mqldsl.model.collections import Collections
from mqldsl.model.operands import NUMBER
from mqldsl.model.resolver import Scope, UnresolvedError
from mqldsl.model.types import Date, Time
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

NONE = ir.Constant(0.0, NUMBER)


class Conditions(Collections):
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
                resolved = self.each(
                    parts, lambda part: ir.Part(self.condition(part, scope), place=self.place(part))
                )
                least = len(resolved) if words[0] == "and" else 1
                return ir.Count(tuple(resolved), least, len(resolved), place=place)
            case tree.CountOf():
                return self._count(node, scope)
            case tree.No(events):
                return ir.Compare(
                    "=",
                    ir.HowMany(self.selection(events, scope), NUMBER, place=self.place(events)),
                    NONE,
                    place=place,
                )
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

    def _count(self, node: tree.CountOf, scope: Scope) -> ir.Condition:
        def part(bullet: tree.Bullet) -> ir.Part:
            return ir.Part(
                self.condition(bullet.condition, scope), bullet.label, place=self.place(bullet.condition)
            )

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

    def _windowed_condition(
        self, node: tree.Windowed, of: tree.Expression, window: tree.Window, scope: Scope
    ) -> ir.Condition:
        match of:
            case tree.TextTest(needle=tree.Items() | tree.Name()):
                self.refuse(
                    "MQL205",
                    window,
                    "a window cannot follow a list of texts",
                    "put the window directly behind the events",
                )
            case tree.Member() | tree.Matches() | tree.Has() | tree.Is() if self.has_selection(of.of, scope):
                return self.condition(attrs.evolve(of, of=self.spread(of.of, window, scope)), scope)
            case tree.Member() | tree.Matches() | tree.Has() | tree.Is():
                self._reaches_none(window, of.of)
        if not isinstance(window, tree.WithinNext) and self.has_selection(of, scope):
            return self._as_condition(self.operand(node, scope), node)
        if self._is_clause(of, scope):
            self.refuse(
                "MQL205",
                window,
                f"`{self.words(of)}` is a clause, so a window behind it reaches no events",
                "put the window inside the clause",
            )
        return self._in_span(node, self.operand(of, scope), window, scope)

    def _is_clause(self, node: tree.Expression, scope: Scope) -> bool:
        if (
            not isinstance(node, tree.Ref)
            or node.owner is not None
            or node.name.text in (scope.properties or ())
        ):
            return False
        entry = self.namespace.get(node.name.text)
        return entry is not None and entry.word == "clause"

    def _in_span(
        self, node: tree.Windowed, of: ir.Operand, window: tree.Window, scope: Scope
    ) -> ir.Condition:
        if not isinstance(of.type, Date | Time):
            self._reaches_none(window, node.of)
        if isinstance(window, tree.Ever | tree.WithinOf):
            self.refuse(
                "MQL205",
                window,
                "this window is for events, not for a date",
                "use `within 30d`, `since 2026-01-01`, `this month` …",
            )
        span = self.span(window, scope)
        if isinstance(of.type, Date):
            lengths = [part for part in nodes(window) if isinstance(part, tree.Duration)]
            for length in lengths:
                if length.unit in ("minute", "hour"):
                    self.refuse(
                        "MQL205",
                        length,
                        "a date is a whole day, without hours and minutes",
                        "use days, weeks, months or years",
                    )
        return ir.InSpan(of, span, place=self.place(node))

    def _is(self, node: tree.Is, scope: Scope) -> ir.Condition:
        what = node.what
        if isinstance(what, str):
            known = ir.IsKnown(self.operand(node.of, scope), place=self.place(node))
            return self._negated(known, what == "missing")
        return self.compare("=", node.of, what, node, scope)
