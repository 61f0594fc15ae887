"""What is wrong with rows of data: counted, kept aside, and written to a table that somebody can work through."""

from collections import Counter
from pathlib import Path

import attrs

from mqldsl.data.result import write_rows
from mqldsl.data.rows import ABSENT
from mqldsl.model.folding import whole_characters

KEPT = 100_000
_SHOWN_LENGTH = 200


@attrs.frozen
class Fault:
    """One fault of one row. Rows count from 1, the first below the column names.

    `column` is empty where the row as a whole is at fault; `value` is what stood there.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str


class Faults:
    """Collects faults: all are counted, the first `keep` are kept. `notes` says what is odd, but no fault of a row."""

    def __init__(self, keep: int = KEPT) -> None:
        self.kept: list[Fault] = []
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.notes: list[str] = []
        self._keep = keep
        self._broken_rows: set[tuple[str, int]] = set()

    @property
    def total(self) -> int:
        """How many faults there were, kept or not."""
        return self.counts.total()

    def add(self, fault: Fault) -> None:
        """Count a fault, by file, column and problem, and keep it while there is room."""
        self.counts[fault.file, fault.column, fault.problem] += 1
        if len(self.kept) < self._keep:
            self.kept.append(fault)

    @property
    def is_full(self) -> bool:
        """Whether no further fault is kept."""
        return len(self.kept) >= self._keep

    def count(self, file: str, column: str, problem: str, times: int) -> None:
        """Count faults that are alike, once no more are kept."""
        self.counts[file, column, problem] += times

    def add_broken_row(self, fault: Fault) -> None:
        """Add the fault of a row that could not be taken apart; once, however often its file is read."""
        if (fault.file, fault.row) not in self._broken_rows:
            self._broken_rows.add((fault.file, fault.row))
            self.add(fault)

    def take(self, others: "Faults") -> None:
        """Add what others collected."""
        self.kept.extend(others.kept[: max(0, self._keep - len(self.kept))])
        self.counts.update(others.counts)
        self.notes.extend(others.notes)

    def write(self, path: Path) -> None:
        """Write the faults that were kept as CSV, whole or not at all."""
        names = [field.name for field in attrs.fields(Fault)]
        write_rows(names, map(attrs.astuple, self.kept), path, "csv")


def shown(raw: object) -> str:
    """Return how a raw value is shown in a fault: its text, cut where it is long.

    >>> shown(None), shown("Q3")
    ('', 'Q3')
    """
    text = "" if raw is None or raw is ABSENT else whole_characters(str(raw))
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"
