"""Before anything is timed, all implementations must say the same of the same leads."""

from collections.abc import Callable, Sequence
from time import perf_counter

from benchmarks.embed.contenders import HAND, Contender
from benchmarks.embed.workload import Told, Workload

LEADS = 200

# A peer that needs minutes for all leads is asked about fewer of them, and the tables say about how many.
FEWEST = 10


class Disagreement(Exception):
    """Two implementations say different things of one lead."""


def check(
    workload: Workload, contenders: Sequence[Contender], done: Callable[[str], None], seconds: float
) -> dict[str, int]:
    """Return about how many leads each contender was found to agree with the full trace by hand.

    Raises:
        Disagreement: One of them says something else.
    """
    truth = next(each for each in contenders if each.name == f"{HAND}full trace")
    expected = [truth.tell(number) for number in range(LEADS)]
    checked = {}
    for contender in contenders:
        start = perf_counter()
        for number, right in enumerate(expected):
            if number >= FEWEST and perf_counter() - start > seconds:
                break
            told = contender.tell(number)
            if differences := _differences(told, right):
                raise Disagreement(
                    f"{workload.code}: {contender.name} disagrees with {truth.name} about lead {number}: "
                    f"{'; '.join(differences)}; the lead is {workload.cases[number].lead}"
                )
            checked[contender.name] = number + 1
        done(contender.name)
    return checked


def _differences(told: Told, right: Told) -> list[str]:
    found = []
    if told.verdict != right.verdict:
        found.append(f"verdict {told.verdict!r}, not {right.verdict!r}")
    # Who stops at the verdict cannot tell what fired.
    if told.fired is not None and told.fired != right.fired:
        found.append(f"fired differ by {sorted({*told.fired} ^ {*(right.fired or ())})}")
    if told.clauses is not None and told.clauses != right.clauses:
        names = [
            name for name, answer in (right.clauses or {}).items() if told.clauses.get(name) is not answer
        ]
        found.append(f"answers differ for {names}")
    if told.scores is not None and right.scores is not None and told.scores != right.scores:
        found.append(f"scores {told.scores}, not {right.scores}")
    if told.could_be is not None:
        found += [
            f"{what} {getattr(told, what)!r}, not {getattr(right, what)!r}"
            for what in ("could_be", "due_at")
            if getattr(told, what) != getattr(right, what)
        ]
    return found
