"""Every operation in Spark, beside its meaning in Python; what it cannot say is refused or an error."""

import unicodedata
from typing import Any

import attrs
import pytest

from mqldsl.evaluate.sql.lowering import Refused
from tests.engines import held
from tests.engines.cases import Case
from tests.engines.operations import SCALARS
from tests.engines.running import Run

# A session takes a while to start, and each query, too.
pytestmark = pytest.mark.slow

# Exact sums of large numbers are an error, and so are texts that are not surely in NFC.
ERRORS_BEYOND = {f"exact sum of {many}" for many in ("one", "two", "many")}
ERRORS_NOT_COMPOSED = {"fold", "squeeze"}
# Where it matters whether a long s is a word character, one in the text is an error.
ERRORS_BY_LONG_S = {r"matches \bit\b"}
REFUSED = {"matches é", "matches ß"}


@pytest.fixture
def run(spark: Any) -> Run:
    return lambda sql: [tuple(row) for row in spark.sql(sql).collect()]


@pytest.mark.parametrize("case", SCALARS, ids=lambda case: case.name)
def test_operation(case: Case, run: Run) -> None:
    if case.name in REFUSED:
        with pytest.raises(Refused, match="Spark cannot say exactly"):
            held.scalar(case, "spark", run)
    elif case.name in ERRORS_BY_LONG_S | ERRORS_NOT_COMPOSED:
        fine = [
            row for row in case.rows if "\u017f" not in row[0] and unicodedata.is_normalized("NFC", row[0])
        ]
        fine = [row for row in fine if not any(map(unicodedata.combining, row[0]))]
        assert not held.scalar(attrs.evolve(case, rows=fine), "spark", run)
    else:
        assert not held.scalar(case, "spark", run, middling=case.name in ERRORS_BEYOND)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exact sum of two", "too large to be added exactly"),
        ("fold", "not surely in the normal form NFC"),
        (r"matches \bit\b", "no long s in matches"),
    ],
)
def test_errors(name: str, words: str, run: Run) -> None:
    (case,) = (case for case in SCALARS if case.name == name)
    with pytest.raises(Exception, match=words):
        held.scalar(case, "spark", run)


def test_measures(run: Run) -> None:
    assert held.measures("spark", run, frozenset({"large", "middling", "too large"})) == ([], [])


def test_windows(run: Run) -> None:
    assert not held.windows("spark", run)


def test_order_of_sets(run: Run) -> None:
    assert held.sets_in_order("spark", run)


def test_steps_and_names(run: Run) -> None:
    assert not held.plumbing("spark", run)
