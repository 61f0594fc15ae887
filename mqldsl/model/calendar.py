"""Days and instants in a time zone: steps, spans and business time, by rules 1, 5 and 11 of the language.

An *instant* is an aware `datetime` in UTC. Nothing here reads the clock, and nothing raises for want of
years: what would lie before `MIN` or after `MAX` is `MIN` or `MAX`, and days likewise.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum
from typing import assert_never
from zoneinfo import ZoneInfo

import attrs

from mqldsl.model.folding import squeeze

MIN = datetime.min.replace(tzinfo=UTC)
MAX = datetime.max.replace(tzinfo=UTC)

_DAY = timedelta(days=1)


class Unit(Enum):
    """What a duration counts; the business units are for deadlines only."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    BUSINESS_HOUR = "business hour"
    BUSINESS_DAY = "business day"


_SECONDS = {Unit.MINUTE: 60, Unit.HOUR: 3_600, Unit.DAY: 86_400, Unit.WEEK: 604_800}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@attrs.frozen
class Duration:
    """A whole number of one unit, never negative."""

    count: int
    unit: Unit

    _length: timedelta | None = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        seconds = _SECONDS.get(self.unit)
        length: timedelta | None = None
        if seconds is not None:
            try:
                length = timedelta(seconds=self.count * seconds)
            except OverflowError:
                length = timedelta.max
        object.__setattr__(self, "_length", length)

    @property
    def is_exact(self) -> bool:
        """Whether this is a fixed length of time: minutes, hours, days of 86,400 seconds, weeks."""
        return self._length is not None

    @property
    def exact(self) -> timedelta:
        """The length of an exact duration; one that Python cannot hold is its longest."""
        assert self._length is not None
        return self._length


@attrs.frozen
class BusinessHours:
    """When people work: on which days (Monday is 0), and from when to when; `opens` is before `closes`."""

    days: frozenset[int]
    opens: time
    closes: time


class CalendarSpan(Enum):
    """A span of the calendar around a day: `today`, `this week` and so on."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def at_local(naive: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which clocks in `zone` show `naive`.

    A time shown twice is the earlier instant; a skipped one takes the offset before the gap.
    """
    # With fold=0 Python means just that.
    return in_utc(naive.replace(tzinfo=zone, fold=0))


def in_utc(aware: datetime) -> datetime:
    """Return the instant of an aware time."""
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return MIN if aware.year <= 1 else MAX


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive time that clocks in `zone` show at `instant`."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except OverflowError:
        return (MIN if instant.year <= 1 else MAX).replace(tzinfo=None)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day of `instant` in `zone`."""
    return local(instant, zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant of 00:00 on `day` in `zone`, found as `at_local` finds it."""
    return at_local(datetime.combine(day, time.min), zone)


def back(instant: datetime, duration: Duration, zone: ZoneInfo) -> datetime:
    """Return the instant that lies `duration` before `instant`.

    Months and years step on the calendar in `zone`, all at once: the day is clipped to the month's last,
    the time of day stays.
    """
    if duration.is_exact:
        try:
            return instant - duration.exact
        except OverflowError:
            return MIN
    return _months_on(instant, -_months(duration), zone)


def forward(instant: datetime, duration: Duration, zone: ZoneInfo) -> datetime:
    """Return the instant that lies `duration` after `instant`; months and years as in `back`."""
    if duration.is_exact:
        try:
            return instant + duration.exact
        except OverflowError:
            return MAX
    return _months_on(instant, _months(duration), zone)


def later(start: datetime, duration: Duration, hours: BusinessHours | None, zone: ZoneInfo) -> datetime:
    """Return the instant that lies `duration` after `start`: in business time where its unit asks for that."""
    if duration.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
        assert hours is not None
        return business_deadline(start, duration, hours, zone)
    return forward(start, duration, zone)


def days_back(day: date, duration: Duration) -> date:
    """Return the day that lies `duration`, in days to years, before `day`."""
    if duration.unit in _DAYS:
        return _days_on(day, -duration.count * _DAYS[duration.unit])
    return _month_step(day, -_months(duration))


def days_forward(day: date, duration: Duration) -> date:
    """Return the day that lies `duration`, in days to years, after `day`."""
    if duration.unit in _DAYS:
        return _days_on(day, duration.count * _DAYS[duration.unit])
    return _month_step(day, _months(duration))


def span_days(span: CalendarSpan, day: date) -> tuple[date, date]:
    """Return the first day of the span around `day`, and the first day after it; weeks start on Monday."""
    match span:
        case CalendarSpan.TODAY:
            return day, _days_on(day, 1)
        case CalendarSpan.WEEK:
            monday = _days_on(day, -day.weekday())
            return monday, _days_on(monday, 7)
        case CalendarSpan.MONTH:
            first, months = day.replace(day=1), 1
        case CalendarSpan.QUARTER:
            first, months = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3
        case CalendarSpan.YEAR:
            first, months = day.replace(month=1, day=1), 12
        case _:
            assert_never(span)
    return first, _month_step(first, months)


def whole_days(earlier: datetime, later: datetime) -> int:
    """Return how many whole 24 h periods lie between two instants, rounded down: -1 for an hour ahead."""
    return (later - earlier) // _DAY


_WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?)?"
)


