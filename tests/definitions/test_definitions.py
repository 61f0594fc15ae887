"""What companies publish, said in the language: every file checks, is in canonical form, and its examples hold."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mqldsl.analyse.examples import run_examples
from mqldsl.pipeline import check_file
from mqldsl.source.text import Source
from mqldsl.syntax.to_text import to_text

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.mql"))
PUBLISHED = HERE.parents[2] / "shared" / "definitions" / "published-definitions.yaml"
PAGE = HERE.parents[1] / "docs" / "published-definitions.md"


def records() -> list[dict[str, Any]]:
    """Return the account of each record: what is said, what is outside, what was chosen."""
    found: list[dict[str, Any]] = []
    for part in sorted(HERE.glob("accounts-*.toml")):
        found += tomllib.loads(part.read_text(encoding="utf-8"))["record"]
    return found


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_definition_checks_is_canonical_and_keeps_its_examples(path: Path) -> None:
    checked = check_file(path)
    assert [finding.message for finding in checked.findings] == []
    assert checked.model is not None
    results = list(run_examples(checked.model))
    assert results, "a definition without an example shows no figure"
    assert [failure for result in results for failure in result.failures] == []
    text = path.read_text(encoding="utf-8")
    assert to_text(Source(path.name, text)) == text


def test_every_account_has_its_file_and_every_file_its_account() -> None:
    assert sorted(record["id"] for record in records()) == sorted(path.stem for path in FILES)


@pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the published definitions (../shared beside the repository) are not here"
)
def test_every_published_record_is_accounted_for() -> None:
    published = re.findall(r"^- id: (\S+)$", PUBLISHED.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(published) == 58
    assert sorted(record["id"] for record in records()) == sorted(published)


def test_at_least_52_are_said_whole_and_the_docs_count_them() -> None:
    said = {
        kind: sum(record["said"] == kind for record in records()) for kind in ("whole", "part", "outside")
    }
    assert said["whole"] >= 52
    assert said["outside"] == 0
    page = PAGE.read_text(encoding="utf-8")
    assert f"| {said['whole']} | {said['part']} | {said['outside']} |" in page
    for record in records():
        if record["said"] != "whole":
            assert record["id"] in page
            assert all(gap in page for gap in record["gaps"])
