"""Rows with one and the same condition, where the first that holds wins: the second never does."""

from collections.abc import Iterator, Sequence

from mqldsl.model import ir
from mqldsl.model.checks.counted import Files
from mqldsl.model.dependencies import pieces
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

CODE = "MQL504"


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each condition that an earlier row of the same `decide`, `value` … has already.

    Only what is equal word for word, brackets and spaces aside: whether one condition takes in another is
    a question for the solver.
    """
    for source, file in files:
        for declaration in file.declarations:
            for node in nodes(declaration):
                yield from _repeated([(Place(source, row.span), row) for row in _conditions(node)])
    for part in model.named.values():
        for row in pieces(part):
            if isinstance(row, ir.ByPoints):
                yield from _taken_values(row)
                yield from _one_bound(row)


def _conditions(node: tree.Node) -> Sequence[tree.Expression]:
    match node:
        case decl.Decide(rows=rows) | decl.Value(rows=rows):
            return [row.condition for row in rows if row.condition is not None]
        case decl.FirstOf(rows):
            return [row.condition for row in rows if isinstance(row, decl.WhenRow)]
        case _:
            return []


def _repeated(conditions: Sequence[tuple[Place, tree.Expression]]) -> Iterator[Diagnostic]:
    first: dict[tree.Expression, Place] = {}
    for place, condition in conditions:
        bare = _without_brackets(condition)
        if bare in first:
            yield _never(place, "a row above has this condition already, so this row never wins", first[bare])
        first.setdefault(bare, place)


def _never(place: Place, words: str, first: Place) -> Diagnostic:
    return Diagnostic(
        CODE,
        words,
        Label(place),
        (Label(first, "it stands here first"),),
        "remove one of the two, or change its condition",
        Severity.WARNING,
    )


def _without_brackets(condition: tree.Expression) -> tree.Expression:
    while isinstance(condition, tree.Brackets):
        condition = condition.inner
    return condition


def _taken_values(row: ir.ByPoints) -> Iterator[Diagnostic]:
    """Yield a finding for each `20 for a` of which all values have their points already."""
    taken: dict[object, Place] = {}
    for choice in row.choices:
        condition = choice.condition
        if not isinstance(condition, ir.Member) or choice.place is None:
            continue
        wanted = [*condition.values, *(entry.folded for entry in condition.entries)]
        if wanted and all(value in taken for value in wanted):
            words = "these values have their points from a case above, so this one never counts"
            yield _never(choice.place, words, taken[wanted[0]])
        for value in wanted:
            taken.setdefault(value, choice.place)


def _one_bound(row: ir.ByPoints) -> Iterator[Diagnostic]:
    first: dict[float, Place] = {}
    for bound in row.bounds:
        if bound.place is None:
            continue
        if bound.start in first:
            words = f"points from {bound.start:g} are given twice, and only the first ones count"
            yield _never(bound.place, words, first[bound.start])
        first.setdefault(bound.start, bound.place)
