"""Make the data of this folder: prospects.csv, activities.csv and sales.csv.

    python make_sample.py [FOLDER]

Everything is invented. Some prospects use a personal mailbox, some leave out the phone, some say nothing for months.
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
RANDOM = random.Random(55)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
COMPANIES = words("Acme; Globex; Initech; Umbra; Vandelay; Hooli; Prairie Tools; Lakeside Foods")
TITLES = words(
    "VP Sales; vp operations; Director of IT; Marketing Director; Head of Growth; CEO; "
    "Chief Data Officer; Marketing Specialist; Student; Research Intern; Clerk; Manager"
)
INDUSTRIES = words("Software; SaaS; Technology; technology; Retail; Education; Non-profit; Logistics; ")
ASSETS = {
    "Page View": ("/", "/pricing", "/pricing/teams", "/blog/grades", "/product"),
    "File Access": ("Guide", "Checklist"),
    "Webinar": ("Grades", "Scores"),
    "Email Open": ("Spring", "Summer", "News 1", "News 2"),
    "Email Click": ("Spring", "Summer", "News 1"),
    "Form": ("Demo", "Demo (short)", "Newsletter"),
}
REASONS = words("no response; Wrong timing; not decision maker; ; did not like it")
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


def prospects() -> Iterable[Row]:
    """Yield the prospects."""
    for number in range(1, 101):
        first, last, company = pick(FIRST), pick(LAST), pick(COMPANIES)
        domain = "gmail.com" if chance(0.15) else f"{company.lower().replace(' ', '-')}.example"
        people = pick((8, 40, 120, 220, 600, 1_500, 9_000))
        yield (
            f"PR{number:03}",
            "" if chance(0.05) else company,
            pick(TITLES[:7] if chance(0.5) else TITLES),
            f"{first}.{last}.{number}@{domain}".lower(),
            "" if chance(0.25) else f"+1 312 555 {whole(100, 199):04}",
            pick(INDUSTRIES[:4] if chance(0.4) else INDUSTRIES),
            pick(("", "", "200+")) if chance(0.12) else f"{people:,}",
            "" if chance(0.2) else people * whole(60, 200) * 1_000,
            pick(("US", "US", "CA", "gb", "DE", "FR", "IN")),
        )


def activities() -> Iterable[Row]:
    """Yield what prospects did: each has been idle for some time, a few for months."""
    for number in range(1, 101):
        prospect, idle = f"PR{number:03}", pick((0, 0, 0, 10, 35, 70, 100))
        kinds = ["Page View"] * whole(0, 9) + ["Email Open"] * whole(0, 4) + ["Email Click"] * whole(0, 2)
        kinds += ["File Access"] * whole(0, 2) + ["Webinar"] * whole(0, 1) + ["Form"] * pick((0, 0, 1, 2))
        for kind in kinds:
            yield prospect, ago(idle, idle + 25), kind, pick(ASSETS[kind])
        if chance(0.06):
            yield prospect, ago(0, 20), pick(("Unsubscribe", "Hard Bounce")), ""
    yield "PR500", ago(0, 20), "Form", "Demo"


def sales() -> Iterable[Row]:
    """Yield what sales got, and what it said; the last few have no answer yet."""
    for number in range(5, 101, 9):
        prospect, day = f"PR{number:03}", whole(2, 20)
        yield prospect, ago(day, day), "handed over", ""
        if chance(0.7):
            result = pick(("accepted", "recycled"))
            yield prospect, ago(0, day - 1), result, pick(REASONS) if result == "recycled" else ""


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "Prospect,Company,Job Title,Email,Phone,Industry,Employees,Annual Revenue,Country"
    save(folder / "prospects.csv", columns, prospects())
    save(folder / "activities.csv", "Prospect,Time,Type,Asset", activities())
    save(folder / "sales.csv", "Prospect,Time,What,Reason", sales())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
