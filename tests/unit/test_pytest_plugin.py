"""The pytest plugin: what is collected, how a test is called and chosen, what one that fails shows, what it costs."""

import re
import subprocess
import sys
from pathlib import Path

# Each run of pytest inside a test unloads what it has loaded; what is loaded here stays.
import hypothesis.internal.observability
import hypothesis.strategies  # noqa: F401
import pytest

import mqldsl.front.pytest_plugin.items  # noqa: F401
from mqldsl.analyse.promises import Kept
from mqldsl.model import ir

pytest_plugins = ["pytester"]

GOOD = """
lead:
  employees: number

event visit

clause big: employees >= 50

score interest from 0 to 50:
  +10 per visit within 30d

promise "more visits never hurt": more visits never lowers interest

example "Fifty is big":
  lead employees 50
  expect big

example "Forty-nine is not":
  lead employees 49
  expect not big
"""
BAD = """
lead:
  employees: number

clause big: employees >= 50

score interest from 0 to 50:
  by employees: 10 from 50, otherwise 0
  -10 when employees >= 1000

promise "a larger firm is never worse": higher employees never lowers interest

example "Forty-nine is big":
  lead employees 49
  expect big, interest 10

example "Fifty is big":
  lead employees 50
  expect big
"""
FAULTY = """
lead:
  employees: number

clause big: employes >= 50

example "Never run":
  expect big
"""


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Stand in an empty folder, in front of a plain, wide screen, on nobody's build server."""
    for name in ("FORCE_COLOR", "NO_COLOR", "PY_COLORS", "CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--mql-search=60")  # the promises here are short
    return pytester


def write(folder: pytest.Pytester, **texts: str) -> None:
    for name, text in texts.items():
        (folder.path / f"{name}.mql").write_text(text.lstrip("\n"), encoding="utf-8")


