"""What an application hands in: shapes, faults, feeds, companies and instants."""

import pickle
import sqlite3
from collections import namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from mqldsl import Account, Event, LeadError, Note
from mqldsl.embed.definition import Definition, loads
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import as_mapping, event_mapping
from mqldsl.evaluate.situation import Situation
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import check_text

TEXT = """
definition "Handed in" version 1
  time zone "Europe/London"

lead:
  title: text, required
  budget: money
  account: text, from "Company name", missing when "n/a"
  stage: one of (new, old)

account:
  revenue: number

event visit: seconds number
record deal: amount number
account event earnings_release: result text
account record office: city text
"""


def model_of(text: str = TEXT) -> ir.Model:
    model = check_text(text).model
    assert model is not None
    return model


MODEL = model_of()
GIVER = Giver(MODEL)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
OWN = {"visit", "deal"}
COMPANYS = {"earnings_release", "office"}


def question(lead: object, events: Any = None, account: object = None, **how: Any) -> Situation:
    return GIVER.question(lead, events, account, how.pop("as_of", NOON), **how)


def error_of(lead: object, events: Any = None, account: object = None, **how: Any) -> LeadError:
    with pytest.raises(LeadError) as raised:
        question(lead, events, account, **how)
    return raised.value


# ------------------------------------------------------------------ shapes


@attrs.define
class OfAttrs:
    title: str = "VP"
    budget: int = 5
    _hidden: int = 1


@dataclass
class OfDataclass:
    title: str = "VP"
    budget: int = 5


class OfPydantic2:
    def model_dump(self) -> dict[str, object]:
        return {"title": "VP", "budget": 5}


class OfPydantic1:
    __fields__ = ("title", "budget")

    def dict(self) -> Mapping[str, object]:
        return {"title": "VP", "budget": 5}


class OfSqlAlchemy:
    @property
    def _mapping(self) -> Mapping[str, object]:
        return {"title": "VP", "budget": 5}


class Plain:
    def __init__(self) -> None:
        self.title, self.budget, self._state = "VP", 5, object()


OfTuple = namedtuple("OfTuple", ["title", "budget"])
OfRevenue = namedtuple("OfRevenue", ["revenue"])


def a_row() -> sqlite3.Row:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute("select 'VP' as title, 5 as budget").fetchone()
    connection.close()
    assert isinstance(row, sqlite3.Row)
    return row


SHAPES = [
    {"title": "VP", "budget": 5},
    OfAttrs(),
    OfDataclass(),
    OfPydantic2(),
    OfPydantic1(),
    OfSqlAlchemy(),
    Plain(),
    OfTuple("VP", 5),
    a_row(),
]


@pytest.mark.parametrize("lead", SHAPES, ids=lambda lead: type(lead).__name__)
def test_a_lead_may_have_any_of_these_shapes(lead: object) -> None:
    assert dict(as_mapping(lead, "lead")) == {"title": "VP", "budget": 5}
    assert question(lead).lead.fields == {"title": "VP", "budget": 5.0}


def test_a_mapping_stays_as_it_is() -> None:
    lead: dict[str, object] = {}
    assert as_mapping(lead, "lead") is lead


# A name each, and no `repr`: one with an address of memory is another in each of xdist's workers.
NO_LEADS = {
    "nothing": None,
    "text": "VP",
    "whole number": 5,
    "number": 1.5,
    "bytes": b"",
    "list": [("title", "VP")],
    "tuple": ("VP", 5),
    "set": {"VP"},
    "class": OfAttrs,
    "function": lambda: None,
    "iterator": iter([]),
    "bare object": object(),
}


@pytest.mark.parametrize("lead", NO_LEADS.values(), ids=NO_LEADS)
def test_anything_else_is_no_lead(lead: object) -> None:
    error = error_of(lead)
    assert (error.field, error.value) == ("lead", lead)
    assert "a mapping, an object with attributes" in str(error)
    # Nothing to take as blank: it is an error also where faults are only noted.
    assert error_of(lead, notes=[]).field == "lead"


@dataclass
class Visit:
    at: datetime
    seconds: int
    kind: str = "visit"


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "visit", "at": NOON, "seconds": 20},
        {"kind": "visits", "at": "2026-07-01 13:00", "seconds": "20"},
        Event("visit", NOON, {"seconds": 20}),
        Event("visit", props={"at": NOON, "seconds": 20}),
        Visit(NOON, 20),
    ],
)
def test_an_event_may_have_any_of_these_shapes(event: object) -> None:
    (found,) = question({}, [event]).lead.events
    assert (found.kind, found.at, found.properties, found.id) == ("visit", NOON, {"seconds": 20.0}, None)


def test_an_event_by_itself_wins_over_its_properties() -> None:
    assert event_mapping(Event("visit", NOON, {"kind": "x", "at": 1, "id": 2, "seconds": 3}, id=7)) == {
        "kind": "visit",
        "at": NOON,
        "id": 7,
        "seconds": 3,
    }


