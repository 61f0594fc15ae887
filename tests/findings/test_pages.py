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
def test_a_page_tells_what_it_means_and_the_way_out(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}: ")
    assert "\n## How to mend it\n" in text


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem not in NOT_SHOWN], ids=lambda page: page.stem
)
def test_the_example_is_found_and_the_corrected_one_is_clean(page: Path) -> None:
    (bad_info, bad), (good_info, good) = blocks(page)
    assert (bad_info, good_info) == (f"mql {page.stem}", "mql")
    assert {finding.code for finding in check_text(bad).findings} == {page.stem}
    assert [finding.message for finding in check_text(good).findings] == []
