"""Functions in Python that DuckDB calls, for the few values its own functions cannot be shown to get right.

Each runs on a column at a time, and on each different value once.
"""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from mqldsl.evaluate.numbers import total_of
from mqldsl.model.calendar import BusinessHours, Duration, Unit, end_of_day, later
from mqldsl.model.folding import (
    Pattern,
    compile_regex,
    fold,
    list_entry,
    matches_entry,
    mentions,
    squeeze,
)

FOLD, SQUEEZE, MENTIONS, FITS, MATCHES = "mql_fold", "mql_squeeze", "mql_mentions", "mql_fits", "mql_matches"
TOTAL, GRAND_TOTAL = "mql_total", "mql_grand_total"
LATER, END_OF_DAY = "mql_later", "mql_end_of_day"

_Column = Any  # pyarrow ships no types


def functions_for(connection: duckdb.DuckDBPyConnection) -> None:
    """Register on a connection what queries for DuckDB call; a second time does nothing."""
    query = "SELECT function_name FROM duckdb_functions() WHERE starts_with(function_name, 'mql_')"
    # All rows, because a result not read to its end holds the connection up.
    there = {name for (name,) in connection.execute(query).fetchall()}
    _register(connection, _FUNCTIONS.keys() - there)


def functions_of(query: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Register what one query calls on a connection that has none of it yet, which takes a tenth of the time."""
    _register(connection, [name for name in _FUNCTIONS if name in query])


def _register(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    arrow: Any = "arrow"  # the name of the type itself is not where it was in every DuckDB
    nulls: Any = "special"  # a sum that no double holds is missing
    for name in names:
        parameters, result, function = _FUNCTIONS[name]
        connection.create_function(name, function, list(parameters), result, type=arrow, null_handling=nulls)


def _of_text(function: Callable[[str], str]) -> Callable[[_Column], _Column]:
    def run(texts: _Column) -> _Column:
        return _each(texts, function, pa.string())

    return run


def _of_two(function: Callable[[str, str], bool]) -> Callable[[_Column, _Column], _Column]:
    def run(texts: _Column, others: _Column) -> _Column:
        wanted = others.unique()
        one = wanted[0].as_py() if len(wanted) == 1 else None
        if one is not None:
            return _each(texts, lambda text: function(text, one), pa.bool_())
        pairs = zip(texts.to_pylist(), others.to_pylist(), strict=True)
        answers = [None if text is None or other is None else function(text, other) for text, other in pairs]
        return pa.array(answers, pa.bool_())

    return run


def _each(texts: _Column, function: Callable[[Any], object], kind: object) -> _Column:
    different = texts.dictionary_encode()
    if isinstance(different, pa.ChunkedArray):
        different = different.combine_chunks()
    answers = [None if text is None else function(text) for text in different.dictionary.to_pylist()]
    return pa.array(answers, kind).take(different.indices)


def _fits(text: str, entry: str) -> bool:
    return matches_entry(_entry(entry), text)


def _matches(text: str, pattern: str) -> bool:
    return _pattern(pattern).search(text.encode()) is not None


_entry = lru_cache(maxsize=4_096)(list_entry)
_pattern: Callable[[str], Pattern] = lru_cache(maxsize=4_096)(compile_regex)


def _total(numbers: _Column) -> _Column:
    sums = [None if each is None or None in each else total_of(each) for each in numbers.to_pylist()]
    return pa.array(sums, pa.float64())


def _grand_total(millionths: _Column, numbers: _Column) -> _Column:
    """Return sums of whole millionths, written out, and of doubles too large for these."""
    return pa.array(
        [_added(*pair) for pair in zip(millionths.to_pylist(), numbers.to_pylist(), strict=True)],
        pa.float64(),
    )


def _added(millionths: str, numbers: list[float]) -> float | None:
    # `total_of` adds doubles; the small ones are one whole number already.
    exact = int(millionths) + sum(_whole(number) for number in numbers)
    try:
        return exact / 1_000_000
    except OverflowError:
        return None


def _whole(number: float) -> int:
    scaled = number * 1e6
    return round(scaled) if math.isfinite(scaled) else int(number) * 1_000_000


def _later(starts: _Column, counts: _Column, units: _Column, hours: _Column, zones: _Column) -> _Column:
    duration = Duration(counts[0].as_py(), Unit(units[0].as_py()))
    worked, zone = _hours(hours[0].as_py()), ZoneInfo(zones[0].as_py())
    return _instants(starts, lambda start: later(start, duration, worked, zone))


def _end_of_day(starts: _Column, hours: _Column, zones: _Column) -> _Column:
    worked, zone = _hours(hours[0].as_py()), ZoneInfo(zones[0].as_py())
    return _instants(starts, lambda start: end_of_day(start, worked, zone))


def _hours(told: str) -> BusinessHours | None:
    if not told:
        return None
    days, opens, closes = told.split()
    return BusinessHours(frozenset(map(int, days)), time.fromisoformat(opens), time.fromisoformat(closes))


def _instants(starts: _Column, function: Callable[[datetime], datetime]) -> _Column:
    def moved(start: datetime) -> datetime:
        return function(start.replace(tzinfo=UTC)).replace(tzinfo=None)

    return _each(starts, moved, pa.timestamp("us"))


_FUNCTIONS: Final[dict[str, tuple[list[str], str, Callable[..., Any]]]] = {
    FOLD: (["VARCHAR"], "VARCHAR", _of_text(fold)),
    SQUEEZE: (["VARCHAR"], "VARCHAR", _of_text(squeeze)),
    MENTIONS: (["VARCHAR", "VARCHAR"], "BOOLEAN", _of_two(mentions)),
    FITS: (["VARCHAR", "VARCHAR"], "BOOLEAN", _of_two(_fits)),
    MATCHES: (["VARCHAR", "VARCHAR"], "BOOLEAN", _of_two(_matches)),
    TOTAL: (["DOUBLE[]"], "DOUBLE", _total),
    LATER: (["TIMESTAMP", "BIGINT", "VARCHAR", "VARCHAR", "VARCHAR"], "TIMESTAMP", _later),
    END_OF_DAY: (["TIMESTAMP", "VARCHAR", "VARCHAR"], "TIMESTAMP", _end_of_day),
    GRAND_TOTAL: (["VARCHAR", "DOUBLE[]"], "DOUBLE", _grand_total),
}
