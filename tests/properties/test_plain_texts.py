"""Texts that are tested as plain ones first are tested as the reference does, however odd they are."""

from datetime import UTC, datetime, timedelta

import pytest

from mqldsl.evaluate.situation import Event, Lead, Situation
from mqldsl.evaluate.sql import assembly, plain_first
from mqldsl.evaluate.sql.terms import NO, Term
from mqldsl.pipeline import check_text
from tests.properties.by_sql import Way, compared

AS_OF = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DEFINITION = """
lead:
  email: text
event visit: page text, topic text
event click: page text

list free: "gmail.com", "kit kat.com", "ss.com"
list topics: "data security", "k"

clause free_mail: domain of email in free
clause own_mail: domain of email != "gmail.com"
clause priced: visit(page starts with "/pricing") within 30d
clause prices: visits(page ends with "ss" and topic = "k") >= 2 within 30d
clause secure: visit(topic = "data security") within 30d
clause either: visit(topic in topics) within 90d
clause looked: click(page contains "x y") within 90d
clause hissed: click(page contains "ss") within 90d
clause shown: click(page contains "xy" or page = "/pricing") within 90d
score s:
  +1 per visit(page starts with "/pricing") within 30d
  +2 per click(page != "/pricing") within 30d
"""
PAGES = [
    *("/pricing", "/Pricing/A", " /pricing", "/pricing ", "\t/pricing", "/pricing\r", "/ pricing", "//pricing"),
    *("/pr\u0131c\u0131ng", "/PRİCİNG", "\uff0fpricing", "/pricin\u0261", "boss", "BOß", "bo\u017fs ", "boss\x1c", "boss\x00"),
    *("x y", "x  y", "x\ty", "x\u00a0y", "xy", "X Y", "\x1fxy", "xy\u200b", "\x85xy", "", " "),
]  # fmt: skip
TOPICS = ["k", "K", "\u212a", " k", "k\n", "\x1dk", "data security", "data  security", "DATA\tSECURITY", "data\u2003security"]  # fmt: skip
EMAILS = [
    *("a@gmail.com", "a@GMAIL.COM ", "a@ gmail.com", "a@gmail.com\r", "a@b@gmail.com", "a@gmail.com@", "gmail.com"),
    *("a@", "a@ ", "a@\x1c", "@", "a@gma\u0131l.com", "a@gmail.com", "a@\u00df.com", "a@kit kat.com"),
    *("a@kit  kat.com", "a@\u212ait kat.com", "a@gmail.com\u3000", "a@\tgmail.com", "a@gm ail.com"),
]  # fmt: skip


def _situations() -> list[Situation]:
    leads: list[tuple[dict[str, str], tuple[Event, ...]]] = [({"email": email}, ()) for email in EMAILS]
    for page in PAGES:
        for number, topic in enumerate(TOPICS):
            at = AS_OF - timedelta(days=number)
            visits = [Event("visit", at, {"page": page, "topic": topic}) for _ in range(2)]
            leads.append(({}, (*visits, Event("click", at, {"page": page}))))
    feeds = frozenset({"visit", "click"})
    return [
        Situation(Lead(str(number), fields, events), AS_OF, feeds, None)
        for number, (fields, events) in enumerate(leads)
    ]


def _differing() -> list[str]:
    model = check_text(DEFINITION).model
    assert model is not None
    found = compared(model, _situations(), Way(everywhere=True, swift=True))
    return [line for lines in found for line in lines]


def test_odd_texts() -> None:
    assert _differing() == []


@pytest.mark.parametrize("module", [assembly, plain_first])
def test_it_would_be_noticed(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    as_plain = plain_first.as_plain

    def never_odd(test: Term) -> tuple[Term, Term] | None:
        found = as_plain(test)
        return None if found is None else (NO, found[1])

    monkeypatch.setattr(module, "as_plain", never_odd)
    assert _differing()
