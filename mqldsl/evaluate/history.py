"""A lead's events prepared once: read, and each kind's times sorted, so that a count in a window is two searches."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs


class ReadsEvents(Protocol):
    """What reads events for one definition."""

    all_kinds: frozenset[str]

    def rows(self, events: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the events, every value read."""


@attrs.frozen(eq=False)
class Ready:
    """Events as one definition reads them; `times` is sorted, by kind."""

    rows: list[dict[str, Any]]
    times: Mapping[str, list[datetime]]
    has_repeats: bool


class History:
    """The events of one lead, prepared once for many decisions.

    >>> history = History([{"kind": "visit", "at": "2026-03-01 09:00"}])

    What a definition makes of them is kept, so hand in the same `History` again. The events are taken as they are at
    the first decision: later changes are not seen.
    """

    __slots__ = ("_ready", "events")

    def __init__(self, events: Iterable[Any]) -> None:
        """Take the events of one lead, as `Definition.decide` takes them, in any order."""
        self.events = tuple(events)
        self._ready: dict[int, tuple[ReadsEvents, Ready]] = {}

    def __iter__(self) -> Iterator[Any]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __reduce__(self) -> tuple[type["History"], tuple[tuple[Any, ...]]]:
        return History, (self.events,)

    def ready_for(self, reads: ReadsEvents) -> Ready:
        """Return the events as a definition reads them; the first time they are read, a fault is a `LeadError`."""
        found = self._ready.get(id(reads))
        if found is None or found[0] is not reads:
            found = self._ready[id(reads)] = (reads, _made_ready(reads, self.events))
        return found[1]


def _made_ready(reads: ReadsEvents, events: Iterable[Any]) -> Ready:
    rows = reads.rows(events)
    times: dict[str, list[datetime]] = {kind: [] for kind in reads.all_kinds}
    ids: set[tuple[str, str]] = set()
    has_repeats = False
    for row in rows:
        kind = row["kind"]
        times[kind].append(row["at"])
        if "id" in row:
            has_repeats |= (kind, row["id"]) in ids
            ids.add((kind, row["id"]))
    for some in times.values():
        if some and some[0] is not None:
            some.sort()
    return Ready(rows, times, has_repeats)
