import pytest

from mqldsl.model.checks import no_window
from mqldsl.pipeline import check_text

DECLARED = """\
lead:
  title: text
  signed: date
event visit: page text, seconds number
event demo
event mail (mails), kept for 90d
event recent: visit within 30d
event touch (touches): any of (visit, demo)
account event news
record deal: amount money
"""


def found(rest: str) -> list[str]:
    """Return what the check underlines."""
    checked = check_text(DECLARED + rest + "\n")
    assert not [finding.message for finding in checked.findings if finding.is_error]
    places = [finding.at.place for finding in checked.findings if finding.code == no_window.CODE]
    return [place.source.slice(place.span) for place in places]


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("visit", "visit"),
        ("visits >= 3", "visits"),
        ("no visits", "visits"),
        ('visits(page = "/pricing") >= 2', 'visits(page = "/pricing")'),
        ("total seconds of visits > 100", "total seconds of visits"),
        ("distinct days of visits > 3", "distinct days of visits"),
        ("most visits by page >= 3", "most visits by page"),
        ("touches >= 3", "touches"),
        ("news", "news"),
        ("account.visits >= 3", "account.visits"),
        ("people(visit) >= 2", "visit"),
        ("at least 1 of (visit, demo within 7d)", "visit"),
        ("visit then demo in 7d", "visit then demo in 7d"),
        ("visit then no demo in 7d", "visit then no demo in 7d"),
    ],
)
def test_what_reaches_back_for_ever(clause: str, words: str) -> None:
    assert found(f"clause it: {clause}") == [words]


@pytest.mark.parametrize(
    "clause",
    [
        "visit within 30d",
        "visit ever",
        "visits >= 3 this month",
        "visits + demos >= 3 within 30d",
        "recent",
        "recent(seconds > 5) >= 2",
        "days since last visit < 10",
        "days since first visit > 10",
        'latest page of visits = "/pricing"',
        'earliest page of visits = "/pricing"',
        "deals >= 1",
        "total amount of deals > 5",
        "people >= 2",
        'people(title = "CEO") >= 2',
        "visit then demo",
        "visit then no demo",
        "visit then (demo within 7d)",
        "visit within 14d of first demo",
        "signed within 30d",
    ],
)
def test_where_it_says_so_or_is_natural(clause: str) -> None:
    assert found(f"clause it: {clause}") == []


def test_rows_of_a_score() -> None:
    score = """\
score s, losing 10% every 30d without visit:
  +5 per visit, up to 25
  +5 per visit within 30d
  +5 per visit, halving every 30d
  +5 when visit, halving every 30d
  -5 per 30d without visit
  +1 per 10 of total seconds of visits
"""
    assert found(score) == ["visit", "total seconds of visits"]


def test_deadlines_and_promises_need_none() -> None:
    assert (
        found("decide d:\n  call when visit within 1d, due within 1h of last visit\n  otherwise none_due")
        == []
    )
    assert found('clause c: demo within 1d\npromise "p": more visits never changes c') == []


def test_what_is_kept_for_a_time_has_a_finding_of_its_own() -> None:
    checked = check_text(DECLARED + "clause it: mails >= 3\n")
    assert [finding.code for finding in checked.findings] == ["MQL503"]


def test_one_place_is_told_once() -> None:
    assert found("clause one: visits >= 3\nclause two: one and one") == ["visits"]
