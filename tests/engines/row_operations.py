"""Operations over the rows of a group, and over those before and behind, each beside its meaning in Python."""

# ruff: noqa: DTZ001 - instants are in UTC here, without saying so

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from mqldsl.evaluate.numbers import total_of
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import YES, Operation, Term, column
from tests.engines.text_operations import SETS_IN_ORDER

KINDS = ("text", "truth", "double", "whole", "day", "instant", "text")
GROUP, FLAG, NUMBER, WHOLE, DAY, AT, TEXT = map(column, "abcdefg")

_START = date(2024, 2, 20)


def _row(number: int, group: str, value: float) -> tuple[Any, ...]:
    flag = (True, False, None)[number % 3]
    day = _START + timedelta(days=number * 37 % 190)
    at = datetime(2024, 2, 20) + timedelta(microseconds=(number * 7 % 5))
    return group, flag, value, number - 3, day, at, ("b", "B", "ä", "a", "Z")[number % 5]


ROWS: list[tuple[Any, ...]] = [
    *(_row(number, "plain", number * 0.1) for number in range(12)),
    *(
        _row(number, "large", value)
        for number, value in enumerate([1e300, 1.0, 0.25, -1e300, 3e-7, 2.0, 7.1])
    ),
    *(
        _row(number, "middling", value)
        for number, value in enumerate([9.5e12, 0.1, 0.2, 9.4e12, -1e16, 1e15 + 0.5])
    ),
    *(_row(number, "too large", value) for number, value in enumerate([1.7e308, 0.0, 0.0, 1.7e308])),
    *(_row(number, "many", 8.9e12) for number in range(0, 30, 3)),
    ("empty", None, None, None, None, None, None),
    ("none chosen", False, 1.5, 2, _START, datetime(2024, 2, 20), "x"),
]


@attrs.frozen
class Measure:
    """An operation over the rows of a group, and what it gives of them."""

    name: str
    term: Term
    meaning: Callable[[Sequence[tuple[Any, ...]]], Any]


def _op(operation: Operation, *args: Any) -> Term:
    return Term(operation, args)


def _chosen(rows: Sequence[tuple[Any, ...]], place: int) -> list[Any]:
    return [row[place] for row in rows if row[1] is True and row[place] is not None]


def _extreme(choose: Callable[[list[Any]], Any], place: int) -> Callable[[Sequence[tuple[Any, ...]]], Any]:
    return lambda rows: choose(_chosen(rows, place)) if _chosen(rows, place) else None


def _of_truths(choose: Callable[[list[Any]], Any]) -> Callable[[Sequence[tuple[Any, ...]]], Any]:
    return lambda rows: choose([row[1] is True for row in rows])


def _sum(rows: Sequence[tuple[Any, ...]]) -> float | None:
    return total_of(_chosen(rows, 2)) if _chosen(rows, 2) else None


def _sum_of_all(rows: Sequence[tuple[Any, ...]]) -> float | None:
    numbers = [row[2] for row in rows if row[2] is not None]
    return total_of(numbers) if numbers else None


def _days(last: date) -> Measure:
    inside = _op("and", FLAG, _op("<=", DAY, t.day(last)))
    return Measure(
        f"days where to {last}",
        _op("days where", inside, DAY, t.day(_START), t.day(last)),
        lambda rows: len({day for day in _chosen(rows, 4) if day <= last}),
    )


EXTREMES: list[tuple[str, Operation, Callable[[list[Any]], Any]]] = [
    ("min", "min where", min),
    ("max", "max where", max),
]
MEASURES = [
    Measure("count where", _op("count where", FLAG), lambda rows: sum(row[1] is True for row in rows)),
    Measure("count all", _op("count where", YES), len),
    Measure("any where", _op("any where", FLAG), lambda rows: any(row[1] is True for row in rows)),
    *(
        Measure(f"{name} {place}", _op(operation, FLAG, value), _extreme(choose, place))
        for name, operation, choose in EXTREMES
        for place, value in ((2, NUMBER), (3, WHOLE), (4, DAY), (5, AT), (6, TEXT))
    ),
    *(
        Measure(f"{name} of truths", _op(operation, YES, _op("is true", FLAG)), _of_truths(choose))
        for name, operation, choose in EXTREMES
    ),
    Measure(
        "max of all",
        _op("max where", YES, WHOLE),
        lambda rows: max((row[3] for row in rows if row[3] is not None), default=None),
    ),
    Measure("sum where", _op("sum where", FLAG, NUMBER), _sum),
    Measure("sum of all", _op("sum where", YES, NUMBER), _sum_of_all),
    Measure(
        "whole sum where",
        _op("whole sum where", FLAG, WHOLE),
        lambda rows: sum(_chosen(rows, 3)) if _chosen(rows, 3) else None,
    ),
    Measure(
        "count distinct where",
        _op("count distinct where", FLAG, TEXT),
        lambda rows: len(set(_chosen(rows, 6))),
    ),
    Measure(
        "count distinct of all",
        _op("count distinct where", YES, DAY),
        lambda rows: len({row[4] for row in rows if row[4] is not None}),
    ),
    *(
        _days(last)
        for last in (
            date(2024, 2, 20),
            date(2024, 4, 1),
            date(2024, 6, 1),
            date(2024, 12, 31),
            date(2030, 1, 1),
        )
    ),
]


@attrs.frozen
class Windowed:
    """An operation over the rows before or behind, and what it gives for one of them."""

    name: str
    term: Term
    meaning: Callable[[tuple[Any, ...], Sequence[tuple[Any, ...]]], Any]


def _before(row: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
    values = [one[3] for one in rows if one[1] is True and one[5] < row[5] and one[0] == row[0]]
    return max(values, default=None)


def _behind(row: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
    values = [one[5] for one in rows if one[1] is True and one[5] > row[5] and one[0] == row[0]]
    return min(values, default=None)


def _behind_all(row: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
    return min((one[3] for one in rows if one[1] is True and one[5] > row[5]), default=None)


TIMED = [row for row in ROWS if row[5] is not None]
WINDOWS = [
    Windowed("max before", _op("max before", FLAG, WHOLE, AT, GROUP), _before),
    Windowed("min after", _op("min after", FLAG, AT, AT, GROUP), _behind),
    Windowed("min after, no groups", _op("min after", FLAG, WHOLE, AT), _behind_all),
]
# Where equal instants may come in any order, instants differ.
APART = [
    ("x" if number % 2 else "y", datetime(2024, 1, 1) + timedelta(hours=number * 7 % 11))
    for number in range(11)
]


def _own(row: tuple[Any, ...]) -> list[datetime]:
    return sorted(at for group, at in APART if group == row[0])


ORDERED = [
    Windowed(
        "next",
        _op("next", column("b"), column("a")),
        lambda row, _: next((at for at in _own(row) if at > row[1]), None),
    ),
    Windowed(
        "rank", _op("rank", column("a"), column("b")), lambda row, _: 1 + sum(at > row[1] for at in _own(row))
    ),
    Windowed(
        "place",
        _op("place", column("b"), column("a")),
        lambda row, _: 1 + sum(at < row[1] for at in _own(row)),
    ),
]

SET_ORDER = _op("sorted members", _op("folded members", column("a")))
SETS = [(each,) for each in SETS_IN_ORDER]
