"""Situations that have a wanted verdict: one that was made is changed, step by step, towards a row that gives it."""

import copy

import attrs

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Account
from mqldsl.evaluate.outcome import AtLeast, Known, Outcome
from mqldsl.evaluate.reference import Evaluation
from mqldsl.model import ir
from mqldsl.model.types import Labels, Value
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Facts, Maker, Situation
from mqldsl.testing.smaller import smallest

MOST_STEPS = 300


def bank(boundaries: Boundaries, verdict: str, wanted: int = 6) -> list[Situation]:
    """Return situations with a verdict, the smaller half first; the same ones in every run."""
    giver, model = Giver(boundaries.model), boundaries.model
    found: list[Situation] = []
    for seed in range(3 * wanted):
        maker = Maker(boundaries, Random(seed))
        situation = aimed(maker, maker.situation(), verdict)
        if situation is not None:
            found.append(situation)
        if len(found) == wanted:
            break
    plain = [smallest(each, lambda it: verdict_of(giver, model, it) == verdict) for each in found[::2]]
    return sorted(plain, key=lambda each: len(repr(each))) + found[1::2]


def aimed(maker: Maker, situation: Situation, verdict: str) -> Situation | None:
    """Return a situation with a verdict, as near to the one given as the search comes; None where it finds none."""
    giver = Giver(maker.boundaries.model)
    best = _nearness(giver, maker.boundaries.model, situation, verdict)
    for _ in range(MOST_STEPS):
        if best == 1:
            return situation
        other = changed(maker, situation)
        near = _nearness(giver, maker.boundaries.model, other, verdict)
        if near >= best:
            situation, best = other, near
    return situation if best == 1 else None


def verdicts(model: ir.Model) -> tuple[str, ...]:
    """Return the outcomes of the first decision, in the order of the file; none where there is no decision."""
    decide = model.named.get(model.verdict or "")
    return decide.type.names if isinstance(decide, ir.Decide) else ()


def verdict_of(giver: Giver, model: ir.Model, situation: Situation) -> str:
    """Return the verdict on a situation, by the reference."""
    return Evaluation(model, giver.question(**situation.as_arguments(), notes=[])).verdict().outcome


# ------------------------------------------------------------------ how near


def _nearness(giver: Giver, model: ir.Model, situation: Situation, verdict: str) -> float:
    """Return 1 where the verdict is the one that is wanted, else how true its best row is, below 1."""
    evaluation = Evaluation(model, giver.question(**situation.as_arguments(), notes=[]))
    decided = evaluation.verdict()
    if decided.outcome == verdict:
        return 1
    decide = model.named[model.verdict or ""]
    assert isinstance(decide, ir.Decide)
    best = in_the_way = 0.0
    for row, outcome in zip(decide.rows, decided.rows, strict=True):
        truth = 1.0 if outcome is None else _truth(evaluation, outcome)
        if row.outcome == verdict:
            best = max(best, truth / (1 + in_the_way))
        elif truth == 1:
            in_the_way += 1
    return min(0.99, best)


def _truth(evaluation: Evaluation, outcome: Outcome) -> float:
    """Return how near a condition is to yes: 1 where it is, of several the share that is."""
    if outcome.answer.value is True:
        return 1.0
    match outcome.node:
        case ir.Count(parts, least, most) if outcome.parts:
            truths = sorted((_truth(evaluation, part) for part in outcome.parts), reverse=True)
            wanted = sum(truths[:least]) / least if least else 1.0
            unwanted = sum(truths[most:]) / (len(parts) - most) if most < len(parts) else 0.0
            near = wanted * (1 - unwanted)
        case ir.Not() if outcome.parts:
            near = 1 - _truth(evaluation, outcome.parts[0])
        case ir.ClauseRef() if outcome.parts:
            near = _truth(evaluation, outcome.parts[0])
        case ir.Compare():
            near = _compared(evaluation, outcome.node)
        case _:
            near = 0.3 if outcome.answer.value is None else 0.0
    return min(near, 0.95)


def _compared(evaluation: Evaluation, node: ir.Compare) -> float:
    """Return how near the two sides of a comparison are, as numbers or by rank."""
    sides = [evaluation.operand(side) for side in (node.left, node.right)]
    known = [side.value for side in sides if isinstance(side, Known)]
    least = [side.least for side in sides if isinstance(side, AtLeast)]
    if len(known) + len(least) < 2:
        return 0.2
    if isinstance(node.left.type, Labels):
        if isinstance(node.left, ir.NamedValue):
            return _by_bands(evaluation, node.left.name, known[1])
        return 0.0
    numbers = [value for value in (*known, *least) if isinstance(value, float)]
    if len(numbers) < 2:
        return 0.0
    return 0.9 / (1 + abs(numbers[0] - numbers[1]) / (1 + abs(numbers[1])))


