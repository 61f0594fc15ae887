"""SQL on DuckDB decides as the reference does; `python -m tests.properties.sql_differential` looks further.

In all 120 definitions, each with 200 situations in one query, about 150 s of one core: nearly all of that goes into
writing and planning a query, and little into situations. Half of the queries have one instant for all leads.
"""

import pytest

from tests.properties.sql_differential import made_smaller, tried

DEFINITIONS, SITUATIONS, AT_ONCE = 120, 200, 10
# Of a hundred generated definitions about one asks for what no query says.
MOST_REFUSED = 1


@pytest.mark.parametrize("first", range(0, DEFINITIONS, AT_ONCE))
def test_sql_agrees_with_the_reference(first: int) -> None:
    refused = []
    for number in range(first, first + AT_ONCE):
        found = tried(number, seed=0, count=SITUATIONS)
        refused += [found.refused] if found.refused else []
        assert found.failure is None, f"\n{made_smaller(found.failure)}"
    assert len(refused) <= MOST_REFUSED, refused
