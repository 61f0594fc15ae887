"""Raw values, as an application, a table or JSON hands them in, made into typed ones: rules 3 and 4.

Anything may come in, and nothing raises. What is *not supplied*, and the values that a field's own
`missing when` names, are the caller's business.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

import attrs

from mqldsl.model.calendar import at_local, day_of, in_utc, midnight, parse_local
from mqldsl.model.folding import fold, is_blank_text, squeeze, whole_characters
from mqldsl.model.types import (
    BLANK,
    Blank,
    Date,
    Labels,
    Number,
    SetOf,
    Text,
    Time,
    Type,
    Value,
    YesNo,
)


@attrs.frozen
class Reading:
    """What reading needs to know of a definition; `number` is an example of how numbers are written."""

    zone: ZoneInfo
    currency: str | None = None
    number: str = "1,200.50"


@attrs.frozen
class Unreadable:
    """A raw value that is a data fault: what was wanted, in plain words, and what counts in its place.

    `instead` is blank, but for a set: there it is the members that could be read.
    """

    wanted: str
    instead: Value | Blank = BLANK


def read(raw: object, kind: Type, context: Reading) -> Value | Blank | Unreadable:
    """Return the value of `raw` as a `kind`, BLANK where it says nothing, or else Unreadable.

    A value that was read before comes out as it went in.

    >>> read("1,200", Number(), Reading(ZoneInfo("UTC")))
    1200.0
    """
    try:
        return _read(_plain(raw), kind, context)
    except Exception:  # noqa: BLE001 - objects of any library come here, and may raise anything when looked at
        return Unreadable(_wanted(kind, context))


def read_moment(raw: object, zone: ZoneInfo) -> datetime | None:
    """Return the instant that `raw` tells, for the time of an event or for `as_of`; None where it tells none."""
    moment = read(raw, Time(), Reading(zone))
    return moment if isinstance(moment, datetime) else None


def _read(raw: object, kind: Type, context: Reading) -> Value | Blank | Unreadable:
    if _is_blank(raw):
        return BLANK
    if isinstance(kind, SetOf):
        return _set(raw, kind, context)
    value: Value | None
    match kind:
        case Text():
            value = _text(raw)
        case Number():
            value = _number(raw) if not kind.money else _amount(raw, context.currency)
            if value is not None and math.isinf(value):
                return BLANK  # such as 1e999
        case YesNo():
            value = _yes_or_no(raw)
        case Labels():
            text = _text(raw)
            value = None if text is None else _by_folded(kind.names).get(fold(text))
        case Date():
            value = _day(raw, context.zone)
        case Time():
            value = _instant(raw, context.zone)
        case _:
            assert_never(kind)
    return Unreadable(_wanted(kind, context, raw)) if value is None else value


def _plain(raw: object) -> object:
    """Return the Python object that stands for `raw`; of a text of any class, its bare and whole characters."""
    opened = _opened(raw)
    return whole_characters(str.__str__(opened)) if isinstance(opened, str) else opened


def _opened(raw: object) -> object:
    """Return the Python object behind a scalar or array of numpy or pandas; anything else as it is."""
    if isinstance(raw, _NEVER_OPENED):
        return raw
    if type(raw).__name__ == "datetime64":
        # Its text is ISO 8601, while its `item` may be a bare number of nanoseconds.
        return None if str(raw) == "NaT" else parse_local(str(raw)) or raw
    for name in ("tolist", "item"):
        method = getattr(raw, name, None)
        if callable(method):
            return method()
    return raw


# Most values pass here at once; and a memoryview would open itself as a list of numbers.
_NEVER_OPENED = (
    *(type(None), str, int, float, date, Decimal, Fraction),
    *(list, tuple, set, frozenset, dict, bytes, bytearray, memoryview),
)


def _is_blank(raw: object) -> bool:
    """Say whether `raw` is null, not a number, infinite, or text that says nothing."""
    if isinstance(raw, str):
        return is_blank_text(raw)
    if isinstance(raw, (int, float, Decimal, Fraction)):
        return not math.isfinite(_double(raw))
    # The last two are pandas'; they answer no comparison, so they are known by name.
    return raw is None or raw is BLANK or type(raw).__name__ in ("NaTType", "NAType")


def _text(raw: object) -> str | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, UUID):
        return str(raw)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, (int, float, Decimal, Fraction)):
        whole = int(raw)
        return str(whole) if whole == raw else repr(_double(raw))
    return None


# ASCII digits only: `\d` and `float` would take those of every script.
_DIGITS = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"[+-]?{_DIGITS}")
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?)(?:(?P<before>[A-Za-z]{{3}}|[£$€¥]) ?)?"
    rf"(?P<number>[+-]?{_DIGITS})(?: ?(?P<after>[A-Za-z]{{3}}|[£$€¥]))?"
)
_SYMBOLS = {
    "£": ("GBP",),
    "€": ("EUR",),
    "¥": ("JPY", "CNY"),
    "$": ("USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD"),
}


def _number(raw: object) -> float | None:
    if isinstance(raw, str):
        text = squeeze(raw)
        return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
    if isinstance(raw, (int, float, Decimal, Fraction)) and not isinstance(raw, bool):
        return _double(raw)
    return None


def _double(number: float | Decimal | Fraction) -> float:
    """Return the nearest double: infinite where it is too large, and not a number where that is what it is."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
    except ValueError:  # a signalling NaN
        return math.nan


