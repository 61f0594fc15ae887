"""W3: fifty clauses over thirty fields, and the list of those that fired."""

from collections.abc import Sequence
from datetime import timedelta

from benchmarks.embed import by_hand
from benchmarks.embed.conditions import AtLeast as Least
from benchmarks.embed.conditions import (
    Between,
    Compare,
    Condition,
    Is,
    OneOf,
    every,
    opposite,
    some,
)
from benchmarks.embed.drawing import LEADS, TITLES, Draw
from benchmarks.embed.folding import folded
from benchmarks.embed.wording import Wording
from benchmarks.embed.workload import (
    AS_OF,
    Case,
    Facts,
    ForPeers,
    Record,
    Workload,
)

NUMBERS = {
    "employees": 2_000,
    "budget": 100_000,
    "revenue": 9_000_000,
    "locations": 12,
    "seats": 400,
    "site_visits": 40,
    "emails_opened": 30,
    "forms": 6,
    "minutes_on_site": 90,
    "satisfaction": 10,
}

TEXTS = {
    "title": TITLES,
    "country": ("United Kingdom", "Germany", "France", "Japan", "Brazil", "Canada"),
    "source": ("webinar", "trade fair", "referral", "paid search", "cold list"),
    "campaign": ("Spring 2026", "Autumn 2025", "always on"),
    "department": ("marketing", "sales", "IT", "finance", "operations"),
    "competitor": ("none", "Rival One", "Rival Two", "spreadsheet"),
}

LABELS = {
    "industry": ("software", "healthcare", "manufacturing", "retail", "education"),
    "timeframe": ("now", "this_quarter", "this_year", "someday"),
    "tier": ("gold", "silver", "bronze"),
    "language": ("english", "german", "french", "japanese"),
    "stage": ("raw", "inquiry", "working", "recycled", "customer"),
    "segment": ("small", "mid_market", "enterprise"),
}

FLAGS = ("newsletter", "trial_user", "partner", "consent", "speaks_at_events", "has_open_deal")
DATES = ("buys_on", "renews_on")
TESTS = {
    "buys_soon": ("buys_on within next 180d", "not buys_on within next 180d"),
    "renews_soon": ("renews_on within next 90d", "not renews_on within next 90d"),
}

LEAVES: dict[str, Condition] = {
    "right_size": Between("employees", 50, 1_000),
    "very_large": Compare("employees", ">", 1_500),
    "tiny": Compare("employees", "<", 10),
    "can_pay": Compare("budget", ">=", 20_000),
    "can_pay_much": Compare("budget", ">=", 75_000),
    "large_revenue": Compare("revenue", ">=", 5_000_000),
    "small_revenue": Compare("revenue", "<", 500_000),
    "many_places": Compare("locations", ">", 5),
    "many_seats": Between("seats", 50, 300),
    "few_seats": Compare("seats", "<=", 5),
    "visits_often": Compare("site_visits", ">=", 10),
    "visited": Compare("site_visits", ">", 0),
    "opens_mail": Compare("emails_opened", ">=", 5),
    "filled_in": Compare("forms", ">=", 1),
    "stays_long": Compare("minutes_on_site", ">=", 30),
    "content": Compare("satisfaction", ">=", 8),
    "discontent": Compare("satisfaction", "<=", 3),
    "decides": OneOf("title", ("head of marketing", "vp sales", "chief marketing officer", "sales director")),
    "manages": OneOf("title", ("marketing manager", "office manager", "procurement lead")),
    "learns": OneOf("title", ("student",)),
    "home_market": OneOf("country", ("united kingdom", "germany")),
    "far_away": OneOf("country", ("united kingdom", "germany", "france"), is_in=False),
    "good_source": OneOf("source", ("referral", "webinar")),
    "cold_list": OneOf("source", ("cold list",)),
    "this_spring": OneOf("campaign", ("spring 2026",)),
    "buying_side": OneOf("department", ("finance", "operations")),
    "uses_rival": OneOf("competitor", ("rival one", "rival two")),
    "our_industry": OneOf("industry", ("software", "healthcare", "manufacturing")),
    "wants_now": OneOf("timeframe", ("now", "this_quarter")),
    "no_hurry": OneOf("timeframe", ("someday",)),
    "gold": OneOf("tier", ("gold",)),
    "we_speak_it": OneOf("language", ("english", "german")),
    "in_work": OneOf("stage", ("working",)),
    "not_small": OneOf("segment", ("small",), is_in=False),
    "reads_us": Is("newsletter"),
    "tries_it": Is("trial_user"),
    "no_consent": Is("consent", wanted=False),
    "deal_open": Is("has_open_deal"),
    "in_time": Is("buys_soon"),
    "ends_soon": Is("renews_soon"),
}


def _named(*names: str) -> tuple[Condition, ...]:
    return tuple(opposite(LEAVES[name[4:]]) if name.startswith("not ") else LEAVES[name] for name in names)


