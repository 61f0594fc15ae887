"""The time of an event and the as-of of a row: millions of texts, nearly all of them different."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mqldsl.data.bound_rows import Moment
from mqldsl.data.formats import told_by
from mqldsl.data.rows import ABSENT
from mqldsl.model.calendar import at_local, forward, in_utc
from mqldsl.model.reading import Reading, Unreadable, read, read_moment
from mqldsl.model.types import Time

# What machines write. Python's own reader is four to ten times as fast as ours, and on these the two agree.
_USUAL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{3}(?:[0-9]{3})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


# What is said of a blank cell.
HAS_NO_TIME = " has no time"


def instant_of(raw: object, zone: ZoneInfo) -> datetime | None:
    """Return the instant that `raw` tells, as `read_moment` does.

    >>> instant_of("2026-03-01T09:00:00+01:00", ZoneInfo("UTC"))
    datetime.datetime(2026, 3, 1, 8, 0, tzinfo=datetime.timezone.utc)
    """
    if isinstance(raw, str) and _USUAL.fullmatch(raw):
        try:
            told = datetime.fromisoformat(raw)
        except ValueError:  # no such day
            return None
        if told.tzinfo is UTC:
            return told
        if told.tzinfo is None and zone.key == "UTC":
            return told.replace(tzinfo=UTC)
        return at_local(told, zone) if told.tzinfo is None else in_utc(told)
    return read_moment(raw, zone)


def moment_reader(moment: Moment, zone: ZoneInfo) -> Callable[[object], datetime | None]:
    """Return the function that reads a cell of this column: formats first, then what is added."""

    def instant(raw: object) -> datetime | None:
        told: date | datetime | None = None
        if moment.formats and isinstance(raw, str):
            told = told_by(raw, moment.formats)
        found = instant_of(raw if told is None else told, zone)
        if found is None or moment.plus is None:
            return found
        return forward(found, moment.plus, zone)

    return instant


def what_is_no_time(raw: object, owner: str, context: Reading) -> str:
    """Say what is wrong with a cell that tells no instant."""
    told = read(None if raw is ABSENT else raw, Time(), context)
    return f"is not {told.wanted}" if isinstance(told, Unreadable) else owner + HAS_NO_TIME
