"""SQL on DuckDB decides as the reference does; `python -m tests.properties.sql_differential` looks further.

In all 500 definitions, each with 200 situations in one query. Most of them are small: nearly all of the time goes into
writing and planning a query, seconds for a large one. Half of the queries have one instant for all leads.
"""

from collections.abc import Iterable

import pytest

from tests.properties.sql_differential import made_smaller, tried

LARGE, SMALL, SITUATIONS = 40, 460, 200
# Of a hundred generated definitions about one asks for what no query says.
MOST_REFUSED = 1


@pytest.mark.parametrize("first", range(0, LARGE, 4))
def test_sql_agrees_with_the_reference(first: int) -> None:
    _agree(range(first, first + 4), is_small=False)


@pytest.mark.parametrize("first", range(0, SMALL, 23))
def test_sql_agrees_on_small_definitions(first: int) -> None:
    _agree(range(first, first + 23), is_small=True)


def _agree(numbers: Iterable[int], *, is_small: bool) -> None:
    refused = []
    for number in numbers:
        found = tried(number, seed=0, count=SITUATIONS, is_small=is_small)
        refused += [found.refused] if found.refused else []
        assert found.failure is None, f"\n{made_smaller(found.failure)}"
    assert len(refused) <= MOST_REFUSED, refused
