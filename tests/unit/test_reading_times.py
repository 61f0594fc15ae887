"""Rules 3 and 4: days, times and sets as they are received, and objects of any kind."""

import math
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.model.calendar import MAX, MIN
from mqldsl.model.folding import WHITE_SPACE, fold
from mqldsl.model.reading import Reading, Unreadable, read, read_moment
from mqldsl.model.types import BLANK, Blank, Date, Labels, Number, SetOf, Text, Time, Type, Value, YesNo
from tests.unit.test_reading import (
    LONDON,
    NEW_YORK,
    NOTHING,
    SIZES,
    TYPES,
    Array,
    NAType,
    Scalar,
    datetime64,
    is_unreadable,
    naive,
    utc,
)

# Days and times

SUMMER = timezone(timedelta(hours=1))


class Stamp(datetime):
    """Stands for a time of pandas, which is a datetime with more to it."""


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (naive(2026, 3, 1, 23, 59), date(2026, 3, 1)),
        (utc(2026, 3, 1, 9), date(2026, 3, 1)),
        (utc(2026, 6, 30, 23, 30), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 0, 30, tzinfo=SUMMER), date(2026, 7, 1)),
        (Stamp(2026, 3, 1, 9), date(2026, 3, 1)),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01 23:59", date(2026, 3, 1)),
        ("2026-06-30T23:30Z", date(2026, 7, 1)),
        ("2026-07-01 00:30+01:00", date(2026, 7, 1)),
        (datetime64("2026-03-01"), date(2026, 3, 1)),
        (datetime64("2026-03-01T23:59"), date(2026, 3, 1)),
        (Scalar(date(2026, 3, 1)), date(2026, 3, 1)),
        (date.max, date.max),
    ],
    ids=repr,
)
def test_days(raw: object, day: date) -> None:
    got = read(raw, Date(), LONDON)
    assert got == day
    assert type(got) is date


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        (date(2026, 7, 1), utc(2026, 6, 30, 23)),
        (naive(2026, 7, 1, 9), utc(2026, 7, 1, 8)),
        (naive(2026, 10, 25, 1, 30).replace(fold=1), utc(2026, 10, 25, 0, 30)),
        (utc(2026, 7, 1, 9, 0, 0, 123_456), utc(2026, 7, 1, 9, 0, 0, 123_456)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON.zone, fold=1), utc(2026, 10, 25, 1, 30)),
        (datetime(2026, 7, 1, 9, tzinfo=SUMMER), utc(2026, 7, 1, 8)),
        (Stamp(2026, 7, 1, 9, tzinfo=UTC), utc(2026, 7, 1, 9)),
        ("2026-07-01", utc(2026, 6, 30, 23)),
        (" 2026-07-01 09:00 ", utc(2026, 7, 1, 8)),
        ("2026-07-01T09:00:00.1234567Z", utc(2026, 7, 1, 9, 0, 0, 123_456)),
        (datetime64("2026-07-01T09:00:00.123456789"), utc(2026, 7, 1, 8, 0, 0, 123_456)),
        (datetime.min.replace(tzinfo=SUMMER), MIN),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))), MAX),
    ],
    ids=repr,
)
def test_times(raw: object, instant: datetime) -> None:
    got = read(raw, Time(), LONDON)
    assert got == instant
    assert type(got) is datetime
    assert got.tzinfo is UTC
    assert read_moment(raw, LONDON.zone) == instant


def test_the_zone_decides() -> None:
    assert read("2026-03-01", Time(), NEW_YORK) == utc(2026, 3, 1, 5)
    assert read("2026-03-01T04:59Z", Date(), NEW_YORK) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "raw", ["soon", "2026-02-30", "1.3.2026", 20260301, 1.7e9, True, ["2026-03-01"]], ids=repr
)
def test_what_is_no_day_and_no_time(raw: object) -> None:
    assert read(raw, Date(), LONDON) == Unreadable("a day, such as 2026-03-01")
    assert read(raw, Time(), LONDON) == Unreadable("a time, such as 2026-03-01 09:00")
    assert read_moment(raw, LONDON.zone) is None


def test_nothing_is_no_moment() -> None:
    for raw in NOTHING:
        assert read_moment(raw, LONDON.zone) is None


# Sets


@pytest.mark.parametrize(
    ("raw", "members"),
    [
        ([], ()),
        (set(), ()),
        ((), ()),
        (["b", "a"], ("b", "a")),
        (("b", "B ", "a", " b"), ("b", "a")),
        ({"b", "a", "c"}, ("a", "b", "c")),  # Python keeps no order in a set
        (frozenset({"b", "A"}), ("A", "b")),
        ({"B", "b"}, ("B",)),
        (["a", None, "", math.nan, " ", NAType()], ("a",)),
        ([None, ""], ()),
        ([17, 17.0, "17", True], ("17", "yes")),
        ("one text", ("one text",)),
        ("a, b", ("a, b",)),
        (17, ("17",)),
        (Array(["a", "b"]), ("a", "b")),
        (Array([]), ()),
        ([Scalar("a")], ("a",)),
    ],
)
def test_sets_of_text(raw: object, members: tuple[str, ...]) -> None:
    assert read(raw, SetOf(Text()), LONDON) == members


def test_sets_of_labels_take_the_spelling_of_the_declaration() -> None:
    assert read(["SMALL", "mid  size", "small"], SetOf(SIZES), LONDON) == ("small", "Mid Size")
    assert read("SMALL", SetOf(SIZES), LONDON) == ("small",)


