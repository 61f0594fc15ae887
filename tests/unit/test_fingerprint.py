"""What counts for a fingerprint, and what does not."""

import time
from pathlib import Path

import pytest

from mqldsl.embed.definition import loads
from mqldsl.embed.fingerprint import fingerprint
from mqldsl.pipeline import load_definition

ROOT = Path(__file__).parents[2]
TEXT = """
## What we agreed.
definition "Leads" version 3
  owners sales, marketing
  effective 2026-03-01
  time zone "Europe/London"
  currency GBP
  business hours mon-fri 09:00-17:30
  review every 90d

lead:
  title: text, required
  source: text, missing when "Select", "N/A"
  opted_out: yes/no, missing means no
  timeframe: one of (now < later)
  budget: money, from "Budget"
  tags: set of text

account:
  revenue: money

event visit: page text, seconds number
event demo_request, kept for 90d
record deal: amount money

list deciders: "Head of *", "VP *", "Chief * Officer"
list sizes: 10, 20, 30
list mail from "mail.csv"

clause decides: title in deciders
clause round_one: budget in sizes
clause tagged: tags has any of deciders
clause speaks: title contains any of mail
clause known: source not in mail
clause keen "Keen":
  any of
    - visits >= 3 within 30d
    - "Asked": demo_request within 14d

score interest from 0 to 100:
  +5 per visit within 30d, up to 25
  +30 when keen, because "keen"
  group "Profile" up to 10:
    +10 when decides
value double: 2 * interest
value counted: visits ever
grade heat of interest: A from 50, B from 25, otherwise C

table tier gives level:
  | title | level |
  | "VP"  | gold  |
  | "CEO" | lead  |
  | any   | iron  |

decide handling:
  sales when keen and decides, due within 2 business hours, to evenly (jo, kim), because "keen"
  nurture when decides
  otherwise remove
decide second:
  yes_please when keen
  otherwise no_thanks

example "Nobody":
  lead title "Buyer"
  expect handling remove

promise "visits help": more visits never lowers interest
"""
FILES = {"mail.csv": "a.example\nb.example\n", "c.csv": "b.example\na.example\n"}


def of(text: str = TEXT, mail: str = FILES["mail.csv"]) -> str:
    return loads(text, files={**FILES, "mail.csv": mail}).fingerprint


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return of(TEXT.replace(old, new, 1))


