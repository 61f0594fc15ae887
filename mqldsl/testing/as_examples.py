"""Leads aimed at the boundaries of a definition, as examples: each can be printed and pasted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from mqldsl.explain.turns import Turns
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, midnight
from mqldsl.model.dependencies import pieces
from mqldsl.model.types import Value
from mqldsl.source.extras import needed

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_DEFAULT_DAY = date(2026, 1, 1)
_MOST_EVENTS = 3


def as_of_for(model: ir.Model) -> datetime:
    """Return the instant at which generated leads are judged: the definition's own first day."""
    return midnight(model.header.effective or _DEFAULT_DAY, ZoneInfo(model.header.zone))


def examples(model: ir.Model) -> "SearchStrategy[ir.Example]":
    """Return a strategy for leads with their events, their company and what is not supplied."""
    with needed("testing"):
        from hypothesis import strategies as st

    turns = Turns(model, as_of_for(model))
    own = [kind for kind in model.kinds.values() if not kind.of_account]
    of_account = [kind for kind in model.kinds.values() if kind.of_account]
    lead = facts(turns, model.fields, own)
    account = st.builds(_without_events, facts(turns, model.account_fields, []))
    account_events = st.lists(happened(turns, of_account), max_size=2) if of_account else st.just([])
    feeds = st.lists(st.sampled_from(sorted(model.kinds)), unique=True) if model.kinds else st.just([])
    return st.builds(
        _example,
        st.just(model),
        lead,
        st.none() | account if _has_company(model) else st.none(),
        account_events,
        st.none() | st.lists(lead, max_size=2) if _asks_people(model) else st.none(),
        st.just(list(model.kinds)) | feeds,
    )


def facts(turns: Turns, fields: Mapping[str, ir.Field], kinds: list[ir.Kind]) -> "SearchStrategy[ir.Facts]":
    """Return a strategy for what is known of one lead or company, and what happened to it."""
    with needed("testing"):
        from hypothesis import strategies as st

    known = {name: _given(turns, field) for name, field in fields.items()}
    events: SearchStrategy[list[ir.Happened]] = st.just([])
    if kinds:
        # Counts matter more than differences: some events come several times.
        often = st.builds(_repeated, happened(turns, kinds), st.sampled_from([1, 1, 2, 3, 5]))
        events = st.lists(often, max_size=_MOST_EVENTS).map(_flat)
    return st.builds(_facts, st.fixed_dictionaries(known), events)


@attrs.frozen
class NotSupplied:
    """Stands for a field that the caller does not have."""


def _given(turns: Turns, field: ir.Field) -> "SearchStrategy[Value | NotSupplied | None]":
    with needed("testing"):
        from hypothesis import strategies as st

    return st.none() | st.sampled_from(turns.values(field.name, field.type)) | st.just(NotSupplied())


def happened(turns: Turns, kinds: list[ir.Kind]) -> "SearchStrategy[ir.Happened]":
    """Return a strategy for one event or record of some kinds."""
    with needed("testing"):
        from hypothesis import strategies as st

    return st.one_of([_of_kind(turns, kind) for kind in kinds])


def _of_kind(turns: Turns, kind: ir.Kind) -> "SearchStrategy[ir.Happened]":
    with needed("testing"):
        from hypothesis import strategies as st

    stamps: SearchStrategy[Duration | None] = st.sampled_from(turns.lengths) if kind.timed else st.none()
    properties = {
        name: st.sampled_from(turns.values(name, of)) | st.none() for name, of in kind.properties.items()
    }
    return st.builds(ir.Happened, st.just(kind.name), stamps, st.fixed_dictionaries(properties))


def _repeated(event: ir.Happened, times: int) -> list[ir.Happened]:
    return [event] * times


def _flat(events: list[list[ir.Happened]]) -> list[ir.Happened]:
    return [event for some in events for event in some]


def _facts(known: dict[str, Value | NotSupplied | None], happened: list[ir.Happened]) -> ir.Facts:
    fields = {name: value for name, value in known.items() if not isinstance(value, NotSupplied)}
    absent = tuple(name for name, value in known.items() if isinstance(value, NotSupplied))
    return ir.Facts(fields, absent, tuple(happened))


def _without_events(known: ir.Facts) -> ir.Facts:
    return attrs.evolve(known, happened=())


def _example(  # noqa: PLR0913, PLR0917 # the parts of an example
    model: ir.Model,
    lead: ir.Facts,
    account: ir.Facts | None,
    account_events: list[ir.Happened],
    people: list[ir.Facts] | None,
    feeds: list[str],
) -> ir.Example:
    if account is not None or people is not None:
        lead = attrs.evolve(lead, happened=(*lead.happened, *account_events))
    all_feeds = len(feeds) == len(model.kinds)
    return ir.Example(
        "found by search",
        None,
        lead,
        account,
        None if people is None else tuple(people),
        None if all_feeds else tuple(feeds),
        (),
    )


def _has_company(model: ir.Model) -> bool:
    return (
        bool(model.account_fields)
        or any(kind.of_account for kind in model.kinds.values())
        or _asks_people(model)
    )


def _asks_people(model: ir.Model) -> bool:
    parts = (part for named in model.named.values() for part in pieces(named))
    return any(
        isinstance(part, ir.People) or (isinstance(part, ir.Events) and part.scope == "colleagues")
        for part in parts
    )
