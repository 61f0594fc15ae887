"""Typed relations say what situations say: files of all kinds, and all that can be wrong with them."""

import json
import random
from pathlib import Path

import pytest

from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.relations import supplied
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import check_text, load_definition
from tests.unit.supplied import agree

duckdb = pytest.importorskip("duckdb")

ROOT = Path(__file__).resolve().parents[2]

DEFINITION = """
definition "T" version 1
  time zone "Europe/London"
  currency GBP
lead:
  title: text, missing when "Select"
  size: number, required
  age: number, missing when "999"
  budget: money
  tags: set of text, missing when "none"
  stage: one of (new, "In work", closed)
  hot: yes/no, missing means no
  born: date
  seen: time
  account: text, missing when "-"
account:
  revenue: money
  open: yes/no
event visit: page text, seconds number, tags set of one of (a, b)
event demo
record deal: stage text, closed date
account event release: result one of (good, bad)
"""
BINDING = """
[leads]
path = "leads.csv"
id = "id"
as_of = { column = "reg", plus = "14d" }
where = { live = ["yes", "1", ""] }
[leads.columns]
title = { column = "Title", replace = { "k.A." = "" } }
tags = { column = "tags", split = ";", replace = { x = "y" } }
born = { column = "born", formats = ["%d/%m/%Y"] }
[events.visits]
path = "events.csv"
lead = "lead"
at = "at"
id = "event"
where = { type = "visit" }
columns = { tags = { column = "tags", split = "," } }
[events.demo]
path = "events.csv"
lead = "lead"
at = { column = "at", formats = ["%d.%m.%Y"] }
where = { type = ["demo", "trial"] }
[records.deal]
path = "deals.csv"
lead = "lead"
[accounts]
path = "accounts.csv"
id = "key"
[account_events.release]
path = "events.csv"
account = "lead"
at = "at"
where = { type = "release" }
"""
CELLS = {
    "id": ["L1", "L2", " L3 ", "L4", "L5", "L6", "l1", "", " ", "17", "17.0", "é"],
    "reg": ["2026-01-01", "2026-03-29 01:30", "2026-10-25T01:30:00", "2026-01-01T09:00:00Z", "soon", ""],
    "live": ["yes", "1", "", "no", "Yes", "yes "],
    "Title": ["Head", "SELECT", "k.A.", "", " \t", "Ünïcode", 'a "quoted", text', "two\nlines"],
    "size": ["1", "1,200", "-3.5", "many", "", "1e999", "+4", "007", "12345678901234567890", "0.1"],
    "age": ["999", "999.0", "5", "", "x"],
    "budget": ["£50", "50 GBP", "50 EUR", "5", "", "1e3"],
    "tags": ["a;b", " a ;;A", "", "none;c", "x", "a;None"],
    "stage": ["new", "NEW", "in  work", "lost", ""],
    "hot": ["yes", "no", "Y", "maybe", "", "1"],
    "born": ["01/02/1990", "1990-02-01", "30/02/1990", "", "1990-02-01T23:30:00Z", "soon"],
    "seen": [
        "2026-03-29 01:30",
        "2026-10-25 01:30:00",
        "2026-07-01T12:00:00.123456789+02:00",
        "2026-07-01T12:00:00.123Z",
        "2026-02-30 10:00:00",
        "2026-07-01 12:00:00",
        "0001-01-01 00:00:00",
        "",
        "noon",
    ],
    "account": ["ACME", "acme ", "-", "", "Globex", "Nobody"],
    "key": ["Acme", " acme", "GLOBEX", "", "Initech"],
    "revenue": ["1m", "1,000", "", "£5"],
    "open": ["true", "", "0"],
    "type": ["visit", "demo", "trial", "release", "other", "Visit"],
    "lead": ["L1", " L1", "L2", "L3", "L4", "L9", "acme", "GLOBEX ", "Initech", "", "17"],
    "at": [
        "2026-01-05 10:00:00",
        "2026-03-29 01:30:00",
        "05.01.2026",
        "2026-01-05",
        "never",
        "",
        "2026-01-05T10:00:00Z",
    ],
    "event": ["e1", "e2", "e1 ", "", "e3"],
    "page": ["/", "/pricing", "", "  "],
    "seconds": ["5", "x", "", "5.0"],
    "result": ["good", "BAD", "ugly", ""],
    "closed": ["2026-01-01", "x"],
}
FILES = {
    "leads": [
        "id",
        "reg",
        "live",
        "Title",
        "size",
        "age",
        "budget",
        "tags",
        "stage",
        "hot",
        "born",
        "seen",
        "account",
    ],
    "events": ["type", "lead", "at", "event", "page", "seconds", "tags", "result"],
    "deals": ["lead", "stage", "closed"],
    "accounts": ["key", "revenue", "open"],
}


