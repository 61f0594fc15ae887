"""Values in words, as a reader of the definition knows them."""

from datetime import date, datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from mqldsl.evaluate.outcome import Absent, Anything, AtLeast, Bounds, Found, Known
from mqldsl.model.calendar import local
from mqldsl.model.types import Value

AnswerWord: TypeAlias = Literal["yes", "no", "unknown"]

ANSWERS: dict[bool | None, AnswerWord] = {True: "yes", False: "no", None: "unknown"}


def said(value: Value | None, zone: ZoneInfo) -> str:
    """Return a value as it is said: `1,200`, `2026-03-10 09:00`, `"VP Sales"`, `yes`."""
    match value:
        case None:
            return "missing"
        case bool():
            return ANSWERS[value]
        case float():
            return number_said(value)
        case datetime():
            return instant_said(value, zone)
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(value) if value else "none"
        case _:
            return f'"{value}"'


def number_said(value: float) -> str:
    """Return a number with separators and without needless decimals.

    >>> number_said(1234567.5), number_said(-0.0), number_said(float("inf"))
    ('1,234,567.5', '0', 'no limit')
    """
    if abs(value) == float("inf"):
        return "no limit"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.6f}".rstrip("0") if abs(value) < 1e15 else repr(value)


def instant_said(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as local time, with seconds only where there are some."""
    shown = local(instant, zone)
    if shown.microsecond:
        return shown.isoformat(" ")
    return shown.isoformat(" ", "seconds" if shown.second else "minutes")


def found_said(found: Found, zone: ZoneInfo) -> str:
    """Return what was found: a value, `at least 2`, or what is lacking."""
    match found:
        case Known(value, Bounds(low, high)):
            return f"{said(value, zone)} (from {number_said(low)} to {number_said(high)} possible)"
        case Known(value, frozenset() as possible):
            return f"{said(value, zone)} (or {', '.join(sorted(str(each) for each in possible if each != value))})"
        case Known(value, Anything()):
            return f"{said(value, zone)} (anything possible)"
        case Known(value):
            return said(value, zone)
        case AtLeast(least):
            return f"at least {number_said(least)}"
        case Absent():
            return lack_said(found)


def lack_said(absent: Absent) -> str:
    """Say why there is no value."""
    if not absent.lacks:
        return "missing" if absent.settled else "not known"
    if all(lack.blank for lack in absent.lacks):
        return "blank"
    return "not supplied"
