"""All leads decided inside PostgreSQL, beside the decisions in Python."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.engines.postgres import in_postgres
from mqldsl.data.in_database.refusing import EngineError, NotInDialectError
from mqldsl.front.cli import program
from mqldsl.pipeline import check_text
from tests.engines.sample import AS_OF, FOLDER, differences, sample

_KINDS = {"string": "text", "double": "double precision", "bool": "boolean", "date32[day]": "date"}


def load(postgres: Any, schema: str, tables: dict[str, pa.Table]) -> str:
    """Put tables into a schema, and return the address at which they are found by their bare names."""
    with postgres.cursor() as cursor:
        cursor.execute(f"drop schema if exists {schema} cascade; create schema {schema}")
        for name, table in tables.items():
            kinds = [_KINDS.get(str(field.type), "timestamptz") for field in table.schema]
            columns = ", ".join(f'"{field.name}" {kind}' for field, kind in zip(table.schema, kinds))
            cursor.execute(f'create table {schema}."{name}" ({columns})')
            with cursor.copy(f'copy {schema}."{name}" from stdin') as copy:
                for row in table.to_pylist():
                    copy.write_row(list(row.values()))
    info = postgres.info
    return f"postgres:///{info.dbname}?host={info.host}&user={info.user}&options=-csearch_path%3D{schema}"


def test_the_quick_start_is_decided_the_same(postgres: Any) -> None:
    model, tables, due = sample()
    address = load(postgres, "sample", tables)
    heard: list[int] = []
    found = in_postgres(model, None, AS_OF, address, heard.append)
    assert heard == [500]
    assert not differences(found, due)


def test_the_command(postgres: Any) -> None:
    _, tables, due = sample()
    address = load(postgres, "command", tables)
    asked = ["decide", str(FOLDER / "mql.mql"), "--engine", address, "--as-of", AS_OF.replace(" ", "T")]
    result = CliRunner().invoke(program, [*asked, "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["id"], row["handling"], row["fired"]) for row in rows[:2]] == [
        (
            "L0001",
            "remove",
            ["right_size", "right_industry", "in_time", "fits", "keen_decider", "interested"],
        ),
        ("L0002", "sales", rows[1]["fired"]),
    ]
    assert [row["handling"] for row in rows] == due["handling"].to_pylist()
    for given, words in [
        (["--engine", "oracle"], "`oracle` is none of duckdb, python, spark"),
        ([], "Missing option '--data'"),
        (["--engine", address.replace("Dcommand", "Dnone")], "there is no table `leads`"),
    ]:
        result = CliRunner().invoke(program, ["decide", str(FOLDER / "mql.mql"), *given], prog_name="mql")
        assert result.exit_code == 2
        assert words in result.output


def test_a_binding_names_tables_and_queries(postgres: Any, tmp_path: Path) -> None:
    model, tables, due = sample()
    address = load(
        postgres,
        "other",
        tables | {"People": tables["leads"].rename_columns(["key", *tables["leads"].column_names[1:]])},
    )
    text = f'[leads]\ndatabase = "{address}"\ntable = "other.People"\nid = "key"\n'
    text += (
        f'[accounts]\ndatabase = "{address}"\nquery = "select * from accounts -- all of them;"\nid = "id"\n'
    )
    for name in model.kinds:
        text += f'[events.{name}]\ndatabase = "{address}"\ntable = "{name}"\nlead = "lead"\nat = "at"\nid = "id"\n'
    (tmp_path / "data.toml").write_text(text, encoding="utf-8")
    found = in_postgres(model, read_binding(tmp_path / "data.toml"), AS_OF, address)
    assert not differences(found, due)


SMALL = """
lead:
  size: number
  hot: one of (yes_please, elephant), missing when "no"
  seen: time
event visit: page text
clause big: size >= 50
clause keen: visits >= 2 within 7d
clause here: hot = "elephant"
clause early: seen before 2026-07-01 12:00
decide handling:
  sales when big and keen, due within 1d
  otherwise nurture
