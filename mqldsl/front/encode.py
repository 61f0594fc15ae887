"""Findings for machines: objects for JSON, and the annotations of GitHub."""

from collections.abc import Iterator

from mqldsl.front.draw import file_of
from mqldsl.source.diagnostics import Diagnostic
from mqldsl.source.text import Place, Source

Plain = dict[str, object]


def as_object(finding: Diagnostic, main: Source) -> Plain:
    """Return a finding as JSON has it; lines and columns count from 1, the end is the first column behind."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        **_where(finding.at.place, main),
        "help": finding.help,
        "also": [{"message": label.words, **_where(label.place, main)} for label in finding.also],
    }


def _where(place: Place, main: Source) -> Plain:
    start = place.source.position(place.span.start)
    end = place.source.position(max(place.span.start, place.span.end))
    return {
        "file": file_of(place.source, main),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def annotation(told: Plain) -> str:
    """Return the line that makes GitHub show a finding beside the code; `told` is what `as_object` gives.

    >>> annotation({"code": "binding", "severity": "error", "message": "no: 100%", "file": "a,b.toml"})
    '::error file=a%2Cb.toml,title=binding::no: 100%25'
    """
    names = {
        "file": "file",
        "line": "line",
        "end_line": "endLine",
        "column": "col",
        "end_column": "endColumn",
    }
    told = told if told.get("line") == told.get("end_line") else told | {"column": None, "end_column": None}
    properties = [
        f"{theirs}={_property(told[ours])}" for ours, theirs in names.items() if told.get(ours) is not None
    ]
    properties.append(f"title={_property(told['code'])}")
    words = "\n".join(_lines(told))
    return f"::{told['severity']} {','.join(properties)}::{_escaped(words)}"


def _lines(told: Plain) -> Iterator[str]:
    yield str(told["message"])
    if told.get("help"):
        yield str(told["help"])


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _escaped(str(value)).replace(":", "%3A").replace(",", "%2C")
