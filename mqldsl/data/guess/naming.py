"""The names that a first definition gives to columns and kinds: readable, and each of them once."""

from collections.abc import Iterable

import attrs

from mqldsl.data.guess.roles import Owned, Told
from mqldsl.data.guess.tables import Found
from mqldsl.data.guess.words import as_name, snake_case
from mqldsl.data.names import ACCOUNT


@attrs.frozen
class Field:
    """A column under the name of a field or property."""

    name: str
    told: Told

    @property
    def column(self) -> str:
        """The column."""
        return self.told.seen.name


@attrs.frozen
class Feed:
    """A kind of event or record under its name; `plural` where the usual one is taken."""

    name: str
    plural: str | None
    owned: Owned
    properties: tuple[Field, ...]


@attrs.frozen
class Named:
    """All that was found, with names."""

    found: Found
    fields: tuple[Field, ...]
    company_fields: tuple[Field, ...]
    feeds: tuple[Feed, ...]


def named(found: Found) -> Named:
    """Return what was found with a name for each column and kind; columns without a word in them are left out."""
    taken: set[str] = set()
    fields = _fields(found.leads.fields, taken, found.account)
    company = () if found.companies is None else _fields(found.companies.fields, set(), None)
    feeds = tuple(_feed(owned, taken) for owned in found.owned)
    return Named(found, fields, company, feeds)


def _fields(told: Iterable[Told], taken: set[str], account: str | None) -> tuple[Field, ...]:
    if account is not None:
        taken.add(ACCOUNT)
    made = []
    for place, it in enumerate(told, start=1):
        if not it.seen.filled or it.seen.unreadable:
            continue
        name = ACCOUNT if it.seen.name == account else _free(it.seen.name, f"column_{place}", taken)
        taken.add(name)
        made.append(Field(name, it))
    return tuple(made)


def _free(wanted: str, otherwise: str, taken: set[str]) -> str:
    """Return a name that nothing has yet, as near to the column's as the language lets it be."""
    is_plain = wanted == wanted.lower()
    name = (
        (as_name(wanted) if is_plain else None)
        or as_name(snake_case(wanted, otherwise))
        or f"{snake_case(wanted, otherwise)}_"
    )
    tried, number = name, 1
    while tried in taken:
        number += 1
        tried = f"{name}_{number}"
    return tried


def _feed(owned: Owned, taken: set[str]) -> Feed:
    name = _free(owned.name, "event", taken)
    if usual_plural(name) in taken and not name.endswith("_event"):
        name = _free(f"{name}_event", "event", taken)
    plural = _plural(name)
    if plural in taken or plural == name:
        plural = _free(f"all_{name}", "events", taken)
    taken.update((name, plural))
    properties = _fields(owned.properties, set(), None)
    return Feed(name, None if plural == usual_plural(name) else plural, owned, properties)


def usual_plural(name: str) -> str:
    """Return the plural that the language takes where none is given.

    >>> usual_plural("visit"), usual_plural("reply")
    ('visits', 'replies')
    """
    if name.endswith("y") and name[-2:-1] not in ("a", "e", "i", "o", "u", ""):
        return name[:-1] + "ies"
    return name + "s"


def _plural(name: str) -> str:
    """Return a plural that can be read aloud.

    >>> _plural("email_sent"), _plural("visit")
    ('emails_sent', 'visits')
    """
    thing, _, did = name.partition("_")
    if len(thing) > 2 and did and "_" not in did and (did.endswith("ed") or did in ("sent", "won", "lost")):
        return f"{usual_plural(thing)}_{did}"
    return usual_plural(name)
