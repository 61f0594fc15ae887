"""Fixed definitions, a subject each, that between them say every construct; and situations at their boundaries."""

import unicodedata
from collections.abc import Mapping
from typing import Final

import attrs

from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Note
from mqldsl.evaluate.situation import Company, Event, Facts, Lead, Situation
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Maker

SITUATIONS: Final = 10

SCHEMA: Final = """
definition "Engines" version 1
  time zone "Europe/London"
  currency GBP
  business hours mon-fri 09:00-17:30

lead:
  title: text
  email: text
  industry: one of (software, healthcare, retail)
  timeframe: one of (now < soon < later)
  employees: number
  budget: money
  buys_on: date
  created: time
  opted_out: yes/no, missing means no
  tags: set of text
  channels: set of one of (mail, phone)

account:
  revenue: money
  country: text
  since: date

event visit: page text, seconds number, session text, paid yes/no
event demo: topic one of (intro < deep), price money, on_day date, at_time time
event call, kept for 90d
account event release: result one of (good < fair < bad)
record deal: stage text, amount money

list decision_makers: "Head of *", "* Director", "VP", "Chief * Officer"
"""

DEFINITIONS: Final[Mapping[str, str]] = {
    "numbers": """
clause a: employees between 10 and 500
clause b: employees != 50 and budget < 20k
clause c: employees in (10, 50, 2.5)
value share: budget / employees
value weighed: 0.7 * employees - (budget - 3) * 0.1
value rough: employees / 3 rounded to 2
value back: -employees
""",
    "texts": """
clause a: title = "VP Sales"
clause b: title != email
clause c: title contains "sales" or title starts with "vp"
clause d: title mentions any of ("sales", "50%") or title ends with any of ("_x", "officer")
value where_from: domain of email
clause e: domain of email in ("gmail.com", "*.org")
""",
    "entries": """
clause a: title in decision_makers
clause b: title not in ("a*b", "*", "x")
clause c: tags has "Sales" or tags has any of ("VP *", "x")
clause d: tags has all of ("sales", "x") and not channels has mail
clause e: channels has any of (mail, phone)
""",
    "patterns": """
clause a: title matches "^head of"
clause b: title matches "(vp|chief) [a-z]+$" or email matches "@"
""",
    "letters beyond ASCII in patterns": """
clause a: title matches "é"
""",
    "labels": """
clause a: industry is software
clause b: timeframe <= soon
clause c: industry not in (retail, healthcare)
value best: highest of (timeframe, first known of (timeframe))
clause d: best is later
""",
    "known and missing": """
clause a: employees is known
clause b: budget / employees is missing
clause c: opted_out is missing or opted_out
clause d: tags is known and email is missing
value first_one: first known of (employees, days since buys_on, 7)
value text_one: first known of (title, email)
value least: lowest of (employees, days since created)
""",
    "several of some": """
clause a: at least 2 of (opted_out, employees > 5, budget > 5, title is known)
clause b: exactly 1 of (opted_out, employees > 5, budget > 5)
clause c: at most 1 of (a, b, employees > 50)
clause d: none of (a, b)
clause e: employees > 5, if unknown no
clause f: not (e or b)
clause g: c is yes and not d
""",
    "days": """
clause a: buys_on within 30d
clause b: buys_on within next 6 months
clause c: buys_on this quarter or buys_on since 2026-03-01
clause d: buys_on from 60d to 1 month ago
value ago: days since buys_on
value ahead: days until buys_on
clause e: buys_on before account.since
""",
    "times": """
clause a: created within 12h
clause b: created within next 2 months
clause c: created today or created before 2026-03-29 01:30
clause d: created since buys_on
value ago: days since created
clause e: created > 2026-01-01 09:00
""",
    "windows": """
clause a: visits >= 2 within 7d
clause b: visit within 24h
clause c: no visit from 14d to 7d ago
value some: visits within 3 months
value more: visits within 30d + demos from 2 months to 1 month ago
clause d: visits within 7d > visits from 14d to 7d ago
""",
    "calendar windows": """
clause a: visit today
clause b: visits this week >= 2
value of_month: visits this month
value of_quarter: demos this quarter
value of_year: visits this year
""",
    "windows from a day or an event": """
clause a: visit since 2026-03-01
clause b: visit since buys_on
value before_it: visits before created
value behind: visits within 7d of first demo
value behind_last: visits within 1 month of last demo
""",
    "brackets": """
clause a: visits(page = "/pricing" and seconds > 20) >= 1
clause b: visit(seconds > employees)
value some: visits(paid or page starts with "/p") within 30d
clause c: demo(topic is deep and price between 10 and 500)
clause d: demo(on_day = buys_on or at_time before created)
""",
    "different ones": """
value pages: distinct page of visits
value days: distinct days of visits within 1 month
value topics: distinct topic of demos
value prices: distinct price of demos
value most_pages: most visits by page
value most_paid: most visits(seconds > 1) by paid
""",
    "totals": """
value a: total seconds of visits within 30d
value b: average seconds of visits
value c: highest seconds of visits
value d: lowest price of demos
value e: highest on_day of demos
value f: lowest topic of demos
value g: total amount of deals(stage = "won")
value h: highest at_time of demos
""",
    "first and last": """
value a: latest page of visits
value b: earliest seconds of visits
value c: latest topic of demos within 30d
value d: latest paid of visits
value e: earliest on_day of demos
value f: days since last visit
value g: days since first demo
clause h: days since last visit > 3
""",
    "kept": """
clause a: calls >= 2 within 60d
clause b: no call within 1y
value c: calls
clause d: calls + visits >= 3 within 30d
value e: days since last call
value f: distinct days of calls
""",
    "one after another": """
value a: visits then demo
value b: visit then demos in 3d
value c: (visit then demos) within 30d
clause d: visit then demo then call in 1 month
value e: visits(seconds > 20) then visits in 1h
""",
    "the same": """
value a: visits then visits with same page
value b: visit then visits in 2d with same session
clause c: demo then demo with same topic in 1 month
""",
    "none after another": """
value a: visits then no demo
value b: visits then no demo in 3d
clause c: visits(paid) then no call in 7d
""",
    "business time": """
value a: visits then demo in 2 business hours
decide handling:
  sales when visit within 2d, due within 3 business hours of last visit
  otherwise nurture, due within 1 business day
""",
    "idle": """
score s from -50:
  +20 when visit
  -10 per 30d without visit
  -1 per 1 month without activity
score t, halving every 30d without visit:
  +100 when demo
""",
    "kinds together": """
event contact: any of (visit, demo(price > 10), call)
event last_week: activity within 7d
clause a: contacts >= 2 within 30d
value b: activity
value c: last_weeks
value d: distinct price of contacts
""",
    "companies": """
clause a: account.revenue >= 1M
clause b: account.country = "UK" or account.since within 1y
clause c: releases(result = good) then no release(result != good) >= 1
value d: releases within 6 months
value e: latest result of releases
value f: account.visits within 30d
""",
    "people": """
clause decides: title in decision_makers
clause committee: people(decides and visit within 30d) >= 2
value interest: total employees of people
value best: highest timeframe of people
value several: people(employees > 10)
""",
    "records": """
clause a: deals(stage = "won" and amount > 100) >= 1
clause b: no deal
value c: average amount of deals
value d: most deals by stage
""",
    "points": """
score s from 0 to 100:
  +40 when title in decision_makers, because "can decide"
  -15 when opted_out
  +5 per visit within 30d, up to 25
  +2 per 10 of total seconds of visits
  +3 per demo, once per 7d
  +1 per visit, at most 2 per 1 month
""",
    "shrinking points": """
score s:
  +20 per demo within 90d, halving every 30d
  +10 per visit, losing 2 every 7d
  +30 when demo within 60d, halving every 14d
""",
    "a share that is lost": """
score s:
  +8 per visit(paid), losing 25% every 1 month
  +30 when demo within 60d, losing 10% every 14d
""",
    "points by value": """
score s from -10 to 50:
  by employees: 20 from 1000, 15 from 50, otherwise 1
  by timeframe: 20 for now, 10 for soon, 2 for missing, otherwise 0
  by title: 5 for decision_makers, 3 for ("VP Sales", "x")
  first of:
    +9 when employees > 500
    +4 per visit within 7d, up to 8
    +1 when opted_out
  group "interest" from 0 up to 15:
    +10 when visit within 30d
    +10 when demo
    -30 when opted_out
""",
    "grades": """
score fit from 0 to 100:
  +40 when employees between 50 and 500
  +40 when timeframe is now
score heat from 0 to 100:
  +50 when visit within 30d
  +30 per demo
grade g of fit: A from 80, B from 40, otherwise C
grade h of heat: 1 from 75, 2 from 50, otherwise 3
matrix m of g by h:
  |   | 1    | 2    | 3    |
  | A | hot  | warm | cold |
  | B | warm | warm | cold |
  | C | warm | cold | cold |
clause a: g >= B and m is not cold
value total: 0.4 * fit + 0.6 * heat
value word: first known of (title, email)
""",
    "tables": """
table t gives tier, price:
  | industry         | employees  | timeframe | tier   | price |
  | software, retail | 100 to 500 | any       | gold   | 100   |
  | any              | >= 500     | now       | silver | 50    |
  | missing          | any        | any       | bronze | 7.5   |
  | healthcare       | missing    | soon      | bronze | 5     |
clause a: t.tier is gold
value b: t.price * 2
""",
    "decisions": """
value tier:
  "large" when employees >= 500
  "small" when employees < 50
  otherwise "middle"
clause keen: visits >= 2 within 30d
decide handling:
  remove when opted_out, because "asked us to stop"
  sales when keen and tier = "large", due within 60 minutes, to title, because "large"
  sales when keen and budget > 100, due within 2 days of last visit, to evenly (ann, bob, cid, ann)
  nurture when tier != "small" or demo, due within 1 month, to inside
  otherwise remove
decide second:
  "call back" when handling is sales
  otherwise wait
""",
}


