"""Each code has a page, and the examples on it do what they say."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from mqldsl.pipeline import check_text

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "findings").glob("*.md"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "mqldsl").rglob("*.py")))
CODES = set(re.findall(r'"(MQL\d{3})"', SOURCE))
# Bytes that are no text, a file too large to be shown, and several files: no block can hold these.
NOT_SHOWN = {"MQL001", "MQL005", "MQL107"}


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the info line and the text of each fenced block."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    return [(token.info, token.content) for token in tokens if token.type == "fence"]


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    assert {page.stem for page in PAGES} == CODES


def test_all_pages_are_listed_with_their_titles() -> None:
    listed = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    for page in PAGES:
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix(f"# {page.stem}: ")
        assert f"| [{page.stem}](findings/{page.stem}.md) | {title} |" in listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_it_means_before_it_shows_it(page: Path) -> None:
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    assert title.startswith(f"# {page.stem}: ")
    assert re.match(r"\n[A-Z`]", rest)


SHOWN = [page for page in PAGES if page.stem not in NOT_SHOWN]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.stem)
def test_the_examples_are_found_and_the_corrected_ones_are_clean(page: Path) -> None:
    infos = [info for info, _ in blocks(page) if info.startswith("mql")]
    assert infos[:2] == [f"mql {page.stem}", "mql"]
    assert set(infos) == {f"mql {page.stem}", "mql"}
    for info, text in blocks(page):
        wanted = {page.stem} if info == f"mql {page.stem}" else set()
        if info.startswith("mql"):
            assert {finding.code for finding in check_text(text).findings} == wanted, text
