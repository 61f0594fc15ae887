"""A fixed set of conformance cases, spread evenly over all files, for databases that are too slow for all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import attrs

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.situation import Situation
from mqldsl.evaluate.sql.lowering import Refused
from mqldsl.pipeline import check_text
from tests.conformance.cases import Case, all_cases
from tests.conformance.test_reference import situation_of
from tests.properties.by_sql import Run, Way, compared

MANY: Final = 300
# So many of them a database may refuse, by name.
FEW: Final = 10


@attrs.define
class Held:
    """How cases came out: those that agree, those that do not with where, and the refusals by what is refused."""

    agreed: int = 0
    wrong: dict[str, list[str]] = attrs.Factory(dict)
    refused: Counter[str] = attrs.Factory(Counter)


@lru_cache(maxsize=1)
def chosen() -> Mapping[str, Sequence[Case]]:
    """Return the cases by their files: of each file as large a share, and cases from its start to its end."""
    files: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases():
        if "findings" not in case.keys:
            files[case.file].append(case)
    every = [case for cases in files.values() for case in cases]
    places = [number * len(every) // MANY for number in range(MANY)]
    found: dict[str, list[Case]] = defaultdict(list)
    for place in places:
        found[every[place].file].append(every[place])
    return found


def held(cases: Sequence[Case], run: Run, errors: Sequence[str] = ()) -> Held:
    """Return how cases come out in a database; cases with one definition and the same feeds are one query.

    `errors` are words of the errors with which it may say that it cannot: they count as refusals.
    """
    result = Held()
    groups = list(_alike(cases))
    while groups:
        alike = groups.pop()
        try:
            found = _compared(alike, run)
        except Refused as refused:
            result.refused[refused.what] += len(alike)
            continue
        except Exception as error:
            words = next((each for each in errors if each in str(error)), None)
            if words is None:
                raise
            if len(alike) > 1:
                groups += [[case] for case in alike]
            else:
                result.refused[words] += 1
            continue
        wrong = {case.id: lines for case, lines in zip(alike, found, strict=True) if lines}
        result.wrong |= wrong
        result.agreed += len(alike) - len(wrong)
    return result


def _alike(cases: Sequence[Case]) -> Iterator[list[Case]]:
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.text, str(case.keys.get("files")), str(case.keys.get("feeds"))].append(case)
    yield from groups.values()


def _compared(cases: Sequence[Case], run: Run) -> list[list[str]]:
    files = cases[0].keys.get("files", {})
    model = check_text(cases[0].text, read=lambda path: str(files[path]).encode()).model
    assert model is not None
    situations: list[Situation] = [situation_of(Giver(model), case.keys) for case in cases]
    one_instant = len({situation.as_of for situation in situations}) == 1
    return compared(model, situations, Way(one_instant=one_instant, feeds=situations[0].feeds), run)
