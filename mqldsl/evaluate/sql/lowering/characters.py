"""Tables of characters, as Python has them: for databases whose own depend on their settings."""

import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from mqldsl.model.folding import WHITE_SPACE, is_word_character

# Lone halves of characters are in no database's text.
_SURROGATES = range(0xD800, 0xE000)
# White space in regular expressions of DuckDB, PostgreSQL and Java; U+001C to U+001F are none.
SPACE = " "


def _all() -> Iterator[str]:
    return (chr(point) for point in range(1, sys.maxunicode + 1) if point not in _SURROGATES)


@cache
def lower_case() -> tuple[str, str]:
    """Return the characters beyond ASCII whose lower case is one other character, and these."""
    upper = [
        each for each in _all() if not each.isascii() and len(each.lower()) == 1 and each.lower() != each
    ]
    return "".join(upper), "".join(each.lower() for each in upper)


@cache
def white_space() -> tuple[str, str]:
    """Return the white space other than a space, and as many spaces."""
    others = WHITE_SPACE.replace(SPACE, "")
    return others, SPACE * len(others)


@cache
def not_surely_composed() -> str:
    """Return what a regular expression has between brackets for characters that NFC may change or join."""
    return ranges(_may_change)


def _may_change(each: str) -> bool:
    # A character that is changed on its own, or joined to one before it, or put in another order.
    return (
        unicodedata.normalize("NFC", each) != each
        or unicodedata.combining(each) != 0
        or each in _joined_to_what_is_before()
    )


@cache
def _joined_to_what_is_before() -> frozenset[str]:
    found: set[str] = set()
    for each in _all():
        parts = unicodedata.decomposition(each)
        if (
            parts
            and not parts.startswith("<")
            and " " in parts
            and unicodedata.normalize("NFC", each) == each
        ):
            found.update(chr(int(part, 16)) for part in parts.split()[1:])
    # Hangul vowels and final consonants.
    found.update(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))
    return frozenset(found)


@cache
def word_characters() -> str:
    """Return what a regular expression has between brackets for all word characters."""
    return ranges(is_word_character)


def ranges(belongs: Callable[[str], bool]) -> str:
    """Return the characters that belong as ranges for a bracket; none of them has a meaning there."""
    pieces = []
    first = last = ""
    for each in _all():
        if not belongs(each):
            continue
        if last and ord(each) == ord(last) + 1:
            last = each
            continue
        if last:
            pieces.append(_range(first, last))
        first = last = each
    pieces.append(_range(first, last))
    return "".join(pieces)


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}{last}" if ord(last) == ord(first) + 1 else f"{first}-{last}"
