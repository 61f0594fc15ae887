"""Rows of several files, of Arrow files and of databases, bound and read both ways."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from tests.unit.supplied import Said, agree

DEFINITION = """
definition "T" version 1
lead:
  title: text
  size: number, required
  tags: set of text
event visit: page text, seconds number
event demo
"""
LEADS = '[leads]\nid = "id"\n'
EVENTS = '[events.visit]\nlead = "lead"\nat = "at"\n'
ROWS = [("L1", "Head", "5", "a"), ("L2", "", "x", None), (" L1 ", "Boss", "7", "b"), ("", "Nobody", "1", "")]
HAPPENED = [("L1", "2026-01-05 10:00", "/", "5"), ("L9", "2026-01-05", "/a", "x"), ("L2", "never", "/b", "1")]


def model(text: str = DEFINITION) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


def said(folder: Path, binding: str, text: str = DEFINITION) -> Said:
    """Return what both ways say."""
    (folder / "data.toml").write_text(binding, encoding="utf-8")
    return agree(model(text), folder / "data.toml", "2026-02-01")


def mistakes(folder: Path, binding: str) -> list[str]:
    (folder / "data.toml").write_text(binding, encoding="utf-8")
    with pytest.raises(BindingError) as caught:
        situations(model(), read_binding(folder / "data.toml"), "2026-02-01")
    return list(caught.value.mistakes)


def problems(faults: Faults) -> list[tuple[str, int, str, str]]:
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults.kept]


def table(names: str, rows: list[Any]) -> str:
    return (
        "\n".join([names, *(",".join("" if cell is None else cell for cell in row) for row in rows)]) + "\n"
    )


def fields(leads: Any) -> list[tuple[str, dict[str, object]]]:
    return [(lead[0], dict(lead[2])) for lead in leads]


# ---------------------------------------------------------------- several files


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.csv").write_text(
        table("title,id,size,extra", [("Boss", "L1", "x", "?"), ("VP", "L3", "3", "")])
    )
    (tmp_path / "in" / "a.csv").write_text(table("id,title,size", [("L1", "Head", "5"), ("L2", "", "y")]))
    (tmp_path / "in" / "notes.md").write_text("no rows")
    return tmp_path


@pytest.mark.parametrize(
    "origin",
    ['paths = ["in"]', 'paths = ["in/a.csv", "in/b.csv"]', 'glob = "in/*.csv"', 'glob = "**/[ab].csv"'],
)
def test_several_files_are_read_one_after_the_other(parts: Path, origin: str) -> None:
    leads, faults = said(parts, LEADS.replace("\n", f"\n{origin}\n", 1))
    assert [(lead, facts["title"]) for lead, facts in fields(leads)] == [
        ("L2", faults_blank(leads)),
        ("L1", "Boss"),
        ("L3", "VP"),
    ]
    assert problems(faults) == [
        ("in/a.csv", 1, "id", "L1"),
        ("in/a.csv", 2, "size", "y"),
        ("in/b.csv", 1, "size", "x"),
    ]
    assert "`tags` is not supplied" in faults.notes[0]


def faults_blank(leads: Any) -> object:
    return fields(leads)[0][1]["title"]


def test_rows_with_keys_stand_with_their_like(parts: Path) -> None:
    (parts / "in" / "c.jsonl").write_text('{"id": "L4", "tags": ["x"]}\n{\n{"id": "L2", "size": 2}\n')
    assert "stand with their like only" in mistakes(parts, LEADS.replace("\n", '\npaths = ["in"]\n', 1))[0]
    (parts / "d.ndjson").write_text('{"id": "L4", "size": "x"}\n')
    leads, faults = said(parts, LEADS + 'paths = ["in/c.jsonl", "d.ndjson"]\n')
    assert fields(leads)[0] == ("L2", {"size": 2.0})
    assert problems(faults)[-2:] == [("in/c.jsonl", 2, "", "line 2: {"), ("d.ndjson", 1, "size", "x")]


def test_events_of_several_files(parts: Path) -> None:
    (parts / "e1.csv").write_text(table("lead,at,page,seconds", HAPPENED[:2]))
    (parts / "e2.csv").write_text(table("seconds,at,lead", [("z", "2026-01-01", "L1"), ("1", "soon", "L1")]))
    text = (
        LEADS.replace("\n", '\npaths = ["in"]\n', 1)
        + EVENTS
        + 'paths = ["e1.csv", "e2.csv"]\nid = "seconds"\n'
    )
    _, faults = said(parts, text)
    assert problems(faults)[:2] == [("e2.csv", 1, "seconds", "z"), ("e2.csv", 2, "at", "soon")]
    assert any("`visit.page` is not supplied" in note for note in faults.notes)


def test_parquet_in_several_files(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"id": [1, 2], "size": [1.5, None]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"size": ["2", "x"], "id": [3, 1]}), tmp_path / "2.parquet")
    leads, faults = said(tmp_path, LEADS + 'glob = "*.parquet"\n')
    assert [lead[0] for lead in leads] == ["2", "3", "1"]
    assert problems(faults)[0] == ("1.parquet", 1, "id", "1")


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ('path = "a.csv"\npaths = ["a.csv"]', "`leads`: `path` and `paths` both say where the rows are"),
        ("paths = []", "`leads.paths`: this must be a list of files or folders"),
        ('paths = ["none"]', "`leads.paths`: the folder `none` holds no file of rows"),
        ('glob = "*.none"', "`leads.glob`: no file fits `*.none`"),
        ('glob = "/*.csv"', "`leads.glob`: this must be a pattern for files below"),
        ('database = "x.db"', "`leads`: a `database` needs either the name of a `table` or a `query`"),
        ('path = "in/a.csv"\nencoding = "klingon"', "`leads.encoding`: there is no encoding `klingon`"),
        ('path = "in/a.csv"\nencoding = "base64"', "`leads.encoding`: there is no encoding `base64`"),
    ],
)
def test_what_is_wrong_with_an_origin_is_told(parts: Path, origin: str, words: str) -> None:
    (parts / "none").mkdir()
    (found,) = mistakes(parts, LEADS + origin + "\n")
    assert found.startswith(words)


def test_several_files_need_ids(parts: Path) -> None:
    assert "rows of several files need an id" in mistakes(parts, '[leads]\npaths = ["in"]\n')[0]


# ---------------------------------------------------------------- encodings and Arrow files


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-8-sig", "utf8"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "leads.csv").write_bytes(
        table("id,title,größe", [("L1", "Geschäftsführer €"[:15], "5")]).encode(encoding)
    )
    text = LEADS + f'path = "leads.csv"\nencoding = "{encoding}"\n[leads.columns]\nsize = "größe"\n'
    leads, _ = said(tmp_path, text)
    assert fields(leads) == [("L1", {"title": "Geschäftsführer", "size": 5.0})]


@pytest.mark.parametrize("way", ["file", "stream"])
def test_arrow_files(tmp_path: Path, way: str) -> None:
    pa = pytest.importorskip("pyarrow")
    found = pa.table(
        {"id": [1, 2, 1], "title": ["a", None, "b"], "size": [1.5, None, 3], "tags": [["x", None], [], None]}
    )
    make = pa.ipc.new_file if way == "file" else pa.ipc.new_stream
    with make(str(tmp_path / "leads.arrow"), found.schema) as writer:
        writer.write_table(found, max_chunksize=2)
    (tmp_path / "leads.feather").write_bytes(b"ARROW1 and no more")
    leads, faults = said(tmp_path, LEADS + 'path = "leads.arrow"\n')
    assert [lead[0] for lead in leads] == ["2", "1"]
    assert [column for _, _, column, _ in problems(faults)] == ["id", "size"]
    assert "is not a whole Arrow file" in mistakes(tmp_path, LEADS + 'path = "leads.feather"\n')[0]


# ---------------------------------------------------------------- databases


def lite(folder: Path) -> Path:
    with sqlite3.connect(folder / "crm.db") as database:
        database.execute("create table leads (id, title, size, tags)")
        database.executemany("insert into leads values (?, ?, ?, ?)", ROWS)
        database.execute('create table "odd ""name" (lead, at, page, seconds)')
        database.executemany(
            'insert into "odd ""name" values (?, ?, ?, ?)', [*HAPPENED, ("L1", 5, 2.5, b"x")]
        )
    database.close()
    return folder / "crm.db"


def test_sqlite(tmp_path: Path) -> None:
    before = lite(tmp_path).read_bytes()
    text = LEADS + 'database = "crm.db"\ntable = "leads"\n'
    text += EVENTS + 'database = "crm.db"\ntable = \'odd "name\'\n'
    leads, faults = said(tmp_path, text)
    assert [lead[0] for lead in leads] == ["L2", "L1"]
    assert ("crm.db: leads", 2, "size", "x") in problems(faults)
    assert (tmp_path / "crm.db").read_bytes() == before


def test_a_text_of_sqlite_that_is_none_is_a_fault_of_its_cell(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "crm.db") as database:
        database.execute("create table leads (id, title, size)")
        database.execute(
            "insert into leads values ('L1', cast(x'4dfc6c6c6572' as text), 1), ('L2', 'CEO', 2)"
        )
    database.close()
    leads, faults = said(tmp_path, LEADS + 'database = "crm.db"\ntable = "leads"\n')
    assert [lead[0] for lead in leads] == ["L1", "L2"]
    assert [fault[:3] for fault in problems(faults)] == [("crm.db: leads", 1, "title")]


def test_a_query(tmp_path: Path) -> None:
    lite(tmp_path)
    query = "select trim(id) as id, title, size from leads where size <> 'x';"
    leads, faults = said(tmp_path, LEADS + f'database = "crm.db"\nquery = "{query}"\n')
    assert [lead[0] for lead in leads] == ["L1"]
    assert problems(faults)[0] == ("crm.db: query", 3, "id", "") or faults.kept


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ('table = "none"', "no such table: none"),
        ('query = "selec 1"', "syntax error"),
        ('query = "delete from leads"', "readonly database"),
        ('query = "select 1; select 2"', "one statement"),
    ],
)
def test_what_a_database_refuses_is_told(tmp_path: Path, rest: str, words: str) -> None:
    lite(tmp_path)
    (found,) = mistakes(tmp_path, LEADS + f'database = "crm.db"\n{rest}\n')
    assert found.startswith("`leads.database`: `crm.db: ")
    assert words in found


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("id\n")
    found = mistakes(tmp_path, LEADS + 'database = "crm.db"\ntable = "leads"\n')
    assert "no database of DuckDB or SQLite" in found[0]
    assert "there is no such file" in mistakes(tmp_path, LEADS + 'database = "none.db"\ntable = "leads"\n')[0]


def test_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as database:
        database.execute("create schema sales")
        database.execute("create table sales.leads (id bigint, title varchar, size double, tags varchar[])")
        database.execute(
            "insert into sales.leads values (1, 'a', 1.5, ['x']), (2, ' ', 'nan', []), (1, 'b', null, null)"
        )
        database.execute(
            'create table happened (lead bigint, "at" timestamptz, page varchar, seconds integer)'
        )
        database.execute(
            "insert into happened values (1, '2026-01-05 10:00+01', '/', 5), (9, null, '/', 1), (2, null, '', 2)"
        )
    text = LEADS + 'database = "crm.duckdb"\ntable = "sales.leads"\n'
    text += EVENTS + 'database = "crm.duckdb"\nquery = "select * from happened order by seconds"\n'
    leads, faults = said(tmp_path, text)
    assert [lead[0] for lead in leads] == ["2", "1"]
    assert ("crm.duckdb: query", 2, "at", "") in problems(faults)
    (found,) = mistakes(tmp_path, LEADS + 'database = "crm.duckdb"\nquery = "create table x (y int)"\n')
    assert "read-only" in found


# ---------------------------------------------------------------- what only an engine has


def test_a_table_of_no_database_is_for_engines(tmp_path: Path) -> None:
    (found,) = mistakes(tmp_path, LEADS + 'table = "sales.leads"\n')
    assert found == (
        "`leads.database`: `sales.leads` cannot be read: name its `database`, or decide where it is, with --engine"
    )
    (tmp_path / "data.toml").write_text(LEADS + 'table = "a"\nquery = "select 1"\n')
    with pytest.raises(BindingError, match="needs either the name of a `table` or a `query`"):
        read_binding(tmp_path / "data.toml")


def test_a_folder_is_named_as_one(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").mkdir()
    (found,) = mistakes(tmp_path, LEADS + 'path = "in.parquet"\n')
    assert found == '`leads.path`: `in.parquet` is a folder: `paths = ["in.parquet"]` reads the files in it'
