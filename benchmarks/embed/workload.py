"""What a workload is: a definition, leads to decide, the same decision by hand, and what peers are given."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from benchmarks.embed.conditions import Condition

# Every lead is asked about at this instant: nothing here reads a clock, and windows have fixed edges.
AS_OF = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)

Record: TypeAlias = dict[str, Any]
Trace: TypeAlias = Mapping[str, bool | None]

# What peers are given of a lead: numbers, folded texts, yes or no, None where nothing is known; also events.
Facts: TypeAlias = dict[str, Any]


@attrs.frozen(eq=False)
class Case:
    """A lead with its events and its company, as an application holds them: plain dicts."""

    lead: Record
    events: list[Record] = attrs.field(factory=list)
    account: Record | None = None


@attrs.frozen
class Told:
    """What an implementation says of a lead; None where it cannot say so."""

    verdict: str
    fired: list[str] | None = None
    clauses: Trace | None = None
    could_be: frozenset[str] | None = None
    scores: dict[str, float] | None = None
    due_at: datetime | None = None


@attrs.frozen(eq=False)
class ByHand:
    """A decision in plain Python, and how what it returns is told; `prepare` makes its events ready before."""

    form: str
    decide: Callable[..., Any]
    told: Callable[[Any], Told]
    prepare: Callable[[list[Record]], object] | None = None


@attrs.frozen(eq=False)
class ForPeers:
    """What peers run: when each clause is yes, the facts that these speak of, and the rows of the decision.

    `facts` is written by hand, and what it prepares is work that the peer is spared: `given` names it.
    `tests` are further conditions that only the rows need. `verdict` reads the answers, those of the clauses
    and then those of the tests, in order: the rows are applied by hand, too. `form` tells two ways apart.
    """

    clauses: Mapping[str, Condition]
    facts: Callable[[Case], Facts]
    verdict: Callable[[Sequence[object]], str]
    given: str
    tests: tuple[Condition, ...] = ()
    form: str = ""
    counts_given: bool = False


@attrs.frozen(eq=False)
class Workload:
    """One of the six. Hand-written functions take `takes` of lead, events, account and as-of, in this order."""

    code: str
    title: str
    definition: str
    cases: list[Case]
    takes: tuple[str, ...]
    by_hand: tuple[ByHand, ...]
    for_peers: tuple[ForPeers, ...]
    why_no_peers: str = ""
    file: Path | None = None  # where the definition stands, if it names further files
    is_full: bool = False  # could be, score and deadline are told as well

    def asked(self, by_hand: ByHand) -> list[tuple[Any, ...]]:
        """Return what a hand-written function is called with, one tuple a lead."""
        prepare = by_hand.prepare or (lambda events: events)
        return [
            tuple(
                {"lead": case.lead, "account": case.account, "now": AS_OF}[name]
                if name != "events"
                else prepare(case.events)
                for name in self.takes
            )
            for case in self.cases
        ]


def verdict_only(found: str) -> Told:
    """Tell what a function that stops at the verdict returned; which clauses fired, it does not know."""
    return Told(found)


def verdict_and_fired(found: tuple[str, list[str]]) -> Told:
    """Tell a verdict and the clauses that fired."""
    return Told(found[0], found[1])


def traced(found: tuple[str, dict[str, bool | None], list[str]]) -> Told:
    """Tell a verdict, the answer of every clause, and those that fired."""
    return Told(found[0], found[2], found[1])
