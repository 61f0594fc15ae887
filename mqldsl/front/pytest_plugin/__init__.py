"""The pytest plugin: `.mql` files are collected, and each example and each promise in one is a test.

pytest loads this module in every run, wherever mqldsl is installed. So it imports next to nothing; what runs
definitions is in `items` and is loaded with the first file that is collected.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest
from _pytest._code.code import TerminalRepr  # pytest names it in its signatures, and nowhere else

from mqldsl.source.extras import MissingExtra, needed

# A second or two for each promise; `mql test` takes its time.
_SEARCHED = 300
# Older ones know texts only, newer ones check what a TOML file holds.
_A_NUMBER = "int" if pytest.version_tuple >= (8, 4) else "string"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what can be said on the command line and in the configuration."""
    group = parser.getgroup("mqldsl", "definitions in .mql files")
    group.addoption("--no-mql", action="store_true", dest="no_mql", help="Leave .mql files alone.")
    group.addoption(
        "--mql-search",
        type=int,
        metavar="N",
        help="How many leads are searched for one that breaks a promise; 0 skips promises.",
    )
    files = "Patterns of the files to collect, as python_files; *.mql without it."
    parser.addini("mql_files", files, type="args", default=["*.mql"])
    search = f"As --mql-search; {_SEARCHED} without it."
    parser.addini("mql_search", search, type=_A_NUMBER, default=_SEARCHED)  # type: ignore[arg-type] # one of two


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a number of leads that is none before anything runs."""
    try:
        is_number = _searched(config) >= 0
    except (TypeError, ValueError, pytest.UsageError):  # which, depends on the version of pytest
        is_number = False
    if not is_number:
        raise pytest.UsageError("mql_search: how many leads are searched is a whole number, 0 or more")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "DefinitionFile | None":
    """Return a collector for a definition that was found and is wanted, or that was asked for."""
    config = parent.config
    asked_for = file_path.suffix == ".mql" and parent.session.isinitpath(file_path)
    wanted = asked_for or any(file_path.match(pattern) for pattern in config.getini("mql_files"))
    if not wanted or config.getoption("no_mql"):
        return None
    file: DefinitionFile = DefinitionFile.from_parent(parent, path=file_path)
    return file


class DefinitionFile(pytest.File):
    """A definition, as a file of tests."""

    def collect(self) -> Iterable[pytest.Item]:
        """Return a test for each example and promise; the findings are an error where it cannot be run."""
        try:
            with needed("testing"):
                items = import_module(f"{__name__}.items")
        except MissingExtra as missing:
            raise self.CollectError(str(missing)) from None
        tests: Iterable[pytest.Item] = items.tests_of(self, _searched(self.config))
        return tests

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | TerminalRepr:  # type: ignore[override] # pytest's own narrows its base
        """Return the findings as they were drawn: no traceback, the mistake is not in Python."""
        if isinstance(excinfo.value, self.CollectError):
            shown: str | TerminalRepr = excinfo.value.args[0]
            return shown
        return super().repr_failure(excinfo)


def _searched(config: pytest.Config) -> int:
    told = config.getoption("mql_search")
    return int(config.getini("mql_search") if told is None else told)
