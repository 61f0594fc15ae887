"""Leads, events and companies made choice by choice, aimed at the boundaries of one definition."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import attrs

from mqldsl.evaluate.handed_in import Account
from mqldsl.model import ir
from mqldsl.model.types import Time, Type
from mqldsl.testing.boundaries import TICK, Boundaries
from mqldsl.testing.choices import Choices

Facts: TypeAlias = dict[str, object]
_IDS = ("a", "b", "A", "1")
_LEAD_IDS = ("lead-1", "L2", "\u00d6-3", "4")


@attrs.frozen
class Situation:
    """A lead, what it did, its company, and the instant to decide for, as an application hands them in.

    `events` and `feeds` are None as for `Definition.decide`: events are not supplied; all kinds are.
    """

    lead: Facts
    events: list[Facts] | None
    account: Account | None
    as_of: datetime
    feeds: list[str] | None = None

    def as_arguments(self) -> dict[str, Any]:
        """Return the arguments of `Definition.decide`."""
        return {
            "lead": self.lead,
            "events": self.events,
            "account": self.account,
            "as_of": self.as_of,
            "feeds": self.feeds,
        }


@attrs.define
class Maker:
    """Makes leads and situations for one definition; with `faults`, values that cannot be read are among them."""

    boundaries: Boundaries
    choices: Choices
    faults: bool = False

    # -------------------------------------------------------------- the whole

    def situation(self) -> Situation:
        """Return a situation."""
        choices = self.choices
        as_of = choices.pick(self.boundaries.as_ofs)
        lead = self.lead(as_of)
        events = None if choices.chance(5) else self.events(as_of)
        account = self.account(as_of) if self.boundaries.has_company and choices.chance(70) else None
        feeds = None
        if self.boundaries.kinds and choices.chance(15):
            feeds = [kind for kind in self.boundaries.kinds if choices.chance(60)]
        return Situation(lead, events, account, as_of, feeds)

    def lead(self, as_of: datetime) -> Facts:
        """Return what is known of a lead; a field that is not there was not supplied."""
        facts = self._facts(self.boundaries.model.fields, as_of)
        if self.choices.chance(30):
            facts["id"] = self.choices.pick(_LEAD_IDS)
        return facts

    def account(self, as_of: datetime) -> Account:
        """Return a company with its events and its people."""
        choices = self.choices
        fields = self._facts(self.boundaries.model.account_fields, as_of)
        events = None if choices.chance(10) else self._happened(self.boundaries.of_account, as_of, 3)
        people = None
        if self.boundaries.asks_people and choices.chance(75):
            people = [(self.lead(as_of), self.events(as_of, 3)) for _ in range(choices.count(0, 3))]
        return Account(fields, events, people)

    def events(self, as_of: datetime, most: int = 6) -> list[Facts]:
        """Return what a lead did, in no order, and the records that belong to it."""
        return self._happened(self.boundaries.of_lead, as_of, most)

    # -------------------------------------------------------------- fields

    def _facts(self, fields: Mapping[str, ir.Field], as_of: datetime) -> Facts:
        choices, facts = self.choices, Facts()
        for name, field in fields.items():
            given = choices.count(0, 99)
            if given < 10:
                continue  # not supplied: so what does not matter is left out when an example shrinks
            key = name if field.column is None or choices.chance(40) else field.column
            if given >= 22:
                facts[key] = self.value(name, field.type, as_of)
            elif self.faults or not field.required:
                facts[key] = choices.pick(self.boundaries.blanks(field))
        return facts

    def value(self, name: str, kind: Type, as_of: datetime) -> object:
        """Return a value of a field or property that is not blank."""
        if self.faults and self.choices.chance(2):
            return self.boundaries.unreadable(kind)
        value = self.choices.pick(self.boundaries.values(name, kind, as_of))
        return self._told(value) if isinstance(kind, Time) and isinstance(value, datetime) else value

    def _told(self, instant: datetime) -> object:
        """Return an instant in one of the ways in which it is handed in."""
        match self.choices.count(0, 11):
            case 9 | 10:
                return instant.isoformat()
            case 8:
                return instant.astimezone(self.boundaries.zone)
            case 11 if self.boundaries.tells(instant):
                return self.boundaries.clock(instant)
            case _:
                return instant

    # -------------------------------------------------------------- events

    def _happened(self, kinds: tuple[ir.Kind, ...], as_of: datetime, most: int) -> list[Facts]:
        choices = self.choices
        events: list[Facts] = []
        times: list[datetime] = []
        for _ in range(choices.count(0, most) if kinds else 0):
            event = self.event(choices.pick(kinds), as_of, times)
            events.append(event)
            # Counts matter more than differences: some events come several times.
            events += [dict(event) for _ in range(choices.pick((0, 0, 0, 0, 1, 2, 4)))]
        return events

    def event(self, kind: ir.Kind, as_of: datetime, times: list[datetime]) -> Facts:
        """Return one event or record; `times` are those of others, and take its own."""
        choices = self.choices
        event: Facts = {"kind": kind.plural if choices.chance(20) else kind.name}
        if kind.timed:
            at = self._instant(as_of, times)
            times.append(at)
            event["at"] = self._told(at)
        for name, of in kind.properties.items():
            given = choices.count(0, 99)
            if given >= 16:
                event[name] = self.value(name, of, as_of)
            elif given >= 6:
                event[name] = choices.pick(self.boundaries.blanks())
        if choices.chance(12):
            event["id"] = choices.pick(_IDS)
        return event

    def _instant(self, as_of: datetime, times: list[datetime]) -> datetime:
        """Return when something happened: at an edge, or a length that the definition names from something else."""
        choices = self.choices
        if not times or choices.chance(60):
            return choices.pick(self.boundaries.instants(as_of))
        other = choices.pick(times)
        if choices.chance(15):
            return other
        length = choices.pick(self.boundaries.lengths)
        moved = self.boundaries.stepped(other, length)
        if choices.chance(50):
            moved = other - (moved - other) if moved - other < timedelta(days=3_000) else other
        return moved + choices.pick((0, 0, 1, -1)) * TICK
