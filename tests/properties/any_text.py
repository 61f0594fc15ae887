"""Any text at all: findings or a model, never an exception, and soon.

`python -m tests.properties.any_text 100000` makes that many texts, random ones and spoiled good ones, takes
each through `check_text`, judges one bare lead where a model comes out, and prints what it found.
"""

import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import attrs

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.reference import Evaluation
from mqldsl.pipeline import Checked, check_text
from tests.conformance.cases import all_cases

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 1 << 16
MOST_SECONDS = 2.0
TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|`[^`\n]*`|[\w.]+|[<>=!]+|\n[ ]*|[ ]+|.', re.DOTALL)
ODD = (
    "\x00",
    "\t",
    "\r",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u0430",
    "\u03bf",
    "\u00df",
    "\u0130",
    "\u0301",
    "\u4e2d",
    "\U0001f600",
    "\ud800",
    "\u2019",
    "\u201c",
    "\u2212",
    "\u0663",
    "\x85",
    "\u2028",
)
LITERALS = (
    "0",
    "-1",
    "50k",
    "50K",
    "5m",
    "1.5h",
    "2026-3-1",
    "1,000",
    "2026-02-30",
    "2026-03-01 09:00",
    "2026-03-01 25:00",
    "30d",
    "0d",
    "999999999999999999999d",
    "9" * 400,
    "1e9",
    "10%",
    "2 business hours",
    "30 days",
    "09:00",
    '""',
    '"*"',
    '"a * b"',
    '"\\\\"',
    '"\\q"',
    '"(?=a)"',
    '"(("',
    "`and`",
    "`x y`",
    "``",
    '"unclosed',
)


@attrs.define
class Tally:
    """What a run has found so far."""

    texts: int = 0
    models: int = 0
    findings: Counter[str] = attrs.field(factory=Counter)
    slowest: float = 0.0
    slowest_length: int = 0
    broken: dict[str, str] = attrs.field(factory=dict)


@cache
def good_texts() -> tuple[str, ...]:
    """Return texts that are right, or nearly: packs, golden files, conformance cases."""
    files = [*sorted((ROOT / "rules").rglob("*.mql")), *sorted((ROOT / "tests" / "golden").rglob("*.mql"))]
    large = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    small = list(dict.fromkeys(case.text for case in all_cases()))
    return (*large, *small)


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words and signs of the good texts, and literals that are easily got wrong."""
    words = Counter(token for text in good_texts() for token in TOKEN.findall(text))
    return (*(word for word, _ in words.most_common(600)), *LITERALS)


def random_text(chance: random.Random) -> str:
    """Return characters or words in no order."""
    if chance.random() < 0.3:
        return "".join(
            chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000))))
            for _ in range(chance.randrange(1, 120))
        )
    words = vocabulary()
    lines = []
    for _ in range(chance.randrange(1, 12)):
        indent = " " * chance.choice((0, 0, 2, 2, 4, 1))
        lines.append(indent + " ".join(chance.choice(words) for _ in range(chance.randrange(1, 14))))
    return "\n".join(lines)


def spoiled(chance: random.Random) -> str:
    """Return a good text after a few small accidents."""
    text = chance.choice(good_texts())
    if len(text) > 3_000 and chance.random() < 0.7:  # most often a part is enough, and quicker
        cuts = [found.start() for found in re.finditer(r"^(?=\S)", text, re.MULTILINE)]
        start = chance.randrange(len(cuts))
        text = text[cuts[start] : cuts[min(len(cuts) - 1, start + chance.randrange(1, 30))]]
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 12))):
        text = chance.choice(ACCIDENTS)(text, chance)
    return text[:LONGEST]


Accident = Callable[[str, random.Random], str]


def _on_tokens(change: Callable[[list[str], int, random.Random], None]) -> Accident:
    def accident(text: str, chance: random.Random) -> str:
        tokens = TOKEN.findall(text)
        if tokens:
            change(tokens, chance.randrange(len(tokens)), chance)
        return "".join(tokens)

    return accident


def _delete(tokens: list[str], place: int, _: random.Random) -> None:
    del tokens[place]


def _double(tokens: list[str], place: int, _: random.Random) -> None:
    tokens.insert(place, tokens[place])


def _swap(tokens: list[str], place: int, chance: random.Random) -> None:
    other = chance.randrange(len(tokens))
    tokens[place], tokens[other] = tokens[other], tokens[place]


def _replace(tokens: list[str], place: int, chance: random.Random) -> None:
    tokens[place] = chance.choice(vocabulary())


def _insert(tokens: list[str], place: int, chance: random.Random) -> None:
    tokens.insert(place, f" {chance.choice(vocabulary())} ")


def _rename(tokens: list[str], _: int, chance: random.Random) -> None:
    """Put one word of the text in the place of another: names of the wrong kind, circles."""
    words = [number for number, token in enumerate(tokens) if re.fullmatch(r"[A-Za-z_]\w*", token)]
    if words:
        tokens[chance.choice(words)] = tokens[chance.choice(words)]


def _bracket(tokens: list[str], place: int, chance: random.Random) -> None:
    tokens.insert(place, "(")
    tokens.insert(chance.randrange(place + 1, len(tokens) + 1), ")")


def _odd(tokens: list[str], place: int, chance: random.Random) -> None:
    cut = chance.randrange(len(tokens[place]) + 1)
    tokens[place] = tokens[place][:cut] + chance.choice(ODD) + tokens[place][cut:]


def _truncate(text: str, chance: random.Random) -> str:
    cut = chance.randrange(len(text) + 1)
    return text[:cut] if chance.random() < 0.7 else text[cut:]


def _move_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines[place], lines[other] = lines[other], lines[place]
        case 1:
            lines.insert(place, lines[other])
        case 2:
            lines[place] = "  " + lines[place]
        case _:
            lines[place] = lines[place].lstrip(" ")
    return "\n".join(lines)


def _splice(text: str, chance: random.Random) -> str:
    other = chance.choice(good_texts())
    return text + "\n" + other if chance.random() < 0.5 else other[: len(other) // 2] + text


def _repeat(text: str, chance: random.Random) -> str:
    """Say a piece many times over: long lines, deep brackets."""
    start = chance.randrange(len(text) + 1)
    piece = text[start : start + chance.randrange(1, 12)]
    return text[:start] + piece * chance.choice((2, 10, 300)) + text[start:]


ACCIDENTS: Sequence[Accident] = (
    _on_tokens(_delete),
    _on_tokens(_delete),
    _on_tokens(_double),
    _on_tokens(_swap),
    _on_tokens(_replace),
    _on_tokens(_replace),
    _on_tokens(_insert),
    _on_tokens(_rename),
    _on_tokens(_rename),
    _on_tokens(_rename),
    _on_tokens(_bracket),
    _on_tokens(_odd),
    _truncate,
    _move_lines,
    _splice,
    _repeat,
)


def check_any(text: str) -> Checked:
    """Take a text through all steps, and assert what must hold whatever it is."""
    checked = check_text(text)
    has_errors = any(finding.is_error for finding in checked.findings)
    assert (checked.model is None) == has_errors
    for finding in checked.findings:
        source, span = finding.at.place.source, finding.at.place.span
        assert 0 <= span.start <= span.end <= max(1, len(source.text)), finding
        assert finding.message, finding
        assert not finding.message.endswith("."), finding
        assert not re.search(r"Token\(|\bNone\b|object at 0x", finding.message + finding.help), finding
    if checked.model is not None:
        giver = Giver(checked.model)
        Evaluation(checked.model, giver.situation({}, (), as_of="2026-03-01T09:00:00Z", feeds=())).judged()
        blank = dict.fromkeys(checked.model.fields, "")
        Evaluation(checked.model, giver.situation(blank, (), as_of="2026-03-01T09:00:00Z")).judged()
    return checked


def main(count: int, seed: int) -> int:
    """Check `count` texts and return how many ways to break it were found."""
    chance, tally = random.Random(seed), Tally()
    for number in range(count):
        text = random_text(chance) if number % 4 == 0 else spoiled(chance)
        _tell(text, tally)
        if (number + 1) % 5_000 == 0 or number + 1 == count:
            print(_said(tally), flush=True)  # noqa: T201 # a command
    for where, shortest in sorted(tally.broken.items()):
        print(f"== {where}\n{shortest!r}")  # noqa: T201 # as above
    return len(tally.broken)


def _tell(text: str, tally: Tally) -> None:
    start = time.process_time()  # of this process: others may be at work beside it
    try:
        checked = check_any(text)
    except Exception as error:  # noqa: BLE001 - that anything may come is the point
        frames = [
            f"{Path(each.filename).name}:{each.name}:{each.lineno}"
            for each in traceback.extract_tb(error.__traceback__)
        ]
        where = f"{type(error).__name__}: {str(error)[:80]!r} in {' < '.join(frames[:-4:-1])}"
        if len(text) < len(tally.broken.get(where, text + "+")):
            tally.broken[where] = text
    else:
        tally.models += checked.model is not None
        tally.findings.update(finding.code for finding in checked.findings)
    took = time.process_time() - start
    tally.texts += 1
    if took > tally.slowest:
        tally.slowest, tally.slowest_length = took, len(text)
        if took > MOST_SECONDS:
            tally.broken[f"slow: {took:.1f} s for {len(text):,} characters"] = text


def _said(tally: Tally) -> str:
    return (
        f"{tally.texts:,} texts, {tally.models:,} models, {tally.findings.total():,} findings of "
        f"{len(tally.findings)} codes, {len(tally.broken)} broken, "
        f"slowest {tally.slowest:.2f} s for {tally.slowest_length:,} characters"
    )


if __name__ == "__main__":
    wanted = [int(word) for word in sys.argv[1:]] + [10_000, 1][len(sys.argv) - 1 :]
    sys.exit(1 if main(*wanted[:2]) else 0)
