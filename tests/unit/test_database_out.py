"""Decisions as a table of DuckDB and SQLite: whole or not at all, and nobody else's table goes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from mqldsl.data.binding import binding_of
from mqldsl.data.database_out.target import TargetError, is_source, target_of
from mqldsl.data.database_out.written import check_target, write_to_database
from mqldsl.data.origins import Stored
from mqldsl.front.cli import program

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"
DECIDE = ["decide", STARTER / "mql.mql", "--data", STARTER / "data.toml", "--as-of", "2026-03-10T09:00"]
KINDS = ["x.duckdb", "x.sqlite"]
ROWS = pa.table(
    {
        "id": ["1", "it's", None],
        "certain": [True, False, None],
        "fired": pa.array([["a", 'b"'], [], None], pa.list_(pa.string())),
        "due_at": pa.array([1_000_000, 0, None], pa.timestamp("us", "UTC")),
        "high": [1.5, float("inf"), None],
        "day": pa.array([0, 1, None], pa.date32()),
        'odd "name"': ["é", "", None],
    }
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], prog_name="mql")


def made(path: Path) -> Path:
    """Make a database with a table of somebody else."""
    statements = ["create table theirs (a integer)", "insert into theirs values (7)"]
    connection: Any = duckdb.connect(str(path)) if path.suffix == ".duckdb" else sqlite3.connect(path)
    with closing(connection):
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def rows(path: Path, query: str) -> list[Any]:
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            columns = connection.sql(query).to_arrow_table().columns
            return list(zip(*(column.to_pylist() for column in columns)))
    with closing(sqlite3.connect(path)) as found:
        return list(found.execute(query).fetchall())


def target(path: Path, table: str = "decided") -> Stored:
    found = target_of(f"{path}#{table}")
    assert isinstance(found, Stored)
    return found


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made(tmp_path / request.param)


# ---------------------------------------------------------------- what is written


def test_values_have_types(database: Path) -> None:
    write_to_database(target(database), ROWS.schema, [ROWS.slice(0, 1), ROWS.slice(1)], replace=False)
    found = rows(database, "select * from decided")
    assert len(found) == 3
    assert found[2] == (None,) * 7
    if database.suffix == ".duckdb":
        assert found[0][:5] == ("1", True, ["a", 'b"'], ROWS["due_at"][0].as_py(), 1.5)
        with duckdb.connect(str(database), read_only=True) as connection:
            kinds = [str(kind) for kind in connection.sql("select * from decided").types]
        assert kinds == [
            "VARCHAR",
            "BOOLEAN",
            "VARCHAR[]",
            "TIMESTAMP WITH TIME ZONE",
            "DOUBLE",
            "DATE",
            "VARCHAR",
        ]
    else:
        assert found[0] == ("1", 1, '["a", "b\\""]', "1970-01-01T00:00:01Z", 1.5, "1970-01-01", "é")
        assert found[1][1:3] == (0, "[]")


def test_a_table_of_ours_is_replaced(database: Path) -> None:
    ours = target(database)
    for some in (ROWS, ROWS.slice(0, 1), ROWS.slice(0, 2).select(["id", "high"]), ROWS.slice(0, 0)):
        write_to_database(ours, some.schema, [some] if some.num_rows else [], replace=False)
        assert rows(database, "select count(*) from decided") == [(some.num_rows,)]
    assert rows(database, "select * from theirs") == [(7,)]


def test_indexes_stay_where_the_columns_do(tmp_path: Path) -> None:
    path = made(tmp_path / "x.sqlite")
    for _ in range(2):
        write_to_database(target(path), ROWS.schema, [ROWS], replace=False)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("create index if not exists by_id on decided (id)")
    assert rows(path, "select name from sqlite_master where type = 'index'") == [("by_id",)]


def test_the_table_of_somebody_else_stays(database: Path) -> None:
    with pytest.raises(TargetError, match="Theirs` is there already, and `mql decide` did not make it"):
        check_target(target(database, "Theirs"), ROWS.schema, replace=False)
    with pytest.raises(TargetError, match="did not make it"):
        write_to_database(target(database, "theirs"), ROWS.schema, [ROWS], replace=False)
    assert rows(database, "select * from theirs") == [(7,)]
    write_to_database(target(database, "theirs"), ROWS.schema, [ROWS], replace=True)
    assert len(rows(database, "select * from theirs")) == 3


def test_looking_whether_it_can_be_written_writes_nothing(database: Path) -> None:
    before = database.read_bytes()
    check_target(target(database), ROWS.schema, replace=False)
    if database.suffix != ".duckdb":
        assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]
    with pytest.raises(TargetError, match="cannot be written"):
        check_target(target(database, "nowhere.decided"), ROWS.schema, replace=False)
    twice = pa.schema([("Team", pa.string()), ("team", pa.string())])
    with pytest.raises(TargetError, match="cannot be written"):
        check_target(target(database), twice, replace=False)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_breaks_off_leaves_all_as_it_was(database: Path, error: type[BaseException]) -> None:
    write_to_database(target(database), ROWS.schema, [ROWS], replace=False)

    class Breaking:
        """A table whose columns cannot be had."""

        def __getattr__(self, name: str) -> None:
            raise error

    for broken in (Breaking(), ROWS.select(["id"])):
        with pytest.raises((error, TargetError, duckdb.Error)):
            write_to_database(target(database), ROWS.schema, [ROWS, broken], replace=False)
        assert rows(database, "select count(*) from decided") == [(3,)]


def test_a_database_that_is_in_use(tmp_path: Path) -> None:
    path = made(tmp_path / "x.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("begin immediate")
        with pytest.raises(TargetError, match=r"x\.sqlite: decided` cannot be written: database is locked"):
            check_target(target(path), ROWS.schema, replace=False)


@pytest.mark.parametrize(
    ("out", "is_read"),
    [
        ("crm.duckdb#crm.leads", True),
        ("./crm.duckdb#Leads", True),
        ("crm.duckdb#mql.leads", False),
        ("crm.duckdb#decided", False),
        ("other.duckdb#leads", False),
        ("postgres://somebody@db.example/crm#seen.visits", True),
        ("postgres://db.example/other#visits", False),
        ("postgres://db.example/other#webinars", True),
    ],
)
def test_a_table_that_is_read_from(out: str, is_read: bool) -> None:
    text = """
        [leads]
        database = "crm.duckdb"
        table = "crm.leads"
        [events.visit]
        database = "postgres://me:secret@db.example/crm"
        table = "seen.visits"
        lead = "lead"
        [events.webinar]
        table = "webinars"
        lead = "lead"
    """
    found = target_of(out)
    assert isinstance(found, Stored)
    assert is_source(found, binding_of(text, Path("data.toml"))) is is_read


# ---------------------------------------------------------------- the command


def test_the_command(database: Path) -> None:
    place = f"{database}#decided"
    for _ in range(2):
        result = run(*DECIDE, "--out", place)
        assert result.exit_code == 0, result.output
        assert "wrote 500 rows to" in result.output
    assert rows(database, "select count(*), count(distinct id) from decided") == [(500, 500)]
    ((fired,),) = rows(database, "select fired from decided where id = 'L0002'")
    assert "right_size" in (fired if isinstance(fired, list) else json.loads(fired))


def test_sources_and_results_in_one_database(tmp_path: Path) -> None:
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table leads as select range as id, range * 10 as size from range(20)")
    (tmp_path / "t.mql").write_text(
        "lead:\n  size: number\nclause big: size >= 50\ndecide next:\n  sales when big\n  otherwise wait\n"
    )
    (tmp_path / "data.toml").write_text('[leads]\ndatabase = "crm.duckdb"\ntable = "leads"\nid = "id"\n')
    decide = ["decide", tmp_path / "t.mql", "--data", tmp_path / "data.toml", "--as-of", "2026-03-10"]
    for engine in ("duckdb", "python"):
        result = run(*decide, "--out", f"{path}#decided", "--engine", engine)
        assert result.exit_code == 0, result.output
        assert rows(path, 'select "next", count(*) from decided group by all order by all') == [
            ("sales", 15),
            ("wait", 5),
        ]
    result = run(*decide, "--out", f"{path}#leads", "--replace")
    assert result.exit_code == 2
    assert "is a table to read from" in " ".join(result.output.split())
    assert rows(path, "select count(*) from leads") == [(20,)]


@pytest.mark.parametrize(
    ("out", "more", "words"),
    [
        ("none.duckdb#decided", [], "there is no such file; a table goes into a database that is there"),
        ("text.db#decided", [], "the file is no database of DuckDB or SQLite"),
        ("x.duckdb", [], "`x.duckdb` is a database: name the table behind a `#`, as in `x.duckdb#decisions`"),
        ("x.duckdb#", [], "name the table behind a `#`"),
        ("x.duckdb#theirs", [], "did not make it: name another table, or say --replace"),
        ("x.duckdb#decided", ["--format", "csv"], "leave --format out"),
        ("x.csv", ["--replace"], "--replace goes with a table of a database"),
        (".", [], "`.` is a folder"),
        (
            "postgres://me:secret@127.0.0.1:1/crm#decided",
            [],
            "postgres://127.0.0.1/crm: decided` cannot be written",
        ),
    ],
)
def test_what_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, more: list[str], words: str
) -> None:
    made(tmp_path / "x.duckdb")
    (tmp_path / "text.db").write_text("no database")
    monkeypatch.chdir(tmp_path)
    result = run(*DECIDE, "--out", out, *more)
    assert result.exit_code == 2, result.output
    assert words in " ".join(result.output.split())
    assert "secret" not in result.output
    assert rows(tmp_path / "x.duckdb", "select * from theirs") == [(7,)]
    assert {path.name for path in tmp_path.iterdir()} == {"x.duckdb", "text.db"}


def test_a_file_may_have_such_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*DECIDE, "--out", "week#11.csv").exit_code == 0
    assert (tmp_path / "week#11.csv").exists()


def test_strict_leaves_the_table_as_it_was(database: Path) -> None:
    result = run(*DECIDE, "--out", f"{database}#decided", "--strict")
    assert result.exit_code == 2
    assert "was not written" in " ".join(result.output.split())
    with pytest.raises((duckdb.Error, sqlite3.Error)):
        rows(database, "select * from decided")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interruption_leaves_the_table_as_it_was(database: Path) -> None:
    # Written for a while: the same rows again and again.
    text = (
        "import os, sys, pyarrow as pa\n"
        "from mqldsl.data.database_out.target import target_of\n"
        "from mqldsl.data.database_out.written import write_to_database\n"
        "rows = pa.table({'id': [str(n) for n in range(20_000)]})\n"
        "write_to_database(target_of(sys.argv[1]), rows.schema, [rows], replace=False)\n"
        "print('once', flush=True)\n"
        "write_to_database(target_of(sys.argv[1]), rows.schema, [rows] * 100_000, replace=False)\n"
    )
    command = [sys.executable, "-c", text, f"{database}#decided"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        time.sleep(1)
        started.send_signal(signal.SIGINT)
        try:
            _, err = started.communicate(timeout=60)
        finally:
            started.kill()
    assert started.returncode != 0
    assert b"KeyboardInterrupt" in err
    assert rows(database, "select count(*) from decided") == [(20_000,)]
    if database.suffix == ".duckdb":
        assert [path.name for path in database.parent.iterdir()] == [database.name]
