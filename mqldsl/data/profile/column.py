"""What stands in the column of a field: how much is missing and why, the range, the most frequent values."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import Literal, TypeAlias

import attrs

from mqldsl.data.bound_rows import Rows
from mqldsl.data.cells import reader
from mqldsl.data.faults import shown
from mqldsl.data.names import column_of
from mqldsl.data.rows import ABSENT, plain_text
from mqldsl.model import ir
from mqldsl.model.field_reading import Read
from mqldsl.model.folding import is_blank_text
from mqldsl.model.reading import Reading
from mqldsl.model.types import BLANK, Labels, SetOf, Value
from mqldsl.source.nearest import nearest

MOST_DISTINCT = 10_000
SAMPLE = 10_000
_SHOWN = 5
_QUANTILES = (0.25, 0.5, 0.75)

Why: TypeAlias = Literal["empty", "placeholder", "unreadable", "no key"]
# What has an order and a range.
Measured: TypeAlias = float | date


@attrs.frozen
class Frequent:
    """Values with how often each stands there; `others` says how often all others do."""

    values: tuple[tuple[str, int], ...]
    others: int


@attrs.frozen
class OutOfList:
    """A text that is none of a field's labels, and the label that may be meant."""

    text: str
    count: int
    nearest: str | None


class ColumnProfile:
    """Counts the cells of one field. Memory is bounded: so many different values, and a sample for the quantiles."""

    def __init__(self, field: ir.Field, rows: Rows, context: Reading) -> None:
        self.field = field
        column = column_of(field, rows)
        self.column = column.name or field.name
        self._read: Read = reader(field, column, context)
        self.rows = 0
        self.missing: Counter[Why] = Counter()
        self._values: Counter[str] = Counter()
        self._others = 0
        self._odd: Counter[str] = Counter()
        self.odd_others = 0
        self.least: Measured | None = None
        self.most: Measured | None = None
        self._sample: list[Measured] = []
        self._measured = 0
        # Of its own, and always the same: two runs show the same.
        self._random = Random(0)  # noqa: S311 # no secret

    def add(self, raw: object) -> None:
        """Count a cell."""
        self.rows += 1
        if raw is ABSENT:
            self.missing["no key"] += 1
            return
        value, problem = self._read(raw)
        if problem.startswith("is not "):
            self.missing["unreadable"] += value is BLANK
            self._count_odd(shown(raw))
        if value is BLANK:
            if not problem.startswith("is not "):
                self.missing["empty" if _is_empty(raw) else "placeholder"] += 1
            return
        self._count(value)

    def _count_odd(self, text: str) -> None:
        if text in self._odd or len(self._odd) < MOST_DISTINCT:
            self._odd[text] += 1
        else:
            self.odd_others += 1

    def _count(self, value: object) -> None:
        if isinstance(value, tuple):
            for member in value:
                self._count_text(member)
        elif isinstance(value, bool):
            self._count_text("yes" if value else "no")
        elif isinstance(value, float | date):
            self._measure(value)
        else:
            self._count_text(str(value))

    def _count_text(self, text: str) -> None:
        if text in self._values or len(self._values) < MOST_DISTINCT:
            self._values[text] += 1
        else:
            self._others += 1

    def _measure(self, value: Measured) -> None:
        self._count_text(_measured_text(value))
        self.least = value if self.least is None or value < self.least else self.least  # type: ignore[operator] # of one type
        self.most = value if self.most is None or value > self.most else self.most  # type: ignore[operator] # of one type
        self._measured += 1
        if len(self._sample) < SAMPLE:
            self._sample.append(value)
        elif (place := self._random.randrange(self._measured)) < SAMPLE:
            self._sample[place] = value

    @property
    def is_whole(self) -> bool:
        """Whether the quantiles are of all values, not of a sample of them."""
        return self._measured <= SAMPLE

    def quantiles(self) -> tuple[Measured, ...]:
        """Return the values that a quarter, a half and three quarters do not exceed; none where there is no order."""
        ordered = sorted(self._sample)
        return tuple(ordered[int(share * (len(ordered) - 1))] for share in _QUANTILES) if ordered else ()

    def frequent(self) -> Frequent:
        """Return the most frequent values; none where each comes once."""
        top = self._values.most_common(_SHOWN)
        if not top or (top[0][1] == 1 and len(self._values) > _SHOWN):
            top = []
        others = self._values.total() + self._others - sum(count for _, count in top)
        return Frequent(tuple(top), others)

    @property
    def different(self) -> int:
        """How many different values there are, as far as they are counted."""
        return len(self._values)

    def odd(self) -> Iterator[OutOfList]:
        """Yield what cannot be read, the most frequent first; of labels with the nearest one."""
        kind = self.field.type
        names = kind.of if isinstance(kind, SetOf) else kind
        for text, count in self._odd.most_common(_SHOWN):
            near = nearest(text, names.names) if isinstance(names, Labels) else None
            yield OutOfList(text, count, near)


def _is_empty(raw: object) -> bool:
    return (is_blank_text(raw) if isinstance(raw, str) else plain_text(raw) in ("", "nan")) or raw is None


def _measured_text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else f"{value:,.10g}"
