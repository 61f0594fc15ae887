"""W6: the definition that everybody starts with, and all it says: verdict, could be, fired, score, deadline."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Is, OneOf, every, some
from benchmarks.embed.drawing import DOMAINS, LEADS, PAGES, TITLES, Draw, email
from benchmarks.embed.folding import domain, folded
from benchmarks.embed.workload import (
    AS_OF,
    ByHand,
    Case,
    Facts,
    ForPeers,
    Record,
    Told,
    Workload,
    verdict_only,
)

FILE = Path(__file__).resolve().parents[3] / "rules" / "quick-start" / "mql.mql"

DECIDES = re.compile(r"head of(\W.*)?|vp(\W.*)?|chief\W(.*\W)?officer|(.*\W)?director|marketing manager")
SERVED = frozenset({"software", "healthcare", "manufacturing"})
FREE_MAIL = frozenset((FILE.parent / "lists" / "free_mail.csv").read_text(encoding="utf-8").split()[1:])
LONDON = ZoneInfo("Europe/London")

HOUR, DAY, FORTNIGHT, MONTH, TWO_MONTHS, SEASON = (
    timedelta(hours=hours) for hours in (1, 24, 14 * 24, 30 * 24, 60 * 24, 90 * 24)
)

Full: TypeAlias = tuple[str, list[str], dict[str, bool | None], list[str], float, datetime | None]


@lru_cache(16_384)
def _decides(title: str | None) -> bool | None:
    text = folded(title)
    return None if text is None or text in ("select", "n/a") else DECIDES.fullmatch(text) is not None


@lru_cache(16_384)
def _is_served(industry: str | None) -> bool | None:
    text = folded(industry)
    return None if text is None or text in ("select", "n/a") else text in SERVED


@lru_cache(1_024)
def _half_a_year(now: datetime) -> tuple[date, date]:
    """Return the day in London, and the day six months on."""
    today = now.astimezone(LONDON).date()
    years, month = divmod(today.year * 12 + today.month + 5, 12)
    day = min(today.day, monthrange(years, month + 1)[1])
    return today, today.replace(year=years, month=month + 1, day=day)


def _fits(lead: Record, account: Record | None, now: datetime) -> tuple[bool | None, ...]:
    """Return whether the size, the industry, the budget and the time are right."""
    get = lead.get
    employees = None if account is None else account.get("employees")
    # A budget of "N/A" and a size of "unknown" are texts, and stand for nothing.
    budget, buys_on = get("budget"), get("buying_date")
    first, last = _half_a_year(now)
    return (
        None if employees is None or isinstance(employees, str) else 50 <= employees <= 1_000,
        _is_served(get("industry")),
        None if budget is None or isinstance(budget, str) else budget >= 20_000,
        None if buys_on is None else first <= buys_on <= last,
    )


def early_exit(lead: Record, events: list[Record], account: Record | None, now: datetime) -> str:
    """Return the verdict; further clauses are asked only where they still matter."""
    if lead.get("opted_out"):
        return "remove"
    visits, demos, pricing, emails, is_alive, warmth = _counts(events, now)
    if emails >= 3 and not is_alive:
        return "remove"
    interested = demos >= 1 or pricing >= 2 or (visits >= 3 and _decides(lead.get("title")))
    fits = _fits(lead, account, now).count(True) >= 3
    if interested:
        address = domain(lead.get("email"))
        return "sales" if fits and address is not None and address not in FREE_MAIL else "call"
    return "nurture" if fits or warmth >= 25 else "remove"


def _counts(events: list[Record], now: datetime) -> tuple[int, int, int, int, bool, float]:
    """Return visits of a month, demos and long looks at prices of a fortnight, mails, life, and warmth."""
    fortnight_ago, month_ago, two_months_ago, season_ago = (
        now - FORTNIGHT,
        now - MONTH,
        now - TWO_MONTHS,
        now - SEASON,
    )
    visits = warm_visits = pricing = demos = warm_demos = emails = 0
    is_alive = False
    webinars = 0.0
    for event in events:
        at = event["at"]
        if at <= season_ago or at > now:
            continue
        kind = event["kind"]
        is_recent = at > two_months_ago
        if kind == "visit":
            if is_recent:
                warm_visits += 1
                if at > month_ago:
                    visits += 1
                    if at > fortnight_ago and (seconds := event["seconds"]) is not None and seconds > 20:
                        page = folded(event["page"])
                        if page is not None and page.startswith("/pricing"):
                            pricing += 1
        elif kind == "email_sent":
            if is_recent:
                emails += 1
            continue
        elif kind == "demo_request":
            warm_demos += 1
            if at > fortnight_ago:
                demos += 1
        elif kind == "webinar":
            webinars += 15 * 0.5 ** ((now - at) // MONTH)
        if is_recent:
            is_alive = True
    warmth = (30 if warm_demos else 0) + min(5 * warm_visits, 40) + webinars
    return visits, demos, pricing, emails, is_alive, min(warmth, 100.0)


def full_trace(lead: Record, events: list[Record], account: Record | None, now: datetime) -> Full:
    """Return everything: verdict, what else it could be, every answer, those that fired, warmth, deadline."""
    visits, demos, pricing, emails, is_alive, warmth = _counts(events, now)
    right_size, right_industry, can_pay, in_time = four = _fits(lead, account, now)
    yes = four.count(True)
    fits = True if yes >= 3 else None if yes + four.count(None) >= 3 else False
    keen_decider = _decides(lead.get("title")) if visits >= 3 else False
    interested = True if demos >= 1 or pricing >= 2 else keen_decider
    address = domain(lead.get("email"))
    reachable = None if address is None else address not in FREE_MAIL
    cold = emails >= 3 and not is_alive
    opted_out = (lead["opted_out"] or False) if "opted_out" in lead else None
    clauses = {
        "right_size": right_size,
        "right_industry": right_industry,
        "can_pay": can_pay,
        "in_time": in_time,
        "fits": fits,
        "keen_decider": keen_decider,
        "interested": interested,
        "reachable": reachable,
        "cold": cold,
    }
    fired = [name for name, answer in clauses.items() if answer]
    if fits is False or interested is False or reachable is False:
        ready: bool | None = False
    else:
        ready = fits and interested and reachable
    worth = fits or (True if warmth >= 25 else fits)
    verdict, could_be = _decided(opted_out or cold, opted_out is None, ready, interested, worth)
    due_at = now + HOUR if verdict == "sales" else now + DAY if verdict == "call" else None
    return verdict, could_be, clauses, fired, warmth, due_at


def _decided(
    is_out: bool | None,
    may_be_out: bool,
    ready: bool | None,
    interested: bool | None,
    worth: bool | None,
) -> tuple[str, list[str]]:
    """Return the outcome of the first row that holds, and all outcomes that rows before and at it could give."""
    if is_out:
        return "remove", ["remove"]
    could_be = ["remove"] if may_be_out else []
    for answer, outcome in ((ready, "sales"), (interested, "call"), (worth, "nurture")):
        if answer is not False:
            could_be.append(outcome)
            if answer:
                return outcome, could_be
    if not may_be_out:
        could_be.append("remove")
    return "remove", could_be


def _told(found: Full) -> Told:
    verdict, could_be, clauses, fired, warmth, due_at = found
    return Told(verdict, fired, clauses, frozenset(could_be), {"warmth": warmth}, due_at)


# ------------------------------------------------------------------ leads, and what peers run


def _drawn_case(draw: Draw) -> Case:
    industries = ("software", "healthcare", "manufacturing") * 2 + ("retail", "Select")
    lead = draw.record(
        {
            "title": draw.text((*TITLES, "Select")),
            "email": email(draw),
            "account": draw.among(DOMAINS),
            "industry": draw.text(industries),
            "budget": "N/A" if draw.chance(0.05) else draw.whole(4, 40) * 2_000,
            "buying_date": draw.day(20, 200),
            "opted_out": draw.chance(0.05),
        }
    )
    account = draw.record({"employees": "unknown" if draw.chance(0.05) else draw.whole(1, 1_100)})
    days, quiet = draw.among((60, 200, 500)), draw.chance(0.15)
    kinds = ("email_sent",) * 3 if quiet else ("visit",) * 8 + ("email_sent",) * 4 + ("webinar", "whitepaper")
    events = []
    for _ in range(draw.whole(0, 40)):
        kind = "demo_request" if draw.chance(0.03) else draw.among(kinds)
        properties: Record = {}
        if kind == "visit":
            properties = draw.properties({"page": draw.among(PAGES), "seconds": draw.whole(1, 90)})
        elif kind in ("webinar", "whitepaper"):
            properties = draw.properties({"topic": "scoring"})
        events.append({"kind": kind, "at": draw.instant(days), **properties})
    return Case(lead, events, account)


def _clauses() -> dict[str, Condition]:
    size, industry, budget, time = (
        Between("employees", 50, 1_000),
        OneOf("industry", tuple(sorted(SERVED))),
        Compare("budget", ">=", 20_000),
        Is("in_time"),
    )
    keen = every(Is("decides"), Compare("visits", ">=", 3))
    return {
        "right_size": size,
        "right_industry": industry,
        "can_pay": budget,
        "in_time": time,
        "fits": AtLeast(3, (size, industry, budget, time)),
        "keen_decider": keen,
        "interested": some(keen, Compare("demos", ">=", 1), Compare("pricing", ">=", 2)),
        "reachable": OneOf("mail_domain", tuple(sorted(FREE_MAIL)), is_in=False),
        "cold": every(Compare("emails", ">=", 3), Compare("engagement", "<=", 0)),
    }


def _facts(case: Case) -> Facts:
    lead, account = case.lead, case.account or {}
    visits, demos, pricing, emails, is_alive, warmth = _counts(case.events, AS_OF)
    industry = folded(lead.get("industry"))
    employees, budget = account.get("employees"), lead.get("budget")
    return {
        "employees": None if isinstance(employees, str) else employees,
        "industry": None if industry in ("select", "n/a") else industry,
        "budget": None if isinstance(budget, str) else budget,
        "in_time": _fits(lead, account, AS_OF)[3],
        "decides": _decides(lead.get("title")),
        "mail_domain": domain(lead.get("email")),
        "opted_out": lead.get("opted_out"),
        "visits": visits,
        "demos": demos,
        "pricing": pricing,
        "emails": emails,
        "engagement": int(is_alive),
        "warmth": warmth,
    }


def _verdict(answers: Sequence[object]) -> str:
    *_, fits, _, interested, reachable, cold, warm, opted_out = answers
    if opted_out or cold:
        return "remove"
    if interested:
        return "sales" if fits and reachable else "call"
    return "nurture" if fits or warm else "remove"


def workload() -> Workload:
    """Return W6."""
    draw = Draw(6)
    return Workload(
        "W6",
        "the quick-start definition, full decision",
        FILE.read_text(encoding="utf-8"),
        [_drawn_case(draw) for _ in range(LEADS)],
        ("lead", "events", "account", "now"),
        (ByHand("early exit", early_exit, verdict_only), ByHand("full trace", full_trace, _told)),
        (
            ForPeers(
                _clauses(),
                _facts,
                _verdict,
                "texts folded, tests of title and date, all counts, the score; tells no could be, no deadline",
                (Compare("warmth", ">=", 25), Is("opted_out")),
                "counts given",
                counts_given=True,
            ),
        ),
        file=FILE,
        is_full=True,
    )
