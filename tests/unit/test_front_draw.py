"""Findings drawn: the place underlined whatever the line holds, further places, widths, colours, nothing harmful."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from mqldsl.front.draw import count_said, draw, drawn
from mqldsl.front.encode import annotation, as_object
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place, Source, Span

WIDE = 100


def label(source: Source, marked: str, words: str = "") -> Label:
    start = source.text.index(marked)
    return Label(Place(source, Span(start, start + len(marked))), words)


def finding(source: Source, marked: str, *also: Label, words: str = "", help: str = "") -> Diagnostic:  # noqa: A002
    return Diagnostic("MQL102", "unknown name `b`", label(source, marked, words), also, help)


def lines(source: Source, of: Diagnostic, width: int = WIDE) -> list[str]:
    return [line.plain for line in drawn(of, source, width)]


def marked_cells(shown: list[str], sign: str = "^") -> tuple[int, int]:
    """Return in which columns the marks begin and how many there are, of the first line that has some."""
    line = next(line for line in shown if sign in line)
    return cell_len(line[: line.index(sign)]), line.count(sign)


def test_the_whole_of_it() -> None:
    source = Source("a.mql", "clause a: x\nclause b: employes\n")
    shown = lines(source, finding(source, "employes", label(source, "a:", "like this"), help="did you mean?"))
    assert shown == [
        "error[MQL102]: unknown name `b`",
        "  a.mql:2:11",
        "  2 | clause b: employes",
        "    |           ^^^^^^^^",
        "  a.mql:1:8",
        "  1 | clause a: x",
        "    |        -- like this",
        "  help: did you mean?",
    ]


@pytest.mark.parametrize("before", ["", "日本語 ", "e\u0301é ", "👍🏽 ", "\t", "\x1b[31m", "ﷺ "], ids=ascii)
def test_marks_stand_below_what_is_marked(before: str) -> None:
    source = Source("a.mql", f"{before}name = 3")
    shown = lines(source, finding(source, "name"))
    code = next(line for line in shown if "1 | " in line)
    assert marked_cells(shown) == (cell_len(code[: code.index("name")]), 4)


def test_wide_characters_are_marked_over_their_whole_width() -> None:
    source = Source("a.mql", "clause 名前: x")
    assert marked_cells(lines(source, finding(source, "名前")))[1] == 4


@pytest.mark.parametrize("text", ["", "clause a: x", "clause a: x\n"])
def test_an_empty_place_at_the_end_has_one_mark(text: str) -> None:
    source = Source("a.mql", text)
    end = Diagnostic("MQL010", "ends", Label(Place(source, Span(len(text), len(text)))))
    shown = lines(source, end)
    assert not text or sum(line.count("^") for line in shown) == 1


def test_a_place_of_several_lines_says_where_it_ends() -> None:
    source = Source("a.mql", "clause a:\n  any of\n    - x\n    - y\n")
    shown = lines(source, finding(source, "any of\n    - x\n    - y", words="all of it"))
    assert shown[2:] == ["  2 |   any of", "    |   ^^^^^^ to line 4 all of it"]


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("marked", ["first", "middle", "last", "m" * 300])
def test_a_long_line_is_cut_around_its_place(width: int, marked: str) -> None:
    source = Source("a.mql", f"first {'語' * 80} middle {'m' * 300} {'x' * 80} last")
    shown = lines(source, finding(source, marked), width)
    assert all(cell_len(line) <= width for line in shown)
    start, length = marked_cells(shown)
    code = next(line for line in shown if "1 | " in line)
    assert cell_len(code) >= start + length
    assert length == len(marked) or marked[0] * 10 in code


def test_a_line_of_a_million_characters_takes_no_time() -> None:
    source = Source("a.mql", "x" * 1_000_000 + "name" + "y" * 1_000_000)
    assert all(len(line) <= WIDE for line in lines(source, finding(source, "name")))


def test_a_place_in_a_used_file_is_told_from_the_definition() -> None:
    main, used = Source("rules/a.mql", "use"), Source("shared/b.mql", "clause b: c")
    shown = [line.plain for line in drawn(finding(used, "c:"[:1]), main, WIDE)]
    assert "  rules/shared/b.mql:1:1" in shown


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_harmful_is_printed(terminal: bool) -> None:
    text = "clause \x1b[2Ja\x07\x9b\u202e[red]b[/red]: x"
    source = Source("\x1b]0;name\x07.mql", text)
    bad = Diagnostic(
        "MQL102", f"unknown {text}\nand more", label(source, "[red]", text), (label(source, "x", text),), text
    )
    stream = io.StringIO()
    console = Console(
        file=stream, width=60, force_terminal=terminal, color_system=None, markup=False, highlight=False
    )
    draw(console, [bad], source)
    shown = stream.getvalue()
    assert "[red]" in shown
    assert not any(sign in shown for sign in "\x07\x1b\x9b\u202e")


def test_colours_only_where_a_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    source = Source("a.mql", "clause b: c")
    for terminal in (True, False):
        stream = io.StringIO()
        draw(Console(file=stream, force_terminal=terminal, width=60), [finding(source, "b")], source)
        assert ("\x1b[" in stream.getvalue()) == terminal


def test_what_is_counted() -> None:
    source = Source("a.mql", "x")
    warning = Diagnostic("MQL501", "no window", label(source, "x"), severity=Severity.WARNING)
    said = count_said([warning, finding(source, "x"), finding(source, "x")], "a.mql")
    assert said == "2 errors, 1 warning in a.mql; `mql explain-code MQL501` tells more"


def test_an_object_has_all_that_is_known() -> None:
    source = Source("a.mql", "clause a: x\nclause b: employes\n")
    told = as_object(finding(source, "employes", label(source, "a:", "like this"), help="so"), source)
    assert told == {
        "code": "MQL102",
        "severity": "error",
        "message": "unknown name `b`",
        "file": "a.mql",
        "line": 2,
        "column": 11,
        "end_line": 2,
        "end_column": 19,
        "help": "so",
        "also": [
            {
                "message": "like this",
                "file": "a.mql",
                "line": 1,
                "column": 8,
                "end_line": 1,
                "end_column": 10,
            }
        ],
    }


def test_an_annotation_is_one_line_whatever_it_says() -> None:
    source = Source("a,b:c.mql", "one\ntwo")
    bad = Diagnostic("MQL102", "100%\r\nsure", label(source, "one\ntwo"), help="do: this")
    assert annotation(as_object(bad, source)) == (
        "::error file=a%2Cb%3Ac.mql,line=1,endLine=2,title=MQL102::100%25%0D%0Asure%0Ado: this"
    )
