"""What an operation on constants gives, in Python: worked out while a query is written, so that it stays short."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Operation, Term
from mqldsl.model.calendar import BusinessHours, Duration, end_of_day, later

FIRST, LAST = datetime.min, datetime.max  # noqa: DTZ901 - instants here are in UTC, without saying so
FIRST_DAY, LAST_DAY = date.min, date.max
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - as above
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Return the whole microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def _plus(start: datetime, length: int) -> datetime:
    try:
        return start + timedelta(microseconds=length)
    except OverflowError:
        return LAST if length > 0 else FIRST


def _plus_days(start: date, days: int) -> date:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return LAST_DAY if days > 0 else FIRST_DAY


def _plus_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        return LAST_DAY if months > 0 else FIRST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _start(span: str, day: date) -> date:
    match span:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case _:
            return day.replace(month=1, day=1)


def _offset(zone: str, shown: datetime) -> int:
    ahead = shown.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    assert ahead is not None
    return ahead // _MICROSECOND


def _offset_at(zone: str, instant: datetime) -> int:
    try:
        ahead = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    except OverflowError:  # the local time cannot be written: the offset of a day within
        ahead = (
            (instant + timedelta(days=1 if instant.year == 1 else -1))
            .replace(tzinfo=ZoneInfo(zone))
            .utcoffset()
        )
    assert ahead is not None
    return ahead // _MICROSECOND


def _business_time(start: datetime, within: Duration, hours: BusinessHours | None, zone: str) -> datetime:
    return later(start.replace(tzinfo=UTC), within, hours, ZoneInfo(zone)).replace(tzinfo=None)


def _end_of_day(start: datetime, hours: BusinessHours | None, zone: str) -> datetime:
    return end_of_day(start.replace(tzinfo=UTC), hours, ZoneInfo(zone)).replace(tzinfo=None)


_MEANING: Final[dict[Operation, tuple[str, Callable[..., Any]]]] = {
    "plus": ("instant", _plus),
    "between": ("whole", lambda a, b: (b - a) // _MICROSECOND),
    "days between": ("whole", lambda a, b: (b - a).days),
    "plus days": ("day", _plus_days),
    "plus months": ("day", _plus_months),
    "day": ("day", lambda instant: instant.date()),
    "time of day": ("whole", lambda instant: (instant - datetime.combine(instant, time.min)) // _MICROSECOND),
    "at": ("instant", lambda day, length: datetime.combine(day, time.min) + timedelta(microseconds=length)),
    "start of": ("day", _start),
    "weekday": ("whole", lambda day: day.weekday()),
    "day number": ("whole", lambda day: (day - EPOCH.date()).days),
    "month number": ("whole", lambda day: day.year * 12 + day.month - 1),
    "offset at instant": ("whole", _offset_at),
    "offset at local": ("whole", _offset),
    "business time": ("instant", _business_time),
    "end of day": ("instant", _end_of_day),
    "whole +": ("whole", lambda a, b: a + b),
    "whole -": ("whole", lambda a, b: a - b),
    "whole *": ("whole", lambda a, b: a * b),
    "whole div": ("whole", lambda a, b: a // b),
    "to double": ("double", float),
}


def worked_out(term: Term) -> Term:
    """Return a constant for an operation on constants, else the term."""
    meaning = _MEANING.get(term.op)
    if meaning is None or any(part.op != "constant" for part in term.parts):
        return term
    word, function = meaning
    values = [t.value_of(arg) if isinstance(arg, Term) else arg for arg in term.args]
    if any(isinstance(arg, Term) and value is None for arg, value in zip(term.args, values)):
        return t.constant(word, None)
    found = function(*values)
    # What 64 bits cannot hold is an error where the query runs, as it is for columns.
    return term if word == "whole" and abs(found) >= 1 << 63 else t.constant(word, found)
