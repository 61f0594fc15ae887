"""Why, what is missing, what would change the verdict, and when it changes by itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.because import because
from mqldsl.explain.evidence import lines, words_of
from mqldsl.explain.missing import missing_for
from mqldsl.explain.supposed import Supposed, facts_of_verdict
from mqldsl.explain.to_become import to_become
from mqldsl.explain.until import until
from mqldsl.pipeline import check_text

SCHEMA = """
lead:
  title: text
  employees: number
  budget: money
  opted_out: yes/no
  buying_date: date
event visit
event demo_request

clause big: employees >= 100
clause decides: title in ("VP *", "Head of *")
clause can_pay: budget >= 50k
clause keen: visits >= 3 within 30d or demo_request within 14d

decide handling:
  remove when opted_out
  sales when at least 2 of (big, decides, can_pay) and keen
  nurture when at least 2 of (big, decides, can_pay)
  otherwise remove
"""


def asked(
    lead: Mapping[str, Any], events: list[Mapping[str, Any]] | None = None, text: str = SCHEMA
) -> Evaluation:
    model = check_text(text).model
    assert model is not None
    return Evaluation(model, Giver(model).situation(lead, events or [], as_of="2026-03-10T09:00:00Z"))


def visits(*days: int) -> list[Mapping[str, Any]]:
    return [{"kind": "visit", "at": f"2026-03-{day:02}T09:00:00Z"} for day in days]


GOOD = {"title": "VP Sales", "employees": 500, "budget": 10, "opted_out": "no", "buying_date": ""}


def test_one_fact_can_be_enough() -> None:
    evaluation = asked({**GOOD, "opted_out": "yes"}, visits(1, 2, 3))
    assert [words_of(fact) for fact in because(evaluation)] == ["opted_out"]


def test_the_smallest_set_leaves_out_what_does_not_matter() -> None:
    evaluation = asked(GOOD, visits(7, 8, 9))
    assert [words_of(fact) for fact in because(evaluation)] == [
        "employees",
        "title",
        "visits within 30d",
        "opted_out",
    ]


def test_an_uncertain_verdict_is_forced_by_nothing() -> None:
    assert because(asked({"opted_out": "no"}, visits(7, 8, 9))) == ()


LEADS = [
    (GOOD, visits(7, 8, 9)),
    (GOOD, []),
    ({**GOOD, "title": "Clerk"}, []),
    ({**GOOD, "title": "Clerk", "employees": 5, "budget": 90_000}, visits(1)),
    ({**GOOD, "budget": 90_000}, [{"kind": "demo_request", "at": "2026-03-09T09:00:00Z"}]),
]


@pytest.mark.parametrize(("lead", "events"), LEADS)
def test_no_smaller_set_of_facts_forces_the_verdict(
    lead: Mapping[str, Any], events: list[Mapping[str, Any]]
) -> None:
    evaluation = asked(lead, events)
    verdict = evaluation.verdict()
    found = because(evaluation)
    facts = facts_of_verdict(evaluation.model)
    assert Supposed(evaluation, frozenset(found)).verdict().could_be == (verdict.outcome,)
    for size in range(len(found)):
        for fewer in combinations(facts, size):
            assert Supposed(evaluation, frozenset(fewer)).verdict().could_be != (verdict.outcome,)
    earlier = [
        known for known in combinations(facts, len(found)) if facts.index(known[0]) < facts.index(found[0])
    ]
    assert all(
        Supposed(evaluation, frozenset(known)).verdict().could_be != (verdict.outcome,) for known in earlier
    )


def test_the_fewest_changes_that_would_make_a_sale() -> None:
    changes = to_become(asked({**GOOD, "title": "Clerk"}, visits(8, 9)), "sales")
    assert changes is not None
    assert [(words_of(change.fact), change.to) for change in changes] == [
        ("title", "VP north"),
        ("visits within 30d", 3.0),
    ]


def test_what_is_so_already_needs_no_change() -> None:
    assert to_become(asked(GOOD, visits(7, 8, 9)), "sales") is None


def test_what_is_only_missing_is_a_change_too() -> None:
    changes = to_become(asked({**GOOD, "employees": ""}, visits(7, 8, 9)), "sales")
    assert changes is not None
    assert [(words_of(change.fact), change.to) for change in changes] == [("employees", 100.0)]


def test_the_most_telling_question_comes_first() -> None:
    # Whether they opted out settles more than anything else: with yes, nothing else counts.
    evaluation = asked({"employees": 500}, visits(7, 8, 9))
    assert missing_for(evaluation.model, evaluation.judged(), "handling") == ["opted_out", "title", "budget"]


def test_nothing_is_missing_where_nothing_could_change() -> None:
    evaluation = asked({"opted_out": "yes"})
    assert missing_for(evaluation.model, evaluation.judged(), "handling") == []


def test_a_visit_that_leaves_its_window_changes_the_verdict() -> None:
    change = until(asked(GOOD, visits(7, 8, 9)))
    assert change == datetime(2026, 4, 6, 9, tzinfo=UTC)


def test_a_verdict_that_no_time_touches_never_changes() -> None:
    assert until(asked({**GOOD, "opted_out": "yes"}, visits(7, 8, 9))) is None


def test_a_date_comes_into_its_window_at_midnight() -> None:
    text = SCHEMA.replace(
        "remove when opted_out", "remove when opted_out\n  sales when buying_date within next 1 month"
    )
    change = until(asked({**GOOD, "title": "Clerk", "buying_date": "2026-05-20"}, text=text))
    assert change == datetime(2026, 4, 20, tzinfo=UTC)


def test_evidence_names_values_counts_and_times() -> None:
    evaluation = asked(GOOD, visits(7, 8, 9))
    outcome = evaluation.judged().clauses["keen"]
    said = [
        (line.depth, line.words, [(fact.name, fact.found, fact.events) for fact in line.facts])
        for line in lines(evaluation, outcome)
    ]
    assert said == [
        (0, "visits >= 3 within 30d or demo_request within 14d", []),
        (
            1,
            "visits >= 3 within 30d",
            [("visits within 30d", "3", ("2026-03-09 09:00", "2026-03-08 09:00", "2026-03-07 09:00"))],
        ),
        (1, "demo_request within 14d", [("demo_request within 14d", "0", ())]),
    ]
