"""The offsets of a time zone as terms, from Python's own zones: a database's tables may be of another year.

An offset is a step function: of the instant, or of what the clocks show. What has happened is a table, searched
by halves; what follows is a rule for ever, found by trying it on 400 years, after which the calendar repeats.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering.known import FIRST, micros
from mqldsl.evaluate.sql.terms import Term

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_DAY_MICROS = 86_400_000_000
# No zone changed before, and none twice within a step: the shortest rule held for four days.
_FROM = datetime(1840, 1, 1)  # noqa: DTZ001 - UTC without saying so
_STEP = timedelta(days=3)
# Tables go up to here at least, so that the rule is seldom asked.
_RULE_FROM: Final = 2050
# In so many years each day of the year falls on each weekday, and in so many the calendar repeats.
_ALL_WEEKDAYS: Final = 28
_CYCLE: Final = 400


@attrs.frozen
class Change:
    """At an instant the offset becomes another; both in microseconds."""

    at: datetime
    before: int
    after: int


@attrs.frozen
class Yearly:
    """A change each year: the first such weekday from so many days after the first of a month, at a time in UTC."""

    month: int
    days: int
    weekday: int
    micros: int
    after: int


@attrs.frozen
class Offsets:
    """The offset before all changes, the changes of the table, and those that come each year from `until` on."""

    first: int
    table: tuple[Change, ...]
    until: datetime
    yearly: tuple[Yearly, ...]


@lru_cache(maxsize=64)
def offsets(name: str) -> Offsets:
    """Return all offsets of a zone."""
    zone = ZoneInfo(name)
    for year in range(_RULE_FROM, 9_000, 25):
        until = datetime(year, 1, 1)  # noqa: DTZ001
        yearly = _rule(_changes(until, datetime(year + _ALL_WEEKDAYS, 1, 1), zone), year)  # noqa: DTZ001
        if yearly is not None and all(
            _holds(one, each, zone) for one in yearly for each in range(year, year + _CYCLE)
        ):
            return Offsets(
                _ahead(FIRST + _DAY, zone), tuple(_changes(_FROM, until, zone)), until, tuple(yearly)
            )
    raise AssertionError(f"{name} follows no yearly rule")


def _holds(one: Yearly, year: int, zone: ZoneInfo) -> bool:
    at = _in_year(one, year)
    return _ahead(at - _SECOND, zone) != _ahead(at, zone) == one.after


def offset_at_instant(name: str, instant: Term) -> Term:
    """Return the offset at an instant."""
    return _offset(offsets(name), instant, local=False)


def offset_at_local(name: str, shown: Term) -> Term:
    """Return the offset at a time that clocks show: the earlier instant of two, the offset before a gap.

    So after a change the new offset counts from where the clocks that are ahead show that instant.
    """
    return _offset(offsets(name), shown, local=True)


def _ahead(instant: datetime, zone: ZoneInfo) -> int:
    ahead = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead // _MICROSECOND


def _changes(start: datetime, end: datetime, zone: ZoneInfo) -> list[Change]:
    """Return the changes from `start` to `end`."""
    found = []
    low, before = start, _ahead(start, zone)
    while low < end:
        high = min(low + _STEP, end)
        after = _ahead(high, zone)
        if after != before:
            found.append(Change(_changed(low, high, zone), before, after))
        low, before = high, after
    return found


def _changed(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second at which the offset is no more what it is at `low`."""
    before = _ahead(low, zone)
    least, most = 0, int((high - low).total_seconds())
    while most - least > 1:
        middle = (least + most) // 2
        if _ahead(low + timedelta(seconds=middle), zone) == before:
            least = middle
        else:
            most = middle
    return low + timedelta(seconds=most)


def _rule(changes: Sequence[Change], start: int) -> list[Yearly] | None:
    """Return the rule that the changes of whole years from `start` on follow; None where they follow none."""
    if not changes:
        return []
    if len(changes) != 2 * _ALL_WEEKDAYS:
        return None
    rule = []
    for each in (changes[::2], changes[1::2]):
        month = max(change.at.month for change in each)
        days = [(change.at - change.at.replace(month=month, day=1)) // _DAY for change in each]
        one = Yearly(month, min(days), each[0].at.weekday(), micros(each[0].at) % _DAY_MICROS, each[0].after)
        due = [(_in_year(one, year), one.after) for year in range(start, start + _ALL_WEEKDAYS)]
        if due != [(change.at, change.after) for change in each]:
            return None
        rule.append(one)
    return rule


def _in_year(one: Yearly, year: int) -> datetime:
    start = datetime(year, one.month, 1) + timedelta(days=one.days)  # noqa: DTZ001
    day = start + timedelta(days=(one.weekday - start.weekday()) % 7)
    return day + timedelta(microseconds=one.micros)


def _offset(of: Offsets, time: Term, *, local: bool) -> Term:
    steps = [
        (change.at + timedelta(microseconds=max(change.before, change.after) if local else 0), change.after)
        for change in of.table
    ]
    assert all(one[0] < two[0] for one, two in pairwise(steps)), "changes overlap on the clocks"
    arms = [(t.is_null(time), t.whole(None))]
    if not of.yearly:
        return t.case(arms, _by_halves(time, of.first, steps))
    one, two = of.yearly
    shift = max(one.after, two.after) if local else 0
    arms += [
        (Term("<", (time, t.instant(of.until))), _by_halves(time, of.first, steps)),
        (Term("<", (time, _in_year_of(time, one, shift))), t.whole(two.after)),
        (Term("<", (time, _in_year_of(time, two, shift))), t.whole(one.after)),
    ]
    return t.case(arms, t.whole(two.after))


def _by_halves(time: Term, before: int, steps: Sequence[tuple[datetime, int]]) -> Term:
    if not steps:
        return t.whole(before)
    middle = len(steps) // 2
    at, after = steps[middle]
    return t.case(
        [(Term("<", (time, t.instant(at))), _by_halves(time, before, steps[:middle]))],
        _by_halves(time, after, steps[middle + 1 :]),
    )


def _in_year_of(time: Term, one: Yearly, shift: int) -> Term:
    """Return when the yearly change comes in the year of a time, so much later."""
    year = Term("start of", ("year", Term("day", (time,))))
    start = Term("plus days", (Term("plus months", (year, t.whole(one.month - 1))), t.whole(one.days)))
    ahead = Term("whole -", (t.whole(one.weekday + 7), Term("weekday", (start,))))
    weeks = Term("whole *", (Term("whole div", (ahead, t.whole(7))), t.whole(7)))
    day = Term("plus days", (start, Term("whole -", (ahead, weeks))))
    # Times of day may be negative here, or more than a day: so no `at`.
    return Term("plus", (Term("at", (day, t.whole(0))), t.whole(one.micros + shift)))
