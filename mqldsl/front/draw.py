"""Findings drawn for people: the message, the line with its place underlined, further places, the way out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mqldsl.front.screen import Hanging, counted, show
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.harmless import on_one_line, visible
from mqldsl.source.text import Place, Source

_COLOURS = {"error": "bold red", "warning": "bold yellow"}
_TAB = "    "


def draw(console: Console, findings: Sequence[Diagnostic], main: Source) -> None:
    """Print all findings of a definition."""
    show(console, *all_drawn(findings, main, console.width))


def all_drawn(findings: Sequence[Diagnostic], main: Source, width: int) -> Iterator[Hanging | str]:
    """Yield the lines of all findings, a blank one between two, and one that counts them."""
    for finding in findings:
        yield from (Hanging(line, 2) for line in drawn(finding, main, width))
        yield ""
    if findings:
        yield count_said(findings, main.name)


def count_said(findings: Sequence[Diagnostic], name: str) -> str:
    """Say how many findings there are, and how to read more about one."""
    errors = sum(finding.is_error for finding in findings)
    warnings = len(findings) - errors
    said = [counted(errors, "error")] if errors else []
    said += [counted(warnings, "warning")] if warnings else []
    return f"{', '.join(said)} in {on_one_line(name)}; `mql explain-code {findings[0].code}` tells more"


def file_of(source: Source, main: Source) -> str:
    """Return the path of a source as the user would write it: a used file is named from its definition's folder."""
    return main.name if source is main else str(Path(main.name).parent / source.name)


def drawn(finding: Diagnostic, main: Source, width: int) -> Iterator[Text]:
    """Yield the lines of one finding."""
    severity, colour = finding.severity.value, _COLOURS[finding.severity.value]
    head = Text().append(f"{severity}[{finding.code}]", colour)
    message, *more = visible(finding.message).split("\n")
    yield head.append(": ", "bold").append(message, "bold")
    yield from (Text(f"  {line}") for line in more)
    labels = (finding.at, *finding.also)
    gutter = max(len(str(_line_of(label.place))) for label in labels)
    for number, label in enumerate(labels):
        mark = ("^", colour) if number == 0 else ("-", "cyan")
        yield from _place_drawn(label, file_of(label.place.source, main), mark, gutter, width)
    for number, line in enumerate(visible(finding.help).split("\n") if finding.help else ()):
        yield Text().append("  help: " if number == 0 else "        ", "bold cyan").append(line)


def _line_of(place: Place) -> int:
    return place.source.position(place.span.start).line


def _place_drawn(label: Label, file: str, mark: tuple[str, str], gutter: int, width: int) -> Iterator[Text]:
    source, span = label.place.source, label.place.span
    start, end = source.position(span.start), source.position(max(span.end, span.start))
    yield Text(f"  {on_one_line(file)}:{start.line}:{start.column}", "cyan")
    if not source.text:
        return
    line = source.line(start.line)
    goes_on = end.line > start.line
    last = len(line) if goes_on else end.column - 1
    before, marked, after = line[: start.column - 1], line[start.column - 1 : last], line[last:]
    before, marked, after = _window(before, marked.rstrip() or marked, after, width - gutter - 6)
    yield Text().append(f"  {start.line:>{gutter}} | ", "dim").append(before + marked + after)
    carets = Text().append(f"  {'':{gutter}} | ", "dim").append(" " * cell_len(before))
    sign, colour = mark
    carets.append(sign * max(cell_len(marked), 1), colour)
    if goes_on:
        carets.append(f" to line {end.line}", colour)
    if label.words:
        carets.append(f" {on_one_line(label.words)}", colour)
    yield carets


def _window(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Return as much of a line as there is room for, around the part that is marked."""
    before, marked, after = (_as_shown(part, room) for part in (before, marked, after))
    if cell_len(before + marked + after) <= room:
        return before, marked, after
    marked = _start(marked, room - 2)
    left = room - cell_len(marked)
    before = _end(before, max(left - cell_len(after), left * 2 // 3))
    return before, marked, _start(after, left - cell_len(before))


def _as_shown(part: str, room: int) -> str:
    # Of a very long part, its ends are enough: the rest is cut anyway.
    if len(part) > 8 * room:
        part = part[: 4 * room] + part[-4 * room :]
    return visible(part.replace("\t", _TAB))


def _start(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    while text and cell_len(text) > room - 1:
        text = text[:-1]
    return text + "…" if room > 0 else ""


def _end(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    while text and cell_len(text) > room - 1:
        text = text[1:]
    return "…" + text if room > 0 else ""