def model_of(name: str) -> ir.Model:
    """Return a definition as a model."""
    checked = check_text(SCHEMA + DEFINITIONS[name])
    assert checked.model is not None, [(each.code, each.message) for each in checked.findings]
    return checked.model


def situations_of(name: str, model: ir.Model) -> list[Situation]:
    """Return situations for a definition, the same each time."""
    maker = Maker(Boundaries(model), Random(f"engines/{name}"), faults=True)
    giver = Giver(model)
    found = []
    for _ in range(SITUATIONS):
        notes: list[Note] = []
        found.append(giver.question(**maker.situation().as_arguments(), notes=notes))
    return [_in_range(situation) for situation in found]


def _in_range(situation: Situation) -> Situation:
    """Return a situation with texts in NFC and middling numbers: of others some engines say that they cannot."""
    company = situation.company
    if company is not None:
        people = None if company.people is None else tuple(map(_lead, company.people))
        company = Company(_facts(company.fields), tuple(map(_event, company.events)), people)
    return attrs.evolve(situation, lead=_lead(situation.lead), company=company)


def _lead(lead: Lead) -> Lead:
    return Lead(lead.id, _facts(lead.fields), tuple(map(_event, lead.events)))


def _event(event: Event) -> Event:
    return attrs.evolve(event, properties=_facts(event.properties))


def _facts(facts: Facts) -> Facts:
    return {name: _plain(value) for name, value in facts.items()}  # type: ignore[misc] # as it was


def _plain(value: object) -> object:
    match value:
        case str():
            composed = unicodedata.normalize("NFC", value).replace("\u017f", "s")
            return "".join(each for each in composed if not unicodedata.combining(each)) or "x"
        case tuple():
            return tuple(map(_plain, value))
        case float() if value and not 1e-9 < abs(value) < 9e12:
            return 7.0
        case _:
            return value
