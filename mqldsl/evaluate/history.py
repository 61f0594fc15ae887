"""A lead's events prepared once: read, and each kind's times sorted, so that a count in a window is two searches."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
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


@attrs.frozen(eq=False)
class Stretch:
    """Some events in order of time; `ticks` are the times in microseconds. Records come as they were received."""

    ticks: list[int]
    times: list[datetime]
    rows: list[tuple[datetime | None, Row]]


@attrs.frozen(eq=False)
class Ready:
    """Events as one definition reads them; `chosen` keeps those that were picked, by the number of the selection."""

    rows: Sequence[Row]
    kinds: dict[str, Stretch]
    has_repeats: bool
    chosen: dict[Hashable, Stretch | None] = attrs.field(factory=dict)

    def choose(self, kind: str, key: Hashable, belongs: Callable[[Row], bool | None]) -> Stretch | None:
        """Return the events of a kind that belong; None where that is not sure of one."""
        pairs = self.kinds[kind].rows
        try:
            answers = [belongs(row) for _, row in pairs]
        except TypeError:
            return None  # of a value that cannot even be looked up: the careful way tells the fault
        picked = [pair for pair, answer in zip(pairs, answers, strict=True) if answer]
        self.chosen[key] = None if None in answers else _stretch(picked)
        return self.chosen[key]


def _stretch(pairs: list[tuple[datetime | None, Row]]) -> Stretch:
    times = [at for at, _ in pairs if at is not None]
    return Stretch([(at - EPOCH) // MICROSECOND for at in times], times, pairs)


class History:
    """The events of one lead, prepared once for many decisions.

    >>> history = History([{"kind": "visit", "at": "2026-03-01 09:00"}])

    What a definition makes of them is kept, so hand in the same `History` again. The events are taken as they are at
    the first decision: later changes are not seen.
    """

    __slots__ = ("_all", "events", "owned")

    def __init__(self, events: Iterable[Any]) -> None:
        """Take the events of one lead, as `Definition.decide` takes them, in any order."""
        self.events = tuple(events)
        # What the definition that asked last makes of them, and all that asked.
        self.owned: tuple[ReadsEvents | None, Ready | None] = (None, None)
        self._all: dict[int, tuple[ReadsEvents, Ready]] = {}

    def __iter__(self) -> Iterator[Any]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __reduce__(self) -> tuple[type["History"], tuple[tuple[Any, ...]]]:
        return History, (self.events,)

    def ready_for(self, reads: ReadsEvents) -> Ready:
        """Return the events as a definition reads them; the first time they are read, a fault is a `LeadError`."""
        found = self._all.get(id(reads))
        if found is None or found[0] is not reads:
            found = self._all[id(reads)] = (reads, _made_ready(reads, self.events))
        self.owned = found
        return found[1]


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


def _made_ready(reads: ReadsEvents, events: Iterable[Any]) -> Ready:
    rows = _rows_of(reads, events)
    of_kind: dict[str, list[tuple[datetime | None, Row]]] = {kind: [] for kind in reads.all_kinds}
    ids: set[tuple[str, str]] = set()
    has_repeats = False
    for row in rows:
        kind = row["kind"]
        of_kind[kind].append((row["at"], row))
        if "id" in row:
            has_repeats |= (kind, row["id"]) in ids
            ids.add((kind, row["id"]))
    kinds = {}
    for kind, pairs in of_kind.items():
        if pairs and pairs[0][0] is not None:
            pairs.sort(key=lambda pair: pair[0])  # type: ignore[arg-type,return-value] # all have a time
        kinds[kind] = _stretch(pairs)
    return Ready(rows, kinds, has_repeats)
