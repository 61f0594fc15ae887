"""Days and instants in any dialect: clamped steps, made of the few words each dialect has for them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import attrs
from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.known import FIRST, FIRST_DAY, LAST, LAST_DAY, micros, worked_out
from mqldsl.evaluate.sql.lowering.nodes import Fresh, Node, absent, both, case, cast, minus, number, plus
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.lowering.zones import offset_at_instant, offset_at_local
from mqldsl.evaluate.sql.terms import Operation, Term
from mqldsl.model.calendar import BusinessHours

_FIRST_MONTH, _LAST_MONTH = 12, 9999 * 12 + 11
# From the first instant to the last, in microseconds, days, months; a longer step goes no further.
_ALL_MICROS = micros(LAST) - micros(FIRST)
_ALL_DAYS = (LAST_DAY - FIRST_DAY).days
_ALL_MONTHS = _LAST_MONTH - _FIRST_MONTH
_MICROSECOND = timedelta(microseconds=1)
_NEVER_LONG: Final = frozenset({"offset at instant", "offset at local", "time of day"})


@attrs.frozen
class Words:
    """What a dialect calls the steps that all others are made of; all take trees."""

    # Microseconds since 1970 of an instant, and back.
    micros: Callable[[Node], Node]
    instant: Callable[[Node], Node]
    # An instant so many microseconds on, where it stays within the years.
    moved: Callable[[Node, int], Node]
    # The first instant of a day, the day of an instant.
    midnight: Callable[[Node], Node]
    day: Callable[[Node], Node]
    # Days from the first day to the second.
    days: Callable[[Node, Node], Node]
    # A day so many days on, or months on, within the years; numbers are whole and short.
    days_on: Callable[[Node, Node], Node]
    months_on: Callable[[Node, Node], Node]
    start: Callable[[str, Node], Node]
    weekday: Callable[[Node], Node]
    month_number: Callable[[Node], Node]


def time_table(words: Words) -> Table:
    """Return the operations on time, said with these words."""
    sayings: dict[Operation, Callable[[Words, Saying, Term], Node]] = {
        "plus": _plus,
        "between": _between,
        "days between": lambda words, say, term: words.days(say(term.args[0]), say(term.args[1])),
        "plus days": _plus_days,
        "plus months": _plus_months,
        "day": lambda words, say, term: words.day(say(term.args[0])),
        "time of day": _time_of_day,
        "at": _at,
        "start of": lambda words, say, term: words.start(str(term.args[0]), say(term.args[1])),
        "weekday": lambda words, say, term: words.weekday(say(term.args[0])),
        "day number": lambda words, say, term: words.days(
            say.constant("day", date(1970, 1, 1)), say(term.args[0])
        ),
        "month number": lambda words, say, term: words.month_number(say(term.args[0])),
    }
    return {
        **{operation: known_or(partial(saying, words)) for operation, saying in sayings.items()},
        "offset at instant": known_or(_offset(offset_at_instant)),
        "offset at local": known_or(_offset(offset_at_local)),
    }


def _between(words: Words, say: Saying, term: Term) -> Node:
    first, second = (_micros_of(words, say, part) for part in term.parts)
    return second if first == number(0) else minus(second, first)


def _micros_of(words: Words, say: Saying, instant: Term) -> Node:
    value = t.value_of(instant) if instant.op == "constant" else None
    return number(micros(value)) if isinstance(value, datetime) else words.micros(say(instant))


def known_or(saying: Say) -> Say:
    """Return what is said of an operation, after its result where all that it works on are constants."""

    def said(say: Saying, term: Term) -> Node:
        known = worked_out(term)
        return say(known) if known.op == "constant" else saying(say, term)

    return said


def _offset(offset: Callable[[str, Term], Term]) -> Say:
    def said(say: Saying, term: Term) -> Node:
        zone, time = term.args
        return say.once(time, lambda say, time: say(offset(str(zone), time)))

    return said


def told(hours: BusinessHours | None) -> str:
    """Return business hours as text: the days, from when, to when; nothing for none."""
    if hours is None:
        return ""
    days = "".join(map(str, sorted(hours.days)))
    return f"{days} {hours.opens.isoformat()} {hours.closes.isoformat()}"


def _constant(term: Term) -> int | None:
    """Return the whole number that the second argument is, if it is a constant."""
    number = term.args[1]
    assert isinstance(number, Term)
    if number.op != "constant":
        return None
    value = t.value_of(number)
    assert isinstance(value, int)
    return value


def _plus(words: Words, say: Saying, term: Term) -> Node:
    start, length = term.parts
    fixed = _constant(term)
    if fixed is None:
        return _plus_varying(words, say, start, length)
    if not fixed:
        return say(start)

    def body(say: Saying, start: Term) -> Node:
        edge, beyond = (LAST, ">") if fixed > 0 else (FIRST, "<")
        clamped = say.constant("instant", edge)
        if abs(fixed) > _ALL_MICROS:
            return case([(exp.Not(this=absent(say(start))), clamped)])
        threshold = t.instant(edge - timedelta(microseconds=fixed))
        moved = words.moved(say(start), fixed)
        return case([(say(Term(">" if beyond == ">" else "<", (start, threshold))), clamped)], moved)

    return say.once(start, body)


def _plus_varying(words: Words, say: Saying, start: Term, length: Term) -> Node:
    if _is_short(length):
        moved = plus(words.micros(say(start)), say(length))
    else:
        clamped = say.once(
            length, lambda say, length: _clamped(say, lambda: say(length), -_ALL_MICROS, _ALL_MICROS)
        )
        moved = plus(words.micros(say(start)), clamped)
    return words.instant(say.named(moved, lambda say, it: _clamped(say, it, micros(FIRST), micros(LAST))))


def _is_short(length: Term) -> bool:
    if length.op == "whole -":
        return all(part.op == "constant" or part.op in _NEVER_LONG for part in length.parts)
    return length.op in _NEVER_LONG


def _clamped(say: Saying, it: Fresh, low: int, high: int) -> Node:
    """Return a whole number moved between two others; missing stays missing."""
    least, most = say.constant("whole", low), say.constant("whole", high)
    return case([(both(exp.LT, it(), least), least.copy()), (both(exp.GT, it(), most), most.copy())], it())


def _plus_days(words: Words, say: Saying, term: Term) -> Node:
    start, days = term.parts
    fixed = _constant(term)
    if fixed is None:

        def varying(say: Saying, days: Term) -> Node:
            short = _clamped(say, lambda: say(days), -_ALL_DAYS, _ALL_DAYS)
            first = say.constant("day", FIRST_DAY)
            return say.named(
                plus(words.days(first, say(start)), short),
                lambda say, it: words.days_on(
                    say.constant("day", FIRST_DAY), _clamped(say, it, 0, _ALL_DAYS)
                ),
            )

        return say.once(days, varying)
    if not fixed:
        return say(start)

    def body(say: Saying, start: Term) -> Node:
        edge = LAST_DAY if fixed > 0 else FIRST_DAY
        clamped = say.constant("day", edge)
        if abs(fixed) > _ALL_DAYS:
            return case([(exp.Not(this=absent(say(start))), clamped)])
        threshold = t.day(edge - timedelta(days=fixed))
        moved = words.days_on(say(start), number(fixed))
        return case([(say(Term(">" if fixed > 0 else "<", (start, threshold))), clamped)], moved)

    return say.once(start, body)


def _plus_months(words: Words, say: Saying, term: Term) -> Node:
    start, months = term.parts
    fixed = _constant(term)
    if fixed is None:
        return say.once(start, lambda say, start: _months_varying(words, say, start, months))
    if not fixed:
        return say(start)

    def body(say: Saying, start: Term) -> Node:
        clamped = say.constant("day", LAST_DAY if fixed > 0 else FIRST_DAY)
        # The first month from which, or up to which, no such month can be written.
        edge = _LAST_MONTH - fixed + 1 if fixed > 0 else _FIRST_MONTH - fixed
        if not _FIRST_MONTH <= edge <= _LAST_MONTH:
            return case([(exp.Not(this=absent(say(start))), clamped)])
        threshold = t.day(date(edge // 12, edge % 12 + 1, 1))
        moved = words.months_on(say(start), number(fixed))
        return case([(say(Term(">=" if fixed > 0 else "<", (start, threshold))), clamped)], moved)

    return say.once(start, body)


def _months_varying(words: Words, say: Saying, start: Term, months: Term) -> Node:
    def stepped(say: Saying, months: Fresh) -> Node:
        month = plus(words.month_number(say(start)), months())
        arms = [
            (both(exp.GT, month, number(_LAST_MONTH)), say.constant("day", LAST_DAY)),
            (both(exp.LT, month.copy(), number(_FIRST_MONTH)), say.constant("day", FIRST_DAY)),
        ]
        return case(arms, words.months_on(say(start), months()))

    short = say.once(
        months, lambda say, months: _clamped(say, lambda: say(months), -_ALL_MONTHS - 1, _ALL_MONTHS + 1)
    )
    return say.named(short, stepped)


def _time_of_day(words: Words, say: Saying, term: Term) -> Node:
    (instant,) = term.parts

    def body(say: Saying, instant: Term) -> Node:
        return minus(words.micros(say(instant)), words.micros(words.midnight(words.day(say(instant)))))

    return say.once(instant, body)


def _at(words: Words, say: Saying, term: Term) -> Node:
    day = say(term.args[0])
    fixed = _constant(term)
    if fixed is None:
        return words.instant(plus(words.micros(words.midnight(day)), say(term.args[1])))
    return words.moved(words.midnight(day), fixed) if fixed else words.midnight(day)


_UNITS: Final = (
    ("DAY", 86_400_000_000),
    ("HOUR", 3_600_000_000),
    ("MINUTE", 60_000_000),
    ("SECOND", 1_000_000),
)


def by_interval(start: Node, length: int) -> Node:
    """Return an instant moved by an interval, in the largest unit that says it in a whole number."""
    size = abs(length)
    unit, count = next(
        ((unit, size // one) for unit, one in _UNITS if size % one == 0), ("MICROSECOND", size)
    )
    interval = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.var(unit))
    return (
        exp.Add(this=start, expression=interval) if length > 0 else exp.Sub(this=start, expression=interval)
    )


def day_by_cast(instant: Node) -> Node:
    """Return the day of an instant, where a cast cuts off the time."""
    return cast(instant, "DATE")
