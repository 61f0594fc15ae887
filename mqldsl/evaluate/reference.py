"""The reference evaluator: the meaning of the language in the plainest code. It defines what is correct."""

from collections.abc import Callable
from typing import assert_never
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate import cases, comparing, operations, points
from mqldsl.evaluate.aggregates import aggregate, days_since_event, how_many
from mqldsl.evaluate.decision import Decided, decide, grade, matrix, table
from mqldsl.evaluate.numbers import millionths
from mqldsl.evaluate.outcome import (
    Absent,
    Answer,
    Chosen,
    Found,
    Known,
    Lack,
    Outcome,
    answer,
    counted,
    unknown,
)
from mqldsl.evaluate.selecting import choose
from mqldsl.evaluate.situation import Company, Event, Lead, Situation, seen
from mqldsl.model import ir
from mqldsl.model.folding import Entry, fold, regex_found
from mqldsl.model.types import Value


@attrs.frozen(eq=False)
class Judged:
    """Everything that one evaluation found."""

    clauses: dict[str, Outcome]
    values: dict[str, Found]
    scores: dict[str, points.Scored]
    decided: dict[str, Decided]
    tables: dict[str, dict[str, Found]]


class Evaluation:
    """One situation, looked at through one model; asks each named part once."""

    def __init__(self, model: ir.Model, situation: Situation) -> None:
        """Take the model and the situation; what lies in the future is left out here."""
        self.model = model
        self.zone = self.zone_of(model)
        self.situation = _present(situation)
        self._outcomes: dict[str, Outcome] = {}
        self._found: dict[str, Found] = {}
        self._chosen: dict[int, Chosen] = {}
        self._scores: dict[str, points.Scored] = {}
        self._decided: dict[str, Decided] = {}
        self._tables: dict[str, dict[str, Found]] = {}
        self._others: dict[int, Evaluation] = {}

    @staticmethod
    def zone_of(model: ir.Model) -> ZoneInfo:
        """Return the zone in which a definition tells local times."""
        return ZoneInfo(model.header.zone)

    def judged(self) -> Judged:
        """Return every named part, in an order in which nothing comes before what it is made of."""
        for name in self.model.named:
            self._ask(name)
        return Judged(self._outcomes, self._found, self._scores, self._decided, self._tables)

    def verdict(self) -> Decided:
        """Return the first decision of the definition; there must be one."""
        assert self.model.verdict is not None
        self._ask(self.model.verdict)
        return self._decided[self.model.verdict]

    # -------------------------------------------------------------- named parts

    def _ask(self, name: str) -> None:
        part = self.model.named[name]
        match part:
            case ir.Clause():
                if name not in self._outcomes:
                    self._outcomes[name] = self._clause(part)
            case ir.NamedExpression():
                if name not in self._found:
                    self._found[name] = self._value(part)
            case ir.Score():
                if name not in self._scores:
                    scored = points.score(self, part)
                    self._scores[name] = scored
                    self._found[name] = Known(scored.value, scored.possible, scored.lacks)
            case ir.Grade():
                if name not in self._found:
                    self._found[name] = grade(self, part)
            case ir.Matrix():
                if name not in self._found:
                    self._found[name] = matrix(self, part)
            case ir.Table():
                if name not in self._tables:
                    self._tables[name] = table(self, part)
            case ir.Decide():
                if name not in self._decided:
                    self._decided[name] = decide(self, part)
                    self._found[name] = self._decided[name].found
            case _:
                assert_never(part)

    def _clause(self, clause: ir.Clause) -> Outcome:
        outcome = self.condition(clause.condition)
        if clause.if_unknown is None or outcome.answer.value is not None:
            return outcome
        return Outcome(clause.condition, answer(clause.if_unknown), outcome.parts)

    def _value(self, value: ir.NamedExpression) -> Found:
        found = cases.first_case(self, value.cases)
        if isinstance(found, Known) and isinstance(found.value, float):
            return attrs.evolve(
                found, value=millionths(found.value), possible=cases.rounded_bounds(found.possible)
            )
        return found

    def about(self, lead: Lead) -> "Evaluation":
        """Return the same questions about another lead of the company."""
        if lead is self.situation.lead:
            return self
        if id(lead) not in self._others:
            self._others[id(lead)] = Evaluation(self.model, self._seen_by(lead))
        return self._others[id(lead)]

    def _seen_by(self, lead: Lead) -> Situation:
        """Return the situation of another lead of the company: the one that asks is among its colleagues."""
        company, asking = self.situation.company, self.situation.lead
        if company is not None and company.people is not None:
            others = tuple(asking if each is lead else each for each in company.people)
            company = attrs.evolve(company, people=others)
        return attrs.evolve(self.situation, lead=lead, company=company)

    # -------------------------------------------------------------- conditions

    def condition(self, node: ir.Condition, event: Event | None = None) -> Outcome:
        """Answer a condition; `event` is the one whose brackets it stands in."""
        match node:
            case ir.Count():
                return self._count(node, event)
            case ir.Not(of):
                outcome = self.condition(of, event)
                return Outcome(node, negated(outcome.answer), (outcome,))
            case ir.ClauseRef(name):
                self._ask(name)
                return Outcome(node, self._outcomes[name].answer, (self._outcomes[name],))
            case ir.Flag(of):
                return Outcome(node, self._on_value(of, event, lambda value: value is True))
            case ir.Compare(relation, left, right):
                sides = self.operand(left, event), self.operand(right, event)
                return Outcome(node, comparing.compare(relation, *sides, left.type))
            case ir.Member():
                return Outcome(
                    node, self._on_value(node.of, event, lambda value: comparing.is_member(node, value))
                )
            case ir.TextTest():
                return Outcome(node, self._text_test(node, event))
            case ir.Matches(of, pattern):
                found = comparing.compiled(pattern)
                return Outcome(node, self._on_value(of, event, lambda value: regex_found(found, str(value))))
            case ir.Has():
                return Outcome(node, self._has(node, event))
            case ir.IsKnown(of):
                return Outcome(node, operations.is_known(self.operand(of, event)))
            case ir.InSpan(of, span):
                return Outcome(node, comparing.in_span(self, self.operand(of, event), span, event, self.zone))
            case _:
                assert_never(node)

    def _count(self, node: ir.Count, event: Event | None) -> Outcome:
        outcomes = tuple(self.condition(part.condition, event) for part in node.parts)
        answers = [outcome.answer for outcome in outcomes]
        return Outcome(node, counted(answers, node.least, node.most), outcomes)

    def _on_value(self, of: ir.Operand, event: Event | None, test: Callable[[Value], bool]) -> Answer:
        """Answer a test of one value, and of every other value that is still possible."""
        found = self.operand(of, event)
        if not isinstance(found, Known):
            return unknown(found.lacks)
        return comparing.tested(found, test)

    def _text_test(self, node: ir.TextTest, event: Event | None) -> Answer:
        of = self.operand(node.of, event)
        needles = [self.operand(needle, event) for needle in node.needles]
        if not isinstance(of, Known):
            return unknown(of.lacks)
        answers = [comparing.searched(node.kind, of, needle) for needle in needles]
        return counted(answers, 1, len(answers))

    def _has(self, node: ir.Has, event: Event | None) -> Answer:
        of = self.operand(node.of, event)
        if not isinstance(of, Known) or not isinstance(of.value, tuple):
            return unknown(of.lacks)
        wanted = [each if isinstance(each, Entry) else self.operand(each, event) for each in node.wanted]
        members = [fold(member) for member in of.value]
        answers = [comparing.has_member(of, members, each) for each in wanted]
        return counted(answers, len(answers) if node.every else 1, len(answers))

    # -------------------------------------------------------------- operands

    def operand(self, node: ir.Operand, event: Event | None = None) -> Found:
        """Find the value of an operand."""
        match node:
            case ir.Constant(value):
                return Known(value)
            case ir.FieldValue(owner, name):
                return self._lead_field(name) if owner == "lead" else self._account_field(name)
            case ir.PropertyValue(name):
                assert event is not None
                return self._property(name, event)
            case ir.NamedValue(name, _, column):
                self._ask(name)
                return self._found[name] if column is None else self._tables[name][column]
            case ir.AnswerValue(of):
                return operations.as_value(self.condition(of, event).answer)
            case ir.Arithmetic():
                return operations.arithmetic(
                    node, self.operand(node.left, event), self.operand(node.right, event)
                )
            case ir.Rounded(of, places):
                return operations.rounded_to(self.operand(of, event), places)
            case ir.Pick():
                return operations.pick(node, [self.operand(part, event) for part in node.parts])
            case ir.DomainOf(of):
                return operations.domain(self.operand(of, event))
            case ir.DaysBetween(direction, of):
                return operations.days(direction, self.operand(of, event), self.situation.as_of, self.zone)
            case ir.HowMany(of):
                return how_many(self.selection(of))
            case ir.DaysSinceEvent(which, of):
                return days_since_event(self.selection(of), which, self.situation.as_of)
            case ir.Aggregate():
                return aggregate(self, node, self.selection(node.of), self.zone)
            case _:
                assert_never(node)

    def selection(self, node: ir.Selection) -> Chosen:
        """Choose what a selection holds, once for each node."""
        if id(node) not in self._chosen:
            self._chosen[id(node)] = choose(self, node, self.zone)
        return self._chosen[id(node)]

    def table(self, node: ir.Table) -> dict[str, Found]:
        """Find the outputs of a table."""
        self._ask(node.name)
        return self._tables[node.name]

    def _lead_field(self, name: str) -> Found:
        return operations.given(
            self.situation.lead.fields, name, self.model.fields[name].default, Lack(name, "field")
        )

    def _account_field(self, name: str) -> Found:
        company = self.situation.company
        lack = Lack(f"account.{name}", "account")
        if company is None:
            settled = not self.situation.may_have_company(self.model)
            return Absent(settled, frozenset({attrs.evolve(lack, blank=settled)}))
        return operations.given(company.fields, name, self.model.account_fields[name].default, lack)

    def _property(self, name: str, event: Event) -> Found:
        kind = self.model.kinds.get(event.kind)
        lack = Lack(f"{event.kind}.{name}", "property")
        if kind is None or name not in kind.properties:
            return Absent(settled=True, lacks=frozenset({attrs.evolve(lack, blank=True)}))
        return operations.given(event.properties, name, None, lack)


# ------------------------------------------------------------------ single steps


def _present(situation: Situation) -> Situation:
    """Return the situation without what lies in the future and without repeats."""

    def now(lead: Lead) -> Lead:
        return attrs.evolve(lead, events=seen(lead.events, situation.as_of))

    company = situation.company
    if company is not None:
        people = None if company.people is None else tuple(now(lead) for lead in company.people)
        company = Company(company.fields, seen(company.events, situation.as_of), people)
    return attrs.evolve(situation, lead=now(situation.lead), company=company)


def negated(of: Answer) -> Answer:
    """Return the answer of `not`."""
    value = None if of.value is None else not of.value
    return Answer(value, frozenset(not each for each in of.can_be), of.lacks)
