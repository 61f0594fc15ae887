"""What an evaluation looks at: one lead, its events, its company, and the instant it is asked for.

Values are typed already (`model.reading`). A field or property that is absent was not supplied;
`BLANK` says that it was, and holds nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from mqldsl.model import ir
from mqldsl.model.types import Blank, Value

Facts = Mapping[str, Value | Blank]

# The field of the lead that names its company.
COMPANY_KEY = "account"


@attrs.frozen(eq=False)
class Event:
    """Something that happened, or a record where `at` is None. Two events are never the same one."""

    kind: str
    at: datetime | None
    properties: Facts = attrs.field(factory=dict)
    id: str | None = None


@attrs.frozen(eq=False)
class Lead:
    """A lead by its id, with what is known of it and what it did, in the order received."""

    id: str
    fields: Facts
    events: tuple[Event, ...] = ()


@attrs.frozen(eq=False)
class Company:
    """The lead's company. `people` are its other leads; None where the caller gave only the one asked for."""

    fields: Facts = attrs.field(factory=dict)
    events: tuple[Event, ...] = ()
    people: tuple[Lead, ...] | None = None


@attrs.frozen(eq=False)
class Situation:
    """A question: this lead, at this instant. `feeds` are the kinds of events and records supplied."""

    lead: Lead
    as_of: datetime
    feeds: frozenset[str]
    company: Company | None = None

    def may_have_company(self, model: ir.Model) -> bool:
        """Say whether the lead may have one that nobody told: the definition has its key, which is not supplied."""
        return self.company is None and COMPANY_KEY in model.fields and COMPANY_KEY not in self.lead.fields


def seen(events: Iterable[Event], as_of: datetime) -> tuple[Event, ...]:
    """Return the events that exist at `as_of`: later ones go first, then repeated ids.

    An id is compared exactly, within its kind; the first received counts; no id is never a repeat.
    """
    kept: list[Event] = []
    ids: set[tuple[str, str]] = set()
    for event in events:
        if event.at is not None and event.at > as_of:
            continue
        if event.id is not None:
            if (event.kind, event.id) in ids:
                continue
            ids.add((event.kind, event.id))
        kept.append(event)
    return tuple(kept)
