"""Every conformance case, by the reference evaluator."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from mqldsl.evaluate import outcome
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.outcome import Absent, AtLeast, Found, Known
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.explain.missing import missing_for
from mqldsl.explain.until import until
from mqldsl.model import ir
from mqldsl.model.reading import read_moment
from mqldsl.pipeline import check_text
from tests.conformance.cases import Case, all_cases

CASES = list(all_cases())
WORDS = {True: "yes", False: "no", None: "unknown"}


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: Case) -> None:
    files = case.keys.get("files", {})

    def reader(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return str(files[path]).encode()

    checked = check_text(case.text, read=reader)
    errors = [finding.code for finding in checked.findings if finding.is_error]
    if "findings" in case.keys:
        assert sorted(set(errors)) == sorted(set(case.keys["findings"]))
        return
    assert checked.model is not None, [(finding.code, finding.message) for finding in checked.findings]
    giver = Giver(checked.model)
    situation = situation_of(giver, case.keys)
    evaluation = Evaluation(checked.model, situation)
    got, wanted = results(checked.model, evaluation.judged(), evaluation, case.keys, giver)
    assert got == wanted


def situation_of(giver: Giver, keys: Mapping[str, Any]) -> Any:
    people = keys.get("people")
    return giver.situation(
        keys.get("lead", {}),
        keys.get("events", ()),
        as_of=keys.get("as_of"),
        feeds=keys.get("feeds"),
        account=keys.get("account"),
        account_events=keys.get("account_events", ()),
        people=None
        if people is None
        else [(each.get("lead", {}), each.get("events", ())) for each in people],
        lead_id=keys.get("id", "lead-1"),
    )


def results(
    model: ir.Model, judged: Judged, evaluation: Evaluation, keys: Mapping[str, Any], giver: Giver
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the case asks for as it came out, beside what it expects."""
    got: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    verdict = judged.decided[model.verdict] if model.verdict else None
    for key in (
        "answer",
        "can_be",
        "certain",
        "could_be",
        "missing",
        "missing_in_order",
        "due_at",
        "team",
        "until",
    ):
        if key not in keys:
            continue
        value = keys[key]
        match key:
            case "answer":
                got[key] = WORDS[judged.clauses["it"].answer.value]
            case "can_be":
                got[key] = {WORDS[each] for each in judged.clauses["it"].answer.can_be}
                value = set(value)
            case "certain":
                assert verdict is not None
                got[key] = verdict.is_certain
            case "could_be":
                assert verdict is not None
                got[key], value = set(verdict.could_be), set(value)
            case "missing":
                got[key], value = sorted(missing_for(model, judged, model.verdict or "it")), sorted(value)
            case "missing_in_order":
                got[key] = missing_for(model, judged, model.verdict or "it")
            case "due_at":
                assert verdict is not None
                got[key], value = verdict.due_at, read_moment(value, evaluation.zone)
            case "team":
                assert verdict is not None
                got[key] = verdict.team
            case _:
                moment = until(evaluation)
                got[key] = "never" if moment is None else moment
                value = value if value == "never" else read_moment(value, evaluation.zone)
        wanted[key] = value
    if "faults" in keys:
        got["faults"], wanted["faults"] = (
            sorted({fault.name for fault in giver.faults}),
            sorted(set(keys["faults"])),
        )
    for name, value in keys.get("expect", {}).items():
        got[name], wanted[name] = plain(judged, name, value), value
    for name, (low, high) in keys.get("bounds", {}).items():
        got[f"bounds of {name}"], wanted[f"bounds of {name}"] = (
            bounds_of(judged, name),
            (float(low), float(high)),
        )
    return got, wanted


def plain(judged: Judged, name: str, expected: object) -> object:
    if name in judged.clauses:
        return WORDS[judged.clauses[name].answer.value]
    table, _, column = name.partition(".")
    if table in judged.tables:
        columns = judged.tables[table]
        return value_of(columns[column or next(iter(columns))], expected)
    return value_of(judged.values[name], expected)


def value_of(found: Found, expected: object) -> object:
    match found:
        case Known(value):
            if isinstance(expected, int | float) and not isinstance(expected, bool):
                return pytest.approx(value, rel=0, abs=0)
            return WORDS[value] if isinstance(value, bool) else value
        case AtLeast() | Absent():
            return "missing"


def bounds_of(judged: Judged, name: str) -> tuple[float, float]:
    found = judged.values[name]
    if isinstance(found, AtLeast):
        return found.least, math.inf
    assert isinstance(found, Known)
    bounds = outcome.bounds_of(found)
    return bounds.low, bounds.high
