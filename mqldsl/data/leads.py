"""From a binding to situations: each lead with its facts, its events and its company, at its instant."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.binding import Binding, BindingError, EventRows
from mqldsl.data.checks import check_binding, what_is_not_supplied
from mqldsl.data.companies import Companies, uses_people
from mqldsl.data.events import Owners, read_events, repeats
from mqldsl.data.faults import Faults
from mqldsl.data.keys import owner_id
from mqldsl.data.layout import Run
from mqldsl.data.lead_table import LeadTable
from mqldsl.data.names import kind_named
from mqldsl.data.people import Asked, People
from mqldsl.data.sources import Progress, Tally
from mqldsl.evaluate.situation import Situation
from mqldsl.model import ir
from mqldsl.model.reading import Reading, read_moment


def situations(
    model: ir.Model,
    binding: Binding,
    as_of: datetime | date | str | None = None,
    *,
    faults: Faults | None = None,
    progress: Progress | None = None,
) -> Iterator[Situation]:
    """Return every lead of the sources as a situation, in the order of their rows.

    Rows that cannot be used, and values that cannot be read, go to `faults`. `as_of` is for leads whose rows
    tell no instant of their own; a day or a local time is one in the definition's zone. `progress` hears
    now and then how many rows were read so far, of all files; the leads are read twice.

    Raises:
        BindingError: before anything is read, with all that does not fit.
        SourceError: on the way, where a file turns out to be broken.
    """
    mistakes = check_binding(binding, model)
    zone = ZoneInfo(model.header.zone)
    moment = moment_of(as_of, binding, zone, mistakes)
    if mistakes:
        raise BindingError(binding.path, mistakes)
    run = Run(
        model, Reading(zone, model.header.currency), Faults() if faults is None else faults, Tally(progress)
    )
    return _situations(run, binding, moment)


def moment_of(
    as_of: datetime | date | str | None, binding: Binding, zone: ZoneInfo, mistakes: list[str]
) -> datetime | None:
    """Return the instant for leads whose rows tell none of their own; where nothing tells one, that is a mistake."""
    moment = None if as_of is None else read_moment(as_of, zone)
    if as_of is not None and moment is None:
        mistakes.append(f"the as-of `{as_of}` is no time or day, such as 2026-03-01 09:00 or 2026-03-01")
    elif binding.leads.as_of is None and moment is None:
        mistakes.append(
            "`leads.as_of`: nothing says as of when to judge the leads: name a column, or give an as-of"
        )
    return moment


def _told_again(run: Run, sources: Iterable[EventRows]) -> set[str]:
    """Return the kinds whose events are told again on purpose."""
    kinds = (kind_named(it.name, run.model) for it in sources if it.once_a_time)
    return {kind.name for kind in kinds if kind is not None}


def _situations(run: Run, binding: Binding, as_of: datetime | None) -> Iterator[Situation]:
    notes = run.faults.notes
    notes.extend(what_is_not_supplied(binding, run.model))
    feeds = frozenset(
        kind.name for it in binding.events if (kind := kind_named(it.name, run.model)) is not None
    )
    table = LeadTable(run, binding.leads, as_of)
    of_leads = [source for source in binding.events if source.owner == "lead"]
    owners = Owners("lead", owner_id, *(table.ids(), table.counting_rows()) if of_leads else ())
    events, strangers = read_events(run, of_leads, owners)
    notes.extend(
        f"{count:,} of `{kind}` belong to no lead read from `{binding.leads.rows.file.shown}`"
        for kind, count in strangers.items()
    )
    notes.extend(
        f"{count:,} of `{kind}` came more than once, and count once"
        for kind, count in repeats(events, _told_again(run, of_leads)).items()
    )
    companies = Companies(run, binding)
    rows: Iterable[Asked] = table.rows(events)
    people = None
    if uses_people(run.model):
        rows = list(rows)
        people = People(rows)
    for row in rows:
        company = companies.of(row.company) if row.company else None
        if company is not None and people is not None:
            company = attrs.evolve(company, people=people.beside(row))
        yield Situation(row.lead, row.as_of, feeds, company)
    notes.extend(companies.notes())
