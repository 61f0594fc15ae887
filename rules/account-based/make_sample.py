"""Make the data of this folder: people.csv, companies.csv, events.csv and surges.csv.

    python make_sample.py [FOLDER]

People and companies are invented; some companies have many people, and some people work for nobody that we know.
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
RANDOM = random.Random(61)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
TITLES = words(
    "CEO; CFO; Managing Director; VP Supply Chain; CTO; Head of IT; IT Manager; Enterprise Architect; "
    "Head of Purchasing; Buyer; Head of Warehouse; Team Lead; Specialist Planning; Student; Assistant; "
)
INDUSTRIES = words("Machinery; machinery; Logistics; Chemicals; Manufacturing; Retail; ")
SYSTEMS = words("SAP; Oracle; Rival Suite; Excel; sap")
TOPICS = words("replacing the warehouse system; demand planning; supplier portals; stock accuracy")
WHAT = {
    "visit": ("/", "/pricing", "/pricing/teams", "/customers", "/product"),
    "webinar": ("Committees", "Planning"),
    "case study": ("Nordwerk", "Suedkraft", "Ostblech"),
    "demo": ("",),
    "trial": ("",),
    "call": ("",),
    "meeting": ("",),
}
COMPANIES = [
    f"{first}{last}"
    for first in ("Nord", "Sued", "Ost", "West", "Berg")
    for last in ("werk", "blech", "bau", "pack")
]
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


def companies() -> Iterable[Row]:
    """Yield the companies."""
    for company in COMPANIES:
        since = AS_OF - timedelta(days=whole(3, 80))
        yield (
            company,
            pick(INDUSTRIES),
            "" if chance(0.1) else f"{pick((40, 180, 320, 900, 2_600, 7_000, 31_000)):,}",
            pick(("DE", "de", "AT", "CH", "FR", "US")),
            ",".join(sorted({pick(SYSTEMS), pick(SYSTEMS)})),
            pick(("", "awareness", "Consideration", "decision")),
            "yes" if chance(0.1) else "",
            pick(("Lena", "Murat", "Silke")),
            "" if chance(0.1) else since.strftime("%d.%m.%Y"),
        )


def people() -> Iterable[Row]:
    """Yield the people; a few companies have many, most have two or three."""
    for number in range(1, 81):
        company = pick(COMPANIES[:9] if chance(0.6) else COMPANIES)
        first, last = pick(FIRST), pick(LAST)
        yield (
            f"M{number:03}",
            f"{first} {last}",
            pick(TITLES),
            "" if chance(0.1) else f"{first}.{last}@{company}.example".lower(),
            "" if chance(0.5) else f"+49 30 5550 {number:03}",
            pick(("", "Unbekannt AG")) if chance(0.08) else company,
        )


def events() -> Iterable[Row]:
    """Yield what people did."""
    for number in range(1, 81):
        for _ in range(pick((0, 0, 0, 1, 2, 4))):
            what = pick(("visit", "visit", "visit", "webinar", "case study", *WHAT))
            yield f"M{number:03}", ago(0, 120), what, pick(WHAT[what])


def surges() -> Iterable[Row]:
    """Yield the topics on which companies read more than usual."""
    for company in COMPANIES:
        for _ in range(pick((0, 0, 1, 3))):
            yield company, ago(0, 60)[:10], pick(TOPICS)


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "company,industry,employees,country,technologies,buying_stage,nominated,owner,stage_since"
    save(folder / "companies.csv", columns, companies())
    save(folder / "people.csv", "id,name,title,email,phone,company", people())
    save(folder / "events.csv", "person,at,what,about", events())
    save(folder / "surges.csv", "company,day,topic", surges())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
