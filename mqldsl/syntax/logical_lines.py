"""A text as the lines in which it is meant: words, depth and comments, whatever line breaks it has.

This is what `to_text` sets anew. Words keep the author's spelling, so that `50k` stays `50k`.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import attrs
from lark import Token, Tree

from mqldsl.syntax import characters
from mqldsl.syntax.from_text import PARSING, Chunk, chunks, parser

# Where a `+` or `-` begins one of these, it is the sign of what follows.
_SIGNED = {"negative", "negative_number", "number", "sign"}


@attrs.frozen
class Comment:
    """A comment inside a line or behind it; `alone` where nothing stood before it on its line."""

    text: str
    alone: bool


@attrs.frozen
class Word:
    """A word or sign of the language, the spaces due before it, and the comments behind it."""

    kind: str
    text: str
    spaces: int
    joins: bool = False  # the `and` or `or` of a condition, not the `and` of `between`
    comments: tuple[Comment, ...] = ()


@attrs.frozen
class Line:
    """Words that are one line to the parser, at a depth of indentation."""

    depth: int
    words: tuple[Word, ...]
    after_blank: bool


@attrs.frozen
class Remark:
    """A comment on a line of its own, between lines."""

    depth: int
    text: str
    after_blank: bool


Entry: TypeAlias = Line | Remark


@attrs.frozen
class Block:
    """A declaration with the comments before it; comments at the end of a file are before nothing."""

    before: tuple[Remark, ...]
    entries: tuple[Entry, ...]


@attrs.frozen
class _Tokens:
    """The tokens of a line and the columns at which the blocks around it begin."""

    tokens: tuple[Token, ...]
    columns: tuple[int, ...]


@attrs.frozen
class _Found:
    """A comment and where it stands."""

    place: int
    text: str


@attrs.frozen
class _Roles:
    """Places at which the tree says more than the token: what a sign, a bracket or an `and` is for."""

    signs: frozenset[int]
    filters: frozenset[int]
    junctions: frozenset[int]


def blocks(text: str) -> Iterator[Block]:
    """Yield the declarations of a text that has no faults, and at last what stands behind them."""
    waiting = [
        _Found(piece.start(), piece[0].rstrip())
        for piece in characters.PIECE.finditer(text)
        if piece.lastgroup == "comment"
    ]
    waiting.reverse()
    before: list[Remark] = []
    for chunk in chunks(text):
        while waiting and waiting[-1].place < chunk.start:
            before.append(_remark(text, waiting.pop(), 0))
        comments: list[_Found] = []
        while waiting and waiting[-1].place < chunk.start + len(chunk.text):
            comments.append(waiting.pop())
        entries = _entries(text, chunk, comments)
        last = len(entries)
        while isinstance(entry := entries[last - 1], Remark) and entry.depth == 0:
            last -= 1
        yield Block(tuple(before), tuple(entries[:last]))
        before = cast(list[Remark], entries[last:])
    before += [_remark(text, found, 0) for found in reversed(waiting)]
    yield Block(tuple(before), ())


def _entries(text: str, chunk: Chunk, comments: Iterable[_Found]) -> list[Entry]:
    lines, roles = _read(chunk)
    behind, below = _placed(text, chunk, lines, comments)
    entries: list[Entry] = []
    for number, line in enumerate(lines):
        words = _words(line.tokens, roles, behind)
        entries.append(
            Line(len(line.columns) - 1, words, _is_after_blank(text, chunk.start + _start(line.tokens[0])))
        )
        depth_after = len(lines[number + 1].columns) - 1 if number + 1 < len(lines) else 0
        entries += _remarks(text, below[number], line.columns, depth_after)
    return entries


def _placed(
    text: str, chunk: Chunk, lines: Sequence[_Tokens], comments: Iterable[_Found]
) -> tuple[Mapping[int, list[Comment]], Sequence[list[_Found]]]:
    """Return the comments behind the token that starts at a place, and those on lines below each line."""
    tokens = [(number, token) for number, line in enumerate(lines) for token in line.tokens]
    starts = [_start(token) for _, token in tokens]
    behind, below = defaultdict[int, list[Comment]](list), [list[_Found]() for _ in lines]
    for found in comments:
        number, token = tokens[bisect(starts, found.place - chunk.start) - 1]
        is_below = text.find("\n", chunk.start + cast(int, token.end_pos), found.place) >= 0
        if is_below and token is lines[number].tokens[-1]:
            below[number].append(found)
        else:
            behind[_start(token)].append(Comment(found.text, alone=is_below))
    return behind, below


def _remarks(text: str, remarks: Iterable[_Found], columns: Sequence[int], depth: int) -> Iterator[Remark]:
    """Yield the comments between a line and the next, which is at `depth`.

    They go with the next line. Only at the end of a block, one that is indented deeper stays with the
    block, until one leaves it; `##` never does, for it says what the next line means.
    """
    deepest = len(columns) - 1
    for found in remarks:
        column = found.place - text.rfind("\n", 0, found.place) - 1
        reached = sum(start <= column for start in columns) - 1
        if found.text.startswith("##"):
            reached = depth
        elif depth + 1 < len(columns) and column > columns[depth]:
            reached = max(reached, depth + 1)
        deepest = max(depth, min(deepest, reached))
        yield _remark(text, found, deepest)


def _remark(text: str, found: _Found, depth: int) -> Remark:
    return Remark(depth, found.text, _is_after_blank(text, found.place))


def _is_after_blank(text: str, place: int) -> bool:
    end = text.rfind("\n", 0, place)
    return end >= 0 and not text[text.rfind("\n", 0, end) + 1 : end].strip()


# ------------------------------------------------------------------ tokens


def _read(chunk: Chunk) -> tuple[list[_Tokens], _Roles]:
    with PARSING:
        session = parser().parse_interactive(chunk.text if chunk.text.endswith("\n") else chunk.text + "\n")
        tokens = list(session.iter_parse())
        raw: Tree[Token] = session.feed_eof(tokens[-1])  # type: ignore[no-untyped-call] # Lark leaves it so
    lines: list[_Tokens] = []
    columns, line = [0], list[Token]()
    for token in tokens:
        match token.type:
            case "_NL":
                lines.append(_Tokens(tuple(line), tuple(columns)))
                line = []
            case "_INDENT":
                columns.append(len(token))
            case "_DEDENT":
                columns.pop()
            case _:
                line.append(token)
    return lines, _roles(raw)


def _roles(raw: Tree[Token]) -> _Roles:
    signs, filters, junctions = set[int](), set[int](), set[int]()
    for node in raw.iter_subtrees():
        if node.data in _SIGNED:
            signs.add(node.meta.start_pos)
        elif node.data == "filtered":
            filters.add(cast("Tree[Token]", node.children[0]).meta.end_pos)
        elif node.data == "junction":
            junctions.update(_start(child) for child in node.children if isinstance(child, Token))
    return _Roles(frozenset(signs), frozenset(filters), frozenset(junctions))


def _start(token: Token) -> int:
    return cast(int, token.start_pos)


def _words(
    tokens: Sequence[Token], roles: _Roles, behind: Mapping[int, Sequence[Comment]]
) -> tuple[Word, ...]:
    """Return the words of a line: comments before a comma go behind it, a comma before `)` goes altogether."""
    words: list[Word] = []
    for number, token in enumerate(tokens):
        comments = tuple(behind.get(_start(token), ()))
        if words and words[-1].comments and token.type in ("COMMA", "LESSTHAN"):
            comments = words[-1].comments + comments
            words[-1] = attrs.evolve(words[-1], comments=())
        if words and words[-1].kind == "COMMA" and token.type == "RPAR":
            kept = words.pop().comments
            words[-1] = attrs.evolve(words[-1], comments=kept)
        text = str(token) if token.type == "STRING" else " ".join(token.split())
        spaces = _spaces(tokens[number - 1], token, roles) if number else 0
        words.append(Word(token.type, text, spaces, _start(token) in roles.junctions, comments))
    return tuple(words)


def _spaces(before: Token, token: Token, roles: _Roles) -> int:
    """Say how many spaces are due between two tokens, columns apart."""
    tight = (
        token.type in ("COMMA", "COLON", "RPAR", "DOT")
        or before.type in ("LPAR", "DOT")
        or (before.type in ("PLUS", "MINUS") and _start(before) in roles.signs)
        or (token.type == "LPAR" and before.end_pos in roles.filters)
        or {before.type, token.type} == {"CLOCK", "MINUS"}
    )
    return 0 if tight else 1
