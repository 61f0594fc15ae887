"""Make leads.csv and contacts.csv of this folder; projects.csv is written by hand.

    python make_sample.py [FOLDER]

The leads are invented. Some enquire about a project that nobody sells, some write its name in their own way.
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
RANDOM = random.Random(23)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
INDUSTRIES = words(
    "Logistics; Light industry; Health care; health  care; Professional services; Trades; Farming"
)
SIGNERS = words(
    "Owner; Partner; Finance Director; Head of Operations; office manager; Chief Executive Officer"
)
OTHERS = words("Storekeeper; Student; Assistant; Receptionist; ")
PROBLEMS = words("the lease runs out; no room for the vans; rent eats the margin; nobody wants to commute")
SIGNS = words("survey; feedback_form; space_check; rent_benchmark")
PROJECTS = words(
    "Wattle Yards; Harbour Gate; IRONBARK WORKS; Tea Tree Terrace; hakea hub; Spinifex  Sheds; Other; "
    "Mallee House; Casuarina Cove; Snowgum Sheds; waratah wharf; Redgum Road; ; Boronia Studios"
)
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
    """Yield the leads; three of four are clients that the developer wants."""
    for number in range(1, 101):
        wanted = chance(0.75)
        people: object = whole(10, 400) if wanted else pick((1, 2, 4, 2_500))
        if chance(0.08):
            people = pick(("", "about 50"))
        title = pick(SIGNERS if chance(0.7) else OTHERS)
        yield (
            f"B{number:03}",
            pick(FIRST),
            pick(LAST),
            title,
            pick(INDUSTRIES[:6] if wanted else INDUSTRIES),
            people,
        )


def contacts() -> Iterable[Row]:
    """Yield what happened between the leads and us: lead, kind, local time, and what it was about."""
    for number in range(1, 101):
        lead = f"B{number:03}"
        height = pick((0, 1, 1, 2, 3))
        newest = pick((0, 0, 5, 60))
        for _ in range(whole(1, 5) if height else 0):
            yield lead, "site_visit", local(newest, 200), pick(("/", "/projects", "/about", "/parking"))
        for kind in ("teaser_click", "invitation", "evening"):
            if height and chance(0.3):
                yield lead, kind, local(newest, 200), ""
        favourite = pick(PROBLEMS)
        for _ in range(whole(1, 4) if height >= 2 else 0):
            yield lead, "article", local(newest, 150), favourite if chance(0.7) else pick(PROBLEMS)
        for _ in range(whole(1, 3) if height == 3 else 0):
            yield lead, pick(SIGNS), local(newest, 120), ""


def enquiries() -> Iterable[Row]:
    """Yield the enquiries of the last days, and the calls; those of this morning still wait for theirs."""
    for number, project in enumerate(PROJECTS * 2):
        lead = f"B{number * 3 + 3:03}"
        if chance(0.4):
            yield lead, "enquiry", f"2026-03-10 08:{whole(5, 58):02}", project
        else:
            day = f"2026-03-0{whole(4, 9)}"
            yield lead, "enquiry", f"{day} 14:{whole(0, 59):02}", project
            if chance(0.65):
                yield lead, "phone_call", f"{day} 15:{whole(0, 40):02}", ""


def local(newest: int, oldest: int) -> str:
    """Write a time as the clock on the wall shows it."""
    return ago(newest, oldest)[:16].replace("T", " ")


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    save(folder / "leads.csv", "lead,first_name,last_name,title,industry,employees", leads())
    save(folder / "contacts.csv", "lead,what,local_time,about", [*contacts(), *enquiries()])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
