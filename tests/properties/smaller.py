"""A failing definition and situation made smaller: whatever can be left out is left out."""

import re
from collections.abc import Callable, Iterator

from mqldsl.testing.made import Situation
from mqldsl.testing.smaller import smaller

# Returns something where they fail.
Fails = Callable[[str, Situation], object]


def smallest(text: str, situation: Situation, fails: Fails) -> tuple[str, Situation]:
    """Return a text and a situation that still fail, and from which no single piece can be taken."""
    while True:
        fewer = next((each for each in smaller(situation) if fails(text, each)), None)
        if fewer is not None:
            situation = fewer
            continue
        shorter = next((each for each in _texts(text) if fails(each, situation)), None)
        if shorter is None:
            return text, situation
        text = shorter


def _texts(text: str) -> Iterator[str]:
    """Yield the text without one declaration, then without one line, then without one piece of a line."""
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    for number in reversed(range(len(blocks))):
        yield "".join(blocks[:number] + blocks[number + 1 :])
    lines = text.splitlines(keepends=True)
    for number in reversed(range(len(lines))):
        if lines[number].startswith(" "):
            yield "".join(lines[:number] + lines[number + 1 :])
    for place in re.finditer(r", [^,()\n]*| (?:and|or) [^()\n]*?(?= and | or |,|\n)|\([^()]*\)", text):
        yield text[: place.start()] + text[place.end() :]
    for place in re.finditer(r"\(([^()\n]*)\)|(?<=: )(?:any|all) of \(([^()]*)\)$|not ", text, re.MULTILINE):
        inner = next((each for each in place.groups() if each), "")
        yield text[: place.start()] + inner + text[place.end() :]