"""


def small(zone: str = "UTC") -> Any:
    found = check_text(f'definition "Small" version 1\n  time zone "{zone}"\n' + SMALL)
    assert found.model is not None, found.findings
    return found.model


def test_values_are_read_as_they_are_stored(postgres: Any) -> None:
    with postgres.cursor() as cursor:
        cursor.execute("drop schema if exists odd cascade; create schema odd; set search_path to odd")
        cursor.execute("create table leads (id integer, size numeric, hot varchar(20), seen timestamp)")
        cursor.execute(
            "insert into leads values (1, 'NaN', ' ELÉPHANT', null), (2, 50.0, 'Elephant ', '2026-07-01 11:59'), "
            "(3, 49.9, 'No', '2026-07-01 12:00'), (10, 1e300, ' ', '2026-06-30')"
        )
        cursor.execute('create table visit (lead text, "at" timestamptz)')
        cursor.execute(
            "insert into visit values ('2', '2026-07-01 10:00+02'), (' 2 ', '2026-07-01'), (null, now())"
        )
        cursor.execute("reset search_path")
    info = postgres.info
    address = f"postgres:///{info.dbname}?host={info.host}&user={info.user}&options=-csearch_path%3Dodd"
    found = in_postgres(small("Europe/Berlin"), None, "2026-07-02", address)
    told = {name: found[name].to_pylist() for name in ("id", "big", "keen", "here", "early", "handling")}
    assert told == {
        "id": ["1", "10", "2", "3"],
        "big": [None, True, True, False],
        "keen": [False, False, True, False],
        "here": [None, None, True, None],
        "early": [None, True, True, False],
        "handling": ["nurture", "nurture", "sales", "nurture"],
    }


def test_what_cannot_be_decided_there(postgres: Any, tmp_path: Path) -> None:
    with postgres.cursor() as cursor:
        cursor.execute("drop schema if exists bad cascade; create schema bad")
        cursor.execute("create table bad.leads (id text, size text, hot text, seen timestamp)")
    info = postgres.info
    address = f"postgres:///{info.dbname}?host={info.host}&user={info.user}&options=-csearch_path%3Dbad"
    with pytest.raises(BindingError, match="the column `size` is stored as text, but `size` is a number"):
        in_postgres(small(), None, "2026-07-02", address)
    with postgres.cursor() as cursor:
        cursor.execute(
            "alter table bad.leads drop column size; insert into bad.leads values ('a'), ('b'), ('a')"
        )
    with pytest.raises(EngineError, match="`a` stands more than once among the leads"):
        in_postgres(small(), None, "2026-07-02", address)
    with pytest.raises(EngineError, match="nothing says as of when"):
        in_postgres(small(), None, None, address)
    with pytest.raises(EngineError, match="there is no table `leads`"):
        in_postgres(small(), None, "2026-07-02", address.replace("Dbad", "Dnone"))
    (tmp_path / "leads.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.csv"\nid = "id"\n', encoding="utf-8")
    with pytest.raises(BindingError, match="is not in the database"):
        in_postgres(small(), read_binding(tmp_path / "data.toml"), "2026-07-02", address)
    text = f'[leads]\ndatabase = "{address}"\nquery = "delete from bad.leads returning *"\nid = "id"\n'
    (tmp_path / "data.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=r"read-only|syntax error"):
        in_postgres(small(), read_binding(tmp_path / "data.toml"), "2026-07-02", address)


def test_what_postgresql_cannot_say_is_refused_with_its_place(postgres: Any) -> None:
    address = load(postgres, "refusing", {"leads": pa.table({"id": ["1"], "title": ["é"]})})
    found = check_text('lead:\n  title: text\nclause a: title = "x"\nclause b: title matches "é"\n')
    assert found.model is not None, found.findings
    with pytest.raises(NotInDialectError, match="PostgreSQL cannot say exactly") as refused:
        in_postgres(found.model, None, "2026-07-02", address)
    place = refused.value.place
    assert place is not None
    assert place.source.position(place.span.start).line == 4


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(EngineError) as error:
        in_postgres(small(), None, "2026-07-02", f"postgres://me:secret@/none?host={tmp_path}")
    assert "secret" not in str(error.value)


def test_companies_without_a_table_of_them_and_sets_with_gaps(postgres: Any, tmp_path: Path) -> None:
    model = check_text("""
lead:
  account: text
  x: number
  tags: set of text
event visit
clause committee: people(x > 5) >= 2
clause busy: account.visits >= 2 ever
clause priced: tags has any of ("a", "b")
value best: highest x of people
""").model
    assert model is not None
    schema = "crm"
    address = load(postgres, schema, {})
    with postgres.cursor() as cursor:
        cursor.execute(
            f"create table {schema}.leads (id text, account text, x double precision, tags text[]);"
            f"insert into {schema}.leads values ('1', null, 1, '{{q,null}}'), ('2', 'A', 6, '{{a}}'), ('3', 'A', 7, null);"
            f"create table {schema}.visit (lead text, at timestamptz);"
            f"insert into {schema}.visit values ('2', '2026-03-01'), ('3', '2026-03-02')"
        )
    lines = [f'database = "{address}"', 'table = "{}"', ""]
    binding = "\n".join(
        ["[leads]", 'id = "id"', *lines, "[events.visit]", 'lead = "lead"', 'at = "at"', *lines]
    )
    path = tmp_path / "data.toml"
    path.write_text(binding.format("leads", "visit"), encoding="utf-8")
    for asked in (None, read_binding(path)):
        rows = in_postgres(model, asked, "2026-03-10", address).to_pylist()
        names = ("id", "committee", "busy", "priced", "best")
        assert [tuple(row[name] for name in names) for row in rows] == [
            ("1", False, False, False, 1.0),
            ("2", True, True, True, 7.0),
            ("3", True, True, None, 7.0),
        ]
