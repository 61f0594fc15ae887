"""Tests of texts the way most texts can be tested: in lower case, by the functions of the database.

That is exact for ASCII without spaces around where what is sought has none, otherwise where a text has but single
spaces inside. So every text is tested like that, and in full where it is not of this kind.
"""

from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.streams import LEAD
from mqldsl.evaluate.sql.terms import Operation, Term

_TESTS = frozenset({"=", "!=", "in", "starts with", "ends with", "contains"})
# Of what is sought by these and has no spaces, those behind the text say nothing.
_UP_TO_THE_END = frozenset({"starts with", "contains"})
_TRUTHS = frozenset({"and", "or", "not"})


def as_plain(test: Term) -> tuple[Term, Term] | None:
    """Return when a text is not plain, and what a test of it says if it is; None where it is no such test.

    The test looks at one text, folded; so does what stands in its place, but that it takes the text as it is.
    """
    texts: set[Term] = set()
    needles: set[str] = set()
    operations: set[str] = set()
    if not _are_tests(test, texts, needles, operations) or len(texts) != 1:
        return None
    (text,) = texts
    # Where nothing is sought that has spaces, those inside of a text do not matter.
    has_spaces = any(needle.split() != [needle] for needle in needles)
    if has_spaces and text.op == "domain":
        return None
    # What is not rough is no blank, which would be no domain.
    tail = Term("behind at", text.args) if text.op == "domain" else text
    ends_matter = text.op == "domain" or not operations <= _UP_TO_THE_END
    odd: Operation = "is odd" if has_spaces else "is rough" if ends_matter else "is rough in front"
    plain, folded = Term("lower", (tail,)), Term("fold", (text,))
    return Term(odd, (tail,)), t.renamed(test, lambda part: plain if part == folded else None)


def _are_tests(term: Term, texts: set[Term], needles: set[str], operations: set[str]) -> bool:
    if term.op in _TRUTHS:
        return all(_are_tests(part, texts, needles, operations) for part in term.parts)
    subject, *others = term.args
    if term.op not in _TESTS or not isinstance(subject, Term) or subject.op != "fold":
        return False
    texts.update(subject.parts)
    operations.add(term.op)
    for other in others:
        value = t.value_of(other) if isinstance(other, Term) and other.op == "constant" else other
        if not isinstance(value, str):
            return False
        needles.add(value)
    return True


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
        if term not in columns:
            columns[term] = board.new(t.renamed(term, tail))
        return columns[term]

    def tail(part: Term) -> Term | None:
        if part.op != "behind at":
            return None
        if part not in columns:
            columns[part] = board.new(part)
        return columns[part]

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
