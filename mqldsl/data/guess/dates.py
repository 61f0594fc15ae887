"""How the days and times of a column are written. What could be day first or month first is never guessed."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

import attrs

from mqldsl.data.formats import told_by
from mqldsl.model.calendar import parse_local
from mqldsl.model.folding import squeeze

_NUMERIC = re.compile(
    r"(?P<first>[0-9]{1,4})(?P<sign>[-./])(?P<second>[0-9]{1,2})(?P=sign)(?P<third>[0-9]{4}|[0-9]{2})"
    r"(?P<clock>[T ][0-9].*)?"
)
_CLOCKS = (
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2}"), "%H:%M"),
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2}:[0-9]{2}"), "%H:%M:%S"),
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2}:[0-9]{2}\.[0-9]+"), "%H:%M:%S.%f"),
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2} [AaPp][Mm]"), "%I:%M %p"),
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2}[AaPp][Mm]"), "%I:%M%p"),
    (re.compile(r"[T ][0-9]{1,2}:[0-9]{2}:[0-9]{2} [AaPp][Mm]"), "%I:%M:%S %p"),
)
_WORDED = tuple(
    f"{day}{clock}"
    for day in (
        *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d. %B %Y"),
        *("%b %d %Y", "%a, %d %b %Y", "%a %d %b %Y"),
    )
    for clock in ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
)
_HAS_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -][0-9]|[0-9][.]?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}")


@attrs.frozen
class Dates:
    """What was found: formats beside ISO 8601, how many cells they read, and the span of what they tell."""

    formats: tuple[str, ...] = ()
    has_clock: bool = False
    read: int = 0
    first: date | None = None
    last: date | None = None
    # Two formats that fit alike, and a text that both read, where day and month cannot be told apart.
    either: tuple[str, str] | None = None
    sample: str = ""

    @property
    def span(self) -> str:
        """The first and the last day."""
        return f"{self.first} to {self.last}" if self.first else ""


def dates_in(texts: Mapping[str, int], *, may_be_compact: bool) -> Dates:
    """Return how days and times are written in a column."""
    forms: Counter[str] = Counter()
    written: list[tuple[str, int, str]] = []
    orders = _Orders()
    iso: list[tuple[date, int]] = []
    for text, count in texts.items():
        told = parse_local(text)
        if told is not None:
            iso.append((told, count))
        elif form := _form(squeeze(text), orders, may_be_compact=may_be_compact):
            written.append((text, count, form))
    all_told = list(iso)
    for text, count, form in written:
        known = orders.settled(form)
        told = told_by(text, (known or orders.either(form)[0],))
        if told is not None:
            forms[known or form] += count
            all_told.append((told, count))
    doubtful = next((form for form in forms if orders.settled(form) is None), None)
    sample = next((text for text, _, form in written if form == doubtful), "")
    days = [_day(told) for told, _ in all_told]
    is_local = {told.tzinfo is None for told, _ in all_told if isinstance(told, datetime)}
    has_clock = any(
        isinstance(told, datetime) and (told.tzinfo is not None or told.time() != told.min.time())
        for told, _ in all_told
    )
    return Dates(
        tuple(form for form, _ in forms.most_common() if orders.settled(form)),
        has_clock or False in is_local,
        sum(count for _, count in all_told),
        min(days, default=None) if doubtful is None else None,
        max(days, default=None) if doubtful is None else None,
        None if doubtful is None else orders.either(doubtful),
        sample,
    )


# In place of day and month, until all cells have been seen.
_UNSETTLED = re.compile(r"\?(?P<sign>[-./])\?")


class _Orders:
    """Which comes first, by the sign between them: day or month, as far as numbers above 12 tell it."""

    def __init__(self) -> None:
        self._day_first: set[str] = set()
        self._month_first: set[str] = set()

    def note(self, sign: str, first: int, second: int) -> None:
        if first > 12:
            self._day_first.add(sign)
        if second > 12:
            self._month_first.add(sign)

    def settled(self, form: str) -> str | None:
        """Return a form with day and month in their order; None where nobody can tell it, or both occur."""
        found = _UNSETTLED.search(form)
        if found is None:
            return form
        sign = found["sign"]
        if (sign in self._day_first) == (sign in self._month_first):
            return None
        return self.either(form)[0 if sign in self._day_first else 1]

    def either(self, form: str) -> tuple[str, str]:
        return _UNSETTLED.sub(r"%d\1%m", form), _UNSETTLED.sub(r"%m\1%d", form)


def _form(text: str, orders: _Orders, *, may_be_compact: bool) -> str | None:
    """Return the format of a text, `?/?` where day and month could change places; None where it tells no day."""
    if may_be_compact and _COMPACT.fullmatch(text):
        return "%Y%m%d"
    found = _NUMERIC.fullmatch(text)
    if found is None:
        if len(text) > 40 or not _HAS_MONTH.search(text):
            return None
        return next((form for form in _WORDED if told_by(text, (form,)) is not None), None)
    clock = _clock(found["clock"])
    if clock is None:
        return None
    first, second, sign = int(found["first"]), int(found["second"]), found["sign"]
    if len(found["first"]) == 4:
        return f"%Y{sign}%m{sign}%d{clock}"
    if len(found["first"]) > 2 or not (0 < first <= 31 and 0 < second <= 31) or min(first, second) > 12:
        return None
    orders.note(sign, first, second)
    year = "%Y" if len(found["third"]) == 4 else "%y"
    return f"?{sign}?{sign}{year}{clock}"


def _clock(text: str | None) -> str | None:
    if text is None:
        return ""
    form = next((form for fits, form in _CLOCKS if fits.fullmatch(text)), None)
    return None if form is None else text[0] + form


def _day(told: date) -> date:
    return told.date() if isinstance(told, datetime) else told
