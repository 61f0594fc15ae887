"""Spans of time, seen from one as-of: which instants and which days lie in them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.outcome import Absent, Asking, Chosen, Found, Known, Lacks
from mqldsl.evaluate.situation import Event
from mqldsl.model import ir
from mqldsl.model.calendar import (
    Duration,
    back,
    day_of,
    days_back,
    days_forward,
    forward,
    midnight,
    span_days,
)
from mqldsl.model.types import Date


@attrs.frozen
class Limits:
    """A stretch of instants, each end with or without the instant itself; `None` is no end."""

    start: datetime | None
    start_included: bool
    end: datetime | None
    end_included: bool

    def hold(self, instant: datetime) -> bool:
        """Say whether `instant` lies inside."""
        if self.start is not None and not (
            instant > self.start or (self.start_included and instant == self.start)
        ):
            return False
        return self.end is None or instant < self.end or (self.end_included and instant == self.end)


@attrs.frozen
class Unlimited:
    """A span that cannot be told, for these lacks."""

    lacks: Lacks


def limits(asking: Asking, span: ir.Span, event: Event | None, zone: ZoneInfo) -> Limits | Unlimited | None:
    """Return the instants of a span; None where there are none, because what it hangs on never happened."""
    as_of = asking.situation.as_of
    match span:
        case ir.Back(start, end):
            last = as_of if end is None else back(as_of, end, zone)
            return Limits(back(as_of, start, zone), start_included=False, end=last, end_included=True)
        case ir.Ahead(length):
            return Limits(as_of, start_included=True, end=forward(as_of, length, zone), end_included=True)
        case ir.Since(moment):
            found = _instant(asking.operand(moment, event), zone)
            if isinstance(found, Unlimited):
                return found
            return Limits(found, start_included=True, end=None, end_included=True)
        case ir.Before(moment):
            found = _instant(asking.operand(moment, event), zone)
            if isinstance(found, Unlimited):
                return found
            return Limits(None, start_included=True, end=found, end_included=False)
        case ir.OnCalendar(name):
            first, behind = span_days(name, day_of(as_of, zone))
            return Limits(
                midnight(first, zone), start_included=True, end=midnight(behind, zone), end_included=False
            )
        case ir.After(which, of, length):
            return _after(asking.selection(of), which, length, zone)
        case ir.Always():
            return Limits(None, start_included=True, end=None, end_included=True)


def _instant(found: Found, zone: ZoneInfo) -> datetime | Unlimited:
    match found:
        case Known(is_open=True):
            return Unlimited(found.lacks)
        case Known(datetime() as instant):
            return instant
        case Known(date() as day):
            return midnight(day, zone)
        case _:
            return Unlimited(found.lacks)


def _after(chosen: Chosen, which: str, length: Duration, zone: ZoneInfo) -> Limits | Unlimited | None:
    found = anchor(chosen, which)
    if isinstance(found, Absent):
        return None if found.settled else Unlimited(found.lacks)
    return Limits(found, start_included=True, end=forward(found, length, zone), end_included=False)


def anchor(chosen: Chosen, which: str) -> datetime | Absent:
    """Return the instant of the first or last of a selection, as far as it is sure.

    The last is sure where one is seen and only what lies further back is unseen; the first only where
    nothing is unseen.
    """
    if chosen.absent is not None:
        return chosen.absent
    chosen = chosen.plainly()
    times = [event.at for event in chosen.members if isinstance(event, Event) and event.at is not None]
    far_back = all(gap.until is not None for gap in chosen.gaps)
    if which == "last" and times and far_back and not chosen.maybe:
        return max(times)
    if not chosen.is_exact:
        return Absent(settled=False, lacks=chosen.all_lacks)
    if not times:
        return Absent(settled=True)
    return max(times) if which == "last" else min(times)


def day_in_span(
    asking: Asking, day: date, span: ir.Span, event: Event | None, zone: ZoneInfo
) -> bool | Unlimited:
    """Say whether a day lies in a span, with whole days."""
    today = day_of(asking.situation.as_of, zone)
    match span:
        case ir.Back(start, None):
            return days_back(today, start) < day <= today
        case ir.Back(start, end):
            assert end is not None
            return days_back(today, start) < day <= days_back(today, end)
        case ir.Ahead(length):
            return today <= day <= days_forward(today, length)
        case ir.OnCalendar(name):
            first, behind = span_days(name, today)
            return first <= day < behind
        case ir.Since(moment) | ir.Before(moment):
            found = asking.operand(moment, event)
            if not isinstance(found, Known) or found.is_open:
                return Unlimited(found.lacks)
            bound = found.value
            assert isinstance(bound, date)
            if not isinstance(moment.type, Date):
                assert isinstance(bound, datetime)
                bound = day_of(bound, zone)
            return day >= bound if isinstance(span, ir.Since) else day < bound
        case _:
            raise AssertionError("the resolver lets no other span follow a date")
