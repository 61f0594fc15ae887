"""Make the data of this folder: leads.csv and activities.csv.

    python make_sample.py [FOLDER]

Everything is invented. One in seven cells of a lead is empty, and a few amounts are ranges that nobody can read.
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
RANDOM = random.Random(16)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
TITLES = words(
    "VP Marketing; vp of marketing; Vice President Marketing; Director of Sales; Sales Director; "
    "Sales Manager; Manager of Sales; Student; IT Administrator; Marketing Assistant"
)
INDUSTRIES = words("Software; software; Pharmaceutical; Pharmaceutical; Farming; Education; Retail")
SOLUTIONS = words("Competitor One; competitor two; none; spreadsheets; don't know")
PAGES = words("/products; /products/letters; /products/numbers; /; /careers; /blog/a1-to-d4")
CAMPAIGNS = words("Spring; Newsletter 3; Newsletter 4; Invitation")
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


def known(cell: Choice) -> Choice | str:
    """Return the cell, or in one of seven cases an empty one."""
    return cell if chance(0.86) else ""


def leads() -> Iterable[Row]:
    """Yield the leads."""
    for number in range(1, 101):
        millions = pick((2, 8, 40, 150, 600, 1_200, 3_000))
        revenue = pick(("100-500M", "undisclosed")) if chance(0.05) else f"{millions * 1_000_000:,}"
        yield (
            f"CON{number:04}",
            f"{pick(FIRST)} {pick(LAST)}",
            known(pick(TITLES[:3] if chance(0.4) else TITLES)),
            known(pick(INDUSTRIES[:4] if chance(0.4) else INDUSTRIES)),
            known(f"USD {revenue}" if chance(0.1) else revenue),
            known(pick(SOLUTIONS)),
            "Yes" if chance(0.05) else "No",
        )


def activities() -> Iterable[Row]:
    """Yield what the leads did; half of them did it lately, a fifth did nothing."""
    rows: list[Row] = []
    for number in range(1, 101):
        lead = f"CON{number:04}"
        lately = chance(0.6)
        oldest, looks = (8, whole(2, 7)) if lately else (90, whole(0, 5))
        if chance(0.2):
            continue
        rows += [(ago(0, oldest), lead, "PageView", pick(PAGES)) for _ in range(looks)]
        rows += [(ago(0, oldest), lead, "EmailOpen", pick(CAMPAIGNS)) for _ in range(whole(0, 4))]
        rows += [
            (ago(0, oldest), lead, "EmailClickthrough", pick(CAMPAIGNS)) for _ in range(pick((0, 0, 1, 2, 3)))
        ]
        if chance(0.55 if lately else 0.2):
            rows.append((ago(0, oldest), lead, "FormSubmit", pick(("Demo", "Guide", "Prices"))))
    for number, row in enumerate(sorted(rows, key=str), start=1):
        yield f"A{number:05}", *row


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "Contact ID,Name,Title,Industry,Annual Revenue,Current Solution,Unsubscribed"
    save(folder / "leads.csv", columns, leads())
    save(folder / "activities.csv", "Activity ID,Activity Date,Contact ID,Activity Type,Asset", activities())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
