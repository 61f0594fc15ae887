"""W4: a thousand clauses, made of sixty conditions that they share."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from benchmarks.embed import by_hand
from benchmarks.embed.conditions import AtLeast, Compare, Condition, Is, OneOf, every, opposite, some
from benchmarks.embed.drawing import LEADS, PAGES, TITLES, Draw, email
from benchmarks.embed.folding import domain, folded
from benchmarks.embed.wording import Wording
from benchmarks.embed.workload import (
    AS_OF,
    Case,
    Facts,
    ForPeers,
    Record,
    Workload,
)

CLAUSES = 1_000

LISTS = """\
list decision_makers: "Head of *", "VP *", "Chief * Officer", "* Director", "Marketing Manager"
list managers: "* Manager", "* Lead", "Head of *"
list staff: "* Engineer", "* Analyst", "* Planner", "Student"
list free_mail: "gmail.com", "outlook.com", "gmx.net", "yahoo.com", "aol.com"
"""

EVENTS = """\
event visit: page text, seconds number
event demo_request
event webinar: topic text
event whitepaper: topic text
event email_sent (emails_sent)
"""

INDUSTRIES = ("software", "healthcare", "manufacturing", "retail", "education", "energy")
COUNTRIES = ("united kingdom", "germany", "france", "japan", "brazil", "canada")
SOURCES = ("webinar", "trade fair", "referral", "paid search", "cold list")
STAGES = ("raw", "inquiry", "working", "recycled")
NUMBERS = {"employees": 2_000, "budget": 100_000, "seats": 400, "satisfaction": 10}
FLAGS = ("newsletter", "trial_user", "partner", "consent")

# What is no plain field: how the definition says it, and what it denies.
TESTS = {
    "decides": ("title in decision_makers", "title not in decision_makers"),
    "manages": ("title in managers", "title not in managers"),
    "does_the_work": ("title in staff", "title not in staff"),
    "free_mailbox": ("domain of email in free_mail", "domain of email not in free_mail"),
    "markets": ('title contains "marketing"', 'not title contains "marketing"'),
    "sells": ('title mentions "sales"', 'not title mentions "sales"'),
}

# Counts: their wording, and what is counted over how many days.
COUNTS = {
    "visits_7": ("visits {} within 7d", "visit", 7),
    "visits_30": ("visits {} within 30d", "visit", 30),
    "visits_90": ("visits {} within 90d", "visit", 90),
    "pricing_14": ('visits(page starts with "/pricing") {} within 14d', "pricing", 14),
    "long_30": ("visits(seconds > 60) {} within 30d", "long", 30),
    "demos_14": ("demo_requests {} within 14d", "demo_request", 14),
    "demos_90": ("demo_requests {} within 90d", "demo_request", 90),
    "webinars_90": ("webinars {} within 90d", "webinar", 90),
    "whitepapers_90": ("whitepapers {} within 90d", "whitepaper", 90),
    "emails_60": ("emails_sent {} within 60d", "email_sent", 60),
}

BOUNDS = {
    "employees": (10, 50, 200, 500, 1_000, 1_500),
    "budget": (5_000, 20_000, 50_000, 75_000),
    "seats": (5, 25, 100),
    "satisfaction": (4, 8),
    "visits_7": (1, 3),
    "visits_30": (1, 3, 6),
    "visits_90": (5, 10, 15),
    "pricing_14": (1, 2),
    "long_30": (1, 2),
    "demos_14": (1,),
    "demos_90": (1, 2),
    "webinars_90": (1, 2),
    "whitepapers_90": (1,),
    "emails_60": (1, 3, 5),
}

CHOICES = {
    "industry": (INDUSTRIES[:1], INDUSTRIES[:3], INDUSTRIES[3:5]),
    "country": (COUNTRIES[:1], COUNTRIES[:3], COUNTRIES[3:], COUNTRIES[1:2]),
    "source": (SOURCES[:1], SOURCES[1:3], SOURCES[4:]),
    "stage": (STAGES[:2], STAGES[2:3], STAGES[3:], STAGES[1:3]),
}

SELLS = re.compile(r"\bsales\b")
DECIDES = re.compile(r"head of(\W.*)?|vp(\W.*)?|chief\W(.*\W)?officer|(.*\W)?director|marketing manager")
MANAGES = re.compile(r"(.*\W)?manager|(.*\W)?lead|head of(\W.*)?")
DOES_THE_WORK = re.compile(r"(.*\W)?engineer|(.*\W)?analyst|(.*\W)?planner|student")
FREE_MAIL = frozenset(("gmail.com", "outlook.com", "gmx.net", "yahoo.com", "aol.com"))


@lru_cache(16_384)
def title_tests(title: str | None) -> tuple[bool | None, ...]:
    """Return what is asked of a title: decides, manages, does the work, marketing in it, sales in it."""
    text = folded(title)
    if text is None:
        return None, None, None, None, None
    return (
        DECIDES.fullmatch(text) is not None,
        MANAGES.fullmatch(text) is not None,
        DOES_THE_WORK.fullmatch(text) is not None,
        "marketing" in text,
        SELLS.search(text) is not None,
    )


def counts(events: list[Record], now: datetime) -> tuple[int, ...]:
    """Return all counts in the order of `COUNTS`, in one pass over the events."""
    week, fortnight, month, season, two_months = (now - timedelta(days=days) for days in (7, 14, 30, 90, 60))
    visits_7 = visits_30 = visits_90 = pricing = long = demos_14 = demos_90 = webinars = papers = emails = 0
    for event in events:
        at = event["at"]
        if at <= season or at > now:
            continue
        kind = event["kind"]
        if kind == "visit":
            visits_90 += 1
            if at > month:
                visits_30 += 1
                seconds = event["seconds"]
                if seconds is not None and seconds > 60:
                    long += 1
                if at > fortnight:
                    page = folded(event["page"])
                    if page is not None and page.startswith("/pricing"):
                        pricing += 1
                    if at > week:
                        visits_7 += 1
        elif kind == "email_sent":
            if at > two_months:
                emails += 1
        elif kind == "demo_request":
            demos_90 += 1
            if at > fortnight:
                demos_14 += 1
        elif kind == "webinar":
            webinars += 1
        elif kind == "whitepaper":
            papers += 1
    return visits_7, visits_30, visits_90, pricing, long, demos_14, demos_90, webinars, papers, emails


LOADINGS = (
    *(by_hand.Loading((name,), f'{name} = get("{name}")') for name in (*NUMBERS, *FLAGS)),
    *(by_hand.Loading((name,), f'{name} = folded(get("{name}"))') for name in CHOICES),
    by_hand.Loading(
        tuple(TESTS)[:3] + tuple(TESTS)[4:],
        'decides, manages, does_the_work, markets, sells = title_tests(get("title"))',
    ),
    by_hand.Loading(("free_mailbox",), 'address = domain(get("email"))'),
    by_hand.Loading(("free_mailbox",), "free_mailbox = None if address is None else address in FREE_MAIL"),
    by_hand.Loading(tuple(COUNTS), f"{', '.join(COUNTS)} = counts(events, now)"),
)

KNOWN = {
    "folded": folded,
    "domain": domain,
    "title_tests": title_tests,
    "counts": counts,
    "FREE_MAIL": FREE_MAIL,
}


def shared_conditions() -> dict[str, Condition]:
    """Return the conditions that the clauses share, by name."""
    found: dict[str, Condition] = {}
    for fact, bounds in BOUNDS.items():
        found |= {f"{fact}_from_{bound}": Compare(fact, ">=", bound) for bound in bounds}
    for fact, choices in CHOICES.items():
        found |= {f"{fact}_{number}": OneOf(fact, texts) for number, texts in enumerate(choices, 1)}
    found |= {f"is_{fact}": Is(fact) for fact in (*FLAGS, *TESTS)}
    return found


def clauses_of(draw: Draw, conditions: dict[str, Condition]) -> dict[str, Condition]:
    """Return the thousand clauses: every other shared condition under its name, then what is made of them."""
    clauses = dict(list(conditions.items())[::2])
    known = list(conditions.values())
    while len(clauses) < CLAUSES:
        parts = [
            each if draw.chance(0.85) else opposite(each) for each in draw.some_of(known, draw.whole(3, 6))
        ]
        shape = draw.whole(1, 20)
        if shape <= 11:
            clause = every(*parts[:4])
        elif shape <= 13:
            clause = some(*parts[:4])
        elif shape <= 17:
            clause = AtLeast(len(parts) // 2 + 1, tuple(parts))
        else:
            clause = every(some(*parts[:2]), *parts[2:4])
        clauses[f"segment_{len(clauses) + 1}"] = clause
    return clauses


def rows_of(clauses: dict[str, Condition]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the rows of the decision; each needs two of the clauses."""
    blocks = [name for name, clause in clauses.items() if isinstance(clause, AtLeast)]
    easy = [name for name in blocks if clauses[name].least == 1]  # type: ignore[union-attr] # a block
    counted = [name for name in blocks if 1 < clauses[name].least < len(clauses[name].parts)]  # type: ignore[union-attr] # as above
    return (
        ("sales", (counted[0], counted[1], easy[0])),
        ("call", (counted[2], counted[3])),
        ("nurture", (easy[1], easy[2], easy[3])),
    )


