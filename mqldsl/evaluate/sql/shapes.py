"""What is known of an answer, a value or a selection while a query is written: its terms, and what cannot be."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.streams import Stream
from mqldsl.evaluate.sql.terms import NO, YES, Term

LackKind: TypeAlias = Literal["field", "account", "property", "feed", "people", "clause"]


@attrs.frozen
class Lacking:
    """A fact that may not be there: `when` it is not, as a truth that is never missing.

    The kind `clause` tells nothing to readers: it stands for a named clause that is unknown.
    """

    name: str
    kind: LackKind
    blank: bool
    when: Term


# Found only where somebody asks: most answers are told without.
Lacks: TypeAlias = Callable[[], Sequence[Lacking]]


def nothing() -> Sequence[Lacking]:
    """Return that nothing is missing."""
    return ()


def together(lacks: Iterable[Lacks], when: Term = YES) -> Lacks:
    """Return several lacks as one, where a condition holds."""
    parts = list(lacks)

    def found() -> Sequence[Lacking]:
        merged: dict[tuple[str, LackKind, bool], list[Term]] = {}
        for part in parts:
            for each in part():
                merged.setdefault((each.name, each.kind, each.blank), []).append(each.when)
        return tuple(
            Lacking(name, kind, blank, guarded)
            for (name, kind, blank), whens in merged.items()
            if (guarded := t.all_of([when, t.any_of(whens)])) != NO
        )

    return found


def without_clauses(lacks: Lacks) -> Lacks:
    """Return the same without the named clauses that are unknown: behind a value nobody sees them."""
    return lambda: [each for each in lacks() if each.kind != "clause"]


def all_blank(lacks: Lacks) -> Term:
    """Return whether all that is missing was asked for and is empty."""
    return t.negation(t.any_of(each.when for each in lacks() if not each.blank and each.kind != "clause"))


def any_lack(lacks: Lacks) -> Term:
    """Return whether anything is missing."""
    return t.any_of(each.when for each in lacks() if each.kind != "clause")


@attrs.frozen
class Truth:
    """An answer: yes, no or missing for unknown; `open` where the other answer is possible, too."""

    value: Term
    open: Term = NO
    lacks: Lacks = nothing

    @property
    def can_be_yes(self) -> Term:
        """Whether yes is possible; never missing."""
        return t.any_of([t.negation(t.is_false(self.value)), self.open])

    @property
    def can_be_no(self) -> Term:
        """Whether no is possible; never missing."""
        return t.any_of([t.negation(t.is_true(self.value)), self.open])

    @property
    def must_be_yes(self) -> Term:
        """Whether only yes is possible."""
        return t.negation(self.can_be_no)

    @property
    def is_open(self) -> Term:
        """Whether both answers are possible."""
        return t.any_of([t.is_null(self.value), self.open])


Option: TypeAlias = tuple[Term, Term]


@attrs.frozen
class Found:
    """A value, missing where there is none; then `settled` tells whether nothing could bring one.

    `word` is the type of the term. Numbers may have bounds, other values options: each value that is possible,
    and when; an option without a value stands for any. Where `more` holds, the number is the least of a count that
    may be greater; where `gone` does, it could also be that there is no value, and so any other.
    """

    value: Term
    word: str
    settled: Term = YES
    lacks: Lacks = nothing
    bounds: tuple[Term, Term] | None = None
    options: tuple[Option, ...] | None = None
    more: Term = NO
    gone: Term = NO

    @property
    def known(self) -> Term:
        """Whether there is a value, and not only the least of a count."""
        return t.all_of([t.is_there(self.value), t.negation(self.more)])

    @property
    def low(self) -> Term:
        """The least number that is possible."""
        return self.value if self.bounds is None else self.bounds[0]

    @property
    def high(self) -> Term:
        """The greatest number that is possible, of a number that is known."""
        return self.value if self.bounds is None else self.bounds[1]


def is_any(option: Term) -> bool:
    """Say whether an option stands for any value."""
    return t.is_constant(option) and t.value_of(option) is None


def is_open(found: Found) -> Term:
    """Return whether anything else is possible than the value that is there."""
    if found.bounds is not None:
        return t.all_of([found.known, t.is_true(Term("!=", found.bounds))])
    others = [
        when if is_any(option) else t.all_of([when, t.is_true(Term("!=", (option, found.value)))])
        for option, when in found.options or ()
        if option != found.value
    ]
    return t.all_of([found.known, t.any_of(others)])


def could_turn(
    value: Term, options: Iterable[tuple[tuple[Term, ...], Term]], test: Callable[..., Term]
) -> Term:
    """Return whether the other answer to a test is possible, too, for some of the options, each with when it is."""
    yes, no = [t.is_true(value)], [t.is_false(value)]
    for option, when in options:
        if any(map(is_any, option)):
            yes.append(when)
            no.append(when)
        else:
            told = test(*option)
            yes.append(t.all_of([when, t.is_true(told)]))
            no.append(t.all_of([when, t.is_false(told)]))
    return t.all_of([t.is_there(value), t.any_of(yes), t.any_of(no)])


def added(numbers: Iterable[Term], plus: Literal["whole +", "+"] = "whole +") -> Term:
    """Return the sum of numbers, as a shallow tree: databases have a limit."""
    parts = list(numbers)
    middle = len(parts) // 2
    return Term(plus, (added(parts[:middle], plus), added(parts[middle:], plus))) if middle else parts[0]


def how_many_hold(truths: Iterable[Term]) -> Term:
    """Return how many of some truths hold."""
    return added(t.case([(truth, t.whole(1))], t.whole(0)) for truth in truths)


def lacks_of(*sides: Found) -> Lacks:
    """Return what is missing of values that are put together: where one has no value, only of those that are not sure."""
    all_there = t.all_of(t.is_there(side.value) for side in sides)
    return together(together([side.lacks], t.any_of([all_there, t.negation(side.known)])) for side in sides)


def as_double(found: Found) -> Found:
    """Return a number as a double."""
    if found.word != "whole":
        return found
    return attrs.evolve(
        found,
        word="double",
        value=doubled(found.value),
        bounds=None if found.bounds is None else (doubled(found.bounds[0]), doubled(found.bounds[1])),
    )


def doubled(term: Term) -> Term:
    """Return a whole number as a double."""
    if t.is_constant(term):
        value = t.value_of(term)
        assert value is None or isinstance(value, int)
        return t.double(value)
    return Term("to double", (term,))


@attrs.frozen
class Gap:
    """Events of a kind may be unseen: those before `until`, or all where that is missing; `when` there is a gap."""

    kind: str
    until: Term
    when: Term = YES


@attrs.frozen(eq=False)
class Chosen:
    """A selection: which rows of a stream are surely in it, which may be, and where more may be unseen.

    As `outcome.Chosen`: `doubtful` are in it and may not be, `unlikely` are not and may be. All four are truths
    about a row, never missing.
    """

    stream: Stream
    sure: Term
    maybe: Term = NO
    doubtful: Term = NO
    unlikely: Term = NO
    gaps: tuple[Gap, ...] = ()
    absent: Term = NO
    # Of rows that may be in it: terms about a row.
    row_lacks: Lacks = nothing
    # Of the whole selection, whatever its rows.
    lacks: Lacks = nothing
