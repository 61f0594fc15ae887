"""From what an application hands in to a situation, with every value read and faults noted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.handed_in import (
    CORRECT,
    LEAVE_OUT,
    TAKE_AS_BLANK,
    Account,
    LeadError,
    Note,
    Tell,
    as_mapping,
    event_mapping,
    telling,
)
from mqldsl.evaluate.situation import COMPANY_KEY, Company, Event, Lead, Situation
from mqldsl.model import ir
from mqldsl.model.calendar import midnight
from mqldsl.model.field_reading import field_reader
from mqldsl.model.reading import Reading, Unreadable, read, read_moment
from mqldsl.model.types import BLANK, Blank, Text, Type, Value
from mqldsl.source.nearest import nearest

Raw = Mapping[str, object]

ANY_LEAD = "lead-1"
"""The id of a lead that has none."""


@attrs.frozen
class Fault:
    """A value that could not be read, and was taken as blank: the field or `event.property`, and why."""

    name: str
    value: object
    problem: str


class Giver:
    """Reads what is handed in for one model."""

    def __init__(self, model: ir.Model) -> None:
        """Take the model whose fields and kinds say how to read."""
        self._model = model
        self._zone = ZoneInfo(model.header.zone)
        self._context = Reading(self._zone, model.header.currency)
        self._lead = {name: field_reader(field, self._context) for name, field in model.fields.items()}
        self._account = {
            name: field_reader(field, self._context) for name, field in model.account_fields.items()
        }
        self._kinds = {name: kind.name for kind in model.kinds.values() for name in (kind.name, kind.plural)}
        self._own = frozenset(kind.name for kind in model.kinds.values() if not kind.of_account)
        self.faults: list[Fault] = []

    def situation(  # noqa: PLR0913 # what a test may say, each by its name
        self,
        lead: Raw,
        events: Iterable[Raw] = (),
        *,
        as_of: object = None,
        feeds: Iterable[str] | None = None,
        account: Raw | None = None,
        account_events: Iterable[Raw] = (),
        people: Iterable[tuple[Raw, Iterable[Raw]]] | None = None,
        lead_id: str = ANY_LEAD,
    ) -> Situation:
        """Return the situation that a test means. Without `feeds`, all kinds are supplied; faults are noted.

        The lead has a company where `account` or `people` is given, or where its field `account` is known.
        Without `as_of` it is the first instant of 2026.
        """
        if people is not None or self.names_company(lead):
            account = account or {}
        kinds = frozenset(self._model.kinds)
        return self._situation(
            {**lead, "id": lead_id},
            events,
            None if account is None else Account(account, account_events, people),
            midnight(date(2026, 1, 1), self._zone) if as_of is None else self.moment(as_of),
            kinds if feeds is None else frozenset(self._kinds.get(name, name) for name in feeds),
            self._note,
        )

    def _note(self, field: str, value: object, expected: str, _remedy: str) -> None:
        self.faults.append(Fault(field, value, f"is not {expected}"))

    def question(  # noqa: PLR0913 # what an application may know, each by its name
        self,
        lead: object,
        events: Iterable[object] | None,
        account: object,
        as_of: object,
        *,
        feeds: Iterable[str] | None = None,
        notes: list[Note] | None = None,
    ) -> Situation:
        """Return the situation that an application means; the first fault is raised, or all go to `notes`.

        Without `feeds`, the lead's own kinds are supplied where `events` is given, though it may be empty, and
        the company's where the account has events.
        """
        company = account if account is None or isinstance(account, Account) else Account(account)
        return self._situation(
            as_mapping(lead, "lead"),
            () if events is None else events,
            company,
            self.moment(as_of),
            self.supplied(events, company, feeds),
            telling(notes),
        )

    def supplied(
        self, events: object, account: Account | None, feeds: Iterable[str] | None
    ) -> frozenset[str]:
        """Return the kinds of events and records that are supplied."""
        if feeds is not None:
            return frozenset(
                self._kind_named(name) for name in ([feeds] if isinstance(feeds, str) else feeds)
            )
        own = self._own if events is not None else frozenset()
        companys = account is not None and account.events is not None
        return own | (frozenset(self._model.kinds) - self._own if companys else frozenset())

    def _kind_named(self, name: object) -> str:
        found = self._kinds.get(name) if isinstance(name, str) else None
        if found is None:
            words = f"an event or record of the definition{_hint(name, self._kinds)}"
            raise LeadError("feeds", name, words, CORRECT)
        return found

    def moment(self, raw: object) -> datetime:
        """Return an as-of as it is handed in: a time, a date, a text."""
        moment = read_moment(raw, self._zone)
        if moment is None:
            raise LeadError("as_of", raw, "a time or a day, such as 2026-03-01 09:00 or 2026-03-01", CORRECT)
        return moment

    def facts(self, raw: Raw, owner: str, notes: list[Note] | None) -> dict[str, Value | Blank]:
        """Return what is known of a `lead` or an `account`, read; the first fault is raised, or all are noted."""
        return self._facts(raw, owner, telling(notes))

    def events(self, events: Iterable[object], notes: list[Note] | None) -> tuple[Event, ...]:
        """Return the lead's events, read; faults as in `facts`."""
        return self._events(events, telling(notes), of_account=False)

    def lead_id(self, raw: Raw) -> str:
        """Return the id of a lead."""
        told = read(raw.get("id"), Text(), self._context)
        return told if isinstance(told, str) else ANY_LEAD

    def names_no_company(self, raw: Raw) -> bool:
        """Say whether a lead tells that it has no company: by a key that is handed in, and blank."""
        field = self._model.fields[COMPANY_KEY]
        return _key(field, raw) in raw and not self.names_company(raw)

    def _situation(  # noqa: PLR0913, PLR0917 # as above
        self,
        raw: Raw,
        events: Iterable[object],
        account: Account | None,
        as_of: datetime,
        feeds: frozenset[str],
        tell: Tell,
    ) -> Situation:
        lead = self._lead_of(raw, events, ANY_LEAD, tell)
        company = None
        if account is not None:
            fields = self._facts(as_mapping(account.fields, "account"), "account", tell)
            happened = self._events(account.events or (), tell, of_account=True)
            company = Company(fields, happened, self._people(account.people, lead.id, feeds, tell))
        elif self.names_company(raw):
            company = Company()
        return Situation(lead, as_of, feeds, company)

    def names_company(self, raw: Raw) -> bool:
        """Say whether a lead has a company: the definition knows the field, and the lead has a value for it."""
        field = self._model.fields.get(COMPANY_KEY)
        return field is not None and self._lead[COMPANY_KEY](raw.get(_key(field, raw)))[0] is not BLANK

    def _people(
        self, people: object, lead_id: str, feeds: frozenset[str], tell: Tell
    ) -> tuple[Lead, ...] | None:
        if people is None:
            return None
        if isinstance(people, str | bytes | Mapping) or not isinstance(people, Iterable):
            raise LeadError("account.people", people, "a list of pairs of a lead and its events", CORRECT)
        others: list[Lead] = []
        for number, each in enumerate(people, 1):
            if not isinstance(each, tuple | list) or len(each) != 2:
                raise LeadError("account.people", each, "pairs of a lead and its events", CORRECT)
            lead, events = each
            if events is None and feeds & self._own:
                raise LeadError(
                    "account.people", each, "the events of each lead, as they are supplied for one", CORRECT
                )
            raw = as_mapping(lead, "account.people")
            others.append(self._lead_of(raw, events or (), f"{lead_id}/{number}", tell))
        return tuple(others)

    def _lead_of(self, raw: Raw, events: Iterable[object], otherwise: str, tell: Tell) -> Lead:
        told = read(raw.get("id"), Text(), self._context)
        lead_id = told if isinstance(told, str) else otherwise
        return Lead(lead_id, self._facts(raw, "lead", tell), self._events(events, tell, of_account=False))

    def _facts(self, raw: Raw, owner: str, tell: Tell) -> dict[str, Value | Blank]:
        is_lead = owner == "lead"
        fields = self._model.fields if is_lead else self._model.account_fields
        facts: dict[str, Value | Blank] = {}
        for name, reader in (self._lead if is_lead else self._account).items():
            key = _key(fields[name], raw)
            if key in raw:
                facts[name], problem = reader(raw[key])
                if problem:
                    tell(name if is_lead else f"account.{name}", raw[key], expected(problem), TAKE_AS_BLANK)
        return facts

    def _events(self, events: Iterable[object], tell: Tell, *, of_account: bool) -> tuple[Event, ...]:
        if isinstance(events, str | bytes | Mapping) or not isinstance(events, Iterable):
            field = "account.events" if of_account else "events"
            raise LeadError(field, events, "a list, or another iterable, of events", CORRECT)
        made = (self._event(event, tell, of_account=of_account) for event in events)
        return tuple(event for event in made if event is not None)

    def _event(self, event: object, tell: Tell, *, of_account: bool) -> Event | None:
        try:
            raw = event_mapping(event)
        except LeadError as error:
            tell(error.field, error.value, error.expected, LEAVE_OUT)
            return None
        said = raw.get("kind")
        name = self._kinds.get(said) if isinstance(said, str) else None
        if name is None or (name in self._own) is of_account:
            known = [each for each, kind in self._kinds.items() if (kind in self._own) is not of_account]
            whose = "company" if of_account else "lead"
            tell("kind", said, f"an event or record of the {whose}{_hint(said, known)}", LEAVE_OUT)
            return None
        kind = self._model.kinds[name]
        at = None
        if kind.timed:
            at = read_moment(raw.get("at"), self._zone)
            if at is None:
                tell(f"{name}.at", raw.get("at"), "a time, such as 2026-03-01 09:00", LEAVE_OUT)
                return None
        properties = {
            each: self._property(f"{name}.{each}", of, raw[each], tell)
            for each, of in kind.properties.items()
            if each in raw
        }
        given_id = read(raw.get("id"), Text(), self._context)
        return Event(name, at, properties, given_id if isinstance(given_id, str) else None)

    def _property(self, field: str, of: Type, raw: object, tell: Tell) -> Value | Blank:
        value = read(raw, of, self._context)
        if isinstance(value, Unreadable):
            tell(field, raw, value.wanted, TAKE_AS_BLANK)
            return value.instead
        return value


def _hint(name: object, known: Iterable[str]) -> str:
    near = nearest(name, known) if isinstance(name, str) else None
    return "" if near is None else f" (did you mean `{near}`?)"


def _key(field: ir.Field, raw: Raw) -> str:
    """Return under which key a field was handed in: its source column, or its name."""
    return field.column if field.column is not None and field.column in raw else field.name


def expected(problem: str) -> str:
    """Return what is expected, of a problem that reading a field has found.

    >>> expected("is not yes or no"), expected("is required, but blank")
    ('yes or no', 'a value, because the field is required')
    """
    found = problem.removeprefix("is not ")
    return "a value, because the field is required" if found == problem else found