CLAUSES: dict[str, Condition] = {
    **LEAVES,
    "fits": Least(3, _named("right_size", "our_industry", "can_pay", "home_market")),
    "wants": some(*_named("wants_now", "in_time", "tries_it")),
    "engaged": Least(2, _named("visits_often", "opens_mail", "filled_in", "stays_long", "reads_us")),
    "reachable": every(*_named("not no_consent", "we_speak_it")),
    "upgrade": every(*_named("content", "many_seats", "ends_soon")),
    "at_risk": every(*_named("discontent", "ends_soon")),
    "win_over": every(*_named("uses_rival", "can_pay")),
    "champion": every(some(*_named("decides", "manages")), *_named("content", "reads_us")),
    "noise": some(*_named("learns", "tiny", "cold_list")),
    "profile": Least(
        4, _named("not_small", "large_revenue", "many_places", "gold", "our_industry", "decides")
    ),
}

ROWS = (
    ("remove", ("no_consent",)),
    ("sales", ("fits", "wants", "engaged", "reachable")),
    ("nurture", ("fits",)),
    ("call", ("engaged", "reachable")),
)

LOADINGS = (
    *(by_hand.Loading((name,), f'{name} = get("{name}")') for name in (*NUMBERS, *FLAGS)),
    *(by_hand.Loading((name,), f'{name} = folded(get("{name}"))') for name in (*TEXTS, *LABELS)),
    by_hand.Loading(("buys_soon", "renews_soon"), "today = now.date()"),
    by_hand.Loading(("buys_soon",), 'buys_on = get("buys_on")'),
    by_hand.Loading(
        ("buys_soon",), "buys_soon = None if buys_on is None else today <= buys_on <= today + HALF_YEAR"
    ),
    by_hand.Loading(("renews_soon",), 'renews_on = get("renews_on")'),
    by_hand.Loading(
        ("renews_soon",), "renews_soon = None if renews_on is None else today <= renews_on <= today + QUARTER"
    ),
)

WRITTEN = by_hand.Written(("lead", "now"), LOADINGS, CLAUSES, ROWS, "remove")
KNOWN = {"folded": folded, "HALF_YEAR": timedelta(days=180), "QUARTER": timedelta(days=90)}


def definition() -> str:
    """Return the text of the definition."""
    names = {condition: name for name, condition in LEAVES.items()}
    names |= {opposite(condition): f"not {name}" for condition, name in names.items()}
    wording = Wording({}, TESTS, names)
    fields = [
        *(f"  {name}: number" for name in NUMBERS),
        *(f"  {name}: text" for name in TEXTS),
        *(f"  {name}: one of ({', '.join(labels)})" for name, labels in LABELS.items()),
        *(f"  {name}: yes/no" for name in FLAGS),
        *(f"  {name}: date" for name in DATES),
    ]
    clauses = [f"clause {name}: {wording.clause(condition)}" for name, condition in CLAUSES.items()]
    rows = [f"  {outcome} when {' and '.join(needs)}" for outcome, needs in ROWS]
    return "\n".join(
        [
            'definition "Fifty clauses" version 1',
            "",
            "lead:",
            *fields,
            "",
            *clauses,
            "",
            "decide handling:",
            *rows,
            "  otherwise remove",
            "",
        ]
    )


def drawn_lead(draw: Draw) -> Record:
    """Return a lead with thirty fields."""
    return draw.record(
        {
            **{name: draw.whole(0, most) for name, most in NUMBERS.items()},
            **{name: draw.text(texts) for name, texts in TEXTS.items()},
            **{name: draw.text(labels) for name, labels in LABELS.items()},
            **{name: draw.chance(0.6) for name in FLAGS},
            **{name: draw.day(200, 400) for name in DATES},
        }
    )


def facts(case: Case) -> Facts:
    """Return what peers are given: texts folded, and whether the two dates lie in their spans."""
    lead, today = case.lead, AS_OF.date()
    buys_on, renews_on = lead.get("buys_on"), lead.get("renews_on")
    return {
        **{name: lead.get(name) for name in (*NUMBERS, *FLAGS)},
        **{name: folded(lead.get(name)) for name in (*TEXTS, *LABELS)},
        "buys_soon": None if buys_on is None else today <= buys_on <= today + timedelta(days=180),
        "renews_soon": None if renews_on is None else today <= renews_on <= today + timedelta(days=90),
    }


_PLACES = {name: place for place, name in enumerate(CLAUSES)}
_NEEDS = [(outcome, [_PLACES[name] for name in names]) for outcome, names in ROWS]


def verdict(answers: Sequence[object]) -> str:
    """Return the first row all of whose clauses are yes."""
    for outcome, places in _NEEDS:
        if all(answers[place] for place in places):
            return outcome
    return "remove"


def workload() -> Workload:
    """Return W3."""
    draw = Draw(3)
    return Workload(
        "W3",
        "50 clauses over 30 fields",
        definition(),
        [Case(drawn_lead(draw)) for _ in range(LEADS)],
        ("lead", "now"),
        by_hand.forms(WRITTEN, KNOWN),
        (ForPeers(CLAUSES, facts, verdict, "texts folded, the two tests of a date"),),
    )
