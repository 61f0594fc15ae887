"""What pytest shows of definitions that fail: a file for each run, cut to what stands between header and count.

`ACCEPT=1` writes the files anew; `git diff` is the review. A file that no run asks for fails the tests.
"""

import os
import re
import shutil
from difflib import unified_diff
from pathlib import Path

# Each run of pytest inside a test unloads what it has loaded; what is loaded here stays.
import hypothesis.internal.observability
import hypothesis.strategies  # noqa: F401
import pytest

import mqldsl.front.pytest_plugin.items  # noqa: F401

pytest_plugins = ["pytester"]

HERE = Path(__file__).parent
ACCEPT = os.environ.get("ACCEPT") == "1"
RUNS = {
    "example-fails": ["failing.mql", "small.mql"],
    "promise-broken": ["promised.mql"],
    "faults": ["faults.mql", "uses.mql"],
}


def shown(pytester: pytest.Pytester, files: list[str]) -> str:
    """Return a run as it would be typed, and what it shows of errors and failures."""
    output = pytester.runpytest(*files, "-p", "no:hypothesispytest").stdout.str()
    part = re.search(r"\n(=+ (?:ERRORS|FAILURES) =+\n.*\n)(?:!|=)[^\n]* in [^\n]*\Z", output, re.DOTALL)
    assert part is not None, output
    return f"$ pytest {' '.join(files)}\n{part[1]}"


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(HERE / "front" / "given", pytester.path, dirs_exist_ok=True)
    for each in ("CI", "BUILD_NUMBER", "FORCE_COLOR", "PY_COLORS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    found = shown(pytester, RUNS[name])
    golden = HERE / "pytest" / f"{name}.txt"
    if ACCEPT:
        golden.write_bytes(found.encode("utf-8"))
    wanted = golden.read_text(encoding="utf-8") if golden.exists() else ""
    difference = unified_diff(wanted.splitlines(), found.splitlines(), "wanted", "shown", lineterm="", n=2)
    assert found == wanted, "\n".join(difference) + "\nACCEPT=1 takes what is shown"


def test_every_golden_file_is_asked_for() -> None:
    assert {path.stem for path in (HERE / "pytest").glob("*.txt")} == set(RUNS)
