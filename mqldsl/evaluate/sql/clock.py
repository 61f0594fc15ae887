"""The clock of a question: its as-of, and the instants and days that hang on it or on an event.

What hangs on one as-of for all leads is worked out at once, and stands in the query as a constant.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import calendar
from mqldsl.model.calendar import MAX, MIN, CalendarSpan, Duration, Unit

_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_LAST_MONTH = 9999 * 12 + 11
_FIRST_MONTH = 12
_FAR = 6_000
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_STARTS = {
    CalendarSpan.WEEK: "week",
    CalendarSpan.MONTH: "month",
    CalendarSpan.QUARTER: "quarter",
    CalendarSpan.YEAR: "year",
}
_LENGTHS = {CalendarSpan.MONTH: 1, CalendarSpan.QUARTER: 3, CalendarSpan.YEAR: 12}


def micros_of(length: timedelta) -> int:
    """Return a length in whole microseconds."""
    return length // _MICROSECOND


@attrs.frozen
class Clock:
    """`now` is one instant for all questions, or a column of each."""

    now: datetime | Term
    zone_name: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the definition."""
        return ZoneInfo(self.zone_name)

    @property
    def as_of(self) -> Term:
        """The instant of the question."""
        return self.now if isinstance(self.now, Term) else t.instant(self.now)

    @property
    def today(self) -> Term:
        """The day of the as-of in the zone."""
        if isinstance(self.now, Term):
            return self.day_of(self.now)
        return t.day(calendar.day_of(self.now, self.zone))

    def back(self, length: Duration) -> Term:
        """Return the instant so long before the as-of."""
        if not isinstance(self.now, Term):
            return t.instant(calendar.back(self.now, length, self.zone))
        if length.is_exact:
            return _plus(self.now, -micros_of(length.exact))
        return self._months_on(self.now, -_months(length))

    def forward(self, start: Term, length: Duration) -> Term:
        """Return the instant so long after another."""
        if t.is_constant(start) and not isinstance(self.now, Term) and start == self.as_of:
            return t.instant(calendar.forward(self.now, length, self.zone))
        if length.is_exact:
            return _plus(start, micros_of(length.exact))
        return self._months_on(start, _months(length))

    def forward_times(self, start: Term, every: Duration, times: Term) -> Term:
        """Return the instant `times` spans after another; `times` is a whole number."""
        if every.is_exact:
            micros = micros_of(every.exact)
            return Term("plus", (start, Term("whole *", (times, t.whole(micros)))))
        return self._stepped(start, Term("whole *", (times, t.whole(_months(every)))))

    def day_of(self, instant: Term) -> Term:
        """Return the day that clocks in the zone show at an instant."""
        return Term("day", (self.local(instant),))

    def local(self, instant: Term) -> Term:
        """Return the time that clocks in the zone show."""
        if self.zone_name == "UTC":
            return instant
        return Term("plus", (instant, Term("offset at instant", (self.zone_name, instant))))

    def from_local(self, local: Term) -> Term:
        """Return the instant at which clocks in the zone show a time."""
        if self.zone_name == "UTC":
            return local
        offset = Term("offset at local", (self.zone_name, local))
        return Term("plus", (local, Term("whole -", (t.whole(0), offset))))

    def midnight(self, day: Term) -> Term:
        """Return the first instant of a day."""
        if t.is_constant(day):
            value = t.value_of(day)
            return t.instant(calendar.midnight(value, self.zone) if isinstance(value, date) else None)
        return self.from_local(Term("at", (day, t.whole(0))))

    def span_days(self, span: CalendarSpan) -> tuple[Term, Term]:
        """Return the first day of today's span, and the first day after it."""
        if not isinstance(self.now, Term):
            first, behind = calendar.span_days(span, calendar.day_of(self.now, self.zone))
            return t.day(first), t.day(behind)
        today = self.today
        if span is CalendarSpan.TODAY:
            return today, days_on(today, 1)
        start = Term("start of", (_STARTS[span], today))
        if span is CalendarSpan.WEEK:
            return start, days_on(start, 7)
        return start, Term("plus months", (start, t.whole(_LENGTHS[span])))

    def days_back(self, length: Duration) -> Term:
        """Return the day so many days, weeks, months or years before today."""
        if not isinstance(self.now, Term):
            return t.day(calendar.days_back(calendar.day_of(self.now, self.zone), length))
        return _day_step(self.today, length, -1)

    def days_forward(self, length: Duration) -> Term:
        """Return the day so many days, weeks, months or years after today."""
        if not isinstance(self.now, Term):
            return t.day(calendar.days_forward(calendar.day_of(self.now, self.zone), length))
        return _day_step(self.today, length, 1)

    def periods(self, since: Term, every: Duration) -> Term:
        """Return how many whole spans have passed from an instant up to the as-of, at least 0."""
        if every.is_exact:
            passed = Term("between", (since, self.as_of))
            return t.best("greatest", (_div(passed, micros_of(every.exact)), t.whole(0)))
        return self._whole_months(since, self.as_of, _months(every))

    def spans_back(self, time: Term, length: Duration) -> Term:
        """Return how many spans before the as-of an instant lies: `as_of - (k+1) D < t <= as_of - k D`."""
        if length.is_exact:
            micros = micros_of(length.exact)
            return _div(Term("between", (time, self.as_of)), micros) if micros else t.whole(0)
        step = _months(length)
        if not step:
            return t.whole(0)
        # The number of whole steps between the months, give or take one.
        guess = _div(_months_between(self.local(time), self.local(self.as_of)), step)
        nearer = Term("whole -", (guess, t.whole(1)))
        farther = Term("whole +", (guess, t.whole(1)))
        return t.case(
            [
                (Term(">", (time, self._back_times(guess, step))), t.best("greatest", (nearer, t.whole(0)))),
                (Term(">", (time, self._back_times(farther, step))), guess),
            ],
            farther,
        )

    def _back_times(self, times: Term, step: int) -> Term:
        months = Term("whole -", (t.whole(0), Term("whole *", (times, t.whole(step)))))
        return self._stepped(self.as_of, months)

    def _whole_months(self, since: Term, until: Term, step: int) -> Term:
        """Return how often `step` months fit between two instants: the greatest k with since + k steps <= until."""
        months = t.best("greatest", (_months_between(self.local(since), self.local(until)), t.whole(0)))
        guess = _div(months, step) if step else t.whole(0)
        reached = self._stepped(since, Term("whole *", (guess, t.whole(step))))
        less = t.best("greatest", (Term("whole -", (guess, t.whole(1))), t.whole(0)))
        return t.case([(Term("<=", (reached, until)), guess)], less)

    def steps_between(self, start: Term, end: Term, every: Duration) -> Term:
        """Return how many whole spans lie between two instants, the second not before the first."""
        if every.is_exact:
            micros = micros_of(every.exact)
            if not micros:
                return t.whole(0)
            return t.best("greatest", (_div(Term("between", (start, end)), micros), t.whole(0)))
        return self._whole_months(start, end, _months(every)) if _months(every) else t.whole(0)

    def _months_on(self, start: Term, months: int) -> Term:
        if not months:
            return start
        stepped = self._stepped(start, t.whole(months))
        if abs(months) < _FAR:
            return stepped
        month = Term("whole +", (Term("month number", (Term("day", (self.local(start),)),)), t.whole(months)))
        if months > 0:
            return t.case([(Term(">", (month, t.whole(_LAST_MONTH))), t.instant(MAX))], stepped)
        return t.case([(Term("<", (month, t.whole(_FIRST_MONTH))), t.instant(MIN))], stepped)

    def _stepped(self, start: Term, months: Term) -> Term:
        shown = self.local(start)
        day = Term("plus months", (Term("day", (shown,)), months))
        landed = self.from_local(Term("at", (day, Term("time of day", (shown,)))))
        if t.is_constant(months) or self.zone_name == "UTC":
            return landed
        # No step at all stays where it is, even where the local time is shown twice.
        return t.case([(Term("=", (months, t.whole(0))), start)], landed)


def days_on(day: Term, count: int) -> Term:
    """Return the day so many days on."""
    return Term("plus days", (day, t.whole(count)))


def whole_days(earlier: Term, later: Term) -> Term:
    """Return how many whole 24 hours lie between two instants, rounded down."""
    return _div(Term("between", (earlier, later)), _DAY)


def _day_step(day: Term, length: Duration, sign: int) -> Term:
    if length.unit in _MONTHS:
        return Term("plus months", (day, t.whole(sign * min(_months(length), 1_000_000))))
    return days_on(day, sign * min(length.exact.days, 10_000_000))


def _plus(start: Term, micros: int) -> Term:
    if abs(micros) >= 1 << 62:
        return t.case([(t.is_null(start), t.instant(None))], t.instant(MAX if micros > 0 else MIN))
    return Term("plus", (start, t.whole(micros)))


def _div(term: Term, by: int) -> Term:
    return Term("whole div", (term, t.whole(by)))


def _months_between(earlier: Term, later: Term) -> Term:
    first, second = (Term("month number", (Term("day", (each,)),)) for each in (earlier, later))
    return Term("whole -", (second, first))


def _months(length: Duration) -> int:
    return length.count * _MONTHS[length.unit]
