"""The commands as processes and on files: exit codes, pipes, interruptions, what is written and what is not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mqldsl.front.cli import program
from mqldsl.front.commands import COMMANDS, explain_code

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"
DECIDE = ["decide", "mql.mql", "--data", "data.toml", "--as-of", "2026-03-10T09:00"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, [str(each) for each in arguments], prog_name="mql")


def process(*arguments: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mqldsl", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with the sample."""
    assert run("init", tmp_path / "rules").exit_code == 0
    monkeypatch.chdir(tmp_path / "rules")
    return tmp_path / "rules"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_has_examples_in_its_help(command: object) -> None:
    name = getattr(command, "name", "")
    assert f"  mql {name}" in run(name, "--help").output.partition("Examples:")[2]


def test_python_m_runs_it() -> None:
    out, _ = process("--version").communicate(timeout=60)
    assert out.startswith(b"mql ")


def test_what_init_writes_works(starter: Path) -> None:
    assert not (starter / "make_sample.py").exists()
    assert (starter / "lists" / "free_mail.csv").read_bytes() == (
        STARTER / "lists/free_mail.csv"
    ).read_bytes()
    assert run("test", "mql.mql").exit_code == 0
    assert run(*DECIDE).exit_code == 0


def test_init_leaves_nothing_where_it_cannot_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, target: Path) -> None:
        if target.suffix == ".mql":
            raise OSError(28, "No space left on device")
        target.write_text("half")

    monkeypatch.setattr(shutil, "copyfile", full)
    result = run("init", tmp_path / "rules")
    assert result.exit_code == 2
    assert "No space left" in result.output
    assert not (tmp_path / "rules").exists()


@pytest.mark.usefixtures("starter")
def test_rows_are_the_same_in_every_format() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for ending in ("json", "jsonl", "csv", "parquet", "arrow"):
        assert run(*DECIDE, "--out", f"out.{ending}").exit_code == 0
    plain = json.loads(Path("out.json").read_text(encoding="utf-8"))
    lines = Path("out.jsonl").read_text(encoding="utf-8").splitlines()
    assert plain == [json.loads(line) for line in lines]
    table = pq.read_table("out.parquet")
    assert table.column_names == list(plain[0])
    assert table["missing"].to_pylist() == [row["missing"] for row in plain]
    assert pa.ipc.open_file("out.arrow").read_all().equals(table)
    assert Path("out.csv").read_text(encoding="utf-8").count("\n") == len(plain) + 1 == 501


@pytest.mark.usefixtures("starter")
def test_leads_one_by_one_are_the_same_rows() -> None:
    for engine in ("duckdb", "python"):
        assert run(*DECIDE, "--out", f"{engine}.csv", "--wide", "--engine", engine).exit_code == 0
    found = Path("duckdb.csv").read_text(encoding="utf-8")
    assert found == Path("python.csv").read_text(encoding="utf-8")
    assert "missing,warmth,right_size,right_industry," in found.partition("\n")[0]


