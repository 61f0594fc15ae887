"""The limits of the language: at the limit all is well, one more is a finding."""

from collections.abc import Iterator

import pytest

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.pipeline import Checked, check_text

DECLARED = "lead:\n  a: yes/no\n  n: number\nevent visit: page text\nevent demo\n"


def judged(checked: Checked) -> Judged:
    """Judge one lead, with and without what it does."""
    assert checked.model is not None, [finding.message for finding in checked.findings]
    giver = Giver(checked.model)
    event = {"kind": "visit", "at": "2026-02-28T12:00:00Z", "page": "/x"}
    situation = giver.situation({"a": "yes", "n": 1}, [event], as_of="2026-03-01T09:00:00Z")
    return Evaluation(checked.model, situation).judged()


def nested(levels: int) -> Iterator[tuple[str, str]]:
    """Yield a definition for each way to put things inside each other."""
    n = levels
    yield "brackets", "clause c: " + "(" * n + "a" + ")" * n
    yield "not", "clause c: " + "not " * n + "a"
    yield "minus", "value c: " + "- " * n + "n"
    yield "filters", "clause c: " + "visits(visit within 1d and " * n + "a" + ")" * n + " within 1d"
    yield "any of", "clause c: " + "any of (" * n + "a" + ", a)" * n
    yield "picks", "clause c: " + "lowest of (" * n + "n" + ", 2)" * n + " > 1"
    yield "sequences", "clause c: " + "(" * n + "visit" + " then demo)" * n + " within 1d"
    yield "windows", "clause c: " + "(" * n + "visit" + " within 1d)" * n
    yield "comparisons", "clause c: " + "(" * n + "a" + " = yes)" * n
    yield (
        "bullets",
        "clause c:\n"
        + "".join("  " * (i + 1) + ("- " if i else "") + "any of\n" for i in range(n))
        + "  " * (n + 1)
        + "- a",
    )
    yield (
        "first of",
        "score s:\n"
        + "".join("  " * (i + 1) + "first of:\n" for i in range(n))
        + "  " * (n + 1)
        + "+1 when a",
    )
    yield (
        "groups",
        "score s:\n"
        + "".join("  " * (i + 1) + 'group "g":\n' for i in range(n))
        + "  " * (n + 1)
        + "+1 when a",
    )


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in nested(200)])
def test_200_levels_are_fine(text: str) -> None:
    judged(check_text(f"{DECLARED}{text}\n"))


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in nested(201)])
def test_201_levels_are_too_many(text: str) -> None:
    assert [finding.code for finding in check_text(f"{DECLARED}{text}\n").findings] == ["MQL005"]


DEEP = [(name, text) for name, text in nested(10_000) if name not in {"bullets", "first of", "groups"}]


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in DEEP])
def test_10_000_levels_are_a_finding_too(text: str) -> None:
    assert [finding.code for finding in check_text(f"{DECLARED}{text}\n").findings] == ["MQL005"]


CHAINS = [
    ("or", "clause c: " + " or ".join(["a"] * 3_000)),
    ("plus", "value c: " + " + ".join(["n"] * 3_000)),
    ("then", "clause c: visit" + " then visit in 1d" * 3_000 + " within 1d"),
    ("clauses", "\n".join(f"clause c{i}: c{i + 1}" for i in range(9_900)) + "\nclause c9900: a"),
    ("values", "\n".join(f"value v{i}: v{i + 1} + 1" for i in range(5_000)) + "\nvalue v5000: n"),
    ("values, last first", "value v0: n\n" + "\n".join(f"value v{i + 1}: v{i} + 1" for i in range(5_000))),
    (
        "events of events",
        "event e0: visit\n"
        + "\n".join(f'event e{i + 1}: e{i} where page = "/x"' for i in range(200))
        + "\nclause c: e200 within 7d",
    ),
    (
        "events that are others",
        "\n".join(f"event e{i}: e{i + 1}" for i in range(3_000))
        + "\nevent e3000: visit\nclause c: e0 within 7d",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CHAINS])
def test_long_chains_are_judged(text: str) -> None:
    judged(check_text(f"{DECLARED}{text}\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "levels",
            "event e0: visit\n" + "\n".join(f'event e{i + 1}: e{i} where page = "/x"' for i in range(201)),
        ),
        (
            "pieces",
            "event e0: visit\n" + "\n".join(f"event e{i + 1}: any of (e{i}, e{i})" for i in range(40)),
        ),
    ],
)
def test_events_of_too_many_events(name: str, text: str) -> None:
    (finding,) = check_text(f"{DECLARED}{text}\n").findings
    assert finding.code == "MQL005"
    assert name in finding.message or "one inside the other" in finding.message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("list l: " + ", ".join(['"abc"'] * 100_000), []),
        ("list l: " + ", ".join(['"abc"'] * 100_001), ["MQL005"]),
        ("clause c: n in (" + ", ".join(["1"] * 100_001) + ")", ["MQL005"]),
        ("\n".join(f"clause d{i}: a" for i in range(10_000 - 3)), []),
        ("\n".join(f"clause d{i}: a" for i in range(10_001 - 3)), ["MQL005"]),
        ("clause c: a # " + "x" * (1 << 20), ["MQL005"]),
    ],
    ids=["entries", "entries + 1", "brackets", "declarations", "declarations + 1", "characters"],
)
def test_how_many(text: str, codes: list[str]) -> None:
    assert [finding.code for finding in check_text(f"{DECLARED}{text}\n").findings] == codes


def test_long_circles_are_told_once_and_briefly() -> None:
    values = "\n".join(f"value v{i}: v{(i + 1) % 2_000} + 1" for i in range(2_000))
    (finding,) = check_text(values + "\n").findings
    assert finding.code == "MQL103"
    assert finding.message.endswith("v0 → v1 → v2 → v3 → v4 → … → v1999 → v0")


def test_many_unknown_names_are_not_compared_with_each_other() -> None:
    fields = "".join(f"  field_of_the_lead_{i}: number\n" for i in range(600))
    wanted = " and ".join(f"feild_of_the_lead_{i} > 1" for i in range(600))
    checked = check_text(f"lead:\n{fields}clause c: {wanted}\n")
    assert len(checked.findings) == 600
    assert {finding.help[:31] for finding in checked.findings} == {"did you mean `field_of_the_lead"}
