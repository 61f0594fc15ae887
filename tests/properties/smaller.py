"""A failing definition and situation made smaller: whatever can be left out is left out."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import attrs

from mqldsl.evaluate.handed_in import Account
from mqldsl.testing.made import Situation

T = TypeVar("T")
# Returns something where they fail.
Fails = Callable[[str, Situation], object]


def smallest(text: str, situation: Situation, fails: Fails) -> tuple[str, Situation]:
    """Return a text and a situation that still fail, and from which no single piece can be taken."""
    while True:
        smaller = next((each for each in _situations(situation) if fails(text, each)), None)
        if smaller is not None:
            situation = smaller
            continue
        shorter = next((each for each in _texts(text) if fails(each, situation)), None)
        if shorter is None:
            return text, situation
        text = shorter


def _texts(text: str) -> Iterator[str]:
    """Yield the text without one declaration, then without one line, then without one piece of a line."""
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    for number in reversed(range(len(blocks))):
        yield "".join(blocks[:number] + blocks[number + 1 :])
    lines = text.splitlines(keepends=True)
    for number in reversed(range(len(lines))):
        if lines[number].startswith(" "):
            yield "".join(lines[:number] + lines[number + 1 :])
    for place in re.finditer(r", [^,()\n]*| (?:and|or) [^()\n]*?(?= and | or |,|\n)|\([^()]*\)", text):
        yield text[: place.start()] + text[place.end() :]
    for place in re.finditer(r"\(([^()\n]*)\)|(?<=: )(?:any|all) of \(([^()]*)\)$|not ", text, re.MULTILINE):
        inner = next((each for each in place.groups() if each), "")
        yield text[: place.start()] + inner + text[place.end() :]


def _situations(situation: Situation) -> Iterator[Situation]:
    if situation.account is not None:
        yield attrs.evolve(situation, account=None)
        for account in _accounts(situation.account):
            yield attrs.evolve(situation, account=account)
    if situation.feeds is not None:
        yield attrs.evolve(situation, feeds=None)
    for events in _without_one(situation.events or []):
        yield attrs.evolve(situation, events=events)
    for lead in _without_key(situation.lead):
        yield attrs.evolve(situation, lead=lead)
    for events in _plainer(situation.events or []):
        yield attrs.evolve(situation, events=events)


def _accounts(account: Account) -> Iterator[Account]:
    people = account.people if isinstance(account.people, list) else None
    if people:
        for fewer in _without_one(people):
            yield attrs.evolve(account, people=fewer)
        for number, (lead, events) in enumerate(people):
            for other in [(each, events) for each in _without_key(lead)] + [
                (lead, each) for each in _without_one(events)
            ]:
                yield attrs.evolve(account, people=[*people[:number], other, *people[number + 1 :]])
    if isinstance(account.events, list):
        for events in _without_one(account.events):
            yield attrs.evolve(account, events=events)
    if isinstance(account.fields, dict):
        for fields in _without_key(account.fields):
            yield attrs.evolve(account, fields=fields)


def _without_one(of: list[T]) -> Iterator[list[T]]:
    for number in range(len(of)):
        yield of[:number] + of[number + 1 :]


def _without_key(of: dict[str, object]) -> Iterator[dict[str, object]]:
    for key in of:
        yield {name: value for name, value in of.items() if name != key}


def _plainer(events: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for number, event in enumerate(events):
        for fewer in _without_key({key: value for key, value in event.items() if key not in ("kind", "at")}):
            kept = {key: event[key] for key in ("kind", "at") if key in event}
            yield [*events[:number], kept | fewer, *events[number + 1 :]]
