"""What a query computes, before any dialect: terms over columns, as small as they can be made.

A term is an operation with its arguments. `lowering` says each operation in the words of a dialect and refuses
by name what a dialect cannot say exactly. Terms are equal where they are written equally, so what is asked twice
is found again.

Every operation with a missing (NULL) argument is missing, except where told. Types: `double` (numbers, always
finite), `whole` (64 bits: counts, microseconds, places), `truth`, `text`, `day`, `instant` (without a zone, in
UTC, to the microsecond), `zoned instant` (a column of the source that has zones), `set` (texts, as received).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Final, Literal, TypeAlias

import attrs

from mqldsl.model.calendar import BusinessHours, Duration
from mqldsl.model.folding import Entry

Atom: TypeAlias = bool | int | float | str | date | datetime | Entry | Duration | BusinessHours | None
Argument: TypeAlias = "Term | Atom"

Operation: TypeAlias = Literal[
    # What is there.
    "column",  # (relation alias or "", name)
    "constant",  # (word of the type, value); value None is a NULL of that type
    # Truth. `and`, `or` and `not` are Kleene's.
    "and",
    "or",
    "not",
    "is null",  # never missing itself
    "is true",  # never missing itself; true only for true
    "is false",  # as above
    "coalesce",  # the first that is not missing
    "case",  # (condition, value, condition, value, …, otherwise); a missing condition does not hold
    # Comparisons of two values of one type. Texts are compared by code points, as they are.
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",  # (value, constant, …)
    # Numbers. Doubles unless told.
    "+",
    "-",
    "*",
    "/",  # the divisor is never 0
    "negative",
    "absolute",
    "least",  # of arguments of which none is missing where this one is looked at
    "greatest",  # as above
    "finite",  # the number, or missing where it is infinite or no number
    "is finite",  # truth of a double that may be infinite
    "floor",  # double to double
    "round even",  # to a whole double, half to even
    "power",  # (double, whole)
    "to double",  # whole to double
    "to whole",  # a whole double to whole
    "whole +",
    "whole -",
    "whole *",
    "whole div",  # rounded down; the divisor is a constant above 0
    "exact sum",  # of doubles: each rounded to whole millionths, added exactly, as a double; missing ones must not occur
    # Time.
    "plus",  # (instant, microseconds as whole): from 0001-01-01 to 9999-12-31 23:59:59.999999, and clamped to these
    "between",  # (a, b): whole microseconds from instant a to instant b
    "days between",  # (a, b): whole days from day a to day b
    "plus days",  # (day, whole), clamped to 0001-01-01 and 9999-12-31
    "plus months",  # (day, whole): clipped to the month's last day, clamped as above
    "day",  # the day of an instant that is taken as local time already (or UTC)
    "time of day",  # whole microseconds since midnight, likewise
    "at",  # (day, whole microseconds since midnight): instant without a zone
    "start of",  # ("week" | "month" | "quarter" | "year", day): its first day; weeks start on Monday
    "weekday",  # of a day: Monday is 0
    "day number",  # whole days since 1970-01-01
    "month number",  # whole: year * 12 + month - 1
    "offset at instant",  # (name of a zone, instant): whole microseconds that its clocks are ahead of UTC then
    "offset at local",  # (name of a zone, local time as an instant): by the language's rule for skipped and repeated times
    # Text. `fold` and `squeeze` are those of `model.folding`; the others take folded text on both sides.
    "fold",
    "squeeze",
    "is odd",  # whether a text is anything but ASCII with single spaces inside and none around
    "is rough",  # whether a text is empty, has spaces or control characters around, or is not ASCII
    "is rough in front",  # whether it is empty, has such in front, or is not ASCII
    "lower",  # what `fold` gives of a text that is not odd, or, but for spaces inside, not rough; else some text
    "is blank",  # whether a text is nothing but what Python's `strip` takes for space
    "behind first at",  # what follows the first @, missing where there is no @
    "behind at",  # what follows the last @, missing where there is no @
    "contains",  # (text, needle)
    "starts with",
    "ends with",
    "mentions",
    "fits",  # (text, Entry with a wildcard)
    "matches",  # (squeezed text, RE2 pattern): caseless, unanchored
    "domain",  # what follows the last @; missing where nothing but spaces does, or there is no @. Takes any text
    "split hash",  # (text, whole n): first 8 hexadecimal digits of its MD5 in UTF-8, modulo n
    # Sets. `folded members` gives a set of folded texts, for the other two.
    "folded members",
    "has",  # (folded members, folded text)
    "some fits",  # (folded members, Entry with a wildcard)
    "sorted members",  # (folded members): one text that orders sets as the reference does
    "list",  # of arguments, the missing ones left out: a set of texts
    "joined",  # (text, …): one behind the other
    "to text",  # of a whole number, as its digits
    # Deadlines in business time: (instant, Duration, BusinessHours, name of a zone), as `calendar.later` tells.
    "business time",
    "end of day",  # (instant, BusinessHours or None, name of a zone), as `calendar.end_of_day` tells
    # Over the rows of a group. The first argument chooses the rows: a truth, true for those that count.
    "count where",  # whole
    "any where",  # truth, false for none
    "min where",  # (truth, value), missing for none
    "max where",
    "sum where",  # (truth, double): exact sum; missing for none
    "small sum where",  # the same where no number is beyond `SMALL`, nor can the sum be
    "whole sum where",  # (truth, whole): missing for none
    "count distinct where",  # (truth, value): whole; missing values are not counted
    "days where",  # (truth, day, first day, last day): whole, how many different days; all lie between the two constants
    # Over the rows before or behind, strictly, within the same group: (truth, value, instant, group column, …).
    "max before",  # the largest value of the rows whose instant is before this row's
    "min after",  # the smallest value of the rows whose instant is behind this row's
    "place",  # (order, group column, …): 1 for the smallest of its group
    "next",  # (instant, group column, …): the instant of the next row in order of time, missing for the last
    "rank",  # (group column, …, instant): 1 for the latest instant of the group, then 2 …, equal ones in any order
]


@attrs.frozen(cache_hash=True)
class Term:
    """An operation and what it is applied to."""

    op: Operation
    args: tuple[Argument, ...] = ()

    @cached_property
    def parts(self) -> tuple["Term", ...]:
        """The arguments that are terms themselves."""
        return tuple([arg for arg in self.args if isinstance(arg, Term)])

    @cached_property
    def columns(self) -> frozenset[tuple[str, str]]:
        """The columns that it looks at: alias and name."""
        if self.op == "column":
            return frozenset([(str(self.args[0]), str(self.args[1]))])
        found: frozenset[tuple[str, str]] = frozenset()
        for part in self.parts:
            if not part.columns <= found:  # mostly the same object is kept
                found = part.columns if found <= part.columns else found | part.columns
        return found


# ------------------------------------------------------------------ leaves


def column(name: str, of: str = "") -> Term:
    """Return a column, of the relation with the alias `of` or of the only one."""
    return Term("column", (of, name))


def constant(word: str, value: Atom) -> Term:
    """Return a constant; `word` is the name of its type, so that 1, 1.0 and yes are three."""
    return Term("constant", (word, value))


# Numbers up to here are whole millionths that fit 64 bits with room.
SMALL: Final = 9_000_000_000_000

YES: Final = constant("truth", True)
NO: Final = constant("truth", False)
UNKNOWN: Final = constant("truth", None)


def truth(value: bool | None) -> Term:
    """Return yes, no or unknown."""
    return UNKNOWN if value is None else YES if value else NO


def double(value: float | None) -> Term:
    """Return a number, infinite ones too."""
    return constant("double", None if value is None else float(value) + 0.0)


def whole(value: int | None) -> Term:
    """Return a whole number."""
    return constant("whole", value)


def text(value: str | None) -> Term:
    """Return a text."""
    return constant("text", value)


def day(value: date | None) -> Term:
    """Return a day."""
    return constant("day", value)


def instant(value: datetime | None) -> Term:
    """Return an instant, handed in with its zone and kept in UTC without one."""
    return constant("instant", None if value is None else value.replace(tzinfo=None))


def is_constant(term: Term) -> bool:
    """Say whether a term is a constant."""
    return term.op == "constant"


def value_of(term: Term) -> Atom:
    """Return the value of a constant."""
    assert term.op == "constant"
    value = term.args[1]
    assert not isinstance(value, Term)
    return value


# ------------------------------------------------------------------ truth


def all_of(terms: Iterable[Term]) -> Term:
    """Return the `and` of terms, as short as it can be."""
    return _joined("and", terms, YES, NO)


def any_of(terms: Iterable[Term]) -> Term:
    """Return the `or` of terms, as short as it can be."""
    return _joined("or", terms, NO, YES)


def _joined(op: Literal["and", "or"], terms: Iterable[Term], neutral: Term, decisive: Term) -> Term:
    parts: dict[Term, None] = {}
    for term in terms:
        if term == decisive:
            return decisive
        if term == neutral:
            continue
        if term.op == op:
            parts.update(dict.fromkeys(term.parts))
        else:
            parts[term] = None
    if not parts:
        return neutral
    return next(iter(parts)) if len(parts) == 1 else Term(op, tuple(parts))


_OPPOSITE: Final[dict[Operation, Operation]] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip


def negation(term: Term) -> Term:
    """Return the `not` of a term."""
    if term.op == "constant":
        value = value_of(term)
        return truth(None if value is None else not value)
    if term.op == "not":
        (inner,) = term.parts
        return inner
    opposite = _OPPOSITE.get(term.op)
    return Term("not", (term,)) if opposite is None else Term(opposite, term.args)


# Missing where, and only where, an argument is.
STRICT: Final = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "in", "not", "negative", "absolute", "floor", "round even", "power"}
    | {"to double", "to whole", "to text", "whole +", "whole -", "whole *", "whole div", "plus", "between"}
    | {"days between", "plus days", "plus months", "day", "time of day", "at", "start of", "weekday"}
    | {"day number", "month number", "offset at instant", "offset at local", "fold", "squeeze", "contains"}
    | {"starts with", "ends with", "mentions", "fits", "matches", "folded members", "has", "some fits"}
    | {"joined"}
)


def is_null(term: Term) -> Term:
    """Return whether a term is missing."""
    if term.op == "constant":
        return truth(value_of(term) is None)
    if term.op in STRICT:
        return any_of(is_null(part) for part in term.parts)
    return NO if never_missing(term) else Term("is null", (term,))


def is_there(term: Term) -> Term:
    """Return whether a term is not missing."""
    return negation(is_null(term))


def is_true(term: Term) -> Term:
    """Return whether a term is true: never missing."""
    if term.op == "constant":
        return truth(value_of(term) is True)
    return term if never_missing(term) else Term("is true", (term,))


def is_false(term: Term) -> Term:
    """Return whether a term is false: never missing."""
    if term.op == "constant":
        return truth(value_of(term) is False)
    return negation(term) if never_missing(term) else Term("is false", (term,))


_NEVER_MISSING: Final = frozenset({"is null", "is true", "is false", "any where", "count where", "is finite"})


def never_missing(term: Term) -> bool:
    """Say whether a term surely has a value, as far as its shape tells."""
    if term.op in _NEVER_MISSING:
        return True
    if term.op == "constant":
        return term.args[1] is not None
    if term.op in ("and", "or", "not"):
        return all(never_missing(part) for part in term.parts)
    if term.op == "coalesce":
        return any(never_missing(part) for part in term.parts)
    if term.op == "case":
        arms = term.parts
        return all(never_missing(arm) for arm in (*arms[1::2], arms[-1]))
    return False


def case(arms: Iterable[tuple[Term, Term]], otherwise: Term) -> Term:
    """Return the value of the first condition that holds."""
    kept: list[Term] = []
    last = otherwise
    for condition, value in arms:
        if condition.op == "constant":
            if value_of(condition) is not True:
                continue
            last = value
            break
        kept += [condition, value]
    while kept and kept[-1] == last and len(kept) == 2:
        kept.clear()
    return Term("case", (*kept, last)) if kept else last


def coalesce(*terms: Term) -> Term:
    """Return the first term that is not missing."""
    kept: list[Term] = []
    for term in terms:
        if term.op == "constant" and value_of(term) is None:
            continue
        kept.append(term)
        if never_missing(term):
            break
    if not kept:
        return terms[-1]
    if len(kept) == 2 and kept[1] in (YES, NO):
        return is_true(kept[0]) if kept[1] == NO else negation(is_false(kept[0]))
    return kept[0] if len(kept) == 1 else Term("coalesce", tuple(kept))


def best(op: Literal["least", "greatest"], terms: Iterable[Term]) -> Term:
    """Return the least or greatest of terms, of which none is missing where it is looked at."""
    parts = tuple(dict.fromkeys(terms))
    return parts[0] if len(parts) == 1 else Term(op, parts)


def where(condition: Term, value: Term, kind: str) -> Term:
    """Return the value where a condition holds, else a NULL of its kind."""
    return case([(condition, value)], constant(kind, None))


# ------------------------------------------------------------------ walking


def ops_in(term: Term) -> set[str]:
    """Return the operations in a term."""
    stack = [term]
    seen: dict[int, str] = {}
    while stack:
        one = stack.pop()
        if id(one) not in seen:
            seen[id(one)] = one.op
            stack.extend(one.parts)
    return set(seen.values())


def renamed(term: Term, rename: Callable[[Term], Term | None]) -> Term:
    """Return a term with some of its parts exchanged: those for which `rename` returns another."""
    found: dict[int, Term] = {}

    def other(part: Term) -> Term:
        known = found.get(id(part))
        if known is None:
            known = rename(part)
            if known is None:
                known = part
                if part.op not in ("column", "constant"):
                    args = tuple(other(arg) if isinstance(arg, Term) else arg for arg in part.args)
                    if any(a is not b for a, b in zip(args, part.args)):
                        known = Term(part.op, args)
            found[id(part)] = known
        return known

    return other(term)
