"""The formatter: the same words, comments and meaning, in the one form that we agreed on.

It sets indentation, columns, line breaks and blank lines. How numbers, durations and names are spelt,
and brackets that could be left out, are the author's. What it sets depends on the words alone, and on
where the author left a line blank, so formatting twice is formatting once.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise, zip_longest
from typing import TypeAlias

import attrs

from mqldsl.source.text import Source
from mqldsl.syntax.from_text import parse
from mqldsl.syntax.logical_lines import Block, Entry, Line, Remark, Word, blocks

LONGEST = 100  # columns; what follows `#` does not count
STEP = 2
# What is wider does not widen its column: one long label would push the types of all fields away.
WIDEST_IN_COLUMN = 60
_MAY_STAND_BELOW = ("CLAUSE", "VALUE", "LIST", "EVENT", "PROMISE")


def to_text(source: Source) -> str:
    """Return the text of `source` in its one form: parsed again it is the same, formatted again too.

    The text must have no errors, else a ValueError says so: what cannot be read cannot be set.

    >>> print(to_text(Source("a.mql", "clause a:x>=50k   and not  y# why")), end="")
    clause a: x >= 50k and not y  # why
    """
    if errors := [finding for finding in parse(source)[1] if finding.is_error]:
        raise ValueError(
            f"{source.name} has faults, so it cannot be formatted; the first: {errors[0].message}"
        )
    shown: list[str] = []
    for block in map(_with_body_below, blocks(source.text)):
        for entry in (*block.before, *_in_columns(block.entries)):
            if shown and entry.after_blank:
                shown.append("")
            shown += _shown(entry)
    return "".join(f"{row}\n" for row in shown)


def _with_body_below(block: Block) -> Block:
    """Put the body of a one-line declaration that is too long on a line of its own, before brackets are divided."""
    match block.entries:
        case [Line(words=words) as line] if _kind(line) in _MAY_STAND_BELOW:
            pass
        case _:
            return block
    colon = next((number for number, word in enumerate(words) if word.kind == "COLON"), len(words) - 1)
    if (
        _width(words) <= LONGEST
        or any(word.comments for word in words[: colon + 1])
        or colon == len(words) - 1
    ):
        return block
    head, body = words[: colon + 1], words[colon + 1 :]
    kept = next((number for number, word in enumerate(body) if word.kind == "KEPT_FOR"), len(body))
    # Below, `kept for` stands on a line of its own, without the comma before it.
    bodies = [body] if kept == len(body) else [body[: kept - 1], body[kept:]]
    if any(word.comments for word in body[kept - 1 : kept]) and len(bodies) > 1:
        return block
    below = (Line(line.depth + 1, _spaced(each, 0, 0), after_blank=False) for each in bodies)
    return attrs.evolve(block, entries=(attrs.evolve(line, words=head), *below))


def _kind(line: Line) -> str:
    """Return what a first line declares; events and records of all sorts are one kind, so are fields."""
    match [word.kind for word in line.words[:2]]:
        case ["LEAD" | "ACCOUNT", "COLON"]:
            return "FIELDS"
        case ["EVENT" | "RECORD" | "ACCOUNT", *_]:
            return "EVENT"
        case [kind, *_]:
            return kind
        case _:
            return ""


def _shown(entry: Entry) -> list[str]:
    match entry:
        case Line():
            return _rows_of(entry)
        case Remark(depth, text):
            return [" " * (STEP * depth) + text]


# ------------------------------------------------------------------ columns


def _in_columns(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries of a declaration with the spaces that make its columns; comments do not divide them."""
    if not entries or not isinstance(entries[0], Line):
        return entries
    match _kind(entries[0]):
        case "FIELDS":
            return _aligned(entries, _type_of_field, may_be_ragged=True)
        case "DECIDE":
            return _aligned(entries, _when_of_row, may_be_ragged=False)
        case "MATRIX" | "TABLE":
            return _tabulated(entries)
        case _:
            return entries


def _type_of_field(words: Sequence[Word]) -> int:
    return next(number for number, word in enumerate(words) if word.kind == "COLON") + 1


def _when_of_row(words: Sequence[Word]) -> int:
    return 1 if len(words) > 1 and words[1].kind == "WHEN" else 0


