"""Comparisons of a count with a number, made where the rows are counted: what is carried on is a truth."""

from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.facts import COMPARED, compared
from mqldsl.evaluate.sql.streams import LEAD
from mqldsl.evaluate.sql.terms import Term

# A count that is compared with more numbers is carried on itself.
_FEW = 2


def compared_inside(board: Board, told: Sequence[Term], kept: set[str]) -> list[Term]:
    """Have counts that are only compared with a few numbers compared inside; those in `kept` stay as they are."""
    found: dict[str, dict[Term, None]] = {}
    others: set[str] = set(kept)
    stack = [*told, *board.bound.values()]
    seen: set[Term] = set()
    while stack:
        term = stack.pop()
        if term in seen:
            continue
        seen.add(term)
        name = _counted(term)
        if name is not None and name in board.measures:
            found.setdefault(name, {})[term] = None
        elif term.op == "column":
            others.add(str(term.args[1]))
        else:
            stack.extend(term.parts)
    instead: dict[Term, Term] = {}
    for name, comparisons in found.items():
        if name not in others and len(comparisons) <= _FEW and board.measures[name].by is None:
            for comparison in comparisons:
                instead[comparison] = _inside(board, name, comparison)
    for name, term in board.bound.items():
        board.bound[name] = t.renamed(term, instead.get)
    return [t.renamed(term, instead.get) for term in told]


def _counted(term: Term) -> str | None:
    """Return the count that is compared with a constant: it is 0 where there are no rows."""
    if term.op not in COMPARED:
        return None
    count, constant = term.parts
    if count.op != "coalesce" or constant.op != "constant" or count.args[1] != t.whole(0):
        return None
    column = count.parts[0]
    return str(column.args[1]) if column.op == "column" and column.args[0] == LEAD else None


def _inside(board: Board, name: str, comparison: Term) -> Term:
    measure = board.measures[name]
    _, constant = comparison.parts
    truth = board.measure(measure.stream, Term(comparison.op, (measure.term, constant)))
    return t.coalesce(truth, compared(comparison.op, t.whole(0), constant))
