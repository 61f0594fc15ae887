"""Everything that decides the leads of a workload: hand-written Python, mqldsl, and the peers that can."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Any, Literal

import attrs

import mqldsl
from benchmarks.embed.peers import PEERS, UNUSABLE
from benchmarks.embed.peers.peer import Peer, Unable
from benchmarks.embed.workload import AS_OF, ByHand, ForPeers, Told, Workload


@attrs.frozen(eq=False)
class Contender:
    """One implementation on one workload.

    `decide_first` decides so many of the leads once, in a loop of its own so that nobody pays for a call more
    than others. `tell` decides one lead and tells all that was found. `prepare_first` does what was done for
    the contender beforehand, where that is measured apart.
    """

    name: str
    side: Literal["hand", "ours", "peer"]
    decide_first: Callable[[int], None]
    tell: Callable[[int], Told]
    given: str = ""
    counts_given: bool = False
    prepare_first: Callable[[int], None] | None = None


@attrs.frozen
class Absent:
    """A peer that does not run a workload, and why."""

    name: str
    why: str


HAND, OURS, PREPARED = "hand-written, ", "mqldsl", "mqldsl, History prepared"
PREPARING = "mqldsl, History made and first used"


def load(workload: Workload) -> mqldsl.Definition:
    """Return the definition of a workload."""
    return mqldsl.load(workload.file) if workload.file else mqldsl.loads(workload.definition)


def by_hand(workload: Workload) -> list[Contender]:
    """Return the hand-written forms."""
    return [_hand(workload, form) for form in workload.by_hand]


def _hand(workload: Workload, form: ByHand) -> Contender:
    asked = workload.asked(form)
    return Contender(
        HAND + form.form,
        "hand",
        _called(form.decide, asked),
        lambda number: form.told(form.decide(*asked[number])),
        given="events sorted by kind and time" if form.prepare else "",
    )


def _called(decide: Callable[..., Any], asked: list[tuple[Any, ...]]) -> Callable[[int], None]:
    """Return a loop that calls a function with its own number of arguments: unpacking a tuple takes longer."""

    def with_one(number: int) -> None:
        for (a,) in asked[:number]:
            decide(a)

    def with_two(number: int) -> None:
        for a, b in asked[:number]:
            decide(a, b)

    def with_three(number: int) -> None:
        for a, b, c in asked[:number]:
            decide(a, b, c)

    def with_four(number: int) -> None:
        for a, b, c, d in asked[:number]:
            decide(a, b, c, d)

    return (with_one, with_two, with_three, with_four)[len(asked[0]) - 1]


# ------------------------------------------------------------------ ours


def ours(workload: Workload) -> list[Contender]:
    """Return mqldsl on plain events, and where there are events, on those that were prepared."""
    definition = load(workload)
    if "events" not in workload.takes:
        return [_ours(workload, definition, OURS, [None] * len(workload.cases))]
    plain = [case.events for case in workload.cases]
    prepared = [definition.history(events) for events in plain]
    of_histories = _ours(workload, definition, PREPARED, prepared)
    of_histories.decide_first(len(prepared))  # a history is sorted when it is first used

    def prepare(number: int) -> None:
        for case in workload.cases[:number]:
            definition.decide(case.lead, mqldsl.History(case.events), case.account, AS_OF)

    return [
        _ours(workload, definition, OURS, plain),
        attrs.evolve(of_histories, given="events in a `History`", counts_given=True, prepare_first=prepare),
    ]


def _ours(
    workload: Workload, definition: mqldsl.Definition, name: str, histories: Sequence[Any]
) -> Contender:
    cases = [(case.lead, events, case.account) for case, events in zip(workload.cases, histories)]
    is_full = workload.is_full
    decide = definition.decide

    def tell(number: int) -> Told:
        lead, events, account = cases[number]
        found = decide(lead, events, account, AS_OF)
        told = Told(str(found.verdict), list(found.fired), dict(found.clauses), scores=found.scores)
        if not is_full:
            return told
        return attrs.evolve(told, could_be=frozenset(found.could_be), due_at=found.due_at)

    loop = _full_loop if is_full else _loop_with_events if "events" in workload.takes else _loop
    # From its first call on the definition has the function of its program; that one is timed.
    tell(0)
    return Contender(name, "ours", loop(definition, cases), tell)


def _loop(definition: mqldsl.Definition, cases: list[tuple[Any, ...]]) -> Callable[[int], None]:
    def run(number: int) -> None:
        decide = definition.decide
        for lead, _, _ in cases[:number]:
            # By position, as those by hand are called: Python 3.11 takes longer for names.
            found = decide(lead, None, None, AS_OF)
            found.verdict  # noqa: B018 - reading it is what is timed
            found.fired  # noqa: B018 - as above

    return run


def _loop_with_events(definition: mqldsl.Definition, cases: list[tuple[Any, ...]]) -> Callable[[int], None]:
    def run(number: int) -> None:
        decide = definition.decide
        for lead, events, _ in cases[:number]:
            found = decide(lead, events, None, AS_OF)
            found.verdict  # noqa: B018 - reading it is what is timed
            found.fired  # noqa: B018 - as above

    return run


def _full_loop(definition: mqldsl.Definition, cases: list[tuple[Any, ...]]) -> Callable[[int], None]:
    def run(number: int) -> None:
        decide = definition.decide
        for lead, events, account in cases[:number]:
            found = decide(lead, events, account, AS_OF)
            found.verdict  # noqa: B018 - reading it is what is timed
            found.could_be  # noqa: B018 - as above
            found.fired  # noqa: B018 - as above
            found.scores  # noqa: B018 - as above
            found.due_at  # noqa: B018 - as above

    return run


# ------------------------------------------------------------------ peers


def peers(workload: Workload) -> Iterator[Contender | Absent]:
    """Yield every peer that runs a workload, in each form, and for the others why they do not."""
    for peer in PEERS:
        if workload.why_no_peers:
            yield Absent(peer.name, workload.why_no_peers)
        elif peer.version is None:
            yield Absent(peer.name, "not installed: pip install -e '.[bench]'")
        else:
            for form in workload.for_peers:
                yield _peer(workload, peer, form)
    for name, why in UNUSABLE.items():
        yield Absent(name, why)


def _peer(workload: Workload, peer: Peer, form: ForPeers) -> Contender | Absent:
    name = f"{peer.name}, {form.form}" if form.form else peer.name
    conditions = (*form.clauses.values(), *form.tests)
    try:
        ready = peer.ready(conditions)
        given = [ready.given(form.facts(case)) for case in workload.cases]
        ready.answers(given[0])
    except Unable as unable:
        return Absent(name, str(unable))
    except Exception as failure:  # noqa: BLE001 - a peer may raise what it likes; it is shown, and the others go on
        return Absent(name, f"fails: {type(failure).__name__}: {failure}")
    answers, verdict = ready.answers, form.verdict
    names = tuple(form.clauses)

    def decide_first(number: int) -> None:
        for each in given[:number]:
            found = answers(each)
            verdict(found)
            list(compress(names, found))

    def prepare_first(number: int) -> None:
        for case in workload.cases[:number]:
            form.facts(case)

    def tell(number: int) -> Told:
        found = answers(given[number])
        return Told(verdict(found), list(compress(names, found)))

    beforehand = "; ".join(each for each in (form.given, peer.given) if each)
    return Contender(name, "peer", decide_first, tell, beforehand, form.counts_given, prepare_first)
