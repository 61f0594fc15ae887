"""Keys: the text by which leads and companies are told apart, from one column or from several together.

Of several columns the parts are joined by `|`. In a part `%` is `%25` and `|` is `%7C`, as addresses of the web write
them, so no two keys are the same text, and each part can be had again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.rows import ABSENT, Absent, Cells
from mqldsl.model.folding import WHITE_SPACE, is_blank_text, whole_characters
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.types import Text

BETWEEN: Final = "|"
# What stands in a part for a sign that would be mistaken, in the order in which they are exchanged.
INSTEAD: Final = (("%", "%25"), (BETWEEN, "%7C"))

# To read text, neither a zone nor a currency is needed.
_AS_TEXT = Reading(ZoneInfo("UTC"))


@attrs.frozen
class Key:
    """Several columns, at least two, that make a key together."""

    columns: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.columns)


# Where a key stands: in a column, or in several.
KeyColumn: TypeAlias = str | Key


def columns_in(column: KeyColumn) -> tuple[str, ...]:
    """Return the columns of a table that have to be there."""
    return column.columns if isinstance(column, Key) else (column,)


def is_among(column: KeyColumn | None, columns: Collection[str]) -> bool:
    """Say whether a table with these columns has a key, all of it."""
    return column is not None and all(each in columns for each in columns_in(column))


def owner_id(raw: object) -> str:
    """Return the id of a lead that stands in a cell, without spaces at its ends; empty where there is none.

    >>> owner_id(" L01 "), owner_id(17850.0), owner_id(None)
    ('L01', '17850', '')
    """
    text = text_of(raw)
    return "" if text is None else text.strip(WHITE_SPACE)


def what_is_no_id(raw: object, nothing: str) -> str:
    """Say what is wrong with a cell that holds no id; `nothing` says that it is blank.

    >>> what_is_no_id(b"17", "the lead has no id"), what_is_no_id(" ", "the lead has no id")
    ('is no id: a text or a whole number is needed', 'the lead has no id')
    """
    told = read(None if raw is ABSENT else raw, Text(), _AS_TEXT)
    return "is no id: a text or a whole number is needed" if isinstance(told, Unreadable) else nothing


def text_of(raw: object) -> str | None:
    """Return what stands in a cell as text, exactly; None where nothing does, or no text could.

    >>> text_of(" a "), text_of(17850.0), text_of("  ")
    (' a ', '17850', None)
    """
    if isinstance(raw, str):
        # The quick way first: millions of events have an id, and nearly all of them pass here.
        if raw.isascii() and raw and not raw.isspace():
            return raw
        return None if is_blank_text(raw) else whole_characters(raw)
    text = read(raw, Text(), _AS_TEXT)
    return text if isinstance(text, str) else None


def joined(cells: Iterable[object]) -> str | Absent | None:
    """Return the key whose parts stand in cells: None where a part is missing, absent where its cell is.

    >>> joined(["north ", 17.0]), joined(["a|b", "100%"]), joined(["north", ""])
    ('north|17', 'a%7Cb|100%25', None)
    """
    parts = []
    for cell in cells:
        if cell is ABSENT:
            return ABSENT
        part = owner_id(cell)
        if not part:
            return None
        for sign, instead in INSTEAD:
            part = part.replace(sign, instead)
        parts.append(part)
    return BETWEEN.join(parts)


def taken_apart(wanted: Sequence[KeyColumn]) -> tuple[list[str], Callable[[Cells], Cells] | None]:
    """Return the columns of a table in which all that is wanted stands, and what makes this of a row of them.

    That is None where each is a column by itself.
    """
    plain = [column for column in wanted if isinstance(column, str)]
    if len(plain) == len(wanted):
        return plain, None
    columns = list(dict.fromkeys(each for column in wanted for each in columns_in(column)))
    places = [[columns.index(each) for each in columns_in(column)] for column in wanted]
    whole = [isinstance(column, str) for column in wanted]

    def made(cells: Cells) -> Cells:
        return [
            cells[at[0]] if is_whole else joined(cells[place] for place in at)
            for at, is_whole in zip(places, whole)
        ]

    return columns, made
