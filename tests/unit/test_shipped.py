"""`shipped`: finding the files that come with the product. From a wheel: `tests/repo/test_wheel.py`."""

from pathlib import Path

import pytest

from mqldsl.source import shipped as module
from mqldsl.source.shipped import shipped


@pytest.mark.parametrize("relative", ["grammar/mql.lark", "grammar", "findings", "starter"])
def test_finds_what_ships(relative: str) -> None:
    assert shipped(relative).exists()


def test_a_file_that_does_not_exist_is_the_callers_to_find_out() -> None:
    assert not shipped("findings/MQL000.md").is_file()


@pytest.mark.parametrize("folder", ["grammar", "findings", "starter"])
def test_beside_the_modules_comes_first(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "mqldsl" / folder
    inside.mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "mqldsl" / "source" / "shipped.py"))
    assert shipped(f"{folder}/one") == inside / "one"


@pytest.mark.parametrize(
    "relative",
    ["", "/etc/passwd", "docs/index.md", "findings/../../README.md", "findings\\..\\x", "../grammar"],
)
def test_leads_nowhere_else(relative: str) -> None:
    with pytest.raises(ValueError, match="not one of the files that ship"):
        shipped(relative)
