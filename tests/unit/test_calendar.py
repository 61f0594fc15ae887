"""Rules 1, 5 and 11: days, instants, steps on the calendar, business time."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.model.calendar import (
    MAX,
    MIN,
    CalendarSpan,
    Duration,
    Unit,
    at_local,
    back,
    day_of,
    days_back,
    days_forward,
    forward,
    in_utc,
    local,
    midnight,
    parse_local,
    span_days,
    whole_days,
)

GMT = ZoneInfo("UTC")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
TOKYO = ZoneInfo("Asia/Tokyo")
APIA = ZoneInfo("Pacific/Apia")
KOLKATA = ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")

ZONES = st.sampled_from([GMT, LONDON, NEW_YORK, TOKYO, APIA, KOLKATA, LORD_HOWE, SAO_PAULO])
INSTANTS = st.datetimes(timezones=st.just(UTC), allow_imaginary=False) | st.sampled_from([MIN, MAX])
COUNTS = st.integers(0, 40) | st.integers(0, 10**15)
CALENDAR_UNITS = [Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]
DURATIONS = st.builds(Duration, COUNTS, st.sampled_from(CALENDAR_UNITS))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


MODERN = st.datetimes(naive(1990, 1, 1), naive(2060, 1, 1), timezones=st.just(UTC))


def months(count: int) -> Duration:
    return Duration(count, Unit.MONTH)


# Local time and instants


@pytest.mark.parametrize(
    ("shown", "zone", "instant"),
    [
        (naive(2026, 3, 1, 9), LONDON, utc(2026, 3, 1, 9)),
        (naive(2026, 7, 1, 9), LONDON, utc(2026, 7, 1, 8)),
        (naive(2026, 3, 29, 0, 59), LONDON, utc(2026, 3, 29, 0, 59)),
        (
            naive(2026, 3, 29, 1, 30),
            LONDON,
            utc(2026, 3, 29, 1, 30),
        ),  # skipped: the offset before, so 02:30 BST
        (naive(2026, 3, 29, 2, 0), LONDON, utc(2026, 3, 29, 1, 0)),
        (naive(2026, 10, 25, 1, 30), LONDON, utc(2026, 10, 25, 0, 30)),  # twice: the earlier
        (naive(2026, 10, 25, 1, 30).replace(fold=1), LONDON, utc(2026, 10, 25, 0, 30)),
        (naive(2026, 10, 25, 2, 0), LONDON, utc(2026, 10, 25, 2, 0)),
        (naive(2026, 3, 8, 2, 30), NEW_YORK, utc(2026, 3, 8, 7, 30)),
        (naive(2026, 11, 1, 1, 30), NEW_YORK, utc(2026, 11, 1, 5, 30)),
        (naive(2026, 10, 4, 2, 15), LORD_HOWE, utc(2026, 10, 3, 15, 45)),  # clocks change by half an hour
        (naive(2011, 12, 30, 12), APIA, utc(2011, 12, 30, 22)),  # a whole day skipped
        (naive(2026, 1, 1), KOLKATA, utc(2025, 12, 31, 18, 30)),
    ],
)
def test_at_local(shown: datetime, zone: ZoneInfo, instant: datetime) -> None:
    assert at_local(shown, zone) == instant
    assert at_local(shown, zone).tzinfo is UTC


@given(INSTANTS, ZONES)
def test_local_and_back_is_the_same_or_the_earlier_of_two(instant: datetime, zone: ZoneInfo) -> None:
    shown = local(instant, zone)
    assert shown.tzinfo is None
    assert shown.fold == 0
    again = at_local(shown, zone)
    assert local(again, zone) == shown
    at_an_end = min(instant - MIN, MAX - instant) < timedelta(days=1)  # where local times are cut off
    assert at_an_end or timedelta(0) <= instant - again <= timedelta(days=1)


@given(st.datetimes() | st.sampled_from([datetime.min, datetime.max]), ZONES)  # noqa: DTZ901
def test_any_local_time_is_an_instant(shown: datetime, zone: ZoneInfo) -> None:
    instant = at_local(shown, zone)
    assert MIN <= instant <= MAX
    day_of(instant, zone)


def test_the_ends_of_time() -> None:
    assert local(MIN, NEW_YORK) == MIN.replace(tzinfo=None)
    assert local(MAX, TOKYO) == MAX.replace(tzinfo=None)
    assert at_local(MIN.replace(tzinfo=None), TOKYO) == MIN
    assert at_local(MAX.replace(tzinfo=None), NEW_YORK) == MAX
    assert midnight(date.min, TOKYO) == MIN
    assert midnight(date.max, NEW_YORK) == utc(9999, 12, 31, 5)
    assert in_utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=2)))) == MIN
    assert in_utc(datetime.max.replace(tzinfo=timezone(timedelta(hours=-2)))) == MAX


def test_days_begin_and_end_in_the_zone() -> None:
    assert day_of(utc(2026, 6, 30, 23, 30), LONDON) == date(2026, 7, 1)
    assert day_of(utc(2026, 1, 1, 4, 59), NEW_YORK) == date(2025, 12, 31)
    assert midnight(date(2026, 7, 1), LONDON) == utc(2026, 6, 30, 23)
    assert midnight(date(2018, 11, 4), SAO_PAULO) == utc(2018, 11, 4, 3)  # midnight was skipped
    assert local(midnight(date(2018, 11, 4), SAO_PAULO), SAO_PAULO) == naive(2018, 11, 4, 1)


# Steps


@pytest.mark.parametrize(
    ("duration", "length"),
    [
        (Duration(15, Unit.MINUTE), timedelta(minutes=15)),
        (Duration(2, Unit.HOUR), timedelta(hours=2)),
        (Duration(30, Unit.DAY), timedelta(seconds=30 * 86_400)),
        (Duration(6, Unit.WEEK), timedelta(days=42)),
        (Duration(0, Unit.DAY), timedelta(0)),
        (Duration(10**12, Unit.WEEK), timedelta.max),
        (Duration(10**400, Unit.MINUTE), timedelta.max),
    ],
)
def test_exact_durations(duration: Duration, length: timedelta) -> None:
    assert duration.is_exact
    assert duration.exact == length


@pytest.mark.parametrize("unit", [Unit.MONTH, Unit.YEAR, Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY])
def test_durations_that_have_no_fixed_length(unit: Unit) -> None:
    assert not Duration(1, unit).is_exact


def test_a_day_is_86_400_seconds_whatever_the_clocks_do() -> None:
    assert back(utc(2026, 3, 30, 8), Duration(1, Unit.DAY), LONDON) == utc(2026, 3, 29, 8)
    assert local(back(utc(2026, 3, 29, 8), Duration(1, Unit.DAY), LONDON), LONDON) == naive(2026, 3, 28, 8)
    assert forward(utc(2026, 10, 24, 12), Duration(1, Unit.WEEK), LONDON) == utc(2026, 10, 31, 12)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (naive(2026, 1, 31, 9), 1, naive(2026, 2, 28, 9)),
        (naive(2024, 1, 31, 9), 1, naive(2024, 2, 29, 9)),
        (naive(2026, 1, 31, 9), 2, naive(2026, 3, 31, 9)),  # both at once, not from 28 February on
        (naive(2026, 8, 31), 1, naive(2026, 9, 30)),
        (naive(2025, 12, 15, 23, 59, 59, 999_999), 1, naive(2026, 1, 15, 23, 59, 59, 999_999)),
        (naive(2026, 2, 15, 9), 1, naive(2026, 3, 15, 9)),
        (naive(2026, 3, 15, 9), 1, naive(2026, 4, 15, 9)),  # into summer time: the clock shows the same
        (naive(2026, 2, 28, 1, 30), 1, naive(2026, 3, 28, 1, 30)),
        (naive(2026, 1, 29, 1, 30), 2, naive(2026, 3, 29, 2, 30)),  # skipped there
        (naive(2024, 2, 29), 12, naive(2025, 2, 28)),
        (naive(2024, 2, 29), 48, naive(2028, 2, 29)),
    ],
)
def test_months_forward(start: datetime, count: int, end: datetime) -> None:
    assert local(forward(at_local(start, LONDON), months(count), LONDON), LONDON) == end


@pytest.mark.parametrize(
    ("end", "count", "start"),
    [
        (naive(2026, 3, 31, 9), 1, naive(2026, 2, 28, 9)),
        (naive(2026, 3, 10, 9), 6, naive(2025, 9, 10, 9)),
        (naive(2026, 1, 15), 1, naive(2025, 12, 15)),
        (naive(2024, 2, 29), 12, naive(2023, 2, 28)),
        (naive(2026, 11, 25, 1, 30), 1, naive(2026, 10, 25, 1, 30)),  # shown twice there
    ],
)
def test_months_back(end: datetime, count: int, start: datetime) -> None:
    assert local(back(at_local(end, LONDON), months(count), LONDON), LONDON) == start


def test_a_step_onto_a_time_shown_twice_takes_the_earlier() -> None:
    assert back(utc(2026, 11, 25, 1, 30), months(1), LONDON) == utc(2026, 10, 25, 0, 30)
    assert forward(utc(2026, 9, 25, 0, 30), months(1), LONDON) == utc(2026, 10, 25, 0, 30)
    assert forward(utc(2025, 10, 25, 0, 30), Duration(1, Unit.YEAR), LONDON) == utc(2026, 10, 25, 0, 30)


def test_no_months_are_no_step() -> None:
    second = utc(2026, 10, 25, 1, 30)
    assert back(second, months(0), LONDON) == forward(second, months(0), LONDON) == second


def test_the_zone_says_where_a_month_ends() -> None:
    start = utc(2026, 1, 31, 23, 30)
    assert forward(start, months(1), GMT) == utc(2026, 2, 28, 23, 30)
    assert forward(start, months(1), TOKYO) == utc(2026, 2, 28, 23, 30)  # there 1 February, then 1 March
    assert forward(start, months(2), TOKYO) == utc(2026, 3, 31, 23, 30)


@given(INSTANTS, DURATIONS, ZONES)
def test_steps_never_leave_the_range(instant: datetime, duration: Duration, zone: ZoneInfo) -> None:
    before, after = back(instant, duration, zone), forward(instant, duration, zone)
    assert MIN <= before <= MAX
    assert MIN <= after <= MAX
    assert before.tzinfo is after.tzinfo is UTC
    if duration.is_exact:
        assert before <= instant <= after


def test_silly_steps_end_at_the_ends() -> None:
    for unit in CALENDAR_UNITS:
        assert back(utc(2026, 1, 1), Duration(10**30, unit), LONDON) == MIN
        assert forward(utc(2026, 1, 1), Duration(10**30, unit), LONDON) == MAX
    for unit in CALENDAR_UNITS[2:]:
        assert days_back(date(2026, 1, 1), Duration(10**30, unit)) == date.min
        assert days_forward(date(2026, 1, 1), Duration(10**30, unit)) == date.max


@given(MODERN, st.integers(1, 600), ZONES)
def test_a_month_step_keeps_the_time_of_day(instant: datetime, count: int, zone: ZoneInfo) -> None:
    shown, stepped = local(instant, zone), local(forward(instant, months(count), zone), zone)
    months_apart = (stepped.year - shown.year) * 12 + stepped.month - shown.month
    # Only where the clocks skip that time does it move, in Samoa by a day.
    moved = timedelta(hours=25) if zone is APIA else timedelta(hours=1)
    if months_apart == count and stepped.day <= shown.day and stepped.time() == shown.time():
        return
    expected_day = days_forward(shown.date(), months(count))
    assert timedelta(0) < stepped - datetime.combine(expected_day, shown.time()) <= moved


@pytest.mark.parametrize(
    ("day", "duration", "before", "after"),
    [
        (date(2026, 3, 1), Duration(30, Unit.DAY), date(2026, 1, 30), date(2026, 3, 31)),
        (date(2024, 2, 29), Duration(1, Unit.YEAR), date(2023, 2, 28), date(2025, 2, 28)),
        (date(2026, 3, 31), Duration(1, Unit.MONTH), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2026, 3, 1), Duration(2, Unit.WEEK), date(2026, 2, 15), date(2026, 3, 15)),
        (date(9999, 12, 31), Duration(1, Unit.DAY), date(9999, 12, 30), date.max),
        (date(1, 1, 1), Duration(1, Unit.MONTH), date.min, date(1, 2, 1)),
    ],
)
def test_steps_of_days(day: date, duration: Duration, before: date, after: date) -> None:
    assert days_back(day, duration) == before
    assert days_forward(day, duration) == after


@pytest.mark.parametrize("unit", [Unit.MINUTE, Unit.HOUR, Unit.BUSINESS_DAY])
def test_days_do_not_step_by_the_hour(unit: Unit) -> None:
    with pytest.raises(AssertionError):
        days_back(date(2026, 1, 1), Duration(1, unit))


# Spans


@pytest.mark.parametrize(
    ("span", "day", "first", "after"),
    [
        (CalendarSpan.TODAY, date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1)),
        (CalendarSpan.WEEK, date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 9)),  # a Monday
        (CalendarSpan.WEEK, date(2026, 3, 1), date(2026, 2, 23), date(2026, 3, 2)),  # a Sunday
        (CalendarSpan.WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 5)),
        (CalendarSpan.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
        (CalendarSpan.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (CalendarSpan.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 1)),
        (CalendarSpan.QUARTER, date(2026, 5, 31), date(2026, 4, 1), date(2026, 7, 1)),
        (CalendarSpan.QUARTER, date(2026, 12, 1), date(2026, 10, 1), date(2027, 1, 1)),
        (CalendarSpan.YEAR, date(2024, 2, 29), date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_spans(span: CalendarSpan, day: date, first: date, after: date) -> None:
    assert span_days(span, day) == (first, after)


@given(st.sampled_from(CalendarSpan), st.dates())
def test_a_day_is_in_its_spans(span: CalendarSpan, day: date) -> None:
    first, after = span_days(span, day)
    assert first <= day < after or day.year == 9999
    if after < date.max:
        assert span_days(span, after)[0] == after


def test_whole_days_round_down() -> None:
    start = utc(2026, 3, 1, 12)
    assert whole_days(start, utc(2026, 3, 2, 11, 59, 59)) == 0
    assert whole_days(start, utc(2026, 3, 2, 12)) == 1
    assert whole_days(start, start) == 0
    assert whole_days(start, utc(2026, 3, 1, 11)) == -1
    assert whole_days(start, utc(2026, 2, 28, 12)) == -1
    assert whole_days(MIN, MAX) == 3_652_058


# Written days and times


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("  2026-03-01\n", date(2026, 3, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
        ("2026-03-01 09:00", naive(2026, 3, 1, 9)),
        ("2026-03-01T09:00", naive(2026, 3, 1, 9)),
        ("2026-03-01  09:00", naive(2026, 3, 1, 9)),
        ("2026-03-01 09:00:30", naive(2026, 3, 1, 9, 0, 30)),
        ("2026-03-01 09:00:30.5", naive(2026, 3, 1, 9, 0, 30, 500_000)),
        ("2026-03-01 09:00:30.1234569", naive(2026, 3, 1, 9, 0, 30, 123_456)),
        ("2026-03-01 23:59:59.999999999", naive(2026, 3, 1, 23, 59, 59, 999_999)),
        ("2026-03-01T09:00Z", utc(2026, 3, 1, 9)),
        ("2026-03-01T09:00:00.25Z", utc(2026, 3, 1, 9, 0, 0, 250_000)),
        ("2026-03-01 09:00+02:00", utc(2026, 3, 1, 7)),
        ("2026-03-01 09:00+0200", utc(2026, 3, 1, 7)),
        ("2026-03-01 09:00:00+02", utc(2026, 3, 1, 7)),
        ("2026-03-01 09:00-05:30", utc(2026, 3, 1, 14, 30)),
        ("2026-03-01 09:00-00:00", utc(2026, 3, 1, 9)),
        ("0001-01-01 00:00+02:00", MIN),
        ("9999-12-31 23:59-02:00", MAX),
    ],
)
def test_parse_local(text: str, meaning: date | datetime) -> None:
    found = parse_local(text)
    assert found == meaning
    assert type(found) is type(meaning)
    if isinstance(found, datetime) and isinstance(meaning, datetime):
        assert found.tzinfo is meaning.tzinfo


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2026-3-1",
        "2026-13-01",
        "2026-02-29",
        "0000-01-01",
        "20260301",
        "2026-03",
        "01/03/2026",
        "2026-W09-7",
        "2026-060",
        "2026-03-01 9:00",
        "2026-03-01 09",
        "2026-03-01 24:00",
        "2026-03-01 23:59:60",
        "2026-03-01 09:60",
        "2026-03-01 09:00:00.",
        "2026-03-01 09:00.5",
        "2026-03-01 09:00:00,5",
        "2026-03-01t09:00z",
        "2026-03-01 09:00 UTC",
        "2026-03-01 09:00 +02:00",
        "2026-03-01 09:00+2",
        "2026-03-01 09:00+24:00",
        "2026-03-01 09:00+02:60",
        "2026-03-01Z",
        "2026-03-01+02:00",
        "\uff12\uff10\uff12\uff16-03-01",
        "-2026-03-01",
        "+12026-03-01",
        "2026-03-01 09:00 x",
    ],
)
def test_what_is_no_day_or_time(text: str) -> None:
    assert parse_local(text) is None


@given(st.text(st.characters(codec=None)) | st.text("0123456789:.+- ").map("2026-03-01T".__add__))
def test_any_text_is_a_day_or_time_or_none(text: str) -> None:
    parse_local(text)


@given(st.datetimes(timezones=st.none() | ZONES))
def test_what_python_writes_is_read(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        return  # a local mean time with seconds in its offset
    expected = moment if offset is None else in_utc(moment)
    assert parse_local(moment.isoformat()) == expected
    assert parse_local(moment.isoformat(" ")) == expected
