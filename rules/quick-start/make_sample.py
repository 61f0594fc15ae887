"""Make the data of this folder: leads.csv, events.csv and accounts.csv.

    python make_sample.py [FOLDER]

Companies, people and clicks are invented. What is wrong with them is not: drop-downs nobody touched,
numbers and dates that are none, a lead that comes twice, events that belong to nobody. The same bytes
come out on every machine, so nothing but `random()` is drawn from: Python promises to keep that one stable.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

AS_OF = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
LEADS = 500
EVENTS = 8_000
ACCOUNTS = 120
FEED_DAYS = 180
MAIL_DAYS = 90  # mql.mql says so: `kept for 90d`
QUIET_DAYS = 61  # who stays away has been away longer than the 60 days that `cold` asks for

SEED = 20260310
RANDOM = random.Random(SEED)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons, its other spaces included."""
    return tuple(text.split("; "))


COMPANY_FIRST = words(
    "Northgate; Silverline; Harbour; Oakfield; Redstone; Bluecrest; Kestrel; Fernhill; Larkspur"
)
COMPANY_LAST = words(
    "Foods; Systems; Health; Tooling; Software; Retail; Labs; Logistics; Clinics; Stores; Analytics; Motors; Works; Media"
)
STRANGERS = words("Blackwater Tooling; Moorland Ventures; Tidewell Partners")  # not in accounts.csv
FIRST_NAMES = words(
    "amara; ben; chloe; dilip; elena; farid; grace; hugo; imani; jonas; kezia; liam; maya; noor"
)
LAST_NAMES = words(
    "abbott; bianchi; carver; desai; fowler; grant; hughes; iqbal; jensen; kaya; lowe; mensah; novak"
)
DECIDERS = words(
    "Head of Marketing; HEAD OF SALES; head of growth; Head of  Demand Generation; VP Sales; vp marketing; VP, Revenue; "
    "Chief Marketing Officer; chief executive officer; Marketing Director; SALES DIRECTOR; Marketing Manager; "
    "marketing manager"
)
# `Headteacher` and `Overhead Planner` are no `Head of *`.
OTHERS = words(
    "Marketing Assistant; Sales Executive; sdr; Buyer; OFFICE MANAGER; Student; Software Engineer; HR Manager; "
    "Overhead Planner; Headteacher"
)
SERVED = words("Software; Software; software; Healthcare; HEALTHCARE; Manufacturing; Manufacturing ")
RETAIL = words("Retail; retail; Retail; RETAIL")
UNLISTED = words("Automotive; Health care; Public sector; Other")
FREE_MAIL = words("gmail.com; outlook.com; Hotmail.com; yahoo.co.uk; icloud.com; proton.me")
NO_BUDGETS = words("50k; tbc; about 30,000; 1,5000; EUR 40,000; 20-30000; EUR 15,000")
NO_DATES = words("Q3; asap; 31/06/2026; next spring; 2026-13-01")
NO_EMPLOYEES = words("~300; 50-200; 1.200,5")
NO_TIMES = words("yesterday; 09/03/2026 25:61; 2026-02-30T10:00:00Z; #REF!")
PAGES = words("/; /product; /product/integrations; /blog/lead-scoring; /blog/handover; /customers; /about")
PRICING = words("/pricing; /pricing/teams; /pricing/compare")
WEBINARS = words("Scoring without spreadsheets; From lead to handover; Consent for marketers")
PAPERS = words("The state of handover; Buying committees; One definition for two teams")
SOURCES = words("Website; Webinar; Trade fair; Referral; Outbound")

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Habit:
    """How one kind of lead behaves: shares from 0 to 1; of visits and e-mails, so many at most."""

    of_a_hundred: int
    fits: float
    decides: float
    free_mail: float
    recent_visits: int
    earlier_visits: int
    prices: float
    demo: float
    webinar: float
    paper: float
    mails: int


BUYER = Habit(22, 0.90, 0.70, 0.05, 6, 10, 0.55, 0.40, 0.35, 0.40, 3)
CURIOUS = Habit(16, 0.35, 0.40, 0.40, 5, 12, 0.40, 0.15, 0.30, 0.40, 3)
CASUAL = Habit(36, 0.80, 0.40, 0.12, 2, 14, 0.06, 0.03, 0.40, 0.50, 6)
ABSENT = Habit(26, 0.45, 0.35, 0.20, 0, 8, 0.00, 0.00, 0.15, 0.20, 9)
HABITS = (BUYER, CURIOUS, CASUAL, ABSENT)


@dataclass(frozen=True)
class Event:
    """One row of events.csv but for its number; `written` stands where the time cannot be read."""

    lead: str
    kind: str
    at: datetime
    page: str = ""
    seconds: str = ""
    topic: str = ""
    written: str | None = None


