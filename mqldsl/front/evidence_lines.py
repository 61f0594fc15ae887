"""The evidence of an answer, shown and as plain objects: what each condition said, and what it looked at."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from mqldsl.explain.evidence import Fact, Line
from mqldsl.explain.words import ANSWERS
from mqldsl.front.screen import Hanging, on_one_line

ANSWER_COLOURS = {"yes": "green", "no": "red", "unknown": "yellow"}
ANSWER_WIDTH = 9
_STEP = 2


def answer_shown(answer: str, indent: int) -> Text:
    """Return an answer as the start of a line, as wide as any other."""
    return Text(" " * indent).append(f"{answer:<{ANSWER_WIDTH}}", ANSWER_COLOURS[answer])


def line_shown(line: Line, indent: int) -> Iterator[Hanging]:
    """Yield a condition with its answer, and below it what it looked at."""
    indent += _STEP * line.depth
    shown = answer_shown(ANSWERS[line.answer.value], indent)
    if line.label is not None:
        shown.append(f'"{on_one_line(line.label)}": ')
    yield Hanging(shown.append(on_one_line(line.words)), ANSWER_WIDTH)
    yield from facts_shown(line.facts, indent + ANSWER_WIDTH + _STEP)


def facts_shown(facts: Iterable[Fact], indent: int) -> Iterator[Hanging]:
    """Yield what was looked at: a value each, and the events behind it."""
    for fact in facts:
        shown = f"{on_one_line(fact.name)}: {on_one_line(fact.found)}"
        if fact.events:
            shown += f", {on_one_line(', '.join(fact.events))}"
        yield Hanging(Text(" " * indent).append(shown, "dim"), _STEP)


def lines_as_objects(lines: Iterable[Line], facts: Iterable[Fact] = ()) -> dict[str, object]:
    """Return the same for JSON."""
    return {
        "evidence": [
            {
                "depth": line.depth,
                "answer": ANSWERS[line.answer.value],
                "words": line.words,
                "label": line.label,
                "facts": facts_as_objects(line.facts),
            }
            for line in lines
        ],
        "facts": facts_as_objects(facts),
    }


def facts_as_objects(facts: Iterable[Fact]) -> list[dict[str, object]]:
    """Return what was looked at, for JSON."""
    return [{"name": fact.name, "found": fact.found, "events": list(fact.events)} for fact in facts]
