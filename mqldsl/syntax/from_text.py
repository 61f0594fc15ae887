"""From text to tree: cut into declarations, each parsed on its own, every fault reported."""

import os
import re
import sys
import threading
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.indenter import DedentError, Indenter

from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.shipped import shipped
from mqldsl.source.text import Place, Source, Span
from mqldsl.syntax import characters, declarations, shape
from mqldsl.syntax.mistakes import mistake
from mqldsl.syntax.reduce_scoring import Scoring

MOST_CHARACTERS = 1 << 20
MOST_DECLARATIONS = 10_000
MOST_LEVELS = 200
_NESTING = {"brackets", "filtered", "not_", "negative", "count_of", "pick", "first_of", "group_row"}
# What may be accepted in a state of the parser takes it long to find out; the same mistakes come again.
_ACCEPTED: dict[tuple[object, ...], frozenset[str]] = {}
_MOST_ACCEPTED = 2_000


class MqlIndenter(Indenter):
    """Lines and indentation as tokens; inside brackets line breaks do not count."""

    NL_type = "_NL"
    OPEN_PAREN_types = ["LPAR"]  # noqa: RUF012 # Lark wants lists here
    CLOSE_PAREN_types = ["RPAR"]  # noqa: RUF012 # as above
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8
    # NAME, so that a word is never cut into a keyword and a rest (`inside`); the literals, so that what
    # looks like a number is read whole even where none is due.
    always_accept = (
        "_NL",
        "NAME",
        "STRING",
        "BAD_NUMBER",
        "NUMBER",
        "PERCENT",
        "DURATION",
        "DATE",
        "DATETIME",
        "CLOCK",
    )


@attrs.frozen
class Chunk:
    """One declaration as text, with the place where it begins."""

    start: int
    text: str


@cache
def parser() -> Lark:
    """Return the parser, built once a process; its tables are kept in the user's cache folder."""
    return Lark(
        shipped("grammar/mql.lark").read_text(encoding="utf-8"),
        parser="lalr",
        postlex=MqlIndenter(),
        propagate_positions=True,
        maybe_placeholders=True,
        cache=_cache_file() or False,
    )


# Lark's indenter keeps its state between tokens, so one parse at a time.
PARSING = threading.Lock()


def _cache_file() -> str | None:
    home = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(home) if home else Path.home() / ".cache"
        folder = folder / "mqldsl"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):
        return None
    if not os.access(folder, os.W_OK):
        return None
    return str(folder / f"grammar-{sys.version_info.major}.{sys.version_info.minor}.lark")


def parse(source: Source) -> tuple[declarations.File, list[Diagnostic]]:
    """Return the declarations that could be read and a finding for each fault, in order of place."""
    if len(source.text) > MOST_CHARACTERS:
        return declarations.File(()), [
            _limit(
                source,
                Span(0, 1),
                f"the file is longer than {MOST_CHARACTERS:,} characters",
                "split it and bring the parts together with `use`",
            )
        ]
    findings = list(characters.find(source))
    spoiled = [finding.at.place.span.start for finding in findings if finding.is_error]
    names: set[str] = set()
    read: list[declarations.Declaration] = []
    for number, chunk in enumerate(chunks(source.text)):
        if number == MOST_DECLARATIONS:
            span = Span(chunk.start, chunk.start + 1)
            findings.append(
                _limit(
                    source,
                    span,
                    f"the file has more than {MOST_DECLARATIONS:,} declarations",
                    "split it and bring the parts together with `use`",
                )
            )
            break
        end = chunk.start + len(chunk.text)
        if bisect_left(spoiled, chunk.start) < bisect_left(spoiled, end):
            names |= _names_in(chunk)
            continue
        declaration, faults = _declaration(source, chunk)
        findings += faults
        if declaration is not None:
            read.append(declaration)
        else:
            names |= _names_in(chunk)
    return declarations.File(tuple(read), frozenset(names)), sorted(
        findings, key=lambda finding: finding.at.place.span.start
    )


def _names_in(chunk: Chunk) -> set[str]:
    """Return the names that a declaration which cannot be read was to declare, as far as they can be seen."""
    if re.match(r"(lead|account)[ ]*:", chunk.text):
        return set(re.findall(r"^[ ]+`?([A-Za-z_]\w*)`?[^:\n]*:", chunk.text, re.MULTILINE))
    head = re.match(r"(?:account[ ]+)?[a-z]+[ ]+`?([A-Za-z_]\w*)`?(?:[ ]*\([ ]*([A-Za-z_]\w*))?", chunk.text)
    if head is None:
        return set()
    name, plural = head.groups()
    return {name, plural or f"{name}s", f"{name.removesuffix('y')}ies"}


def chunks(text: str) -> Iterator[Chunk]:
    """Cut a text where a line begins in column 0; only `)` goes on with what is open."""
    starts = [found.start() for found in re.finditer(r"^[^\s#)]", text, re.MULTILINE)]
    first_mark = re.search(r"^[ \t]*[^\s#]", text, re.MULTILINE)
    if first_mark and (not starts or first_mark.start() < starts[0]):
        starts.insert(0, first_mark.start())
    if not starts:
        return
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield Chunk(start, text[start:end])


