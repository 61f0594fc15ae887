"""The two streams that `mql` prints to, and lines shown there: harmless, and no wider than there is room."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, TextIO

import attrs
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment
from rich.text import Text

from mqldsl.source.harmless import HARMFUL, on_one_line, visible

# In a pipe nobody tells a width; formatted definitions are at most 100 wide, and a gutter comes before them.
_WIDTH_IN_A_PIPE = 110
_NARROWEST = 40


def as_json(value: object) -> str:
    """Return `value` as JSON for people and machines; what could steer a terminal is escaped the way JSON does."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def out() -> Console:
    """Return the console of the standard output."""
    return _console(sys.stdout)


def err() -> Console:
    """Return the console of the standard error."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    told = os.environ.get("COLUMNS", "")
    width = int(told) if told.isdigit() and int(told) else None
    if width is None and not stream.isatty():
        width = _WIDTH_IN_A_PIPE
    return _Console(file=stream, width=width)


class _Console(Console):
    """A console as wide as is needed at least, that shows text as it is, and harmless."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 # as rich declares each
        """Take the settings of rich that differ from one console to another."""
        super().__init__(**settings, highlight=False, markup=False, emoji=False, legacy_windows=False)
        self.width = max(self.width, _NARROWEST)
        self.push_render_hook(_Harmless())

    def on_broken_pipe(self) -> None:
        """Leave it to whoever runs the command; rich would end the process with 1, which here says no."""
        raise BrokenPipeError


class _Harmless(RenderHook):
    """Passes every piece of text that is printed through `visible`, whoever made it."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Shown(each) for each in renderables]


class _Shown:
    def __init__(self, inner: ConsoleRenderable) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            harmless = segment.control or not HARMFUL.search(segment.text)
            yield segment if harmless else Segment(visible(segment.text), segment.style)


@attrs.frozen
class Hanging:
    """A line that goes on `hang` columns further in, wherever it is shown."""

    text: Text
    hang: int


def show(console: Console, *lines: Text | str | Hanging, hang: int = 0) -> None:
    """Print lines; on a terminal a long one goes on in the next, `hang` columns further in, in a pipe it stays whole."""
    for line in lines:
        inward = line.hang if isinstance(line, Hanging) else hang
        given = line.text if isinstance(line, Hanging) else line
        text = Text(visible(given)) if isinstance(given, str) else given.copy()
        for row in text.split(allow_blank=True) or [text]:
            for part in _broken(console, row, inward):
                part.rstrip()
                console.print(part, soft_wrap=True)


def as_text(lines: Iterable[Text | str | Hanging], width: int, *, colours: bool) -> str:
    """Return lines as `show` prints them: with colours and broken as on a terminal, or plain and whole."""
    stream = StringIO()
    # Whoever asks has decided about colours: the environment has no say.
    system = "standard" if colours else None
    console = _Console(
        file=stream, width=width, force_terminal=colours, color_system=system, no_color=not colours
    )
    show(console, *lines)
    return stream.getvalue()


def _broken(console: Console, text: Text, hang: int) -> Iterable[Text]:
    if not console.is_terminal or cell_len(text.plain) <= console.width:
        return [text]
    own = len(text.plain) - len(text.plain.lstrip(" "))
    # Wide enough for a word, however deep the text stands.
    hang = min(own + hang, console.width // 2)
    first, *rest = text.wrap(console, console.width)
    if not rest:
        return [first]
    remaining = text[len(first.plain) :]
    remaining = remaining[len(remaining.plain) - len(remaining.plain.lstrip(" ")) :]
    return [first, *(Text(" " * hang) + each for each in remaining.wrap(console, console.width - hang))]


def bar(console: Console, parts: Iterable[tuple[float, str, str]], width: int) -> Text:
    """Return a bar of shares, each with its sign and style; what is more than nothing gets a sign at least.

    The signs are `full`, `half` and `light`, in characters that the stream can take.
    """
    shown = Text()
    for length, (_, sign, style) in _lengths(list(parts), width):
        shown.append(_signs(console)[sign] * length, style)
    return shown


def _lengths(parts: list[tuple[float, str, str]], width: int) -> Iterator[tuple[int, tuple[float, str, str]]]:
    lengths = [max(round(share * width), 1) if share > 0 else 0 for share, _, _ in parts]
    while sum(lengths) > width:
        lengths[lengths.index(max(lengths))] -= 1
    yield from zip(lengths, parts)


def _signs(console: Console) -> dict[str, str]:
    is_unicode = (console.encoding or "").lower().replace("-", "").startswith("utf")
    return (
        {"full": "█", "half": "▒", "light": "·"} if is_unicode else {"full": "#", "half": "?", "light": "."}
    )


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return text on one line with exactly so many columns, cut with `…` where it has more.

    >>> padded("nurture", 4), padded("7", 3, right=True)
    ('nur…', '  7')
    """
    line = on_one_line(text)
    length = cell_len(line)
    if length > width:
        return set_cell_size(line, width - 1) + "…"
    return " " * (width - length) + line if right else line + " " * (width - length)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "error"), counted(1200, "lead"), counted(2, "entry", "entries")
    ('1 error', '1,200 leads', '2 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
