"""Make the data of this folder: leads.csv and events.csv.

    python make_sample.py [FOLDER]

The leads are invented. The untidy cells are not: sizes such as `100-500`, job titles in any case, rows of nobody.
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
RANDOM = random.Random(11)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
BUYERS = words("Product Buyer; Marketing Manager; marketing manager; Head of IT; HEAD OF  IT")
OTHERS = words("Accountant; Student; Marketing Assistant; Head of Interior Design; Product Manager; ")
PAGES = words("/; /product; /customers; /blog/profile; /blog/interest; /prices")
SENT = ("email sent", "mailing sent")
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
    """Yield the leads; half of them have a good profile."""
    for number in range(1, 81):
        size: object = whole(100, 500) if chance(0.65) else whole(1, 9_000)
        if chance(0.15):
            size = pick(("unknown", "", "", "100-500", f"{size:,}"))
        yield f"P{number:03}", pick(FIRST), pick(LAST), pick(BUYERS if chance(0.7) else OTHERS), size


def events() -> Iterable[Row]:
    """Yield what we sent and what the leads did: a third are keen, a third look now and then, a third are silent."""
    for number in range(1, 81):
        lead = f"P{number:03}"
        keen = pick((0.0, 0.2, 0.9))
        for _ in range(whole(0, 5)):
            yield lead, pick(SENT), ago(0, 120), ""
        for _ in range(whole(2, 6) if keen > 0.5 else whole(0, 2) if keen else 0):
            yield lead, "visit", ago(0, 40), pick(PAGES)
        for what in ("demo", "newsletter", "blog"):
            if chance(keen / 3):
                yield lead, what, ago(0, 120), ""
    yield "", "visit", ago(0, 40), "/"
    yield "P999", "demo", ago(0, 40), ""
    yield "P004", "visit", "last week", "/prices"


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    save(folder / "leads.csv", "id,first_name,last_name,job_title,company_size", leads())
    save(folder / "events.csv", "lead,what,at,page", events())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
