"""Texts with mistakes: each finding stands on the line, and underlines the words, that its mark names.

A mark is a comment at the end of a line: `#! MQL102 employes` is one finding of that code at those words;
without words they are not looked at. There are no findings but those that are marked. Files in `parts/` are
used by the others, and hold the marks of what is found in them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mqldsl.pipeline import check_file
from mqldsl.source.diagnostics import Diagnostic
from mqldsl.source.text import Source

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted(HERE.glob("*.mql"))
MARK = re.compile(r"[ ]*#! (MQL\d{3})(?: ((?:(?! #! ).)*))?")
LEAST = 150
# Only of a whole file, or of one larger than a test should hold: tests/unit/test_checks_limits.py.
ELSEWHERE = {"MQL001", "MQL005"}

Found = tuple[str, int, str, str]


def marks(name: str, text: str) -> Iterator[Found]:
    """Yield file, line, code and words of each mark."""
    for number, line in enumerate(text.split("\n"), 1):
        for mark in MARK.finditer(line):
            yield name, number, mark[1], mark[2] or ""


def words_of(finding: Diagnostic) -> str:
    """Return what a finding underlines, as a mark writes it."""
    place = finding.at.place
    said = place.source.slice(place.span).split("#!")[0].split("\n")[0]
    return " ".join(said.split())


def file_of(source: Source, main: Path) -> Path:
    """Return the file of a source: the one that was run, or what it uses."""
    return main if source.name == str(main) else HERE / source.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_findings_are_where_they_are_marked(path: Path) -> None:
    checked = check_file(path)
    used = {file_of(finding.at.place.source, path) for finding in checked.findings} | {path}
    wanted = Counter(mark for file in used for mark in marks(file.name, file.read_text(encoding="utf-8")))
    found: Counter[Found] = Counter()
    for finding in checked.findings:
        source, span = finding.at.place.source, finding.at.place.span
        line = source.position(span.start).line
        name = file_of(source, path).name
        with_words = (name, line, finding.code, words_of(finding))
        found[with_words if with_words in wanted else (name, line, finding.code, "")] += 1
    said = {
        (finding.code, finding.at.place.source.position(finding.at.place.span.start).line): finding.message
        for finding in checked.findings
    }
    assert found == wanted, [
        f"{line}: {code} {words!r} {number:+} {said.get((code, line), '')}"
        for (_, line, code, words), number in _difference(found, wanted)
    ]


def _difference(found: Counter[Found], wanted: Counter[Found]) -> list[tuple[Found, int]]:
    both = found.keys() | wanted.keys()
    return sorted((each, found[each] - wanted[each]) for each in both if found[each] != wanted[each])


def test_every_code_is_here_and_many_mistakes() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "mqldsl").rglob("*.py"))
    codes = set(re.findall(r'"(MQL\d{3})"', text))
    here = [
        code for path in HERE.rglob("*.mql") for _, _, code, _ in marks("", path.read_text(encoding="utf-8"))
    ]
    assert codes - ELSEWHERE == set(here)
    assert len(here) >= LEAST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_are_worded_alike(path: Path) -> None:
    for finding in check_file(path).findings:
        for words in (finding.message, finding.help, *(label.words for label in finding.also)):
            assert not words.endswith("."), words
            assert not re.match(r"[A-Z]", words) or words.startswith("RE2"), words
            assert not re.search(r"\b(token|None|node|parse|operand|expression tree)\b", words), words
            assert words.count("`") % 2 == 0 or "``" in words, words
        assert finding.message
        assert finding.help, f"{finding.code} {finding.message}: what should one do about it?"
