"""A fixed set of 300 conformance cases decided by Spark, beside the reference."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engines.conformance import FEW, chosen, held
from tests.engines.test_definitions_in_spark import Inside

# A session takes a while to start, and each query, too.
pytestmark = pytest.mark.slow

# Two texts whose accents follow their letters, and one with an accent on a letter that has none of its own.
NOT_COMPOSED = "not surely in the normal form NFC"
# What docs/reference/sql.md says to be an error, and what is refused by name.
ERRORS = [NOT_COMPOSED, "too large to be added exactly"]
REFUSED = ("a deadline in business time", "a decay by a share", "the pattern ", *ERRORS)


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, Counter[str]]]:
    """What has been refused, by files, counted in the end if all of them were asked."""
    by_files: dict[str, Counter[str]] = {}
    yield by_files
    if by_files.keys() == chosen().keys():
        assert sum(by_files.values(), Counter[str]()).total() <= FEW


@pytest.mark.parametrize("file", chosen())
def test_cases(file: str, patient_spark: Any, told: dict[str, Counter[str]]) -> None:
    cases = chosen()[file]
    found = held(cases, Inside(patient_spark), ERRORS)
    assert not found.wrong
    assert all(each.startswith(REFUSED) for each in found.refused)
    assert found.agreed + found.refused.total() == len(cases)
    told[file] = found.refused
