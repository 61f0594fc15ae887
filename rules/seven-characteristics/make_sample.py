"""Make the data of this folder: leads.csv, visits.csv and forms.csv.

    python make_sample.py [FOLDER]

The leads are invented. Half of the cells stay empty, as on a form of which only the name must be filled in.
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
RANDOM = random.Random(5)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FAMILY = words("Abe; Endo; Fujita; Goto; Hara; Ito; Kato; Mori; Ono; Sato; Ueda; Wada")
GIVEN = words("Aiko; Daichi; Emi; Haruto; Kaede; Mei; Ren; Sora; Takumi; Yui")
DECIDERS = words("Head of Marketing; Sales Director; president; Chief Marketing Officer; Director of Sales")
OTHERS = words("Marketing Assistant; Intern; Sales Representative; Deputy")
INDUSTRIES = words("Software; SOFTWARE; Manufacturing; Staffing; Real Estate; Education; Shipping; -")
PAINS = words("leads go cold; Sales and marketing disagree; reports by hand; slow website")
CRM = words("Salesforce; kintone; HubSpot; Excel")
AUTOMATION = words("Marketo; marketo engage; Pardot; HubSpot; Account Engagement; Home-made")
CMS = words("WordPress; Drupal; HubSpot; MovableType")
TOPICS = words("Handing over; Scoring; Reports that nobody dreads")
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


def known(share: float, cell: Choice) -> Choice | str:
    """Return the cell, or in the other cases an empty one."""
    return cell if chance(share) else ""


def leads() -> Iterable[Row]:
    """Yield the leads; the better the contact, the more is known."""
    for number in range(1, 91):
        share = pick((0.4, 0.75, 0.95))
        budget = pick(("none this year", f"JPY {whole(1, 9)},000,000", whole(3, 12) * 1_000_000, "TBD"))
        revenue = pick(("not public", whole(50, 1_500) * 1_000_000))
        yield (
            f"C{number:03}",
            f"{pick(FAMILY)} {pick(GIVEN)}",
            known(0.95, pick(DECIDERS if chance(0.8) else OTHERS)),
            known(share, pick(INDUSTRIES)),
            known(share, budget if chance(0.4) else whole(3, 12) * 1_000_000),
            known(share, " / ".join(sorted({pick(PAINS), pick(PAINS)}))),
            known(share, pick(CRM)),
            known(share, pick(AUTOMATION[:5] if chance(0.7) else AUTOMATION)),
            known(share, pick(CMS)),
            known(share, revenue),
            known(share, f"{whole(20, 3_000):,}"),
        )


def visits() -> Iterable[Row]:
    """Yield the visits of the leads."""
    for number in range(1, 91):
        for _ in range(pick((0, 1, 2, 4, 7))):
            yield f"C{number:03}", ago(0, 120), pick(("/", "/cases", "/prices", "/blog/handing-over"))


def forms() -> Iterable[Row]:
    """Yield the forms that were filled in; times are written as they are in Japan."""
    for number in range(1, 91):
        for form, share in (("Seminar", 0.4), ("Download", 0.5), ("Call me", 0.2), ("Contact", 0.15)):
            if chance(share):
                sent = ago(0, 90).replace("-", "/").replace("T", " ")[:16]
                yield (
                    f"C{number:03}",
                    sent,
                    form,
                    pick(TOPICS) if form in ("Seminar", "Download") else "Please call",
                )


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "Lead,Name,Title,Industry,Budget (JPY),Pain points,CRM,MA,CMS,Revenue (JPY),Clients"
    save(folder / "leads.csv", columns, leads())
    save(folder / "visits.csv", "Lead,At,Page", visits())
    save(folder / "forms.csv", "Lead,Sent,Form,Text", forms())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
