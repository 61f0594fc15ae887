"""Every operation in DuckDB, beside its meaning in Python."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from mqldsl.evaluate.sql.lowering import functions_for
from tests.engines import held
from tests.engines.cases import Case
from tests.engines.operations import SCALARS
from tests.engines.running import Run


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with duckdb.connect() as connection:
        functions_for(connection)

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.sql(sql).fetchall()

        yield rows


@pytest.mark.parametrize("case", SCALARS, ids=lambda case: case.name)
def test_operation(case: Case, run: Run) -> None:
    assert not held.scalar(case, "duckdb", run)


def test_measures(run: Run) -> None:
    assert held.measures("duckdb", run) == ([], [])


def test_windows(run: Run) -> None:
    assert not held.windows("duckdb", run)


def test_order_of_sets(run: Run) -> None:
    assert held.sets_in_order("duckdb", run)


def test_steps_and_names(run: Run) -> None:
    assert not held.plumbing("duckdb", run)
