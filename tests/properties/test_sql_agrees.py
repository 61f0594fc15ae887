"""SQL on DuckDB decides as the reference does; `python -m tests.properties.sql_differential` looks further.

In all 40 definitions, each with 100 situations in one query: nearly all of the time goes into writing and planning a
query, up to a dozen seconds for one. Half of the queries have one instant for all leads.
"""

import pytest

from tests.properties.sql_differential import made_smaller, tried

DEFINITIONS, SITUATIONS, AT_ONCE = 40, 100, 4
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
