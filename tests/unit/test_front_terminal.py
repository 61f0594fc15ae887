"""The line that says how far it is: on a terminal only, gone in the end, and gone at Ctrl-C with all else."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.test_front_commands import DECIDE, ROOT, process, run

# Windows has none.
pty = pytest.importorskip("pty")

CURSOR_GONE, CURSOR_BACK = b"\x1b[?25l", b"\x1b[?25h"
CTRL_C = b"\x03"
LONG = 120
# The first in a session who opens a terminal has it for its own, and hears what is typed there, Ctrl-C too.
_BEGIN = (
    "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
    "os.execv(sys.executable, [sys.executable, '-m', 'mqldsl', *sys.argv[1:]])"
)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with the sample and many leads, which take a while one by one."""
    folder = tmp_path / "rules"
    assert run("init", folder).exit_code == 0
    head, _, rows = (folder / "leads.csv").read_text(encoding="utf-8").partition("\n")
    lines = [f"{number}{row}\n" for number in range(6) for row in rows.splitlines() if row.startswith("L")]
    (folder / "leads.csv").write_text(f"{head}\n{''.join(lines)}", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@contextmanager
def on_a_terminal(*arguments: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Start `mql` on a terminal of its own; give the process, and the end at which a person would sit."""
    person, program = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "100"}
    started = subprocess.Popen(
        [sys.executable, "-c", _BEGIN, *arguments],
        env=environment,
        stdin=program,
        stdout=program,
        stderr=program,
        start_new_session=True,
    )
    os.close(program)
    try:
        yield started, person
    finally:
        if started.poll() is None:
            started.kill()
        started.wait(timeout=LONG)
        os.close(person)


def seen(person: int, until: bytes = b"") -> bytes:
    """Return what a person sees until the program ends, or until it shows some words."""
    found, end = b"", time.monotonic() + LONG
    while time.monotonic() < end and not (until and until in found):
        try:
            some = os.read(person, 65_536)
        except OSError:  # the program has ended, and its terminal with it
            break
        if not some:
            break
        found += some
    return found


def test_it_is_shown_on_a_terminal(many: Path) -> None:
    with on_a_terminal(*DECIDE, "--engine", "python", "--out", "out.csv") as (started, person):
        shown = seen(person)
        assert started.wait(timeout=LONG) == 0
    assert b"rows read" in shown
    assert b"leads decided" in shown
    assert b"a second" in shown
    assert shown.index(CURSOR_GONE) < shown.index(b"rows read") < shown.rindex(CURSOR_BACK)
    assert b"rows read" not in shown[shown.rindex(CURSOR_BACK) :]
    assert b"wrote 3,000 rows to out.csv" in shown
    assert (many / "out.csv").stat().st_size > 100_000


def test_in_a_pipe_it_is_silent(many: Path) -> None:
    started = process(*DECIDE, "--engine", "python", "--out", "out.csv")
    out, err = started.communicate(timeout=LONG)
    assert started.returncode == 0
    assert not err
    assert b"\x1b" not in out
    assert b"rows read" not in out
    assert (many / "out.csv").exists()


@pytest.mark.parametrize("out", ["out.csv", "crm.sqlite#decided"])
def test_ctrl_c_takes_it_away_and_writes_nothing(many: Path, out: str) -> None:
    with sqlite3.connect(many / "crm.sqlite") as connection:
        connection.execute("create table theirs (a integer)")
    connection.close()
    before = {path.name: path.read_bytes() for path in many.iterdir() if path.is_file()}
    with on_a_terminal(*DECIDE, "--engine", "python", "--out", out) as (started, person):
        shown = seen(person, until=b"leads decided")
        os.write(person, CTRL_C)
        shown += seen(person)
        assert started.wait(timeout=LONG) == 130
    assert b"Traceback" not in shown
    assert shown.rindex(CURSOR_GONE) < shown.rindex(CURSOR_BACK)
    assert {path.name: path.read_bytes() for path in many.iterdir() if path.is_file()} == before
