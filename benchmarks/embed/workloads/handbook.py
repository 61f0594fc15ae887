"""W5: the person score that GitLab published in its handbook, as the pack `company-handbook` has it."""

import re
from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from benchmarks.embed.drawing import LEADS, Draw, email
from benchmarks.embed.folding import domain, folded
from benchmarks.embed.workload import ByHand, Case, Record, Told, Workload, verdict_only

FILE = Path(__file__).resolve().parents[3] / "rules" / "company-handbook" / "company-handbook.mql"

# The verdict, every answer, what fired, and the two scores.
Traced: TypeAlias = tuple[str, dict[str, bool | None], list[str], float, float]

DAY, WEEK, MONTH, SEASON = (timedelta(days=days) for days in (1, 7, 30, 90))

OWN, COMPETITORS = frozenset({"ourcompany.example"}), frozenset({"rival.example", "other-rival.example"})
NO_COMPANY = re.compile(r"student|personal|test(\W.*)?|none|n/a|home|self")
INBOUND = frozenset({"contact request", "renewal", "hand raise", "health check", "duo request"})
ANSWERED = frozenset({"follow-up requested", "meeting attended"})
REGISTERED = frozenset({"registered", "meeting requested"})
KEY_PAGES = (
    "/pricing",
    "/sales",
    "/install",
    "/features",
    "/direction",
    "/solutions/startups",
    "/releases/gitlab-com",
)
LOW_PAGES = ("/jobs", "/careers", "/unsubscribe")

# Points that every success of a program gives, and of those that count once a day.
EACH_TIME = {
    "executive roundtable": 40,
    "owned event": 40,
    "speaking session": 40,
    "vendor arranged meeting": 40,
    "webcast": 40,
    "conference booth": 20,
    "sponsored webcast": 20,
    "workshop": 20,
    "conference": 10,
    "paid social": 10,
    "analyst report": 35,
    "gated content": 15,
    "content syndication": 10,
    "survey, medium": 30,
    "survey, low": 15,
    "content track item": 10,
}
ONCE_A_DAY = {"inbound form": 100, "trial": 30, "trial, default": 20, "trial, personal": 10}

SENIORITY = {"high": 15, "medium": 15, "low": 5, "negative": -10, None: 0}
FUNCTION = {"high": 20, "medium": 15, "low": 10, "negative": -20, None: 0}
SIGNS_OF_LIFE = frozenset({"created", "membership", "subscription", "web_chat", "visit"})


def _column(name: str) -> frozenset[str]:
    """Return the first column of a list beside the definition, folded."""
    rows = (FILE.parent / name).read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(text for row in rows if (text := folded(row.split(",")[0])) is not None)


GENERIC, PRIORITY = _column("generic-domains.csv"), _column("priority-countries.csv")


def early_exit(lead: Record, events: list[Record], now: datetime) -> str:
    """Return the verdict; who is excluded or taken is not scored."""
    get = lead.get
    address = domain(get("email"))
    if address in OWN or address in COMPETITORS or _no_company(get("company")):
        return "excluded"
    status = _status(lead)
    if status in ("disqualified", "ineligible"):
        return "excluded"
    if folded(get("partner_share")) in ("sending to partner", "accepted", "pending"):
        return "excluded"
    if status in ("mql", "accepted", "qualifying", "qualified"):
        return "working"
    demographic = _demographic(lead, address)
    number = _mql_count(lead)
    behavior, _ = _behavior(lead, events, now, (status, number, demographic))
    return "mql" if behavior > 0 and demographic + behavior >= 100 else "keep"


