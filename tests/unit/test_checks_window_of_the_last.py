import pytest

from mqldsl.pipeline import check_text

DECLARED = "lead:\n  vip: yes/no\nevent visit: page text\nevent demo\nevent call\nrecord deal\n"


def found(clause: str) -> list[tuple[str, str, list[str]]]:
    """Return code, underlined words and further places of each finding."""
    checked = check_text(f"{DECLARED}clause it: {clause}\n")
    return [
        (
            finding.code,
            finding.at.place.source.slice(finding.at.place.span),
            [label.place.source.slice(label.place.span) for label in finding.also],
        )
        for finding in checked.findings
    ]


@pytest.mark.parametrize(
    ("clause", "window", "bare"),
    [
        ("visit or demo within 30d", "within 30d", ["visit"]),
        ("visit and demo within 30d", "within 30d", ["visit"]),
        ("no visits and no demos within 30d", "within 30d", ["visits"]),
        ("visits >= 3 or demos >= 1 within 30d", "within 30d", ["visits"]),
        ("visit or call or demo this month", "this month", ["visit", "call"]),
        ('visits(page = "x") or demo since 2026-01-01', "since 2026-01-01", ['visits(page = "x")']),
        ("not visit and not demo within 30d", "within 30d", ["visit"]),
    ],
)
def test_only_the_last_has_the_window(clause: str, window: str, bare: list[str]) -> None:
    assert found(clause) == [("MQL502", window, bare)]


@pytest.mark.parametrize(
    "clause",
    [
        "visit within 7d or demo within 30d",
        "visit ever or demo within 30d",
        "vip or demo within 30d",
        "deal and demo within 30d",
        "days since last visit < 5 or demo within 30d",
    ],
)
def test_each_has_its_own(clause: str) -> None:
    assert found(clause) == []


@pytest.mark.parametrize(
    "clause",
    ["demo within 30d or visit", "any of (visit, demo within 30d)", "(visit or call) and demo within 30d"],
)
def test_elsewhere_it_only_has_no_window(clause: str) -> None:
    assert {code for code, _, _ in found(clause)} == {"MQL501"}
