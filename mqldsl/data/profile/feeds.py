"""The rows of leads, companies, events and records, each looked through once."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.binding import Binding, BindingError, EventRows
from mqldsl.data.bound_rows import Rows
from mqldsl.data.cells import reader
from mqldsl.data.checks import check_binding, what_is_not_supplied
from mqldsl.data.companies import company_key
from mqldsl.data.faults import Faults
from mqldsl.data.keys import is_among, owner_id, text_of
from mqldsl.data.layout import Layout, Where
from mqldsl.data.moments import moment_reader
from mqldsl.data.names import ACCOUNT, account_key, kind_named, properties_of
from mqldsl.data.origins import Source, same_as
from mqldsl.data.profile.asked import Asked, asked_of
from mqldsl.data.profile.column import ColumnProfile
from mqldsl.data.rows import Cells, plain_text
from mqldsl.data.sources import Progress, Tally, columns_of, has_keys, rows_of
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, back
from mqldsl.model.reading import Reading
from mqldsl.model.types import BLANK, Text

# Ids are remembered to find those that come again; of more, the later ones are not looked at.
MOST_IDS = 2_000_000


@attrs.define
class TableProfile:
    """The rows of one table of the binding. `counts` tell of keys and times, by words for a reader."""

    name: str
    shown: str
    columns: tuple[ColumnProfile, ...]
    rows: int = 0
    counts: Counter[str] = attrs.field(factory=Counter)


@attrs.define
class FeedProfile(TableProfile):
    """The same of a kind of events or records, with the time that it spans and what is asked of it."""

    is_timed: bool = True
    first: datetime | None = None
    last: datetime | None = None
    kept: Duration | None = None
    kept_since: datetime | None = None
    asked: tuple[Asked, ...] = ()


@attrs.frozen
class Profile:
    """All that was found. `as_of` is the earliest instant at which a lead is judged."""

    as_of: datetime
    leads: TableProfile
    companies: TableProfile | None
    feeds: tuple[FeedProfile, ...]
    broken: tuple[str, ...]
    notes: tuple[str, ...]


def profile(model: ir.Model, binding: Binding, as_of: datetime, progress: Progress | None = None) -> Profile:
    """Return what the sources of a binding hold. Each file is read once, but one that holds leads and events twice.

    Raises:
        BindingError: before anything is read, with all that does not fit.
        SourceError: on the way, where a file turns out to be broken.
    """
    mistakes = check_binding(binding, model)
    if mistakes:
        raise BindingError(binding.path, mistakes)
    faults, tally = Faults(0), Tally(progress)
    context = Reading(ZoneInfo(model.header.zone), model.header.currency)
    leads = _Leads(model, binding, context)
    _read(binding.leads.rows.file, [leads], faults, tally)
    asked_at = leads.first_as_of or as_of
    companies = None
    if binding.accounts is not None:
        companies = _Companies(model, binding, context, leads.companies)
        _read(binding.accounts.rows.file, [companies], faults, tally)
    asked = asked_of(model, asked_at)
    feeds = []
    files: dict[object, list[_Feed]] = {}
    for source in binding.events:
        kind = kind_named(source.name, model)
        assert kind is not None
        known: Collection[object] = leads.ids if source.owner == "lead" else leads.companies
        feed = _Feed(kind, source, context, known, leads.last_as_of or as_of)
        feed.told.asked = tuple(asked[kind.name])
        if kind.kept is not None:
            feed.told.kept, feed.told.kept_since = kind.kept, back(asked_at, kind.kept, context.zone)
        feeds.append(feed)
        files.setdefault(same_as(source.rows.file), []).append(feed)
    for together in files.values():
        _read(together[0].rows.file, together, faults, tally)
    broken = tuple(
        f"{file}: {count:,} rows, {problem}" for (file, _, problem), count in faults.counts.items()
    )
    return Profile(
        asked_at,
        leads.told,
        None if companies is None else companies.told,
        tuple(feed.told for feed in feeds),
        broken,
        tuple(what_is_not_supplied(binding, model)),
    )


class _Table:
    """Rows that are looked through."""

    told: TableProfile

    def __init__(self, rows: Rows, fields: Iterable[ir.Field], context: Reading) -> None:
        self.rows, self.layout, self.context = rows, Layout(), context
        known = None if has_keys(rows.file) else columns_of(rows.file)
        each = (ColumnProfile(field, rows, context) for field in fields)
        self.columns = tuple(it for it in each if known is None or is_among(it.column, known))

    def place(self, layout: Layout) -> None:
        """Say which columns are needed."""
        self.where = Where(self.rows, layout)
        self._places = [(column.add, layout.place(column.column)) for column in self.columns]

    def add(self, cells: Cells) -> None:
        """Look at a row that counts."""
        self.told.rows += 1
        for add, place in self._places:
            add(cells[place])


class _Leads(_Table):
    def __init__(self, model: ir.Model, binding: Binding, context: Reading) -> None:
        super().__init__(binding.leads.rows, model.fields.values(), context)
        self._bound = binding.leads
        self.told = TableProfile("lead", binding.leads.rows.file.shown, self.columns)
        # Hashes: an id may be long, and there are millions of them.
        self.ids: set[object] = set()
        self.companies: set[object] = set()
        self._questions: set[int] = set()
        self.first_as_of: datetime | None = None
        self.last_as_of: datetime | None = None
        self._key = account_key(dict(model.fields), binding.leads.rows)
        known = columns_of(binding.leads.rows.file)
        if self._key is not None and not is_among(self._key.name, known):
            self._key = None
        field = model.fields.get(ACCOUNT)
        told = ir.Field(ACCOUNT, Text()) if field is None else field
        self._company = None if self._key is None else reader(told, self._key, context)

    def place(self, layout: Layout) -> None:
        super().place(layout)
        bound = self._bound
        self._id = None if bound.id is None else layout.place(bound.id)
        self._at = None if bound.as_of is None else layout.place(bound.as_of.column)
        self._instant = None if bound.as_of is None else moment_reader(bound.as_of, self.context.zone)
        self._account = None if self._key is None or self._key.name is None else layout.place(self._key.name)

    def add(self, cells: Cells) -> None:
        super().add(cells)
        counts = self.told.counts
        lead = str(self.told.rows) if self._id is None else owner_id(cells[self._id])
        at = None
        if self._at is not None and self._instant is not None:
            at = self._instant(cells[self._at])
            if at is None:
                counts["without an instant of their own"] += 1
            else:
                self.first_as_of = min(at, self.first_as_of or at)
                self.last_as_of = max(at, self.last_as_of or at)
        if not lead:
            counts["without an id"] += 1
            return
        self.ids.add(hash(lead))
        question = hash((lead, at))
        if question in self._questions:
            on_purpose = self._bound.distinct or self._bound.keep is not None
            counts["with an id that came before" + (", as the binding says" if on_purpose else "")] += 1
        self._questions.add(question)
        if self._account is not None and self._company is not None:
            told, _ = self._company(cells[self._account])
            if told is not BLANK and (company := company_key(told)):
                self.companies.add(hash(company))
            else:
                counts["without a company"] += 1


class _Companies(_Table):
    def __init__(
        self, model: ir.Model, binding: Binding, context: Reading, asked_for: Collection[object]
    ) -> None:
        assert binding.accounts is not None
        super().__init__(binding.accounts.rows, model.account_fields.values(), context)
        self._key_column, self._asked_for = binding.accounts.id, asked_for
        self.told = TableProfile("account", binding.accounts.rows.file.shown, self.columns)
        self._met: set[object] = set()

    def place(self, layout: Layout) -> None:
        super().place(layout)
        self._key = layout.place(self._key_column)

    def add(self, cells: Cells) -> None:
        super().add(cells)
        key = company_key(cells[self._key])
        if not key:
            self.told.counts["without a key"] += 1
        elif hash(key) in self._met:
            self.told.counts["with a key that came before"] += 1
        else:
            self._met.add(hash(key))
            if hash(key) not in self._asked_for:
                self.told.counts["of companies that no lead names"] += 1


class _Feed(_Table):
    told: FeedProfile

    def __init__(
        self,
        kind: ir.Kind,
        source: EventRows,
        context: Reading,
        known: Collection[object],
        as_of: datetime,
    ) -> None:
        super().__init__(source.rows, properties_of(kind), context)
        self._source, self._known, self._as_of = source, known, as_of
        self.told = FeedProfile(kind.name, source.rows.file.shown, self.columns, is_timed=kind.timed)
        self._ids: set[int] = set()
        self._key: Callable[[object], str] = owner_id if source.owner == "lead" else company_key

    def place(self, layout: Layout) -> None:
        super().place(layout)
        at = self._source.at
        self._owner = layout.place(self._source.owner_column)
        self._at = None if at is None else layout.place(at.column)
        self._instant = None if at is None else moment_reader(at, self.context.zone)
        self._id = None if self._source.id is None else layout.place(self._source.id)

    def add(self, cells: Cells) -> None:
        counts, source = self.told.counts, self._source
        at = None
        if self._at is not None and self._instant is not None:
            raw = cells[self._at]
            at = self._instant(raw)
            if at is None and source.is_wide and text_of(raw) is None:
                return  # this lead has none
            if at is None:
                counts["without a time that can be read"] += 1
            else:
                self.told.first = min(at, self.told.first or at)
                self.told.last = max(at, self.told.last or at)
                if at > self._as_of:
                    counts["after the as-of, so they do not exist yet"] += 1
        super().add(cells)
        owner = self._key(cells[self._owner])
        word = "lead" if source.owner == "lead" else "company"
        if not owner:
            counts[f"without a {word}"] += 1
        elif hash(owner) not in self._known:
            counts[f"of a {word} that is not there"] += 1
        if self._id is not None and (identity := text_of(cells[self._id])) is not None:
            seen = hash((owner, identity))
            if seen in self._ids:
                counts["with an id that came before: they count once"] += 1
            elif len(self._ids) < MOST_IDS:
                self._ids.add(seen)


def _read(source: Source, tables: Iterable[_Table], faults: Faults, tally: Tally) -> None:
    """Read a source once for all tables that are made of its rows."""
    all_tables, layout = list(tables), Layout()
    for table in all_tables:
        table.place(layout)
    chosen = _choice(all_tables)
    for _, cells in rows_of(source, layout.columns, faults, tally):
        for table in chosen(cells):
            table.add(cells)


def _choice(tables: list[_Table]) -> Callable[[Cells], Iterable[_Table]]:
    """Return the function that says which tables a row belongs to: by looking it up, where one column tells."""
    wanted = [table.where.wanted for table in tables]
    if all(len(it) == 1 for it in wanted) and len({it[0][0] for it in wanted}) == 1:
        place = wanted[0][0][0]
        by_text: dict[str, list[_Table]] = {}
        for table in tables:
            for text in table.where.wanted[0][1]:
                by_text.setdefault(text, []).append(table)
        return lambda cells: by_text.get(plain_text(cells[place]), ())
    return lambda cells: _holding(tables, cells)


def _holding(tables: list[_Table], cells: Cells) -> Iterator[_Table]:
    return (table for table in tables if table.where.holds(cells))
