"""A situation made smaller: what can be left out one by one, for as long as something still holds."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import attrs

from mqldsl.evaluate.handed_in import Account
from mqldsl.testing.made import Facts, Situation

T = TypeVar("T")


def smallest(situation: Situation, holds: Callable[[Situation], object]) -> Situation:
    """Return a situation for which something still holds, and of which no single thing can be left out."""
    while True:
        shorter = next((each for each in smaller(situation) if holds(each)), None)
        if shorter is None:
            return situation
        situation = shorter


def smaller(situation: Situation) -> Iterator[Situation]:
    """Yield the situation without its company, or without one person, event or field."""
    if situation.account is not None:
        yield attrs.evolve(situation, account=None)
        for account in _accounts(situation.account):
            yield attrs.evolve(situation, account=account)
    if situation.feeds is not None:
        yield attrs.evolve(situation, feeds=None)
    for events in _events(situation.events or []):
        yield attrs.evolve(situation, events=events)
    for lead in _without_key(situation.lead):
        yield attrs.evolve(situation, lead=lead)


def _accounts(account: Account) -> Iterator[Account]:
    people = list(account.people or ())
    for fewer in _without_one(people):
        yield attrs.evolve(account, people=fewer)
    for number, (lead, events) in enumerate(people):
        for other in _people(lead, events):
            yield attrs.evolve(account, people=[*people[:number], other, *people[number + 1 :]])
    for happened in _events(list(account.events or ())):
        yield attrs.evolve(account, events=happened)
    if isinstance(account.fields, dict):
        for fields in _without_key(account.fields):
            yield attrs.evolve(account, fields=fields)


def _people(lead: Facts, events: list[Facts]) -> Iterator[tuple[Facts, list[Facts]]]:
    for facts in _without_key(lead):
        yield facts, events
    for fewer in _events(events):
        yield lead, fewer


def _events(events: list[Facts]) -> Iterator[list[Facts]]:
    yield from _without_one(events)
    for number, event in enumerate(events):
        for fewer in _without_key(event):
            if ("kind" in fewer) and ("at" in fewer or "at" not in event):
                yield [*events[:number], fewer, *events[number + 1 :]]


def _without_one(of: list[T]) -> Iterator[list[T]]:
    for number in range(len(of)):
        yield of[:number] + of[number + 1 :]


def _without_key(of: Facts) -> Iterator[Facts]:
    for key in of:
        yield {name: value for name, value in of.items() if name != key}
