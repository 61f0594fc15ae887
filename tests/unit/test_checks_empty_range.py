import pytest

from mqldsl.pipeline import check_text

DECLARED = """\
lead:
  size: number
  budget: money
  title: text
  industry: one of (software, retail)
  stage: one of (early < middle < late)
  signed: date
  seen: time
event visit: seconds number
"""


def found(clause: str) -> list[tuple[str, str]]:
    """Return code and underlined words of each finding."""
    checked = check_text(f"{DECLARED}clause it: {clause}\n")
    places = [(finding.code, finding.at.place) for finding in checked.findings]
    return [(code, place.source.slice(place.span)) for code, place in places]


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("size >= 500 and size <= 100", "size <= 100"),
        ("size > 100 and size <= 100", "size <= 100"),
        ("size < 100 and size >= 100", "size >= 100"),
        ("500 <= size and 100 > size", "100 > size"),
        ("size = 5 and size > 5", "size > 5"),
        ("size = 5 and size = 6", "size = 6"),
        ("size between 10 and 20 and size between 30 and 40", "size between 30 and 40"),
        ("budget >= 50k and size > 1 and budget < 40k", "budget < 40k"),
        ("industry = software and industry = retail", "industry = retail"),
        ("industry is software and industry in (retail)", "industry in (retail)"),
        ('title = "CEO" and title = "CFO"', 'title = "CFO"'),
        ('title in ("a", "b") and title in ("c", "d")', 'title in ("c", "d")'),
        ("stage >= late and stage < middle", "stage < middle"),
        ("signed >= 2026-03-01 and signed < 2026-01-01", "signed < 2026-01-01"),
        ("seen >= 2026-03-01 09:00 and seen < 2026-01-01", "seen < 2026-01-01"),
        ("visits >= 3 within 7d and visits < 2 within 7d", "visits < 2 within 7d"),
        ("all of (size > 5, all of (size < 3, budget > 1))", "size < 3"),
        ("visits(seconds > 20 and seconds < 10) >= 1 within 7d", "seconds < 10"),
    ],
)
def test_nothing_lies_between(clause: str, words: str) -> None:
    assert found(clause) == [("MQL505", words)]


@pytest.mark.parametrize(
    "clause",
    [
        "size >= 100 and size <= 100",
        "size >= 100 or size <= 50",
        "size > 100 and not size > 200",
        "size > 100 and (size < 50 or budget > 1)",
        "size > 100 and budget < 50",
        "size != 5 and size = 6",
        'title = "CEO" and title = " ceo"',
        'title in ("Head of *") and title = "Head of IT"',
        'title contains "a" and title contains "b"',
        "visits >= 3 within 7d and visits < 2 within 30d",
        "at least 1 of (size > 5, size < 3)",
        "stage >= middle and stage <= middle",
    ],
)
def test_something_lies_between(clause: str) -> None:
    assert found(clause) == []
