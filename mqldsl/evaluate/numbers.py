"""Numbers as the language has them: doubles, whole millionths, bounds."""

import math
from collections.abc import Iterable
from typing import Literal, assert_never

from mqldsl.evaluate.outcome import Bounds

_MILLION = 1_000_000


def millionths(number: float) -> float:
    """Return a finished number in whole millionths, rounded half to even.

    >>> millionths(0.7 * 48 + 0.3 * 88)
    60.0
    """
    scaled = number * 1e6
    if not math.isfinite(scaled):
        return number  # no double of this size has any millionths
    return round(scaled) / 1e6


def total_of(numbers: Iterable[float]) -> float | None:
    """Return the sum, exact in whole millionths and so in any order; None where no double holds it."""
    exact = sum(_whole_millionths(number) for number in numbers)
    try:
        return exact / _MILLION
    except OverflowError:
        return None


def _whole_millionths(number: float) -> int:
    scaled = number * 1e6
    return round(scaled) if math.isfinite(scaled) else int(number) * _MILLION


def rounded(number: float, places: int) -> float:
    """Return the number with so many decimals, half away from zero.

    The half is judged on `number * 10 ** places` as a double has it.

    >>> rounded(-2.5, 0), rounded(2.675, 2)
    (-3.0, 2.68)
    """
    factor = 10.0**places
    scaled = abs(number) * factor
    if not math.isfinite(scaled) or scaled >= 2**52:
        return number
    whole = math.floor(scaled)
    if scaled - whole >= 0.5:
        whole += 1
    return math.copysign(whole / factor, number)


def calculated(operator: Literal["+", "-", "*", "/"], left: float, right: float) -> float | None:
    """Return what arithmetic gives; None for a division by zero and for what is infinite or no number."""
    match operator:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case "/":
            if right == 0:
                return None
            result = left / right
        case _:
            assert_never(operator)
    return result if math.isfinite(result) else None


def calculated_bounds(operator: Literal["+", "-", "*", "/"], left: Bounds, right: Bounds) -> Bounds:
    """Return the bounds of arithmetic with everything between the bounds of both sides."""
    if operator == "/" and right.low <= 0 <= right.high:
        return Bounds(-math.inf, math.inf)
    if operator == "+":
        return Bounds(left.low + right.low, left.high + right.high)
    if operator == "-":
        return Bounds(left.low - right.high, left.high - right.low)
    corners = [_corner(operator, a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Bounds(min(corners), max(corners))


def _corner(operator: str, a: float, b: float) -> float:
    if operator == "*":
        return 0.0 if a == 0 or b == 0 else a * b  # nothing of what has no bound is nothing
    return (
        0.0
        if math.isinf(b) and not math.isinf(a)
        else (a / b if not math.isinf(a) or not math.isinf(b) else 0.0)
    )


def clamped(number: float, low: float | None, high: float | None) -> float:
    """Return the number, moved to `low` or `high` where it lies outside."""
    if low is not None and number < low:
        return low
    if high is not None and number > high:
        return high
    return number