SAME = {
    "a remark": ("clause decides", "# who may sign\nclause decides"),
    "a doc comment": ("## What we agreed.", "## What they agreed."),
    "layout": ("clause decides: title in deciders", "clause decides:\n  title   in deciders"),
    "brackets": ("title in deciders", "(title in deciders)"),
    "a spelling": ("within 30d", "within 30 days"),
    "a plural": ("demo_request within", "demo_requests within"),
    "a label": ('clause keen "Keen"', 'clause keen "Very keen"'),
    "a new label": ("clause decides:", 'clause decides "Can sign":'),
    "the label of a field": ("  title: text", '  title "Job": text'),
    "the label of a bullet": ('"Asked": ', ""),
    "the label of a group": ('group "Profile"', 'group "Who it is"'),
    "the title": ('"Leads"', '"Our leads"'),
    "the version": ("version 3", "version 4"),
    "owners": ("owners sales, marketing", "owners sales"),
    "agreement": ("  review every 90d", '  review every 90d\n  agreed by jo on 2026-03-01 as "abc"'),
    "the review": ("review every 90d", "review every 30d"),
    "the first day": ("effective 2026-03-01", "effective 2026-04-01"),
    "the order of a list": ('"Head of *", "VP *"', '"VP *", "Head of *"'),
    "a doubled entry": ('"Head of *", "VP *"', '"Head of *", "VP *", "head  of *"'),
    "the order of numbers": ("10, 20, 30", "30, 10, 20"),
    "the order of stand-ins": ('"Select", "N/A"', '"N/A", "Select"'),
    "the name of a file": ('"mail.csv"', '"c.csv"'),
    "a list from here": ('list mail from "mail.csv"', 'list mail: "a.example", "b.example"'),
    "the name of a list": ("list sizes: 10, 20, 30\n", "list sizes_2: 10, 20, 30\nlist sizes: 10, 20, 30\n"),
    "a window that is none": ("visits ever", "visits"),
    "an example": ("Buyer", "Seller"),
    "a promise": ("more visits never lowers", "more demo_requests never lowers"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME.keys())
def test_what_does_not_count(change: tuple[str, str]) -> None:
    assert changed(*change) == of()


DIFFERENT = {
    "a constant": ("visits >= 3", "visits >= 4"),
    "a relation": ("visits >= 3", "visits > 3"),
    "a window": ("within 30d\n", "within 31d\n"),
    "the time zone": ("Europe/London", "Europe/Paris"),
    "the currency": ("GBP", "EUR"),
    "the hours": ("17:30", "18:00"),
    "how long is kept": ("kept for 90d", "kept for 60d"),
    "a field is required": ("text, required", "text"),
    "a stand-in": ('"Select", "N/A"', '"Select"'),
    "what missing means": ("missing means no", "missing means yes"),
    "the order of ordered labels": ("(now < later)", "(later < now)"),
    "the column": ('from "Budget"', 'from "Amount"'),
    "a type": ("seconds number", "seconds money"),
    "an entry": ('"VP *"', '"CEO"'),
    "a star that is meant": ('"VP *"', '"VP \\\\*"'),
    "a reason": ('because "keen"\n  group', 'because "hot"\n  group'),
    "a reason of an outcome": ('because "keen"\n  nurture', 'because "hot"\n  nurture'),
    "the team": ("(jo, kim)", "(kim, jo)"),
    "the deadline": ("2 business hours", "3 business hours"),
    "points": ("+30 when", "+31 when"),
    "a cap": ("up to 25", "up to 26"),
    "a band": ("A from 50", "A from 51"),
    "a cell": ("| gold ", "| silver "),
    "an outcome": ("otherwise remove\ndecide", "otherwise delete\ndecide"),
    "a clause nobody asks": ("clause decides:", "clause more: budget > 3\nclause decides:"),
    "if unknown": ("title in deciders\n", "title in deciders, if unknown no\n"),
    "any and all": ("tags has any of", "tags has all of"),
    "not": ("source not in", "source in"),
}


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_counts(change: tuple[str, str]) -> None:
    text = TEXT.replace("expect handling remove", "expect not decides")
    assert change[0] in text
    assert of(text.replace(change[0], change[1], 1)) != of()


def test_names_count() -> None:
    assert of(TEXT.replace("deciders", "signers")) == of()  # of lists they do not
    assert of(TEXT.replace("decides", "signs")) != of()
    assert of(TEXT.replace("budget", "money_there")) != of()


def test_the_order_of_declarations_does_not_count() -> None:
    assert of(without("clause decides: title in deciders\n") + "clause decides: title in deciders\n") == of()
    first = "decide second:\n  yes_please when keen\n  otherwise no_thanks\n"
    head, _, rest = without(first).partition("\nlead:")
    assert of(f"{head}\n{first}\nlead:{rest}") != of(), "which decide comes first is the verdict"


def without(part: str) -> str:
    assert part in TEXT
    return TEXT.replace(part, "", 1)


def test_the_order_of_rows_counts() -> None:
    five, thirty = "  +5 per visit within 30d, up to 25\n", '  +30 when keen, because "keen"\n'
    assert changed(five + thirty, thirty + five) != of()
    vp, ceo = '  | "VP"  | gold  |\n', '  | "CEO" | lead  |\n'
    assert changed(vp + ceo, ceo + vp) != of()


def test_files_count_by_their_content() -> None:
    assert of(mail="b.example\n\na.example") == of()
    assert of(mail="b.example\nc.example") != of()


def test_a_used_file_is_as_good_as_its_text() -> None:
    one = "lead:\n  a: number\n  b: number\nclause x: a > 3\nclause y: b > 3\n"
    two = loads(
        'use "more.mql"\nlead:\n  a: number\nclause x: a > 3\n',
        files={"more.mql": "lead:\n  b: number\nclause y: b > 3\n"},
    )
    assert two.fingerprint == loads(one).fingerprint


def test_its_form_is_kept() -> None:
    # People keep fingerprints. If this fails and the meaning is the same, give `FORM` a new number.
    assert of() == "mql1:e2409330bdc19b0c0f283fd27f0bb260f325389cd373108588cf8536ec84014b"


def test_every_pack_has_its_own() -> None:
    files = sorted((ROOT / "rules").glob("*/*.mql"))
    assert len({fingerprint(load_definition(path)) for path in files}) == len(files)


def test_a_large_definition_has_one_soon() -> None:
    clauses = "".join(
        f"clause c{number}: title in names and visits >= {number % 7 + 1} within {number % 30 + 1}d\n"
        for number in range(1_000)
    )
    names = ", ".join(f'"name {number} *"' for number in range(100))
    definition = loads(f"lead:\n  title: text\nevent visit\nlist names: {names}\n{clauses}")
    start = time.perf_counter()
    assert definition.fingerprint
    assert time.perf_counter() - start < 0.5