def collected(folder: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the names of the tests that would run."""
    result = folder.runpytest("--collect-only", "-q", *arguments)
    return [line for line in result.outlines if "::" in line]


def example(title: str) -> str:
    return f"example {title}:\n  expect not often\n"


def titled(*titles: str) -> str:
    return "event visit\nclause often: visits >= 3 within 30d\n" + "".join(map(example, titles))


# ------------------------------------------------------------------ what is collected


def test_each_example_and_each_promise_is_a_test(folder: pytest.Pytester) -> None:
    write(folder, good=GOOD)
    result = folder.runpytest("-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "good.mql::Fifty is big PASSED*",
            "good.mql::Forty-nine is not PASSED*",
            "good.mql::promise: more visits never hurt PASSED*",
        ]
    )


def test_examples_stand_beside_tests_in_python(folder: pytest.Pytester) -> None:
    write(folder, good=GOOD)
    folder.makepyfile(test_it="def test_it(): pass")
    folder.runpytest().assert_outcomes(passed=4)


def test_patterns_say_which_files_are_found(folder: pytest.Pytester) -> None:
    (folder.path / "rules").mkdir()
    write(folder, good=GOOD, **{"rules/inner": titled('"inside"')})
    assert len(collected(folder)) == 4
    assert collected(folder, "-o", "mql_files=rules/*.mql") == ["rules/inner.mql::inside"]
    assert collected(folder, "-o", "mql_files=inn* good.*", "-k", "inside or Fifty") == [
        "good.mql::Fifty is big",
        "rules/inner.mql::inside",
    ]
    assert collected(folder, "-o", "mql_files=") == []


def test_a_file_that_is_named_is_run_whatever_the_patterns(folder: pytest.Pytester) -> None:
    write(folder, good=GOOD)
    assert len(collected(folder, "-o", "mql_files=", "good.mql")) == 3


@pytest.mark.parametrize("named", [(), ("good.mql",)])
def test_all_are_left_alone_on_request(folder: pytest.Pytester, named: tuple[str, ...]) -> None:
    write(folder, good=GOOD, faulty=FAULTY)
    folder.runpytest("--no-mql", *named).assert_outcomes()


def test_what_pytest_ignores_is_ignored(folder: pytest.Pytester) -> None:
    write(folder, good=GOOD, faulty=FAULTY)
    folder.runpytest("--ignore-glob=faulty.*").assert_outcomes(passed=3)
    folder.makeconftest("collect_ignore_glob = ['fau*.mql']")
    folder.runpytest().assert_outcomes(passed=3)


def test_what_a_file_uses_is_run_where_it_stands_only(folder: pytest.Pytester) -> None:
    used = titled('"of the used file"') + 'promise "used": more visits never lowers often\n'
    outer = 'use "part.mql"\nclause fine: often\nexample "of the outer file":\n  expect not fine\n'
    write(folder, part=used, outer=outer)
    assert collected(folder, "outer.mql") == ["outer.mql::of the outer file"]
    assert collected(folder) == [
        "outer.mql::of the outer file",
        "part.mql::of the used file",
        "part.mql::promise: used",
    ]


def test_a_file_without_examples_is_no_fault(folder: pytest.Pytester) -> None:
    write(folder, none=titled())
    assert folder.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


# ------------------------------------------------------------------ names


def test_names_are_on_one_line_and_told_apart(folder: pytest.Pytester) -> None:
    write(
        folder, odd=titled('"same"', '"same"', '""', r'"two\nlines"', '"a::b"', '"red \x1b[31m"', '"é [x]"')
    )
    names = collected(folder)
    assert names == [
        "odd.mql::same",
        "odd.mql::same (line 5)",
        "odd.mql::(line 7)",
        r"odd.mql::two\nlines",
        "odd.mql::a:b",
        r"odd.mql::red \x1b[31m",
        "odd.mql::é [x]",
    ]
    for name in names:
        folder.runpytest(name).assert_outcomes(passed=1)


def test_one_test_is_chosen_by_its_id(folder: pytest.Pytester) -> None:
    write(folder, good=GOOD)
    for name in ("Fifty is big", "promise: more visits never hurt"):
        assert collected(folder, f"good.mql::{name}") == [f"good.mql::{name}"]
    result = folder.runpytest("good.mql::Sixty is big")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: not found: *good.mql::Sixty is big"])


@pytest.mark.parametrize(
    ("arguments", "passed", "deselected"),
    [
        (("-k", "fifty"), 1, 2),
        (("-k", "big or nine"), 2, 1),
        (("-k", "promise:"), 1, 2),
        (("-k", "good.mql and not forty-nine"), 2, 1),
        (("--deselect", "good.mql::Fifty is big"), 2, 1),
        (("--deselect", "good.mql::promise: more"), 2, 1),
    ],
)
def test_tests_are_chosen_by_title(
    folder: pytest.Pytester, arguments: tuple[str, ...], passed: int, deselected: int
) -> None:
    write(folder, good=GOOD)
    folder.runpytest(*arguments).assert_outcomes(passed=passed, deselected=deselected)


def test_the_last_failures_run_again(folder: pytest.Pytester) -> None:
    write(folder, bad=BAD, good=GOOD)
    folder.runpytest("-p", "cacheprovider").assert_outcomes(passed=4, failed=2)
    folder.runpytest("-p", "cacheprovider", "--lf").assert_outcomes(failed=2)


# ------------------------------------------------------------------ what a failure shows


def test_a_failure_shows_place_expectation_and_evidence(folder: pytest.Pytester) -> None:
    write(folder, bad=BAD)
    result = folder.runpytest("-k", "Forty-nine")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            "*_ bad.mql: Forty-nine is big _*",
            "bad.mql:14:10: expected big to be yes, got: no",
            "  no       employees >= 50",
            "             employees: 49",
            "bad.mql:14:15: expected interest to be 10, got: 0",
            "FAILED bad.mql::Forty-nine is big - expected big to be yes, got: no, and 1 more",
        ]
    )
    assert not re.search(r"Traceback|NotMet|\.py\b|\x1b", result.stdout.str())


def test_a_failure_has_colours_where_pytest_has(
    folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, bad=BAD)
    monkeypatch.setenv("NO_COLOR", "1")
    shown = folder.runpytest("--color=yes").stdout.str()
    assert "\x1b[36mbad.mql:14:10: \x1b[0mexpected big to be yes" in shown
    assert re.search("\x1b\\[31mno +\x1b\\[0memployees >= 50", shown)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in folder.runpytest("--color=no").stdout.str()


def test_places_are_told_from_where_pytest_was_started(folder: pytest.Pytester) -> None:
    (folder.path / "rules").mkdir()
    write(folder, **{"rules/bad": BAD})
    folder.makeini("[pytest]")
    folder.runpytest("-k", "Forty-nine").stdout.fnmatch_lines(["rules/bad.mql:14:10: expected *"])
    folder.chdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.path / "rules")
        folder.runpytest("-k", "Forty-nine").stdout.fnmatch_lines(["bad.mql:14:10: expected *"])


def test_a_broken_promise_shows_a_lead_that_can_be_pasted(folder: pytest.Pytester) -> None:
    write(folder, bad=BAD)
    shown = folder.runpytest("-k", "promise").stdout.str()
    assert re.search(r"^bad\.mql:10:1: with employees \S+, interest falls from 10 to 0;", shown, re.MULTILINE)
    pasted = re.search(r"^example \"breaks: .*\n(?:  .*\n)+", shown, re.MULTILINE)
    assert pasted is not None
    write(folder, bad=BAD + "\n" + pasted[0])
    folder.runpytest("-k", "breaks").assert_outcomes(passed=1, deselected=3)


def test_a_report_for_machines_has_the_same_words(folder: pytest.Pytester) -> None:
    write(folder, bad=BAD)
    folder.runpytest("--junitxml=out.xml", "--color=yes", "-k", "Forty-nine")
    report = (folder.path / "out.xml").read_text(encoding="utf-8")
    assert 'name="Forty-nine is big"' in report
    assert 'message="expected big to be yes, got: no, and 1 more">bad.mql:14:10: expected big' in report
    assert "\x1b" not in report
    assert "#x1B" not in report


def test_a_mistake_of_ours_has_a_traceback(folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("mqldsl.front.pytest_plugin.items.run_example", wrong)
    write(folder, good=GOOD)
    result = folder.runpytest("-k", "Fifty")
    result.stdout.fnmatch_lines(["*def wrong*", "*RuntimeError: ours*"])


# ------------------------------------------------------------------ definitions that cannot be run


def test_findings_are_drawn_where_a_definition_cannot_be_run(folder: pytest.Pytester) -> None:
    write(folder, faulty=FAULTY)
    result = folder.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*_ ERROR collecting faulty.mql _*",
            "error[[]MQL102]: unknown name `employes`",
            "  faulty.mql:4:13",
            "  4 | clause big: employes >= 50",
            "    |             ^^^^^^^^",
            "  help: did you mean `employees`?",
            "ERROR faulty.mql - unknown name `employes` [[]MQL102]",
        ]
    )
    assert not re.search(r"Traceback|CollectError|\.py\b|\x1b", result.stdout.str())
    assert "\x1b[1;31merror[MQL102]" in folder.runpytest("--color=yes").stdout.str()


def test_the_others_run_all_the_same(folder: pytest.Pytester) -> None:
    write(folder, faulty=FAULTY, good=GOOD)
    folder.runpytest("--continue-on-collection-errors").assert_outcomes(passed=3, errors=1)


def test_findings_of_a_used_file_name_that_file(folder: pytest.Pytester) -> None:
    (folder.path / "rules").mkdir()
    write(folder, **{"rules/outer": 'use "part.mql"\nclause fine: big\n', "rules/part": FAULTY})
    result = folder.runpytest("rules/outer.mql", "--tb=line")
    result.stdout.fnmatch_lines(["  rules/part.mql:4:13", "1 error in rules/outer.mql; *"])


def test_a_file_that_is_no_text_is_a_finding(folder: pytest.Pytester) -> None:
    (folder.path / "latin.mql").write_bytes(b"clause caf\xe9: yes\n")
    folder.runpytest().stdout.fnmatch_lines(["error[[]MQL001]: `latin.mql` is not UTF-8*"])


def test_warnings_are_no_fault(folder: pytest.Pytester) -> None:
    write(folder, warned='event visit\nclause often: visits >= 3\nexample "none":\n  expect not often\n')
    folder.runpytest("-W", "error").assert_outcomes(passed=1)


# ------------------------------------------------------------------ how long promises are searched


@pytest.fixture
def searched(folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Write a promise down; return how many leads were searched for it, in place of searching."""
    write(folder, good=GOOD)
    numbers: list[int] = []

    def note(_: ir.Model, promise: ir.Promise, number: int) -> Kept:
        numbers.append(number)
        return Kept(promise, number)

    monkeypatch.setattr("mqldsl.front.pytest_plugin.items.check_promise", note)
    monkeypatch.delenv("PYTEST_ADDOPTS")
    return numbers


def test_the_command_line_comes_before_the_configuration(
    folder: pytest.Pytester, searched: list[int]
) -> None:
    folder.runpytest()
    folder.makepyprojecttoml("[tool.pytest]\nmql_search = 70\nmql_files = ['go*']")
    folder.runpytest()
    folder.runpytest("--mql-search", "50")
    (folder.path / "pyproject.toml").unlink()
    folder.makeini("[pytest]\nmql_search = 20\nmql_files = *.mql")
    folder.runpytest()
    assert searched == [300, 70, 50, 20]


def test_promises_are_skipped_where_nothing_is_searched(folder: pytest.Pytester, searched: list[int]) -> None:
    result = folder.runpytest("--mql-search", "0", "-rs")
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED [[]1] good.mql: promises are not searched: mql_search is 0"])
    assert searched == []


@pytest.mark.parametrize("argument", ["--mql-search=-1", "-omql_search=-1", "-omql_search=many"])
@pytest.mark.usefixtures("searched")
def test_what_is_no_number_of_leads_is_refused(folder: pytest.Pytester, argument: str) -> None:
    result = folder.runpytest(argument)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: mql_search: how many leads are searched is a whole number, 0 or more"]
    )