def test_events_may_come_from_a_generator_and_records_have_no_time() -> None:
    def some() -> Iterator[Event]:
        yield Event("deal", props={"amount": 5}, id=17)

    (deal,) = question({}, some()).lead.events
    assert (deal.at, deal.properties, deal.id) == (None, {"amount": 5.0}, "17")


@pytest.mark.parametrize(
    "events",
    [5, "visit", {"kind": "visit"}, Event("visit", NOON)],
    ids=["number", "text", "mapping", "event"],
)
def test_events_are_several(events: object) -> None:
    assert error_of({}, events).field == "events"
    assert error_of({}, [], Account(events=events)).field == "account.events"  # type: ignore[arg-type] # on purpose


# ------------------------------------------------------------------ what comes of a lead


def test_what_is_not_there_was_not_supplied_and_what_is_empty_is_blank() -> None:
    lead = question({"title": "VP", "budget": None, "stage": " "}).lead
    assert lead.fields == {"title": "VP", "budget": BLANK, "stage": BLANK}


def test_a_lead_has_an_id_or_gets_one() -> None:
    assert question({}).lead.id == "lead-1"
    assert question({"id": ""}).lead.id == "lead-1"
    assert question({"id": 17}).lead.id == "17"
    assert question({"id": " L 17 "}).lead.id == " L 17 "


