import pytest

from mqldsl.pipeline import check_text

DECLARED = "lead:\n  vip: yes/no\n  size: number\n  stage: one of (early, late)\n  title: text\n"


def found(rest: str) -> list[tuple[str, str]]:
    """Return code and underlined words of each finding."""
    checked = check_text(DECLARED + rest + "\n")
    places = [(finding.code, finding.at.place) for finding in checked.findings]
    return [(code, place.source.slice(place.span)) for code, place in places]


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("decide d:\n  a when vip\n  b when vip\n  otherwise c", "vip"),
        (
            "decide d:\n  a when size > 5\n  b when vip\n  c when ( size  >  5 )\n  otherwise c",
            "( size  >  5 )",
        ),
        ("value v:\n  5 when vip\n  6 when vip\n  otherwise 7", "vip"),
        ("score s:\n  first of:\n    +5 when vip\n    +6 when vip", "vip"),
        ("score s:\n  by stage: 5 for early, 6 for early", "6 for early"),
        ("score s:\n  by stage: 5 for (early, late), 6 for late", "6 for late"),
        ('score s:\n  by title: 5 for "CEO", 6 for "ceo "', '6 for "ceo "'),
        ("score s:\n  by size: 5 from 10, 6 from 10", "6 from 10"),
    ],
)
def test_the_second_never_wins(rest: str, words: str) -> None:
    assert found(rest) == [("MQL504", words)]


@pytest.mark.parametrize(
    "rest",
    [
        "decide d:\n  a when vip\n  b when not vip\n  otherwise c",
        "decide d:\n  a when size > 5\n  b when size > 6\n  otherwise c",
        "score s:\n  +5 when vip\n  +5 when vip",
        "score s:\n  by stage: 5 for early, 6 for (early, late)",
        "score s:\n  by size: 5 from 10, 6 from 20, otherwise 0",
        "clause c: at least 2 of (vip, vip)",
    ],
)
def test_rows_that_differ(rest: str) -> None:
    assert found(rest) == []
