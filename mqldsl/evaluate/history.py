"""A lead's events prepared once: read, each kind's times sorted, and what counts in windows come to at any time."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

import attrs

Row: TypeAlias = dict[str, Any]


class ReadsEvents(Protocol):
    """What reads events for one definition."""

    all_kinds: frozenset[str]

    def rows(self, events: Iterable[Any]) -> Sequence[Row]:
        """Return the events, every value read."""


# No event is as early as this that a window with an edge could hold.
_EARLIEST = datetime.min.replace(tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@attrs.frozen(eq=False)
class Stretch:
    """Some events in order of time; `last` is the last of the times. Records come as they were received."""

    times: list[datetime]
    rows: list[tuple[datetime | None, Row]]
    size: int
    last: datetime


# Some counts at any time: since when each change holds, in microseconds, the counts before the first and from each on.
Steps: TypeAlias = tuple["array[float]", list[tuple[int, ...]]]

# What a definition picks of a history: a kind, and what says whether an event belongs (None: all do).
Picked: TypeAlias = tuple[str, Callable[[Row], bool | None] | None]

# What it counts: places among what it picks, and for how long an event counts (None: for good).
Counted: TypeAlias = tuple[Sequence[int], timedelta | None]

# Microseconds from 1970 up to here, which is in the year 2255, are exact as doubles.
_EXACT = 1 << 53

# Several counts in one number, so that a change is a sum: so many bits for each.
_BITS = 32
_MOST_SHARED = 4_096


class Together(dict[int, tuple[int, ...]]):
    """Counts that are looked up together, by the number that holds them all.

    Histories share what they come to, because for most of them that is nothing, or one event.
    """

    __slots__ = ("counted",)

    def __init__(self, counted: Sequence[Counted]) -> None:
        """Take what is counted."""
        super().__init__()
        self.counted = counted

    def __missing__(self, number: int) -> tuple[int, ...]:
        """Return the counts that a number holds."""
        found = tuple(number >> _BITS * place & (1 << _BITS) - 1 for place in range(len(self.counted)))
        if len(self) < _MOST_SHARED:
            self[number] = found
        return found


@attrs.define(eq=False)
class Wanted:
    """What a definition wants of a history."""

    picks: list[Picked] = attrs.field(factory=list)
    counts: list[Together] = attrs.field(factory=list)


@attrs.frozen(eq=False)
class Ready:
    """Events as one definition reads them, the stretch of each selection that it picks, and its counts.

    There are neither where an id is repeated, where it is not sure whether an event belongs, or where one lies
    centuries away.
    """

    reads: ReadsEvents
    rows: Sequence[Row]
    stretches: tuple[Stretch, ...] | None
    steps: tuple[Any, ...] = ()


def _stretch(pairs: list[tuple[datetime | None, Row]]) -> Stretch:
    times = [at for at, _ in pairs if at is not None]
    return Stretch(times, pairs, len(pairs), times[-1] if times else _EARLIEST)


def _steps(together: Together, stretches: Sequence[Stretch]) -> Steps | None:
    """Return what some counts come to at any time: each changes where an event comes, and where it is too old.

    None where that is in times that no double tells exactly.
    """
    start, changes = 0, list[tuple[int, int]]()
    for number, (places, length) in enumerate(together.counted):
        one = 1 << _BITS * number
        for place in places:
            times = stretches[place].times
            start += (stretches[place].size - len(times)) * one  # records are there at any time
            ticks = [(at - EPOCH) // MICROSECOND for at in times]
            changes += [(tick, one) for tick in ticks]
            if length is not None:
                lasts = length // MICROSECOND
                changes += [(tick + lasts, -one) for tick in ticks]
    changes.sort()
    if changes and not -_EXACT <= changes[0][0] <= changes[-1][0] <= _EXACT:
        return None
    sums = accumulate([by for _, by in changes], initial=start)
    # Numbers side by side: an instant for each would lie anywhere in memory, and a search look at many.
    return array("d", [tick for tick, _ in changes]), [together[number] for number in sums]


class History:
    """The events of one lead, prepared once for many decisions.

    >>> history = History([{"kind": "visit", "at": "2026-03-01 09:00"}])

    What a definition makes of them is kept, so hand in the same `History` again. The events are taken as they are at
    the first decision: later changes are not seen.
    """

    __slots__ = ("_all", "events", "ready")

    def __init__(self, events: Iterable[Any]) -> None:
        """Take the events of one lead, as `Definition.decide` takes them, in any order."""
        self.events = tuple(events)
        # What the definition that asked last makes of them, and all that asked.
        self.ready: Ready | None = None
        self._all: dict[int, Ready] = {}

    def __iter__(self) -> Iterator[Any]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __reduce__(self) -> tuple[type["History"], tuple[tuple[Any, ...]]]:
        return History, (self.events,)

    def ready_for(self, reads: ReadsEvents, wanted: Wanted) -> Ready:
        """Return the events as a definition reads them; the first time they are read, a fault is a `LeadError`."""
        found = self._all.get(id(reads))
        if found is None or found.reads is not reads:
            found = self._all[id(reads)] = _made_ready(reads, self.events, wanted)
        self.ready = found
        return found


def _sorted_by_kind(
    reads: ReadsEvents, events: Iterable[Any], wanted: Wanted
) -> tuple[list[Row], dict[str, list[tuple[datetime | None, Row]]] | None]:
    """Return all events, and those of each kind that is wanted in order of time: None where an id is repeated.

    Those of the usual classes are taken as they are: their properties are read where they are used.
    """
    kinds, rows = reads.all_kinds, list[Row]()
    ids, is_repeated = set[tuple[str, str]](), False
    of_kind: dict[str, list[tuple[datetime | None, Row]]] = {kind: [] for kind, _ in wanted.picks}
    for event in events:
        if type(event) is dict and (kind := event.get("kind")) in kinds and "id" not in event:
            at = event.get("at")
            if type(at) is datetime and at.tzinfo is UTC:
                rows.append(event)
                if kind in of_kind:
                    of_kind[kind].append((at, event))
                continue
        for row in reads.rows((event,)):
            rows.append(row)
            kind = row["kind"]
            if kind in of_kind:
                of_kind[kind].append((row.get("at"), row))
            if "id" in row:
                is_repeated |= (kind, row["id"]) in ids
                ids.add((kind, row["id"]))
    for pairs in of_kind.values():
        if pairs and pairs[0][0] is not None:
            pairs.sort(key=itemgetter(0))
    return rows, None if is_repeated else of_kind


def _made_ready(reads: ReadsEvents, events: Iterable[Any], wanted: Wanted) -> Ready:
    rows, of_kind = _sorted_by_kind(reads, events, wanted)
    if of_kind is None:
        return Ready(reads, rows, None)
    stretches: list[Stretch] = []
    whole: dict[str, Stretch] = {}
    for kind, belongs in wanted.picks:
        if belongs is None:
            if kind not in whole:
                whole[kind] = _stretch(of_kind[kind])
            stretches.append(whole[kind])
            continue
        try:
            answers = [belongs(row) for _, row in of_kind[kind]]
        except TypeError:  # of a value that cannot even be looked up: the careful way tells the fault
            return Ready(reads, rows, None)
        if None in answers:
            return Ready(reads, rows, None)
        stretches.append(
            _stretch([pair for pair, answer in zip(of_kind[kind], answers, strict=True) if answer])
        )
    steps = [_steps(together, stretches) for together in wanted.counts]
    if None in steps:
        return Ready(reads, rows, None)
    return Ready(reads, rows, tuple(stretches), tuple(each for step in steps if step for each in step))
