"""Whether a binding fits a definition and its sources: everything is found before a row is read."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from mqldsl.data.binding import read_binding
from mqldsl.data.checks import check_binding, what_is_not_supplied
from mqldsl.front.cli import program
from mqldsl.model import ir
from mqldsl.pipeline import check_text

DEFINITION = """
lead:
  title: text
  employees: number
  tags: set of text
  signed_on: date, from "Signed"
account:
  revenue: money
event visit: page text, seconds number
event purchase
account event earnings_release: result text
record deal: stage text
"""


def model(text: str = DEFINITION) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


def written(folder: Path, text: str) -> Path:
    path = folder / "data.toml"
    path.write_text(text, encoding="utf-8")
    return path


def sources(folder: Path) -> None:
    (folder / "leads.csv").write_text("lead_id,Job Title,Tags,Tags,Signed,Company\n")
    (folder / "events.csv").write_text("lead_id,happened_at,url,type\n")
    (folder / "accounts.csv").write_text("account,revenue\n")


def checked(folder: Path, text: str, definition: str = DEFINITION) -> list[str]:
    sources(folder)
    return check_binding(read_binding(written(folder, text)), model(definition))


def test_a_binding_that_fits_has_no_mistakes(tmp_path: Path) -> None:
    text = """
[leads]
path = "leads.csv"
id = "lead_id"
columns = { title = "Job Title", tags = "Company", account = "Company" }
[events.visits]
path = "events.csv"
lead = "lead_id"
at = "happened_at"
columns = { page = "url" }
[accounts]
path = "accounts.csv"
id = "account"
"""
    assert checked(tmp_path, text) == []
    assert list(what_is_not_supplied(read_binding(tmp_path / "data.toml"), model())) == [
        "`employees` is not supplied: `leads.csv` has no column `employees`",
        "`visit.seconds` is not supplied: `events.csv` has no column `seconds`",
        "`purchase` is not supplied: no table is bound to it",
        "`earnings_release` is not supplied: no table is bound to it",
        "`deal` is not supplied: no table is bound to it",
    ]


def test_what_does_not_fit_is_found_before_a_row_is_read(tmp_path: Path) -> None:
    text = """