@pytest.mark.usefixtures("starter")
def test_only_the_leads_that_have_changed() -> None:
    import pyarrow.parquet as pq

    assert run(*DECIDE, "--out", "before.parquet").exit_code == 0
    leads = Path("leads.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    leads[2] = leads[2].replace(",Outbound", ",Webinar").replace("149000", "2")
    Path("leads.csv").write_text("".join([*leads[:3], *leads[4:], "L9999,,,,,,,,\n"]), encoding="utf-8")
    result = run(*DECIDE, "--out", "now.parquet", "--only-changed", "before.parquet")
    assert "wrote 2 rows to now.parquet" in result.output
    assert "1 changed, 1 new, 498 as in `before.parquet`; 1 lead of it did not come again" in result.output
    assert pq.read_table("now.parquet")["id"].to_pylist() == ["L0002", "L9999"]
    shown = run(*DECIDE, "--only-changed", "before.parquet")
    assert "L9999" in shown.output
    assert "L0001" not in shown.output
    assert run(*DECIDE, "--only-changed", "now.parquet", "--wide").exit_code == 2


@pytest.mark.usefixtures("starter")
def test_only_some_columns() -> None:
    import pyarrow.parquet as pq

    run(*DECIDE, "--out", "wide.parquet", "--wide")
    shown = run(*DECIDE, "--out", "some.parquet", "--columns", "missing, handling,cold")
    assert "500 leads" in shown.output
    names = ["id", "missing", "handling", "cold"]
    assert pq.read_table("some.parquet").equals(pq.read_table("wide.parquet").select(names))
    result = run(*DECIDE, "--columns", "handlin")
    assert (result.exit_code, "did you mean `handling`?" in result.output) == (2, True)
    assert run(*DECIDE, "--columns", " ,").exit_code == 2


@pytest.mark.usefixtures("starter")
def test_what_deciding_may_take() -> None:
    Path("spill").mkdir()
    limits = ["--threads", "1", "--memory", "256MB", "--spill", "spill"]
    assert run(*DECIDE, *limits).output == run(*DECIDE).output
    assert not list(Path("spill").iterdir())
    result = run(*DECIDE, "--memory", "much")
    assert (result.exit_code, "`much` is no size of memory" in result.output) == (2, True)


@pytest.mark.usefixtures("starter")
def test_rows_on_the_standard_output_are_alone_there() -> None:
    out, err = process(*DECIDE, "--format", "json").communicate(timeout=60)
    assert len(json.loads(out)) == 500
    assert b"500 leads, as of 2026-03-10 09:00 (Europe/London)" in err
    assert b"57 faults in the data" in err
    assert b"\x1b" not in err


@pytest.mark.usefixtures("starter")
def test_faults_stop_a_strict_run() -> None:
    Path("out.csv").write_text("as before", encoding="utf-8")
    result = run(*DECIDE, "--out", "out.csv", "--strict", "--faults", "faults.csv")
    assert result.exit_code == 2
    assert Path("out.csv").read_text(encoding="utf-8") == "as before"
    assert Path("faults.csv").read_text(encoding="utf-8").count("\n") == 58


@pytest.mark.usefixtures("starter")
@pytest.mark.parametrize("engine", ["duckdb", "python"])
def test_days_in_a_way_of_their_own_come_with_the_way_out(engine: str) -> None:
    binding = Path("data.toml").read_text(encoding="utf-8")
    without = binding.replace(', formats = ["%Y-%m-%d", "%d/%m/%Y"]', "")
    assert without != binding
    Path("data.toml").write_text(without, encoding="utf-8")
    said = " ".join(run(*DECIDE, "--engine", engine).output.split())
    assert 'are read once the binding says at their column formats = ["%d/%m/%Y"], or ["%m/%d/%Y"]' in said


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(it): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [*DECIDE, "--out", "leads.csv"],
            "`leads.csv` is a file to read from: name another one behind --out",
        ),
        ([*DECIDE, "--faults", "../rules/events.csv"], "name another one behind --faults"),
        ([*DECIDE, "--faults", "mql.mql"], "`mql.mql` is a file to read from"),
        ([*DECIDE, "--faults", "data.toml"], "`data.toml` is a file to read from"),
        ([*DECIDE, "--faults", "lists/free_mail.csv"], "is a file to read from"),
        ([*DECIDE, "--faults", "link.csv"], "is a file to read from"),
        ([*DECIDE, "--faults", "before.parquet", "--only-changed", "before.parquet"], "behind --faults"),
        ([*DECIDE, "--out", "new.csv", "--faults", "./new.csv"], "--out and --faults name it"),
        (["decide", "mql.mql", "--data", "glob.toml", "--out", "leads.csv"], "is a file to read from"),
        (["decide", "uses.mql", "--data", "data.toml", "--faults", "more.mql"], "is a file to read from"),
        (["sql", "mql.mql", "--out", "mql.mql"], "is a file to read from"),
        (["sql", "mql.mql", "--data", "data.toml", "--out", "leads.csv"], "is a file to read from"),
        (["bind", "leads.csv", "--out-binding", "leads.csv", "--force"], "behind --out-binding"),
        (["bind", "leads.csv", "--out-binding", "x", "--out-definition", "x"], "cannot be written twice"),
    ],
)
def test_what_is_read_is_never_written(starter: Path, arguments: list[str], said: str) -> None:
    assert run(*DECIDE, "--out", "before.parquet").exit_code == 0
    Path("link.csv").symlink_to("leads.csv")
    binding = Path("data.toml").read_text(encoding="utf-8")
    Path("glob.toml").write_text(binding.replace('path = "leads.csv"', 'glob = "l*s.csv"'), encoding="utf-8")
    Path("more.mql").write_text("clause further: email is known\n", encoding="utf-8")
    definition = Path("mql.mql").read_text(encoding="utf-8")
    Path("uses.mql").write_text(definition + '\nuse "more.mql"\n', encoding="utf-8")
    before = _contents(starter)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert said in " ".join(result.output.split())
    assert _contents(starter) == before