def _by_bands(evaluation: Evaluation, name: str, wanted: Value) -> float:
    """Return how near a grade is to a band, or a matrix to a cell that says what is wanted."""
    part = evaluation.model.named[name]
    match part:
        case ir.Grade():
            of = evaluation.operand(part.of)
            start = dict(part.bands).get(str(wanted), part.bands[-1][1])
            if not isinstance(of, Known) or not isinstance(of.value, float):
                return 0.1
            return 0.9 / (1 + abs(of.value - start) / (1 + abs(start)))
        case ir.Matrix(rows_of=ir.NamedValue(rows), columns_of=ir.NamedValue(columns)):
            cells = [pair for pair, label in part.cells.items() if label == wanted]
            nears = [
                (_by_bands(evaluation, rows, first) + _by_bands(evaluation, columns, second)) / 2
                for first, second in cells
            ]
            return max(nears, default=0.0)
        case _:
            return 0.0


# ------------------------------------------------------------------ single steps


def changed(maker: Maker, situation: Situation) -> Situation:
    """Return the situation with one thing changed, added or left out."""
    choices, account = maker.choices, situation.account
    match choices.pick((0, 0, 0, 1, 1, 1, 2, 2, 3, 4)):
        case 0 | 1 if account is not None and choices.chance(40):
            return attrs.evolve(situation, account=_other_account(maker, account, situation))
        case 0:
            return attrs.evolve(situation, lead=_other_fact(maker, situation.lead, situation))
        case 1:
            events = _other_events(maker, situation.events or [], situation)
            return attrs.evolve(situation, events=events)
        case 2 if maker.boundaries.has_company and account is None:
            return attrs.evolve(situation, account=maker.account(situation.as_of))
        case 3:
            return attrs.evolve(situation, feeds=None, account=None if choices.chance(20) else account)
        case 4:
            return maker.situation()
        case _:
            events = [event for event in situation.events or [] if not choices.chance(40)]
            return attrs.evolve(situation, events=events)


def _other_fact(maker: Maker, facts: Facts, situation: Situation, *, of_account: bool = False) -> Facts:
    model = maker.boundaries.model
    fields = tuple((model.account_fields if of_account else model.fields).values())
    if not fields:
        return facts
    field = maker.choices.pick(fields)
    rest = {key: value for key, value in facts.items() if key not in (field.name, field.column)}
    if maker.choices.chance(15):
        return rest
    if maker.choices.chance(15) and not field.required:
        return {**rest, field.name: None}
    if maker.choices.chance(25):  # what nothing speaks of is often what is wanted
        plainest = maker.boundaries.values(field.name, field.type, situation.as_of)[:2]
        return {**rest, field.name: maker.choices.pick(plainest)}
    return {**rest, field.name: maker.value(field.name, field.type, situation.as_of)}


def _other_events(
    maker: Maker, events: list[Facts], situation: Situation, kinds: tuple[ir.Kind, ...] | None = None
) -> list[Facts]:
    choices = maker.choices
    kinds = maker.boundaries.of_lead if kinds is None else kinds
    if not kinds:
        return events
    if events and choices.chance(25):
        left_out = choices.count(0, len(events) - 1)
        return [event for number, event in enumerate(events) if number != left_out]
    if events and choices.chance(25):
        again = copy.copy(choices.pick(events))
        again.pop("id", None)
        return [*events, again]
    return [*events, maker.event(choices.pick(kinds), situation.as_of, [])]


def _other_account(maker: Maker, account: Account, situation: Situation) -> Account:
    people = list(account.people or ())
    asks_people = maker.boundaries.asks_people
    match maker.choices.count(0, 4):
        case 0 if isinstance(account.fields, dict):
            fields = _other_fact(maker, account.fields, situation, of_account=True)
            return attrs.evolve(account, fields=fields)
        case 1:
            happened = list(account.events or ())
            return attrs.evolve(
                account, events=_other_events(maker, happened, situation, maker.boundaries.of_account)
            )
        case 2 if people:
            place = maker.choices.count(0, len(people) - 1)
            people[place] = _other_person(maker, people[place], situation)
            return attrs.evolve(account, people=people)
        case 3 if people:
            return attrs.evolve(account, people=people[1:])
        case _ if not asks_people:
            return maker.account(situation.as_of)
        case _:
            return attrs.evolve(
                account, people=[*people, (maker.lead(situation.as_of), maker.events(situation.as_of, 3))]
            )


def _other_person(
    maker: Maker, person: tuple[Facts, list[Facts]], situation: Situation
) -> tuple[Facts, list[Facts]]:
    lead, events = person
    if maker.choices.chance(50):
        return _other_fact(maker, lead, situation), events
    return lead, _other_events(maker, events, situation)
