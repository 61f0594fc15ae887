"""Whatever is formatted means what it meant, and formatting it again changes nothing."""

import pytest

import mqldsl
from mqldsl.source.text import Source
from mqldsl.syntax.to_text import to_text
from tests.properties.differential import text_of


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_a_generated_definition_means_the_same_when_it_is_formatted(first: int) -> None:
    for number in range(first, first + 20):
        text = text_of(number, seed=3)
        formatted = to_text(Source("<text>", text))
        assert mqldsl.loads(formatted).fingerprint == mqldsl.loads(text).fingerprint, text
        assert to_text(Source("<text>", formatted)) == formatted
