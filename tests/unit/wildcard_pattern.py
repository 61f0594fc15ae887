"""Wildcard entries as RE2 patterns: another way to say what they cover, to hold the matcher to."""

import re2

from mqldsl.model.folding import Entry, Piece

# What the regular expressions of RE2 and of databases call a character that is not a word character.
NON_WORD = r"[^\p{L}\p{M}\p{Nd}_]"


def entry_pattern(entry: Entry) -> str:
    """Return the RE2 pattern that covers exactly the folded texts that `entry` covers.

    It is for databases, whose engines are RE2 or know its syntax, and must cover the whole text.
    `matches_entry` does without: a thousand patterns with Unicode classes take a lot of memory.
    """
    if not entry.has_wildcard:
        return _quoted(entry.folded)
    parts = []
    previous: Piece | None = None
    for piece in entry.pieces:
        if previous is not None:
            parts.append(_gap_pattern(previous, piece))
        elif entry.is_open_before:
            parts.append(f"(?:.*{NON_WORD})?" if piece.edge_before else ".*")
        parts.append(_quoted(piece.literal))
        previous = piece
    if entry.is_open_after:
        parts.append(f"(?:{NON_WORD}.*)?" if previous is not None and previous.edge_after else ".*")
    return "(?s)" + "".join(parts)


def _gap_pattern(left: Piece, right: Piece) -> str:
    if left.edge_after and right.edge_before:
        return f"{NON_WORD}(?:.*{NON_WORD})?"
    if left.edge_after:
        return f"{NON_WORD}.*"
    if right.edge_before:
        return f".*{NON_WORD}"
    return f".*{NON_WORD}.*" if right.break_before else ".*"


def _quoted(literal: str) -> str:
    quoted: str = re2.escape(literal)
    return quoted
