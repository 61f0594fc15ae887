"""Offsets of zones as terms: what Python says at each change, long before and long after."""

# ruff: noqa: DTZ001 - instants are in UTC here, without saying so

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqldsl.evaluate.sql.lowering import functions_for
from mqldsl.evaluate.sql.lowering.zones import offsets
from mqldsl.evaluate.sql.terms import Term, column
from mqldsl.model.calendar import at_local
from tests.engines.running import answers

# Odd ones: minutes, a skipped day, rules of its own until 2087, no rule, half-hour changes, the other half of the year.
ZONES = [
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca"),
    *(
        "Australia/Lord_Howe",
        "America/Santiago",
        "Africa/Freetown",
        "Etc/GMT+5",
        "Europe/Dublin",
        "Asia/Gaza",
    ),
]
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))
_SECOND = timedelta(seconds=1)


def expected(zone: str, instant: datetime) -> int:
    ahead = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert ahead is not None
    return ahead // timedelta(microseconds=1)


def instants_of(zone: str, shown: list[datetime]) -> list[datetime]:
    return [at_local(each, ZoneInfo(zone)).replace(tzinfo=None) for each in shown]


@pytest.fixture(scope="module")
def run() -> Any:
    with duckdb.connect() as connection:
        functions_for(connection)
        yield lambda sql: connection.execute(sql).fetchall()


def offset(zone: str, kind: str) -> Term:
    return Term("offset at instant" if kind == "instant" else "offset at local", (zone, column("a")))


@pytest.mark.parametrize("zone", ZONES)
def test_each_change(run: Any, zone: str) -> None:
    of = offsets(zone)
    changes = [change.at for change in of.table]
    later = [
        datetime(year, month, day)
        for year in (2050, 2088, 2101, 4000)
        for month in range(1, 13)
        for day in (1, 26)
    ]
    near = [at + step for at in changes for step in (-_SECOND, timedelta(0), timedelta(microseconds=-1))]
    instants = [*near, *later]
    found = answers("duckdb", run, offset(zone, "instant"), ("instant",), [(each,) for each in instants])
    assert found == [expected(zone, each) for each in instants]


@pytest.mark.parametrize("zone", ZONES)
def test_each_change_on_the_clocks(run: Any, zone: str) -> None:
    steps = [timedelta(minutes=minutes) for minutes in (-1441, -61, -31, -1, 0, 29, 30, 59, 60, 1439)]
    shown = [
        change.at + timedelta(microseconds=side) + step
        for change in offsets(zone).table[-90:]
        for side in (change.before, change.after)
        for step in steps
    ] or [datetime(2024, 1, 1)]
    back = Term(
        "plus", (column("a"), Term("whole -", (Term("constant", ("whole", 0)), offset(zone, "local"))))
    )
    assert answers("duckdb", run, back, ("instant",), [(each,) for each in shown]) == instants_of(zone, shown)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(ZONES), st.lists(INSTANTS, min_size=1, max_size=20))
def test_any_instant(run: Any, zone: str, instants: list[datetime]) -> None:
    rows = [(each,) for each in instants]
    assert answers("duckdb", run, offset(zone, "instant"), ("instant",), rows) == [
        expected(zone, each) for each in instants
    ]
    back = Term(
        "plus", (column("a"), Term("whole -", (Term("constant", ("whole", 0)), offset(zone, "local"))))
    )
    assert answers("duckdb", run, back, ("instant",), rows) == instants_of(zone, instants)