FAULTS: list[tuple[dict[str, object], Any, object, str, object, str]] = [
    ({"budget": "lots"}, None, None, "budget", "lots", "an amount without a currency, such as 1,200.50"),
    ({"stage": "elder"}, None, None, "stage", "elder", "one of new, old"),
    ({"title": ""}, None, None, "title", "", "a value, because the field is required"),
    ({}, [{"kind": "vist", "at": NOON}], None, "kind", "vist", "did you mean `visit`?"),
    ({}, [{"at": NOON}], None, "kind", None, "an event or record"),
    ({}, [{"kind": ["visit"], "at": NOON}], None, "kind", ["visit"], "an event or record"),
    ({}, [{"kind": "earnings_release", "at": NOON}], None, "kind", "earnings_release", "of the lead"),
    ({}, [{"kind": "visit"}], None, "visit.at", None, "a time"),
    ({}, [{"kind": "visit", "at": "soon"}], None, "visit.at", "soon", "a time"),
    ({}, [{"kind": "visit", "at": NOON, "seconds": "x"}], None, "visit.seconds", "x", "a number"),
    ({}, [None], None, "events", None, "a mapping"),
    ({}, None, {"revenue": "x"}, "account.revenue", "x", "a number"),
    ({}, None, Account({}, [Event("visit", NOON)]), "kind", "visit", "of the company"),
    ({}, [], Account({}, people=[({"budget": "lots"}, [])]), "budget", "lots", "an amount"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_first_fault_is_raised_or_all_are_noted(
    fault: tuple[dict[str, object], Any, object, str, object, str],
) -> None:
    lead, events, account, field, value, expected = fault
    error = error_of(lead, events, account)
    assert (error.field, error.value) == (field, value)
    assert expected in error.expected
    assert error.expected in str(error)
    assert "strict=False" in str(error)
    notes: list[Note] = []
    situation = question(lead, events, account, notes=notes)
    assert notes == [Note(field, value, error.expected)]
    assert situation.lead.fields.get(field, BLANK) is BLANK


def test_a_lenient_question_notes_everything_and_keeps_what_is_good() -> None:
    notes: list[Note] = []
    events = [{"kind": "visit", "at": "?"}, {"kind": "visit", "at": NOON, "seconds": "?"}, {"kind": "x"}]
    situation = question({"title": "VP", "budget": "?", "stage": "?"}, events, notes=notes)
    assert [note.field for note in notes] == ["budget", "stage", "visit.at", "visit.seconds", "kind"]
    assert situation.lead.fields == {"title": "VP", "budget": BLANK, "stage": BLANK}
    assert [event.properties for event in situation.lead.events] == [{"seconds": BLANK}]


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = error_of({"stage": "elder"})
    assert str(error) == (
        "`stage` is 'elder', expected one of new, old: correct it, or pass strict=False to take it as blank"
    )
    assert isinstance(error, ValueError)
    event = error_of({}, [{"kind": "vist"}])
    assert str(event) == (
        "`kind` is 'vist', expected an event or record of the lead (did you mean `visit`?): "
        "correct it, or pass strict=False to leave the event out"
    )


def test_an_error_may_be_pickled_and_shows_no_more_than_a_line() -> None:
    error = error_of({"stage": "x" * 1000})
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.field, again.value, again.expected) == (
        LeadError,
        error.field,
        error.value,
        error.expected,
    )
    assert str(again) == str(error)
    assert len(str(error)) < 200


# ------------------------------------------------------------------ feeds


@pytest.mark.parametrize(
    ("events", "account", "feeds", "supplied"),
    [
        (None, None, None, set()),
        ([], None, None, OWN),
        (None, {"revenue": 1}, None, set()),
        ([], {"revenue": 1}, None, OWN),
        (None, Account({}), None, set()),
        (None, Account({}, []), None, COMPANYS),
        ([], Account({}, []), None, OWN | COMPANYS),
        (None, None, [], set()),
        ([], Account({}, []), ["visits", "deal"], {"visit", "deal"}),
        ([], None, ("earnings_releases",), {"earnings_release"}),
        ([], None, "visit", {"visit"}),
        (None, None, iter(["visit"]), {"visit"}),
    ],
)
def test_which_kinds_are_supplied(events: Any, account: object, feeds: Any, supplied: set[str]) -> None:
    assert question({}, events, account, feeds=feeds).feeds == supplied


def test_an_unknown_feed_is_an_error() -> None:
    error = error_of({}, feeds=["visit", "dael"], notes=[])
    assert (error.field, error.value) == ("feeds", "dael")
    assert "`deal`" in error.expected
    assert "strict" not in str(error)


# ------------------------------------------------------------------ companies


@pytest.mark.parametrize(
    ("lead", "account", "has_company"),
    [
        ({}, None, False),
        ({"account": "acme"}, None, True),
        ({"Company name": "acme"}, None, True),
        ({"Company name": " "}, None, False),
        ({"Company name": "N/A"}, None, False),
        ({"Company name": "", "account": "acme"}, None, False),
        ({}, {}, True),
        ({}, Account(), True),
    ],
)
def test_who_has_a_company(lead: dict[str, object], account: object, has_company: bool) -> None:
    assert (question(lead, account=account).company is not None) is has_company


def test_a_key_that_the_definition_does_not_know_makes_no_company() -> None:
    giver = Giver(model_of("lead:\n  title: text\n"))
    assert giver.question({"account": "acme"}, None, None, NOON).company is None


@pytest.mark.parametrize("account", [{"revenue": 5}, Account({"revenue": 5}), OfRevenue(5)])
def test_a_company_in_any_shape(account: object) -> None:
    company = question({}, account=account).company
    assert company is not None
    assert company.fields == {"revenue": 5.0}
    assert (company.events, company.people) == ((), None)


def test_an_account_has_events_and_people() -> None:
    account = Account(
        {"revenue": 5},
        events=(Event(kind, NOON, {"result": "good"}) for kind in ["earnings_release"]),
        people=(
            (lead, iter([Event("visit", NOON)])) for lead in [{"title": "VP", "id": 7}, {"title": "CEO"}]
        ),
    )
    for _ in range(2):  # whatever was handed in, it can be looked at again
        company = question({"id": "L1"}, [], account).company
        assert company is not None
        assert [event.properties for event in company.events] == [{"result": "good"}]
        assert company.people is not None
        assert [(lead.id, lead.fields["title"], len(lead.events)) for lead in company.people] == [
            ("7", "VP", 1),
            ("L1/2", "CEO", 1),
        ]


def test_people_may_lack_events_where_no_events_are_supplied() -> None:
    account = Account({}, people=[({"title": "VP"}, None)])
    company = question({}, None, account).company
    assert company is not None
    assert company.people is not None
    assert company.people[0].events == ()
    assert error_of({}, [], account).field == "account.people"


@pytest.mark.parametrize("people", [[{"title": "VP"}], [({"title": "VP"},)], 5, {"title": "VP"}])
def test_people_are_pairs(people: Any) -> None:
    assert error_of({}, [], Account({}, people=people), notes=[]).field == "account.people"


@pytest.mark.parametrize("account", [5, "acme", [1]])
def test_anything_else_is_no_account(account: object) -> None:
    assert error_of({}, None, account).field == "account"


# ------------------------------------------------------------------ instants


@pytest.mark.parametrize(
    ("as_of", "instant"),
    [
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00+00:00"),
        (datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5))), "2026-07-01T07:00:00+00:00"),
        (datetime(2026, 7, 1, 12), "2026-07-01T11:00:00+00:00"),  # noqa: DTZ001 # in the definition's zone
        (date(2026, 7, 1), "2026-06-30T23:00:00+00:00"),
        ("2026-07-01", "2026-06-30T23:00:00+00:00"),
        ("2026-07-01 12:00", "2026-07-01T11:00:00+00:00"),
        ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00+00:00"),
    ],
)
def test_as_of_is_a_time_a_day_or_a_text(as_of: object, instant: str) -> None:
    assert question({}, as_of=as_of).as_of.isoformat() == instant


@pytest.mark.parametrize("as_of", ["soon", 5, "", float("nan"), []])
def test_anything_else_is_no_instant(as_of: object) -> None:
    assert error_of({}, as_of=as_of, notes=[]).field == "as_of"


def test_all_of_it_through_a_definition() -> None:
    definition: Definition = loads(TEXT + "\nclause rich: account.revenue > 4\n")
    assert definition.decide(OfAttrs(), [Event("visit", NOON)], {"revenue": 5}, NOON).fired == ("rich",)
    with pytest.raises(LeadError, match="revenue"):
        definition.decide({}, account={"revenue": "x"})
    lenient = definition.decide({}, account={"revenue": "x"}, strict=False)
    assert lenient.unknown == ("rich",)
    assert [note.field for note in lenient.notes] == ["account.revenue"]
