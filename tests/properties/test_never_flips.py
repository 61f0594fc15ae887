"""What is certain of a random definition stays so when something more is supplied."""

import pytest

from mqldsl.embed.definition import Definition
from mqldsl.pipeline import check_text
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.changes import Try, more_supplied
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Maker
from mqldsl.testing.told import flips
from tests.properties.differential import text_of

DEFINITIONS, PAIRS, AT_ONCE = 120, 30, 20
SIZES = (2, 3, 4, 4, 6)


@pytest.mark.parametrize("first", range(0, DEFINITIONS, AT_ONCE))
def test_what_is_certain_never_flips(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        text = text_of(number, 1, SIZES)
        model = check_text(text).model
        assert model is not None
        definition, maker = Definition(model), Maker(Boundaries(model), Random(f"{number}/flips"))
        for _ in range(PAIRS):
            situation = maker.situation()
            pair = Try(situation, *more_supplied(maker, situation))
            before, after = (
                definition.decide(**each.as_arguments(), strict=False) for each in (pair.before, pair.after)
            )
            assert list(flips(definition, before, after)) == [], f"\n{text}\n{pair}"
