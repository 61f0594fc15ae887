"""A lead that lives: events happen, fields and feeds are supplied, time goes by, and what must hold is looked at each time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from mqldsl.embed.definition import Definition
from mqldsl.source.extras import needed
from mqldsl.testing.boundaries import TICK, Boundaries
from mqldsl.testing.changes import more_supplied, said
from mqldsl.testing.choices import Choices, Drawn
from mqldsl.testing.made import Maker, Situation
from mqldsl.testing.strategies import made
from mqldsl.testing.told import disagreements, fail_where, flips

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine
    from hypothesis.strategies import DataObject


def machine(definition: Definition) -> "type[RuleBasedStateMachine]":
    """Return a state machine of one lead; its `TestCase` is a test, and `run_state_machine_as_test` runs it.

    After each step must hold: a decision on events that were prepared once is the decision on the events
    themselves; their order does not matter. When something is supplied that was not, nothing certain flips.

    Args:
        definition: Its boundaries say what happens, and when.
    """
    with needed("testing"):
        from hypothesis import HealthCheck, note, settings
        from hypothesis import strategies as st
        from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

    boundaries = Boundaries(definition.model)

    class LeadMachine(RuleBasedStateMachine):
        """One lead and what becomes of it."""

        situation: Situation

        @initialize(situation=made(lambda choices: Maker(boundaries, choices).situation()))
        def begins(self, situation: Situation) -> None:
            self.situation = attrs.evolve(situation, events=without_ids(situation))
            self.history = definition.history(self.situation.events or [])

        @rule(data=st.data())
        def happens(self, data: "DataObject") -> None:
            """Something happens, or is told late."""
            if boundaries.of_lead:
                event = data.draw(made(lambda choices: _event(boundaries, choices, self.situation.as_of)))
                self.situation = attrs.evolve(self.situation, events=[*(self.situation.events or []), event])
                self.history = definition.history(self.situation.events or [])

        @rule(step=made(lambda choices: _step(boundaries, choices)))
        def time_goes_by(self, step: timedelta) -> None:
            """The same lead is looked at later; its prepared events stay as they are."""
            self.situation = attrs.evolve(self.situation, as_of=self.situation.as_of + step)

        @rule(data=st.data())
        def more_is_supplied(self, data: "DataObject") -> None:
            """A field, a property or a feed is supplied; what was certain stays as it was."""
            before = definition.decide(**self.situation.as_arguments())
            maker = Maker(boundaries, Drawn(data.draw))
            self.situation, change = more_supplied(maker, self.situation)
            self.history = definition.history(self.situation.events or [])
            note(change)
            found = list(flips(definition, before, definition.decide(**self.situation.as_arguments())))
            fail_where(found, f"{change}: {'; '.join(found)}\n{said(self.situation)}")

        @invariant()
        def prepared_events_decide_as_the_events_do(self) -> None:
            if self.situation.events is None:
                return
            fresh = definition.decide(**self.situation.as_arguments())
            again = definition.decide(**{**self.situation.as_arguments(), "events": self.history})
            found = list(disagreements(fresh, again))
            fail_where(found, f"with prepared events: {'; '.join(found)}\n{said(self.situation)}")

        @invariant()
        def the_order_of_events_does_not_matter(self) -> None:
            turned = attrs.evolve(self.situation, events=(self.situation.events or [])[::-1])
            if self.situation.events:
                pair = (definition.decide(**each.as_arguments()) for each in (self.situation, turned))
                found = list(disagreements(*pair))
                fail_where(found, f"turned round: {'; '.join(found)}\n{said(self.situation)}")

    LeadMachine.TestCase.settings = settings(
        max_examples=50, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return LeadMachine


def without_ids(situation: Situation) -> list[dict[str, object]] | None:
    """Return the events without ids: of two with one id the first received counts, whatever the order."""
    if situation.events is None:
        return None
    return [{key: value for key, value in event.items() if key != "id"} for event in situation.events]


def _event(boundaries: Boundaries, choices: Choices, as_of: datetime) -> dict[str, object]:
    event = Maker(boundaries, choices).event(choices.pick(boundaries.of_lead), as_of, [])
    event.pop("id", None)
    return event


def _step(boundaries: Boundaries, choices: Choices) -> timedelta:
    """Return how much time goes by: a length that the definition names, or a moment more or less."""
    start = boundaries.as_ofs[0]
    length = boundaries.stepped(start, choices.pick(boundaries.lengths)) - start
    return max(timedelta(0), min(length, timedelta(days=400)) + choices.pick((0, 1, -1)) * TICK)
