"""A fixed set of 300 conformance cases decided inside PostgreSQL, beside the reference."""

from collections import Counter
from typing import Any

from tests.engines.conformance import FEW, MANY, chosen, held
from tests.engines.test_definitions_in_postgres import Inside

# What no double, or no whole number of 64 bits, holds is an error there, as docs/reference/sql.md says.
OUT_OF_RANGE = "out of range"
REFUSED = ("a deadline in business time", "the pattern ", OUT_OF_RANGE)


def test_cases(postgres: Any) -> None:
    agreed, refused = 0, Counter[str]()
    for cases in chosen().values():
        found = held(cases, Inside(postgres), [OUT_OF_RANGE])
        assert not found.wrong
        agreed += found.agreed
        refused += found.refused
    assert all(each.startswith(REFUSED) for each in refused)
    assert refused.total() <= FEW
    assert agreed + refused.total() == MANY
