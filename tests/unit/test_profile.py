"""What `mql profile-data` and `mql bind` print and write."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mqldsl.front.cli import program

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], prog_name="mql")


MQL = """definition "A" version 1
  currency EUR
lead:
  size: one of (small, large), missing when "-"
  employees: number
  account: text
account:
  revenue: money
event visit, kept for 90d
event demo: page text
record deal
clause often: visits >= 3 within 180d
clause asked: demo ever and demo within 10d
clause rich: deals >= 1
"""
TOML = """[leads]
path = "leads.csv"
id = "id"
[accounts]
path = "accounts.csv"
id = "account"
[events.visit]
path = "events.csv"
lead = "lead"
at = "at"
id = "id"
where = { kind = "visit" }
[events.demo]
path = "events.csv"
lead = "lead"
at = "at"
where = { kind = "demo" }
"""
FILES = {
    "mql.mql": MQL,
    "data.toml": TOML,
    "leads.csv": "id,size,employees,account\nA,small,10,x\nB,smal,20,y\nC,-,,x\nA,large,thirty,\n,small,40,x\n",
    "accounts.csv": "account,revenue\nx,5\nz,6\nx,7\n",
    "events.csv": """id,lead,kind,at,page
1,A,visit,2026-01-01,
1,A,visit,2026-01-01,
2,Z,visit,2026-02-01,
3,,visit,2026-03-01,
4,B,visit,never,
5,B,visit,2027-01-01,
6,B,demo,2026-03-05,/a
""",
}


@pytest.fixture
def messy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("messy")
def test_a_profile_tells_what_is_wrong() -> None:
    arguments = (
        "profile-data",
        "mql.mql",
        "--data",
        "data.toml",
        "--as-of",
        "2026-03-10",
        "--format",
        "json",
    )
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["leads"]["counts"] == {
        "with an id that came before": 1,
        "without a company": 1,
        "without an id": 1,
    }
    size, employees, _ = told["leads"]["columns"]
    assert size["missing"] == {"total": 2, "unreadable": 1, "placeholder": 1}
    assert size["not_read"] == [{"value": "smal", "count": 1, "nearest": "small"}]
    assert employees["missing"] == {"total": 2, "empty": 1, "unreadable": 1}
    assert (employees["least"], employees["most"], employees["quarters"]) == (10, 40, [10, 20, 20])
    assert told["companies"]["counts"] == {
        "of companies that no lead names": 1,
        "with a key that came before": 1,
    }
    visit, demo = told["feeds"]
    assert visit["counts"] == {
        "with an id that came before: they count once": 1,
        "of a lead that is not there": 1,
        "without a lead": 1,
        "without a time that can be read": 1,
        "after the as-of, so they do not exist yet": 1,
    }
    assert visit["asked_by"] == "often"
    assert visit["days_not_covered"] == 112
    assert demo["days_not_covered"] == 5
    assert "`deal` is not supplied: no table is bound to it" in told["notes"]


@pytest.mark.usefixtures("messy")
def test_a_profile_to_read() -> None:
    result = run("profile-data", "mql.mql", "--data", "data.toml", "--as-of", "2026-03-10")
    assert result.exit_code == 0
    assert "the definition looks back 180 days (`often`): 112 days are not covered" in result.output
    assert "1 x `smal` is not in the list; did you mean `small`?" in result.output
    assert "all that ever was is asked by `asked`" in result.output
    assert "kept for 90 days" in result.output


@pytest.mark.usefixtures("messy")
def test_a_profile_of_what_does_not_fit() -> None:
    Path("data.toml").write_text(TOML.replace('"leads.csv"', '"lead.csv"'), encoding="utf-8")
    result = run("profile-data", "mql.mql", "--data", "data.toml", "--as-of", "2026-03-10")
    assert result.exit_code == 2
    assert "there is no file `lead.csv`" in result.output


def test_bind_writes_where_told_and_never_over_a_file(tmp_path: Path) -> None:
    files = [STARTER / name for name in ("leads.csv", "events.csv", "accounts.csv")]
    binding, definition = tmp_path / "data.toml", tmp_path / "first.mql"
    outs = ("--out-binding", binding, "--out-definition", definition)
    result = run("bind", *files, *outs)
    assert result.exit_code == 0, result.output
    assert f"wrote {binding}" in result.output
    assert run("check", definition, "--data", binding).exit_code == 0
    again = run("bind", *files, *outs)
    assert again.exit_code == 2
    assert "--force" in again.output
    assert run("bind", *files, *outs, "--force").exit_code == 0


def test_bind_prints_what_is_written_nowhere(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id,size\nA,1\nB,2\n", encoding="utf-8")
    result = run("bind", tmp_path / "leads.csv")
    assert result.exit_code == 0
    assert "lead:" in result.stdout
    assert "[leads]" in result.stdout
    assert "2 rows, id id" in result.stderr


def test_bind_says_what_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "leads.xlsx").write_bytes(b"x")
    result = run("bind", tmp_path / "leads.xlsx")
    assert result.exit_code == 2
    assert "save the sheet as CSV" in result.output
    assert (
        run(
            "bind", STARTER / "leads.csv", "--definition", STARTER / "mql.mql", "--out-definition", "x"
        ).exit_code
        == 2
    )
