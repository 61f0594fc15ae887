"""Make the data of this folder: leads.csv, website.csv and shop.csv.

    python make_sample.py [FOLDER]

Everything is invented. A few addresses are blank, a few items come twice, a few forms belong to nobody.
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
RANDOM = random.Random(41)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
FORMS = (
    *(("ebook", "Ten ways to lose a lead"), ("white paper", "What a lead costs"), ("guide", "First calls")),
    *(("newsletter", "Spring"), ("newsletter", "Autumn"), ("course", "Cold calls, warm voice"), ("demo", "")),
    *(("webinar", "Calling back in an hour"), ("survey", "Are you happy?"), ("job application", "Sales")),
)
PRODUCTS = words("Starter kit; Call pack 100; Call pack 1000; List check")
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
    for number in range(1, 61):
        first, last = pick(FIRST), pick(LAST)
        email = (
            "" if chance(0.05) else f"{first}.{last}@{pick(('acme', 'globex', 'initech'))}.example".lower()
        )
        yield f"K{number:03}", first, last, email, pick(("", "", "no", "No", "0")) if chance(0.94) else "yes"


def website() -> Iterable[Row]:
    """Yield the forms that were filled in; a survey and an application are none of the five things."""
    for number in range(1, 61):
        for _ in range(pick((0, 0, 0, 1, 1, 2))):
            form, name = pick(FORMS)
            yield f"K{number:03}", ago(0, 200), form, name
    yield "K999", ago(0, 20), "demo", ""
    yield "K007", "31/02/2026", "demo", ""


def shop() -> Iterable[Row]:
    """Yield what was put in carts; when the shop tries again, an item comes twice."""
    for number in range(1, 61):
        for item in range(pick((0, 0, 0, 0, 1, 3))):
            row = (f"I{number:03}{item}", f"K{number:03}", ago(0, 150), pick(PRODUCTS))
            yield from (row, row) if chance(0.1) else (row,)


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    save(folder / "leads.csv", "contact,first_name,last_name,email,unsubscribed", leads())
    save(folder / "website.csv", "contact,time,form,name", website())
    save(folder / "shop.csv", "item,customer,added,product", shop())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
