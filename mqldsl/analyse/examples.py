"""Runs the `example` blocks of a definition: the tests that sales and marketing agreed on."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.outcome import Absent, AtLeast, Found, Known
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.evaluate.situation import Company, Event, Lead, Situation
from mqldsl.explain.evidence import Fact, Line, facts_of, lines
from mqldsl.explain.missing import missing_for
from mqldsl.explain.until import until
from mqldsl.explain.words import ANSWERS, found_said, instant_said, said
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, at_local, back, midnight
from mqldsl.model.field_reading import stands_for_missing
from mqldsl.model.folding import fold
from mqldsl.model.types import BLANK, Blank, Value
from mqldsl.source.text import Place

_DEFAULT_DAY = date(2026, 1, 1)


@attrs.frozen
class Failure:
    """An expectation that was not met: what was expected, what was got, and why."""

    place: Place | None
    expected: str
    got: str
    evidence: tuple[Line, ...] = ()
    facts: tuple[Fact, ...] = ()


@attrs.frozen
class Result:
    """One example, and what of it was not met."""

    example: ir.Example
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures


def run_examples(model: ir.Model) -> Iterator[Result]:
    """Yield the result of each example of a definition, in the order of the file."""
    for example in model.examples:
        yield run_example(model, example)


def run_example(model: ir.Model, example: ir.Example) -> Result:
    """Return which expectations of an example are not met."""
    evaluation = Evaluation(model, situation_of(model, example))
    judged = evaluation.judged()
    failures = [_failure(evaluation, judged, expected) for expected in example.expected]
    return Result(example, tuple(failure for failure in failures if failure is not None))


# ------------------------------------------------------------------ the situation


def situation_of(model: ir.Model, example: ir.Example) -> Situation:
    """Return the situation that an example describes: what it does not mention is blank, all feeds supplied."""
    zone = Evaluation.zone_of(model)
    at = example.at or model.header.effective or _DEFAULT_DAY
    as_of = at_local(at, zone) if isinstance(at, datetime) else midnight(at, zone)

    def event(happened: ir.Happened) -> Event:
        return Event(happened.kind, _instant(happened.stamp), _properties(happened))

    def _instant(stamp: Duration | date | datetime | None) -> datetime | None:
        match stamp:
            case None:
                return None
            case Duration():
                return back(as_of, stamp, zone)
            case datetime():
                return at_local(stamp, zone)
            case _:
                return midnight(stamp, zone)

    def lead(facts: ir.Facts, name: str) -> Lead:
        own = [each for each in facts.happened if not model.kinds[each.kind].of_account]
        return Lead(name, _facts(model.fields, facts), tuple(event(each) for each in own))

    company = None
    if example.account is not None or example.people is not None:
        account_events = [each for each in example.lead.happened if model.kinds[each.kind].of_account]
        company = Company(
            _facts(model.account_fields, example.account or ir.Facts({})),
            tuple(event(each) for each in account_events),
            tuple(lead(each, f"person {number}") for number, each in enumerate(example.people or (), 1)),
        )
    feeds = frozenset(model.kinds if example.feeds is None else example.feeds)
    return Situation(lead(example.lead, example.title), as_of, feeds, company)


def _facts(fields: Mapping[str, ir.Field], facts: ir.Facts) -> dict[str, Value | Blank]:
    known: dict[str, Value | Blank] = dict.fromkeys(fields, BLANK)
    for name, value in facts.fields.items():
        stands_in = name in fields and value is not None and stands_for_missing(fields[name], value)
        known[name] = BLANK if value is None or stands_in else value
    return {name: value for name, value in known.items() if name not in facts.not_supplied}


def _properties(happened: ir.Happened) -> dict[str, Value | Blank]:
    return {name: BLANK if value is None else value for name, value in happened.properties.items()}


# ------------------------------------------------------------------ the expectations


def _failure(evaluation: Evaluation, judged: Judged, expected: ir.Expectation) -> Failure | None:
    zone = evaluation.zone
    name = expected.name
    match expected.kind:
        case "yes" | "no" | "unknown" if name in judged.clauses:
            outcome = judged.clauses[name]
            got: str = ANSWERS[outcome.answer.value]
            evidence = tuple(lines(evaluation, outcome))
            return (
                None
                if got == expected.kind
                else Failure(expected.place, f"{name} to be {expected.kind}", got, evidence)
            )
        case "missing":
            missing = (
                missing_for(evaluation.model, judged, evaluation.model.verdict)
                if evaluation.model.verdict
                else []
            )
            got = ", ".join(missing) or "nothing is missing"
            return None if name in missing else Failure(expected.place, f"{name} to be missing", got)
        case "could be":
            could_be = judged.decided[name].could_be
            return (
                None
                if expected.value in could_be
                else Failure(expected.place, f"{name} could be {expected.value}", ", ".join(could_be))
            )
        case "due":
            due, wanted_due = judged.decided[name].due_at, _moment_of(expected.value, zone)
            got = "no deadline" if due is None else instant_said(due, zone)
            said_due = f"{name} to be due {instant_said(wanted_due, zone)}"
            return None if due == wanted_due else Failure(expected.place, said_due, got)
        case "to":
            team = judged.decided[name].team
            met = team is not None and fold(team) == fold(expected.value)
            return (
                None
                if met
                else Failure(expected.place, f"{name} to go to {expected.value}", team or "nobody")
            )
        case "change":
            instant = _moment_of(expected.value, zone)
            change = until(evaluation)
            got = "no change" if change is None else instant_said(change, zone)
            return (
                None
                if change == instant
                else Failure(expected.place, f"a change at {instant_said(instant, zone)}", got)
            )
        case _:
            return _value_failure(evaluation, judged, expected)


def _moment_of(moment: date | datetime, zone: ZoneInfo) -> datetime:
    return at_local(moment, zone) if isinstance(moment, datetime) else midnight(moment, zone)


def _value_failure(evaluation: Evaluation, judged: Judged, expected: ir.Expectation) -> Failure | None:
    found = _found(judged, expected)
    zone = evaluation.zone
    if expected.kind == "unknown":
        is_open = isinstance(found, AtLeast | Absent) or found.possible is not None
        return (
            None
            if is_open
            else Failure(expected.place, f"{expected.name} to be unknown", found_said(found, zone))
        )
    holds = _equals(found, expected.value)
    if holds == (expected.kind == "value"):
        return None
    word = "" if expected.kind == "value" else "not "
    wanted = _unquoted(expected.value, zone)
    facts = tuple(facts_of(evaluation, evaluation.model.named[expected.name]))
    evidence: tuple[Line, ...] = ()
    if expected.name in judged.decided:
        rows = judged.decided[expected.name].rows
        evidence = tuple(line for row in rows if row is not None for line in lines(evaluation, row))
        facts = ()
    got = (
        found_said(found, zone).replace('"', "")
        if not isinstance(expected.value, str) or '"' not in expected.value
        else found_said(found, zone)
    )
    return Failure(expected.place, f"{expected.name} to be {word}{wanted}", got, evidence, facts)


def _found(judged: Judged, expected: ir.Expectation) -> Found:
    if expected.column is not None:
        return judged.tables[expected.name][expected.column]
    return judged.values[expected.name]


def _equals(found: Found, value: Value | None) -> bool:
    """Say whether a value equals the one that is expected, compared as `=` does."""
    if value is None:
        return not isinstance(found, Known)
    if not isinstance(found, Known):
        return False
    if isinstance(found.value, str) and isinstance(value, str):
        return fold(found.value) == fold(value)
    return found.value == value


def _unquoted(value: Value | None, zone: ZoneInfo) -> str:
    return said(value, zone).strip('"')
