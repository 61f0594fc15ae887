"""What rows are made of, whatever file they come from."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

import attrs


class Absent(Enum):
    """What a row of JSON Lines has in place of a key that is not there: not supplied, which null is not."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

# In the order asked for. A cell is a text, or what JSON and Parquet have in its place.
Cells: TypeAlias = Sequence[object]


@attrs.frozen
class BrokenRow:
    """A row that could not be taken apart: its line, counted from 1 as an editor does, its text, and why."""

    line: int
    text: str
    problem: str


def plain_text(raw: object) -> str:
    """Return the text that a cell is compared by where exact text is asked for; nothing where it has none.

    >>> plain_text("Open "), plain_text(True), plain_text(21.0), plain_text(None)
    ('Open ', 'true', '21', '')
    """
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int):
        return str(raw)  # which may be too large for a double
    if isinstance(raw, float | Decimal):
        return str(int(raw)) if math.isfinite(raw) and raw == int(raw) else str(raw)
    if isinstance(raw, datetime):
        return raw.isoformat(" ")
    if isinstance(raw, UUID):
        return str(raw)
    return raw.isoformat() if isinstance(raw, date) else ""