def chance(share: float) -> bool:
    """Say yes in this share of the cases."""
    return RANDOM.random() < share


def whole(low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return low + int(RANDOM.random() * (high - low + 1))


def pick(choices: Sequence[Choice]) -> Choice:
    """Return one of the choices."""
    return choices[whole(0, len(choices) - 1)]


def spread(rows: int, among: int) -> list[int]:
    """Return places for so many rows, all different, the first one first."""
    places: set[int] = set()
    while len(places) < rows:
        places.add(whole(0, among - 1))
    return sorted(places)


def moment(newest: int, oldest: int) -> datetime:
    """Return a time so many days before AS_OF, at an hour when people work, seldom on a weekend."""
    day = AS_OF - timedelta(days=whole(newest, oldest))
    if day.weekday() >= 5 and chance(0.8):
        day -= timedelta(days=2)
    at = day.replace(hour=whole(7, 18), minute=whole(0, 59), second=whole(0, 59))
    # Not after AS_OF, and not before the first day of the feed.
    at = at if at <= AS_OF else at - timedelta(days=1)
    return max(at, AS_OF - timedelta(days=FEED_DAYS) + timedelta(minutes=whole(1, 600)))


def thousands(number: int) -> str:
    """Write a number the way one person or another would."""
    return f"{number:,}" if chance(0.4) else str(number)


# ---------------------------------------------------------------- companies


def companies() -> dict[str, int]:
    """Return the companies with their number of people; two of three are of the size that sales wants."""
    found: dict[str, int] = {}
    while len(found) < ACCOUNTS:
        size = whole(50, 1_000) if chance(0.66) else pick((whole(2, 49), whole(1_001, 9_000)))
        found.setdefault(f"{pick(COMPANY_FIRST)} {pick(COMPANY_LAST)}", size)
    return found


def account_rows(sizes: dict[str, int]) -> Iterable[list[str]]:
    """Yield the rows of accounts.csv; of some the size is not known, of some nobody can read it."""
    unread = dict(zip(spread(len(NO_EMPLOYEES), ACCOUNTS), NO_EMPLOYEES, strict=True))
    for place, (name, size) in enumerate(sizes.items()):
        employees = "unknown" if chance(0.07) else thousands(size)
        country = "GB" if chance(0.8) else pick(("IE", "FR", "NL", "DE"))
        yield [name, country, unread.get(place, employees)]


# ---------------------------------------------------------------- leads


def lead_row(lead: str, habit: Habit, sizes: dict[str, int]) -> list[str]:
    """Return one row of leads.csv."""
    fits = chance(habit.fits)
    company = pick([name for name, size in sizes.items() if (50 <= size <= 1_000) == fits])
    title = pick(DECIDERS if chance(habit.decides) else OTHERS)
    industries = SERVED if fits else SERVED + RETAIL
    return [
        lead,
        unless(0.12, ("", "Select", "N/A"), title),
        email(lead, company, free=chance(habit.free_mail)),
        unless(0.18, ("",), company.upper() if chance(0.05) else company),
        unless(0.10, ("", "Select"), pick(industries)),
        unless(0.48, ("", "", "N/A"), budget(whole(20, 150) if fits else whole(1, 30))),
        unless(0.52, ("",), buying_date(whole(5, 170) if fits else whole(-60, 500))),
        unless(0.30, ("",), pick(("yes", "Y", "true") if chance(0.06) else ("no", "No", "N", "false"))),
        pick(SOURCES),
    ]


def unless(share: float, blanks: Sequence[str], word: str) -> str:
    """Return the word, or in this share of the cases one of the blanks."""
    return pick(blanks) if chance(share) else word


def email(lead: str, company: str, *, free: bool) -> str:
    """Return an address that is nobody's: it carries the lead's number, or a domain that cannot exist."""
    if chance(0.04):
        return ""
    name = f"{pick(FIRST_NAMES)}.{pick(LAST_NAMES)}"
    if free:
        return f"{name}.sample.{lead.lower()}@{pick(FREE_MAIL)}"
    return f"{name}@{company.lower().replace(' ', '-')}.example"


def budget(thousand: int) -> str:
    """Write an amount in pounds."""
    pounds = thousands(thousand * 1_000 + pick((0, 0, 0, 500)))
    return f"GBP {pounds}" if chance(0.08) else f"{pounds}.00" if chance(0.08) else pounds


def buying_date(days_ahead: int) -> str:
    """Write a day, as computers do or as the British do."""
    day: date = AS_OF.date() + timedelta(days=days_ahead)
    return day.strftime("%d/%m/%Y") if chance(0.35) else day.isoformat()


def spoil(rows: list[list[str]]) -> None:
    """Put in what nobody can read, labels that are not in the list, strangers, and one lead twice."""
    for column, cells in ((5, NO_BUDGETS), (6, NO_DATES), (4, UNLISTED * 3), (3, STRANGERS)):
        for place, cell in zip(spread(len(cells), LEADS), cells, strict=True):
            rows[place][column] = cell
    for place in spread(2, LEADS):
        rows[place][2] = "call me first"
    rows[whole(0, LEADS - 1)][7] = "ask again"
    again = list(rows[211])
    again[5], again[6] = "64,000", "2026-06-15"
    rows.append(again)


# ---------------------------------------------------------------- events


def events_of(lead: str, habit: Habit) -> Iterable[Event]:
    """Yield what one lead does, in no order."""
    newest = QUIET_DAYS if habit is ABSENT else 0
    for _ in range(whole(0, habit.recent_visits)):
        yield visit(lead, 0, 29)
    for _ in range(whole(0, habit.earlier_visits)):
        yield visit(lead, max(newest, 30), FEED_DAYS)
    if chance(habit.prices):
        for _ in range(whole(1, 4)):
            yield replace(visit(lead, 0, 20), page=pick(PRICING))
    if chance(habit.demo):
        yield Event(lead, "demo_request", moment(0, 25))
    if chance(habit.webinar):
        for _ in range(whole(1, 3)):
            yield Event(lead, "webinar", moment(newest, FEED_DAYS), topic=pick(WEBINARS))
    if chance(habit.paper):
        yield Event(lead, "whitepaper", moment(newest, FEED_DAYS), topic=pick(PAPERS))
    for _ in range(whole(0, habit.mails)):
        yield Event(lead, "email_sent", moment(0, MAIL_DAYS - 3))


def visit(lead: str, newest: int, oldest: int) -> Event:
    """Return a look at one page; how long it took is not always known."""
    seconds = "" if chance(0.05) else str(whole(2, 60) if chance(0.7) else whole(60, 600))
    return Event(lead, "visit", moment(newest, oldest), page=pick(PAGES), seconds=seconds)


def all_events(habits: dict[str, Habit], repeated: int) -> list[Event]:
    """Return the events of all leads and of nobody, in order of time, but for so many repeated rows."""
    found = [event for lead, habit in habits.items() for event in events_of(lead, habit)]
    found += [visit("", 0, FEED_DAYS) for _ in range(9)]
    found += [visit(f"L9{whole(1, 12):03}", 0, FEED_DAYS) for _ in range(18)]
    # A few look again and again: visits of long ago fill the table.
    fond = [lead for lead, habit in habits.items() if habit is not ABSENT and chance(0.35)]
    found += [visit(pick(fond), 31, FEED_DAYS) for _ in range(EVENTS - repeated - len(found))]
    found.sort(key=lambda event: event.at)
    for count, place in enumerate(spread(15, len(found))):
        found[place] = replace(found[place], written=NO_TIMES[count] if count < len(NO_TIMES) else "")
    for place in spread(4, len(found)):
        if found[place].kind == "visit":
            found[place] = replace(found[place], seconds="12 s")
    return found


def event_rows(habits: dict[str, Habit]) -> list[list[str]]:
    """Return the rows of events.csv; some come again a little later, as when a sender tries twice."""
    repeated = 24
    rows = []
    for number, event in enumerate(all_events(habits, repeated), start=1):
        at = event.at.strftime("%Y-%m-%dT%H:%M:%SZ") if event.written is None else event.written
        rows.append([f"E{number:05}", event.lead, event.kind, at, event.page, event.seconds, event.topic])
    for place in reversed(spread(repeated, len(rows))):
        rows.insert(place + whole(1, 40), list(rows[place]))
    return rows


# ---------------------------------------------------------------- files


def save(path: Path, header: str, rows: Iterable[list[str]]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the three tables into `folder`."""
    RANDOM.seed(SEED)
    drawn = [habit for habit in HABITS for _ in range(habit.of_a_hundred)]
    habits = {f"L{number:04}": pick(drawn) for number in range(1, LEADS + 1)}
    sizes = companies()
    leads = [lead_row(lead, habit, sizes) for lead, habit in habits.items()]
    spoil(leads)
    save(folder / "accounts.csv", "account,country,employees", account_rows(sizes))
    columns = "lead_id,Job Title,E-mail,Company,Industry,Budget,Buying Date,Opted Out,Source"
    save(folder / "leads.csv", columns, leads)
    save(folder / "events.csv", "event_id,lead_id,type,happened_at,page,seconds,topic", event_rows(habits))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
