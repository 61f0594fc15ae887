"""`Definition.decide_all`: whatever tables are handed in, it says of each lead what `decide` says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import mqldsl
from mqldsl.data.binding import BindingError

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"
AS_OF = datetime(2026, 3, 10, 9, tzinfo=UTC)

TEXT = """
definition "All" version 1
  currency GBP
  effective 2026-03-01

lead:
  employees: number, from "Size"
  title:     text
  account:   text

account:
  revenue: money

event visit (visits): page text
account event signing
record note: words text

clause big: employees >= 50
clause rich: account.revenue >= 1000
clause came: visits(page = "pricing") >= 2 within 30d
clause signed: signing within 90d
clause noted: note(words = "warm")

score points from 0 to 100:
  +10 when big
  +20 when came

decide handling:
  sales when came and rich, to north, because "came back"
  wait when big or noted
  otherwise remove
"""

LEADS = pa.table({
    "id": [1, 2, 3],
    "Size": [80, None, 10],
    "title": ["CEO", "CTO", ""],
    "account": ["ann", "bob", None],
})  # fmt: skip
DAYS = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
VISITS = pa.table({"lead": [1, 1, 2], "at": DAYS, "page": ["pricing"] * 3})
NOTES = pa.table({"lead": [3], "words": ["warm"]})
SIGNINGS = pa.table({"account": ["bob"], "at": DAYS[:1]})
KINDS = {"visit": VISITS, "note": NOTES, "signing": SIGNINGS}
LONG = pa.concat_tables(
    [
        VISITS.append_column("kind", pa.array(["visit", "visits", "visit"])),
        NOTES.append_column("kind", pa.array(["note"])),
        SIGNINGS.append_column("kind", pa.array(["signing"])),
    ],
    promote_options="default",
)
ACCOUNTS = pa.table({"id": ["ann", "bob"], "revenue": [5000.0, 10.0]})


@pytest.fixture(scope="module")
def definition() -> mqldsl.Definition:
    return mqldsl.loads(TEXT)


def rows(found: mqldsl.Decisions) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = found.to_arrow().to_pylist()
    return told


def by_decide(definition: mqldsl.Definition) -> Iterator[dict[str, Any]]:
    """Ask about each lead of its own."""
    for lead in LEADS.to_pylist():
        own = [
            {"kind": kind, **row}
            for kind in ("visit", "note")
            for row in KINDS[kind].to_pylist()
            if row["lead"] == lead["id"]
        ]
        account = None
        for fields in ACCOUNTS.to_pylist():
            if fields["id"] == lead["account"]:
                signings = [it for it in SIGNINGS.to_pylist() if it["account"] == fields["id"]]
                account = mqldsl.Account(fields, [{"kind": "signing", "at": it["at"]} for it in signings])
        decision = definition.decide(lead, own, account, AS_OF)
        (low, high) = decision.bounds["points"]
        yield {
            "id": lead["id"],
            "handling": decision.verdict,
            "certain": decision.certain,
            "could_be": list(decision.could_be),
            "due_at": decision.due_at,
            "team": decision.team,
            "reason": decision.because,
            "missing": list(decision.missing),
            "points": decision.scores["points"],
            **decision.clauses,
            "points.low": low,
            "points.high": high,
        }


@pytest.mark.parametrize("events", [KINDS, LONG], ids=["a table a kind", "one long table"])
def test_it_is_what_decide_says_of_each(definition: mqldsl.Definition, events: Any) -> None:
    found = definition.decide_all(LEADS, events, ACCOUNTS, as_of=AS_OF)
    assert rows(found) == list(by_decide(definition))
    assert found.faults.total == 0
    assert repr(found).startswith("<Decisions about 3 leads: id, handling, certain, ")


def test_libraries_of_tables(definition: mqldsl.Definition, tmp_path: Path) -> None:
    wanted = definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF).to_arrow()
    given = {"leads": LEADS, "events": LONG, "accounts": ACCOUNTS}
    ways: list[dict[str, Any]] = [
        {name: table.to_reader() for name, table in given.items()},
        {name: str(_parquet(table, tmp_path / f"{name}.parquet")) for name, table in given.items()},
        {name: [_parquet(table, tmp_path / f"{name}.parquet")] for name, table in given.items()},
        {name: str(tmp_path / f"{name[:-1]}*.parquet") for name in given},
    ]
    with duckdb.connect() as connection:
        ways.append({name: connection.from_arrow(table) for name, table in given.items()})
        for way in ways:
            assert definition.decide_all(**way, as_of=AS_OF).to_arrow().equals(wanted)


def _parquet(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path)
    return path


def test_files_of_text(definition: mqldsl.Definition, tmp_path: Path) -> None:
    pa_csv.write_csv(LEADS, tmp_path / "leads.csv")
    found = rows(definition.decide_all(tmp_path / "leads.csv", KINDS, ACCOUNTS, as_of=AS_OF))
    wanted = rows(definition.decide_all(LEADS, KINDS, ACCOUNTS, as_of=AS_OF))
    assert found == [{**row, "id": str(row["id"])} for row in wanted]


def test_pandas_in_and_out(definition: mqldsl.Definition) -> None:
    pd = pytest.importorskip("pandas")
    frames = [table.to_pandas() for table in (LEADS, LONG, ACCOUNTS)]
    found = definition.decide_all(*frames, as_of=AS_OF)
    wanted = definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF)
    assert rows(found) == rows(wanted)
    frame = found.to_pandas()
    assert list(frame.columns) == list(found.columns)
    assert frame["big"].isna().tolist() == [False, True, False]
    assert isinstance(frame, pd.DataFrame)


def test_polars_in_and_out(definition: mqldsl.Definition) -> None:
    pl = pytest.importorskip("polars")
    frames = [pl.DataFrame(table) for table in (LEADS, LONG, ACCOUNTS)]
    found = definition.decide_all(*frames, as_of=AS_OF)
    assert rows(found) == rows(definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF))
    assert found.to_polars()["big"].to_list() == [True, None, False]


def test_any_library_takes_the_answers(definition: mqldsl.Definition) -> None:
    found = definition.decide_all(LEADS, as_of=AS_OF)
    assert pa.table(found).equals(found.to_arrow())
    with duckdb.connect() as connection:
        assert connection.from_arrow(found).fetchall()[0][:2] == (1, "wait")


@pytest.mark.parametrize("is_file", [False, True])
def test_events_of_no_kind_are_noted(definition: mqldsl.Definition, tmp_path: Path, *, is_file: bool) -> None:
    kinds = ["Visit", "visit ", "visit", "VISITS", None, "Visit", "a", "b"]
    events: Any = pa.table({"kind": kinds, "lead": [1] * 8, "at": DAYS[:1] * 8, "account": ["ann"] * 8})
    if is_file:
        events = _parquet(events, tmp_path / "events.parquet")
    found = definition.decide_all(LEADS, events, as_of=AS_OF, thorough=True)
    (note,) = (note for note in found.notes if "letter by letter" in note)
    assert note.startswith("7 of `")
    assert note.endswith(": `Visit` (2), `visit ` (1), `VISITS` (1), none (1), `a` (1) and 1 more")
    assert not any("letter by letter" in it for it in definition.decide_all(LEADS, events, as_of=AS_OF).notes)
    known = definition.decide_all(LEADS, LONG, as_of=AS_OF, feeds=["visit"], thorough=True)
    assert not any("letter by letter" in note for note in known.notes)


def test_what_is_not_supplied_is_unknown(definition: mqldsl.Definition) -> None:
    first, *_ = rows(definition.decide_all(LEADS, as_of=AS_OF))
    assert (first["big"], first["came"], first["rich"]) == (True, None, None)
    first, *_ = rows(definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF, feeds=["note"]))
    assert (first["came"], first["noted"]) == (None, False)


def test_each_lead_may_have_its_own_instant(definition: mqldsl.Definition) -> None:
    leads = LEADS.append_column(
        "as_of", pa.array([datetime(2026, month, 10, tzinfo=UTC) for month in (3, 3, 6)])
    )
    leads = leads.set_column(0, "id", pa.array([1, 2, 1]))
    found = rows(definition.decide_all(leads, LONG))
    assert [(row["id"], row["as_of"].month, row["came"]) for row in found] == [
        (1, 3, True),
        (2, 3, False),
        (1, 6, False),
    ]
    # An instant that is handed in counts for all.
    assert "as_of" not in definition.decide_all(LEADS, LONG, as_of="2026-03-10").columns


def test_lists_of_clauses(definition: mqldsl.Definition) -> None:
    found = rows(definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF, lists=True))
    assert [(row["fired"], row["unknown"]) for row in found] == [
        (["big", "rich", "came"], []),
        (["signed"], ["big"]),
        (["noted"], ["rich", "signed"]),
    ]


def test_only_the_columns_that_are_wanted(definition: mqldsl.Definition) -> None:
    every = definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF, lists=True).to_arrow()
    for names in (["handling"], ["unknown", "certain"], ["missing", "big", "could_be"], []):
        found = definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF, columns=names).to_arrow()
        assert found.equals(every.select(["id", *names]))
    with pytest.raises(LookupError, match="there is no column `handlin`: did you mean `handling`"):
        definition.decide_all(LEADS, LONG, ACCOUNTS, as_of=AS_OF, columns=["handlin"])


@pytest.mark.parametrize("as_of", ["yesterday", "", float("nan"), 20260301])
def test_an_instant_that_cannot_be_read(definition: mqldsl.Definition, as_of: object) -> None:
    for handed_in in ({"leads": LEADS}, {"binding": STARTER / "data.toml"}):
        with pytest.raises(mqldsl.LeadError, match="expected a time or a day, such as") as caught:
            definition.decide_all(**handed_in, as_of=as_of)
        assert str(caught.value).endswith("correct it")


def test_what_cannot_be_read_is_a_fault(definition: mqldsl.Definition) -> None:
    leads = LEADS.set_column(1, "Size", pa.array(["80", "many", "10"]))
    found = definition.decide_all(leads, as_of=AS_OF)
    assert [(fault.file, fault.row, fault.column, fault.value) for fault in found.faults.kept] == [
        ("leads", 2, "Size", "many")
    ]


def test_no_leads(definition: mqldsl.Definition) -> None:
    found = definition.decide_all(LEADS.slice(0, 0), LONG, as_of=AS_OF)
    assert (len(found), found.columns[:2]) == (0, ("id", "handling"))


def test_a_binding(tmp_path: Path) -> None:
    quick = mqldsl.load(STARTER / "mql.mql")
    found = quick.decide_all(binding=STARTER / "data.toml", as_of="2026-03-10T09:00", thorough=True)
    assert (len(found), found.faults.total) == (500, 57)
    assert "14 of `visit` came more than once, and count once" in found.notes
    with pytest.raises(TypeError, match="one of the two"):
        quick.decide_all(LEADS, binding=STARTER / "data.toml")
    with pytest.raises(TypeError, match="there are no leads"):
        quick.decide_all()
    with pytest.raises(BindingError):
        quick.decide_all(binding=tmp_path / "none.toml")


def test_tables_that_do_not_fit(definition: mqldsl.Definition) -> None:
    with pytest.raises(mqldsl.TablesError, match="no event or record `vist`; did you mean `visit`"):
        definition.decide_all(LEADS, {"vist": VISITS})
    with pytest.raises(mqldsl.TablesError, match="`leads` is a `int`"):
        definition.decide_all(3)
    with pytest.raises(mqldsl.TablesError, match="no column is called `at`"):
        definition.decide_all(LEADS, {"visit": VISITS.drop_columns("at")}, as_of=AS_OF)
    with pytest.raises(mqldsl.TablesError, match=r"there is no file `nowhere.parquet`"):
        definition.decide_all("nowhere.parquet", as_of=AS_OF)
    with pytest.raises(mqldsl.TablesError, match="no file is called like"):
        definition.decide_all("nowhere/*.parquet", as_of=AS_OF)
    with pytest.raises(mqldsl.LeadError, match="as_of"):
        definition.decide_all(LEADS, as_of=7)


def test_limits(definition: mqldsl.Definition, tmp_path: Path) -> None:
    found = definition.decide_all(LEADS, LONG, as_of=AS_OF, threads=1, memory_limit="256MB", spill=tmp_path)
    assert len(found) == 3
    assert not list(tmp_path.iterdir())


def test_many_conditions_are_counted() -> None:
    # More than the database takes as one sum of sums.
    conditions = ", ".join(f"size > {number}" for number in range(1_100))
    text = f"lead:\n  size: number\nclause some: at least 2 of ({conditions})\n"
    found = mqldsl.loads(text).decide_all(pa.table({"size": [0.5, 1.5, None]}), as_of=AS_OF)
    assert found.to_arrow().column("some").to_pylist() == [False, True, None]