def full_trace(lead: Record, events: list[Record], now: datetime) -> Traced:
    """Return the verdict, every clause's answer with None for unknown, those that fired, and both scores."""
    get = lead.get
    address, status, number = domain(get("email")), _status(lead), _mql_count(lead)
    demographic = _demographic(lead, address)
    behavior, came_too_early = _behavior(lead, events, now, (status, number, demographic))
    own = competitor = generic = business = None
    if address is not None:
        own, competitor, generic = address in OWN, address in COMPETITORS, address in GENERIC
        business = not generic
    closed = None if status is None else status in ("disqualified", "ineligible")
    unreal = bool(_no_company(get("company")))
    share = folded(get("partner_share"))
    with_partner: bool | None = share in ("sending to partner", "accepted", "pending")
    if share is None and "partner_share" not in lead:
        with_partner = None
    excluded: bool | None = own or competitor or closed or unreal or with_partner or None
    if excluded is None and not (own is None or closed is None or with_partner is None):
        excluded = False
    if status is None:
        was_mql = False if number is not None and number <= 0 else None
    elif status in ("recycle", "nurture"):
        was_mql = None if number is None else number > 0
    else:
        was_mql = False
    qualified = behavior > 0 and demographic + behavior >= 100
    taken = None if status is None else status in ("mql", "accepted", "qualifying", "qualified")
    clauses = {
        "own_mail": own,
        "competitor": competitor,
        "closed": closed,
        "no_real_company": unreal,
        "with_partner": with_partner,
        "excluded": excluded,
        "generic_mail": generic,
        "business_mail": business,
        "good_class": demographic >= 45,
        "was_mql": was_mql,
        "came_too_early": came_too_early,
        "qualified": qualified,
        "taken": taken,
    }
    if excluded:
        verdict = "excluded"
    elif taken:
        verdict = "working"
    else:
        verdict = "mql" if qualified else "keep"
    return verdict, clauses, [name for name, answer in clauses.items() if answer], demographic, behavior


def _told(found: Traced) -> Told:
    verdict, clauses, fired, demographic, behavior = found
    return Told(verdict, fired, clauses, scores={"demographic": demographic, "behavior": behavior})


# ------------------------------------------------------------------ what a person is


@lru_cache(16_384)
def _no_company(company: str | None) -> bool:
    text = folded(company)
    return text is not None and NO_COMPANY.fullmatch(text) is not None


def _status(lead: Record) -> str | None:
    """Return the status; blank means raw, never supplied means unknown."""
    return folded(lead["status"]) or "raw" if "status" in lead else None


def _mql_count(lead: Record) -> float | None:
    return (lead["mql_count"] or 0) if "mql_count" in lead else None


def _demographic(lead: Record, address: str | None) -> int:
    get = lead.get
    points = SENIORITY[folded(get("seniority"))] + FUNCTION[folded(get("function"))]
    if get("for_company"):
        points += 25
    if address is not None:
        points += -10 if address in GENERIC else 35
    if folded(get("country")) in PRIORITY:
        points += 5
    return min(max(points, 0), 70)


# ------------------------------------------------------------------ what a person does


