"""Rows of a PostgreSQL server, read and never written."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_data_origins import EVENTS, LEADS, mistakes, problems, said


@pytest.fixture
def address(postgres: Any) -> str:
    """Return the address of a server with leads and events."""
    with postgres.cursor() as cursor:
        cursor.execute("drop schema if exists crm cascade; create schema crm")
        cursor.execute("create table crm.leads (id numeric, title text, size double precision, tags text[])")
        cursor.execute(
            "insert into crm.leads values (1.0, 'a', 1.5, '{x,y}'), (2, ' ', 'NaN', '{}'), (1, 'b', 7, null)"
        )
        cursor.execute('create table crm.happened (lead text, "at" timestamptz, page text, seconds text)')
        rows = "('1', '2026-01-05 10:00+01', '/', '5'), ('9', null, '/', '1'), ('2', null, '', 'x')"
        cursor.execute(f"insert into crm.happened values {rows}")
    postgres.commit()
    info = postgres.info
    return f"postgres:///{info.dbname}?host={info.host}&user={info.user}"


def test_tables_and_queries(tmp_path: Path, address: str) -> None:
    text = LEADS + f'database = "{address}"\ntable = "crm.leads"\n'
    text += EVENTS + f'database = "{address}"\nquery = "select * from crm.happened order by seconds"\n'
    leads, faults = said(tmp_path, text)
    assert [lead[0] for lead in leads] == ["2", "1"]
    assert dict(leads[1][2])["title"] == "b"  # type: ignore[call-overload] # pairs
    found = problems(faults)
    assert len(found) == 3
    assert all("secret" not in file and "host=" not in file for file, *_ in found)


def test_nothing_is_written(tmp_path: Path, address: str) -> None:
    (found,) = mistakes(
        tmp_path, LEADS + f'database = "{address}"\nquery = "delete from crm.leads returning *"\n'
    )
    assert "read-only" in found or "syntax error" in found
    (found,) = mistakes(tmp_path, LEADS + f'database = "{address}"\ntable = "crm.none"\n')
    assert "does not exist" in found


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    address = f"postgres://me:secret@/none?host={tmp_path}"
    (found,) = mistakes(tmp_path, LEADS + f'database = "{address}"\ntable = "leads"\n')
    assert found.startswith("`leads.database`: `postgres:///none: leads` cannot be read")
    assert "secret" not in found
