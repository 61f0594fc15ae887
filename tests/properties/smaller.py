"""A failing definition and situation made smaller: whatever can be left out is left out."""

import re
from collections.abc import Callable, Iterator, Sequence

from mqldsl.testing import smaller
from mqldsl.testing.made import Situation

# Returns something where they fail.
Fails = Callable[[str, Situation], object]

_PIECES = (
    re.compile(r", [^,()\n]*"),
    re.compile(r" (?:and|or) [^()\n]*?(?= and | or |,|\n)"),
    re.compile(r"\([^()]*\)"),
    re.compile(r"(?:any|all|none|at least \d|at most \d|exactly \d) of \((?P<kept>[^(),]*)\)"),
    re.compile(r"\((?P<kept>[^()\n]*)\)"),
    re.compile(r"not |no "),
)


def smallest(text: str, situation: Situation, fails: Fails) -> tuple[str, Situation]:
    """Return a text and a situation that still fail, and from which no single piece can be taken."""
    before = None
    while before != text:
        before = text
        situation = smaller.smallest(situation, lambda each: fails(before, each))  # noqa: B023 # called at once
        text = _shorter(text, lambda each: fails(each, situation))  # noqa: B023 # as above
    return text, situation


def _shorter(text: str, fails: Callable[[str], object]) -> str:
    """Return the text without those declarations, lines and pieces of lines that do not matter."""
    text = "".join(_fewer(re.split(r"^(?=\S)", text, flags=re.MULTILINE), fails))
    text = "".join(_fewer(text.splitlines(keepends=True), fails))
    for pattern in _PIECES:
        for place in reversed(list(pattern.finditer(text))):
            kept = place.groupdict().get("kept") or ""
            shorter = text[: place.start()] + kept + text[place.end() :]
            text = shorter if fails(shorter) else text
    return text


def _fewer(pieces: Sequence[str], fails: Callable[[str], object]) -> Sequence[str]:
    """Return the pieces that matter: first halves are tried, then single ones, from the end."""
    size = len(pieces) // 2
    while size:
        for start in _from_the_end(len(pieces), size):
            fewer = [*pieces[:start], *pieces[start + size :]]
            if fails("".join(fewer)):
                pieces = fewer
        size //= 2
    return pieces


def _from_the_end(length: int, size: int) -> Iterator[int]:
    return iter(range(length - size, -1, -size))
