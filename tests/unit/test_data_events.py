"""From files to situations: events and records, and rows that are none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mqldsl.model.types import BLANK
from tests.unit.test_data_leads import LEADS, VISITS, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_events_go_to_their_leads_in_the_order_received(folder: Folder) -> None:
    folder.write("leads.csv", "id", "L1", "L2")
    folder.write(
        "events.csv",
        "event,lead,type,at,page,seconds",
        "e1,L1,visit,2026-03-02 10:00,/a,30",
        "e2,L2,demo,2026-03-03T10:00:00Z,,",
        "e3, L1,trial,2026-03-01,,",
        "e1,L1,visit,2026-03-02 10:00,/a,30",
        "  ,L1,visit,2027-01-01,,x",
        "e5,L1,other,never,,",
    )
    first, second = folder.read(LEADS + VISITS)
    assert [(it.kind, it.at, it.id, it.properties) for it in first.lead.events] == [
        ("visit", datetime(2026, 3, 2, 10, tzinfo=UTC), "e1", {"page": "/a", "seconds": 30.0}),
        ("demo", datetime(2026, 3, 1, tzinfo=UTC), None, {}),
        ("visit", datetime(2026, 3, 2, 10, tzinfo=UTC), "e1", {"page": "/a", "seconds": 30.0}),
        ("visit", datetime(2027, 1, 1, tzinfo=UTC), None, {"page": BLANK, "seconds": BLANK}),
    ]
    assert [it.kind for it in second.lead.events] == ["demo"]
    assert first.feeds == {"visit", "demo"}
    assert folder.problems() == [
        ("events.csv", 5, "seconds", "x", "is not a number, such as 1200 or 1,200.50")
    ]
    assert "1 of `visit` came more than once, and count once" in folder.faults.notes


def test_rows_without_lead_or_time_are_no_events(folder: Folder) -> None:
    folder.write("leads.csv", "id", "L1")
    folder.write(
        "events.csv",
        "event,lead,type,at",
        "1,,visit,2026-03-01",
        "2,L1,visit,",
        "3,L1,demo,#REF!",
        "4,L9,visit,never",
        "5,L8,visit,2026-03-01",
        "6,L1",
    )
    (only,) = folder.read(LEADS + VISITS)
    assert only.lead.events == ()
    assert folder.problems() == [
        ("events.csv", 1, "lead", "", "the visit names no lead"),
        ("events.csv", 2, "at", "", "the visit has no time"),
        ("events.csv", 3, "at", "#REF!", "is not a time, such as 2026-03-01 09:00"),
        ("events.csv", 6, "", "line 7: 6,L1", "the line has too few cells"),
    ]
    assert "2 of `visit` belong to no lead read from `leads.csv`" in folder.faults.notes


def test_kinds_that_share_a_file_may_be_told_apart_in_different_ways(folder: Folder) -> None:
    folder.write("leads.csv", "id", "L1")
    folder.write(
        "events.csv", "event,lead,type,at,hot", "1,L1,visit,2026-03-01,no", "2,L1,demo,2026-03-02,yes"
    )
    every = VISITS.replace('where = { type = ["demo", "trial"] }', "")
    hot = VISITS.replace('where = { type = ["demo", "trial"] }', 'where = { type = "demo", hot = "yes" }')
    other = VISITS.replace('where = { type = ["demo", "trial"] }', 'where = { hot = "yes" }')
    both = VISITS.replace('["demo", "trial"]', '["demo", "visit"]')
    for binding, kinds in (
        (every, ["visit", "demo", "demo"]),
        (hot, ["visit", "demo"]),
        (other, ["visit", "demo"]),
        (both, ["visit", "demo", "demo"]),
    ):
        (only,) = folder.read(LEADS + binding)
        assert [event.kind for event in only.lead.events] == kinds


def test_repeated_rows_share_facts_and_every_fault_is_reported(folder: Folder) -> None:
    folder.write("leads.csv", "id", "L1")
    folder.write("events.csv", "lead,type,at,seconds,event", *["L1,visit,2026-03-01,x,"] * 3)
    (only,) = folder.read(LEADS + VISITS)
    assert len(only.lead.events) == 3
    assert [row for _, row, *_ in folder.problems()] == [1, 2, 3]


def test_records_have_no_time(folder: Folder) -> None:
    folder.write("leads.csv", "id", "L1")
    folder.write("deals.jsonl", '{"lead": "L1", "stage": "open"}', '{"lead": "L1"}')
    (only,) = folder.read(LEADS + '[records.deals]\npath = "deals.jsonl"\nlead = "lead"\n')
    assert [(it.kind, it.at, it.properties) for it in only.lead.events] == [
        ("deal", None, {"stage": "open"}),
        ("deal", None, {}),
    ]


def test_events_may_name_rows(folder: Folder) -> None:
    folder.write("leads.csv", "title", "a", "b")
    folder.write("events.csv", "event,lead,type,at", "e,2,visit,2026-03-01", "e,3,visit,2026-03-01")
    first, second = folder.read('[leads]\npath = "leads.csv"\n' + VISITS)
    assert (len(first.lead.events), len(second.lead.events)) == (0, 1)