def _behavior(
    lead: Record, events: list[Record], now: datetime, known: tuple[str | None, float | None, int]
) -> tuple[float, bool | None]:
    """Return the points for behavior, and whether the person was accepted too early."""
    status, number, demographic = known
    kinds: dict[str, list[Record]] = defaultdict(list)
    for event in events:
        if event["at"] <= now:
            kinds[event["kind"]].append(event)
    happened = kinds.get
    recycled = [event["at"] for event in happened("recycle", ())]
    restarts = recycled + [event["at"] for event in happened("unsubscribe", ())]
    # What was done before the last restart counts no more; at the same instant it still does.
    start = max(restarts) if restarts else None
    fresh: dict[str, list[Record]] = kinds
    if start is not None:
        fresh = {kind: [event for event in each if event["at"] >= start] for kind, each in kinds.items()}
    too_early = _too_early(kinds, recycled, number)
    was_mql = status in ("recycle", "nurture") and number is not None and number > 0
    points: float = _programs(fresh.get("membership", ()), now, was_mql=was_mql)
    points += _signs(fresh, now, is_good=demographic >= 45)
    points -= 10 * _lost_months(kinds, fresh, now)
    if too_early:
        points += max(0, (lead.get("points_as_inquiry") or 0) // 1)
    return max(points, 0), too_early


def _too_early(kinds: dict[str, list[Record]], recycled: list[datetime], number: float | None) -> bool | None:
    accepted = [event["at"] for event in kinds.get("acceptance", ())]
    if number or not any(at < later <= at + MONTH for at in accepted for later in recycled):
        return False
    return None if number is None else True


def _programs(memberships: Iterable[Record], now: datetime, *, was_mql: bool) -> int:
    """Return the points for memberships: most each time, some once a day, and all once a month after an MQL."""
    points = 0
    days: set[tuple[str, int]] = set()
    successes = []
    for event in memberships:
        status, at = folded(event["status"]), event["at"]
        if status in ANSWERED:
            points += 100
        elif status in REGISTERED:
            points += 20
        if not event["is_success"]:
            continue
        successes.append(at)
        program = folded(event["program"])
        if program in EACH_TIME:
            points += EACH_TIME[program]
        elif program in ONCE_A_DAY:
            days.add((program, (now - at) // DAY))
        elif program in INBOUND:
            days.add(("", (now - at) // DAY))
    for program, _ in days:
        points += ONCE_A_DAY.get(program, 100)
    if was_mql and successes:
        points += 20 * _different_months(successes, now, 1)
    return points


def _signs(fresh: dict[str, list[Record]], now: datetime, *, is_good: bool) -> int:
    """Return the points for chats, ratings, subscriptions, visits, intent and bounces."""
    happened = fresh.get
    points = 100 * len(
        {(now - each["at"]) // DAY for each in happened("web_chat", ()) if each["is_qualified"]}
    )
    if is_good:
        rises = [event["at"] for event in happened("propensity", ()) if _is_rise(event)]
        points += 100 * len({(now - at) // SEASON for at in rises})
    points += 5 * len({(now - event["at"]) // WEEK for event in happened("subscription", ())})
    key, low = set(), set()
    for event in happened("visit", ()):
        page = folded(event["page"])
        if page is not None:
            if page.startswith(KEY_PAGES):
                key.add((now - event["at"]) // WEEK)
            elif page.startswith(LOW_PAGES):
                low.add((now - event["at"]) // DAY)
    points += 25 * len(key) - 10 * len(low)
    if flags := happened("intent_flag"):
        points += 15 * _different_months([event["at"] for event in flags], now, 3)
    if bounces := happened("hard_bounce"):
        points -= 20 * _different_months([event["at"] for event in bounces], now, 1)
    return points


def _is_rise(event: Record) -> bool:
    rating, before = event["rating"], event["rating_before"]
    return rating is not None and rating >= 4 and (before is None or before < 4)


def _different_months(times: list[datetime], now: datetime, step: int) -> int:
    """Return how many spans of so many calendar months, counted back from now, hold one of the times."""
    oldest, edges = min(times), [now]
    while oldest <= edges[-1]:
        edges.append(_months_before(now, step * len(edges)))
    edges.reverse()
    # A span holds its later edge, and not its earlier one.
    return len({bisect_left(edges, at) for at in times})


def _months_before(now: datetime, months: int) -> datetime:
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=years, month=month + 1, day=min(now.day, monthrange(years, month + 1)[1]))


def _lost_months(kinds: dict[str, list[Record]], fresh: dict[str, list[Record]], now: datetime) -> int:
    """Return how many whole months without a sign of life passed since points were first earned."""
    earned = [
        event["at"]
        for kind in ("membership", "subscription", "web_chat", "intent_flag", "visit")
        for event in fresh.get(kind, ())
    ]
    earned += [event["at"] for event in fresh.get("propensity", ()) if _is_rise(event)]
    if not earned:
        return 0
    first = min(earned)
    signs = [event["at"] for kind in SIGNS_OF_LIFE for event in kinds.get(kind, ())]
    signs.sort()
    lost = 0
    for number, at in enumerate(signs):
        end = signs[number + 1] if number + 1 < len(signs) else now
        if end > first:
            # Months that were over before anything was earned lose nothing.
            before = max(0, (first - at) // MONTH) if first > at else 0
            lost += (end - at) // MONTH - before
    return lost


# ------------------------------------------------------------------ leads


PROGRAMS = (*EACH_TIME, *ONCE_A_DAY, *INBOUND, "startup application")
STATUSES = ("attended", "registered", "Follow-up requested", "invited", "responded", "Meeting requested")
COUNTRIES = ("Germany", "France", "United States", "Brazil", "Norway", "Chile")
COMPANIES = ("Acme", "Globex", "Initech", "Umbrella") * 9 + ("test", "Test GmbH", "n/a", "Testimonial")
VISITED = (
    "/pricing/",
    "/install",
    "/jobs/sales",
    "/",
    "/features/ai",
    "/blog",
    "/docs",
    "/Releases/gitlab-com",
)


def _drawn_lead(draw: Draw) -> Record:
    levels = ("high", "medium", "low", "negative")
    working = ("raw", "inquiry", "Recycle", "Nurture") * 3 + ("mql", "accepted", "qualified", "disqualified")
    return draw.record(
        {
            "email": "kim@rival.example" if draw.chance(0.03) else email(draw),
            "company": draw.among(COMPANIES),
            "status": draw.text(working),
            "owner": "dora",
            "for_company": draw.chance(0.5),
            "seniority": draw.text(levels),
            "function": draw.text(levels),
            "country": draw.text(COUNTRIES),
            "partner_share": draw.among(("pending", "recalled", "no", "no", "no", "no", "no")),
            "mql_count": draw.among((0, 0, 1, 2)),
            "points_as_inquiry": draw.whole(0, 60),
        }
    )


def _drawn_events(draw: Draw) -> list[Record]:
    days = draw.among((30, 120, 300))
    kinds = ("visit",) * 10 + ("membership",) * 8 + ("subscription", "web_chat", "propensity", "intent_flag")
    rare = ("recycle", "unsubscribe", "acceptance", "hard_bounce")
    events: list[Record] = [{"kind": "created", "at": draw.instant(400)}]
    for _ in range(draw.whole(4, 40)):
        kind = draw.among(rare) if draw.chance(0.03) else draw.among(kinds)
        at = draw.instant(days)
        events.append({"kind": kind, "at": at, **draw.properties(_properties(draw, kind))})
        if kind in ("recycle", "unsubscribe"):
            # At the very instant of a restart: it still counts.
            events.append({"kind": "membership", "at": at, **_properties(draw, "membership")})
    return draw.shuffled(events)


def _properties(draw: Draw, kind: str) -> Record:
    match kind:
        case "visit":
            return {"page": draw.among(VISITED)}
        case "membership":
            return {
                "program": draw.text(PROGRAMS),
                "status": draw.text(STATUSES),
                "is_success": draw.chance(0.4),
            }
        case "web_chat":
            return {"is_qualified": draw.chance(0.2)}
        case "propensity":
            return {"rating": draw.whole(1, 5), "rating_before": draw.whole(1, 5)}
        case "recycle":
            return {"reason": "wrong timing"}
        case _:
            return {}


def workload() -> Workload:
    """Return W5."""
    draw = Draw(5)
    return Workload(
        "W5",
        "the GitLab model",
        FILE.read_text(encoding="utf-8"),
        [Case(_drawn_lead(draw), _drawn_events(draw)) for _ in range(LEADS)],
        ("lead", "events", "now"),
        (ByHand("early exit", early_exit, verdict_only), ByHand("full trace", full_trace, _told)),
        (),
        "it needs events in order (`then no`), months of silence and points once a day or month; given these "
        "beforehand, nothing but a dozen comparisons would be left to run",
        file=FILE,
    )
