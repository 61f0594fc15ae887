"""Text as it is compared: folded, searched for words, and matched against list entries and patterns.

This is rule 6 of the language. Every function is total: any `str` goes in, also one with lone surrogates
(halves of a character, which no file can hold); these count as U+FFFD.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import attrs
import re2

# The 25 characters with the Unicode property White_Space. Python's own `\s` and `str.split` are no help:
# they take U+001C to U+001F for space as well.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


_SPACES = re.compile(f"[{WHITE_SPACE}]+")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

_CAPITAL_SIGMA, _SMALL_SIGMA, _DOTTED_I = "\u03a3", "\u03c3", "\u0130"

# Titles, industries, sources come again and again; letters and notes do not, and would fill the memory.
_REMEMBERED_LENGTH = 256
_REMEMBERED = 16_384


def fold(text: str) -> str:
    r"""Return `text` as comparisons see it: composed, lower case, each run of white space one space.

    A character is lower-cased on its own, and only where that gives one character, so `İ` stays and a
    sigma never depends on its neighbours. Fold once: on a few texts (`H` with a line below) a second
    time would compose what the first has lower-cased.

    >>> fold("  VP\tof   SALES ")
    'vp of sales'
    """
    return _folded_short(text) if len(text) <= _REMEMBERED_LENGTH else _folded(text)


def squeeze(text: str) -> str:
    r"""Return `text` folded except for its case: what `matches` looks at.

    >>> squeeze("  VP\tof   SALES ")
    'VP of SALES'
    """
    return _one_space(text if text.isascii() else _composed(text))


def whole_characters(text: str) -> str:
    """Return `text` with each lone surrogate replaced by U+FFFD, so that it can be written as UTF-8."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)


def is_blank_text(text: str) -> bool:
    """Say whether `text` is empty or nothing but white space."""
    return not text.strip(WHITE_SPACE)


def is_word_character(character: str) -> bool:
    """Say whether `character` is a letter, a mark, a decimal digit or `_`."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character == "_"


def mentions(text: str, needle: str) -> bool:
    """Say whether `needle` occurs in `text` with no word character directly before or after it.

    Both are folded. Every occurrence counts, also one that overlaps another; an empty needle never occurs.

    >>> mentions("head of it", "it"), mentions("head of items", "it")
    (True, False)
    """
    return _find(text, Piece(needle, edge_before=True, edge_after=True), 0, len(text)) >= 0


@attrs.frozen
class Piece:
    """A stretch of a wildcard entry that holds no wildcard, and what must stand around it in a text.

    An edge is the end of the text or a non-word character. A break is a non-word character anywhere
    between this piece and the one before it.
    """

    literal: str
    edge_before: bool = False
    edge_after: bool = False
    break_before: bool = False


@attrs.frozen
class Entry:
    r"""An entry of a list, ready to be compared; made by `list_entry`, which tells what it matches.

    Without a wildcard `folded` is the one folded text that the entry matches (its `\*` are stars), so a
    set of these answers for a long list. With a wildcard it is the entry as written, folded.
    """

    text: str
    folded: str
    has_wildcard: bool
    pieces: tuple[Piece, ...] = ()
    is_open_before: bool = False
    is_open_after: bool = False


def list_entry(text: str) -> Entry:
    r"""Return the list entry that `text` stands for: each `*` is a wildcard, each `\*` a star.

    The entry is folded first, so spaces at its ends do not count. A backslash before anything but `*` is
    itself. An entry without a wildcard matches the equal folded text. With one it must cover all of a
    folded text; write NW for a non-word character and `...` for any text, also none:

    - `VP*` is `vp...`, `*vp*` is `...vp...`, `a*b` is `a...b`: no space, no edge.
    - `Head of *` is `head of`, or `head of` NW `...`; `* Manager` is mirrored.
    - `* of *` is both at once: `of` as a word, anywhere.
    - `Chief * Officer` is `chief` NW `officer`, or `chief` NW `...` NW `officer`.
    - `a *b` is `a` NW `...` `b`, and `a* b` is `a` `...` NW `b`: between two pieces an edge is always a character.
    - Stars side by side are one star, and so are stars with spaces between them, but a space is still an
      edge: `a* *b` is `a...` NW `...b`; `a * * b` says no more than `a * b`, and `VP* *` no more than `VP*`,
      because the end of the text is an edge, too.
    - `*`, `* *` match every text.
    """
    folded = fold(text)
    literals, gaps = _taken_apart(folded)
    if not gaps:
        return Entry(text, literals[0], has_wildcard=False)
    return Entry(
        text,
        folded,
        has_wildcard=True,
        pieces=tuple(_pieces(literals, gaps)),
        is_open_before=not literals[0],
        is_open_after=not literals[-1],
    )


def matches_entry(entry: Entry, folded_text: str) -> bool:
    """Say whether `entry` covers the whole of `folded_text`.

    Each piece is put at the first place that fits, and never moved again: what stands between two pieces
    may always be longer, so an earlier place never spoils a later piece.
    """
    if not entry.has_wildcard:
        return folded_text == entry.folded
    covered = 0
    for number, piece in enumerate(entry.pieces):
        start = _behind_break(folded_text, covered) if piece.break_before else covered
        end = len(folded_text)
        if number == 0 and not entry.is_open_before:
            end = len(piece.literal)
        if number == len(entry.pieces) - 1 and not entry.is_open_after:
            start = max(start, end - len(piece.literal))
        place = _find(folded_text, piece, start, end)
        if place < 0:
            return False
        covered = place + len(piece.literal)
    return True


class Pattern(Protocol):
    """A compiled regular expression, as `compile_regex` gives it."""

    def search(self, text: bytes) -> object | None:
        """Return the first match in UTF-8 text, or None."""


def compile_regex(pattern: str) -> Pattern:
    """Return the caseless RE2 expression for `pattern`, put in NFC as the texts are.

    A pattern that RE2 refuses is a ValueError that says in plain words what is wrong with it.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # otherwise RE2 writes to the error output of the program
    try:
        compiled: Pattern = re2.compile(_composed(pattern), options)
    except re2.error as refused:
        raise ValueError(_in_plain_words(refused.args[0])) from None
    return compiled