[leads]
path = "leads.csv"
id = "Lead_id"
as_of = "snapshot"
where = { staeg = "open" }
[leads.columns]
titel = "Job Title"
title = { column = "Job Titel", formats = ["%d/%m/%Y"], split = ";" }
[events.visist]
path = "events.csv"
lead = "lead_id"
at = "happend_at"
[events.visit]
path = "event.csv"
lead = "lead_id"
[events.visits]
path = "events.csv"
account = "lead_id"
at = "happened_at"
[records.deal]
path = "events.csv"
lead = "lead_id"
at = "happened_at"
columns = { stge = "url" }
[accounts]
path = "accounts.csv"
id = "key"
columns = { renevue = "revenue" }
[tables.price]
path = "products.csv"
"""
    in_leads = "there are `lead_id`, `Job Title`, `Tags`, `Tags`, `Signed`, `Company`"
    assert checked(tmp_path, text) == [
        "`leads.columns.titel`: the lead has no field `titel`; did you mean `title`?",
        "`leads.columns.title`: `formats` are for dates and times, and `title` is neither",
        "`leads.columns.title`: `split` is for sets, and `title` is none",
        "`leads.id`: in `leads.csv` no column is called `Lead_id`; did you mean `lead_id`?",
        f"`leads.as_of`: in `leads.csv` no column is called `snapshot`; {in_leads}",
        f"`leads.where`: in `leads.csv` no column is called `staeg`; {in_leads}",
        "`leads.columns.title`: in `leads.csv` no column is called `Job Titel`; did you mean `Job Title`?",
        '`leads.columns`: nothing says which company a lead belongs to; name the column of its key: `account = "…"`',
        "`accounts.columns.renevue`: the company has no field `renevue`; did you mean `revenue`?",
        "`accounts.id`: in `accounts.csv` no column is called `key`; there are `account`, `revenue`",
        "`events.visist`: the definition has no event or record `visist`; did you mean `visit`?",
        "`events.visist.at`: in `events.csv` no column is called `happend_at`; did you mean `happened_at`?",
        "`events.visit`: `at` is not there: it names the column of the time",
        "`events.visit.path`: there is no file `event.csv`",
        "`events.visits`: `visit` is the lead's: name its column with `lead`, not `account`",
        "`records.deal.at`: `deal` is a record and has no time: leave `at` out",
        "`records.deal.columns.stge`: `deal` has no property `stge`; did you mean `stage`?",
        "`events.visits`: `visit` is bound already, under `events.visit`",
        f"`tables.price.path`: there is no file `products.csv` in `{tmp_path}`",
    ]


def test_the_one_file_that_lacks_a_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text("lead_id,title,employees\n")
    (tmp_path / "d" / "b.csv").write_text("lead_id,employes\n")
    text = '[leads]\nglob = "d/*.csv"\nid = "lead_id"\n'
    found = list(what_is_not_supplied(read_binding(written(tmp_path, text)), model()))
    assert found[:3] == [
        "`title` is not supplied: `d/b.csv`, one of `d/*.csv`, has no column `title`",
        "`employees` is not supplied: `d/b.csv`, one of `d/*.csv`, has no column `employees`; it has `employes`",
        "`tags` is not supplied: `d/*.csv` has no column `tags`",
    ]
    assert checked(tmp_path, text + 'as_of = "title"\nwhere = { day = "1" }\n') == [
        "`leads.as_of`: in `d/b.csv`, one of `d/*.csv`, no column is called `title`; there are `lead_id`, `employes`",
        "`leads.where`: in `d/*.csv` no column is called `day`; there are `lead_id`",
    ]


JSON_LINES = """
[leads]
path = "leads.csv"
id = "lead_id"
[events.visit]
path = "visits.jsonl"
lead = "lead"
at = "at"
"""


@pytest.mark.parametrize("engine", [(), ("--engine", "python")])
def test_json_lines_without_a_line_have_no_rows(tmp_path: Path, engine: tuple[str, ...]) -> None:
    (tmp_path / "visits.jsonl").write_text("\n")
    assert checked(tmp_path, JSON_LINES) == []
    (tmp_path / "leads.csv").write_text("lead_id,Company\nA,b\n")
    (tmp_path / "mql.mql").write_text(DEFINITION)
    arguments = ["decide", tmp_path / "mql.mql", "--data", tmp_path / "data.toml", "--format", "csv", *engine]
    result = CliRunner().invoke(program, [str(it) for it in arguments])
    assert result.exit_code == 0, result.output
    assert "faults" not in result.stderr


def test_what_a_file_is_instead_comes_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("lead^at^url\nA^2026-03-01^x\n")
    text = JSON_LINES.replace("jsonl", "csv")
    assert checked(tmp_path, text)[0] == (
        "`events.visit.lead`: in `visits.csv` no column is called `lead`; there is `lead^at^url` only: "
        'if `^` parts the cells, say `delimiter = "^"`'
    )
    (tmp_path / "visits.csv").write_bytes(gzip.compress(b"lead,at\n"))
    (mistake,) = checked(tmp_path, text)
    assert mistake == "`events.visit.path`: `visits.csv` is packed with gzip: end its name in `.gz`"
    with closing(sqlite3.connect(tmp_path / "crm.db")) as connection:
        connection.execute("create table visits (lead, at)")
    (mistake,) = checked(tmp_path, text.replace("visits.csv", "crm.db"))
    assert mistake == (
        '`events.visit.path`: `crm.db` is a database: `database = "crm.db"` in place of `path`, '
        "with a `table` or a `query`, reads from it"
    )


@pytest.mark.parametrize("text", ['[\n  {\n    "lead": "A"\n  }\n]\n', '[{"lead": "A"}]', "lead,at\nA,B\n"])
def test_what_is_no_json_lines_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "visits.jsonl").write_text(text)
    (mistake,) = checked(tmp_path, JSON_LINES)
    assert mistake.startswith("`events.visit.path`: `visits.jsonl` is not JSON Lines, one object a line")
    assert "`jq -c '.[]'`" in mistake


def test_a_column_that_is_there_twice_cannot_be_told_apart(tmp_path: Path) -> None:
    text = '[leads]\npath = "leads.csv"\ncolumns = { tags = "Tags" }\n'
    assert checked(tmp_path, text) == ["`leads`: `leads.csv` has 2 columns called `Tags`"]
    # Nobody asks for it: no matter.
    assert checked(tmp_path, '[leads]\npath = "leads.csv"\n', "lead:\n  title: text\n") == []
    assert checked(tmp_path, '[leads]\npath = "leads.csv"\n', 'lead:\n  t: text, from "Tags"\n') != []


def test_an_account_only_the_binding_knows_is_a_key(tmp_path: Path) -> None:
    text = '[leads]\npath = "leads.csv"\ncolumns = { account = { column = "Company", split = "," } }\n'
    assert checked(tmp_path, text) == ["`leads.columns.account`: `split` is for sets, and `account` is none"]


def test_keys_of_json_lines_are_looked_for_in_all_rows(tmp_path: Path) -> None:
    (tmp_path / "leads.jsonl").write_text('{"a": 1}\n' * 1_500 + '{"late": 1}\n')
    text = '[leads]\npath = "leads.jsonl"\nid = "late"\ncolumns = { title = "lade" }\n'
    binding = read_binding(written(tmp_path, text))
    assert check_binding(binding, model()) == [
        "`leads.columns.title`: in `leads.jsonl` no row has a key `lade`; did you mean `late`?"
    ]
