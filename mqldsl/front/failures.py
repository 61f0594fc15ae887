"""What an example that fails and a promise that is broken show, the same to whoever runs them."""

from collections.abc import Iterator

from rich.text import Text

from mqldsl.analyse.examples import Failure
from mqldsl.analyse.promises import Kept
from mqldsl.explain.told import conditions_told, facts_told
from mqldsl.front.explained import drawn
from mqldsl.front.screen import Hanging
from mqldsl.source.harmless import on_one_line
from mqldsl.source.text import Place

_STEP = 2


def failure_said(failure: Failure) -> str:
    """Return what was expected and what was got, on one line."""
    return f"expected {on_one_line(failure.expected)}, got: {on_one_line(failure.got)}"


def failure_shown(failure: Failure, indent: int) -> Iterator[Hanging]:
    """Yield an expectation that was not met, with its place, and below it what the answer rests on."""
    yield Hanging(_at(failure.place, indent).append(failure_said(failure)), _STEP)
    yield from map(drawn, conditions_told(failure.evidence, indent + _STEP))
    yield from map(drawn, facts_told(failure.facts, indent + _STEP))


def broken_shown(kept: Kept, indent: int) -> Iterator[Hanging | Text]:
    """Yield why a promise is broken, with its place, and the smallest lead found as an example to paste."""
    if kept.broken_by is not None:
        why = f"{on_one_line(kept.why)}; the smallest lead found, ready to paste:"
        yield Hanging(_at(kept.promise.place, indent).append(why), _STEP)
        yield from (Text(" " * indent + line) for line in kept.broken_by.splitlines())


def _at(place: Place | None, indent: int) -> Text:
    """Return the start of a line: where something stands, as editors take it."""
    start = Text(" " * indent)
    if place is not None:
        at = place.source.position(place.span.start)
        start.append(f"{on_one_line(place.source.name)}:{at.line}:{at.column}: ", "cyan")
    return start
