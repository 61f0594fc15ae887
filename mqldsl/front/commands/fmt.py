"""`mql fmt`: definitions in the one form, in place, or what that would change."""

import sys
from difflib import unified_diff
from pathlib import Path

import attrs
import click
from rich.text import Text

from mqldsl.data.whole_file import whole_file
from mqldsl.front import screen
from mqldsl.front.draw import draw
from mqldsl.front.inputs import NO, UNUSABLE, InputError, examples
from mqldsl.front.screen import counted, show
from mqldsl.source.text import Source
from mqldsl.syntax.from_text import parse
from mqldsl.syntax.to_text import to_text

_STDIN = "-"


@attrs.frozen
class _Formatted:
    """A definition before and after, both with plain line ends; `end` is the one that the file has."""

    name: str
    before: str
    after: str
    end: str

    @property
    def changes(self) -> bool:
        """Whether the form is another one."""
        return self.before != self.after

    @property
    def raw(self) -> bytes:
        """The bytes to write."""
        return self.after.replace("\n", self.end).encode()


@click.command(epilog=examples("mql fmt mql.mql", "mql fmt --check rules/*.mql", "mql fmt --diff mql.mql"))
@click.argument(
    "files",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    nargs=-1,
    required=True,
)
@click.option(
    "--check", is_flag=True, help="Write nothing; list the files that would change, and exit with 1."
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(files: tuple[str, ...], *, check: bool, diff: bool) -> None:
    """Set definitions in the one form that everybody shares.

    Indentation, columns, line breaks; the words, numbers and comments stay yours. A file is written whole or not
    at all. `-` reads the standard input and writes to the standard output. A file with mistakes in its form stays as
    it is, and the exit code is 2.
    """
    console = screen.out()
    formatted = [_formatted(name) for name in files]
    for each in formatted:
        if each is None:
            continue
        if diff:
            show(console, *_difference(each))
        elif check and each.changes:
            show(console, f"{each.name} would change")
        elif not check and each.name == _STDIN:
            sys.stdout.write(each.after)
        elif not check and each.changes:
            _write(each)
            show(console, f"{each.name} changed")
    if None in formatted:
        raise click.exceptions.Exit(UNUSABLE)
    changing = [each for each in formatted if each is not None and each.changes]
    if not diff and len(files) > 1:
        same = len(files) - len(changing)
        verb = "would change" if check else "changed"
        show(console, f"{counted(len(changing), 'file')} {verb}, {same:,} as before")
    if check and changing:
        raise click.exceptions.Exit(NO)


def _formatted(name: str) -> _Formatted | None:
    """Return a definition set anew, or draw what is wrong with it and return None."""
    try:
        raw = sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"`{name}` cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"`{name}` is not UTF-8: byte {error.start} is no part of it") from None
    end = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    before = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source("<stdin>" if name == _STDIN else name, before)
    findings = [finding for finding in parse(source)[1] if finding.is_error]
    if findings:
        draw(screen.err(), findings, source)
        return None
    return _Formatted(name, before, to_text(source), end)


def _write(formatted: _Formatted) -> None:
    try:
        with whole_file(Path(formatted.name)) as stream:
            stream.write(formatted.raw)
    except OSError as error:
        raise InputError(f"`{formatted.name}` cannot be written: {error.strerror}") from None


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def _difference(formatted: _Formatted) -> list[Text]:
    lines = unified_diff(
        formatted.before.splitlines(),
        formatted.after.splitlines(),
        formatted.name,
        f"{formatted.name} formatted",
        lineterm="",
    )
    return [Text(line, _COLOURS.get(line[:1], "")) for line in lines]
