"""What `mqldsl.testing` offers: situations at the boundaries, properties that fail readably, a lead that lives."""

import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from mqldsl import testing
from mqldsl.embed.definition import Definition, load, loads
from mqldsl.testing.boundaries import TICK, Boundaries
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Maker
from mqldsl.testing.strategies import loaded
from mqldsl.testing.writing.definition import definition_text

RULES = Path(__file__).parents[2] / "rules"
QUICK_START = load(RULES / "quick-start" / "mql.mql")
PACKS = {
    name: load(RULES / f"{name}.mql")
    for name in ("quick-start/mql", "ladder/ladder", "account-based/account-based")
}
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))

SMALL = loads("""
definition "Small" version 1
  effective 2026-03-01
lead:
  employees: number, missing when "N/A"
  title: text
  timeframe: one of (now < soon < later)
event visit: page text
event call, kept for 90d
clause large: employees >= 100
clause early: timeframe <= soon
clause decides: title in ("Head of *", "CEO")
clause came: visits >= 3 within 30d
clause called: call then visit in 7d
score warmth from 0 to 50:
  +10 per visit within 30d
decide handling:
  sales when large and came
  call when early
  otherwise wait
""")


# ------------------------------------------------------------------ boundaries


@pytest.fixture(scope="module")
def many() -> list[testing.Situation]:
    maker = Maker(Boundaries(SMALL.model), Random(0))
    return [maker.situation() for _ in range(2_000)]


def test_constants_are_met_and_just_missed(many: list[testing.Situation]) -> None:
    seen = {situation.lead.get("employees") for situation in many}
    assert {100.0, 99.0, 101.0, math.nextafter(100, 0), math.nextafter(100, 101)} <= seen


def test_values_are_blank_not_supplied_and_stand_for_missing(many: list[testing.Situation]) -> None:
    seen = [situation.lead.get("employees", "not supplied") for situation in many]
    assert {"not supplied", "", "N/A"} <= {each for each in seen if isinstance(each, str)}
    assert None in seen


def test_texts_are_near_the_entries_of_lists(many: list[testing.Situation]) -> None:
    seen = {str(situation.lead.get("title")) for situation in many}
    assert {"Head of north", "  HEAD   OF   NORTH ", "CEOx", "the (CEO)", "something else"} <= seen


def test_labels_come_in_any_case(many: list[testing.Situation]) -> None:
    assert {"now", " NOW  ", "soon", "later"} <= {str(each.lead.get("timeframe")) for each in many}


def test_events_lie_on_the_edges_of_windows(many: list[testing.Situation]) -> None:
    distances = {
        situation.as_of - event["at"]
        for situation in many
        for event in situation.events or ()
        if isinstance(event["at"], datetime) and event["at"].tzinfo is not None
    }
    for edge in (timedelta(days=30), timedelta(days=7), timedelta(days=90), timedelta(0)):
        assert {edge, edge - TICK, edge + TICK} <= distances
    assert min(distances) < timedelta(0), "some are in the future"


def test_events_are_equal_repeated_and_a_length_apart(many: list[testing.Situation]) -> None:
    ids, times, apart = False, False, False
    for situation in many:
        events = situation.events or []
        known = [(event["kind"], event["id"]) for event in events if "id" in event]
        ids |= len(set(known)) < len(known)
        at = [e["at"] for e in events if isinstance(e["at"], datetime) and e["at"].tzinfo is not None]
        times |= len(set(at)) < len(at)
        apart |= any(a - b == timedelta(days=7) for a in at for b in at)
    assert (ids, times, apart) == (True, True, True)


def test_events_or_some_feeds_are_not_supplied(many: list[testing.Situation]) -> None:
    assert any(situation.events is None for situation in many)
    assert {("visit",), ("call",), ()} <= {
        tuple(situation.feeds) for situation in many if situation.feeds is not None
    }


@pytest.mark.parametrize("name", PACKS)
@FEW
@given(data=st.data())
def test_situations_are_no_data_faults(name: str, data: st.DataObject) -> None:
    situation = data.draw(testing.situations(PACKS[name]))
    PACKS[name].decide(**situation.as_arguments())


@FEW
@given(st.data())
def test_leads_and_histories_can_be_decided(data: st.DataObject) -> None:
    lead = data.draw(testing.leads(QUICK_START))
    events = data.draw(testing.histories(QUICK_START.model))
    assert QUICK_START.decide(lead, events, as_of="2026-03-01").verdict


@pytest.mark.parametrize("seed", range(5))
def test_situations_of_generated_definitions_are_no_data_faults(seed: int) -> None:
    definition = loaded(definition_text(Random(f"kit {seed}")))
    maker = Maker(Boundaries(definition.model), Random(seed))
    for _ in range(20):
        definition.decide(**maker.situation().as_arguments())