def _declaration(source: Source, chunk: Chunk) -> tuple[declarations.Declaration | None, list[Diagnostic]]:
    if chunk.text[0] == " ":
        line = chunk.text.partition("\n")[0]
        span = Span(chunk.start + len(line) - len(line.lstrip(" ")), chunk.start + len(line))
        words = "this line is indented, and no declaration stands above it"
        remedy = "a declaration begins in the first column"
        return None, [Diagnostic("MQL012", words, Label(Place(source, span)), help=remedy)]
    if fault := _open_bracket(source, chunk):
        return None, [fault]
    raw, fault = _raw_tree(source, chunk)
    if raw is None:
        return None, [] if fault is None else [fault]
    if deep := _too_deep(raw):
        span = Span(deep.meta.start_pos + chunk.start, deep.meta.start_pos + chunk.start + 1)
        return None, [
            _limit(
                source,
                span,
                f"this is nested more than {MOST_LEVELS} levels deep",
                "name the inner part as a clause of its own",
            )
        ]
    reducer = Scoring(chunk.start)
    declaration: declarations.Declaration = reducer.transform(raw.children[0])  # type: ignore[arg-type] # `start` holds one tree
    faults = [
        Diagnostic(code, words, Label(Place(source, span)), help=remedy)
        for code, span, words, remedy in reducer.faults
    ]
    faults += shape.find(source, declaration)
    return declaration, faults


def _raw_tree(source: Source, chunk: Chunk) -> tuple[Tree[Token] | None, Diagnostic | None]:
    text = chunk.text if chunk.text.endswith("\n") else chunk.text + "\n"
    try:
        with PARSING:
            return parser().parse(text), None
    except UnexpectedInput as error:
        return None, _mistake(source, chunk, error)
    except DedentError:
        span = _uneven_line(chunk)
        words = "this line begins in line with none of the lines above it"
        return None, Diagnostic(
            "MQL012",
            words,
            Label(Place(source, span)),
            help="indent it as far as the line that it stands beside",
        )


def _mistake(source: Source, chunk: Chunk, error: UnexpectedInput) -> Diagnostic:
    if isinstance(error, UnexpectedToken):
        token, accepted = error.token, _accepted(error)
    else:
        assert isinstance(error, UnexpectedCharacters)
        start = error.pos_in_stream
        assert start is not None
        token = Token("CHARACTER", error.char, start, end_pos=start + 1)
        accepted = error.allowed or set()
    start = token.start_pos
    if start is None or token.type in ("_NL", "$END"):
        start = _end_of_words(chunk.text[:start])
    found = mistake(token, chunk.text[:start], accepted)
    end = token.end_pos if token.end_pos is not None and token.type not in ("_NL", "$END") else start + 1
    # At the end of the file there is nothing to underline: the place is empty, right behind the last word.
    begin = chunk.start + start - found.back
    end = begin + found.length if found.length is not None else chunk.start + max(end, start + 1)
    span = Span(begin, min(end, len(source.text)))
    return Diagnostic(found.code, found.words, Label(Place(source, span)), help=found.remedy)


def _end_of_words(text: str) -> int:
    """Return where the last word of a text ends, comments and spaces aside."""
    end = 0
    for piece in characters.PIECE.finditer(text):
        if piece.lastgroup != "comment" and piece[0].strip():
            end = piece.start() + len(piece[0].rstrip())
    return end


def _accepted(error: UnexpectedToken) -> frozenset[str]:
    """Return the kinds of words that would have fitted."""
    parsing = error.interactive_parser
    if parsing is None:
        return frozenset(error.expected)
    key = tuple(parsing.parser_state.state_stack)
    if key not in _ACCEPTED:
        if len(_ACCEPTED) >= _MOST_ACCEPTED:
            _ACCEPTED.clear()
        _ACCEPTED[key] = frozenset(error.accepts or error.expected)
    return _ACCEPTED[key]


def _open_bracket(source: Source, chunk: Chunk) -> Diagnostic | None:
    opened: list[int] = []
    for piece in characters.PIECE.finditer(chunk.text):
        if piece.lastgroup != "code":
            continue
        for bracket in re.finditer(r"[()]", piece[0]):
            place = chunk.start + piece.start() + bracket.start()
            if bracket[0] == "(":
                opened.append(place)
            elif opened:
                opened.pop()
            else:
                return Diagnostic(
                    "MQL011",
                    "this bracket was never opened",
                    Label(Place(source, Span(place, place + 1))),
                    help="remove it, or open it with `(`",
                )
    if not opened:
        return None
    span = Span(opened[-1], opened[-1] + 1)
    return Diagnostic(
        "MQL011", "this bracket is never closed", Label(Place(source, span)), help="close it with `)`"
    )


def _uneven_line(chunk: Chunk) -> Span:
    """Find the first line that is indented like none of the open blocks above it."""
    levels = [0]
    place = chunk.start
    for line in chunk.text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and not line.lstrip().startswith("#"):
            if indent > levels[-1]:
                levels.append(indent)
            while indent < levels[-1]:
                levels.pop()
            if indent != levels[-1]:
                return Span(place + indent, place + len(line))
        place += len(line) + 1
    return Span(chunk.start, chunk.start + 1)


def _too_deep(raw: Tree[Token]) -> Tree[Token] | None:
    stack: list[tuple[Tree[Token], int]] = [(raw, 0)]
    while stack:
        node, level = stack.pop()
        inside = [child for child in node.children if isinstance(child, Tree)]
        if node.data in _NESTING or any(child.data == "bullet" for child in inside):
            level += 1
            if level > MOST_LEVELS:
                return node
        stack += [(child, level) for child in inside]
    return None


def _limit(source: Source, span: Span, words: str, remedy: str) -> Diagnostic:
    return Diagnostic("MQL005", words, Label(Place(source, span)), help=remedy)
