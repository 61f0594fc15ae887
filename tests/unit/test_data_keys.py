"""Keys of several columns: told as one text that cannot be mistaken, and the same in every way of reading."""

import json
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import mqldsl
from mqldsl.data.batch.columns import key_of
from mqldsl.data.batch.late import pa, pq
from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.checks import check_binding
from mqldsl.data.decided.run import Asked, Engine, decided
from mqldsl.data.faults import Faults
from mqldsl.data.in_database.asked import How, query_text
from mqldsl.data.keys import joined
from mqldsl.data.leads import situations
from mqldsl.data.rows import ABSENT
from mqldsl.evaluate.sql.lowering import functions_for
from mqldsl.model import ir
from mqldsl.model.reading import read_moment
from mqldsl.pipeline import check_text
from tests.unit.supplied import agree

duckdb = pytest.importorskip("duckdb")

DEFINITION = """
definition "T" version 1
lead:
  size: number, required
account:
  revenue: money
event visit: page text
account event release: result text
clause large: size >= 5
clause keen: visits >= 2 within 30d
clause rich: account.revenue >= 10
clause fresh: releases >= 1 within 30d
decide handling:
  sales when large and keen
  nurture when keen or rich or fresh
  otherwise remove
"""
BINDING = """
[leads]
path = "leads.csv"
id = ["region", "number"]
[leads.columns]
account = ["country", "company"]
[events.visit]
path = "visits.csv"
lead = ["area", "nr"]
at = "at"
id = ["order", "line"]
[accounts]
path = "accounts.csv"
id = ["country", "key"]
[account_events.release]
path = "releases.csv"
account = ["land", "firm"]
at = "at"
"""
_UTC = ZoneInfo("UTC")
AS_OF = "2026-02-01"
REGIONS: list[Any] = ["north", " north ", "a|b", "a", "50%", "a%7Cb", "", "  ", None, "é"]
NUMBERS: list[Any] = [17, 18, 5, None]
COMPANIES: list[Any] = ["Acme", " ACME", "acme|x", "b%", "", None]
COLUMNS: dict[str, dict[str, list[Any]]] = {
    "leads": {
        "region": REGIONS,
        "number": NUMBERS,
        "size": [1.0, 7.0, None],
        "country": ["DE", "de ", "", "F|R"],
        "company": COMPANIES,
    },
    "visits": {
        "area": REGIONS,
        "nr": NUMBERS,
        "at": ["2026-01-20 10:00", "2025-01-01", "never", ""],
        "order": ["o1", "o2", None],
        "line": [1, 2],
        "page": ["/", "/a"],
    },
    "accounts": {"country": ["de", "DE", "f|r", ""], "key": COMPANIES, "revenue": [5.0, 50.0, None]},
    "releases": {
        "land": ["de", "F|R", None],
        "firm": COMPANIES,
        "at": ["2026-01-20 10:00", "x"],
        "result": ["good"],
    },
}


def model(text: str = DEFINITION) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