def parse_local(text: str) -> date | datetime | None:
    """Return the day, naive time or instant that `text` writes in the manner of ISO 8601, or None.

    A time with an offset (`Z`, `+02:00`, `+0200`, `+02`) is an instant, one without is naive. What is finer
    than a microsecond is cut off. `24:00` and the leap second `:60` are not read.

    >>> parse_local("2026-03-01 09:00")
    datetime.datetime(2026, 3, 1, 9, 0)
    """
    found = _WRITTEN.fullmatch(squeeze(text))
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        if clock is None:
            return date.fromisoformat(day)
        # From Python 3.13 on `fromisoformat` reads 24:00.
        if clock.startswith("24"):
            return None
        clock, _, fraction = clock.partition(".")
        naive = datetime.fromisoformat(f"{day} {clock}")
        if fraction:
            naive = naive.replace(microsecond=int(fraction[:6].ljust(6, "0")))
        if offset is None:
            return naive
        ahead = timedelta(0) if offset == "Z" else _ahead(offset)
        return in_utc(naive.replace(tzinfo=timezone(ahead)))
    except ValueError:  # no such day, hour or offset
        return None


def _ahead(offset: str) -> timedelta:
    hours, minutes = int(offset[1:3]), int(offset[-2:]) if len(offset) > 3 else 0
    return timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)


def business_deadline(start: datetime, duration: Duration, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    """Return the instant by which `duration`, in business hours or days, has passed since `start`.

    Only time inside the hours counts, by the clocks of `zone`; outside them the clock starts at the next
    opening. A deadline that falls on a close is that close. N business days end at the same time of day,
    N working days on.
    """
    if duration.unit is Unit.BUSINESS_DAY:
        return _after_business_days(start, duration.count, hours, zone)
    assert duration.unit is Unit.BUSINESS_HOUR
    return _after_business_hours(start, duration.count, hours, zone)


def end_of_day(start: datetime, hours: BusinessHours | None, zone: ZoneInfo) -> datetime:
    """Return the close of the working day that `start` lies in, or of the next one; without hours, midnight."""
    if hours is None:
        return midnight(_days_on(day_of(start, zone), 1), zone)
    opened = _moved_into_hours(start, hours, zone)
    return opened if opened == MAX else _hours_of(day_of(opened, zone), hours, zone)[1]


def _after_business_days(start: datetime, count: int, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    started = _moved_into_hours(start, hours, zone)
    weeks, rest = divmod(count, len(hours.days))
    day = _days_on(day_of(started, zone), weeks * 7)
    while rest and day < date.max:
        day = _days_on(day, 1)
        rest -= day.weekday() in hours.days
    if day == date.max:
        return MAX
    opening, close = _hours_of(day, hours, zone)
    return min(max(at_local(datetime.combine(day, local(started, zone).time()), zone), opening), close)


def _after_business_hours(start: datetime, count: int, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    now = _moved_into_hours(start, hours, zone)
    left = Duration(count, Unit.HOUR).exact
    if left > MAX - now:
        return MAX
    first = day = day_of(now, zone)
    while day < date.max:
        if day.weekday() == 0 and day > first:
            day, left = _whole_weeks_on(day, left, hours, zone)
        if day.weekday() in hours.days:
            opening, close = _hours_of(day, hours, zone)
            now = max(now, opening)
            if left <= close - now:
                return now + left
            # On to the close, because where a whole day is skipped two days have the same hours.
            left -= max(close - now, timedelta(0))
            now = max(now, close)
        day = _days_on(day, 1)
    return MAX


# The next Monday after this one cannot be written.
_LAST_MONDAY = date(9999, 12, 27)


def _whole_weeks_on(
    monday: date, left: timedelta, hours: BusinessHours, zone: ZoneInfo
) -> tuple[date, timedelta]:
    """Return the Monday to go on from and the time left then, after weeks that count in one piece.

    Only weeks in which no clock is changed, so that each day's hours are as long as they look, and only
    while more than such a week is left: the week of the deadline is gone through day by day.
    """
    a_week = len(hours.days) * (
        datetime.combine(monday, hours.closes) - datetime.combine(monday, hours.opens)
    )
    offset = _offset(monday, zone)
    while left > a_week and monday < _LAST_MONDAY:
        following = monday + 7 * _DAY
        if _offset(following, zone) != offset:
            break
        monday, left = following, left - a_week
    return monday, left


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, time.min, zone).utcoffset()


def _moved_into_hours(instant: datetime, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    """Return `instant`, or the next opening where it lies outside the hours; a close lies inside."""
    day = day_of(instant, zone)
    while day < date.max:
        if day.weekday() in hours.days:
            opening, close = _hours_of(day, hours, zone)
            if instant <= close:
                return max(instant, opening)
        day = _days_on(day, 1)
    return MAX


def _hours_of(day: date, hours: BusinessHours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the opening and the close of a working day, the close never before the opening."""
    opening = at_local(datetime.combine(day, hours.opens), zone)
    # When the clocks are put forward past the opening, a close soon after it would come first.
    return opening, max(opening, at_local(datetime.combine(day, hours.closes), zone))


def _months(duration: Duration) -> int:
    assert duration.unit in _MONTHS, f"a {duration.unit.value} has no place here"
    return duration.count * _MONTHS[duration.unit]


def _months_on(instant: datetime, months: int, zone: ZoneInfo) -> datetime:
    if not months:
        return instant  # its local time may be shown twice, and this be the later one
    shown = local(instant, zone)
    day = _stepped(shown.date(), months)
    if day is None:
        return MAX if months > 0 else MIN
    return at_local(datetime.combine(day, shown.time()), zone)


def _month_step(day: date, months: int) -> date:
    return _stepped(day, months) or (date.max if months > 0 else date.min)


def _stepped(day: date, months: int) -> date | None:
    """Return `day` some months on or back, clipped to the month's last day; None where there is no such year."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days_on(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
