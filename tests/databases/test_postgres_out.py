"""Decisions as a table of PostgreSQL: whole or not at all, and whoever reads it goes on reading."""

from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from mqldsl.data.database_out.target import TargetError, target_of
from mqldsl.data.database_out.written import check_target, write_to_database
from mqldsl.data.origins import Stored
from mqldsl.front.cli import program
from tests.engines.sample import AS_OF, FOLDER, sample
from tests.engines.test_postgres_engine import load
from tests.unit.test_database_out import DECIDE, ROWS, run


@pytest.fixture
def address(postgres: Any) -> str:
    """Return the address of a server with a schema of its own and a table of somebody else."""
    postgres.execute("drop schema if exists out cascade; create schema out")
    postgres.execute("create table out.theirs (a integer); insert into out.theirs values (7)")
    info = postgres.info
    return f"postgres:///{info.dbname}?host={info.host}&user={info.user}&options=-csearch_path%3Dout"


def target(address: str, table: str = "decided") -> Stored:
    found = target_of(f"{address}#{table}")
    assert isinstance(found, Stored)
    return found


def rows(postgres: Any, query: str) -> list[Any]:
    return list(postgres.execute(query).fetchall())


def test_values_have_types(postgres: Any, address: str) -> None:
    write_to_database(target(address), ROWS.schema, [ROWS.slice(0, 1), ROWS.slice(1)], replace=False)
    found = rows(postgres, "select * from out.decided")
    assert found == [tuple(row.values()) for row in ROWS.to_pylist()]
    kinds = "select format_type(atttypid, null) from pg_attribute where attrelid = 'out.decided'::regclass and attnum > 0"
    assert [kind for (kind,) in rows(postgres, kinds)] == [
        "text", "boolean", "text[]", "timestamp with time zone", "double precision", "date", "text"
    ]  # fmt: skip


def test_views_and_rights_stay_where_the_columns_do(postgres: Any, address: str) -> None:
    write_to_database(target(address), ROWS.schema, [ROWS], replace=False)
    postgres.execute("create view out.seen as select id from out.decided")
    write_to_database(target(address), ROWS.schema, [ROWS.slice(0, 1)], replace=False)
    assert rows(postgres, "select * from out.seen") == [("1",)]
    other = ROWS.select(["id", "day"])
    with pytest.raises(TargetError, match="cannot drop table decided because other objects depend on it"):
        check_target(target(address), other.schema, replace=False)
    postgres.execute("drop view out.seen")
    write_to_database(target(address), other.schema, [other], replace=False)
    assert rows(postgres, "select count(*) from out.decided") == [(3,)]


def test_the_table_of_somebody_else_stays(postgres: Any, address: str) -> None:
    with pytest.raises(TargetError, match="theirs` is there already, and `mql decide` did not make it"):
        check_target(target(address, "out.theirs"), ROWS.schema, replace=False)
    assert rows(postgres, "select * from out.theirs") == [(7,)]
    write_to_database(target(address, "out.theirs"), ROWS.schema, [ROWS], replace=True)
    assert rows(postgres, "select count(*) from out.theirs") == [(3,)]


def test_what_cannot_be_written(postgres: Any, address: str) -> None:
    read_only = address + "%20-cdefault_transaction_read_only%3Don"
    for place, words in [
        (target(read_only), "read-only transaction"),
        (target(address, "nowhere.decided"), 'schema "nowhere" does not exist'),
    ]:
        with pytest.raises(TargetError, match=words):
            check_target(place, ROWS.schema, replace=False)
    long = pa.schema([("é" * 40, pa.string())])
    with pytest.raises(TargetError, match="PostgreSQL keeps 63 bytes of a name"):
        check_target(target(address), long, replace=False)
    result = run(*DECIDE, "--out", f"{read_only}#decided")
    assert result.exit_code == 2
    assert "cannot be written: cannot execute CREATE TABLE in a read-only transaction" in " ".join(
        result.output.split()
    )
    assert rows(postgres, "select to_regclass('out.decided')") == [(None,)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_breaks_off_leaves_all_as_it_was(
    postgres: Any, address: str, error: type[BaseException]
) -> None:
    write_to_database(target(address), ROWS.schema, [ROWS], replace=False)

    class Breaking:
        """A table whose columns cannot be had."""

        def __getattr__(self, name: str) -> None:
            raise error

    with pytest.raises(error):
        write_to_database(target(address), ROWS.schema, [ROWS, Breaking()], replace=False)
    assert rows(postgres, "select count(*) from out.decided") == [(3,)]


def test_the_command_and_the_engine(postgres: Any, address: str) -> None:
    result = run(*DECIDE, "--out", f"{address}#out.decided")
    assert result.exit_code == 0, result.output
    assert "wrote 500 rows to postgres:///postgres: out.decided" in " ".join(result.output.split())
    _, tables, due = sample()
    engine = load(postgres, "decided_there", tables)
    asked = ["decide", str(FOLDER / "mql.mql"), "--engine", engine, "--as-of", AS_OF.replace(" ", "T")]
    result = CliRunner().invoke(program, [*asked, "--out", f"{engine}#decided"])
    assert result.exit_code == 0, result.output
    for name in ("leads", "decided_there.accounts"):
        result = CliRunner().invoke(program, [*asked, "--out", f"{engine}#{name}", "--replace"])
        assert result.exit_code == 2
        assert "is a table to read from" in " ".join(result.output.split())
    found = rows(postgres, "select id, handling, fired from decided_there.decided order by id")
    assert [handling for _, handling, _ in found] == due["handling"].to_pylist()
    assert isinstance(found[0][2], list)
