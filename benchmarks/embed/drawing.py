"""Leads and events drawn by chance, the same in every run: some values blank, some never supplied."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from benchmarks.embed.workload import AS_OF, Record

T = TypeVar("T")

LEADS = 240

_BLANK_TEXTS = ("", "  ", None)


class Draw:
    """A source of chance that always draws the same."""

    def __init__(self, seed: int) -> None:
        """Take the seed: one for each workload."""
        self._random = Random(seed)  # noqa: S311 - data to measure with, nothing to keep secret

    def among(self, options: Sequence[T]) -> T:
        """Return one of some options."""
        return self._random.choice(options)

    def some_of(self, options: Sequence[T], number: int) -> list[T]:
        """Return so many different ones of some options."""
        return self._random.sample(list(options), number)

    def chance(self, share: float) -> bool:
        """Return yes in this share of all cases."""
        return self._random.random() < share

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(low, high)

    def text(self, options: Sequence[str]) -> str:
        """Return one of some texts as people type it: now and then in capitals or with spaces too many."""
        text = self.among(options)
        if self.chance(0.2):
            return text.upper()
        return "  " + text.replace(" ", "  ") if self.chance(0.1) else text

    def instant(self, days: int) -> datetime:
        """Return an instant of the last `days`; one in fifty lies in the future, one in twenty on an edge."""
        if self.chance(0.05):
            return AS_OF - timedelta(days=self.among((0, 7, 14, 30, 60, 90)))
        if self.chance(0.02):
            return AS_OF + timedelta(minutes=self.whole(1, 3_000))
        return AS_OF - timedelta(seconds=self.whole(0, days * 86_400))

    def day(self, before: int, behind: int) -> date:
        """Return a day around the as-of."""
        return AS_OF.date() + timedelta(days=self.whole(-before, behind))

    def record(self, filled: Record) -> Record:
        """Return a record in which of ten values one is blank, and one has no key at all."""
        lead: Record = {}
        for name, value in filled.items():
            if self.chance(0.1):
                lead[name] = self.among(_BLANK_TEXTS) if isinstance(value, str) else None
            elif not self.chance(0.1):
                lead[name] = value
        return lead

    def properties(self, filled: Record) -> Record:
        """Return properties of an event: its keys are all there, and one value in twelve is blank."""
        return {name: None if self.chance(0.08) else value for name, value in filled.items()}

    def shuffled(self, items: list[Any]) -> list[Any]:
        """Return the same in any order."""
        self._random.shuffle(items)
        return items


TITLES = (
    "Head of Marketing",
    "Head of Facilities Management",
    "VP Sales",
    "VP",
    "Chief Marketing Officer",
    "Chief of Staff",
    "Sales Director",
    "Director of Studies",
    "Marketing Manager",
    "Product Buyer",
    "Office Manager",
    "Projektmanager",
    "Software Engineer",
    "Overhead Planner",
    "Student",
    "Geschäftsführer",
    "Procurement Lead",
    "Vice President",
    "Data Analyst",
)

PAGES = (
    "/",
    "/pricing",
    "/pricing/teams",
    "/Pricing/enterprise",
    "/blog/what-is-new",
    "/jobs/engineer",
    "/features/reports",
    "/install",
    "/docs/start",
    "/contact",
)

DOMAINS = (
    "acme.example",
    "globex.example",
    "Initech.example",
    "umbrella.example",
    "gmail.com",
    "Outlook.com",
    "gmx.net",
    "stark.example",
)


def email(draw: Draw) -> str:
    """Return an address; one in thirty has no domain."""
    name = draw.among(("jo", "sam", "kim", "lee", "max", "pat"))
    return name if draw.chance(0.03) else f"{name}@{draw.among(DOMAINS)}"