def _aligned(
    entries: Sequence[Entry], column: Callable[[Sequence[Word]], int], *, may_be_ragged: bool
) -> Sequence[Entry]:
    """Align the words whose numbers `column` says, 0 for none; a line may stay ragged, else too long."""
    rows = {
        place: entry for place, entry in enumerate(entries) if isinstance(entry, Line) and entry.depth == 1
    }
    starts = {place: start for place, line in rows.items() if (start := column(line.words))}
    heads = {place: _width(rows[place].words[:start]) for place, start in starts.items()}
    widest = max((head for head in heads.values() if head <= WIDEST_IN_COLUMN), default=0)
    aligned = list(entries)
    for place, start in starts.items():
        words = rows[place].words
        padding = max(widest - heads[place], 0)
        if may_be_ragged and 0 <= LONGEST - STEP - _width(words) < padding:
            padding = 0
        aligned[place] = attrs.evolve(rows[place], words=_spaced(words, start, 1 + padding))
    return aligned


def _tabulated(entries: Sequence[Entry]) -> Sequence[Entry]:
    rows = {
        number: _cells(entry.words)
        for number, entry in enumerate(entries)
        if isinstance(entry, Line) and entry.words[0].kind == "VBAR"
    }
    columns = zip_longest(*([_width(cell) for cell in cells] for cells in rows.values()), fillvalue=0)
    widths = [max((width for width in column if width <= WIDEST_IN_COLUMN), default=0) for column in columns]
    tabulated = list(entries)
    for number, cells in rows.items():
        line = entries[number]
        assert isinstance(line, Line)
        bars = iter([word for word in line.words if word.kind == "VBAR"])
        words = [next(bars)]
        for cell, width in zip(cells, widths, strict=False):
            words += _spaced(cell, 0, 1)
            padding = max(width - _width(cell), 0) + (1 if cell else 2)
            words.append(attrs.evolve(next(bars), spaces=padding))
        tabulated[number] = attrs.evolve(line, words=tuple(words))
    return tabulated


