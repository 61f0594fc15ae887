"""What is done to a cell before it is read, and the quick way of reading instants."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.data.bound_rows import Column, Moment
from mqldsl.data.cells import reader
from mqldsl.data.keys import owner_id, text_of
from mqldsl.data.moments import instant_of, moment_reader
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, Unit
from mqldsl.model.reading import Reading, read_moment
from mqldsl.model.types import BLANK, Date, Labels, Number, SetOf, Text, Time, Type, YesNo

LONDON = ZoneInfo("Europe/London")
CONTEXT = Reading(LONDON, "GBP")


def got(raw: object, kind: Type, column: Column, **options: object) -> object:
    field = ir.Field("f", kind, **options)  # type: ignore[arg-type]
    value, problem = reader(field, column, CONTEXT)(raw)
    return (value, problem) if problem else value


def test_replace_goes_first_and_is_exact() -> None:
    column = Column(replace={">20": 21, "": "none", "true": "yes", "7": "seven", "all": ["a", "b"]})
    assert got(">20", Number(), column) == 21.0
    assert got("> 20", Number(), column) == (BLANK, "is not a number, such as 1200 or 1,200.50")
    assert got("", Text(), column) == "none"
    assert got(None, Text(), column) == "none"
    assert got(True, Text(), column) == "yes"
    assert got(7.0, Text(), column) == "seven"
    assert got("all", SetOf(Text()), column) == ("a", "b")


def test_what_replace_gives_may_stand_for_missing() -> None:
    assert got("k.A.", Text(), Column(replace={"k.A.": "N/A"}), missing_when=("N/A",)) is BLANK


def test_split_makes_a_set() -> None:
    column = Column(split=",", replace={"x": "cat", "a, b": "both"})
    assert got("cat, wolf,,cat ", SetOf(Text()), column) == ("cat", "wolf")
    assert got("x,wolf", SetOf(Text()), column) == ("cat", "wolf")
    assert got("a, b", SetOf(Text()), column) == ("both",)
    assert got("cat, Select", SetOf(Text()), column, missing_when=("select",)) == ("cat",)
    assert got(["p", "q,r"], SetOf(Text()), column) == ("p", "q,r")
    # Nothing noted is not the same as nothing there.
    assert got("", SetOf(Text()), column) is BLANK
    animals = SetOf(Labels(("cat", "wolf")))
    assert got("cat,dog", animals, column) == (("cat",), "is not a list, each one of cat, wolf")


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        (" 3/4/2026 ", date(2026, 4, 3)),
        ("12/31/2026", date(2026, 12, 31)),
        ("2026-04-03", date(2026, 4, 3)),
        ("2026-04-03T23:30:00Z", date(2026, 4, 4)),
        (date(2026, 4, 3), date(2026, 4, 3)),
    ],
)
def test_formats_are_tried_in_order_and_before_the_iso_forms(raw: object, day: date) -> None:
    assert got(raw, Date(), Column(formats=("%d/%m/%Y", "%m/%d/%Y"))) == day


def test_a_format_may_turn_an_iso_form_round() -> None:
    assert got("2026-04-03", Date(), Column(formats=("%Y-%d-%m",))) == date(2026, 3, 4)
    assert got("2026-31-12", Date(), Column()) == (BLANK, "is not a day, such as 2026-03-01")


def test_a_day_is_a_day_also_where_the_calendar_skipped_it() -> None:
    # Samoa went from the 29th to the 31st.
    samoa = Reading(ZoneInfo("Pacific/Apia"))
    read = reader(ir.Field("f", Date()), Column(formats=("%d/%m/%Y",)), samoa)
    assert read("30/12/2011") == (date(2011, 12, 30), "")


def test_formats_with_a_clock_are_local_or_have_an_offset() -> None:
    column = Column(formats=("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M %z"))
    assert got("01.07.2026 00:30", Time(), column) == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert got("01.07.2026 00:30 +0200", Time(), column) == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    # A day given for a time is its midnight.
    assert got("01.07.2026", Time(), Column(formats=("%d.%m.%Y",))) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert got("01.07.2026 00:30", Date(), column) == date(2026, 7, 1)


def test_a_column_remembers_texts_and_never_mixes_types() -> None:
    read = reader(ir.Field("f", YesNo()), Column(), CONTEXT)
    assert [read(raw)[0] for raw in ("1", 1, True, 1.0, "1")] == [True] * 5
    read = reader(ir.Field("f", Text()), Column(), CONTEXT)
    assert [read(raw)[0] for raw in (1, True, 1.0, "1", "true")] == ["1", "yes", "1", "1", "true"]


def test_required_reports_a_blank() -> None:
    assert got(" ", Text(), Column(), required=True) == (BLANK, "is required, but blank")


@pytest.mark.parametrize(
    ("raw", "text", "lead"),
    [
        ("L01", "L01", "L01"),
        ("\u00a0L01 ", "\u00a0L01 ", "L01"),
        (17850, "17850", "17850"),
        (17850.0, "17850", "17850"),
        ("", None, ""),
        (None, None, ""),
        (float("nan"), None, ""),
        (["a"], None, ""),
    ],
)
def test_ids(raw: object, text: str | None, lead: str) -> None:
    assert text_of(raw) == text
    assert owner_id(raw) == lead


def test_what_is_added_to_a_moment_steps_on_the_calendar() -> None:
    instant = moment_reader(Moment("c", Duration(1, Unit.MONTH), ("%d/%m/%Y",)), LONDON)
    assert instant("31/01/2026") == datetime(2026, 2, 28, tzinfo=UTC)
    assert instant("2026-03-28 12:00") == datetime(2026, 4, 28, 11, tzinfo=UTC)
    assert instant("soon") is None
    assert instant(None) is None


ZONES = st.sampled_from([ZoneInfo("UTC"), LONDON, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kolkata")])
OFFSETS = st.none() | st.integers(-1_439, 1_439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(), OFFSETS, st.sampled_from(["T", " "]), st.sampled_from([0, 3, 6]), ZONES)
def test_the_quick_way_reads_what_the_other_reads(
    told: datetime, offset: timezone | None, between: str, digits: int, zone: ZoneInfo
) -> None:
    parts = {0: "seconds", 3: "milliseconds", 6: "microseconds"}
    text = told.replace(tzinfo=offset).isoformat(between, parts[digits])
    assert instant_of(text, zone) == read_moment(text, zone)
    assert instant_of(text.replace("+00:00", "Z"), zone) == read_moment(text.replace("+00:00", "Z"), zone)


@given(
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9:]{2,8})?"
    ),
    ZONES,
)
def test_the_quick_way_reads_no_more_than_the_other(text: str, zone: ZoneInfo) -> None:
    assert instant_of(text, zone) == read_moment(text, zone)


@pytest.mark.parametrize(
    "text", ["2026-02-30T10:00:00Z", "2026-03-01T24:00:00", "20260301T090000", "2026-W10-1"]
)
def test_forms_that_only_python_reads_are_not_read(text: str) -> None:
    assert instant_of(text, LONDON) is None
