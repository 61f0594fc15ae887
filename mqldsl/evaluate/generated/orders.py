"""Steps over lists of events, all of them sure: one after another, none after another, idle time, spans after one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from mqldsl.evaluate.generated.readers import UNSUPPLIED, Named, read_of
from mqldsl.evaluate.selecting import Link, comparable, steps_of
from mqldsl.model.calendar import Duration, forward, whole_days

# An instant, None for a record, and the event as it was handed in.
Pair: TypeAlias = tuple[datetime | None, dict[str, Any]]
Pairs: TypeAlias = Sequence[Pair]


# For each kind, what reads the values that are to be the same; None where nothing is.
Same: TypeAlias = Mapping[str, Sequence[Named | None]] | None


def united(parts: Sequence[Pairs]) -> list[Pair]:
    """Return several lists as one; an event that is in more than one of them once.

    One object may stand for several events that are alike: it counts as often as in the list that has it most.
    """
    found: dict[int, list[Pair]] = {}
    for part in parts:
        mine: dict[int, list[Pair]] = {}
        for pair in part:
            mine.setdefault(id(pair[1]), []).append(pair)
        for key, pairs in mine.items():
            if len(pairs) > len(found.get(key, ())):
                found[key] = pairs
    return [pair for pairs in found.values() for pair in pairs]


def _groups(rows: Pairs, same: Same) -> Iterator[tuple[object, datetime, Pair]]:
    """Yield the values that are to be the same, the instant and the pair; those with a blank are in no group."""
    for pair in rows:
        at, event = pair
        if at is None:
            continue
        if same is None:
            yield (), at, pair
            continue
        readers = same[event["kind"]]
        values: list[Any] = [UNSUPPLIED if each is None else read_of(event, each) for each in readers]
        if any(value is UNSUPPLIED for value in values):
            yield None, at, pair
        elif all(value is not None for value in values):
            yield tuple(map(comparable, values)), at, pair


def _times(rows: Pairs, same: Same) -> dict[object, list[datetime]] | None:
    """Return the sorted instants of each group; None where a value was not supplied."""
    groups: dict[object, list[datetime]] = {}
    for group, at, _ in _groups(rows, same):
        if group is None:
            return None
        groups.setdefault(group, []).append(at)
    for times in groups.values():
        times.sort()
    return groups


def then(earlier: Pairs, later: Pairs, link: Link, same: Same) -> list[Pair] | None:
    """Return those of `later` with one of `earlier` strictly before them, and soon enough; None where unsure."""
    groups = _times(earlier, same)
    if groups is None:
        return None
    found = []
    for group, at, pair in _groups(later, same):
        if group is None:
            return None
        times = groups.get(group, ())
        place = bisect_left(times, at)
        # The last one before is the one that reaches furthest.
        if place and ((end := link.end(times[place - 1])) is None or at <= end):
            found.append(pair)
    return found


def then_no(earlier: Pairs, later: Pairs, link: Link, same: Same, now: datetime) -> list[Pair] | None:
    """Return those of `earlier` that none of `later` follows, once the time for it has passed; None where unsure."""
    if same is None and link.within is None:
        last = max((at for at, _ in later if at is not None), default=None)
        return [pair for pair in earlier if pair[0] is not None and (last is None or last <= pair[0])]
    groups = _times(later, same)
    if groups is None or any(group is None for group, _, _ in _groups(earlier, same)):
        return None
    followed = set()
    for group, at, (_, event) in _groups(earlier, same):
        times = groups.get(group, ())
        place = bisect_right(times, at)
        if place < len(times) and ((end := link.end(at)) is None or times[place] <= end):
            followed.add(id(event))
    found: list[Pair] = []
    for moment, event in earlier:
        if moment is not None and id(event) not in followed:
            end = link.end(moment)
            if end is None or end <= now:
                found.append((moment, event))
    return found


def idle_time(rows: Pairs, every: Duration, now: datetime, zone: ZoneInfo) -> list[Pair]:
    """Return an event for each whole `every` that passed since one of them, with none in between."""
    times = sorted({at for at, _ in rows if at is not None})
    found: list[Pair] = []
    shortest = every.exact if every.is_exact else timedelta()
    for start, end in zip(times, [*times[1:], now]):
        if end - start >= shortest:
            found += [(instant, {"kind": ""}) for instant in steps_of(start, every, min(end, now), zone)]
    return found


def after(rows: Pairs, anchors: Pairs, is_last: bool, length: Duration, zone: ZoneInfo) -> list[Pair]:
    """Return those from the first or last of some events on, for a length of time."""
    times = [at for at, _ in anchors if at is not None]
    if not times:
        return []
    start = max(times) if is_last else min(times)
    end = forward(start, length, zone)
    return [(at, event) for at, event in rows if at is not None and start <= at < end]


def days_since(rows: Pairs, is_last: bool, now: datetime) -> int | None:
    """Return the whole days since the last or first of some events; None where there is none."""
    times = [at for at, _ in rows if at is not None]
    return whole_days(max(times) if is_last else min(times), now) if times else None
