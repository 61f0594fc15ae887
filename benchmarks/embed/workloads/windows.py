"""W2: the clauses of W1, and counts within windows over fifty events in no order."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from benchmarks.embed.conditions import Compare, Condition, Happened, StartsWith, some
from benchmarks.embed.drawing import LEADS, PAGES, Draw
from benchmarks.embed.folding import folded
from benchmarks.embed.workload import (
    AS_OF,
    ByHand,
    Case,
    Facts,
    ForPeers,
    Record,
    Workload,
    traced,
    verdict_only,
)
from benchmarks.embed.workloads.static import (
    CLAUSES,
    FIELDS,
    STATIC,
    drawn_lead,
    is_decider,
    static_facts,
)

EVENTS = """\
event visit: page text, seconds number
event demo_request
event webinar: topic text
event email_sent (emails_sent)
"""

COUNTS = """\
clause comes_back "Three visits in a month": visits >= 3 within 30d

clause reads_prices "Reads the prices twice":
  visits(page starts with "/pricing" and seconds > 20) >= 2 within 14d

clause asked "Asked for a demo": demo_request within 14d
clause engaged "Recent interest": any of (comes_back, reads_prices, asked)

decide handling:
  sales   when right_size and decides and can_pay and engaged
  call    when engaged
  nurture when right_size and can_pay
  otherwise remove
"""

MONTH, FORTNIGHT = timedelta(days=30), timedelta(days=14)


def early_exit(lead: Record, events: list[Record], now: datetime) -> str:
    """Return the verdict; the events are left as soon as they have shown interest."""
    engaged = _is_engaged(events, now)
    employees, budget = lead.get("employees"), lead.get("budget")
    fits = employees is not None and 100 <= employees <= 500 and budget is not None and budget >= 50_000
    if engaged:
        return "sales" if fits and is_decider(lead.get("title")) else "call"
    return "nurture" if fits else "remove"


def _is_engaged(events: list[Record], now: datetime) -> bool:
    month_ago, fortnight_ago = now - MONTH, now - FORTNIGHT
    visits = pricing = 0
    for event in events:
        kind = event["kind"]
        if kind == "visit":
            at = event["at"]
            if month_ago < at <= now:
                visits += 1
                if visits == 3:
                    return True
                if at > fortnight_ago and (seconds := event["seconds"]) is not None and seconds > 20:
                    page = folded(event["page"])
                    if page is not None and page.startswith("/pricing"):
                        pricing += 1
                        if pricing == 2:
                            return True
        elif kind == "demo_request" and fortnight_ago < event["at"] <= now:
            return True
    return False


def full_trace(
    lead: Record, events: list[Record], now: datetime
) -> tuple[str, dict[str, bool | None], list[str]]:
    """Return the verdict, every clause's answer with None for unknown, and those that fired."""
    visits, pricing, demos = _counts(events, now)
    return _traced(lead, visits >= 3, pricing >= 2, demos >= 1)


def _counts(events: list[Record], now: datetime) -> tuple[int, int, int]:
    month_ago, fortnight_ago = now - MONTH, now - FORTNIGHT
    visits = pricing = demos = 0
    for event in events:
        kind = event["kind"]
        if kind == "visit":
            at = event["at"]
            if month_ago < at <= now:
                visits += 1
                if at > fortnight_ago and (seconds := event["seconds"]) is not None and seconds > 20:
                    page = folded(event["page"])
                    if page is not None and page.startswith("/pricing"):
                        pricing += 1
        elif kind == "demo_request" and fortnight_ago < event["at"] <= now:
            demos += 1
    return visits, pricing, demos


def _traced(
    lead: Record, comes_back: bool, reads_prices: bool, asked: bool
) -> tuple[str, dict[str, bool | None], list[str]]:
    employees, budget = lead.get("employees"), lead.get("budget")
    right_size = None if employees is None else 100 <= employees <= 500
    decides = is_decider(lead.get("title"))
    can_pay = None if budget is None else budget >= 50_000
    engaged = comes_back or reads_prices or asked
    fired = []
    if right_size:
        fired.append("right_size")
    if decides:
        fired.append("decides")
    if can_pay:
        fired.append("can_pay")
    if engaged:
        if comes_back:
            fired.append("comes_back")
        if reads_prices:
            fired.append("reads_prices")
        if asked:
            fired.append("asked")
        fired.append("engaged")
        verdict = "sales" if right_size and can_pay and decides else "call"
    else:
        verdict = "nurture" if right_size and can_pay else "remove"
    clauses = {
        "right_size": right_size,
        "decides": decides,
        "can_pay": can_pay,
        "comes_back": comes_back,
        "reads_prices": reads_prices,
        "asked": asked,
        "engaged": engaged,
    }
    return verdict, clauses, fired


