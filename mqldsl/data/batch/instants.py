"""Instants in a column of texts, many at once: what machines write, and only that."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mqldsl.data.batch.arrays import Array
from mqldsl.data.batch.late import pa, pc
from mqldsl.model.calendar import at_local

# A narrow part of what `moments.instant_of` reads: no year near the ends of time, no offset past 14 hours.
_WRITTEN = (
    r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ]"
    r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{3}([0-9]{3})?)?"
)
_NAIVE = _WRITTEN + "$"
_WITH_OFFSET = _WRITTEN + r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"

# In seconds, the years 1900 to 2199, where no offset leads out of what Python can tell.
_FIRST, _LAST = -2_208_988_800, 7_258_118_399

_A_DAY = timedelta(days=1)


def quick_instants(zone: ZoneInfo) -> Callable[[Array], tuple[Array, Array]]:
    """Return the function that reads different texts: instants in UTC, and which texts are settled."""

    def instants(texts: Array) -> tuple[Array, Array]:
        naive, is_naive = _told(texts, _NAIVE, pa.timestamp("us"))
        moved, is_moved = _told(texts, _WITH_OFFSET, pa.timestamp("us", "UTC"))
        if zone.key != "UTC":
            naive = in_utc(naive, zone)
            is_naive = pc.is_valid(naive)  # the others are at days on which clocks were changed
        found = pc.coalesce(naive, pc.cast(moved, pa.timestamp("us")))
        return found, pc.or_(is_naive, is_moved)

    return instants


def native_instants(zone: ZoneInfo) -> Callable[[Array], Array | None]:
    """Return the function that reads a column of times; None where they are none, or not all as simple as that."""

    def instants(column: Array) -> Array | None:
        kind = column.type
        if not pa.types.is_timestamp(kind) or kind.unit == "ns":
            return None
        ends = pc.min_max(pc.cast(column, pa.int64()))
        per_second = {"s": 1, "ms": 1_000, "us": 1_000_000}[kind.unit]
        first, last = (ends[name].as_py() or 0 for name in ("min", "max"))
        if first < _FIRST * per_second or last > _LAST * per_second:
            return None
        found = pc.cast(pc.cast(column, pa.timestamp("us", kind.tz)), pa.timestamp("us"))
        if kind.tz is not None or zone.key == "UTC":
            return found
        found = in_utc(found, zone)
        return found if found.null_count == column.null_count else None

    return instants


def in_utc(naive: Array, zone: ZoneInfo) -> Array:
    """Return the instants of local times, null at days on which the clocks of the zone are changed."""
    encoded = pc.cast(naive, pa.date32(), safe=False).dictionary_encode()
    ahead = pa.array([_ahead_all(day, zone) for day in encoded.dictionary.to_pylist()], pa.duration("us"))
    return pc.subtract(naive, ahead.take(encoded.indices))


def _ahead_all(day: date, zone: ZoneInfo) -> timedelta | None:
    """Return how far the clocks are ahead of UTC all day long, or None where that changes."""
    start = datetime.combine(day, time.min)
    there = {_ahead(start + _A_DAY * part / 4, zone) for part in range(5)}
    return there.pop() if len(there) == 1 else None


def _ahead(naive: datetime, zone: ZoneInfo) -> timedelta:
    return naive - at_local(naive, zone).replace(tzinfo=None)


def _told(texts: Array, pattern: str, kind: object) -> tuple[Array, Array]:
    """Return the times that texts of this form tell; none is settled if one of them is no time at all."""
    fits = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    try:
        return pc.cast(pc.if_else(fits, texts, pa.scalar(None, texts.type)), kind), fits
    except pa.ArrowInvalid:  # no such day
        return pa.nulls(len(texts), kind), pa.repeat(pa.scalar(False), len(texts))
