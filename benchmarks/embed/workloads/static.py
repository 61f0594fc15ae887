"""W1: three clauses about what a lead is, and a decision."""

from collections.abc import Sequence
from functools import lru_cache

from benchmarks.embed.conditions import Between, Compare, Condition, OneOf
from benchmarks.embed.drawing import LEADS, TITLES, Draw
from benchmarks.embed.folding import folded
from benchmarks.embed.workload import (
    ByHand,
    Case,
    Facts,
    ForPeers,
    Record,
    Workload,
    traced,
    verdict_only,
)

FIELDS = """\
lead:
  title:     text
  employees: number
  budget:    money
"""

CLAUSES = """\
list decision_makers:
  - "Product Buyer"
  - "Marketing Manager"
  - "Head of Marketing"
  - "VP Sales"
  - "Chief Marketing Officer"
  - "Sales Director"
  - "Vice President"
  - "Geschäftsführer"

clause right_size "100 to 500 employees": employees between 100 and 500
clause decides "Can decide": title in decision_makers
clause can_pay "Has the budget": budget >= 50k
"""

DECISION = """\
decide handling:
  sales   when right_size and decides and can_pay
  nurture when right_size and can_pay
  otherwise remove
"""

DECISION_MAKERS = frozenset(
    (
        "product buyer",
        "marketing manager",
        "head of marketing",
        "vp sales",
        "chief marketing officer",
        "sales director",
        "vice president",
        "geschäftsführer",
    )
)


@lru_cache(16_384)
def is_decider(title: str | None) -> bool | None:
    """Return whether a title is one of those who decide, once for each way to write it."""
    text = folded(title)
    return None if text is None else text in DECISION_MAKERS


def early_exit(lead: Record) -> str:
    """Return the verdict, and look at no more than it takes."""
    employees = lead.get("employees")
    if employees is None or not 100 <= employees <= 500:
        return "remove"
    budget = lead.get("budget")
    if budget is None or budget < 50_000:
        return "remove"
    return "sales" if is_decider(lead.get("title")) else "nurture"


def full_trace(lead: Record) -> tuple[str, dict[str, bool | None], list[str]]:
    """Return the verdict, every clause's answer with None for unknown, and those that fired."""
    employees, budget = lead.get("employees"), lead.get("budget")
    right_size = None if employees is None else 100 <= employees <= 500
    decides = is_decider(lead.get("title"))
    can_pay = None if budget is None else budget >= 50_000
    fired = []
    if right_size:
        fired.append("right_size")
    if decides:
        fired.append("decides")
    if can_pay:
        fired.append("can_pay")
    verdict = ("sales" if decides else "nurture") if right_size and can_pay else "remove"
    return verdict, {"right_size": right_size, "decides": decides, "can_pay": can_pay}, fired


def drawn_lead(draw: Draw) -> Record:
    """Return a lead: about half are of the right size, and half have the budget."""
    return draw.record(
        {
            "title": draw.text(TITLES),
            "employees": draw.whole(1, 900),
            "budget": draw.whole(0, 40) * 2_500,
        }
    )


STATIC: dict[str, Condition] = {
    "right_size": Between("employees", 100, 500),
    "decides": OneOf("title", tuple(sorted(DECISION_MAKERS))),
    "can_pay": Compare("budget", ">=", 50_000),
}


def static_facts(lead: Record) -> Facts:
    """Return what peers are given of a lead: its text folded."""
    return {
        "employees": lead.get("employees"),
        "title": folded(lead.get("title")),
        "budget": lead.get("budget"),
    }


def _verdict(answers: Sequence[object]) -> str:
    right_size, decides, can_pay = answers
    if right_size and can_pay:
        return "sales" if decides else "nurture"
    return "remove"


def workload() -> Workload:
    """Return W1."""
    draw = Draw(1)
    return Workload(
        "W1",
        "3 static clauses",
        f'definition "Three clauses" version 1\n\n{FIELDS}\n{CLAUSES}\n{DECISION}',
        [Case(drawn_lead(draw)) for _ in range(LEADS)],
        ("lead",),
        (ByHand("early exit", early_exit, verdict_only), ByHand("full trace", full_trace, traced)),
        (ForPeers(STATIC, lambda case: static_facts(case.lead), _verdict, "text folded"),),
    )
