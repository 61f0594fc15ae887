"""A lead's events prepared once: read, and each kind's times sorted, so that a count in a window is two searches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

import attrs

Row: TypeAlias = dict[str, Any]


class ReadsEvents(Protocol):
    """What reads events for one definition."""

    all_kinds: frozenset[str]

    def rows(self, events: Iterable[Any]) -> Sequence[Row]:
        """Return the events, every value read."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


# Before every instant.
NEVER = -(1 << 62)


@attrs.frozen(eq=False)
class Stretch:
    """Some events in order of time; `ticks` are the times in microseconds, `last` is the last of them.

    Records come as they were received.
    """

    ticks: list[int]
    times: list[datetime]
    rows: list[tuple[datetime | None, Row]]
    size: int
    last: int


# What a definition picks of a history: a kind, and what says whether an event belongs (None: all do).
Picked: TypeAlias = tuple[str, Callable[[Row], bool | None] | None]


@attrs.frozen(eq=False)
class Ready:
    """Events as one definition reads them, and the stretch of each selection that it picks.

    There are no stretches where an id is repeated, or where it is not sure whether an event belongs.
    """

    reads: ReadsEvents
    rows: Sequence[Row]
    stretches: tuple[Stretch, ...] | None


def _stretch(pairs: list[tuple[datetime | None, Row]]) -> Stretch:
    times = [at for at, _ in pairs if at is not None]
    ticks = [(at - EPOCH) // MICROSECOND for at in times]
    return Stretch(ticks, times, pairs, len(pairs), ticks[-1] if ticks else NEVER)


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

    def ready_for(self, reads: ReadsEvents, picked: Sequence[Picked]) -> Ready:
        """Return the events as a definition reads them; the first time they are read, a fault is a `LeadError`."""
        found = self._all.get(id(reads))
        if found is None or found.reads is not reads:
            found = self._all[id(reads)] = _made_ready(reads, self.events, picked)
        self.ready = found
        return found


def _rows_of(reads: ReadsEvents, events: Iterable[Any]) -> Sequence[Row]:
    """Return the events, those of the usual classes as they are: their properties are read where they are used."""
    rows: list[Row] = []
    for event in events:
        if type(event) is dict and event.get("kind") in reads.all_kinds and "id" not in event:
            at = event.get("at")
            if type(at) is datetime and at.tzinfo is UTC:
                rows.append(event)
                continue
        rows += reads.rows((event,))
    return rows


def _made_ready(reads: ReadsEvents, events: Iterable[Any], picked: Sequence[Picked]) -> Ready:
    rows = _rows_of(reads, events)
    of_kind: dict[str, list[tuple[datetime | None, Row]]] = {kind: [] for kind in reads.all_kinds}
    ids: set[tuple[str, str]] = set()
    for row in rows:
        kind = row["kind"]
        of_kind[kind].append((row.get("at"), row))
        if "id" in row:
            if (kind, row["id"]) in ids:
                return Ready(reads, rows, None)
            ids.add((kind, row["id"]))
    for pairs in of_kind.values():
        if pairs and pairs[0][0] is not None:
            pairs.sort(key=lambda pair: pair[0])  # type: ignore[arg-type,return-value] # all have a time
    stretches: list[Stretch] = []
    whole: dict[str, Stretch] = {}
    for kind, belongs in picked:
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
    return Ready(reads, rows, tuple(stretches))
