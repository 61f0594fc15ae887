"""Every example in README.md and docs/ is executed.

| block | what must hold |
|---|---|
| `mql` | a whole definition without errors; `mql MQL102`: it has the findings named, and no other errors |
| `mql-part` | the same for a part of a definition |
| `python` | a session with `>>>`; the blocks of a page share their names |
| `console` | each line after `$ ` is run in the repository, and prints the lines below it |

In the output of `console`, a line `...` stands for any lines; blanks at line ends do not count. A command that
shows no output must succeed. A block is left out with the word `not-run` behind its language and a comment
`<!-- not run: the reason -->` before it.
"""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

import attrs
import pytest
from markdown_it import MarkdownIt

from mqldsl.analyse.examples import run_examples
from mqldsl.pipeline import check_text
from mqldsl.source.diagnostics import Diagnostic
from mqldsl.source.text import Source
from mqldsl.syntax.from_text import parse

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXECUTED = {"mql", "mql-part", "python", "console"}
SHOWN = {"text", "toml", "csv", "json", "yaml", "sql", "lark", "markdown", "html", "{toctree}"}
REASON = re.compile(r"<!-- not run: \S.{9,} -->")
CODE = re.compile(r"MQL\d{3}")


@attrs.frozen
class Block:
    """A fenced block of a page; `line` is that of its first line of content, `before` what stands before it."""

    page: Path
    line: int
    words: tuple[str, ...]
    text: str
    before: str

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def is_run(self) -> bool:
        return self.language in EXECUTED and "not-run" not in self.words

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"

    def __str__(self) -> str:
        return self.name


def blocks_of(page: Path, text: str) -> Iterator[Block]:
    """Yield the fenced blocks of `text`, those in lists and quotes too."""
    before = ""
    for token in MarkdownIt().parse(text):
        if token.type == "fence" and token.map:
            yield Block(page, token.map[0] + 2, tuple(token.info.split()), token.content, before)
        before = token.content.strip() if token.type == "html_block" else ""


BLOCKS = [block for page in PAGES for block in blocks_of(page, page.read_text(encoding="utf-8"))]


def blocks_in(language: str) -> list[Block]:
    """Return the blocks of `language` that are executed."""
    return [block for block in BLOCKS if block.is_run and block.language == language]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_run_or_says_why_not(block: Block) -> None:
    assert block.language in EXECUTED | SHOWN, f"{block.name}: write one of {sorted(EXECUTED | SHOWN)}"
    if "not-run" in block.words:
        assert block.language in EXECUTED, (
            f"{block.name}: `{block.language}` is never run, so leave out `not-run`"
        )
        assert REASON.fullmatch(block.before), f"{block.name}: put `<!-- not run: the reason -->` before it"


def check_mql_block(text: str, name: str) -> Sequence[Diagnostic]:
    """Return what there is to say about a whole definition; the examples in it must hold."""
    checked = check_text(text, name)
    if checked.model is not None:
        assert [failure for result in run_examples(checked.model) for failure in result.failures] == []
    return checked.findings


def check_mql_part(text: str, name: str) -> Sequence[Diagnostic]:
    """Return what there is to say about the form of a part of a definition."""
    return parse(Source(name, text))[1]


@pytest.mark.parametrize("block", [*blocks_in("mql"), *blocks_in("mql-part")], ids=str)
def test_rules(block: Block) -> None:
    check = check_mql_block if block.language == "mql" else check_mql_part
    found = check(block.text, block.name)
    named = {word for word in block.words if CODE.fullmatch(word)}
    missing = named - {diagnostic.code for diagnostic in found}
    errors = [diagnostic for diagnostic in found if diagnostic.is_error and diagnostic.code not in named]
    assert not missing, f"{block.name}: {sorted(missing)} were not found in\n{block.text}"
    assert not errors, f"{block.name}: " + "\n".join(f"{error.code} {error.message}" for error in errors)


@pytest.mark.parametrize(
    "page",
    sorted({block.page for block in blocks_in("python")}),
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_python_sessions(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    lines = [""] * len(page.read_text(encoding="utf-8").splitlines())
    for block in blocks_in("python"):
        if block.page == page:
            assert ">>> " in block.text, (
                f"{block.name}: write it as a session with `>>>`, so that it can be run"
            )
            code = block.text.splitlines()
            lines[block.line - 1 : block.line - 1 + len(code)] = code
    session = doctest.DocTestParser().get_doctest("\n".join(lines), {}, page.name, str(page), 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session, out=said.append)
    assert not said, "".join(said)


def commands_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block with the lines that each prints; `\\` continues a command."""
    command, shown = "", list[str]()
    for line in text.splitlines():
        if command.endswith("\\\n"):
            command += line.removeprefix("> ")
        elif line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line.removeprefix("$ "), []
        else:
            shown.append(line.rstrip())
            continue
        command += "\n" if line.endswith("\\") else ""
    yield command, shown


def is_as_shown(shown: list[str], printed: list[str]) -> bool:
    """Say whether `printed` is what is `shown`, where `...` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@pytest.mark.parametrize("block", blocks_in("console"), ids=str)
def test_console(block: Block) -> None:
    assert block.text.startswith("$ "), f"{block.name}: start with a command, `$ ` before it"
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    plain = {"PATH": programs, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    for command, shown in commands_of(block.text):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=ROOT,
            env=os.environ | plain,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        difference = "\n".join(unified_diff(shown, printed, "shown", "printed", lineterm="", n=99))
        assert is_as_shown(shown, printed), f"{block.name}: $ {command}\n{difference}"
        assert shown or done.returncode == 0, f"{block.name}: $ {command}\nfailed with {done.returncode}"


def test_this_test_sees() -> None:
    text = """- in a list:

  <!-- not run: it takes an hour -->
  ```console not-run
  $ one
  ```

```console
$ one \\
>   two
first
...
last
$ three
```
"""
    left_out, kept = blocks_of(ROOT / "README.md", text)
    assert REASON.fullmatch(left_out.before)
    assert not left_out.is_run
    assert (kept.is_run, kept.line, kept.before) == (True, 9, "")
    (one, shown), three = commands_of(kept.text)
    assert (one, three) == ("one \\\n  two", ("three", []))
    assert is_as_shown(shown, ["first", "last"])
    assert is_as_shown(shown, ["first", "a", "b", "last"])
    assert not is_as_shown(shown, ["first", "last", "more"])
    assert not is_as_shown([], ["more"])
