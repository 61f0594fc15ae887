"""Definitions of 240 clauses: over the selections of all_leads.mql, and over 240 selections of their own."""

from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).with_name("all_leads.mql")

# The selections of the twelve clauses of events; every threshold is another clause over the same.
_SELECTIONS = (
    "visits >= {n} within 7d",
    "visits >= {n} within 30d",
    'visits(page starts with "/pricing" and seconds > 20) >= {n} within 30d',
    "total seconds of visits >= {n}00 within 30d",
    "distinct days of visits >= {n} within 30d",
    'clicks(page starts with "/case/") >= {n} within 90d',
    "email_opens >= {n} within 90d",
    "webinars + whitepapers >= {n} within 90d",
    'webinars(topic = "security") >= {n} within 90d',
    "demo_requests >= {n} within 30d",
    "calls < {n} within 30d",
    "emails_sent >= {n} within 90d and engagements < {n} within 30d",
)

# The fields of the twelve static clauses.
_FIELDS = (
    "employees between {n}0 and {n}_000",
    "employees < {n}00",
    "budget >= {n}5k",
    "budget between {n}k and {n}00k",
    "buying_date within next {n} months",
    "created within {n}0d",
    'title in ("Head of *", "Chief {n} *", "* Manager {n}")',
    'domain of email not in ("gmail.com", "company{n}.example")',
    'country in ("GB", "C{n}")',
    'source starts with "web {n}"',
    "industry is not retail and employees >= {n}0",
    "opted_out or budget < {n}k",
)

_KINDS = ("visit", "click", "webinar", "whitepaper", "call")
_WINDOWS = (7, 14, 30, 60, 90)


def same_selections(clauses: int = 240) -> str:
    """Return all_leads.mql with so many clauses: no count is asked for that it does not ask for."""
    base = BASE.read_text(encoding="utf-8")
    lines = []
    for number in range(clauses - 24):
        pattern = (_SELECTIONS, _FIELDS)[number % 2][number // 2 % 12]
        lines.append(f"clause more_{number + 1}: {pattern.format(n=number // 24 + 2)}")
    head, mark, rest = base.partition("\nscore ")
    return "\n".join([head.rstrip(), "", "# The same, with other thresholds.", *lines, mark + rest])


def other_selections(clauses: int = 240) -> str:
    """Return a definition of so many clauses of which each counts other events, or in another window."""
    head = BASE.read_text(encoding="utf-8").partition("\n# What they are.")[0]
    lines = [f"clause c_{number + 1}: {each}" for number, each in zip(range(clauses), _others())]
    return "\n".join([head.rstrip(), "", *lines, "", _DECIDE])


_DECIDE = """\
decide handling:
  sales   when at least 3 of (c_1, c_2, c_3, c_4, c_5, c_6, c_7, c_8, c_9, c_10)
  nurture when any of (c_11, c_12, c_13, c_14, c_15)
  otherwise remove
"""


def _others() -> Iterator[str]:
    number = 0
    while True:
        window = _WINDOWS[number // len(_KINDS) % len(_WINDOWS)]
        match _KINDS[number % len(_KINDS)]:
            case "visit":
                yield f'visits(page starts with "/blog/{number % 97}" and seconds > {number}) >= 1 within {window}d'
            case "click":
                yield f'clicks(page contains "{number}") >= 1 within {window}d'
            case "webinar":
                yield f"total seconds of webinars(seconds < {number}) >= 60 within {window}d"
            case "whitepaper":
                yield f'whitepapers(topic != "topic {number}") >= 2 within {window}d'
            case kind:
                yield f"distinct days of {kind}s(seconds > {number}) >= 2 within {window}d"
        number += 1
