"""The generated function gives what the reference gives; `python -m tests.properties.differential` looks further."""

import pytest

from tests.properties.differential import failure_of, made_smaller

DEFINITIONS, SITUATIONS, AT_ONCE = 100, 20, 10


@pytest.mark.parametrize("first", range(0, DEFINITIONS, AT_ONCE))
def test_the_generated_function_agrees_with_the_reference(first: int) -> None:
    for number in range(first, first + AT_ONCE):
        failure = failure_of(number, seed=0, count=SITUATIONS)
        assert failure is None, f"\n{made_smaller(failure)}"
