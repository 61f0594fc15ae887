"""What a peer is to this benchmark: how it is made ready, what it is given, and what it answers."""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs

from benchmarks.embed.conditions import AtLeast, Condition, Happened, Is, OneOf
from benchmarks.embed.workload import Facts


class Unable(Exception):
    """A peer cannot say what a condition asks; the message says why."""


@attrs.frozen(eq=False)
class Ready:
    """A peer with its rules compiled.

    `given` makes what it is handed of a lead, before any time is taken; `answers` is what is timed: for each
    condition, in order, something that is true where it is yes.
    """

    answers: Callable[[Any], Sequence[object]]
    given: Callable[[Facts], Any] = lambda facts: facts


@attrs.frozen(eq=False)
class Peer:
    """An engine by its name in the package index: how it is used, and what it is given of every lead.

    All of them tell which clauses fired: most because each clause is asked, few by themselves.
    """

    name: str
    use: str
    given: str
    ready: Callable[[Sequence[Condition]], Ready]
    fires_by_itself: bool = False

    @property
    def version(self) -> str | None:
        """The version that is installed, if one is."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return None


def with_sentinels(facts: Facts, conditions: Sequence[Condition]) -> Facts:
    """Return facts in which a missing number is NaN, a missing text is empty, and yes, no, missing are 1, 0, -1.

    So a comparison needs no test for null, which is work that the peer is spared.
    """
    from_kinds = kinds(conditions)
    made: Facts = {}
    for fact, value in facts.items():
        kind = from_kinds.get(fact)
        if kind == "number":
            made[fact] = float("nan") if value is None else float(value)
        elif kind == "text":
            made[fact] = value or ""
        elif kind == "yes/no":
            made[fact] = -1 if value is None else int(value)
        elif kind is not None:
            made[fact] = value
    return made


def kinds(conditions: Sequence[Condition]) -> dict[str, str]:
    """Return what each fact is that some conditions read: number, text, yes/no or events."""
    found: dict[str, str] = {}
    for condition in conditions:
        match condition:
            case AtLeast(_, parts):
                found |= kinds(parts)
            case OneOf(fact, _, _):
                found[fact] = "text"
            case Is(fact, _):
                found[fact] = "yes/no"
            case Happened():
                found[condition.fact] = "events"
            case _:
                found[condition.fact] = "number"
    return found


def in_chunks(conditions: Sequence[Condition], size: int) -> list[Sequence[Condition]]:
    """Return conditions in chunks, for engines that answer several in one call, but not a thousand."""
    return [conditions[start : start + size] for start in range(0, len(conditions), size)]


def text(value: str) -> str:
    """Return a text as a literal of any of these languages; ours have no quotes in them."""
    return f'"{value}"'


def real(number: float) -> str:
    """Return a number as a literal that is no whole number to any of these languages."""
    return repr(float(number))
