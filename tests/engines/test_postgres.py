"""Every operation in PostgreSQL, beside its meaning in Python; what it cannot say is refused or an error."""

from typing import Any

import attrs
import pytest

from mqldsl.evaluate.sql.lowering import Refused
from tests.engines import held
from tests.engines.cases import Case
from tests.engines.operations import SCALARS
from tests.engines.running import Run

# Where a result is too large or too small for a double, or exact sums need more than 64 bits, there is an error.
ERRORS_BEYOND = {
    *(f"finite {operator}" for operator in "+-*/"),
    *(f"exact sum of {many}" for many in ("one", "two", "many")),
}
# Where it matters whether a long s is a word character, one in the text is an error.
ERRORS_BY_LONG_S = {r"matches \bit\b"}
REFUSED = {"matches é", "matches ß", "business time", "end of day"}


@pytest.fixture
def run(postgres: Any) -> Run:
    def rows(sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = postgres.execute(sql).fetchall()
        return found

    return rows


@pytest.mark.parametrize("case", SCALARS, ids=lambda case: case.name)
def test_operation(case: Case, run: Run) -> None:
    if case.name in REFUSED:
        with pytest.raises(Refused, match="PostgreSQL cannot say exactly"):
            held.scalar(case, "postgres", run)
    elif case.name in ERRORS_BY_LONG_S:
        with pytest.raises(Exception, match="no long s in matches"):
            held.scalar(case, "postgres", run)
        without = attrs.evolve(case, rows=[row for row in case.rows if "\u017f" not in row[0]])
        assert not held.scalar(without, "postgres", run)
    else:
        assert not held.scalar(case, "postgres", run, middling=case.name in ERRORS_BEYOND)


@pytest.mark.parametrize("name", sorted(ERRORS_BEYOND))
def test_what_is_out_of_range_is_an_error(name: str, run: Run) -> None:
    (case,) = (case for case in SCALARS if case.name == name)
    with pytest.raises(Exception, match="out of range"):
        held.scalar(case, "postgres", run)


def test_measures(run: Run) -> None:
    assert held.measures("postgres", run, frozenset({"large", "middling", "too large"})) == ([], [])


def test_windows(run: Run) -> None:
    assert not held.windows("postgres", run)


def test_order_of_sets(run: Run) -> None:
    assert held.sets_in_order("postgres", run)


def test_steps_and_names(run: Run) -> None:
    assert not held.plumbing("postgres", run)
