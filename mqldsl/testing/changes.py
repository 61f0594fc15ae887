"""Pairs of situations that differ in one thing: one event more, another value, something supplied, another order."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

import attrs

from mqldsl.embed.definition import Definition
from mqldsl.evaluate.handed_in import Account
from mqldsl.model import ir
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import BLANK, Labels, Type
from mqldsl.source.nearest import nearest
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Choices
from mqldsl.testing.made import Facts, Maker, Situation
from mqldsl.testing.told import has_order


@attrs.frozen
class Try:
    """A situation, and the same with one thing changed."""

    before: Situation
    after: Situation
    change: str

    def __str__(self) -> str:
        """Return both as they are handed in."""
        return f"{self.change}\nbefore: {said(self.before)}\nafter:  {said(self.after)}"


Tries: TypeAlias = Callable[[Choices], Try]


def said(situation: Situation) -> str:
    """Return the call that decides a situation."""
    arguments = situation.as_arguments().items()
    given = [f"{name}={plain(value)!r}" for name, value in arguments if value is not None]
    return f"decide({', '.join(given)})"


def plain(value: object) -> object:
    """Return a value as it is handed in, with times and days as texts, which are shorter and mean the same."""
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list() | tuple():
            return type(value)(plain(each) for each in value)
        case Account(fields, events, people):
            return Account(*map(plain, (fields, events, people)))  # type: ignore[arg-type] # as they were
        case _:
            return value


# ------------------------------------------------------------------ events


def of_more(definition: Definition, subject: str) -> Tries | None:
    """Return what makes a situation, and the same with one more event; None where the subject is no event."""
    kinds = definition.model.kinds.values()
    kind = next((kind for kind in kinds if subject in (kind.name, kind.plural)), None)
    if kind is None:
        return None
    boundaries = Boundaries(definition.model)

    def more(choices: Choices) -> Try:
        maker = Maker(boundaries, choices)
        situation = maker.situation()
        event = maker.event(kind, situation.as_of, [])
        event.pop("id", None)
        before, events = _with_events(situation, of_account=kind.of_account)
        after = _events_put(before, [*events, event], of_account=kind.of_account)
        return Try(before, after, f"with one more: {event}")

    return more


def _with_events(situation: Situation, *, of_account: bool) -> tuple[Situation, list[Facts]]:
    """Return the situation with its events supplied, those of the lead or of its company, and these."""
    events = (situation.account or Account()).events if of_account else situation.events
    known = list(events or ())
    return _events_put(situation, known, of_account=of_account), known


def _events_put(situation: Situation, events: list[Facts], *, of_account: bool) -> Situation:
    if not of_account:
        return attrs.evolve(situation, events=events)
    return attrs.evolve(situation, account=attrs.evolve(situation.account or Account(), events=events))


def of_order(definition: Definition) -> Tries:
    """Return what makes a situation, and the same with the lead's events in another order."""
    boundaries = Boundaries(definition.model)

    def shuffled(choices: Choices) -> Try:
        situation = Maker(boundaries, choices).situation()
        # Of two with one id the first received counts, so there the order does matter.
        left = [_without(event, "id") for event in situation.events or []]
        before = attrs.evolve(situation, events=list(left))
        order: list[Facts] = []
        while left:
            order.append(left.pop(choices.count(0, len(left) - 1)))
        return Try(before, attrs.evolve(situation, events=order), "with the events in another order")

    return shuffled


def of_repeats(definition: Definition) -> Tries:
    """Return what makes a situation, and the same with some events received again."""
    boundaries = Boundaries(definition.model)

    def repeated(choices: Choices) -> Try:
        situation = Maker(boundaries, choices).situation()
        events = [{**event, "id": f"e{number}"} for number, event in enumerate(situation.events or [])]
        again = [choices.pick(events) for _ in range(choices.count(1, 3))] if events else []
        before, after = (attrs.evolve(situation, events=each) for each in (events, [*events, *again]))
        return Try(before, after, "with events that come again")

    return repeated


# ------------------------------------------------------------------ fields


def of_other(definition: Definition, subject: str) -> Tries:
    """Return what makes a situation, and the same with a field blank, not supplied or of another value."""
    field, of_account = _field(definition, subject)
    boundaries = Boundaries(definition.model)

    def other(choices: Choices) -> Try:
        maker = Maker(boundaries, choices)
        situation = maker.situation()
        values = [maker.value(field.name, field.type, situation.as_of) for _ in range(2)]
        before = _with_value(situation, field, values[0], of_account=of_account)
        if choices.chance(20):
            after = _without_value(before, field, of_account=of_account)
            return Try(before, after, f"with {subject} not supplied")
        value = None if choices.chance(20) and not field.required else values[1]
        after = _with_value(before, field, value, of_account=of_account)
        return Try(before, after, f"with {subject} {value!r}")

    return other


def of_higher(definition: Definition, subject: str) -> Tries:
    """Return what makes a situation, and the same with a greater value of a field."""
    field, of_account = _field(definition, subject)
    if not has_order(field.type):
        raise ValueError(f"`{subject}` is never higher, it has no order: use assert_independent")
    boundaries = Boundaries(definition.model)
    context = Reading(boundaries.zone, definition.model.header.currency)

    def rank(raw: object) -> Any:  # noqa: ANN401 # numbers, days or instants, all of one type
        value = read(raw, field.type, context)
        assert value is not BLANK
        assert not isinstance(value, Unreadable)
        return field.type.names.index(str(value)) if isinstance(field.type, Labels) else value

    def higher(choices: Choices) -> Try:
        maker = Maker(boundaries, choices)
        situation = maker.situation()
        values = boundaries.values(field.name, field.type, situation.as_of)
        low, high = sorted((choices.pick(values) for _ in range(2)), key=rank)
        before = _with_value(situation, field, low, of_account=of_account)
        after = _with_value(before, field, high, of_account=of_account)
        return Try(before, after, f"with {subject} {high!r}")

    return higher