def test_bad_members_are_told_and_the_others_stay() -> None:
    wanted = "a list, each one of small, Mid Size, 17, yes, Stra\u00dfe"
    assert read(["small", "large", "17"], SetOf(SIZES), LONDON) == Unreadable(wanted, ("small", "17"))
    assert read(["large"], SetOf(SIZES), LONDON) == Unreadable(wanted, ())
    assert read([["a"], "b", b"c"], SetOf(Text()), LONDON) == Unreadable("a list of texts", ("b",))


def test_what_is_no_set_is_blank() -> None:
    for raw in ({"a": 1}, b"a", date(2026, 1, 1), (text for text in "ab")):
        assert read(raw, SetOf(Text()), LONDON) == Unreadable("a list of texts", BLANK)


def test_a_single_value_that_is_no_member_is_blank() -> None:
    got = read("large", SetOf(SIZES), LONDON)
    assert isinstance(got, Unreadable)
    assert got.instead is BLANK


# Any object


class Hostile:
    """Raises at whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 1

    def __bool__(self) -> bool:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError

    def __repr__(self) -> str:
        return "Hostile()"  # for the reports of tests


class HostileText(str):
    __slots__ = ()

    def strip(self, *_: object) -> str:
        raise RuntimeError

    isascii = lower = encode = __str__ = __eq__ = __hash__ = strip  # type: ignore[assignment]


class HostileNumber(int):
    def __float__(self) -> float:
        raise RuntimeError

    __int__ = __eq__ = __hash__ = __gt__ = __float__  # type: ignore[assignment]


class HostileList(list[str]):
    def __iter__(self) -> Any:
        raise RuntimeError


class HostileZone(tzinfo):
    def utcoffset(self, when: datetime | None) -> timedelta:
        raise ValueError(when)

    dst = utcoffset

    def tzname(self, when: datetime | None) -> str:
        raise ValueError(when)


def endless() -> list[object]:
    loop: list[object] = ["small"]
    loop.append(loop)
    return loop


HOSTILE: list[Any] = [
    Hostile(),
    HostileText("small"),
    HostileNumber(17),
    HostileList(["a"]),
    naive(2026, 1, 1).replace(tzinfo=HostileZone()),
    endless(),
    [Hostile(), HostileText("small")],
    Scalar(Hostile()),
]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_hostile_objects_are_unreadable_at_worst(kind: Type) -> None:
    for raw in HOSTILE:
        read(raw, kind, LONDON)
        read_moment(raw, LONDON.zone)


def test_text_of_a_class_of_its_own_is_text() -> None:
    assert read(HostileText("small"), SIZES, LONDON) == "small"
    assert read([Hostile(), HostileText("small")], SetOf(Text()), LONDON) == Unreadable(
        "a list of texts", ("small",)
    )
    assert is_unreadable(HostileNumber(17), Number())
    assert is_unreadable(naive(2026, 1, 1).replace(tzinfo=HostileZone()), Time())


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.fractions()
    | st.complex_numbers()
    | st.binary(max_size=8)
    | st.text(st.characters(codec=None), max_size=12)
    | st.text("0123456789+-.,:eE TZ\u00a3$GBP", max_size=12)
    | st.sampled_from([" small", "YES", "17", "2026-02-28 12:00", *WHITE_SPACE])
    | st.integers(0, len(NOTHING) - 1).map(NOTHING.__getitem__)
    | st.integers(0, len(HOSTILE) - 1).map(HOSTILE.__getitem__)
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.datetimes(timezones=st.none() | st.timezones())
)
ANYTHING = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
        | inner.map(Scalar)
        | inner.map(Array)
    ),
    max_leaves=8,
)
CONTEXTS = st.builds(
    Reading,
    st.sampled_from(["UTC", "Europe/London", "America/New_York", "Pacific/Apia", "Asia/Tokyo"]).map(ZoneInfo),
    st.none() | st.sampled_from(["GBP", "USD", "eur", "JPY", ""]),
)


def is_value_of(value: Value | Blank, kind: Type) -> bool:
    match kind:
        case Number():
            return type(value) is float and math.isfinite(value)
        case Text():
            return type(value) is str and bool(fold(value)) and bool(value.encode())
        case Labels(names):
            return type(value) is str and value in names
        case YesNo():
            return type(value) is bool
        case Date():
            return type(value) is date
        case Time():
            return type(value) is datetime and value.tzinfo is UTC
        case SetOf(of):
            if not isinstance(value, tuple):
                return False
            return all(is_value_of(v, of) for v in value) and len(set(map(fold, value))) == len(value)


@given(ANYTHING, st.sampled_from(TYPES), CONTEXTS)
def test_anything_is_a_value_or_blank_or_unreadable(raw: object, kind: Type, context: Reading) -> None:
    got = read(raw, kind, context)
    value = got.instead if isinstance(got, Unreadable) else got
    assert value is BLANK or is_value_of(value, kind)
    assert not isinstance(got, Unreadable) or got.wanted
    assert read(value, kind, context) == value  # what was read stays as it is


@given(ANYTHING, CONTEXTS)
def test_anything_is_a_moment_or_none(raw: object, context: Reading) -> None:
    moment = read_moment(raw, context.zone)
    assert moment is None or is_value_of(moment, Time())
