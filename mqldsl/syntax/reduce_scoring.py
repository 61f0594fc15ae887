"""From Lark's raw tree to nodes: scores, grades, matrices, tables, decisions, examples, promises."""

from collections.abc import Sequence as Many
from typing import Any, cast

from lark import Token
from lark.tree import Meta

from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.reduce_declarations import Declarations
from mqldsl.syntax.reduce_expressions import Child, number_of

_ROW_OPTIONS = (decl.Decay, decl.AtMostPer, decl.UpTo, decl.Because)
_SCORE_ROWS = (decl.WhenRow, decl.PerRow, decl.ByRow, decl.FirstOf, decl.Group)


class Scoring(Declarations):
    """Reduces declarations that turn conditions into points, bands and outcomes."""

    # -------------------------------------------------------------- scores

    def score(self, meta: Meta, children: Many[Child]) -> decl.Score:
        name, label, low, high, *rest = children
        return decl.Score(
            self.declared(name),
            self.label_text(label),
            low,
            high,
            tuple(child for child in rest if isinstance(child, decl.Decay)),
            tuple(child for child in rest if isinstance(child, _SCORE_ROWS)),
            span=self.row(meta, children[:2]),
        )

    def score_from(self, meta: Meta, children: Many[Child]) -> float:
        return cast(float, children[0].value)

    score_to = score_from

    def idle(self, meta: Meta, children: Many[Child]) -> decl.Decay:
        *decay, events = children
        return self._decay(meta, decay, events)

    def decay(self, meta: Meta, children: Many[Child]) -> decl.Decay:
        return self._decay(meta, children, None)

    def _decay(self, meta: Meta, children: Many[Child], without: tree.Expression | None) -> decl.Decay:
        every = children[-1]
        if children[0].type == "HALVING":
            return decl.Decay("halving", 2.0, every, without, span=self.at(meta))
        amount = children[1]
        kind = "losing share" if amount.type == "PERCENT" else "losing points"
        if kind == "losing share" and number_of(amount) > 1:
            self.fault(
                "MQL018", self.token_at(amount), "more than everything cannot be lost", "write 100% or less"
            )
        return decl.Decay(cast(Any, kind), self.number_at(amount), every, without, span=self.at(meta))

    def when_row(self, meta: Meta, children: Many[Child]) -> decl.WhenRow:
        sign, points, _, *rest = children
        options = tuple(child for child in rest if isinstance(child, _ROW_OPTIONS))
        condition = self.group_in(meta, [child for child in rest if not isinstance(child, _ROW_OPTIONS)])
        return decl.WhenRow(sign * self.number_at(points), condition, options, span=self.row(meta, children))

    def per_row(self, meta: Meta, children: Many[Child]) -> decl.PerRow:
        sign, points, of, *options = children
        unit = None
        if isinstance(of, tuple):
            unit, of = of
        return decl.PerRow(
            sign * self.number_at(points), of, unit, tuple(options), span=self.row(meta, children)
        )

    def per_unit(self, meta: Meta, children: Many[Child]) -> tuple[float, tree.Expression]:
        token, of = children
        unit = self.number_at(token)
        if unit <= 0:
            self.fault(
                "MQL018",
                self.token_at(token),
                "points are given per some amount, not per 0",
                "write 1 or more",
            )
        return unit, of

    def sign(self, meta: Meta, children: Many[Child]) -> float:
        return 1.0 if children[0].type == "PLUS" else -1.0

    def by_row(self, meta: Meta, children: Many[Child]) -> decl.ByRow:
        of, *rest = children
        return decl.ByRow(
            of,
            tuple(child for child in rest if isinstance(child, decl.ByCase)),
            tuple(child for child in rest if isinstance(child, _ROW_OPTIONS)),
            span=self.row(meta, children),
        )

    def case_from(self, meta: Meta, children: Many[Child]) -> decl.ByCase:
        points, start = children
        return decl.ByCase(points.value, start=start.value, span=self.at(meta))

    def case_for(self, meta: Meta, children: Many[Child]) -> decl.ByCase:
        points, values = children
        if not isinstance(values, tree.Items | tree.Missing):
            values = tree.Items((values,), span=values.span)
        return decl.ByCase(points.value, values=values, span=self.at(meta))

    def case_otherwise(self, meta: Meta, children: Many[Child]) -> decl.ByCase:
        return decl.ByCase(children[0].value, span=self.at(meta))

    def first_of(self, meta: Meta, children: Many[Child]) -> decl.FirstOf:
        return decl.FirstOf(tuple(children), span=self.row(meta, children))

    def group_row(self, meta: Meta, children: Many[Child]) -> decl.Group:
        label, low, cap, *rows = children
        limit = None if cap is None else cap.cap.value
        return decl.Group(self.text_of(label), low, limit, tuple(rows), span=self.row(meta, children))

    def once(self, meta: Meta, children: Many[Child]) -> decl.AtMostPer:
        return decl.AtMostPer(1, children[0], span=self.at(meta))

    def at_most(self, meta: Meta, children: Many[Child]) -> decl.AtMostPer:
        _, number, length = children
        return decl.AtMostPer(self._whole(number), length, span=self.at(meta))

    def up_to(self, meta: Meta, children: Many[Child]) -> decl.UpTo:
        token = children[0]
        return decl.UpTo(
            tree.NumberLiteral(self.number_at(token), span=self.token_at(token)), span=self.at(meta)
        )

    def because(self, meta: Meta, children: Many[Child]) -> decl.Because:
        return decl.Because(self.text_of(children[0]), span=self.at(meta))

    # -------------------------------------------------------------- grades, matrices, tables

    def grade(self, meta: Meta, children: Many[Child]) -> decl.Grade:
        name, label, of, *bands = children
        return decl.Grade(
            self.declared(name), self.label_text(label), of, tuple(bands), span=self.row(meta, children)
        )

    def band(self, meta: Meta, children: Many[Child]) -> decl.Band:
        label, start = children
        return decl.Band(label, start.value, span=self.at(meta))

    def band_otherwise(self, meta: Meta, children: Many[Child]) -> decl.Band:
        return decl.Band(children[0], None, span=self.at(meta))

    def matrix(self, meta: Meta, children: Many[Child]) -> decl.Matrix:
        name, label, rows_of, columns_of, head, *rows = children
        return decl.Matrix(
            self.declared(name),
            self.label_text(label),
            rows_of,
            columns_of,
            head,
            tuple(rows),
            span=self.row(meta, children[:4]),
        )

    def matrix_head(self, meta: Meta, children: Many[Child]) -> tuple[tree.Name, ...]:
        return tuple(children)

    def matrix_row(self, meta: Meta, children: Many[Child]) -> decl.MatrixRow:
        head, *cells = children
        return decl.MatrixRow(head, tuple(cells), span=self.row(meta, children))

    def table(self, meta: Meta, children: Many[Child]) -> decl.Table:
        name, label, by, gives, *rest = children
        span = self.row(meta, children[:2])
        declared = self.declared(name), self.label_text(label), by or (), gives
        if isinstance(rest[0], Token):
            path = tree.TextLiteral(self.text_of(rest[0]), span=self.token_at(rest[0]))
            return decl.Table(*declared, path=path, span=span)
        head, *rows = rest
        return decl.Table(*declared, head, tuple(rows), span=span)

    def table_by(self, meta: Meta, children: Many[Child]) -> tuple[tree.Ref, ...]:
        return tuple(children)

    def table_gives(self, meta: Meta, children: Many[Child]) -> tuple[tree.Name, ...]:
        return tuple(self.name_of(token) for token in children)

    def table_head(self, meta: Meta, children: Many[Child]) -> tuple[tree.Ref, ...]:
        return tuple(children)

    def table_row(self, meta: Meta, children: Many[Child]) -> decl.TableRow:
        return decl.TableRow(tuple(children), span=self.row(meta, children))

    def cell_values(self, meta: Meta, children: Many[Child]) -> tree.Items:
        return tree.Items(tuple(children), span=self.at(meta))

    def cell_missing(self, meta: Meta, _: Many[Child]) -> tree.Missing:
        return tree.Missing(span=self.at(meta))

    def cell_any(self, meta: Meta, _: Many[Child]) -> decl.AnyCell:
        return decl.AnyCell(span=self.at(meta))

    def cell_bound(self, meta: Meta, children: Many[Child]) -> decl.BoundCell:
        operator, bound = children
        return decl.BoundCell(str(operator), bound, span=self.at(meta))

    def cell_range(self, meta: Meta, children: Many[Child]) -> decl.RangeCell:
        return decl.RangeCell(*children, span=self.at(meta))

    # -------------------------------------------------------------- decisions

    def decide(self, meta: Meta, children: Many[Child]) -> decl.Decide:
        name, label, *rows = children
        return decl.Decide(
            self.declared(name), self.label_text(label), tuple(rows), span=self.row(meta, children[:2])
        )

    def decide_row(self, meta: Meta, children: Many[Child]) -> decl.DecideRow:
        outcome, _, *rest = children
        kinds = (decl.Due, decl.Team, decl.Evenly, decl.Because)
        options = tuple(child for child in rest if isinstance(child, kinds))
        condition = self.group_in(meta, [child for child in rest if not isinstance(child, kinds)])
        return decl.DecideRow(outcome, condition, self._once_each(options), span=self.row(meta, children))

    def decide_otherwise(self, meta: Meta, children: Many[Child]) -> decl.DecideRow:
        outcome, *options = children
        return decl.DecideRow(outcome, None, self._once_each(options), span=self.row(meta, children))

    def _once_each(self, options: Many[decl.DecideOption]) -> tuple[decl.DecideOption, ...]:
        seen: set[str] = set()
        for option in options:
            kind = "to" if isinstance(option, decl.Team | decl.Evenly) else type(option).__name__
            if kind in seen:
                self.fault(
                    "MQL019", option.span, "this row says the same option twice", "keep one of the two"
                )
            seen.add(kind)
        return tuple(options)

    def due(self, meta: Meta, children: Many[Child]) -> decl.Due:
        if len(children) == 1:
            return decl.Due(None, span=self.at(meta))
        _, within, _, last = children
        return decl.Due(within, last, span=self.at(meta))

    def team(self, meta: Meta, children: Many[Child]) -> decl.Team:
        return decl.Team(children[0], span=self.at(meta))

    def evenly(self, meta: Meta, children: Many[Child]) -> decl.Evenly:
        return decl.Evenly(tuple(self.who_of(token) for token in children[1:]), span=self.at(meta))

    # -------------------------------------------------------------- examples

    def example(self, meta: Meta, children: Many[Child]) -> decl.Example:
        title, *lines = children
        return decl.Example(self.text_of(title), tuple(lines), span=self.row(meta, children[:1]))

    def at_line(self, meta: Meta, children: Many[Child]) -> decl.AtLine:
        return decl.AtLine(children[0], span=self.row(meta, children))

    def facts_line(self, meta: Meta, children: Many[Child]) -> decl.FactsLine:
        owner, *pairs = children
        return decl.FactsLine(cast(Any, str(owner)), tuple(pairs), span=self.row(meta, children))

    def pair(self, meta: Meta, children: Many[Child]) -> decl.Pair:
        name, value = children
        return decl.Pair(self.name_of(name), value, span=self.at(meta))

    def people_line(self, meta: Meta, children: Many[Child]) -> decl.PeopleLine:
        return decl.PeopleLine(tuple(children), span=self.row(meta, children))

    def person(self, meta: Meta, children: Many[Child]) -> decl.Person:
        lead, *happened = children
        return decl.Person(
            lead, tuple(child for child in happened if child is not None), span=self.row(meta, children)
        )

    def feeds_line(self, meta: Meta, children: Many[Child]) -> decl.FeedsLine:
        kinds = tuple(self.name_of(token) for token in children if token.type == "NAME")
        return decl.FeedsLine(kinds, span=self.row(meta, children))

    def happened(self, meta: Meta, children: Many[Child]) -> decl.HappenedLine:
        kind, *rest = children
        stamps = tuple(
            child for child in rest if isinstance(child, tree.Duration | tree.DateLiteral | tree.TimeLiteral)
        )
        pairs = tuple(child for child in rest if isinstance(child, decl.Pair))
        return decl.HappenedLine(self.name_of(kind), stamps, pairs, span=self.row(meta, children))

    def expect_line(self, meta: Meta, children: Many[Child]) -> decl.ExpectLine:
        return decl.ExpectLine(tuple(children), span=self.row(meta, children))

    def expect_yes(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("yes", children[0], span=self.at(meta))

    def expect_no(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("no", children[0], span=self.at(meta))

    def expect_unknown(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("unknown", children[0], span=self.at(meta))

    def expect_missing(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("missing", children[0], span=self.at(meta))

    def expect_value(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("value", *children, span=self.at(meta))

    def expect_not_value(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("not value", *children, span=self.at(meta))

    def expect_could_be(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("could be", value=children[1], span=self.at(meta))

    def expect_change(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("change", value=children[1], span=self.at(meta))

    def expect_due(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        return decl.Expected("due", value=children[1], span=self.at(meta))

    def expect_to(self, meta: Meta, children: Many[Child]) -> decl.Expected:
        team = tree.TextLiteral(self.who_of(children[0]), span=self.token_at(children[0]))
        return decl.Expected("to", value=team, span=self.at(meta))

    # -------------------------------------------------------------- promises

    def promise(self, meta: Meta, children: Many[Child]) -> decl.Promise:
        title, body = children
        return decl.Promise(self.text_of(title), body, span=self.row(meta, children))

    def more_promise(self, meta: Meta, children: Many[Child]) -> decl.MorePromise:
        events, effect, name = children
        return decl.MorePromise(events, effect.value, self.name_of(name), span=self.at(meta))

    def higher_promise(self, meta: Meta, children: Many[Child]) -> decl.HigherPromise:
        field, effect, name = children
        return decl.HigherPromise(field, effect.value, self.name_of(name), span=self.at(meta))

    def same_promise(self, meta: Meta, children: Many[Child]) -> decl.SamePromise:
        field, name = children[0], children[-1]
        return decl.SamePromise(field, self.name_of(name), span=self.at(meta))

    def always_promise(self, meta: Meta, children: Many[Child]) -> decl.AlwaysPromise:
        return decl.AlwaysPromise(True, children[0], children[-1], span=self.at(meta))

    def never_promise(self, meta: Meta, children: Many[Child]) -> decl.AlwaysPromise:
        return decl.AlwaysPromise(False, children[0], children[-1], span=self.at(meta))
