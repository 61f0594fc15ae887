"""The differential test would notice: each of these mistakes, planted into the generated text, is found."""

import re
from collections.abc import Callable

import pytest

from mqldsl.evaluate.generated.function import Maker
from tests.properties.differential import failure_of

MISTAKES: dict[str, Callable[[str], str]] = {
    "a window has its first instant": lambda text: re.sub(r"if at > (c\d+):", r"if at >= \1:", text),
    "no and unknown make unknown": lambda text: re.sub(
        r"if (x\d+) is None and \(.*\): \1 = False", "pass", text
    ),
    "a repeated id counts": lambda text: text.replace("if i in ids: continue", "pass"),
    "what is decided is certain": lambda text: re.sub(r"(q\d+ = )\(\(.*,\) if ", r"\1(None if ", text),
    "points that nobody could give have no bounds": lambda text: re.sub(
        r"elif (x\d+) is None: (\w+) \+= ", r"elif \1 is None: 0; p = ", text
    ),
    "the future has happened": lambda text: text.replace("if at <= now:", "if True:"),
    "the last row wins": lambda text: re.sub(r"if (\w+): (w\d+) = (\d+); break", r"if \1: \2 = \3", text),
}
DEFINITIONS, SITUATIONS = 400, 20


@pytest.mark.parametrize("name", MISTAKES)
def test_a_planted_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, planted = Maker._text, []

    def with_mistake(maker: Maker) -> str:
        text = written(maker)
        wrong = MISTAKES[name](text)
        planted.append(wrong != text)
        return wrong

    monkeypatch.setattr(Maker, "_text", with_mistake)
    found = (failure_of(number, seed=1, count=SITUATIONS) for number in range(DEFINITIONS))
    assert any(failure is not None for failure in found)
    assert any(planted)
