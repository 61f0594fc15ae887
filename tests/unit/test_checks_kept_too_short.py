import pytest

from mqldsl.pipeline import check_text

DECLARED = """\
lead:
  signed: date
event visit: seconds number
event mail (mails): seconds number, kept for 90d
event letter, kept for 3mo
event either: any of (visit, mail)
"""


def found(clause: str) -> list[tuple[str, str]]:
    """Return code and underlined words of each finding."""
    checked = check_text(f"{DECLARED}clause it: {clause}\n")
    places = [(finding.code, finding.at.place) for finding in checked.findings]
    return [(code, place.source.slice(place.span)) for code, place in places]


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("mails", "mails"),
        ("mails ever", "mails ever"),
        ("mails >= 3 within 91d", "mails"),
        ("mails >= 3 within 1y", "mails"),
        ("mails before 2026-01-01", "mails before 2026-01-01"),
        ("mails from 120d to 30d ago", "mails from 120d to 30d ago"),
        ("mails this year", "mails this year"),
        ("total seconds of mails within 1y > 5", "total seconds of mails"),
        ("earliest seconds of mails > 5", "earliest seconds of mails"),
        ("days since first mail > 5", "days since first mail"),
        ("visit within 7d of first mail", "visit within 7d of first mail"),
        ("(mail then visit in 30d) within 80d", "(mail then visit in 30d) within 80d"),
        ("(visit then no mail in 30d) within 120d", "(visit then no mail in 30d) within 120d"),
        ("(mail then visit) within 5d", "(mail then visit) within 5d"),
        ("either within 100d", "either within 100d"),
        ("activity within 100d", "activity within 100d"),
        ("letters within 4mo", "letters within 4mo"),
    ],
)
def test_a_window_reaches_further_back(clause: str, words: str) -> None:
    assert found(clause) == [("MQL503", words)]


@pytest.mark.parametrize(
    "clause",
    [
        "mails within 90d",
        "mails >= 3 within 2mo",
        "mails this month",
        "mails since signed",
        "days since last mail > 100",
        "latest seconds of mails > 5",
        "visit within 7d of last mail",
        "(mail then visit in 10d) within 80d",
        "letters within 90d",
        "letters within 3mo",
        "visits within 5y",
        "(visit then no mail in 30d) within 60d",
    ],
)
def test_a_window_that_is_seen_whole(clause: str) -> None:
    assert found(clause) == []


def test_rows_of_a_score_point_at_the_events() -> None:
    checked = check_text(f"{DECLARED}score s:\n  +5 per mail within 1y, up to 20\n")
    (finding,) = checked.findings
    assert finding.at.place.source.slice(finding.at.place.span) == "mail within 1y"
