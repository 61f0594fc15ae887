"""Real data as typed relations: every value, fault and note is the one that is read lead by lead."""

import pytest

from mqldsl.data.binding import read_binding
from mqldsl.pipeline import load_definition
from tests.real import test_real
from tests.real.test_real import CASES, HERE, Case
from tests.unit.supplied import agree

pytestmark = test_real.pytestmark

LARGE = ("bpi2012_loans", "online_retail_ii")


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=[pytest.mark.slow] if case.folder in LARGE else []) for case in CASES],
    ids=lambda case: f"{case.folder}-{case.letter}",
)
def test_relations_say_what_situations_say(case: Case) -> None:
    binding = HERE / case.folder / f"{case.binding}.toml"
    model = load_definition(HERE / case.folder / f"{case.letter}.mql", read_binding(binding).tables)
    leads, _ = agree(model, binding, case.as_of)
    assert len(leads) >= case.leads
