"""Every conformance case, by SQL on DuckDB: cases with one definition and the same feeds are asked in one query.

Where all of them have one as-of, it is a constant of the query, else a column of the leads.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pytest

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.situation import Situation
from mqldsl.evaluate.sql.lowering import Refused
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.pipeline import check_text
from tests.conformance.cases import Case, all_cases
from tests.conformance.test_reference import situation_of
from tests.properties.by_sql import Way, compared


def _by_file() -> dict[str, list[Case]]:
    files: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases():
        if "findings" not in case.keys:
            files[case.file].append(case)
    return files


FILES = _by_file()


@pytest.mark.parametrize("file", FILES)
def test_cases(file: str) -> None:
    wrong: dict[str, list[str]] = {}
    for cases in _alike(FILES[file]):
        wrong |= _compared(cases)
    assert not wrong


def _alike(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """Yield cases with the same definition and feeds together."""
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.text, str(case.keys.get("files")), str(case.keys.get("feeds"))].append(case)
    yield from groups.values()


def _compared(cases: Sequence[Case]) -> dict[str, list[str]]:
    files = cases[0].keys.get("files", {})
    model = check_text(cases[0].text, read=lambda path: str(files[path]).encode()).model
    assert model is not None
    situations: list[Situation] = [situation_of(Giver(model), case.keys) for case in cases]
    one_instant = len({situation.as_of for situation in situations}) == 1
    way = Way(one_instant=one_instant, swift=one_instant, feeds=situations[0].feeds)
    try:
        found = compared(model, situations, way)
    except (NotInSqlError, Refused) as refused:
        # No case asks for what no query says.
        return {case.name: [f"refused: {refused}"] for case in cases}
    return {case.name: lines for case, lines in zip(cases, found, strict=True) if lines}