def _amount(raw: object, currency: str | None) -> float | None:
    if not isinstance(raw, str):
        return _number(raw)
    found = _AMOUNT.fullmatch(squeeze(raw))
    if found is None or _other_currency(raw, currency):
        return None
    return _number(found["sign"] + found["number"])  # of two signs it makes nothing


def _other_currency(raw: object, currency: str | None) -> str:
    """Return the code or sign of a currency other than the definition's beside an amount, or an empty text."""
    found = _AMOUNT.fullmatch(squeeze(raw)) if isinstance(raw, str) else None
    for mark in (found["before"], found["after"]) if found else ():
        if mark and (currency is None or currency.upper() not in _SYMBOLS.get(mark, (mark.upper(),))):
            return mark.upper()
    return ""


_YES_OR_NO = {
    "yes": True,
    "true": True,
    "y": True,
    "1": True,
    "no": False,
    "false": False,
    "n": False,
    "0": False,
}


def _yes_or_no(raw: object) -> bool | None:
    text = _text(raw)
    return None if text is None else _YES_OR_NO.get(fold(text))


@lru_cache(maxsize=1_024)
def _by_folded(names: tuple[str, ...]) -> Mapping[str, str]:
    return {fold(name): name for name in names}


def _day(raw: object, zone: ZoneInfo) -> date | None:
    told = _told(raw)
    if isinstance(told, datetime):
        return day_of(_fixed(told, zone), zone)
    return told


def _instant(raw: object, zone: ZoneInfo) -> datetime | None:
    told = _told(raw)
    if isinstance(told, datetime):
        return _fixed(told, zone)
    return None if told is None else midnight(told, zone)


def _told(raw: object) -> date | datetime | None:
    """Return the day or time that `raw` is or writes, of Python's own classes."""
    if isinstance(raw, str):
        return parse_local(raw)
    if isinstance(raw, datetime):
        # Built anew: pandas' own class counts nanoseconds and warns when it is converted.
        clock = (raw.hour, raw.minute, raw.second, raw.microsecond)
        return datetime(raw.year, raw.month, raw.day, *clock, tzinfo=raw.tzinfo, fold=raw.fold)
    return date(raw.year, raw.month, raw.day) if isinstance(raw, date) else None


def _fixed(told: datetime, zone: ZoneInfo) -> datetime:
    return at_local(told, zone) if told.utcoffset() is None else in_utc(told)


def _set(raw: object, kind: SetOf, context: Reading) -> Value | Unreadable:
    """Return the members that can be read, in the order received, one of each folded text."""
    if not isinstance(raw, (list, tuple, set, frozenset)):
        member = read(raw, kind.of, context)
        return (member,) if isinstance(member, str) else Unreadable(_wanted(kind, context))
    members = [read(member, kind.of, context) for member in raw]
    texts = [member for member in members if isinstance(member, str)]
    if isinstance(raw, (set, frozenset)):
        texts.sort(key=lambda text: (fold(text), text))  # Python's own order changes from run to run
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(fold(text), text)
    known = tuple(first.values())
    if any(isinstance(member, Unreadable) for member in members):
        return Unreadable(_wanted(kind, context), known)
    return known


# Of a longer list of labels the message shows this many.
_SHOWN_LABELS = 8


def _wanted(kind: Type, context: Reading, raw: object = None) -> str:
    """Say what a value of this kind looks like; `raw` is what came instead."""
    match kind:
        case Text():
            return "a text"
        case Number(money=False):
            return f"a number, such as 1200 or {context.number}"
        case Number():
            return _wanted_amount(context, _other_currency(raw, context.currency))
        case Date():
            return "a day, such as 2026-03-01"
        case Time():
            return "a time, such as 2026-03-01 09:00"
        case YesNo():
            return "yes or no"
        case Labels(names):
            more = len(names) - _SHOWN_LABELS
            shown = ", ".join(names[:_SHOWN_LABELS])
            return f"one of {shown}" + (f" and {more} more" if more > 0 else "")
        case SetOf(of):
            return "a list of texts" if isinstance(of, Text) else f"a list, each {_wanted(of, context)}"
        case _:
            assert_never(kind)


def _wanted_amount(context: Reading, other: str) -> str:
    if context.currency is None:
        return f"an amount without a currency, such as {context.number}, because the definition names none"
    return f"an amount in {context.currency}, such as {context.number}" + (
        f", and not in {other}" if other else ""
    )
