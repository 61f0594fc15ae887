"""The types of fields, properties and expressions, and the values they hold.

A value is a `float` (number, money), a `str` (text, label), a `bool` (yes/no), a `date`,
an aware `datetime` in UTC (time) or a tuple of `str` (set, in the order received, no doubles).
"""

from datetime import date, datetime
from enum import Enum
from typing import Final, TypeAlias

import attrs

Value: TypeAlias = float | str | bool | date | datetime | tuple[str, ...]


class Blank(Enum):
    """The one value that says: asked for, and empty. What was never supplied is absent instead."""

    BLANK = "blank"


BLANK: Final = Blank.BLANK


@attrs.frozen
class Text:
    """Any text; compared folded."""


@attrs.frozen
class Number:
    """An IEEE double; `money` tells amounts from plain numbers."""

    money: bool = False


@attrs.frozen
class Date:
    """A calendar day."""


@attrs.frozen
class Time:
    """An instant."""


@attrs.frozen
class YesNo:
    """Yes or no."""


@attrs.frozen
class Labels:
    """One of a fixed list of labels, lowest first where they are `ordered`."""

    names: tuple[str, ...]
    ordered: bool = False


@attrs.frozen
class SetOf:
    """Any number of texts or labels."""

    of: Text | Labels


Type: TypeAlias = Text | Number | Date | Time | YesNo | Labels | SetOf
