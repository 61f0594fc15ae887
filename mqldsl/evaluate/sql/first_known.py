"""`first known of` as terms: the first that has a value, and what else could be it where a lack before it may end."""

import math
from collections.abc import Callable, Sequence

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Found, Option, as_double, together
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.model.types import Labels, Type, YesNo


def first_known(found: list[Found], kinds: Sequence[Type]) -> Found:
    """Return the first that is known, of parts of some types."""
    passed = _passed(found)
    is_plain = all(each == NO for each in passed)
    if not is_plain or any(each.word == "double" for each in found):
        found = [as_double(each) for each in found]
    word = found[0].word
    value = _first(found, lambda each: each.value, t.constant(word, None))
    settled = t.any_of(
        [t.is_there(value), t.all_of(t.all_of([each.settled, t.negation(each.more)]) for each in found)]
    )
    if is_plain and all(each.bounds is None and each.options is None for each in found):
        return Found(value, word, settled, together(each.lacks for each in found))
    lacks = together(
        together([each.lacks], t.any_of([t.is_null(value), chosen, open_]))
        for each, chosen, open_ in zip(found, _chosen(found), (*passed, NO), strict=True)
    )
    gone = _first(found, lambda each: each.gone, NO)
    if word in ("double", "whole"):
        return Found(value, word, settled, lacks, _bounds(found, passed), gone=gone)
    options = _options(value, found, passed, kinds)
    return Found(value, word, settled, lacks, options=options, gone=gone)


def _first(found: Sequence[Found], of: Callable[[Found], Term], otherwise: Term) -> Term:
    return t.case([(each.known, of(each)) for each in found], otherwise)


def _chosen(found: Sequence[Found]) -> list[Term]:
    """Return for each part whether it is the first that is known."""
    before = [t.negation(each.known) for each in found]
    return [t.all_of([*before[:place], each.known]) for place, each in enumerate(found)]


def _passed(found: Sequence[Found]) -> list[Term]:
    """Return for each part but the last whether it was passed over for a later one, and may yet get a value."""
    passed = []
    for place, each in enumerate(found[:-1]):
        lacks = t.all_of(t.negation(other.known) for other in found[: place + 1])
        open_ = t.any_of([each.more, t.negation(each.settled)])
        later = t.any_of(other.known for other in found[place + 1 :])
        passed.append(t.all_of([lacks, open_, later]))
    return passed


def _bounds(found: Sequence[Found], passed: Sequence[Term]) -> tuple[Term, Term]:
    """Return the bounds of the one that is chosen, as wide as what was passed over; a count starts at its least."""
    low = _first(found, lambda each: each.low, t.constant(found[0].word, None))
    high = _first(found, lambda each: each.high, t.constant(found[0].word, None))
    endless: list[Term] = []
    for each, open_ in zip(found, passed, strict=False):
        counted = t.all_of([open_, each.more])
        if counted != NO:
            low = t.best("least", (low, t.case([(counted, each.value)], low)))
        endless.append(t.all_of([open_, t.negation(each.more)]))
    low = t.case([(t.any_of(endless), t.double(-math.inf))], low)
    return low, t.case([(t.any_of(passed), t.double(math.inf))], high)


def _options(
    value: Term, found: Sequence[Found], passed: Sequence[Term], kinds: Sequence[Type]
) -> tuple[Option, ...]:
    """Return what the chosen one could be, and what those could be that were passed over."""
    options: list[Option] = [(value, YES)]
    for each, chosen in zip(found, _chosen(found), strict=True):
        options += [(option, t.all_of([chosen, when])) for option, when in each.options or ()]
    for each, open_, kind in zip(found, passed, kinds, strict=False):
        if open_ != NO:
            options += [(option, open_) for option in _every(kind, each.word)]
    return tuple(options)


def _every(kind: Type, word: str) -> list[Term]:
    """Return all values of a type, or one that stands for any."""
    match kind:
        case Labels(names):
            return [t.text(name) for name in names]
        case YesNo():
            return [YES, NO]
        case _:
            return [t.constant(word, None)]
