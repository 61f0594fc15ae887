"""`mql sql`: the whole text of small queries, names and labels that mean harm, models of dbt, refusals."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa
import pytest
import sqlglot
from click.testing import CliRunner, Result

from mqldsl.evaluate.sql.lowering import functions_for
from mqldsl.front.cli import program
from tests.engines.sample import AS_OF, sample

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "sql"
QUICK_START = "rules/quick-start/mql.mql"
NUMBERS = """\
definition "Numbers alone" version 1

lead:
  size: number
  stage: one of (open, won), missing when won

event visit: seconds number

clause big "Fifty and more": size >= 50
clause keen: visits(seconds > 5) >= 2 within 7d

decide handling "What next":
  sales when big and keen and stage = open, due within 60 minutes
  otherwise nurture
"""
HOSTILE = """\
definition "*/ drop {{ 1 }}" version 1

lead:
  size: number
  `select`: text

clause big "*/ ; drop table leads; -- {{ 7 * 7 }} {% raw %} ${x} {# #}": size >= 50
clause odd: `select` = "'; {{ 6 * 6 }} {% if %} {{{ {# mql_place_0_ $1 \\\\ \\" "

decide handling:
  sales when big or odd, because "{{ 5 * 5 }} '{%- x -%}' */ --"
  otherwise nurture
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["sql", *map(str, arguments)], prog_name="mql")


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a definition where the test stands, and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> str:
        Path("some.mql").write_text(text, encoding="utf-8")
        return "some.mql"

    return write


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark", "snowflake", "bigquery"])
def test_the_whole_text(dialect: str, written: Any) -> None:
    result = run(written(NUMBERS), "--dialect", dialect, "--as-of", "2026-03-10T09:00")
    assert result.exit_code == 0, result.output
    expected = GOLDEN / f"numbers.{dialect}.sql"
    if os.environ.get("ACCEPT"):
        expected.write_bytes(result.output.encode())
    assert result.output.encode() == expected.read_bytes()


def test_the_text_as_a_model_of_dbt(written: Any) -> None:
    result = run(written(NUMBERS), "--dialect", "snowflake", "--dbt")
    assert result.exit_code == 0, result.output
    expected = GOLDEN / "numbers.dbt.sql"
    if os.environ.get("ACCEPT"):
        expected.write_bytes(result.output.encode())
    assert result.output.encode() == expected.read_bytes()


def test_the_quick_start_is_decided_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = run(QUICK_START, "--as-of", AS_OF.replace(" ", "T"))
    assert result.exit_code == 0, result.output
    assert "/* Fits our profile (rules/quick-start/mql.mql:42) */" in result.output
    _, tables, due = sample()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        functions_for(connection)
        for name, given in tables.items():
            table = given
            if "id" in table.column_names and name not in ("leads", "accounts"):
                # By convention each row is an event of its own.
                table = table.group_by(["lead", "id"], use_threads=False).aggregate(
                    [(each, "first") for each in table.column_names if each not in ("lead", "id")]
                )
                table = table.rename_columns([each.removesuffix("_first") for each in table.column_names])
            connection.register(name, table)
        found = connection.sql(result.output).to_arrow_table().sort_by("id")
    for name in ("id", "handling", "warmth", "fits", "interested", "reachable", "cold"):
        assert found[name].to_pylist() == due[name].to_pylist(), name
    assert found["handling.missing"].to_pylist() == due["missing"].to_pylist()


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark", "bigquery"])
def test_names_and_labels_stay_what_they_are(dialect: str, written: Any) -> None:
    result = run(written(HOSTILE), "--dialect", dialect, "--as-of", "2026-03-10")
    assert result.exit_code == 0, result.output
    (statement,) = sqlglot.parse(result.output, dialect=dialect)
    assert isinstance(statement, sqlglot.exp.Select)
    assert "mql_place" not in result.output.replace("mql_place_0_ $1", "")


