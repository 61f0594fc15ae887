"""Tests of texts the way most texts can be tested: as they are, in lower case, because they are plain.

A plain text is ASCII with single spaces inside and none around. A database that keeps a column of texts as few
different ones tests each of these once, as long as nothing but the text decides how: so every text is tested as if it
were plain, and again in full where it is not.
"""

from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.streams import LEAD
from mqldsl.evaluate.sql.terms import Term

_TESTS = frozenset({"=", "!=", "in", "starts with", "ends with", "contains"})
_TRUTHS = frozenset({"and", "or", "not"})


def as_plain(test: Term) -> tuple[Term, Term] | None:
    """Return when a text is not plain, and what a test of it says if it is; None where it is no such test.

    The test looks at one text, folded; so does what stands in its place, but that it takes the text as it is.
    """
    found: set[Term] = set()
    if not _are_tests(test, found) or len(found) != 1:
        return None
    (text,) = found
    tail = text if text.op != "domain" else Term("behind at", text.args)
    odd = Term("is odd" if text.op != "domain" else "is gappy", (tail,))
    folded, lower = Term("fold", (text,)), Term("lower", (tail,))
    return odd, t.renamed(test, lambda part: lower if part == folded else None)


def _are_tests(term: Term, texts: set[Term]) -> bool:
    if term.op in _TRUTHS:
        return all(_are_tests(part, texts) for part in term.parts)
    subject, *others = term.args
    if term.op not in _TESTS or not isinstance(subject, Term) or subject.op != "fold":
        return False
    texts.update(subject.parts)
    return all(not isinstance(other, Term) or other.op == "constant" for other in others)


def domains_plain_first(board: Board, told: Sequence[Term]) -> list[Term]:
    """Have the tests of domains on a board made so, and return `told` in its columns.

    Of addresses there are as many as leads; other texts are better looked up.
    """
    tests: dict[Term, Term] = {}
    columns: dict[Term, Term] = {}

    def spelled_out(part: Term) -> Term | None:
        if part.op != "column" or part.args[0] != LEAD:
            return None
        inner = board.bound.get(str(part.args[1]))
        return t.renamed(inner, spelled_out) if inner is not None and inner.op in ("fold", "domain") else None

    def column(term: Term) -> Term:
        parts = tuple(
            column(arg) if isinstance(arg, Term) and arg.op == "behind at" else arg for arg in term.args
        )
        kept = Term(term.op, parts)
        if kept not in columns:
            columns[kept] = board.new(kept)
        return columns[kept]

    def other(part: Term) -> Term | None:
        if part.op not in _TESTS:
            return None
        if part not in tests:
            test = t.renamed(part, spelled_out)
            plain = as_plain(test) if "domain" in t.ops_in(test) else None
            tests[part] = part if plain is None else t.case([(column(plain[0]), test)], column(plain[1]))
        return tests[part]

    for name, term in list(board.bound.items()):
        board.bound[name] = t.renamed(term, other)
    return [t.renamed(term, other) for term in told]
