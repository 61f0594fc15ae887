import pytest

from mqldsl.pipeline import check_text
from mqldsl.source.diagnostics import Diagnostic

DECLARED = """\
lead:
  industry: one of (software, retail, mining)
  size: number
  budget: money
  title: text
  public: yes/no, missing means no
  signed: date
  seen: time
  stage: one of (early < middle < late)
event visit
score pts:
  +5 when public
"""


def findings(head: str, *rows: str) -> list[Diagnostic]:
    """Return what there is to say about a table; head and rows without their outer bars."""
    lines = "\n".join(f"  | {line} |" for line in (head, *rows))
    return list(check_text(f"{DECLARED}table t gives out:\n{lines}\n").findings)


def codes(head: str, *rows: str) -> list[str]:
    return [finding.code for finding in findings(head, *rows)]


def gap(head: str, *rows: str) -> str:
    """Return what the check says is missing."""
    (finding,) = findings(head, *rows)
    assert finding.code == "MQL305"
    return finding.message.partition(" where ")[2]


@pytest.mark.parametrize(
    ("rows", "dead"),
    [
        (["software | a", "retail, software | b", "retail | c", "any | d"], "retail | c"),
        (["any | a", "software | b"], "software | b"),
        (
            ["software, retail | a", "mining | b", "retail, mining | c", "any | d"],
            "retail, mining | c",
        ),
    ],
)
def test_a_row_of_labels_that_never_matches(rows: list[str], dead: str) -> None:
    (finding,) = findings("industry | out", *rows)
    assert (finding.code, finding.is_error) == ("MQL304", True)
    assert finding.at.place.source.slice(finding.at.place.span).strip("| ") == dead


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("size | out", [">= 100 | a", ">= 1_000 | b", "any | c"]),
        ("size | out", ["< 10 | a", "10 to 20 | b", "5 to 15 | c", "any | d"]),
        ("size | out", ["1 to 10 | a", "5 | b", "any | c"]),
        ("title | out", ['"Head of *" | a', '"head of it" | b', "any | c"]),
        ("title | out", ['"* of *" | a', '"Head of *" | b', "any | c"]),
        ("title | out", ['"CEO", "CFO" | a', '"cfo" | b', "any | c"]),
        ("public | out", ["yes | a", "no | b", "any | c"]),
        ("pts | out", [">= 50 | a", "< 50 | b", "any | c"]),
        ("stage | out", [">= middle | a", "late | b", "any | c"]),
        ("signed | out", ["< 2026-01-01 | a", "2025-06-01 | b", "any | c"]),
        ("seen | out", [">= 2026-01-01 09:00 | a", "> 2026-01-02 | b", "any | c"]),
        (
            "industry | size | out",
            ["software | any | a", "any | >= 5 | b", "software | 1 | c", "any | any | d"],
        ),
        ("visits | out", [">= 1 | a", "2 | b", "any | c"]),
    ],
)
def test_a_row_that_never_matches(head: str, rows: list[str]) -> None:
    assert codes(head, *rows) == (["MQL501"] if head.startswith("visits") else []) + ["MQL304"]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("industry | out", ["software, retail, mining | a", "missing | b", "any | c"]),  # `any`: not supplied
        ("size | out", [">= 1_000 | a", ">= 100 | b", "any | c"]),
        ("size | out", ["1 to 99 | a", "100 to 500 | b", "> 500 | c", "< 1 | d", "missing | e"]),
        ("title | out", ['"head of it" | a', '"Head of *" | b', "any | c"]),
        ("title | out", ['"Head of *" | a', '"* of *" | b', "any | c"]),
        ("public | out", ["yes | a", "no | b"]),
        ("pts | out", [">= 50 | a", "< 50 | b"]),
        ("budget | out", ["0 to 100 | a", "> 100 | b", "missing | c"]),  # nobody misses amounts below 0
        ("signed | out", ["< 2026-01-01 | a", ">= 2026-01-01 | b", "missing | c"]),
        ("signed | out", ["<= 2025-12-31 | a", ">= 2026-01-01 | b", "missing | c"]),
        ("size | out", ["0 to 100 | a", "100 to 200 | b", "any | c"]),  # the bound goes to the first
        ("industry | size | out", ["software | any | a", "any | >= 5 | b", "any | any | c"]),
    ],
)
def test_tables_that_are_well(head: str, rows: list[str]) -> None:
    assert codes(head, *rows) == []


@pytest.mark.parametrize(
    ("head", "rows", "said"),
    [
        ("industry | out", ["software | a", "missing | b"], "`industry` is retail or mining"),
        ("industry | out", ["software, retail, mining | a"], "`industry` is missing"),
        ("size | out", ["100 to 500 | a", "missing | b"], "`size` is below 100 or above 500"),
        ("size | out", ["< 10 | a", "> 10 | b", "missing | c"], "`size` is 10"),
        ("size | out", ["< 10 | a", "> 20 | b", "missing | c"], "`size` is from 10 to 20"),
        ("size | out", ["< 10 | a", "missing | b"], "`size` is 10 or more"),
        ("size | out", ["> 10 | a", "missing | b"], "`size` is 10 or less"),
        ("size | out", ["missing | b"], "`size` is any value"),
        ("title | out", ['"CEO" | a'], "`title` is any other text or missing"),
        ("public | out", ["yes | a"], "`public` is no"),
        ("signed | out", [">= 2026-01-01 | a", "missing | b"], "`signed` is below 2026-01-01"),
        (
            "industry | size | out",
            ["software | < 10 | a", "retail, mining | any | b", "missing | any | c"],
            "`industry` is software and `size` is 10 or more or missing",
        ),
    ],
)
def test_what_no_row_takes(head: str, rows: list[str], said: str) -> None:
    assert gap(head, *rows) == said


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("size | out", ["1 to 300 | a", "200 to 500 | b", "any | c"]),
        (
            "industry | budget | out",
            ["software, retail | 0 to 100 | a", "retail, mining | 50 to 200 | b", "any | any | c"],
        ),
    ],
)
def test_rows_that_cross(head: str, rows: list[str]) -> None:
    assert codes(head, *rows) == ["MQL306"]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("size | out", ["1 to 300 | a", "200 to 500 | a", "any | c"]),  # they give one thing
        ("size | out", ["100 to 200 | a", "1 to 500 | b", "any | c"]),  # an exception before the rule
        ("industry | budget | out", ["software | any | a", "any | >= 50 | b", "any | any | c"]),
    ],
)
def test_rows_that_do_not_cross(head: str, rows: list[str]) -> None:
    assert codes(head, *rows) == []


def test_a_table_in_a_file_is_only_warned_of() -> None:
    text = DECLARED + 'table t by title gives out from "t.csv"\n'
    checked = check_text(text, read=lambda _: b"title,out\nCEO,a\nCFO,b\nceo,c\n")
    assert [(finding.code, finding.is_error) for finding in checked.findings] == [("MQL304", False)]
    assert checked.findings[0].message == "row 3 of this table can never match: a row above takes all of it"


def test_a_large_table_is_looked_at_for_repeated_rows_only() -> None:
    rows = [f"{number} | x{number}" for number in range(3_000)]
    assert codes("size | out", *rows) == []
    assert codes("size | out", *rows, "5 | y") == ["MQL304"]