def write(folder: Path, ending: str, binding: str = BINDING, size: int = 200) -> Path:
    """Write the tables as files of one kind, and their binding."""
    for name, columns in COLUMNS.items():
        drawn = random.Random(name)
        rows = [{column: drawn.choice(values) for column, values in columns.items()} for _ in range(size)]
        path = folder / f"{name}{ending}"
        if ending == ".parquet":
            if "at" in columns:
                for row in rows:
                    row["at"] = read_moment(row["at"], _UTC)
            pq.write_table(pa.Table.from_pylist(rows), path)
        elif ending == ".jsonl":
            for row in rows:
                for column in list(row):
                    if drawn.random() < 0.1:
                        del row[column]
            path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        else:
            lines = [",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows]
            path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
    (folder / "data.toml").write_text(binding.replace(".csv", ending), encoding="utf-8")
    return folder / "data.toml"


# ---------------------------------------------------------------- the text of a key


def test_no_two_keys_are_one_text() -> None:
    parts = ["a", "b", "a|b", "|", "%", "%7C", "a%7Cb", "%257C", "||"]
    pairs = [(one, other) for one in parts for other in parts]
    assert len({joined(pair) for pair in pairs}) == len(pairs)
    assert joined(("a|b", "c")) == "a%7Cb|c"


def test_a_key_lacks_a_part() -> None:
    assert joined(["north", " "]) is None
    assert joined([None, 17]) is None
    assert joined(["north", ABSENT]) is ABSENT


@pytest.mark.parametrize(
    "columns",
    [
        [pa.array(["a|b ", "%", None, ""]), pa.array([1, 2, 3, None], pa.int64())],
        [pa.array(["x", "x", "y", None]).dictionary_encode(), pa.array([1.0, 2.5, None, 1.0])],
        [pa.array(["x", None]), [True, "z"], pa.array(["1", "2"])],
    ],
    ids=["texts and whole numbers", "labels and numbers", "cells"],
)
def test_columns_say_what_rows_say(columns: list[Any]) -> None:
    rows = zip(*(column if isinstance(column, list) else column.to_pylist() for column in columns))
    found: Any = key_of(columns)
    assert (found if isinstance(found, list) else found.to_pylist()) == [joined(row) for row in rows]


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize(
    "more", ["", "distinct = true", 'keep = "first"', 'where = { country = ["DE", "F|R"] }'], ids=str
)
def test_both_ways_of_reading_say_the_same(tmp_path: Path, ending: str, more: str) -> None:
    text = BINDING.replace('["region", "number"]', f'["region", "number"]\n{more}')
    leads, faults = agree(model(), write(tmp_path, ending, text), AS_OF)
    ids = {lead[0] for lead in leads}
    assert {"north|17", "a%7Cb|5", "a%257Cb|18", "50%25|18"} <= ids
    assert sum(lead[4] != [("visit", [])] for lead in leads) > 3
    assert any(lead[3] not in (None, []) for lead in leads)
    assert faults.counts["leads" + ending, "region, number", "the lead has no id"] > 5
    assert faults.counts["visits" + ending, "area, nr", "the visit names no lead"] > 5
    assert faults.counts["accounts" + ending, "country, key", "the company has no key"] > 5


def test_a_small_one(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("region,number,size\nnorth,1,7\nnorth,,7\nsouth,1,x\nnorth,1,8\n")
    (tmp_path / "visits.csv").write_text(
        "area,nr,at\nnorth,1,2026-01-20\nsouth,2,2026-01-20\nsouth,1,2026-01-21\n"
    )
    text = BINDING[: BINDING.index("[accounts]")].replace('id = ["order", "line"]\n', "")
    text = text.replace('[leads.columns]\naccount = ["country", "company"]\n', "")
    (tmp_path / "data.toml").write_text(text)
    leads, faults = agree(model(), tmp_path / "data.toml", AS_OF)
    assert [lead[0] for lead in leads] == ["south|1", "north|1"]
    assert [(it.row, it.column, it.value, it.problem) for it in faults.kept] == [
        (1, "region, number", "north|1", "comes again in a later row, and that one counts"),
        (2, "region, number", "", "the lead has no id"),
        (3, "size", "x", "is not a number, such as 1200 or 1,200.50"),
    ]
    assert "1 of `visit` belong to no lead read from `leads.csv`" in faults.notes


def test_times_on_the_row_of_a_lead(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("region,number,size,seen\nnorth,1,7,2026-01-20\nnorth,2,7,\n")
    text = '[leads]\npath = "leads.csv"\nid = ["region", "number"]\n'
    text += '[events.visit]\npath = "leads.csv"\nlead = ["region", "number"]\nat = "seen"\n'
    (tmp_path / "data.toml").write_text(text)
    leads, faults = agree(model(), tmp_path / "data.toml", AS_OF)
    assert not faults.kept
    assert [len(lead[4][0][1]) for lead in leads] == [1, 0]  # type: ignore[index] # pairs


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_decisions_name_leads_by_such_keys(tmp_path: Path, ending: str) -> None:
    binding = read_binding(write(tmp_path, ending))
    engines: list[Engine] = ["duckdb", "python"]
    one, other = (
        pa.concat_tables(decided(Asked(model(), binding, AS_OF, engine=engine), Faults())).to_pylist()
        for engine in engines
    )
    assert one == other
    assert {"north|17", "a%7Cb|5"} <= {row["id"] for row in one}


def test_decide_all_takes_such_a_binding(tmp_path: Path) -> None:
    path = write(tmp_path, ".parquet")
    found = mqldsl.loads(DEFINITION).decide_all(binding=path, as_of=AS_OF).to_arrow()
    assert {"north|17", "a%7Cb|5"} <= set(found.column("id").to_pylist())


# ---------------------------------------------------------------- databases


IN_DATABASE = BINDING.replace('path = "', 'database = "x.duckdb"\ntable = "').replace('.csv"', '"')


def clean(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write tables as a database has them, where a key comes once; return their binding, and the tables."""
    path, tables = write(folder, ".parquet"), {}
    with duckdb.connect() as connection:
        for name in COLUMNS:
            keys = {"leads": "trim(region), number", "accounts": "lower(trim(country)), lower(trim(key))"}
            only = f"qualify row_number() over (partition by {keys[name]}) = 1" if name in keys else ""
            text = f"select * from '{folder / name}.parquet' where true {only}"
            tables[name] = connection.sql(text).to_arrow_table()
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return path, tables


def test_the_query_for_a_database(tmp_path: Path) -> None:
    path, tables = clean(tmp_path)
    due = pa.concat_tables(decided(Asked(model(), read_binding(path), AS_OF), Faults()))
    (tmp_path / "there.toml").write_text(IN_DATABASE)
    how = How(read_binding(tmp_path / "there.toml"), read_moment(AS_OF, _UTC))
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        functions_for(connection)
        found = connection.sql(query_text(model(), "duckdb", how)).to_arrow_table()
    assert handlings(found) == handlings(due)
    assert "north|17" in handlings(due)


def handlings(decisions: Any) -> dict[str, str]:
    """Return what happens with each lead."""
    return dict(zip(decisions.column("id").to_pylist(), decisions.column("handling").to_pylist()))


@pytest.mark.parametrize("dialect", ["postgres", "spark", "bigquery", "snowflake"])
def test_other_databases_join_the_parts(tmp_path: Path, dialect: Any) -> None:
    (tmp_path / "there.toml").write_text(IN_DATABASE)
    text = query_text(model(), dialect, How(read_binding(tmp_path / "there.toml"), read_moment(AS_OF, _UTC)))
    assert "'%7C'" in text
    assert "|| '|' ||" in text


# ---------------------------------------------------------------- what can be wrong


def test_mistakes(tmp_path: Path) -> None:
    write(tmp_path, ".csv", size=2)
    text = BINDING.replace('["region", "number"]', '["region", "region"]').replace('["area", "nr"]', "[]")
    text = text.replace("[leads.columns]", '[leads.columns]\nsize = ["region", "number"]')
    (tmp_path / "data.toml").write_text(text)
    with pytest.raises(BindingError) as caught:
        read_binding(tmp_path / "data.toml")
    words = 'a list names the columns that make the key together, each once, such as ["region", "number"]'
    assert list(caught.value.mistakes) == [
        "`leads.columns.size`: this must be the name of a column, or a table with `column`",
        f"`leads.id`: {words}",
        f"`events.visit.lead`: {words}",
    ]


def test_mistakes_about_the_files(tmp_path: Path) -> None:
    write(tmp_path, ".csv", size=2)
    text = BINDING.replace('["area", "nr"]', '["area", "number", "nr"]').replace(
        '["country", "key"]', '["key"]'
    )
    (tmp_path / "data.toml").write_text(text)
    with pytest.raises(BindingError) as caught:
        situations(model(), read_binding(tmp_path / "data.toml"), AS_OF)
    assert list(caught.value.mistakes) == [
        "`events.visit.lead`: in `visits.csv` no column is called `number`; there are `area`, `nr`, `at`, `order`, `line`, `page`",
        "`accounts.id`: 1 column makes this, `key`, and 2 the key of the company: `country`, `company`",
        "`events.visit.lead`: 3 columns make this, `area, number, nr`, and 2 the key of the lead: `region`, `number`",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '["area", "nr"]',
            '"nr"',
            "1 column makes this, `nr`, and 2 the key of the lead: `region`, `number`",
        ),
        (
            '["region", "number"]',
            '"number"',
            "2 columns make this, `area, nr`, and 1 the key of the lead: `number`",
        ),
    ],
)
def test_keys_of_as_many_columns(tmp_path: Path, old: str, new: str, said: str) -> None:
    write(tmp_path, ".csv", size=2)
    (tmp_path / "data.toml").write_text(BINDING.replace(old, new))
    mistakes = check_binding(read_binding(tmp_path / "data.toml"), model())
    assert [it for it in mistakes if "the key of the lead" in it] == [f"`events.visit.lead`: {said}"]
