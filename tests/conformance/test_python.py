"""Every conformance case, by the generated function."""

from collections.abc import Mapping
from typing import Any

import pytest

from mqldsl.embed.decision import Decision
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Account
from mqldsl.evaluate.python import program
from mqldsl.evaluate.reference import Evaluation
from mqldsl.pipeline import check_text
from tests.conformance.cases import Case, all_cases
from tests.conformance.test_reference import situation_of
from tests.properties.comparison import differences

CASES = [case for case in all_cases() if "findings" not in case.keys]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: Case) -> None:
    files = case.keys.get("files", {})
    checked = check_text(case.text, read=lambda path: str(files[path]).encode())
    assert checked.model is not None
    giver = Giver(checked.model)
    situation = situation_of(giver, case.keys)
    judged = Evaluation(checked.model, situation).judged()
    decide = program(checked.model, Decision).decide
    decision = decide(
        *handed_in(case.keys, giver), as_of=situation.as_of, feeds=situation.feeds, strict=False
    )
    assert differences(checked.model, judged, decision) == []


def handed_in(keys: Mapping[str, Any], giver: Giver) -> tuple[Any, Any, Any]:
    """Return the lead, its events and its company as an application would hand them in."""
    lead = {**keys.get("lead", {}), "id": keys.get("id", "lead-1")}
    account = None
    people = keys.get("people")
    if "account" in keys or people is not None or giver.names_company(lead):
        others = None if people is None else [(one.get("lead", {}), one.get("events", ())) for one in people]
        account = Account(keys.get("account", {}), keys.get("account_events", ()), others)
    return lead, keys.get("events", ()), account