def test_nothing_of_a_definition_becomes_jinja(written: Any) -> None:
    file = written(HOSTILE)
    plain = run(file, "--as-of", "2026-03-10").output
    model = run(file, "--as-of", "2026-03-10", "--dbt").output
    heard: list[object] = []

    def config(**told: object) -> str:
        heard.append(told)
        return ""

    def source(schema: str, table: str) -> str:
        heard.append((schema, table))
        return f'"{table}"'

    said = jinja2.Environment(autoescape=False).from_string(model).render(config=config, source=source)
    assert heard == [{"materialized": "table"}, ("mql", "leads")]
    assert said.strip() == plain.strip()


def test_dbt_tells_as_of_when(written: Any) -> None:
    model = run(written(NUMBERS), "--dbt").output
    started = datetime(2026, 3, 10, 9, tzinfo=UTC)

    def rendered(**told: str) -> str:
        return (
            jinja2.Environment(autoescape=False)
            .from_string(model)
            .render(
                config=lambda **_: "",
                source=lambda _, table: table,
                run_started_at=started,
                var=told.get,
            )
        )

    assert "'2026-03-10 09:00:00' AS \"mql as_of\"" in rendered()
    assert "'2026-01-01 00:00:00' AS \"mql as_of\"" in rendered(as_of="2026-01-01 00:00:00")


def test_an_instant_for_each_lead(written: Any) -> None:
    text = run(written(NUMBERS), "--as-of", "asked_at").output
    at = datetime(2026, 3, 10, 9, tzinfo=UTC).replace(tzinfo=None)
    tables = {
        "leads": pa.table(
            {"id": ["a", "b"], "size": [50.0, 50.0], "stage": ["Open ", "won"], "asked_at": [at, at]}
        ),
        "visit": pa.table({"lead": ["a", "a", "b"], "at": [at, at, at], "seconds": [6.0, 7.0, float("nan")]}),
    }
    with duckdb.connect() as connection:
        functions_for(connection)
        for name, table in tables.items():
            connection.register(name, table)
        found = connection.sql(text).to_arrow_table().sort_by("id")
    assert found["as_of"].to_pylist() == [at, at]
    assert found["handling"].to_pylist() == ["sales", "nurture"]
    assert found["handling.missing"].to_pylist() == [[], []]


def test_what_cannot_be_said_is_refused_with_its_place(written: Any) -> None:
    file = written('lead:\n  title: text\n\nclause a: title = "x"\nclause b: title matches "é"\n')
    result = run(file, "--dialect", "postgres")
    assert result.exit_code == 2
    assert result.output.startswith("error: some.mql:5:1: PostgreSQL cannot say exactly")
    file = written('lead:\n  title: text\n\nclause a: title = "x"\n')
    result = run(file, "--dialect", "snowflake", "--out", "out.sql")
    assert result.exit_code == 2
    assert "some.mql:4:1: Snowflake cannot say exactly the folding of text" in result.output
    assert not Path("out.sql").exists()


def test_tables_of_a_binding(written: Any) -> None:
    file = written(NUMBERS)
    binding = Path("data.toml")
    server = 'database = "postgres://crm.example/sales"\n'
    binding.write_text(
        f'[leads]\n{server}table = "crm.contacts"\nid = "contact"\nwhere = {{ kind = "x" }}\n'
        '[leads.columns]\nsize = "Employees"\n'
        f'[events.visit]\n{server}query = "select * from v -- seen;"\nlead = "who"\nat = "seen"\nid = "key"\n',
        encoding="utf-8",
    )
    result = run(file, "--dialect", "postgres", "--data", binding, "--as-of", "2026-03-10")
    assert result.exit_code == 0, result.output
    for piece in (
        'FROM "crm"."contacts" AS "r"',
        '"r"."Employees"',
        "select * from v -- seen\n)",
        '"r"."key"',
    ):
        assert piece in result.output, piece
    Path("leads.csv").write_text("id\n1\n", encoding="utf-8")
    binding.write_text('[leads]\npath = "leads.csv"\nid = "id"\n', encoding="utf-8")
    result = run(file, "--data", binding)
    assert result.exit_code == 2
    assert "`leads.csv` is not in the database" in result.output
    assert run(file, "--data", binding, "--dbt").exit_code == 2
