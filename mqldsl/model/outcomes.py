"""Grades, matrices and decisions: from points and conditions to one label."""

from itertools import pairwise

import attrs

from mqldsl.model import ir
from mqldsl.model.resolver import LEAD, in_words
from mqldsl.model.scoring import Scoring
from mqldsl.model.types import Labels, Number, Text, Type
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree


class Outcomes(Scoring):
    """Resolves declarations that end in one of several labels."""

    def grade(self, node: decl.Grade) -> ir.Grade:
        """Return the meaning of a `grade`."""
        of = self.operand(node.of, LEAD)
        if not isinstance(of.type, Number):
            self.refuse(
                "MQL201",
                node.of,
                f"`{self.words(node.of)}` is {in_words(of.type)}: a grade needs a number",
                "name a score or a value",
            )
        bands = [band for band in node.bands if band.start is not None]
        last = [band for band in node.bands if band.start is None]
        if not last:
            self.refuse(
                "MQL302",
                node,
                f"`{node.name.text}` does not say what is below its last band",
                "end with `otherwise` and a label",
            )
        if node.bands[-1].start is not None or len(last) > 1:
            self.report(
                "MQL301",
                node.bands[node.bands.index(last[0]) + 1],
                "nothing behind `otherwise` can be reached",
                "move `otherwise` to the end",
            )
        for better, worse in pairwise(bands):
            if better.start is not None and worse.start is not None and worse.start >= better.start:
                self.report(
                    "MQL301",
                    worse,
                    "bands go from best to worst, and this one can never be reached",
                    "put the higher bound first",
                )
        kind = self.type_of_grade(node)
        if len(kind.names) != len(node.bands):
            self.report("MQL101", node, "two bands have one label", "give each band its own")
        pairs = tuple((band.label.text, float(band.start)) for band in bands if band.start is not None)
        return ir.Grade(
            node.name.text, node.label, of, pairs, last[0].label.text, kind, place=self.place(node.name)
        )

    def type_of_grade(self, node: decl.Grade) -> Labels:
        """Return the labels of a grade, worst first."""
        return Labels(tuple(dict.fromkeys(band.label.text for band in reversed(node.bands))), ordered=True)

    def matrix(self, node: decl.Matrix) -> ir.Matrix:
        """Return the meaning of a `matrix`; every pair of grades needs a cell."""
        rows_of, columns_of = self.each((node.rows_of, node.columns_of), lambda ref: self.operand(ref, LEAD))
        for operand, ref in ((rows_of, node.rows_of), (columns_of, node.columns_of)):
            if not isinstance(operand.type, Labels):
                self.refuse(
                    "MQL201",
                    ref,
                    f"`{self.words(ref)}` is {in_words(operand.type)}: a matrix needs labels",
                    "name a grade or a field with labels",
                )
        head = [
            self.label_of(label, rows_or(columns_of.type), self.words(node.columns_of)) for label in node.head
        ]
        cells: dict[tuple[str, str], str] = {}
        for row in node.rows:
            first = self.label_of(row.head, rows_or(rows_of.type), self.words(node.rows_of))
            if len(row.cells) != len(head):
                self.report(
                    "MQL303",
                    row,
                    f"this row has {counted(len(row.cells), 'cell')}, the head has {len(head)}",
                    "give each column one cell",
                )
            for second, cell in zip(head, row.cells, strict=False):
                if (first, second) in cells:
                    words = f"`{first}` with `{second}` is given twice"
                    self.report("MQL303", row.head, words, "keep one of the two")
                    break
                cells[first, second] = cell.text
        wanted = [
            (a, b)
            for a in reversed(rows_or(rows_of.type).names)
            for b in reversed(rows_or(columns_of.type).names)
        ]
        lacking = [f"{a} with {b}" for a, b in wanted if (a, b) not in cells]
        if lacking:
            self.report(
                "MQL303", node, "cells are missing: " + ", ".join(lacking[:12]), "give every pair a cell"
            )
        return ir.Matrix(
            node.name.text,
            node.label,
            rows_of,
            columns_of,
            cells,
            self.type_of_matrix(node),
            place=self.place(node.name),
        )

    def type_of_matrix(self, node: decl.Matrix) -> Labels:
        """Return the labels in the cells of a matrix, in the order of the file."""
        return Labels(tuple(dict.fromkeys(cell.text for row in node.rows for cell in row.cells)))

    # -------------------------------------------------------------- decisions

    def decide(self, node: decl.Decide) -> ir.Decide:
        """Return the meaning of a `decide`."""
        last = node.rows[-1]
        if last.condition is not None and all(row.condition is not None for row in node.rows):
            self.report(
                "MQL302",
                last,
                f"`{node.name.text}` does not say what happens when no row holds",
                "end with `otherwise` and an outcome",
            )
        for row, following in zip(node.rows, node.rows[1:], strict=False):
            if row.condition is None or _always(row.condition):
                self.report(
                    "MQL301",
                    following,
                    "this row can never be reached: the one before it always holds",
                    "move it up, or remove it",
                )
                break
        rows = self.each(node.rows, self._outcome)
        return ir.Decide(
            node.name.text, node.label, tuple(rows), self.type_of_decide(node), place=self.place(node.name)
        )

    def type_of_decide(self, node: decl.Decide) -> Labels:
        """Return the outcomes of a decide, in the order of the file."""
        return Labels(tuple(dict.fromkeys(row.outcome.text for row in node.rows)))

    def _outcome(self, row: decl.DecideRow) -> ir.Outcome:
        condition = None if row.condition is None else self.condition(row.condition, LEAD)
        made = ir.Outcome(row.outcome.text, condition, place=self.place(row))
        for option in row.options:
            match option:
                case decl.Due():
                    made = attrs.evolve(made, due=self._due(option))
                case decl.Team(team):
                    made = attrs.evolve(made, team=self._team(team))
                case decl.Evenly(teams):
                    made = attrs.evolve(made, evenly=teams)
                case decl.Because(text):
                    made = attrs.evolve(made, because=text)
        return made

    def _due(self, node: decl.Due) -> ir.Due:
        if node.within is None:
            return ir.Due(None, place=self.place(node))
        length = self.time_allowed(node.within)
        of = None
        if node.last is not None:
            of = self.timed(node.last, LEAD, "`of last` looks at the times of events")
        return ir.Due(length, of, place=self.place(node))

    def _team(self, team: tree.TextLiteral | tree.Ref) -> ir.Operand:
        if isinstance(team, tree.TextLiteral):
            return ir.Constant(team.value, Text(), place=self.place(team))
        if team.owner is None and self.namespace.get(team.name.text) is None:
            return ir.Constant(team.name.text, Text(), place=self.place(team))
        operand = self.operand(team, LEAD)
        if not isinstance(operand.type, Text | Labels):
            self.refuse(
                "MQL201",
                team,
                f"`{self.words(team)}` is {in_words(operand.type)}, and a team is a name",
                "name a text, a label or a column of a table",
            )
        return operand


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 cell`, `2 cells`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def rows_or(kind: Type) -> Labels:
    """Return a type that is known to be labels, as such."""
    assert isinstance(kind, Labels)
    return kind


def _always(condition: tree.Expression) -> bool:
    """Say whether a condition holds whatever the lead is."""
    match condition:
        case tree.YesNoLiteral(value):
            return value
        case tree.Brackets(inner):
            return _always(inner)
        case tree.Compare(first, ((sign, second),)) if first == second:
            return isinstance(first, tree.NumberLiteral | tree.TextLiteral) and sign in ("=", "<=", ">=")
        case _:
            return False
