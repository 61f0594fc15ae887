"""What is printed: harmless, as wide as the screen, in characters that the stream can take."""

import io
import json
import re
import sys
from zoneinfo import ZoneInfo

import pytest
from rich.text import Text

from mqldsl.front import screen
from mqldsl.front.grid import show_grid
from mqldsl.front.screen import bar, padded, show
from mqldsl.source.harmless import visible

HARMFUL = "\x00\x07\x08\x0b\x0c\r\x1b\x7f\x9b\u061c\u200f\u2028\u202e\u2066\ufeff\ud800"
HARMLESS = "a é 日本 👍🏽 [red] \\ \n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal; `plain` is what it got without its colours."""

    @property
    def plain(self) -> str:
        return re.sub("\x1b\\[[0-9;]*m", "", self.getvalue())

    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal of 40 columns before the test; no fixture, since pytest would undo it."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_harmful_characters_become_escapes() -> None:
    assert not set(visible(HARMFUL)) & set(HARMFUL)
    assert visible(HARMLESS) == HARMLESS
    assert visible(visible(HARMFUL)) == visible(HARMFUL)


def test_json_keeps_what_it_says() -> None:
    text = screen.as_json({"text": HARMFUL + HARMLESS})
    assert not set(text) & set(HARMFUL)
    assert json.loads(text) == {"text": HARMFUL + HARMLESS}


def test_whatever_is_printed_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    screen.out().print(Text("x\x1b]0;owned\x9b\u202e"), HARMLESS)
    show(screen.out(), "x\x1b]0;owned\x07\x9b\u202e")
    assert not set(shown.plain) & set(HARMFUL)


def test_a_long_line_goes_on_further_in(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    show(screen.out(), "  yes  " + "word " * 20, hang=5)
    first, *rest = shown.plain.splitlines()
    assert first.startswith("  yes  word")
    assert rest
    assert all(line.startswith(" " * 7 + "word") for line in rest)
    assert all(len(line) <= 40 for line in (first, *rest))
    assert shown.plain.split().count("word") == 20


def test_a_text_of_several_lines_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    show(screen.out(), "one\n\n" + "two " * 12, hang=2)
    lines = shown.plain.splitlines()
    assert lines[:2] == ["one", ""]
    assert lines[2:] == ["two " * 9 + "two", "  two two"]


def test_a_word_longer_than_the_screen_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    show(screen.out(), "  " + "w" * 100, hang=2)
    assert shown.plain.count("w") == 100
    assert all(len(line) <= 40 for line in shown.plain.splitlines())


def test_in_a_pipe_a_line_stays_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show(screen.out(), "word " * 100, hang=5)
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("shares", [(1.0,), (0.5, 0.5), (0.001, 0.999), (0.001, 0.001, 0.998), (0.0, 0.0)])
def test_a_bar_shows_every_share(encoding: str, shares: tuple[float, ...]) -> None:
    console = screen.out()
    console.file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    signs = ("full", "half", "light")
    shown = bar(console, [(share, sign, "") for share, sign in zip(shares, signs)], 10).plain
    shown.encode(encoding)
    assert len(shown) <= 10
    assert len(set(shown)) == sum(share > 0 for share in shares)


def test_cells_have_their_width() -> None:
    assert padded("日本語", 5) == "日本…"
    assert padded("a\nb", 6) == "a\\nb  "


def test_a_grid_leaves_out_what_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = terminal(monkeypatch)
    names = ["id", "empty", "score", "wide", "last"]
    rows: list[list[object]] = [["[red]\x1b", None, 10.0, "w" * 60, ("a", "b")], ["L2", None, 2.5, "", ()]]
    hidden = show_grid(screen.out(), names, rows, ZoneInfo("UTC"))
    assert hidden == ["last"]
    assert shown.plain.splitlines() == [
        "id         score  wide",
        "---------  -----  ----------------------",
        "[red]\\x1b     10  " + "w" * 21 + "…",
        "L2           2.5",
    ]
