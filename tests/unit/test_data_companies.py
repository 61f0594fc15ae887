"""Companies: their facts, their events, and who else works there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.companies import uses_people
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.evaluate.situation import Situation
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import check_text

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DECLARED = """
lead:
  account: text, missing when "n/a"
  title: text
account:
  revenue: money
  sector: text, from "Sector"
  city: text
event visit
account event release: result text
"""
LEADS = '[leads]\npath = "leads.csv"\nid = "id"\n'
ACCOUNTS = '[accounts]\npath = "accounts.csv"\nid = "key"\n'
EVENTS = """
[events.visit]
path = "visits.csv"
lead = "id"
at = "at"
[account_events.releases]
path = "releases.csv"
account = "company"
at = "at"
"""


def model(text: str) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


def read(folder: Path, binding: str, definition: str = DECLARED) -> tuple[dict[str, Situation], Faults]:
    (folder / "data.toml").write_text(binding)
    faults = Faults()
    found = situations(model(definition), read_binding(folder / "data.toml"), NOON, faults=faults)
    return {situation.lead.id: situation for situation in found}, faults


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "leads.csv").write_text(
        "id,account,title,Company\nL1,Acme Ltd,a,x\nL2, ACME  ltd,b,x\nL3,,c,\nL4,n/a,d,y\nL5,Nowhere,e,y\nL6,Bolt,f,z\n"
    )
    (tmp_path / "accounts.csv").write_text(
        'key,revenue,Sector\nBolt,old,s\nacme ltd,"1,000",software\nbolt,7,\n,1,s\n'
    )
    (tmp_path / "visits.csv").write_text("id,at\nL1,2026-03-01\nL2,2026-03-02\n")
    (tmp_path / "releases.csv").write_text(
        "company,at,result\nACME LTD,2026-03-01,good\nacme ltd,2026-03-02,bad\n,2026-03-01,good\n"
        "Bolt,soon,good\nGone,2026-03-01,good\nGone,2026-03-01,good\n"
    )
    return tmp_path


def test_the_key_is_compared_folded_and_companies_are_shared(folder: Path) -> None:
    found, faults = read(folder, LEADS + ACCOUNTS)
    company = found["L1"].company
    assert company is not None
    assert company is found["L2"].company
    assert company.fields == {"revenue": 1000.0, "sector": "software"}
    assert company.people is None
    assert found["L3"].company is None
    assert found["L4"].company is None
    assert [(fault.row, fault.problem) for fault in faults.kept] == [
        (1, "is not an amount without a currency, such as 1,200.50, because the definition names none"),
        (1, "comes again in a later row, and that one counts"),
        (4, "the company has no key"),
    ]
    bolt = found["L6"].company
    assert bolt is not None
    assert bolt.fields == {"revenue": 7.0, "sector": BLANK}


def test_of_a_company_that_is_not_in_the_table_the_facts_are_blank(folder: Path) -> None:
    found, faults = read(folder, LEADS + ACCOUNTS)
    stranger = found["L5"].company
    assert stranger is not None
    # `city` has no column: it stays not supplied.
    assert stranger.fields == {"revenue": BLANK, "sector": BLANK}
    assert "1 lead names a company that was not read from `accounts.csv`" in faults.notes
    assert "`account.city` is not supplied: `accounts.csv` has no column `city`" in faults.notes


def test_without_a_table_a_company_is_known_by_its_key_only(folder: Path) -> None:
    found, _ = read(folder, LEADS)
    assert found["L1"].company is not None
    assert found["L1"].company.fields == {}


def test_the_first_row_of_a_company_may_be_asked_for(folder: Path) -> None:
    found, faults = read(folder, LEADS + ACCOUNTS + "distinct = true\n")
    assert found["L6"].company is not None
    assert found["L6"].company.fields == {"revenue": BLANK, "sector": "s"}
    assert [fault.row for fault in faults.kept] == [1, 4]


def test_a_key_may_be_bound_without_being_declared(folder: Path) -> None:
    undeclared = DECLARED.replace('  account: text, missing when "n/a"\n', "")
    key = '[leads.columns]\naccount = { column = "Company", replace = { z = "Acme Ltd" } }\n'
    found, _ = read(folder, LEADS + key + ACCOUNTS, undeclared)
    assert found["L6"].lead.fields == {"title": "f"}
    assert found["L6"].company is not None
    assert found["L6"].company.fields == {"revenue": 1000.0, "sector": "software"}
    assert found["L3"].company is None


def test_a_column_called_account_is_no_key_unless_somebody_says_so(folder: Path) -> None:
    found, _ = read(folder, LEADS, "lead:\n  title: text\n")
    assert found["L1"].company is None


def test_events_of_companies(folder: Path) -> None:
    found, faults = read(folder, LEADS + EVENTS)
    acme = found["L2"].company
    assert acme is not None
    assert [(event.kind, event.properties) for event in acme.events] == [
        ("release", {"result": "good"}),
        ("release", {"result": "bad"}),
    ]
    assert acme.fields == {}
    assert found["L3"].feeds == {"visit", "release"}
    assert [(fault.row, fault.column, fault.problem) for fault in faults.kept] == [
        (3, "company", "the release names no company"),
        (4, "at", "is not a time, such as 2026-03-01 09:00"),
    ]
    assert faults.notes[-1] == "2 of `release` belong to companies that no lead names"


PEOPLE = DECLARED + 'clause committee: people(title = "a") >= 2\n'


@pytest.mark.parametrize(
    ("declaration", "used"),
    [
        ("clause c: people >= 2", True),
        ("clause c: account.visits >= 2", True),
        ("score s:\n  +5 per account.visit within 30d", True),
        ("clause c: visits >= 2", False),
        ("clause c: releases >= 2", False),
        ('clause c: account.sector = "x"', False),
    ],
)
def test_people_are_gathered_only_where_a_definition_looks_at_them(declaration: str, used: bool) -> None:
    assert uses_people(model(f"{DECLARED}{declaration}\n")) is used


def test_people_are_the_others_with_their_events(folder: Path) -> None:
    found, _ = read(folder, LEADS + EVENTS + ACCOUNTS, PEOPLE)
    first, second = found["L1"].company, found["L2"].company
    assert first is not None
    assert second is not None
    assert first.people == (found["L2"].lead,)
    assert second.people == (found["L1"].lead,)
    assert len(found["L2"].lead.events) == 1
    assert first.fields is second.fields
    assert found["L3"].company is None
    assert found["L5"].company is not None
    assert found["L5"].company.people == ()


def test_of_people_with_several_rows_the_newest_known_one_counts(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        "id,at,account,title\n"
        "L1,2026-02-01,A,ask\nL1,2026-05-01,A,ask\n"
        "L2,2026-01-01,A,jan\nL2,2026-04-01,A,apr\nL2,2026-03-01,A,mar\n"
        "L3,2026-04-01,A,later\n"
        "L4,2026-01-01,A,stays\nL4,2026-04-01,B,leaves\n"
    )
    (tmp_path / "data.toml").write_text(LEADS + 'as_of = "at"\n')
    found = list(situations(model(PEOPLE), read_binding(tmp_path / "data.toml")))
    asked = [it for it in found if it.lead.id == "L1"]
    assert [
        [person.fields["title"] for person in it.company.people or ()]
        for it in asked
        if it.company is not None
    ] == [["jan", "later", "stays"], ["apr", "later"]]