def regex_found(compiled: Pattern, text: str) -> bool:
    """Say whether `compiled` matches anywhere in `text`, which is squeezed first."""
    return compiled.search(squeeze(text).encode()) is not None


def _folded(text: str) -> str:
    if text.isascii():
        return _one_space(text.lower())
    # `str.lower` does the same, but for two characters: it makes two of a dotted capital I, and makes a
    # final sigma of a capital one at the end of a word.
    parts = _composed(text).replace(_CAPITAL_SIGMA, _SMALL_SIGMA).split(_DOTTED_I)
    return _one_space(_DOTTED_I.join(part.lower() for part in parts))


_folded_short = lru_cache(maxsize=_REMEMBERED)(_folded)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", whole_characters(text))


def _one_space(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


def _find(text: str, piece: Piece, start: int, end: int) -> int:
    """Return the first place in `text[start:end]` where `piece` stands between the edges it asks for, or -1."""
    length = len(piece.literal)
    if not length:
        return -1
    place = text.find(piece.literal, start, end)
    while place >= 0:
        before, after = place - 1, place + length
        opens = not piece.edge_before or before < 0 or not is_word_character(text[before])
        closes = not piece.edge_after or after == len(text) or not is_word_character(text[after])
        if opens and closes:
            return place
        place = text.find(piece.literal, place + 1, end)
    return -1


def _behind_break(text: str, start: int) -> int:
    """Return the place behind the first non-word character from `start` on, or one behind the text."""
    for place in range(start, len(text)):
        if not is_word_character(text[place]):
            return place + 1
    return len(text) + 1


# A star that is meant, a run of stars with the spaces beside them, or any other character.
_PARTS = re.compile(r"\\(?P<star>\*)|(?P<gap> ?\*[ *]*)|(?P<other>.)", re.DOTALL)


def _taken_apart(folded: str) -> tuple[list[str], list[str]]:
    """Return the literal stretches of an entry, the outer ones perhaps empty, and the gaps between them."""
    literals, gaps = [""], []
    for part in _PARTS.finditer(folded):
        if gap := part["gap"]:
            gaps.append(gap)
            literals.append("")
        else:
            literals[-1] += part["star"] or part["other"]
    return literals, gaps


def _pieces(literals: list[str], gaps: list[str]) -> Iterator[Piece]:
    for number, literal in enumerate(literals):
        if not literal:
            continue  # the entry starts or ends with a wildcard
        gap_before = gaps[number - 1] if number else ""
        gap_after = gaps[number] if number < len(gaps) else ""
        yield Piece(
            literal,
            edge_before=gap_before.endswith(" "),
            edge_after=gap_after.startswith(" "),
            break_before=" " in gap_before and literals[number - 1] != "",
        )


# How RE2 begins its messages, and what we say instead; `{}` is the piece of the pattern that RE2 names.
_PLAIN_WORDS = {
    "missing ]": "a `[` is never closed in `{}`",
    "missing )": "a `(` is never closed in `{}`",
    "unexpected )": "a `)` closes nothing in `{}`",
    "no argument for repetition operator": "there is nothing to repeat before `{}`",
    "bad repetition operator": "the signs of repetition `{}` cannot stand side by side",
    "invalid repetition size": "a repetition goes from a smaller to a larger number, up to 1000 in all, not `{}`",
    "trailing \\": "the `\\` at the end escapes nothing",
    "invalid escape sequence": "there is no escape `{}`",
    "invalid perl operator": "a group cannot start with `{}`: looking ahead or behind is not possible",
    "invalid character class": "`{}` is not a class or range of characters",
    "invalid named capture group": "`{}` does not name a group",
    "pattern too large": "the pattern is too large",
}


def _in_plain_words(message: bytes) -> str:
    said = message.decode(errors="replace")
    _, _, piece = said.partition(": ")
    for start, words in _PLAIN_WORDS.items():
        if said.startswith(start):
            return words.replace("{}", piece)
    return said
