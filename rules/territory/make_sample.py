"""Make leads.csv, accounts.csv and forms.csv of this folder; countries.csv and states.csv are written by hand.

    python make_sample.py [FOLDER]

The leads are invented. Countries and states are spelt as people spell them, or not given at all.
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
RANDOM = random.Random(9)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
PLACES = (
    *(
        ("United States", "California"),
        ("USA", "TX"),
        ("US", "ny"),
        ("united states", ""),
        ("USA", "Ohio"),
        ("US", "WA"),
    ),
    *(("Canada", "Ontario"), ("CA", "QC"), ("Canada", "Yukon"), ("Mexico", "Jalisco"), ("Germany", "Bayern")),
    *(
        ("Deutschland", ""),
        ("UK", ""),
        ("England", "Kent"),
        ("France", ""),
        ("Spain", ""),
        ("España", ""),
        ("Poland", ""),
    ),
    *(("Sweden", ""), ("Japan", "Tokyo"), ("Australia", "NSW"), ("India", ""), ("Peru", ""), ("Kenya", "")),
    *(("Please select", ""), ("-", ""), ("", "Texas"), ("U.S.A", "Texas")),
)
COMPANIES = [
    f"{first} {last}"
    for first in ("Acme", "Globex", "Umbra", "Hooli")
    for last in ("Ltd", "Inc", "SA", "KK", "AB")
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


def leads() -> Iterable[Row]:
    """Yield the leads."""
    for number in range(1, 111):
        first, last, company = pick(FIRST), pick(LAST), pick(COMPANIES)
        domain = "test.example" if chance(0.03) else f"{company.lower().replace(' ', '-')}.example"
        country, state = pick(PLACES)
        employees = (
            pick(("", "", "500+")) if chance(0.12) else f"{pick((4, 25, 60, 140, 400, 900, 1_500, 12_000)):,}"
        )
        account = company if chance(0.5) else pick(("", f"{last} & Sons"))
        yield (
            f"T{number:03}",
            f"{first} {last}",
            f"{first}.{last}@{domain}".lower(),
            account,
            country,
            state,
            employees,
        )


def accounts() -> Iterable[Row]:
    """Yield the companies that we know; half of them have an owner, and some of the owners have left."""
    for company in COMPANIES:
        owner = pick(("Wanda", "Xaver", "Zoe")) if chance(0.5) else ""
        yield company, owner, pick(("yes", "yes", "no")) if owner else ""


def forms() -> Iterable[Row]:
    """Yield the forms: one of each lead, of a few two."""
    for number in range(1, 111):
        for _ in range(pick((1, 1, 1, 2))):
            yield f"T{number:03}", ago(0, 2)


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    save(folder / "leads.csv", "id,name,email,company,country,state,employees", leads())
    save(folder / "accounts.csv", "company,owner,owner_active", accounts())
    save(folder / "forms.csv", "lead,sent", forms())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