def _field(definition: Definition, subject: str) -> tuple[ir.Field, bool]:
    model = definition.model
    known = {**model.fields, **{f"account.{name}": field for name, field in model.account_fields.items()}}
    if subject not in known:
        kinds = [name for kind in model.kinds.values() for name in (kind.name, kind.plural)]
        near = nearest(subject, [*known, *kinds])
        hint = (
            f"did you mean `{near}`?" if near else "of a named selection, name the events that it is made of"
        )
        raise LookupError(f"the definition has no field or event `{subject}`: {hint}")
    return known[subject], subject.startswith("account.")


def _with_value(situation: Situation, field: ir.Field, value: object, *, of_account: bool) -> Situation:
    without = _without_value(situation, field, of_account=of_account)
    if not of_account:
        return attrs.evolve(without, lead={**without.lead, field.name: value})
    account = without.account or Account()
    return attrs.evolve(without, account=attrs.evolve(account, fields={**_facts(account), field.name: value}))


def _without_value(situation: Situation, field: ir.Field, *, of_account: bool) -> Situation:
    if not of_account:
        return attrs.evolve(situation, lead=_without(situation.lead, field.name, field.column))
    account = situation.account or Account()
    fields = _without(_facts(account), field.name, field.column)
    return attrs.evolve(situation, account=attrs.evolve(account, fields=fields))


def _without(facts: Facts, *keys: str | None) -> Facts:
    return {key: value for key, value in facts.items() if key not in keys}


def _facts(account: Account) -> Facts:
    assert isinstance(account.fields, dict)
    return account.fields


# ------------------------------------------------------------------ supplied


def of_more_supplied(definition: Definition) -> Tries:
    """Return what makes a situation, and the same with something supplied that was not."""
    boundaries = Boundaries(definition.model)

    def supplied(choices: Choices) -> Try:
        maker = Maker(boundaries, choices)
        situation = maker.situation()
        return Try(situation, *more_supplied(maker, situation))

    return supplied


def more_supplied(maker: Maker, situation: Situation) -> tuple[Situation, str]:
    """Return the situation with one thing supplied that was not, and what that is.

    The company's key is left alone: without it the lead has no company, and that is settled.
    """
    ways = [
        *_fields_lacking(maker, situation),
        *_feeds_lacking(maker, situation),
        *_properties_lacking(maker, situation),
    ]
    return maker.choices.pick(ways)() if ways else (situation, "with nothing more")


Way: TypeAlias = Callable[[], tuple[Situation, str]]


def _fields_lacking(maker: Maker, situation: Situation) -> list[Way]:
    model = maker.boundaries.model
    ways: list[Way] = []

    def supply(
        facts: Facts, fields: Mapping[str, ir.Field], put: Callable[[Facts], Situation], word: str
    ) -> None:
        for name, field in fields.items():
            if name in facts or field.column in facts:
                continue

            def way(field: ir.Field = field) -> tuple[Situation, str]:
                value = maker.value(field.name, field.type, situation.as_of)
                if maker.choices.chance(25) and not field.required:
                    value = None
                return put({**facts, field.name: value}), f"with {word}{field.name} supplied: {value!r}"

            ways.append(way)

    supply(situation.lead, model.fields, lambda facts: attrs.evolve(situation, lead=facts), "")
    account = situation.account
    if account is not None:
        supply(
            _facts(account),
            model.account_fields,
            lambda facts: attrs.evolve(situation, account=attrs.evolve(account, fields=facts)),
            "account.",
        )
    return ways


def _feeds_lacking(maker: Maker, situation: Situation) -> list[Way]:
    ways: list[Way] = []
    account, as_of, feeds = situation.account, situation.as_of, situation.feeds
    if feeds is not None:
        ways += [
            _supplied_feed(situation, [*feeds, kind], kind)
            for kind in maker.boundaries.kinds
            if kind not in feeds
        ]
    elif situation.events is None:
        ways.append(lambda: (attrs.evolve(situation, events=maker.events(as_of)), "with events supplied"))
    if account is not None and account.events is None and feeds is None and maker.boundaries.of_account:
        happened = attrs.evolve(account, events=maker.account(as_of).events or [])
        ways.append(lambda: (attrs.evolve(situation, account=happened), "with the company's events supplied"))
    if account is not None and account.people is None and maker.boundaries.asks_people:
        people = attrs.evolve(account, people=maker.account(as_of).people or [])
        ways.append(lambda: (attrs.evolve(situation, account=people), "with the company's people supplied"))
    return ways


def _supplied_feed(situation: Situation, feeds: list[str], kind: str) -> Way:
    return lambda: (attrs.evolve(situation, feeds=feeds), f"with the feed {kind} supplied")


def _properties_lacking(maker: Maker, situation: Situation) -> list[Way]:
    kinds = {name: kind for kind in maker.boundaries.of_lead for name in (kind.name, kind.plural)}
    return [
        _supplied_property(maker, situation, number, name, of)
        for number, event in enumerate(situation.events or [])
        for name, of in kinds[str(event["kind"])].properties.items()
        if name not in event
    ]


def _supplied_property(maker: Maker, situation: Situation, number: int, name: str, of: Type) -> Way:
    def way() -> tuple[Situation, str]:
        events = list(situation.events or [])
        value = maker.value(name, of, situation.as_of)
        events[number] = {**events[number], name: value}
        return attrs.evolve(situation, events=events), f"with {name} of an event supplied: {value!r}"

    return way