# ------------------------------------------------------------------ verdicts


@pytest.mark.parametrize("verdict", ["sales", "remove"])
def test_situations_with_a_verdict(verdict: str) -> None:
    seen: set[str] = set()

    @settings(FEW, max_examples=15)
    @given(testing.situations(QUICK_START, verdict=verdict))
    def has_it(situation: testing.Situation) -> None:
        assert QUICK_START.decide(**situation.as_arguments()).verdict == verdict
        seen.add(repr(situation))

    has_it()
    assert len(seen) > 5, "not the same one again and again"


def test_a_verdict_that_there_is_not() -> None:
    with pytest.raises(LookupError, match="no verdict `salse`; it has remove, sales, call, nurture"):
        testing.situations(QUICK_START, verdict="salse")


# ------------------------------------------------------------------ properties


@pytest.mark.parametrize(
    ("holds", "subject", "of"),
    [
        (testing.assert_monotone, "visit", "warmth"),
        (testing.assert_monotone, "visits", "came"),
        (testing.assert_monotone, "employees", "large"),
        (testing.assert_independent, "title", "handling"),
        (testing.assert_independent, "call", "warmth"),
    ],
)
def test_properties_that_hold(holds: Callable[..., None], subject: str, of: str) -> None:
    holds(SMALL, subject, of, searched=100)


@pytest.mark.parametrize("name", PACKS)
def test_what_holds_of_every_definition(name: str) -> None:
    testing.assert_never_flips(PACKS[name], searched=40)
    testing.assert_order_does_not_matter(PACKS[name], searched=25)
    testing.assert_repeats_do_not_count(PACKS[name], searched=25)


def broken(holds: Callable[..., None], *asked: object) -> str:
    with pytest.raises(AssertionError) as failed:
        holds(*asked, searched=100)
    return str(failed.value)


def test_a_field_that_does_matter_is_shown() -> None:
    said = broken(testing.assert_independent, SMALL, "timeframe", "handling")
    assert said.splitlines() == [
        "handling changes from 'call' to 'wait', with timeframe not supplied",
        "before: decide(lead={'timeframe': 'now'}, events=[], as_of='2026-03-01T00:00:00+00:00')",
        "after:  decide(lead={}, events=[], as_of='2026-03-01T00:00:00+00:00')",
    ]


def test_a_higher_value_that_lowers_is_shown() -> None:
    said = broken(testing.assert_monotone, SMALL, "timeframe", "early")
    assert said.startswith("early falls from yes to no, with timeframe 'later'\nbefore: decide(")


def test_one_more_event_that_lowers_is_shown() -> None:
    definition = loads("event visit\nclause quiet: no visit within 30d\n")
    said = broken(testing.assert_monotone, definition, "visit", "quiet")
    assert said.startswith("quiet falls from yes to no, with one more: {'kind': 'visit', 'at': ")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: testing.assert_monotone(SMALL, "visit", "warmht"), "did you mean `warmth`?"),
        (
            lambda: testing.assert_monotone(SMALL, "visitt", "warmth"),
            "no field or event `visitt`: did you mean",
        ),
        (lambda: testing.assert_monotone(SMALL, "visit", "handling"), "`handling` can neither rise nor fall"),
        (lambda: testing.assert_monotone(SMALL, "title", "warmth"), "`title` is never higher"),
    ],
)
def test_what_cannot_be_asserted(ask: Callable[[], None], words: str) -> None:
    with pytest.raises((LookupError, ValueError), match=words):
        ask()


# ------------------------------------------------------------------ a lead that lives

QUICKLY = settings(
    max_examples=15, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_lead_that_lives() -> None:
    run_state_machine_as_test(testing.machine(QUICK_START), settings=QUICKLY)


class Forgetful(Definition):
    """Plants a mistake: events that are prepared lose their last one."""

    def history(self, events: Iterable[Any]) -> Any:
        return super().history(list(events)[:-1])


def test_a_mistake_in_prepared_events_is_found() -> None:
    few = settings(QUICKLY, max_examples=50, derandomize=True, phases=(Phase.generate,), print_blob=False)
    with pytest.raises(AssertionError, match=r"with prepared events: (?s:.*)decide\(lead="):
        run_state_machine_as_test(testing.machine(Forgetful(SMALL.model)), settings=few)


# ------------------------------------------------------------------ without Hypothesis


def test_without_hypothesis_the_extra_is_named() -> None:
    code = """if True:
        import sys
        sys.modules["hypothesis"] = None
        import mqldsl.testing
        try:
            from mqldsl.testing import situations
        except ImportError as error:
            print(error)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "`hypothesis` is not installed; install it with: pip install 'mqldsl[testing]'"
    )


def test_every_public_name_is_there() -> None:
    assert all(getattr(testing, name) for name in testing.__all__)
