"""Events and records of all leads, or of all companies, read in one go: each file once, however many kinds it has."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

import attrs

from mqldsl.data.binding import EventRows
from mqldsl.data.keys import text_of, what_is_no_id
from mqldsl.data.layout import FactReader, Layout, Run, Where
from mqldsl.data.moments import HAS_NO_TIME, moment_reader, what_is_no_time
from mqldsl.data.names import kind_named, properties_of
from mqldsl.data.origins import same_as
from mqldsl.data.rows import Cells, plain_text
from mqldsl.data.sources import columns_of, has_keys, rows_of
from mqldsl.evaluate.situation import Event
from mqldsl.model import ir

EventsByOwner: TypeAlias = dict[str, tuple[Event, ...]]

_KEYS_REMEMBERED = 1 << 16


@attrs.frozen
class Owners:
    """Whose the events are: `word` is lead or company, `key` makes a cell into a key, empty where there is none.

    Events of others than the `known` are counted and dropped; None where everybody is known. `rows` are the numbers
    of those that count as leads.
    """

    word: str
    key: Callable[[object], str]
    known: Collection[str] | None = None
    rows: Collection[int] = frozenset()


def read_events(run: Run, sources: Iterable[EventRows], owners: Owners) -> tuple[EventsByOwner, Counter[str]]:
    """Return the events of each owner in the order received, and how many of each kind are of nobody known."""
    found: dict[str, list[Event]] = {}
    strangers: Counter[str] = Counter()
    files: dict[object, list[EventRows]] = {}
    for source in sources:
        files.setdefault(same_as(source.rows.file), []).append(source)
    for together in files.values():
        _read_file(run, together, owners, found, strangers)
    return {owner: tuple(events) for owner, events in found.items()}, strangers


def repeats(events: EventsByOwner, but: Collection[str] = ()) -> Counter[str]:
    """Return how many events of each kind, `but` some, come again with an id that their owner has had."""
    counted: Counter[str] = Counter()
    for happened in events.values():
        ids = [(it.kind, it.id) for it in happened if it.id is not None and it.kind not in but]
        if len(set(ids)) < len(ids):
            counted.update(kind for kind, _ in ids)
            counted.subtract(kind for kind, _ in set(ids))
    return +counted


class _Feed:
    """One kind in one file."""

    def __init__(self, run: Run, source: EventRows, kind: ir.Kind, layout: Layout) -> None:
        file = source.rows.file
        columns = None if has_keys(file) else columns_of(file)
        self.source, self.kind, self._context = source, kind, run.context
        self.where = Where(source.rows, layout)
        self.owner = layout.place(source.owner_column)
        self.at = None if source.at is None else layout.place(source.at.column)
        self.instant = None if source.at is None else moment_reader(source.at, run.context.zone)
        self.id = None if source.id is None else layout.place(source.id)
        self._facts = FactReader(run, source.rows, properties_of(kind), layout, columns).shared_facts

    def event(self, number: int, cells: Cells, at: datetime | None) -> Event:
        """Return the event that a row tells."""
        identity = None if self.id is None else text_of(cells[self.id])
        if self.source.once_a_time and at is not None:
            identity = at.isoformat()
        return Event(self.kind.name, at, self._facts(number, cells), identity)

    def is_none(self, cells: Cells) -> bool:
        """Say whether a row in which each kind has a column of times tells none of this kind."""
        if not self.source.is_wide or self.at is None or self.instant is None:
            return False
        return self.instant(cells[self.at]) is None and self.no_time(cells)[2].endswith(HAS_NO_TIME)

    def no_time(self, cells: Cells) -> tuple[str, object, str]:
        """Return column, cell and problem of a row that tells no instant."""
        assert self.source.at is not None
        assert self.at is not None
        raw = cells[self.at]
        return self.source.at.column, raw, what_is_no_time(raw, f"the {self.kind.name}", self._context)


def _read_file(
    run: Run,
    sources: Sequence[EventRows],
    owners: Owners,
    found: dict[str, list[Event]],
    strangers: Counter[str],
) -> None:
    file, layout = sources[0].rows.file, Layout()
    kinds = [(source, kind_named(source.name, run.model)) for source in sources]
    feeds = [_Feed(run, source, kind, layout) for source, kind in kinds if kind is not None]
    known = owners.known
    key_of_text = lru_cache(_KEYS_REMEMBERED)(owners.key)
    feeds_of = _choice(feeds)
    for number, cells in rows_of(file, layout.columns, run.faults, run.tally):
        for feed in feeds_of(cells):
            if feed.is_none(cells):
                continue
            raw = cells[feed.owner]
            owner = key_of_text(raw) if isinstance(raw, str) else owners.key(raw)
            if not owner:
                column = feed.source.owner_column
                problem = what_is_no_id(raw, f"the {feed.kind.name} names no {owners.word}")
                run.fault(file, number, column, raw, problem)
                continue
            if known is not None and owner not in known:
                strangers[feed.kind.name] += 1
                continue
            if feed.source.of_lead_rows and number not in owners.rows:
                continue
            at = None
            if feed.at is not None and feed.instant is not None:
                at = feed.instant(cells[feed.at])
                if at is None:
                    column, cell, problem = feed.no_time(cells)
                    run.fault(file, number, column, cell, problem)
                    continue
            event = feed.event(number, cells, at)
            if owner in found:
                found[owner].append(event)
            else:
                found[owner] = [event]


def _choice(feeds: Sequence[_Feed]) -> Callable[[Cells], Iterable[_Feed]]:
    """Return the function that says which feeds a row belongs to."""
    if len({place for feed in feeds for place, _ in feed.where.wanted}) == 1 and all(
        len(feed.where.wanted) == 1 for feed in feeds
    ):
        # One long table of all events, as most are: a look-up instead of a question for each kind.
        by_text: dict[str, list[_Feed]] = {}
        for feed in feeds:
            ((column, texts),) = feed.where.wanted
            for text in texts:
                by_text.setdefault(text, []).append(feed)
        return lambda cells: by_text.get(plain_text(cells[column]), ())
    return lambda cells: [feed for feed in feeds if feed.where.holds(cells)]
