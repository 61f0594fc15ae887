"""What is handed in, read for the generated function where it is not of the usual classes, or not to be trusted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Account, Note, as_mapping, kept
from mqldsl.evaluate.situation import Event, Situation
from mqldsl.model import ir
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import BLANK, Text


class Row(dict[str, object]):
    """What is known of a lead or its company, every value read; None for a blank one."""


class Rows(list[dict[str, object]]):
    """Events, every value read."""


class Odd(Exception):
    """An event is not of the usual classes."""


class WithId(Exception):
    """An event has an id, so that it may be a repeat."""


# What the usual steps raise when they meet other classes than the usual ones. What is then read and still raises
# is no fault of the data.
ODD_LEAD = (TypeError, AttributeError, OverflowError, KeyError)
ODD = (TypeError, AttributeError, KeyError, Odd)


class Reads:
    """Reads for one model."""

    def __init__(self, model: ir.Model, edges: Sequence[Callable[[datetime], object]]) -> None:
        """Take the model, and how the edges of windows are found where years run out."""
        self._giver = Giver(model)
        self._edges = edges
        self._own = frozenset(kind.name for kind in model.kinds.values() if not kind.of_account)
        self.all_kinds = frozenset(model.kinds)

    def row(self, lead: object) -> Row:
        """Return a lead, read; the first fault is raised."""
        return _as_row(self._giver.facts(as_mapping(lead, "lead"), "lead", None))

    def account_row(self, account: object) -> Row | None:
        """Return a company, read; the first fault is raised."""
        if account is None or isinstance(account, Row):
            return account
        return _as_row(self._giver.facts(as_mapping(account, "account"), "account", None))

    def rows(self, events: Iterable[object]) -> Rows:
        """Return events, read; the first fault is raised."""
        return Rows(_as_dict(event) for event in self._giver.events(events, None))

    def usual(  # noqa: PLR0913, PLR0917 # all that is handed in
        self,
        lead: object,
        events: Any,  # noqa: ANN401 # anything may be handed in
        account: object,
        now: datetime | None,
        feeds: Any,  # noqa: ANN401 # as above
        strict: bool,
    ) -> tuple[object, object, Any, frozenset[str], list[Note] | None]:
        """Return the lead, the company's fields, the events, the kinds that are not supplied, and what is noted."""
        company = account if account is None or isinstance(account, Account) else Account(account)
        missing = self.all_kinds - self._giver.supplied(events, company, feeds)
        if strict:
            fields = None if company is None else as_mapping(company.fields, "account")
            return lead, fields, events, missing, None
        notes: list[Note] = []
        at = datetime.now(UTC) if now is None else now
        asked = self._giver.question(lead, events, company, at, feeds=feeds, notes=notes)
        found = None if asked.company is None else _as_row(asked.company.fields)
        rows = None if events is None else Rows(_as_dict(event) for event in asked.lead.events)
        return _as_row(asked.lead.fields), found, rows, missing, notes

    def names_no_company(self, lead: object) -> bool:
        """Say whether a lead tells that it has no company, where the definition has the key of one."""
        return self._giver.names_no_company(lead if isinstance(lead, Mapping) else as_mapping(lead, "lead"))

    kept = staticmethod(kept)

    def listed(self, events: object) -> list[object]:
        """Return events as a list, of what may be walked only once."""
        if isinstance(events, str | bytes | Mapping) or not isinstance(events, Iterable):
            self._giver.events(events, None)  # type: ignore[arg-type] # raises
        return list(events)  # type: ignore[call-overload,no-any-return] # it is one

    def event(self, raw: Mapping[str, object]) -> Event:
        """Return one event, read; what is faulty counts as blank."""
        (event,) = self._giver.events([raw], [])
        return event

    def question(
        self,
        lead: object,
        events: Any,  # noqa: ANN401 # as above
        account: object,
        now: datetime,
        missing: frozenset[str],
    ) -> Situation:
        """Return what the reference is asked."""
        feeds = self.all_kinds - missing
        return self._giver.question(lead, events, account, now, feeds=feeds, notes=[])

    def moment(self, as_of: object) -> datetime:
        """Return the instant of an as-of."""
        return self._giver.moment(as_of)

    def lead_id(self, lead: object) -> str:
        """Return the lead's id."""
        return self._giver.lead_id(as_mapping(lead, "lead"))

    def edges(self, now: datetime) -> list[object]:
        """Return the edges of all windows, also at the end of the years that can be written."""
        return [edge(now) for edge in self._edges]


_AS_TEXT = Reading(ZoneInfo("UTC"))


def id_of(raw: object) -> str | None:
    """Return the id of an event as text; None for none."""
    found = read(raw, Text(), _AS_TEXT)
    return found if isinstance(found, str) else None


def _as_row(facts: Mapping[str, object]) -> Row:
    return Row({name: None if value is BLANK else value for name, value in facts.items()})


def _as_dict(event: Event) -> dict[str, object]:
    found: dict[str, object] = {**event.properties, "kind": event.kind, "at": event.at}
    if event.id is not None:
        found["id"] = event.id
    return found
