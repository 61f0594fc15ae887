"""Make users.csv, usage.csv and handovers.csv of this folder; the list of public mail domains is written by hand.

    python make_sample.py [FOLDER]

The users are invented. Of two in five the vendor knows nothing, of some the product has no company size.
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
RANDOM = random.Random(31)  # noqa: S311 - a sample, no secret


def words(text: str) -> tuple[str, ...]:
    """Return what stands between the semicolons."""
    return tuple(text.split("; "))


FIRST = words("Amara; Ben; Chloe; Dilip; Elena; Farid; Grace; Hugo; Imani; Jonas; Kezia; Liam")
LAST = words("Abbott; Bianchi; Carver; Desai; Fowler; Grant; Hughes; Iqbal; Jensen; Kaya; Lowe")
TITLES = words(
    "CTO; VP Engineering; Director of Platform; Engineering Manager; Team Lead; Engineer; Developer; "
)
DOMAINS = words("acme.example; globex.example; hooli.example; gmail.com; Outlook.com; proton.me")
FEATURES = words("boards; wiki; runners; Boards")
AI = words("suggestions; chat; summaries; review")
STAGES = words("plan; build; test; deploy")
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
    """Return the status of a user, the same for both tables."""
    return ("trial", "trial", "active", "Active", "trial", "churned", "active")[number % 7]


def users() -> Iterable[Row]:
    """Yield the users."""
    for number in range(1, 101):
        known = chance(0.6)
        engaged = whole(0, 60) if chance(0.6) else whole(50, 150)
        yield (
            f"U{number:03}",
            f"{pick(FIRST)}.{pick(LAST)}{number}@{pick(DOMAINS)}".lower(),
            pick(TITLES),
            status_of(number),
            pick(("", whole(1, 49), whole(50, 900), whole(50, 5_000))),
            "" if chance(0.1) else engaged,
            pick("ABCD") if known else "",
            pick(("strong", "Moderate", "weak")) if known else "",
            pick(("", whole(1, 5))),
            pick(("yes", "no")),
            pick(("EMEA", "AMER", "APAC", "LATAM")),
            pick(("SMB", "Mid-Market", "Enterprise")),
        )


def usage() -> Iterable[Row]:
    """Yield what the users did in the product."""
    for number in range(1, 101):
        user, begun = f"U{number:03}", whole(1, 60)
        if status_of(number) == "trial":
            yield user, ago(begun, begun), "trial_started", ""
        for event, names, most in (
            ("feature_used", FEATURES, 6),
            ("ai_used", AI, 4),
            ("stage_enabled", STAGES, 3),
        ):
            for _ in range(whole(0, most)):
                yield user, ago(0, max(0, begun - 1)), event, pick(names)


def handovers() -> Iterable[Row]:
    """Yield the days on which a user went to sales."""
    for number in range(4, 101, 11):
        yield f"U{number:03}", ago(1, 200)[:10]


def save(path: Path, header: str, rows: Iterable[Row]) -> None:
    """Write a table: UTF-8, commas, line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    columns = "user_id,email,job_title,status,company_size,engagement_score,grade,profile,propensity"
    save(folder / "users.csv", f"{columns},has_account,region,segment", users())
    save(folder / "usage.csv", "user_id,at,event,name", usage())
    save(folder / "handovers.csv", "user_id,day", handovers())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
