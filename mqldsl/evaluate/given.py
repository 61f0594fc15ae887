"""From what an application hands in, plain mappings, to a situation, with every value read and faults noted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.situation import Company, Event, Lead, Situation
from mqldsl.model import ir
from mqldsl.model.calendar import midnight
from mqldsl.model.field_reading import field_reader
from mqldsl.model.reading import Reading, Unreadable, read, read_moment
from mqldsl.model.types import Blank, Text, Type, Value

Raw = Mapping[str, object]


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
        self.faults: list[Fault] = []

    def situation(  # noqa: PLR0913 # what an application may know, each by its name
        self,
        lead: Raw,
        events: Iterable[Raw] = (),
        *,
        as_of: object = None,
        feeds: Iterable[str] | None = None,
        account: Raw | None = None,
        account_events: Iterable[Raw] = (),
        people: Iterable[tuple[Raw, Iterable[Raw]]] | None = None,
        lead_id: str = "lead-1",
    ) -> Situation:
        """Return the situation that is meant. Without `feeds`, all kinds are supplied.

        The lead has a company where `account` is given, or where its field `account` is known.
        """
        moment = self.moment(as_of)
        supplied = (
            frozenset(self._model.kinds)
            if feeds is None
            else frozenset(self._kinds.get(name, name) for name in feeds)
        )
        asked = Lead(lead_id, self._facts(lead, "lead"), self._events(events))
        company = None
        key = read(lead.get("account"), Text(), self._context)
        if account is not None or isinstance(key, str) or people is not None:
            others = (
                None
                if people is None
                else tuple(
                    Lead(f"{lead_id}/{number}", self._facts(each, "lead"), self._events(happened))
                    for number, (each, happened) in enumerate(people, 1)
                )
            )
            company = Company(self._facts(account or {}, "account"), self._events(account_events), others)
        return Situation(asked, moment, supplied, company)

    def moment(self, raw: object) -> datetime:
        """Return an as-of as it is handed in: a time, a date, a text; the first instant of 2026 without one."""
        if raw is None:
            return midnight(date(2026, 1, 1), self._zone)
        moment = read_moment(raw, self._zone)
        if moment is None:
            raise ValueError(f"as_of is not a time: {raw!r}")
        return moment

    def _facts(self, raw: Raw, owner: str) -> dict[str, Value | Blank]:
        is_lead = owner == "lead"
        fields = self._model.fields if is_lead else self._model.account_fields
        facts: dict[str, Value | Blank] = {}
        for name, reader in (self._lead if is_lead else self._account).items():
            column = fields[name].column
            key = column if column is not None and column in raw else name
            if key in raw:
                facts[name], problem = reader(raw[key])
                if problem:
                    self.faults.append(Fault(name if is_lead else f"account.{name}", raw[key], problem))
        return facts

    def _events(self, events: Iterable[Raw]) -> tuple[Event, ...]:
        return tuple(made for raw in events if (made := self._event(raw)) is not None)

    def _event(self, raw: Raw) -> Event | None:
        name = self._kinds.get(str(raw.get("kind")))
        if name is None:
            self.faults.append(Fault("kind", raw.get("kind"), "is no event of the definition"))
            return None
        kind = self._model.kinds[name]
        at = None
        if kind.timed:
            at = read_moment(raw.get("at"), self._zone)
            if at is None:
                self.faults.append(Fault(f"{name}.at", raw.get("at"), "is no time"))
                return None
        properties = {
            each: self._property(name, each, of, raw[each])
            for each, of in kind.properties.items()
            if each in raw
        }
        given_id = read(raw.get("id"), Text(), self._context)
        return Event(name, at, properties, given_id if isinstance(given_id, str) else None)

    def _property(self, kind: str, name: str, of: Type, raw: object) -> Value | Blank:
        value = read(raw, of, self._context)
        if isinstance(value, Unreadable):
            self.faults.append(Fault(f"{kind}.{name}", raw, f"is not {value.wanted}"))
            return value.instead
        return value
