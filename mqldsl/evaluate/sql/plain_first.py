"""Tests of texts the way most texts can be tested: in lower case, by the functions of the database.

That is exact for ASCII without spaces around where what is sought has none, otherwise where a text has but single
spaces inside. So every text is tested like that, and in full where it is not of this kind.
"""

from collections.abc import Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.streams import LEAD
from mqldsl.evaluate.sql.terms import Argument, Operation, Term

_TESTS = frozenset({"=", "!=", "in", "starts with", "ends with", "contains"})
# Of what is sought by these and has no spaces, those behind the text say nothing.
_UP_TO_THE_END = frozenset({"starts with", "contains"})
_TRUTHS = frozenset({"and", "or", "not"})


def as_plain(test: Term) -> tuple[Term, Term] | None:
    """Return when a text is not plain, and what a test of it says if it is; None where it is no such test.

    The test looks at one text, folded; so does what stands in its place, but that it takes the text as it is.
    """
    tests = _tests_in(test)
    texts = {text for each in tests or () for text in _subject(each).parts}
    if tests is None or len(texts) != 1:
        return None
    (text,) = texts
    # Where nothing is sought that has spaces, those inside of a text do not matter.
    has_spaces = any(str(sought).split() != [sought] for each in tests for sought in _sought(each))
    if has_spaces and text.op == "domain":
        return None
    ends_matter = text.op == "domain" or not {each.op for each in tests} <= _UP_TO_THE_END
    way: Operation = "is odd" if has_spaces else "is rough" if ends_matter else "is rough in front"
    # What is not rough is no blank, which would be no domain; and mostly there is one @.
    tail = Term("behind first at", text.args) if text.op == "domain" else text
    more = [Term("contains", (tail, "@"))] if text.op == "domain" else []
    plain, folded = Term("lower", (tail,)), Term("fold", (text,))
    return t.any_of([Term(way, (tail,)), *more]), t.renamed(
        test, lambda part: plain if part == folded else None
    )


def _tests_in(term: Term) -> list[Term] | None:
    """Return the tests of folded texts that a truth is made of; None where it is made of anything else, too."""
    if term.op in _TRUTHS:
        tests = [_tests_in(part) for part in term.parts]
        return None if None in tests else [each for some in tests for each in some or ()]
    is_test = term.op in _TESTS and _subject(term).op == "fold"
    return [term] if is_test and all(isinstance(each, str) for each in _sought(term)) else None


def _subject(test: Term) -> Term:
    subject = test.args[0]
    assert isinstance(subject, Term)
    return subject


def _sought(test: Term) -> list[Argument]:
    """Return what a test compares its text with: texts as they are, or something else."""
    return [
        t.value_of(each) if isinstance(each, Term) and t.is_constant(each) else each for each in test.args[1:]
    ]


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
        if part.op != "behind first at":
            return None
        if part not in columns:
            columns[part] = board.new(part)
        return columns[part]

    def of_domain(test: Term) -> Term | None:
        """Return a test in columns, as quick as it is on most domains; None where it is no test of a domain."""
        plain, texts = as_plain(test), _subject(test).parts
        if plain is None or texts[0].op != "domain":
            return None
        behind = Term("behind at", texts[0].args)
        in_full = t.renamed(test, lambda part: behind if part == texts[0] else None)
        in_full = t.case([(Term("is blank", (behind,)), t.UNKNOWN)], in_full)
        return t.case([(column(plain[0]), in_full)], column(plain[1]))

    def other(part: Term) -> Term | None:
        if part.op not in _TESTS:
            return None
        if part not in tests:
            tests[part] = of_domain(t.renamed(part, spelled_out)) or part
        return tests[part]

    for name, term in list(board.bound.items()):
        board.bound[name] = t.renamed(term, other)
    return [t.renamed(term, other) for term in told]
