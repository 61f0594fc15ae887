"""The lines of an explanation: their words, what their pieces are, and how they look."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.explanation import explanation_of
from mqldsl.explain.told import Role, Told, change_told, explanation_told
from mqldsl.front.explained import drawn
from mqldsl.front.screen import as_text
from mqldsl.pipeline import check_text

TEXT = """
definition "Told" version 1
  time zone "Europe/London"

lead:
  title:     text
  budget:    money
  employees: number
  opted_out: yes/no

event visit
event complaint

clause known "Can be reached": title is known
clause fits:
  all of:
    - "Large": employees >= 100
    - budget >= 50k
clause keen: visits >= 2

score fit from 0 to 100:
  +40 when fits
  first of:
    +20 when keen
    +5 when visit
score seen: +1 per visit
score upset: -1 per complaint
score both:
  +1 per visit
  -1 per complaint
grade profile of fit: A from 60, otherwise B
value half: budget / 2

decide handling:
  remove when opted_out
  sales when fit >= 20, due within 60 minutes, to "north", because "a good fit"
  otherwise nurture
"""
LEAD = {"title": "VP", "employees": 200, "budget": "", "opted_out": ""}
VISITS = [
    {"kind": "visit", "at": "2026-03-09T09:00:00Z"},
    {"kind": "visit", "at": "2026-03-08T10:30:07Z", "id": "E2"},
]
SAID = """\
lead-1 as of 2026-03-10 09:00 (Europe/London)

Clauses
  yes      known "Can be reached": title is known
             title: "VP"
  unknown  fits: all of
      yes      "Large": employees >= 100
                 employees: 200
      unknown  budget >= 50k
                 budget: blank
  yes      keen: visits >= 2
             visits: 2, 2026-03-09 09:00, 2026-03-08 10:30:07 (E2)

Scores
  fit: 20 (from 20 to 60 possible)
        0  +40 when fits (from 0 to 40 possible)
      +20  first of
      +20    +20 when keen
  seen: 2
       +2  +1 per visit
  upset: 0 (0 or less possible)
        0  -1 per complaint (0 or less possible)
  both: 2 (2 or less possible)
       +2  +1 per visit
        0  -1 per complaint (0 or less possible)

Grades and values
  profile: B (or A)
  half: blank

handling: sales
  unknown  remove when opted_out
> yes      sales when fit >= 20, due within 60 minutes, to "north", because "a good fit"
  yes      otherwise nurture
  reason   a good fit
  due      2026-03-10 10:00
  team     north
  certain  no, it could also be remove
  missing  opted_out
  become   remove with opted_out: yes
  become   nurture with visit: 1"""


def told(
    lead: Mapping[str, Any], events: Sequence[Mapping[str, Any]] = (), feeds: Collection[str] = ()
) -> list[Told]:
    model = check_text(TEXT).model
    assert model is not None
    situation = Giver(model).situation(lead, events, as_of="2026-03-10T09:00:00Z", feeds=feeds)
    evaluation = Evaluation(model, situation)
    return list(explanation_told(explanation_of(evaluation), evaluation.zone))


def test_every_sort_of_line() -> None:
    assert "\n".join(line.text for line in told(LEAD, VISITS, ["visit"])) == SAID


def test_what_is_not_supplied_leaves_points_without_an_end() -> None:
    said = [line.text for line in told({**LEAD, "opted_out": "yes"})]
    assert "  seen: 0 (0 or more possible)" in said
    assert "  both: 0 (anything possible)" in said
    assert said[-4:] == [
        "  certain  yes, nothing that is missing could change it",
        "  because  opted_out: yes",
        "  become   sales with visit: 2; opted_out: no",
        "  become   nurture with opted_out: no",
    ]


def test_when_it_changes() -> None:
    said = change_told(datetime(2026, 4, 7, 9, tzinfo=UTC), ZoneInfo("Europe/London"))
    assert said.text == "  changes  2026-04-07 10:00, if nothing more happens"
    assert change_told(None, ZoneInfo("UTC")).text == "  changes  not by itself"


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_has_its_colour(role: Role) -> None:
    line = drawn(Told((("b\n\u202e", role), ("c", "plain")), indent=2, hang=3))
    assert (line.text.plain, line.hang) == (r"  b\n\u202ec", 3)
    coloured = [line.text.plain[span.start : span.end] for span in line.text.spans]
    assert coloured == ([] if role == "plain" else [r"b\n\u202e"])


def test_what_is_seen_in_colour() -> None:
    shown = as_text(map(drawn, told(LEAD, VISITS, ["visit"])), 60, colours=True)
    for line in (
        "\x1b[1mClauses\x1b[0m",
        '  \x1b[32myes      \x1b[0m\x1b[1mknown\x1b[0m "Can be reached": title is known',
        "             \x1b[2mvisits: 2, 2026-03-09 09:00, 2026-03-08\x1b[0m",
        "               \x1b[2m10:30:07 (E2)\x1b[0m",
        "\x1b[2m        0  \x1b[0m+40 when fits (from 0 to 40 possible)",
        "\x1b[32m      +20  \x1b[0mfirst of",
        "\x1b[1mhandling\x1b[0m: \x1b[1;36msales\x1b[0m",
        "\x1b[1;36m  \x1b[0m\x1b[33munknown  \x1b[0mremove when opted_out",
        "\x1b[2m  certain  \x1b[0m\x1b[33mno, it could also be remove\x1b[0m",
    ):
        assert line in shown.split("\n")
