"""Run every test, with nothing but Python there: `python3 tests/run.py`, or `python3 tests/run.py lint types`.

In a virtual environment it installs the project and its tools into that one, otherwise into `.venv`. It
installs again when `pyproject.toml` has changed.
"""

# An older Python must come as far as being told that it is too old.
from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# In this order: what is quick comes first, and pytest's count ends the output.
STEPS = {
    "form": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "docs": ["sphinx-build", "-q", "-W", "--keep-going", "docs", "docs/_build"],
    "tests": ["pytest", "-q", "-n", "2"],
}


def succeeds(command: list[str | Path]) -> bool:
    """Run `command` in the repository, without input, and say whether it went well."""
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0


def environment() -> Path:
    """Return the folder of the programs of an environment that has the project and its tools."""
    in_one = sys.prefix != sys.base_prefix
    home = Path(sys.prefix) if in_one else ROOT / ".venv"
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    if not in_one and not (home / "pyvenv.cfg").exists():
        print(f"== making {home}", flush=True)
        if not succeeds([sys.executable, "-m", "venv", home]):
            sys.exit("could not make a virtual environment")
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + bytes(ROOT)).hexdigest()
    stamp = home / "mqldsl-installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"== installing into {home}", flush=True)
        if not succeeds([programs / "python", "-m", "pip", "install", "-q", "-e", ".[dev]"]):
            sys.exit("could not install the project and its tools")
        stamp.write_text(wanted)
    return programs


def main(names: list[str]) -> int:
    """Run the steps called `names`, all of them by default, and return how many failed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything has checked the version
        sys.exit(f"mqldsl needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    if unknown := set(names) - set(STEPS):
        sys.exit(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    # A shell has what it starts in the background ignore Ctrl-C, and tests press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    programs = environment()
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    failed = []
    for name in names or STEPS:
        print(f"== {name}: {' '.join(STEPS[name])}", flush=True)
        if not succeeds([programs / STEPS[name][0], *STEPS[name][1:]]):
            failed.append(name)
    if failed:
        print(f"== failed: {', '.join(failed)}", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
