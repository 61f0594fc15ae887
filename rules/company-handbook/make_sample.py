"""Make people.csv, memberships.csv, visits.csv and events.csv of this folder; the two lists are written by hand.

    python make_sample.py [FOLDER]

People and companies are invented; a few write from our own domain, from a competitor's, or name no real company.
The same bytes come out on every machine, so nothing but `random()` is drawn from.
"""

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

AS_OF = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
RANDOM = random.Random(100)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
COMPANIES = words("Acme; Globex; Initech; Umbra; Vandelay; Hooli; Stark Foods; Wonka")
COUNTRIES = words("United States; Germany; germany; Japan; Netherlands; Norway; Kenya; Peru; ")
LEVELS = words("high; High; medium; low; negative; ")
SUCCESSES = words(
    "Webcast; Webcast; Owned event; Workshop; Conference; Paid social; Analyst report; Gated content; "
    "Gated content; Content syndication; Survey, low; Content track item; Trial, default; Trial"
)
REQUESTS = words("Contact request; Hand raise; Renewal; Inbound form; Startup application")
PAGES = words("/; /blog/; /pricing/; /install/; /features/; /jobs/all; /docs/; /releases/gitlab-com/17")
STATUSES = words("registered; registered; invited; invited; invited; no show; no show; follow-up requested")
REASONS = words("no response; wrong timing; not decision maker")
Row = Sequence[object]
Choice = TypeVar("Choice")


def chance(share: float) -> bool:
    """Say yes in this share of the cases."""
    return RANDOM.random() < share


def whole(low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    return low + int(RANDOM.random() * (high - low + 1))


def pick(choices: Sequence[Choice]) -> Choice:
    """Return one of the choices."""
    return choices[whole(0, len(choices) - 1)]


def ago(newest: int, oldest: int) -> str:
    """Write a time so many days before AS_OF, at an hour when people work."""
    day = AS_OF - timedelta(days=whole(newest, oldest))
    at = day.replace(hour=whole(7, 18), minute=whole(0, 59))
    return (at if at < AS_OF else at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:00Z")


def status_of(number: int) -> str:
    """Return the status of a person, the same for each table."""
    statuses = (
        "Raw",
        "Inquiry",
        "Inquiry",
        "",
        "Recycle",
        "Inquiry",
        "MQL",
        "Nurture",
        "Accepted",
        "Inquiry",
    )
    return "Disqualified" if number % 37 == 0 else statuses[number % len(statuses)]


def people() -> Iterable[Row]:
    """Yield the people."""
    for number in range(1, 101):
        first, last, company = pick(FIRST), pick(LAST), pick(COMPANIES)
        domain = f"{company.lower().replace(' ', '-')}.example"
        if chance(0.25):
            domain = pick(("gmail.com", "GMX.de", "outlook.com", "qq.com"))
        elif chance(0.06):
            domain = pick(("rival.example", "ourcompany.example"))
        email = "" if chance(0.04) else f"{first}.{last}.{number}@{domain}".lower()
        status = status_of(number)
        worked = status in ("Recycle", "Nurture", "MQL", "Accepted")
        yield (
            f"H{number:03}",
            email,
            pick(("Student", "personal", "test", "N/A")) if chance(0.05) else company,
            status,
            pick(("ada", "brian", "carla")) if worked else "",
            pick(("yes", "no", "")),
            pick(LEVELS),
            pick(LEVELS),
            pick(COUNTRIES),
            pick(("Pending", "Accepted", "Recalled")) if chance(0.06) else "",
            pick((0, 1, 1, 2)) if worked and not (status == "Recycle" and number % 3) else pick((0, "")),
            pick((5, 20, 35)) if worked else "",
        )


def memberships() -> Iterable[Row]:
    """Yield the statuses that people reached in programs."""
    for number in range(1, 101):
        person = f"H{number:03}"
        for _ in range(pick((0, 0, 1, 1, 2, 4))):
            program, at = pick(SUCCESSES), ago(0, 240)
            yield person, at, program, pick(STATUSES), "no" if chance(0.97) else "?"
            if chance(0.6):
                yield person, at[:-3] + "59Z", program, "attended", "yes"
        if chance(0.1):
            yield person, ago(0, 90), pick(REQUESTS), "filled out form", "yes"


def visits() -> Iterable[Row]:
    """Yield the visits."""
    for number in range(1, 101):
        for _ in range(pick((0, 0, 1, 3, 6))):
            yield f"H{number:03}", ago(0, 150), pick(PAGES)


def events() -> Iterable[Row]:
    """Yield all the rest: person, time, what, detail, what it was before."""
    for number in range(1, 101):
        person = f"H{number:03}"
        yield person, ago(100, 240), "created", "", ""
        for what, share in (
            ("subscribed", 0.2),
            ("intent", 0.15),
            ("hard bounce", 0.05),
            ("unsubscribed", 0.05),
        ):
            if chance(share):
                yield person, ago(0, 120), what, "", ""
        if chance(0.08):
            yield person, ago(0, 60), "web chat", pick(("yes", "no")), ""
        if chance(0.15):
            yield person, ago(0, 120), "propensity", whole(1, 5), pick(("", whole(1, 5)))
        if status_of(number) == "Recycle":
            if chance(0.5):
                yield person, ago(61, 70), "accepted", "", ""
            yield person, ago(35, 60), "recycled", pick(REASONS), ""


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "person,email,company,status,owner,for_company,seniority,function,country,partner_share"
    save(folder / "people.csv", f"{columns},mql_count,points_as_inquiry", people())
    save(folder / "memberships.csv", "person,changed,program,status,success", memberships())
    save(folder / "visits.csv", "person,at,page", visits())
    save(folder / "events.csv", "person,at,what,detail,before", events())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
