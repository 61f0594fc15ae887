"""What rows are made of, whatever file they come from."""

from collections.abc import Sequence
from enum import Enum
from typing import Final, TypeAlias

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
