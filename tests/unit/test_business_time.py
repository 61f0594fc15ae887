"""Rule 11: deadlines in business time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqldsl.model.calendar import (
    MAX,
    MIN,
    BusinessHours,
    Duration,
    Unit,
    at_local,
    business_deadline,
    day_of,
    local,
)
from tests.unit.test_calendar import APIA, COUNTS, GMT, INSTANTS, LONDON, MODERN, TOKYO, ZONES, naive, utc

OFFICE = BusinessHours(frozenset(range(5)), time(9), time(17, 30))
ALWAYS = BusinessHours(frozenset(range(7)), time(0), time(23))
NIGHTS = BusinessHours(frozenset(range(7)), time(0), time(6))


def due(
    start: datetime, count: int, unit: Unit, hours: BusinessHours = OFFICE, zone: ZoneInfo = LONDON
) -> datetime:
    return local(business_deadline(at_local(start, zone), Duration(count, unit), hours, zone), zone)


# 2 March 2026 is a Monday.
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (naive(2026, 3, 2, 10), 2, naive(2026, 3, 2, 12)),
        (naive(2026, 3, 2, 16), 2, naive(2026, 3, 3, 9, 30)),
        (naive(2026, 3, 2, 15, 30), 2, naive(2026, 3, 2, 17, 30)),  # on the close: that close
        (naive(2026, 3, 2, 17, 30), 2, naive(2026, 3, 3, 11)),
        (naive(2026, 3, 2, 6), 2, naive(2026, 3, 2, 11)),
        (naive(2026, 3, 2, 22), 2, naive(2026, 3, 3, 11)),
        (naive(2026, 3, 7, 12), 2, naive(2026, 3, 9, 11)),  # a Saturday
        (naive(2026, 3, 6, 17), 1, naive(2026, 3, 9, 9, 30)),  # over the weekend
        (naive(2026, 3, 2, 9), 17, naive(2026, 3, 3, 17, 30)),
        (naive(2026, 3, 2, 9), 85, naive(2026, 3, 13, 17, 30)),
        (naive(2026, 3, 4, 10, 15, 30), 85, naive(2026, 3, 18, 10, 15, 30)),
        (naive(2026, 3, 27, 16, 30), 2, naive(2026, 3, 30, 10)),  # the clocks change on the Sunday
        (naive(2026, 3, 2, 10), 0, naive(2026, 3, 2, 10)),
        (naive(2026, 3, 2, 17, 30), 0, naive(2026, 3, 2, 17, 30)),
        (naive(2026, 3, 7, 12), 0, naive(2026, 3, 9, 9)),
    ],
)
def test_business_hours(start: datetime, count: int, end: datetime) -> None:
    assert due(start, count, Unit.BUSINESS_HOUR) == end


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (naive(2026, 3, 2, 10), 1, naive(2026, 3, 3, 10)),
        (naive(2026, 3, 6, 10), 1, naive(2026, 3, 9, 10)),
        (naive(2026, 3, 2, 10), 5, naive(2026, 3, 9, 10)),
        (naive(2026, 3, 4, 10), 23, naive(2026, 4, 6, 10)),
        (naive(2026, 3, 2, 6), 1, naive(2026, 3, 3, 9)),
        (naive(2026, 3, 2, 22), 1, naive(2026, 3, 4, 9)),
        (naive(2026, 3, 7, 12), 1, naive(2026, 3, 10, 9)),  # Saturday: the clock starts on Monday at nine
        (naive(2026, 3, 2, 17, 30), 1, naive(2026, 3, 3, 17, 30)),
        (naive(2026, 3, 27, 10), 1, naive(2026, 3, 30, 10)),
        (naive(2026, 3, 2, 10), 0, naive(2026, 3, 2, 10)),
    ],
)
def test_business_days(start: datetime, count: int, end: datetime) -> None:
    assert due(start, count, Unit.BUSINESS_DAY) == end


def test_hours_are_those_that_pass_when_the_clocks_change() -> None:
    hour = Unit.BUSINESS_HOUR
    # Forward: 01:00 to 02:00 is skipped, so the night has five hours.
    assert due(naive(2026, 3, 29, 0, 30), 2, hour, NIGHTS) == naive(2026, 3, 29, 3, 30)
    assert due(naive(2026, 3, 29, 0), 6, hour, NIGHTS) == naive(2026, 3, 30, 1)
    # Back: 01:00 to 02:00 comes twice, so the night has seven.
    assert due(naive(2026, 10, 25, 0, 30), 2, hour, NIGHTS) == naive(2026, 10, 25, 1, 30)
    assert due(naive(2026, 10, 25, 0), 7, hour, NIGHTS) == naive(2026, 10, 25, 6)
    assert business_deadline(utc(2026, 10, 25, 1, 30), Duration(1, hour), NIGHTS, LONDON) == utc(
        2026, 10, 25, 2, 30
    )


def test_business_time_is_in_the_zone() -> None:
    start = utc(2026, 3, 2, 23)  # Tuesday, 08:00 in Tokyo
    assert business_deadline(start, Duration(1, Unit.BUSINESS_HOUR), OFFICE, TOKYO) == utc(2026, 3, 3, 1)
    assert business_deadline(start, Duration(1, Unit.BUSINESS_DAY), OFFICE, TOKYO) == utc(2026, 3, 4, 0)


def test_a_skipped_day_has_no_hours_of_its_own() -> None:
    # In Samoa Thursday, 29 December 2011 was followed by Saturday; its Friday hours are those of Saturday.
    week = BusinessHours(frozenset(range(7)), time(9), time(17))
    assert due(naive(2011, 12, 29, 9), 16, Unit.BUSINESS_HOUR, week, APIA) == naive(2011, 12, 31, 17)
    assert due(naive(2011, 12, 29, 9), 17, Unit.BUSINESS_HOUR, week, APIA) == naive(2012, 1, 1, 10)


def test_a_close_that_is_skipped_with_its_opening() -> None:
    short = BusinessHours(frozenset(range(7)), time(1, 30), time(2, 15))  # on 29 March: 02:30, then 02:15
    assert due(naive(2026, 3, 28, 2), 1, Unit.BUSINESS_HOUR, short) == naive(2026, 3, 30, 2, 15)
    assert due(naive(2026, 3, 28, 2), 1, Unit.BUSINESS_DAY, short) == naive(2026, 3, 29, 2, 30)


def slow_deadline(start: datetime, count: int, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    """Say it again, in the plainest way: day by day, from instant to instant."""
    left, now, day = timedelta(hours=count), start, day_of(start, zone)
    while True:
        opening, close = (at_local(datetime.combine(day, t), zone) for t in (hours.opens, hours.closes))
        if day.weekday() in hours.days and now <= close:
            now = max(now, opening)
            if left <= close - now:
                return now + left
            left, now = left - (close - now), close
        day += timedelta(days=1)


WORKING_DAYS = st.frozensets(st.integers(0, 6), min_size=1)
HOURS = st.builds(
    BusinessHours, WORKING_DAYS, st.integers(0, 12).map(time), st.integers(13, 23).map(lambda h: time(h, 30))
)


@settings(max_examples=300)
@given(MODERN, st.integers(0, 60) | st.integers(0, 5000), HOURS | st.just(NIGHTS) | st.just(ALWAYS), ZONES)
def test_whole_weeks_in_one_piece_change_nothing(
    start: datetime, count: int, hours: BusinessHours, zone: ZoneInfo
) -> None:
    deadline = business_deadline(start, Duration(count, Unit.BUSINESS_HOUR), hours, zone)
    assert deadline == slow_deadline(start, count, hours, zone)


@given(INSTANTS, COUNTS, st.sampled_from([Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY]), HOURS, ZONES)
@settings(deadline=None, max_examples=50)
def test_deadlines_lie_in_the_hours(
    start: datetime, count: int, unit: Unit, hours: BusinessHours, zone: ZoneInfo
) -> None:
    deadline = business_deadline(start, Duration(count, unit), hours, zone)
    assert start <= deadline <= MAX
    if deadline < MAX and zone is GMT:
        assert deadline.weekday() in hours.days
        assert hours.opens <= deadline.time() <= hours.closes


@given(MODERN, st.integers(0, 500), HOURS)
def test_business_days_are_that_many_working_days(start: datetime, count: int, hours: BusinessHours) -> None:
    first = business_deadline(start, Duration(0, Unit.BUSINESS_DAY), hours, GMT)
    last = business_deadline(start, Duration(count, Unit.BUSINESS_DAY), hours, GMT)
    between = (first.date() + timedelta(days=n) for n in range(1, (last.date() - first.date()).days + 1))
    assert sum(day.weekday() in hours.days for day in between) == count
    assert last.time() == first.time()


def test_silly_deadlines_end_at_the_end() -> None:
    for unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
        for count in (10**8, 10**12, 10**400):
            assert business_deadline(utc(2026, 3, 2, 10), Duration(count, unit), OFFICE, LONDON) == MAX
        assert business_deadline(MAX, Duration(1, unit), OFFICE, LONDON) == MAX
        assert business_deadline(MIN, Duration(0, unit), OFFICE, GMT) == utc(1, 1, 1, 9)
