"""Which columns of the board are worth one: what is looked at several times, and is not short."""

from collections import Counter
from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import COSTLY, Board
from mqldsl.evaluate.sql.streams import LEAD, ROW, of_lead
from mqldsl.evaluate.sql.terms import Term

# What is written more than once is worth a column from so many operations on.
_WORTH_A_COLUMN = 4


def looked_at(board: Board, name: str) -> set[str]:
    """Return the columns that a column looks at, directly."""
    if name in board.bound:
        return {each for _, each in board.bound[name].columns}
    if name not in board.measures:
        return set()
    measure = board.measures[name]
    found = measure.stream.lead_columns(measure.terms)
    if measure.stream.is_people:
        found |= {each for term in measure.terms for alias, each in term.columns if alias == ROW}
    return found


def keep_reached(board: Board, told: Sequence[Term]) -> None:
    """Take away the columns that nothing looks at."""
    stack = [name for term in told for _, name in term.columns]
    reached: set[str] = set()
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(looked_at(board, name))
    for columns in (board.bound, board.measures):
        for name in columns.keys() - reached:
            del columns[name]


def inlined(board: Board, told: Sequence[Term]) -> list[Term]:
    """Put columns without a name of their own where they stand, and return `told` so: fewer layers.

    Those that are looked at more than once stay, unless they are short.
    """
    instead: dict[str, Term] = {}
    uses = _uses(board, told)

    def other(part: Term) -> Term | None:
        return instead.get(str(part.args[1])) if part.op == "column" and part.args[0] == LEAD else None

    def visit(name: str) -> None:
        if name not in board.bound or name in seen:
            return
        seen.add(name)
        for below in looked_at(board, name):
            visit(below)
        term = t.renamed(board.bound[name], other)
        board.bound[name] = term
        is_short = uses[name] == 1 or _size(term, sizes) < _WORTH_A_COLUMN
        if name.startswith("x") and is_short and not t.ops_in(term) & COSTLY:
            instead[name] = term

    seen: set[str] = set()
    sizes: dict[Term, int] = {}
    for name in list(board.bound):
        visit(name)
    for name in instead.keys() - below_measures(board):
        del board.bound[name]
    return [t.renamed(term, other) for term in told]


def below_measures(board: Board) -> set[str]:
    """Return the columns that measures look at."""
    return {each for name in board.measures for each in looked_at(board, name)}


def _uses(board: Board, told: Sequence[Term]) -> Counter[str]:
    """Return how often columns are looked at; what measures look at stays a column."""
    found: Counter[str] = Counter()
    stack = [*told, *board.bound.values()]
    seen: set[Term] = set()
    while stack:
        term = stack.pop()
        if term.op == "column":
            found[str(term.args[1])] += 1
        elif term not in seen:
            seen.add(term)
            stack.extend(term.parts)
    found.update(2 * list(below_measures(board)))
    return found


def shared(board: Board, told: Sequence[Term]) -> list[Term]:
    """Give what is written more than once a column of its own, and return `told` with these in it."""
    seen: Counter[Term] = Counter()
    stack = [*told, *board.bound.values()]
    while stack:
        term = stack.pop()
        if term.op not in ("column", "constant"):
            seen[term] += 1
            if seen[term] == 1:
                stack.extend(term.parts)
    sizes: dict[Term, int] = {}
    often = {term for term, times in seen.items() if times > 1 and _size(term, sizes) >= _WORTH_A_COLUMN}
    names = {term: name for name, term in board.bound.items()}
    others: dict[Term, Term] = {}

    def rewritten(term: Term, *, whole: bool = False) -> Term:
        if term.op in ("column", "constant"):
            return term
        if not whole and term in others:
            return others[term]
        if not whole and term in names:
            return of_lead(names[term])
        args = tuple(rewritten(arg) if isinstance(arg, Term) else arg for arg in term.args)
        other = term if args == term.args else Term(term.op, args)
        if not whole:
            if term in often:
                other = board.new(other)
            others[term] = other
        return other

    for name, term in list(board.bound.items()):
        board.bound[name] = rewritten(term, whole=True)
    return [rewritten(term) for term in told]


def _size(term: Term, sizes: dict[Term, int]) -> int:
    found = sizes.get(term)
    if found is None:
        found = 1 + sum(_size(part, sizes) for part in term.parts if part.op != "constant")
        sizes[term] = found
    return found
