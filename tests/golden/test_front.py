"""What `mql` prints: a file for each command, with its output and exit code.

`ACCEPT=1` writes the files anew; `git diff` is the review. A file that no command asks for fails the run.
"""

import os
import shutil
from difflib import unified_diff
from pathlib import Path

import pytest
from click.testing import CliRunner

from mqldsl.front.cli import program

HERE = Path(__file__).parent / "front"
ACCEPT = os.environ.get("ACCEPT") == "1"

DATA = "--data data.toml --as-of 2026-03-10T09:00"
COMMANDS = {
    "help": "mql --help",
    "help-decide": "mql decide --help",
    "no-such-command": "mql chekc small.mql",
    "no-such-file": "mql check nowhere.mql",
    "check-fine": "mql check small.mql empty_examples.mql",
    "check-faults": "mql check faults.mql",
    "check-json": "mql check faults.mql --format json",
    "check-github": "mql check faults.mql uses.mql --data misfit.toml --format github",
    "check-used-files": "mql check uses.mql",
    "check-hostile": "mql check hostile.mql",
    "check-not-utf-8": "mql check small.mql latin.mql",
    "check-warning": "mql check warned.mql",
    "check-strict": "mql check --strict warned.mql",
    "check-data": "mql check small.mql --data data.toml",
    "check-data-misfit": "mql check small.mql --data misfit.toml",
    "check-data-misfit-json": "mql check small.mql --data misfit.toml --format json",
    "check-data-not-supplied": "mql check small.mql --data each.toml",
    "check-data-broken": "mql check small.mql --data broken.toml",
    "fmt": "mql fmt untidy.mql small.mql",
    "fmt-check": "mql fmt --check untidy.mql small.mql",
    "fmt-diff": "mql fmt --diff untidy.mql",
    "fmt-faults": "mql fmt faults.mql untidy.mql",
    "fmt-stdin": "mql fmt - < untidy.mql",
    "test": "mql test small.mql",
    "test-fails": "mql test failing.mql small.mql",
    "test-json": "mql test failing.mql --format json",
    "test-none": "mql test empty_examples.mql",
    "test-faults": "mql test faults.mql",
    "decide": f"mql decide small.mql {DATA}",
    "decide-limit": f"mql decide small.mql {DATA} --limit 2",
    "decide-csv": f"mql decide small.mql {DATA} --format csv",
    "decide-json": f"mql decide small.mql {DATA} --format json",
    "decide-out": f"mql decide small.mql {DATA} --out decided.jsonl --faults faults.csv",
    "decide-strict": f"mql decide small.mql {DATA} --out decided.csv --strict",
    "decide-each-its-own": "mql decide small.mql --data each.toml --as-of 2026-03-10",
    "decide-no-leads": "mql decide small.mql --data no_leads.toml --as-of 2026-03-10",
    "decide-no-such-day": "mql decide small.mql --data data.toml --as-of 2026-02-30",
    "decide-no-such-format": f"mql decide small.mql {DATA} --out decided.xlsx",
    "decide-faults": f"mql decide faults.mql {DATA}",
    "decide-misfit": "mql decide small.mql --data misfit.toml",
    "explain": f"mql explain small.mql {DATA} --lead L02",
    "explain-json": "mql explain failing.mql --data no_events.toml --as-of 2026-03-10 --lead L03 --format json",
    "explain-several": "mql explain empty_examples.mql --data each.toml --lead L01",
    "explain-nobody": f"mql explain small.mql {DATA} --lead L10",
    "init": "mql init new-rules",
    "init-not-empty": "mql init shared",
    "explain-code-no-code": "mql explain-code",
    "explain-code-unknown": "mql explain-code frobnicate",
}


def printed(command: str) -> str:
    """Return a command as it would be typed, what it prints, and its exit code where that is not 0."""
    typed, _, given = command.partition(" < ")
    stdin = Path(given).read_bytes() if given else None
    result = CliRunner().invoke(program, typed.split()[1:], input=stdin, prog_name="mql")
    end = f"[exit {result.exit_code}]\n" if result.exit_code else ""
    return f"$ {command}\n{result.output}{end}"


@pytest.fixture
def in_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a copy of the files that the commands are about, in front of a plain, wide screen."""
    shutil.copytree(HERE / "given", tmp_path / "given")
    monkeypatch.chdir(tmp_path / "given")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.mark.usefixtures("in_given")
@pytest.mark.parametrize("name", COMMANDS)
def test_golden(name: str) -> None:
    golden = HERE / f"{name}.txt"
    found = printed(COMMANDS[name])
    assert not [sign for sign in found if (sign < " " and sign != "\n") or sign in "\x7f\x9b\u202e"]
    if ACCEPT:
        golden.write_bytes(found.encode("utf-8", "surrogatepass"))
    wanted = golden.read_bytes().decode("utf-8") if golden.exists() else ""
    difference = unified_diff(wanted.splitlines(), found.splitlines(), "wanted", "printed", lineterm="", n=2)
    assert found == wanted, "\n".join(difference) + "\nACCEPT=1 takes what is printed"


def test_every_golden_file_is_asked_for() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(COMMANDS)
