"""Values as JSON can hold them."""

import math
from datetime import UTC, date, datetime

from mqldsl.model.types import Value


def plain(value: Value | None) -> object:
    """Return a value as JSON can hold it; instants are in UTC.

    >>> plain(30.0), plain(("a", "b")), plain(date(2026, 3, 1)), plain(None)
    (30, ['a', 'b'], '2026-03-01', None)
    """
    match value:
        case bool() | str() | None:
            return value
        case float():
            return finite(value)
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case date():
            return value.isoformat()
        case _:
            return list(value)


def finite(number: float) -> float | int | None:
    """Return a number as JSON can hold it: without an end it is null, whole it has no point.

    >>> finite(30.0), finite(0.5), finite(math.inf)
    (30, 0.5, None)
    """
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1 << 53 else number