@pytest.mark.usefixtures("starter")
def test_the_rows_of_an_earlier_run_may_be_replaced() -> None:
    assert run(*DECIDE, "--out", "before.parquet").exit_code == 0
    result = run(*DECIDE, "--out", "before.parquet", "--only-changed", "before.parquet")
    assert (result.exit_code, "500 as in `before.parquet`" in result.output) == (0, True)


@pytest.mark.usefixtures("starter")
@pytest.mark.parametrize("arguments", [[*DECIDE, "--format", "csv"], ["check", "bad.mql"]])
def test_nobody_reads_on(arguments: list[str]) -> None:
    Path("bad.mql").write_text("clause a: b\n" * 3_000, encoding="utf-8")
    started = process(*arguments)
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.readline()
    started.stdout.close()
    assert b"Traceback" not in started.stderr.read()
    started.stderr.close()
    assert started.wait(timeout=60) == 141


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interruption_leaves_nothing_half_written(starter: Path) -> None:
    leads = (starter / "leads.csv").read_text(encoding="utf-8")
    head, _, rows = leads.partition("\n")
    many = "".join(
        f"{number}{row}\n" for number in range(60) for row in rows.splitlines() if row.startswith("L")
    )
    (starter / "leads.csv").write_text(f"{head}\n{many}", encoding="utf-8")
    (starter / "out.csv").write_text("as before", encoding="utf-8")
    before = {path.name for path in starter.iterdir()}
    started = process(*DECIDE, "--out", "out.csv")
    while started.poll() is None and {path.name for path in starter.iterdir()} == before:
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert b"Traceback" not in err
    assert {path.name for path in starter.iterdir()} == before
    assert (starter / "out.csv").read_text(encoding="utf-8") == "as before"


def test_fmt_keeps_line_ends_and_writes_only_what_changes(tmp_path: Path) -> None:
    windows, good = tmp_path / "windows.mql", tmp_path / "good.mql"
    windows.write_bytes(b"clause a:x\r\nclause b:y\r\n")
    good.write_bytes(b"\xef\xbb\xbfclause a: x\r\n")
    assert run("fmt", windows, good).exit_code == 0
    assert windows.read_bytes() == b"clause a: x\r\nclause b: y\r\n"
    assert good.read_bytes() == b"\xef\xbb\xbfclause a: x\r\n"
    assert run("fmt", "--check", windows, good).exit_code == 0


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put other pages in place of those on findings."""
    titles = {
        "MQL101": "# MQL101: a name twice",
        "MQL102": "# `MQL102` unknown name",
        "MQL501": "# No window",
    }
    for name, title in titles.items():
        (tmp_path / f"{name}.md").write_text(f"{title}\n\nSay *more*.\n", encoding="utf-8")
    (tmp_path / "index.md").write_text("# All", encoding="utf-8")
    monkeypatch.setattr(explain_code, "shipped", lambda _: tmp_path)


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("code", ["MQL102", "mql102", "102"])
def test_a_page_is_printed_as_it_is_in_a_pipe(code: str) -> None:
    assert run("explain-code", code).output == "# `MQL102` unknown name\n\nSay *more*.\n"


@pytest.mark.usefixtures("pages")
def test_all_codes_are_listed_with_their_titles() -> None:
    listed = run("explain-code", "--list").output
    assert listed == "MQL101  a name twice\nMQL102  unknown name\nMQL501  No window\n"


@pytest.mark.usefixtures("pages")
def test_an_unknown_code_names_those_near_it() -> None:
    result = run("explain-code", "MQL105")
    assert result.exit_code == 2
    assert "near it are MQL101, MQL102, MQL501" in result.output


def test_without_the_libraries_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['rich'] = None; sys.argv = ['mql']; from mqldsl.front.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "error: `rich` is not installed; install it with: pip install 'mqldsl[cli]'\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_whoever_ends_it_finds_nothing_half_written(tmp_path: Path) -> None:
    text = (
        "import sys, time, click\n"
        "from pathlib import Path\n"
        "from mqldsl.data.whole_file import whole_file\n"
        "from mqldsl.front import cli\n"
        "@click.command()\n"
        "def wait():\n"
        "    with whole_file(Path('out.csv')) as stream:\n"
        "        stream.write(b'id')\n"
        "        print('begun', flush=True)\n"
        "        time.sleep(60)\n"
        "cli.program.add_command(wait)\n"
        "sys.argv = ['mql', 'wait']\n"
        "cli.main()\n"
    )
    command = [sys.executable, "-c", text]
    with subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"begun\n"
        started.terminate()
        assert started.wait(timeout=60) == 143
    assert not list(tmp_path.iterdir())
