"""Rules 3 and 4: raw values made into typed ones."""

import enum
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import BLANK, Date, Labels, Number, SetOf, Text, Time, Type, YesNo

LONDON = Reading(ZoneInfo("Europe/London"), "GBP")
NEW_YORK = Reading(ZoneInfo("America/New_York"))
MONEY = Number(money=True)
SIZES = Labels(("small", "Mid Size", "17", "yes", "Stra\u00dfe"))
TYPES: list[Type] = [
    *(Text(), Number(), MONEY, Date(), Time(), YesNo(), SIZES, SetOf(Text()), SetOf(SIZES)),
]


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def is_unreadable(raw: object, kind: Type, context: Reading = LONDON) -> bool:
    return isinstance(read(raw, kind, context), Unreadable)


class Scalar:
    """Stands for a number of numpy."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    def item(self) -> object:
        return self.value


class Array(Scalar):
    """Stands for an array of numpy: `item` does for a single element only."""

    def item(self) -> object:
        raise ValueError

    def tolist(self) -> object:
        return self.value


NaTType = type("NaTType", (datetime,), {})  # pandas' own is a datetime, too
NAType = type("NAType", (), {"__bool__": lambda _: 1 / 0, "__eq__": lambda _, __: 1 / 0, "__hash__": None})
datetime64 = type("datetime64", (Scalar,), {"__str__": lambda self: self.value})


class Word(str, enum.Enum):  # noqa: UP042  # the older way, whose `str()` is `Word.SMALL`
    SMALL = "small"


class Count(enum.IntEnum):
    MANY = 17


NOTHING: list[Any] = [
    None,
    BLANK,
    "",
    " ",
    "\t\u00a0\u3000",
    math.nan,
    math.inf,
    -math.inf,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    Decimal("1E+400"),
    10**400,
    -(10**4000),
    Fraction(10**400, 3),
    NaTType(1, 1, 1),
    NAType(),
    datetime64("NaT"),
    Scalar(None),
    Scalar(math.nan),
    Array(math.nan),
]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_what_says_nothing_is_blank(kind: Type) -> None:
    for raw in NOTHING:
        assert read(raw, kind, LONDON) is BLANK


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_what_is_no_value_of_any_kind(kind: Type) -> None:
    for raw in (b"17", bytearray(b"17"), memoryview(b"17"), {}, {"a": 1}, object(), 1j, ..., iter([]), int):
        assert is_unreadable(raw, kind)
    for raw in (time(9), timedelta(1)):
        assert is_unreadable(raw, kind)


# Numbers


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (17, 17),
        (-2.5, -2.5),
        (Decimal("0.1"), 0.1),
        (Fraction(1, 4), 0.25),
        (2**53 + 1, 2.0**53),
        (Count.MANY, 17),
        (Scalar(17), 17),
        (Array(0.5), 0.5),
        ("17", 17),
        ("+17", 17),
        ("-17.50", -17.5),
        (" \u00a017\n", 17),
        ("007", 7),
        ("1,200.50", 1200.5),
        ("1,234,567", 1_234_567),
        ("0,123", 123),  # to the letter of rule 4, whatever a reader on the continent meant
        ("-1,234e2", -123_400),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("25e-1", 2.5),
        (".5", 0.5),
        ("5.", 5),
        ("1e-999", 0),
    ],
    ids=repr,
)
def test_numbers(raw: object, number: float) -> None:
    assert read(raw, Number(), LONDON) == number
    assert type(read(raw, Number(), LONDON)) is float
    assert read(raw, MONEY, LONDON) == number


@pytest.mark.parametrize("raw", ["1e999", "-1e999", "9" * 400, "1e99999999999999999999"], ids=repr)
def test_a_number_too_large_to_write_is_blank(raw: str) -> None:
    assert read(raw, Number(), LONDON) is BLANK
    assert read(raw, MONEY, LONDON) is BLANK
    assert read(raw, Text(), LONDON) == raw


@pytest.mark.parametrize(
    "raw",
    [
        "abc",
        "1,2",
        "12,34",
        "1,2345",
        "1234,567",
        "1,234,56",
        ",123",
        "1,,234",
        "1,200,",
        "1.234.567",
        "1 200",
        "1_000",
        "1e",
        "e5",
        ".",
        "-",
        "+-1",
        "- 1",
        "--1",
        "0x10",
        "inf",
        "-Infinity",
        "nan",
        "10%",
        "50k",
        "(1,200)",
        "1.5.2",
        "1e5.5",
        "\uff11\uff17",  # full-width digits
        "\u0661\u0667",  # arabic digits
        "\u00b2",
        "\u221217",  # the typographer's minus
        "1\x1c",
        "yes",
        True,
        False,
        date(2026, 3, 1),
        utc(2026, 3, 1),
        [1],
        Array([1, 2]),
        Scalar(Scalar(1)),
    ],
    ids=repr,
)
def test_what_is_no_number(raw: object) -> None:
    assert read(raw, Number(), LONDON) == Unreadable("a number, such as 1200 or 1,200.50")
    assert is_unreadable(raw, MONEY)


@pytest.mark.parametrize(
    ("raw", "currency", "amount"),
    [
        ("GBP 1,200.50", "GBP", 1200.5),
        ("1,200.50 GBP", "GBP", 1200.5),
        ("gbp1200", "GBP", 1200),
        ("1200Gbp", "GBP", 1200),
        ("5 gbp", "gbp", 5),
        ("\u00a3 80", "GBP", 80),
        ("\u00a380", "GBP", 80),
        ("80\u00a3", "GBP", 80),
        ("-\u00a380", "GBP", -80),
        ("\u00a3-80", "GBP", -80),
        ("-GBP 80", "GBP", -80),
        ("\u00a380 GBP", "GBP", 80),
        ("1,200.00\u00a0\u20ac", "EUR", 1200),
        ("\u20ac1,200", "EUR", 1200),
        ("1e5EUR", "EUR", 100_000),
        ("1EUR", "EUR", 1),
        ("$5", "USD", 5),
        ("$5", "CAD", 5),
        ("\u00a5500", "JPY", 500),
        ("\u00a5500", "CNY", 500),
        ("CHF 12", "CHF", 12),
        (12, "CHF", 12),
        ("12", None, 12),
    ],
    ids=repr,
)
def test_amounts(raw: object, currency: str | None, amount: float) -> None:
    assert read(raw, MONEY, Reading(LONDON.zone, currency)) == amount


@pytest.mark.parametrize("raw", ["GBP 5", "\u00a35", "5 GBP"], ids=repr)
def test_a_plain_number_has_no_currency(raw: str) -> None:
    assert is_unreadable(raw, Number())


@pytest.mark.parametrize(
    ("raw", "currency", "wanted"),
    [
        ("USD 5", "GBP", "an amount in GBP, such as 1,200.50, and not in USD"),
        ("5 eur", "GBP", "an amount in GBP, such as 1,200.50, and not in EUR"),
        ("$5", "GBP", "an amount in GBP, such as 1,200.50, and not in $"),
        ("\u00a35 EUR", "GBP", "an amount in GBP, such as 1,200.50, and not in EUR"),
        ("$5", None, "an amount without a currency, such as 1,200.50, because the definition names none"),
        ("much", "GBP", "an amount in GBP, such as 1,200.50"),
        ("GBP", "GBP", "an amount in GBP, such as 1,200.50"),
        ("-\u00a3-5", "GBP", "an amount in GBP, such as 1,200.50"),
        ("\u00a3 GBP 5", "GBP", "an amount in GBP, such as 1,200.50"),
        ("GBPS 5", "GBP", "an amount in GBP, such as 1,200.50"),
        ("\u00a35k", "GBP", "an amount in GBP, such as 1,200.50"),
        (True, "GBP", "an amount in GBP, such as 1,200.50"),
    ],
    ids=repr,
)
def test_what_is_no_amount(raw: object, currency: str | None, wanted: str) -> None:
    assert read(raw, MONEY, Reading(LONDON.zone, currency)) == Unreadable(wanted)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read(number: float) -> None:
    assert read(repr(number), Number(), LONDON) == number
    grouped = f"{number:,.6f}"
    assert read(grouped, Number(), LONDON) == float(grouped.replace(",", ""))
    assert read(f"\u00a3{grouped}", MONEY, LONDON) == float(grouped.replace(",", ""))


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "1," * 100_000, "1,111" * 50_000, "." * 200_000, "1e" * 100_000]
)
def test_long_texts_are_read_quickly(text: str) -> None:
    read(text, Number(), LONDON)
    read(text, MONEY, LONDON)
    read(text, Time(), LONDON)


# Yes and no


@pytest.mark.parametrize(
    "raw", ["yes", "Yes", " TRUE ", "y", "1", True, 1, 1.0, Decimal(1), Scalar(True)], ids=repr
)
def test_yes(raw: object) -> None:
    assert read(raw, YesNo(), LONDON) is True


@pytest.mark.parametrize(
    "raw", ["no", "NO", "False", "n", "0", False, 0, -0.0, Decimal(0), Scalar(0)], ids=repr
)
def test_no(raw: object) -> None:
    assert read(raw, YesNo(), LONDON) is False


@pytest.mark.parametrize(
    "raw", ["on", "t", "ja", "1.0", "yes!", 2, -1, 0.5, [True], date(2026, 1, 1)], ids=repr
)
def test_neither_yes_nor_no(raw: object) -> None:
    assert read(raw, YesNo(), LONDON) == Unreadable("yes or no")


# Labels and text


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("SMALL", "small"),
        ("  mid   size", "Mid Size"),
        ("STRA\u1e9eE", "Stra\u00dfe"),
        (17, "17"),
        (17.0, "17"),
        (Decimal("17.00"), "17"),
        (True, "yes"),
        (Word.SMALL, "small"),
        (Count.MANY, "17"),
    ],
    ids=repr,
)
def test_labels(raw: object, label: str) -> None:
    assert read(raw, SIZES, LONDON) == label


@pytest.mark.parametrize(
    "raw", ["large", "smal", "midsize", "17.0", 17.5, False, ["small"], date(2026, 1, 1)]
)
def test_what_is_no_label(raw: object) -> None:
    assert read(raw, SIZES, LONDON) == Unreadable("one of small, Mid Size, 17, yes, Stra\u00dfe")


def test_a_long_list_of_labels_is_cut_off() -> None:
    letters = Labels(tuple("abcdefghij"))
    assert read("z", letters, LONDON) == Unreadable("one of a, b, c, d, e, f, g, h and 2 more")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  As it  was\n", "  As it  was\n"),
        (17, "17"),
        (-17, "-17"),
        (17.0, "17"),
        (-0.0, "0"),
        (17.5, "17.5"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (Decimal(12345678901234567890), "12345678901234567890"),
        (Decimal("17.50"), "17.5"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E-999999"), "0.0"),
        (Fraction(34, 2), "17"),
        (10**30, "1" + "0" * 30),
        (True, "yes"),
        (False, "no"),
        (Scalar("x\udfff"), "x\ufffd"),
        (Word.SMALL, "small"),
        (Count.MANY, "17"),
        ("a\ud800b", "a\ufffdb"),
        ("a\x00b", "a\x00b"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
    ids=repr,
)
def test_text(raw: object, text: str) -> None:
    got = read(raw, Text(), LONDON)
    assert got == text
    assert type(got) is str


@pytest.mark.parametrize(
    "raw",
    [["a"], date(2026, 3, 1), utc(2026, 3, 1), datetime64("2026-03-01"), datetime64("2026-03"), Array(["a"])],
    ids=repr,
)
def test_what_is_no_text(raw: object) -> None:
    assert read(raw, Text(), LONDON) == Unreadable("a text")
