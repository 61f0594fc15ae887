"""Make the data of this folder: leads.csv, companies.csv, touches.csv and earnings.csv.

    python make_sample.py [FOLDER]

People and companies are invented. What is missing is not: of most leads nobody asked about need, timing or budget.
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
RANDOM = random.Random(7)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
SECTORS = words("Retail; retail; Retail ; Wholesale; Hospitality; Retail; Finance; Manufacturing; Select")
DECIDERS = words(
    "Owner; Finance Director; Head of Merchandising; VP Supply Chain; BUYING MANAGER; head of stores"
)
OTHERS = words("Merchandiser; Store Manager; Student; IT Support; Headhunter; ")
PAINS = words("markdowns; slow replenishment; many systems; Wrong stock; staff turnover")
TOUCHES = words("white_paper; trade_show; site_visit; demo_form; webinar")
QUARTERS = words("2025-02-20; 2025-05-22; 2025-08-21; 2025-11-20; 2026-02-19")
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


def companies() -> list[Row]:
    """Return the companies with people and revenue; four of five are of the size that we want."""
    names = [
        f"{first} {last}"
        for first in ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Rowan")
        for last in ("Stores", "Trading", "Inns", "Outfitters")
    ]
    rows: list[Row] = []
    for name in names:
        people = whole(120, 4_500) if chance(0.8) else pick((12, 35, 9_800, 22_000))
        rows.append((name, f"{people:,}" if chance(0.3) else people, people * whole(110, 240) * 1_000))
    return rows


def leads(names: Sequence[str]) -> Iterable[Row]:
    """Yield the leads. Need, timing and budget are three questions, and each lead was asked few of them."""
    for number in range(1, 73):
        asked = pick((0.0, 0.0, 0.5, 0.7, 1.0))
        pains = "none" if chance(0.1) else "; ".join(sorted({pick(PAINS), pick(PAINS)}))
        need = pains if chance(asked) else ""
        timing = (AS_OF + timedelta(days=whole(-10, 330))).date().isoformat() if chance(asked) else ""
        budget = pick(("tbc", whole(5, 200) * 1_000, whole(50, 200) * 1_000)) if chance(asked) else ""
        title = pick(DECIDERS if chance(0.85) else OTHERS)
        name = f"{pick(FIRST)} {pick(LAST)}"
        sector = pick(SECTORS if chance(0.3) else SECTORS[:6])
        yield f"Q{number:03}", name, title, pick(names), sector, need, timing, budget


def touches() -> Iterable[Row]:
    """Yield what the leads did, and three touches of nobody."""
    for number in range(1, 73):
        for _ in range(pick((0, 1, 2, 3, 4, 5, 6))):
            yield f"Q{number:03}", pick(TOUCHES), ago(0, 240)
    for _ in range(3):
        yield "", "trade_show", ago(0, 300)


def earnings(names: Sequence[str]) -> Iterable[Row]:
    """Yield the results of those companies that publish any."""
    for name in names:
        mood = pick(("", "", "mixed", "good"))
        for day in QUARTERS if mood else ():
            yield name, day, "good" if mood == "good" and day > "2025-03" else pick(("good", "flat", "bad"))


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    firms = companies()
    names = [str(name) for name, *_ in firms]
    save(folder / "companies.csv", "Company,Employees,Revenue", firms)
    columns = "Id,Name,Job title,Company,Sector,Pain points,Buys by,Budget"
    save(folder / "leads.csv", columns, leads(names))
    save(folder / "touches.csv", "lead,kind,at", touches())
    save(folder / "earnings.csv", "company,published,result", earnings(names))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