def definition(conditions: dict[str, Condition], clauses: dict[str, Condition], rows: object) -> str:
    """Return the text of the definition; conditions without a clause of their own are written out each time."""
    named = {condition: name for name, condition in conditions.items() if name in clauses}
    names = named | {opposite(condition): f"not {name}" for condition, name in named.items()}
    wording = Wording({name: words for name, (words, _, _) in COUNTS.items()}, TESTS, names)
    assert isinstance(rows, tuple)
    return "\n".join(
        [
            'definition "A thousand clauses" version 1',
            "",
            "lead:",
            "  title: text",
            "  email: text",
            *(f"  {name}: number" for name in NUMBERS),
            *(f"  {name}: yes/no" for name in FLAGS),
            *(f"  {name}: text" for name in ("country", "source")),
            f"  industry: one of ({', '.join(INDUSTRIES)})",
            f"  stage: one of ({', '.join(STAGES)})",
            "",
            EVENTS,
            LISTS,
            *(f"clause {name}: {wording.clause(condition)}" for name, condition in clauses.items()),
            "",
            "decide handling:",
            *(f"  {outcome} when {' and '.join(names)}" for outcome, names in rows),
            "  otherwise remove",
            "",
        ]
    )


def drawn_case(draw: Draw) -> Case:
    """Return a lead with forty events."""
    lead = draw.record(
        {
            "title": draw.text(TITLES),
            "email": email(draw),
            **{name: draw.whole(0, most) for name, most in NUMBERS.items()},
            **{name: draw.chance(0.5) for name in FLAGS},
            "country": draw.text(COUNTRIES),
            "source": draw.text(SOURCES),
            "industry": draw.text(INDUSTRIES),
            "stage": draw.text(STAGES),
        }
    )
    days = draw.among((60, 150, 400))
    kinds = ("visit",) * 9 + ("email_sent",) * 5 + ("webinar", "whitepaper") * 2 + ("demo_request",)
    events = []
    for _ in range(40):
        kind = draw.among(kinds)
        properties: Record = {}
        if kind == "visit":
            properties = draw.properties({"page": draw.among(PAGES), "seconds": draw.whole(1, 90)})
        elif kind in ("webinar", "whitepaper"):
            properties = draw.properties({"topic": "scoring"})
        events.append({"kind": kind, "at": draw.instant(days), **properties})
    return Case(lead, events)


