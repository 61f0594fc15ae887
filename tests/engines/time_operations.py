"""Operations on days, instants and zones."""

# ruff: noqa: DTZ001 - instants are in UTC here, without saying so

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import known
from mqldsl.model.calendar import local
from tests.engines.cases import DAYS, INSTANTS, ZONES, A, B, Case, op, pairs_of


def _shown(instant: datetime, zone: str) -> datetime:
    return local(instant.replace(tzinfo=UTC), ZoneInfo(zone))


def time_cases() -> list[Case]:
    lengths = [
        0,
        1,
        -1,
        86_400_000_000 * 30,
        -86_400_000_000 * 366 * 5,
        3_600_000_001,
        4 * 10**17,
        -(4 * 10**17),
        2**62,
    ]
    days = [0, 1, -1, 30, -366, 4_000_000, -4_000_000]
    months = [0, 1, -1, 11, 13, -25, 12 * 9_998, 12 * 10_000, -12 * 10_000, 30_000]
    instants, all_days = [(each,) for each in INSTANTS], [(each,) for each in DAYS]
    return [
        *(
            Case(
                f"plus {each}",
                op("plus", A, t.whole(each)),
                ("instant",),
                instants,
                lambda a, each=each: known._plus(a, each),
            )
            for each in lengths
        ),
        Case(
            "plus a column",
            op("plus", A, B),
            ("instant", "whole"),
            [(a, b) for a in INSTANTS for b in lengths],
            known._plus,
        ),
        Case(
            "between",
            op("between", A, B),
            ("instant", "instant"),
            pairs_of(INSTANTS),
            lambda a, b: known.micros(b) - known.micros(a),
        ),
        Case(
            "days between",
            op("days between", A, B),
            ("day", "day"),
            pairs_of(DAYS),
            lambda a, b: (b - a).days,
        ),
        *(
            Case(
                f"plus days {each}",
                op("plus days", A, t.whole(each)),
                ("day",),
                all_days,
                lambda a, each=each: known._plus_days(a, each),
            )
            for each in days
        ),
        Case(
            "plus days column",
            op("plus days", A, B),
            ("day", "whole"),
            [(a, b) for a in DAYS for b in (*days, 2**40)],
            known._plus_days,
        ),
        *(
            Case(
                f"plus months {each}",
                op("plus months", A, t.whole(each)),
                ("day",),
                all_days,
                lambda a, each=each: known._plus_months(a, each),
            )
            for each in months
        ),
        Case(
            "plus months column",
            op("plus months", A, B),
            ("day", "whole"),
            [(a, b) for a in DAYS for b in (*months, 2**40)],
            known._plus_months,
        ),
        Case("day", op("day", A), ("instant",), instants, lambda a: a.date()),
        Case(
            "time of day",
            op("time of day", A),
            ("instant",),
            instants,
            lambda a: known.micros(a) % 86_400_000_000,
        ),
        Case(
            "at a constant",
            op("at", A, t.whole(32_400_000_000)),
            ("day",),
            all_days,
            lambda a: datetime(a.year, a.month, a.day, 9),
        ),
        Case(
            "at midnight",
            op("at", A, t.whole(0)),
            ("day",),
            all_days,
            lambda a: datetime(a.year, a.month, a.day),
        ),
        Case(
            "at a column",
            op("at", A, B),
            ("day", "whole"),
            [(a, 86_399_999_999) for a in DAYS],
            lambda a, _: datetime(a.year, a.month, a.day, 23, 59, 59, 999999),
        ),
        *(
            Case(
                f"start of {span}",
                op("start of", span, A),
                ("day",),
                all_days,
                lambda a, span=span: known._start(span, a),
            )
            for span in ("week", "month", "quarter", "year")
        ),
        Case("weekday", op("weekday", A), ("day",), all_days, lambda a: a.weekday()),
        Case("day number", op("day number", A), ("day",), all_days, lambda a: (a - date(1970, 1, 1)).days),
        Case("month number", op("month number", A), ("day",), all_days, lambda a: a.year * 12 + a.month - 1),
        *(
            Case(
                f"local time in {zone}",
                op("plus", A, op("offset at instant", zone, A)),
                ("instant",),
                instants,
                lambda a, zone=zone: _shown(a, zone),
            )
            for zone in ZONES
        ),
        Case(
            "a constant",
            op("plus", t.instant(INSTANTS[0]), t.whole(1)),
            ("whole",),
            [(1,)],
            lambda _: known._plus(INSTANTS[0], 1),
            True,
        ),
    ]
