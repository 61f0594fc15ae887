"""From a binding to typed relations in a database inside the process: all leads, companies and events at once.

What comes out says the same as `leads.situations`: the same rows count, every value is read the same, and the same
faults and notes are told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mqldsl.data.batch.companies import ACCOUNTS, AccountFile
from mqldsl.data.batch.direct_feeds import DirectFeeds, direct_feeds
from mqldsl.data.batch.direct_leads import DirectLeads, direct_leads
from mqldsl.data.batch.feeds import FeedFile, Owners
from mqldsl.data.batch.fitting import IdType
from mqldsl.data.batch.leads import LeadFile
from mqldsl.data.batch.questions import READ
from mqldsl.data.batch.store import Connection, Store
from mqldsl.data.binding import Binding, BindingError, EventRows
from mqldsl.data.checks import check_binding, what_is_not_supplied
from mqldsl.data.companies import company_key
from mqldsl.data.faults import Faults
from mqldsl.data.layout import Run
from mqldsl.data.leads import moment_of
from mqldsl.data.names import kind_named
from mqldsl.data.origins import same_as
from mqldsl.data.sources import Progress, Tally
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.model import ir
from mqldsl.model.reading import Reading


def supplied(  # noqa: PLR0913 # as in `situations`, and where to
    model: ir.Model,
    binding: Binding,
    as_of: datetime | date | str | None,
    connection: Connection,
    *,
    faults: Faults | None = None,
    progress: Progress | None = None,
    thorough: bool = True,
) -> supply.Supply:
    """Return what a definition may look at, as relations on a connection of DuckDB; they last as long as it does.

    `as_of`, `faults` and `progress` are as in `leads.situations`, and so is what is raised. Unless `thorough`, what
    only a pass of its own over the events could tell of a source that is not read (events of nobody known, repeats)
    is not noted.
    """
    mistakes = check_binding(binding, model)
    zone = ZoneInfo(model.header.zone)
    moment = moment_of(as_of, binding, zone, mistakes)
    if mistakes:
        raise BindingError(binding.path, mistakes)
    run = Run(
        model, Reading(zone, model.header.currency), Faults() if faults is None else faults, Tally(progress)
    )
    return _Reading(run, binding, Store(connection), thorough=thorough).read(moment)


class _Reading:
    """One reading of all sources."""

    def __init__(self, run: Run, binding: Binding, store: Store, *, thorough: bool) -> None:
        self._run, self._binding, self._store, self._thorough = run, binding, store, thorough
        self._feeds: dict[str, supply.Feed] = {}

    def read(self, as_of: datetime | None) -> supply.Supply:
        """Read everything: leads first, because events are of one of them, but told in the order of `situations`."""
        run, binding, store = self._run, self._binding, self._store
        notes = run.faults.notes
        notes.extend(what_is_not_supplied(binding, run.model))
        table = direct_leads(run, store, binding.leads) or LeadFile(run, store, binding.leads, as_of)
        files = list(self._files("lead"))
        id_type = _id_type(table, files)
        leads = table.read() if isinstance(table, LeadFile) else table.read(id_type, as_of)
        # Rows that are no questions tell no events either.
        leaves_out = table.table != READ or bool(binding.leads.rows.where)
        strangers = self._read_feeds(files, id_type, table.table if leaves_out else None)
        notes.extend(
            f"{count:,} of `{kind}` belong to no lead read from `{binding.leads.rows.file.shown}`"
            for kind, count in strangers.items()
        )
        notes.extend(
            f"{count:,} of `{kind}` came more than once, and count once"
            for file in files
            for kind, count in file.repeats.items()
        )
        accounts = None if binding.accounts is None else AccountFile(run, store, binding.accounts).read()
        for file in self._files("account"):
            assert isinstance(file, FeedFile)
            self._feeds |= file.read(Owners("company"))
        table.tell()
        found = supply.Supply(leads, self._feeds, accounts)
        notes.extend(self._without_partner(found, table.table))
        return found

    def _files(self, owner: str) -> Iterator[FeedFile | DirectFeeds]:
        """Yield the files of the events of leads or of companies, each once; only the former may be direct."""
        files: dict[object, list[tuple[EventRows, ir.Kind]]] = {}
        for source in self._binding.events:
            kind = kind_named(source.name, self._run.model)
            if source.owner == owner and kind is not None:
                files.setdefault(same_as(source.rows.file), []).append((source, kind))
        for number, together in enumerate(files.values(), start=1):
            name = f"{owner} events {number}"
            direct = direct_feeds(self._run, self._store, together, name) if owner == "lead" else None
            yield direct or FeedFile(self._run, self._store, together, name)

    def _read_feeds(
        self, files: Iterable[FeedFile | DirectFeeds], id_type: IdType, rows: str | None
    ) -> Counter[str]:
        strangers: Counter[str] = Counter()
        for file in files:
            if isinstance(file, FeedFile):
                self._feeds |= file.read(Owners("lead", READ, rows))
            else:
                self._feeds |= file.read(id_type, rows, thorough=self._thorough)
            strangers += file.strangers
        return strangers

    def _without_partner(self, found: supply.Supply, leads: str) -> Iterator[str]:
        """Say which companies of leads and of events found no partner."""
        of_account = {kind: it for kind, it in found.feeds.items() if self._run.model.kinds[kind].of_account}
        accounts = self._binding.accounts
        if found.leads.account is None or (accounts is None and not of_account):
            return
        named = self._companies(found.leads.account, leads)
        if accounts is not None:
            keys = {key for (key,) in self._store.run(_KEYS, accounts=self._store.named(ACCOUNTS))}
            count = sum(leads for company, leads in named.items() if company not in keys)
            if count:
                words = "lead names" if count == 1 else "leads name"
                yield f"{count:,} {words} a company that was not read from `{accounts.rows.file.shown}`"
        for kind, feed in of_account.items():
            names = {"feed": feed.relation.sql, "owner": _name(feed.owner), "holds": _name(feed.where)}
            counted = self._store.run(_of_kind(feed, _OWNERS), **names)
            count = sum(events for company, events in counted if company not in named)
            if count:
                yield f"{count:,} of `{kind}` belong to companies that no lead names"

    def _companies(self, account: t.Term, leads: str) -> Counter[str]:
        """Return how many leads name each company."""
        if account.op == "constant":
            return Counter()
        is_folded = account.op == "column"
        name = _name(account if is_folded else account.parts[0])
        named: Counter[str] = Counter()
        for company, count in self._store.run(_COMPANIES, company=name, leads=self._store.named(leads)):
            named[company if is_folded else company_key(company)] += count
        return named


_KEYS = 'select "#key" from accounts'
_OWNERS = "select owner, count(*) from feed group by all"
_COMPANIES = "select company, count(*) from leads where company is not null group by all"


def _id_type(leads: LeadFile | DirectLeads, files: Iterable[FeedFile | DirectFeeds]) -> IdType:
    """Return how ids of leads are kept: as whole numbers, where all sources have such."""
    if not isinstance(leads, DirectLeads) or not leads.has_whole_ids:
        return "text"
    are_whole = all(isinstance(file, DirectFeeds) and file.has_whole_owners for file in files)
    return "whole" if are_whole else "text"


def _of_kind(feed: supply.Feed, template: str) -> str:
    """Return a template for the rows of one kind."""
    return template if feed.where == t.YES else template.replace("from feed", "from feed where holds")


def _name(term: t.Term) -> str:
    return str(term.args[1])
