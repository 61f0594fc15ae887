"""Regular expressions for words and list entries, and patterns of RE2 in the words of other engines."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeAlias

from mqldsl.model.folding import Entry, Piece

# In ASCII text; for other text the bracket must name every word character.
ASCII_WORD: Final = "0-9A-Za-z_"
_SPECIAL = frozenset(r"\.+*?()|[]{}^$-&~#/")
Quote: TypeAlias = Callable[[str], str]


def word_pattern(needle: str, word: str = ASCII_WORD, quote: "Quote | None" = None) -> str:
    """Return the pattern that finds a needle with no word character beside it; `word` is what a bracket has for these."""
    return f"(?:^|[^{word}]){(quote or quoted)(needle)}(?:[^{word}]|$)"


def has_edges(entry: Entry) -> bool:
    """Say whether an entry asks for characters that are no word characters."""
    return any(piece.edge_before or piece.edge_after or piece.break_before for piece in entry.pieces)


def entry_pattern(entry: Entry, word: str = ASCII_WORD, quote: "Quote | None" = None) -> str:
    """Return the pattern that covers just the texts that an entry with a wildcard covers; `.` is any character."""
    outside = f"[^{word}]"
    parts = []
    previous: Piece | None = None
    for piece in entry.pieces:
        if previous is not None:
            parts.append(_gap_pattern(previous, piece, outside))
        elif entry.is_open_before:
            parts.append(f"(?:.*{outside})?" if piece.edge_before else ".*")
        parts.append((quote or quoted)(piece.literal))
        previous = piece
    if entry.is_open_after:
        parts.append(f"(?:{outside}.*)?" if previous is not None and previous.edge_after else ".*")
    return "".join(parts)


def _gap_pattern(left: Piece, right: Piece, outside: str) -> str:
    if left.edge_after and right.edge_before:
        return f"{outside}(?:.*{outside})?"
    if left.edge_after:
        return f"{outside}.*"
    if right.edge_before:
        return f".*{outside}"
    return f".*{outside}.*" if right.break_before else ".*"


def quoted(literal: str) -> str:
    """Return a pattern of RE2 that matches just a text."""
    return "".join(_quoted(character, "\\x{:02x}") for character in literal)


def quoted_by_four(literal: str) -> str:
    r"""Return the same for PostgreSQL and Java, where `\x` may take what follows for more digits."""
    return "".join(_quoted(character, "\\u{:04x}") for character in literal)


def _quoted(character: str, control: str) -> str:
    if character in _SPECIAL:
        return "\\" + character
    # Control characters would be hard to see, and a NUL cannot stand in a literal.
    return control.format(ord(character)) if character < " " or character == "\x7f" else character


# ------------------------------------------------------------------ patterns of RE2

Engine: TypeAlias = Literal["postgres", "java"]
# What is the same in all of them, on text without white space but single spaces.
_TOKENS: Final = re.compile(
    r"""
    (?P<escape>\\[dDwWsSbB]) | \\(?P<meant>[^0-9A-Za-z\s]) | (?P<class>\[\^?\]?[^\]\\\[]*(?:\\[^A-Za-z0-9][^\]\\\[]*)*\])
    | (?P<open>\((?:\?:)?(?!\?)) | (?P<sign>[)|^$.]) | (?P<repeat>[*+?]\??|\{\d{1,3}(?:,\d{0,3})?\}\??)
    | (?P<plain>[^\\\[\](){}|^$.*+?])
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_REPEATS: Final = 255
_EDGE: Final = r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))"
_NO_EDGE: Final = r"(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))"


# What RE2 takes for an `s`, whatever its case, and the others do not; in RE2, too, it is no word character.
LONG_S: Final = "\u017f"


def asks_for_words(pattern: str) -> bool:
    """Say whether a pattern tells word characters from others, so that a long s is not just an s to it."""
    return re.search(r"\\[wWbB]", pattern) is not None


def translated(pattern: str, engine: Engine) -> str | None:
    """Return a caseless pattern of RE2 for another engine, caseless in ASCII only; None where it may not mean the same.

    The text must be squeezed, and must not hold a long s; where no words are asked for, an s will do for it.
    """
    parts = list(_translated(pattern, engine))
    return None if None in parts else "".join(part for part in parts if part is not None)


def _translated(pattern: str, engine: Engine) -> Iterator[str | None]:
    place = 0
    previous = ""
    while place < len(pattern):
        found = _TOKENS.match(pattern, place)
        if found is None:
            yield None
            return
        place = found.end()
        kind = found.lastgroup or ""
        yield _token(kind, found[kind], previous, engine)
        previous = found[kind] if kind in ("sign", "open", "repeat") else "an atom"


def _token(kind: str, text: str, previous: str, engine: Engine) -> str | None:
    match kind:
        case "escape":
            return _escape(text, engine)
        case "meant":
            return "\\" + text if text.isascii() else _plain(text)
        case "class":
            return _bracket(text)
        case "open" | "sign":
            return r"\z" if text == "$" and engine == "java" else text
        case "repeat":
            return text if previous in ("an atom", ")", ".") and _is_short(text) else None
        case _:
            return _plain(text)


def _is_short(repeat: str) -> bool:
    return all(int(number) <= _MOST_REPEATS for number in re.findall(r"\d+", repeat))


def _escape(text: str, engine: Engine) -> str:
    if engine == "postgres":
        return {r"\b": r"\y", r"\B": r"\Y"}.get(text, text)
    return {r"\b": _EDGE, r"\B": _NO_EDGE}.get(text, text)


def _plain(text: str) -> str | None:
    if text.isascii():
        return quoted_by_four(text)
    # A letter with two cases is folded by each engine's own tables.
    return text if text.lower() == text.upper() == text and unicodedata.category(text)[0] != "M" else None


def _bracket(text: str) -> str | None:
    if (
        not text.isascii()
        or "&&" in text
        or "--" in text
        or "~~" in text
        or "||" in text
        or text.startswith(("[]", "[^]"))
    ):
        return None
    return text
