"""The generated function where definitions are large, and where what is handed in is out of the ordinary."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import mqldsl
from mqldsl.embed.decision import Decision
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.python import program
from mqldsl.evaluate.reference import Evaluation
from tests.properties.comparison import differences

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def agrees(definition: mqldsl.Definition, *asked: Any, **how: Any) -> Decision:
    """Return the decision, after the reference has said the same."""
    decision = definition.decide(*asked, **how)
    lead, events, account, as_of = (*asked, None, None, None)[:4]
    question = Giver(definition.model).question(
        lead, events, account, as_of, feeds=how.get("feeds"), notes=[]
    )
    assert differences(definition.model, Evaluation(definition.model, question).judged(), decision) == []
    return decision


LARGE = {
    "very many ors": "clause big: " + " or ".join(f"n = {number}" for number in range(3_000)),
    "very many counted": "clause big: at least 200 of ("
    + ", ".join(f"n > {number}" for number in range(1_000))
    + ")",
    "very many windows": "clause big: any of ("
    + ", ".join(f"visits >= 3 within {number}d" for number in range(1, 301))
    + ")",
    "very many points": "score big:\n  by n: "
    + ", ".join(f"{number} for {number}" for number in range(1_000))
    + ", otherwise 7",
    "very many bounds": "score big:\n  by n: "
    + ", ".join(f"{number} from {number}" for number in range(1_000))
    + ", otherwise 7",
    "very many bands": "grade big of n: "
    + ", ".join(f"b{number} from {1000 - number}" for number in range(900))
    + ", otherwise none_",
    "very many cases": "value big:\n"
    + "".join(f"  {number} when n = {number}\n" for number in range(600))
    + "  otherwise 0",
    "very many outcomes": "decide big:\n"
    + "".join(f"  o{number} when n = {number}\n" for number in range(600))
    + "  otherwise none_",
    "deeply nested": "clause big: " + "not (" * 90 + "n > 3" + ")" * 90,
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_definition(name: str) -> None:
    definition = mqldsl.loads(f"lead:\n  n: number\nevent visit\n{LARGE[name]}\n")
    for number in (599, 250, -1, None):
        events = [{"kind": "visit", "at": NOON - timedelta(days=each)} for each in range(0, 90, 11)]
        agrees(definition, {"n": number}, events, None, NOON)


TIMES = [
    NOON - timedelta(days=1),
    datetime(2026, 3, 9, 23, 30, tzinfo=timezone(timedelta(hours=11, minutes=30))),
    datetime(2025, 10, 26, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1),
    datetime(2025, 10, 26, 1, 30, tzinfo=ZoneInfo("Europe/London")),
    datetime(2026, 3, 10, 9),  # noqa: DTZ001 # a time of the definition's zone
    date(2026, 3, 10),
    "2026-03-09T10:00:00+02:00",
]


@pytest.mark.parametrize("first", range(len(TIMES)))
def test_times_of_every_make(first: int) -> None:
    definition = mqldsl.loads(
        'definition "t" version 1\n  time zone "America/New_York"\n'
        "event visit\nclause lately: visits >= 2 within 2d\nvalue days: days since last visit\n"
        "value span: days since first visit\nclause month: visits >= 3 within 5 months\n"
    )
    events = [{"kind": "visit", "at": at} for at in (*TIMES[first:], *TIMES[:first])]
    for as_of in (NOON, NOON.astimezone(ZoneInfo("Asia/Tokyo")), "2026-03-10 08:00", date(2026, 3, 11)):
        agrees(definition, {}, events, None, as_of)
        agrees(definition, {}, mqldsl.History(events), None, as_of)


@pytest.mark.parametrize("year", [1, 2, 9_999])
def test_where_the_years_end(year: int) -> None:
    definition = mqldsl.loads(
        "lead:\n  on: date\n  at: time\nevent visit\n"
        "clause long: visits >= 1 within 3000y\nclause weeks: visits within 500w\n"
        "clause ahead: at within next 9000d and on within next 9 years\n"
        "decide d:\n  go when long, due within 5000d\n  otherwise stay, due within 9000 days\n"
    )
    lead = {"on": date(year, 6, 1), "at": datetime(year, 6, 1, tzinfo=UTC)}
    events = [{"kind": "visit", "at": datetime(year, 5, 1, tzinfo=UTC)}]
    agrees(definition, lead, events, None, datetime(year, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "value", [True, 10**400, -(10**400), 2**70, float("inf"), float("nan"), "1e999", 5.0, 5]
)
def test_numbers_of_every_make(value: object) -> None:
    definition = mqldsl.loads(
        "lead:\n  n: number\nclause a: n >= 5\nclause b: n between 5 and 5\nvalue c: n * 2\nclause d: n is known\n"
    )
    agrees(definition, {"n": value}, None, None, NOON, strict=False)


def test_eight_threads_say_what_one_says() -> None:
    definition = mqldsl.load("rules/quick-start/mql.mql")
    leads = [
        {"title": f"Head of {number % 90}", "email": f"a@{number % 70}.example", "budget": 300 * number}
        for number in range(50)
    ]
    events = [{"kind": "visit", "at": NOON - timedelta(days=each), "page": "/pricing"} for each in range(40)]
    alone = [definition.decide(lead, events, {"employees": 100}, NOON).to_dict() for lead in leads]
    found: list[list[object]] = [[] for _ in range(8)]

    def ask(place: int) -> None:
        fresh = mqldsl.load("rules/quick-start/mql.mql")
        found[place] = [fresh.decide(lead, events, {"employees": 100}, NOON).to_dict() for lead in leads]

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == alone for each in found)


def test_the_text_can_be_read() -> None:
    definition = mqldsl.loads("lead:\n  n: number\nclause big: n >= 5\n")
    text = program(definition.model, Decision).text
    assert text.startswith(
        "def decide(lead, events=None, account=None, as_of=None, feeds=None, strict=True):\n"
    )
    assert ">= 5.0" in text


def test_what_follows_a_history_is_kept_with_it() -> None:
    one = mqldsl.loads("event visit: page text\nclause a: visits >= 2 within 30d\n")
    two = mqldsl.loads('event visit: page text\nclause a: visits(page = "/x") >= 2 within 30d\n')
    history = mqldsl.History(
        [
            {"kind": "visit", "at": NOON - timedelta(days=each), "page": "/X" if each else "/y"}
            for each in range(3)
        ]
    )
    for _ in range(3):
        assert one.decide({}, history, None, NOON).fired == ("a",)
        assert two.decide({}, history, None, NOON).fired == ("a",)
        assert two.decide({}, history, None, NOON - timedelta(days=1, hours=1)).fired == ()


def test_one_object_may_stand_for_several_events() -> None:
    definition = mqldsl.loads(
        "event visit\nevent demo\nevent either: any of (visit then demo, demo within 90d)\n"
        "value n: either\nvalue m: visit then demo\nvalue o: demo then no visit\n"
    )
    visit = {"kind": "visit", "at": NOON - timedelta(days=2)}
    demo = {"kind": "demo", "at": NOON - timedelta(days=1)}
    decision = agrees(definition, {}, [visit, demo, demo, demo], None, NOON)
    assert decision.values == {"n": 3, "m": 3, "o": 3}


def test_events_may_be_rows_of_a_database() -> None:
    definition = mqldsl.loads("event visit: page text\nclause twice: visits >= 2 within 30d\n")

    class Row(dict[str, object]):
        """A row that finds its values, and not its names, with `in`, as that of sqlite3 does."""

        def __contains__(self, value: object) -> bool:
            return value in list(self.values())

    rows = [Row(kind="visit", at=NOON - timedelta(days=1), id=7, page="/") for _ in range(2)]
    assert definition.decide({}, rows, None, NOON).clauses == {"twice": False}


def test_a_history_counts_at_the_edge_of_each_window() -> None:
    definition = mqldsl.loads(
        "event visit: page text\nevent demo\nevent any_of: any of (visit, demo)\n"
        'value a: visits within 3d\nvalue b: visits(page = "/x") within 1w\nvalue c: demo within 2d\n'
        "value d: any_of within 3d\nvalue e: visits\nvalue f: any_of within 52w\n"
    )
    times = [NOON - timedelta(hours=each) for each in (0, 0, 5, 24, 48, 72, 100, 168, 169)]
    events = [
        {"kind": "visit" if number % 3 else "demo", "at": at, "page": ("/x", "/y", None)[number % 3]}
        for number, at in enumerate(times)
    ]
    history = mqldsl.History(events)
    edges = [at + timedelta(days=days) for at in times for days in (0, 2, 3, 7)]
    for edge in edges:
        for by in (-1, 0, 1):
            as_of = edge + timedelta(microseconds=by)
            assert agrees(definition, {}, events, None, as_of) == definition.decide({}, history, None, as_of)


@pytest.mark.parametrize("year", [1600, 1684, 2255, 2256, 3000])
def test_a_history_of_other_centuries(year: int) -> None:
    definition = mqldsl.loads("event visit\nvalue a: visits within 3d\nvalue b: visits within 300y\n")
    at = datetime(year, 6, 5, 23, 47, 34, 740_993, tzinfo=UTC)
    history = mqldsl.History([{"kind": "visit", "at": at}] * 2)
    for days in (0, 3):
        for by in (-1, 0, 1):
            as_of = at + timedelta(days=days, microseconds=by)
            assert agrees(definition, {}, list(history), None, as_of) == definition.decide(
                {}, history, None, as_of
            )


NUMBERS = [
    0,
    1,
    5,
    2**30 - 1,
    2**30,
    -(2**30),
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    10**30,
    10**400,
    -(10**400),
    float("inf"),
    5.0,
    4.5,
    -0.0,
    None,
    "5",
    "",
]


@pytest.mark.parametrize("bound", ["5", "4.5", "1073741823", "1073741824", "9007199254740992"])
def test_integers_are_compared_as_numbers_are(bound: str) -> None:
    definition = mqldsl.loads(
        f"lead:\n  n: number\n  m: number, missing means 7\nclause a: n >= {bound}\nclause b: n = {bound}\n"
        f"clause c: n between {bound} and {bound}\nclause d: n in (5, 7)\nclause e: m < {bound}\n"
    )
    for number in NUMBERS:
        agrees(definition, {"n": number, "m": number}, None, None, NOON)


def test_as_of_may_change_from_call_to_call() -> None:
    definition = mqldsl.loads(
        "lead:\n  on: date\nevent visit\nclause a: visit within 2d\nclause b: on within 2d\n"
    )
    lead, events = {"on": NOON.date()}, [{"kind": "visit", "at": NOON}]
    later = NOON + timedelta(days=3)
    for as_of in (
        NOON,
        NOON,
        later,
        later.astimezone(ZoneInfo("Asia/Tokyo")),
        NOON,
        "2026-03-20",
        later,
        NOON,
    ):
        for given in (events, mqldsl.History(events)):
            agrees(definition, lead, given, None, as_of)
    assert (
        definition.decide(lead, events).fired
        == definition.decide(lead, events, as_of=datetime.now(UTC)).fired
    )


def test_brackets_around_what_is_made_of_several() -> None:
    definition = mqldsl.loads(
        "event visit: page text, seconds number\nevent demo\nevent both: demo then visit\n"
        'value n: both(page starts with "/p" and seconds > 20)\n'
    )
    pages = ({"page": "/p", "seconds": 30}, {"page": "/p", "seconds": 10}, {"page": "/q", "seconds": 30})
    for page in pages:
        events = [
            {"kind": "demo", "at": NOON - timedelta(days=2)},
            {"kind": "visit", "at": NOON - timedelta(days=1), **page},
        ]
        agrees(definition, {}, events, None, NOON)