# ------------------------------------------------------------------ with others


def test_it_runs_on_several_workers(folder: pytest.Pytester) -> None:
    write(folder, bad=BAD, good=GOOD, faulty=FAULTY)
    # Each worker would load Hypothesis anew.
    result = folder.runpytest("-n", "2", "-k", "not promise", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=3, failed=1, errors=1)
    result.stdout.fnmatch_lines_random(
        [
            "bad.mql:14:10: expected big to be yes, got: no",
            "  faulty.mql:4:13",
            "FAILED bad.mql::Forty-nine is big - bad.mql:14:10: expected big to be yes, got: no*",
        ]
    )


def run_alone(folder: pytest.Pytester, code: str, *arguments: str) -> str:
    """Return what a process of its own prints: `code`, then pytest with the arguments, then `after()`."""
    program = f"import pytest, sys\n{code}\npytest.main({list(arguments)})\nafter()"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder.path, capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr


def test_a_run_without_definitions_loads_next_to_nothing(folder: pytest.Pytester) -> None:
    folder.makepyfile(test_it="def test_it(): pass")
    write(folder, good=GOOD)
    told = "def after(): print('loaded', *sorted(sys.modules))"
    modules = run_alone(folder, told, "--no-mql", "-p", "no:hypothesispytest").partition("loaded ")[2].split()
    assert {name for name in modules if name.startswith("mqldsl")} == {
        "mqldsl",
        "mqldsl.front",
        "mqldsl.front.pytest_plugin",
        "mqldsl.source",
        "mqldsl.source.extras",
    }
    assert not {"attrs", "click", "hypothesis", "lark", "re2", "rich"}.intersection(modules)


WITHOUT = """
import sys

class Without:
    @staticmethod
    def find_spec(name, *_):
        if name == "{}":
            raise ModuleNotFoundError("not there", name=name)

sys.meta_path.insert(0, Without)
"""


@pytest.mark.parametrize(
    ("library", "counted"), [("rich", "1 error in"), ("hypothesis", "1 failed, 2 passed in")]
)
def test_it_says_what_to_install(folder: pytest.Pytester, library: str, counted: str) -> None:
    write(folder, good=GOOD)
    folder.makeconftest(WITHOUT.format(library))
    shown = run_alone(folder, "def after(): pass", "-p", "no:hypothesispytest", "-p", "no:xdist")
    assert f"\n`{library}` is not installed; install it with: pip install 'mqldsl[testing]'\n" in shown
    assert counted in shown
    assert "Traceback" not in shown


def test_the_packs_are_run_by_it(pytestconfig: pytest.Config) -> None:
    assert "rules" in pytestconfig.getini("testpaths")
    assert Path(pytestconfig.rootpath, "rules/quick-start/mql.mql").match(pytestconfig.getini("mql_files")[0])