def facts(case: Case) -> Facts:
    """Return what peers are given: texts folded, tests of the title and the mail domain, and all counts."""
    lead = case.lead
    address = domain(lead.get("email"))
    title = dict(
        zip(("decides", "manages", "does_the_work", "markets", "sells"), title_tests(lead.get("title")))
    )
    return {
        **{name: lead.get(name) for name in (*NUMBERS, *FLAGS)},
        **{name: folded(lead.get(name)) for name in CHOICES},
        **title,
        "free_mailbox": None if address is None else address in FREE_MAIL,
        **dict(zip(COUNTS, counts(case.events, AS_OF))),
    }


def workload() -> Workload:
    """Return W4."""
    draw = Draw(4)
    conditions = shared_conditions()
    clauses = clauses_of(draw, conditions)
    rows = rows_of(clauses)
    written = by_hand.Written(("lead", "events", "now"), LOADINGS, clauses, rows, "remove")
    places = {name: place for place, name in enumerate(clauses)}
    needs = [(outcome, [places[name] for name in names]) for outcome, names in rows]

    def verdict(answers: Sequence[object]) -> str:
        for outcome, wanted in needs:
            if all(answers[place] for place in wanted):
                return outcome
        return "remove"

    return Workload(
        "W4",
        "1,000 clauses that share 60 conditions",
        definition(conditions, clauses, rows),
        [drawn_case(draw) for _ in range(LEADS)],
        ("lead", "events", "now"),
        by_hand.forms(written, KNOWN),
        (
            ForPeers(
                clauses,
                facts,
                verdict,
                "texts folded, wildcard and word tests, all counts",
                form="counts given",
                counts_given=True,
            ),
        ),
    )