def model(text: str = DEFINITION) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


def made(name: str, size: int, seed: int) -> list[dict[str, str]]:
    """Return rows of any of the cells."""
    drawn = random.Random(f"{name} {seed}")
    return [{column: drawn.choice(CELLS[column]) for column in FILES[name]} for _ in range(size)]


def csv_of(rows: list[dict[str, str]], *, quoted: bool) -> str:
    """Return rows as CSV; without quotes where no cell needs them."""
    lines = [",".join(rows[0])]
    for row in rows:
        cells = [
            cell if quoted else cell.replace('"', "'").replace("\n", " ").replace(",", ".")
            for cell in row.values()
        ]
        lines.append(
            ",".join(
                '"' + cell.replace('"', '""') + '"' if any(it in cell for it in ',"\n') else cell
                for cell in cells
            )
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("quoted", [False, True])
def test_messy_tables(tmp_path: Path, seed: int, quoted: bool) -> None:
    for name in FILES:
        text = csv_of(made(name, 150, seed), quoted=quoted)
        if quoted:
            text = text.replace("\nL2,", '\nL2,"never closed,', 1).replace("\nL4,", "\nbroken\n\nL4,", 1)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "data.toml").write_text(BINDING)
    leads, faults = agree(model(), tmp_path / "data.toml", None)
    assert len(leads) > 5
    assert faults.total > 50


@pytest.mark.parametrize("seed", range(4))
def test_messy_objects(tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)
    odd: list[object] = [
        None,
        True,
        False,
        5,
        17.0,
        1.5,
        "L1",
        "new",
        ["a", None, "A", 3],
        {"a": 1},
        "\ud800",
        10**400,
    ]
    for name in FILES:
        rows: list[dict[str, object]] = [dict(row) for row in made(name, 150, seed)]
        for row in rows:
            for column in list(row):
                chance = drawn.random()
                if chance < 0.15:
                    del row[column]
                elif chance < 0.3:
                    row[column] = drawn.choice(odd)
        lines = [json.dumps(row) for row in rows]
        lines[20] = "{"
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "data.toml").write_text(BINDING.replace(".csv", ".jsonl"))
    agree(model(), tmp_path / "data.toml", None)


@pytest.mark.parametrize(
    "change", ["distinct", "without id", "one as-of", "distinct companies", "no companies"]
)
def test_other_ways_to_bind(tmp_path: Path, change: str) -> None:
    for name in FILES:
        (tmp_path / f"{name}.csv").write_text(csv_of(made(name, 120, 7), quoted=True), encoding="utf-8")
    text = BINDING
    if change == "distinct":
        text = text.replace("[leads.columns]", "distinct = true\n[leads.columns]")
    elif change == "without id":
        text = text.replace('id = "id"\n', "", 1)
    elif change == "one as-of":
        text = text.replace('as_of = { column = "reg", plus = "14d" }\n', "")
    elif change == "distinct companies":
        text = text.replace('id = "key"', 'id = "key"\ndistinct = true')
    else:
        text = text[: text.index("[accounts]")]
    (tmp_path / "data.toml").write_text(text)
    agree(model(), tmp_path / "data.toml", "2026-02-01 12:00")


def test_the_quick_start() -> None:
    folder = ROOT / "rules" / "quick-start"
    bound = folder / "data.toml"
    leads, faults = agree(
        load_definition(folder / "mql.mql", read_binding(bound).tables), bound, "2026-03-10 09:00"
    )
    assert (len(leads), faults.total) == (500, 57)


def test_empty_tables(tmp_path: Path) -> None:
    for name, columns in FILES.items():
        (tmp_path / f"{name}.csv").write_text(",".join(columns) + "\n")
    (tmp_path / "data.toml").write_text(BINDING)
    leads, _ = agree(model(), tmp_path / "data.toml", None)
    assert leads == []


def test_a_single_column_and_lines_that_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("title\na\n\nb\n   \n\n")
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.csv"\n')
    leads, _ = agree(model(), tmp_path / "data.toml", "2026-01-01")
    assert [(lead[0], lead[2]) for lead in leads] == [
        ("1", [("title", "a")]),
        ("2", [("title", "b")]),
        ("3", [("title", BLANK)]),
    ]


def test_a_binding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("Id\nL1\n")
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.csv"\nid = "id"\n')
    with duckdb.connect() as connection, pytest.raises(BindingError, match="did you mean `Id`") as caught:
        supplied(model(), read_binding(tmp_path / "data.toml"), None, connection)
    assert len(caught.value.mistakes) == 2