def _cells(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    bars = [number for number, word in enumerate(words) if word.kind == "VBAR"]
    return [tuple(words[left + 1 : right]) for left, right in pairwise(bars)]


def _spaced(words: Sequence[Word], number: int, spaces: int) -> tuple[Word, ...]:
    return tuple(
        attrs.evolve(word, spaces=spaces) if place == number else word for place, word in enumerate(words)
    )


def _width(words: Sequence[Word]) -> int:
    """Return how many columns the words take in one row."""
    return sum(word.spaces + _columns(word.text) for word in words) - (words[0].spaces if words else 0)


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


# ------------------------------------------------------------------ line breaks


@attrs.frozen
class _Measured:
    """A line with what is asked of it again and again: counts run up to each word, brackets know their other half."""

    words: tuple[Word, ...]
    widths: tuple[int, ...]
    comments: tuple[int, ...]
    closing: dict[int, int]  # of each opening bracket
    divisible: frozenset[int]  # opening brackets with something to put on lines of its own


@attrs.frozen
class _Piece:
    """Some words of a line, the indentation they get, and what to try if they do not fit."""

    start: int
    end: int
    indent: int
    divide: "_Divide"


_Divide: TypeAlias = "Callable[[_Measured, _Piece], list[_Piece]]"


def _rows_of(line: Line) -> list[str]:
    """Return a line in as few rows as it may have: one if it fits and has no comment inside."""
    measured = _measured(line.words)
    waiting = [_Piece(0, len(line.words), STEP * line.depth, _at_words)]
    pieces: list[_Piece] = []
    while waiting:
        piece = waiting.pop()
        parts = [] if _fits(measured, piece) else piece.divide(measured, piece)
        waiting += reversed(parts)
        if not parts:
            pieces.append(piece)
    return list(_with_comments(line.words, pieces))


def _with_comments(words: Sequence[Word], pieces: Sequence[_Piece]) -> Iterator[str]:
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        row = "".join(" " * word.spaces + word.text for word in words[piece.start : piece.end]).lstrip(" ")
        comments = list(words[piece.end - 1].comments)
        behind = f"  {comments.pop(0).text}" if comments and not comments[0].alone else ""
        yield " " * piece.indent + row + behind
        indent = piece.indent
        if after is not None:
            indent = after.indent + (STEP if words[after.start].kind == "RPAR" else 0)
        for comment in comments:
            yield " " * indent + comment.text


def _measured(words: tuple[Word, ...]) -> _Measured:
    widths, comments = [0], [0]
    closing, divisible, opened = dict[int, int](), set[int](), list[int]()
    for number, word in enumerate(words):
        widths.append(widths[-1] + word.spaces + _columns(word.text))
        comments.append(comments[-1] + len(word.comments))
        if word.kind == "RPAR":
            start = opened.pop()
            closing[start] = number
            if start in divisible or comments[number] > comments[start]:
                divisible.add(start)
                divisible.update(opened[-1:])
        elif opened and (word.joins or word.kind in ("COMMA", "LESSTHAN")):
            divisible.add(opened[-1])
        if word.kind == "LPAR":
            opened.append(number)
    return _Measured(words, tuple(widths), tuple(comments), closing, frozenset(divisible))


def _fits(line: _Measured, piece: _Piece) -> bool:
    start, end = piece.start, piece.end
    has_comment_inside = line.comments[end - 1] > line.comments[start]
    width = line.widths[end] - line.widths[start] - line.words[start].spaces
    return not has_comment_inside and piece.indent + width <= LONGEST


def _outside_brackets(line: _Measured, start: int, end: int) -> Iterator[int]:
    """Yield the numbers of the words from `start` to `end`, without what is inside brackets."""
    number = start
    while number < end:
        yield number
        number = line.closing.get(number, number + 1)


def _at_words(line: _Measured, piece: _Piece) -> list[_Piece]:
    """Divide before each `and` and `or`, and behind what has a comment."""
    cuts = {piece.start, piece.end}
    for number in _outside_brackets(line, piece.start, piece.end):
        if line.words[number].joins:
            cuts.add(number)
        if line.words[number].comments and line.words[number].kind != "LPAR":
            cuts.add(number + 1)
    return [
        _Piece(start, end, piece.indent + (2 * STEP if start > piece.start else 0), _at_brackets)
        for start, end in pairwise(sorted(cuts))
    ]


def _at_brackets(line: _Measured, piece: _Piece, *, every: bool = False) -> list[_Piece]:
    """Divide in brackets that hold a comment, else in the widest, and if need be in every one."""
    outside = _outside_brackets(line, piece.start, piece.end)
    # The bracket that ends a piece has been divided already.
    brackets = [number for number in outside if number in line.divisible and number + 1 < piece.end]
    chosen = [number for number in brackets if line.comments[line.closing[number]] > line.comments[number]]
    if every:
        chosen = brackets
    elif brackets and not chosen:
        chosen = [max(brackets, key=lambda number: line.widths[line.closing[number]] - line.widths[number])]
    around = _as_it_is if every else partial(_at_brackets, every=True)
    pieces: list[_Piece] = []
    start, indent = piece.start, piece.indent
    # What closes stands under the first word of a bullet, not under its dash.
    inner = indent + (STEP if start == 0 and _is_bullet(line.words) else 0)
    for number in chosen:
        end = line.closing[number]
        pieces.append(_Piece(start, number + 1, indent, around))
        pieces += _items(line, number + 1, end, inner + STEP)
        start, indent = end, inner
    return [*pieces, _Piece(start, piece.end, indent, around)] if chosen else []


def _is_bullet(words: Sequence[Word]) -> bool:
    return len(words) > 1 and words[0].kind == "MINUS" and words[1].spaces > 0


def _items(line: _Measured, start: int, end: int, indent: int) -> Iterator[_Piece]:
    """Yield what is in brackets, divided behind each comma or each `<` of labels, else before each `and`."""
    inside = list(_outside_brackets(line, start, end))
    cuts = [number + 1 for number in inside if line.words[number].kind in ("COMMA", "LESSTHAN")]
    cuts = cuts or [number for number in inside if line.words[number].joins]
    stretches = [(first, last) for first, last in pairwise([start, *cuts, end]) if first < last]
    if all(last - first <= 2 and line.comments[last] == line.comments[first] for first, last in stretches):
        stretches = _filled(line, stretches, LONGEST - indent)
    for first, last in stretches:
        yield _Piece(first, last, indent, _at_words)


def _filled(line: _Measured, stretches: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Put plain names and values side by side, as many as fit in a row."""
    filled: list[tuple[int, int]] = []
    for first, last in stretches:
        start = filled[-1][0] if filled else first
        width = line.widths[last] - line.widths[start] - line.words[start].spaces
        if filled and width <= most:
            filled[-1] = (start, last)
        else:
            filled.append((first, last))
    return filled


def _as_it_is(_line: _Measured, _piece: _Piece) -> list[_Piece]:
    """Divide no further: nothing here can stand on a line of its own."""
    return []
