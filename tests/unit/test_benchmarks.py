"""The benchmarks decide as the definitions do, and their command runs; nobody looks at the times here."""

import json

import pytest

import mqldsl
from benchmarks.embed import chart, command, contenders, page
from benchmarks.embed.agreement import Disagreement, check
from benchmarks.embed.conditions import AtLeast, Between, Compare, Is, OneOf, opposite
from benchmarks.embed.contenders import Contender
from benchmarks.embed.results import measure
from benchmarks.embed.timing import Plan
from benchmarks.embed.workload import Told
from benchmarks.embed.workloads import WORKLOADS

BRIEF = Plan(rounds=1, leads=3, turn=0.0, checking=60)


@pytest.mark.parametrize("code", WORKLOADS)
def test_python_by_hand_decides_as_mqldsl_does(code: str) -> None:
    workload = WORKLOADS[code]()
    running = [*contenders.by_hand(workload), *contenders.ours(workload)]
    checked = check(workload, running, lambda _: None, BRIEF.checking)
    assert set(checked.values()) == {200}


def test_a_wrong_answer_stops_the_run() -> None:
    workload = WORKLOADS["W1"]()
    running = contenders.by_hand(workload)
    wrong = Contender("wrong", "peer", lambda _: None, lambda _: Told("nurture", []))
    with pytest.raises(Disagreement, match="W1: wrong disagrees with hand-written, full trace about lead"):
        check(workload, [*running, wrong], lambda _: None, BRIEF.checking)


@pytest.mark.parametrize("code", WORKLOADS)
def test_the_leads_of_a_workload_are_told_apart(code: str) -> None:
    truth = next(each for each in contenders.by_hand(WORKLOADS[code]()) if each.name.endswith("full trace"))
    told = [truth.tell(number) for number in range(200)]
    assert len({each.verdict for each in told}) >= 3
    assert {answer for each in told for answer in (each.clauses or {}).values()} == {True, False, None}


def test_the_command_measures_one_workload(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["embed", "--quick", "--only", "W1", "--no-peers", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told["workloads"][0]["rows"]] == [
        "hand-written, early exit",
        "hand-written, full trace",
        "mqldsl",
    ]


def test_the_page_and_the_chart_name_everybody() -> None:
    found = measure(WORKLOADS["W2"](), BRIEF, lambda _: None, with_peers=False)
    for text in (page.page([found], [], None, BRIEF), chart.chart([found])):
        assert "mqldsl, History prepared" in text
        assert "hand-written, early exit" in text


def test_unknown_workloads_are_named() -> None:
    with pytest.raises(SystemExit, match="no workload W9: there are W1, W2"):
        command.main(["embed", "--only", "W9"])


def test_the_opposite_of_a_condition_is_yes_where_it_is_no() -> None:
    assert opposite(Is("flag")) == Is("flag", wanted=False)
    assert opposite(OneOf("title", ("a",))) == OneOf("title", ("a",), is_in=False)
    two = AtLeast(2, (Is("a"), Is("b"), Is("c")))
    assert opposite(two) == AtLeast(2, (Is("a", False), Is("b", False), Is("c", False)))
    assert opposite(Between("size", 1, 9)) == AtLeast(1, (Compare("size", "<", 1), Compare("size", ">", 9)))


def test_mqldsl_is_what_is_measured() -> None:
    assert isinstance(contenders.load(WORKLOADS["W1"]()), mqldsl.Definition)
