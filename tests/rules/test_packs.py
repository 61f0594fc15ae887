"""The packs to start from: each checks, is in canonical form, has an example of every outcome, and runs on its sample.

Their examples and promises are tests themselves: `testpaths` in pyproject.toml names `rules`.
"""

import re
from pathlib import Path

import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.leads import situations
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.missing import missing_for
from mqldsl.model import ir
from mqldsl.pipeline import check_file, load_definition
from mqldsl.source.text import Source
from mqldsl.syntax.to_text import to_text

RULES = Path(__file__).parents[2] / "rules"
PACKS = sorted(path.parent for path in RULES.glob("*/README.md"))
FILES = sorted(RULES.glob("*/*.mql"))


def test_every_folder_is_a_pack_with_a_readme() -> None:
    assert sorted(path for path in RULES.iterdir() if path.is_dir()) == PACKS
    assert len(PACKS) == 12


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(RULES)) for path in FILES])
def test_a_definition_checks_and_is_canonical(path: Path) -> None:
    assert [finding.message for finding in check_file(path).findings] == []
    text = path.read_text(encoding="utf-8")
    assert to_text(Source(path.name, text)) == text


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(RULES)) for path in FILES])
def test_every_outcome_has_an_example(path: Path) -> None:
    model = load_definition(path)
    for part in model.named.values():
        if isinstance(part, ir.Decide) and model.examples:
            expected = {
                str(each.value)
                for example in model.examples
                for each in example.expected
                if each.name == part.name and each.kind == "value"
            }
            assert expected == set(part.type.names), f"{part.name} has outcomes without an example"


@pytest.mark.parametrize("pack", PACKS, ids=[pack.name for pack in PACKS])
def test_a_pack_runs_on_its_sample_as_its_readme_says(pack: Path) -> None:
    commands = re.findall(
        r"mql decide (\S+\.mql) --data (\S+)(?: --as-of (\S+))?", (pack / "README.md").read_text("utf-8")
    )
    assert commands, "the README does not say how to run the pack"
    for file, data, as_of in commands:
        binding = read_binding(pack / Path(data).name)
        model = load_definition(pack / Path(file).name, binding.tables)
        outcomes = {
            Evaluation(model, each).verdict().outcome for each in situations(model, binding, as_of or None)
        }
        assert len(outcomes) > 1, "a sample shows more than one outcome"


def test_what_nobody_asked_makes_a_lead_of_the_checklist_uncertain_and_is_listed() -> None:
    pack = RULES / "seven-questions"
    binding = read_binding(pack / "data.toml")
    model = load_definition(pack / "seven-questions.mql", binding.tables)
    questions = {"pain_points", "need", "timeframe", "timing", "buying_date", "budget"}
    uncertain = 0
    for situation in situations(model, binding, "2026-03-10T09:00"):
        evaluation = Evaluation(model, situation)
        verdict = evaluation.verdict()
        missing = missing_for(model, evaluation.judged(), model.verdict or "")
        assert bool(missing) == (not verdict.is_certain)
        uncertain += bool(set(missing) & questions)
    assert uncertain >= 10