class Prepared:
    """A lead's events, sorted once by hand for many decisions: times of each kind that is asked about."""

    def __init__(self, events: list[Record]) -> None:
        """Sort the events."""
        visits = [event for event in events if event["kind"] == "visit"]
        self.visits = sorted(event["at"] for event in visits)
        self.demos = sorted(event["at"] for event in events if event["kind"] == "demo_request")
        self.pricing = sorted(
            event["at"]
            for event in visits
            if (event["seconds"] or 0) > 20 and (folded(event["page"]) or "").startswith("/pricing")
        )


def prepared_trace(
    lead: Record, events: Prepared, now: datetime
) -> tuple[str, dict[str, bool | None], list[str]]:
    """Return what the full trace does, from events that were sorted before."""
    month_ago, fortnight_ago = now - MONTH, now - FORTNIGHT
    return _traced(
        lead,
        _number(events.visits, month_ago, now) >= 3,
        _number(events.pricing, fortnight_ago, now) >= 2,
        _number(events.demos, fortnight_ago, now) >= 1,
    )


def _number(times: list[datetime], start: datetime, end: datetime) -> int:
    return bisect_right(times, end) - bisect_right(times, start)


def drawn_events(draw: Draw) -> list[Record]:
    """Return fifty events in no order, of the last half year up to four years: one lead in four is engaged."""
    days = draw.among((180, 400, 800, 1_500))
    events = []
    for _ in range(50):
        at = draw.instant(days)
        kind = draw.among(("visit",) * 3 + ("email_sent",) * 5 + ("webinar", "other"))
        if kind == "other":
            kind = "demo_request" if draw.chance(0.2) else "visit"
        properties: Record = {}
        if kind == "visit":
            properties = draw.properties({"page": draw.among(PAGES), "seconds": draw.whole(1, 90)})
        elif kind == "webinar":
            properties = draw.properties({"topic": "scoring"})
        events.append({"kind": kind, "at": at, **properties})
    return events


def window_facts(case: Case) -> Facts:
    """Return what peers are given: the text folded, and the three counts."""
    visits, pricing, demos = _counts(case.events, AS_OF)
    return {**static_facts(case.lead), "visits": visits, "pricing": pricing, "demos": demos}


def _verdict(answers: Sequence[object]) -> str:
    right_size, decides, can_pay, _, _, _, engaged = answers
    if engaged:
        return "sales" if right_size and can_pay and decides else "call"
    return "nurture" if right_size and can_pay else "remove"


def event_facts(case: Case) -> Facts:
    """Return what peers that count by themselves are given: the text folded, the age of each event."""
    return {
        **static_facts(case.lead),
        "events": [
            {
                "kind": event["kind"],
                "age": (AS_OF - event["at"]).total_seconds(),
                "page": folded(event.get("page")) or "",
                "seconds": float(event.get("seconds") or 0),
            }
            for event in case.events
        ],
    }


def _clauses(comes_back: Condition, reads_prices: Condition, asked: Condition) -> dict[str, Condition]:
    return {
        **STATIC,
        "comes_back": comes_back,
        "reads_prices": reads_prices,
        "asked": asked,
        "engaged": some(comes_back, reads_prices, asked),
    }


def workload() -> Workload:
    """Return W2."""
    draw = Draw(2)
    from_counts = _clauses(Compare("visits", ">=", 3), Compare("pricing", ">=", 2), Compare("demos", ">=", 1))
    month, fortnight = MONTH.total_seconds(), FORTNIGHT.total_seconds()
    long_look = (StartsWith("page", "/pricing"), Compare("seconds", ">", 20))
    from_events = _clauses(
        Happened("visit", month, 3),
        Happened("visit", fortnight, 2, long_look),
        Happened("demo_request", fortnight, 1),
    )
    return Workload(
        "W2",
        "W1 and windowed counts over 50 events",
        f'definition "Counts in windows" version 1\n\n{FIELDS}\n{EVENTS}\n{CLAUSES}\n{COUNTS}',
        [Case(drawn_lead(draw), drawn_events(draw)) for _ in range(LEADS)],
        ("lead", "events", "now"),
        (
            ByHand("early exit", early_exit, verdict_only),
            ByHand("full trace", full_trace, traced),
            ByHand("full trace, events sorted before", prepared_trace, traced, prepare=Prepared),
        ),
        (
            ForPeers(
                from_counts,
                window_facts,
                _verdict,
                "texts folded, all three counts",
                form="counts given",
                counts_given=True,
            ),
            ForPeers(
                from_events,
                event_facts,
                _verdict,
                "texts folded, age of each event",
                form="counts by itself",
            ),
        ),
    )
