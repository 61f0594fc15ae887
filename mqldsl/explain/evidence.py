"""The evidence of an answer: the values, counts and events that each condition looked at."""

import re
from collections.abc import Iterator

import attrs

from mqldsl.evaluate.outcome import Answer, Chosen, Outcome
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Event
from mqldsl.explain.words import found_said, instant_said
from mqldsl.model import ir
from mqldsl.source.text import Place, Span

_MOST_EVENTS = 5
# Where the first bullet begins behind `any of` and the like.
_BULLETS = re.compile(r":?[ \t]*(?:#[^\n]*)?\n\s*- ")


@attrs.frozen
class Fact:
    """One thing that a condition looked at: its name in the text, what was found, and the events behind it."""

    name: str
    found: str
    events: tuple[str, ...] = ()


@attrs.frozen
class Line:
    """A condition with its answer and evidence; `depth` tells how deep it stands inside its clause."""

    depth: int
    answer: Answer
    words: str
    label: str | None
    facts: tuple[Fact, ...]


def lines(evaluation: Evaluation, outcome: Outcome) -> Iterator[Line]:
    """Yield a line for a condition and for each condition in it; a named clause is not opened again."""
    yield from _lines(evaluation, outcome, 0, None)


def _lines(evaluation: Evaluation, outcome: Outcome, depth: int, label: str | None) -> Iterator[Line]:
    node = outcome.node
    is_joined = isinstance(node, ir.Count | ir.Not) and not _is_one_phrase(outcome)
    facts = () if is_joined else tuple(facts_of(evaluation, node))
    yield Line(depth, outcome.answer, words_of(node), label, facts)
    if not is_joined:
        return
    if isinstance(node, ir.Count):
        for part, inner in zip(node.parts, outcome.parts, strict=False):
            yield from _lines(evaluation, inner, depth + 1, part.label)
    elif isinstance(node, ir.Not):
        inner = outcome.parts[0]
        if not isinstance(inner.node, ir.ClauseRef):
            yield from _lines(evaluation, inner, depth + 1, None)


def _is_one_phrase(outcome: Outcome) -> bool:
    """Say whether the author wrote one phrase for what is several conditions: `between`, `not in`."""
    places = {part.node.place for part in outcome.parts}
    return places == {outcome.node.place} and None not in places


def words_of(node: ir.Node) -> str:
    """Return what the author wrote for a node, on one line; bullets, which stand for parts, are left out.

    A window that stands behind the whole comparison is said with each selection that it narrows.
    """
    if node.place is None:
        return ""
    place = node.place
    if isinstance(node, ir.Count) and (bullets := _BULLETS.search(place.source.slice(place.span))):
        place = Place(place.source, Span(place.span.start, place.span.start + bullets.start()))
    window = _window_outside(node, place.span)
    return text_at(place) + ("" if window is None else f" {text_at(window)}")


def _window_outside(node: ir.Node, span: Span) -> Place | None:
    of = node.of if isinstance(node, ir.HowMany | ir.Aggregate | ir.DaysSinceEvent) else node
    place = of.span.place if isinstance(of, ir.During) else None
    is_outside = place is not None and not (span.start <= place.span.start and place.span.end <= span.end)
    return place if is_outside else None


def text_at(place: Place) -> str:
    """Return the text of a place on one line, without its comments."""
    text = place.source.slice(place.span)
    return " ".join(" ".join(line.partition(" #")[0] for line in text.splitlines()).split())


def facts_of(evaluation: Evaluation, node: object) -> Iterator[Fact]:
    """Yield what a condition, or an operand, looked at, each thing once."""
    seen: set[str] = set()
    for operand in _looked_at(node):
        fact = _fact(evaluation, operand)
        if fact.name not in seen:
            seen.add(fact.name)
            yield fact


def _looked_at(node: object) -> Iterator[ir.Operand]:
    """Yield the fields, named parts and events of a condition, but nothing inside an event's brackets."""
    stack = [node]
    while stack:
        top = stack.pop()
        match top:
            case ir.Constant() | ir.PropertyValue():
                continue
            case ir.FieldValue() | ir.NamedValue() | ir.HowMany() | ir.Aggregate() | ir.DaysSinceEvent():
                yield top
            case tuple():
                stack.extend(reversed(top))
            case ir.Node():
                stack.extend(
                    reversed(
                        [
                            getattr(top, field.name)
                            for field in attrs.fields(type(top))
                            if field.name not in ("place", "type")
                        ]
                    )
                )


def _fact(evaluation: Evaluation, operand: ir.Operand) -> Fact:
    found = found_said(evaluation.operand(operand), evaluation.zone)
    match operand:
        case ir.FieldValue(owner, name):
            return Fact(name if owner == "lead" else f"account.{name}", found)
        case ir.NamedValue(name, _, column):
            return Fact(name if column is None else f"{name}.{column}", found)
        case ir.HowMany(of) | ir.DaysSinceEvent(_, of) | ir.Aggregate(_, _, of):
            return Fact(
                words_of(operand) or "events", found, _events_said(evaluation, evaluation.selection(of))
            )
        case _:
            return Fact(words_of(operand), found)


def _events_said(evaluation: Evaluation, chosen: Chosen) -> tuple[str, ...]:
    """Say when the events were, the latest first, with their ids."""
    events = [member for member in chosen.members if isinstance(member, Event) and member.at is not None]
    events.sort(key=lambda event: event.at or evaluation.situation.as_of, reverse=True)
    said = [
        instant_said(event.at, evaluation.zone) + (f" ({event.id})" if event.id else "")
        for event in events[:_MOST_EVENTS]
        if event.at is not None
    ]
    if len(events) > _MOST_EVENTS:
        said.append(f"and {len(events) - _MOST_EVENTS} more")
    return tuple(said)
