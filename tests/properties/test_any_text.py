"""Any text gives findings or a model, never an exception; `python -m tests.properties.any_text` does it at length."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.any_text import check_any, good_texts, random_text, spoiled

check_any("")  # sets how deep Python may call, before Hypothesis looks at that
SMALL = settings(max_examples=60, deadline=None)


@SMALL
@given(st.text())
def test_any_characters(text: str) -> None:
    check_any(text)


@SMALL
@given(st.text(alphabet=' \n\t"`#()|:,.-+*/<>=!%_0159akMBhdwymon\\é\u202e'))
def test_any_signs(text: str) -> None:
    check_any(f"lead:\n  n: number\nclause c: {text}")


@SMALL
@given(st.integers(min_value=0, max_value=1 << 40))
def test_words_in_no_order(seed: int) -> None:
    check_any(random_text(random.Random(seed)))


@SMALL
@given(st.integers(min_value=0, max_value=1 << 40))
def test_good_texts_after_accidents(seed: int) -> None:
    check_any(spoiled(random.Random(seed)))


@pytest.mark.slow
def test_beginnings_of_a_good_text() -> None:
    text = good_texts()[0]
    for end in range(0, len(text), 13):
        check_any(text[:end])


# What was found by the long run, kept.
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing",
        "lead:",
        "lead:\n  s: set of date\nclause c: s is known",
        "clause c: 1 > " + "9" * 400,
        "clause c: at least " + "9" * 400 + " of (yes, no)",
        "event v\nclause c: v within " + "9" * 5_000 + "d",
        "event v\nclause c: v within " + "9" * 400 + " days",
        "value v: 1 rounded to " + "9" * 400,
        'table t gives a, b:\n  | a | b |\n  | x | y |\nexample "e":\n  expect t.c 5, unknown t.c',
        'clause c: yes\nexample "e":\n  expect c.d, not c.d',
        "lead:\n  a: yes/no\nevent call\nevent a: call",
        "clause c: " + "x" * 50_000,
        "clause c: `" + "x" * 50_000,
        "clause c: n > " + "1_" * 25_000,
    ],
    ids=range(16),
)
def test_kept(text: str) -> None:
    check_any(text)
