"""Lists and tables that stand in files of their own, and local times in the definition's zone."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime

from mqldsl.model import ir
from mqldsl.model.calendar import at_local, midnight
from mqldsl.model.namespace import Entry
from mqldsl.model.reading import Reading, Unreadable, read
from mqldsl.model.resolver import in_words
from mqldsl.model.schema import Schema
from mqldsl.model.types import Blank, Type, Value
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

# What a table or a list in a file of its own says: `(declared name, path)` to text, or why it cannot be read.
Companions = Mapping[tuple[str, str], str | OSError]


class Files(Schema):
    """Reads what was found in further files, and local times."""

    _companions: Companions
    _file_tables: dict[str, ir.Table]

    def instant(self, local: datetime) -> datetime:
        """Return the instant of a local time in the definition's zone."""
        return at_local(local, self.zone)

    def midnight(self, day: date) -> datetime:
        """Return the first instant of a day in the definition's zone."""
        return midnight(day, self.zone)

    def _companion(self, name: str, path: tree.TextLiteral) -> str:
        text = self._companions.get((name, path.value))
        if isinstance(text, str):
            return text
        why = "is not there"
        if isinstance(text, OSError) and not isinstance(text, FileNotFoundError):
            why = f"cannot be read: {text.strerror or text}"
        if text is not None and path.value in str(text) and "outside" in str(text):
            why = "lies outside the definition's folder"
        self.refuse(
            "MQL106",
            path,
            f"the file `{path.value}` {why}",
            "its path is told from the folder of the definition",
        )

    def list_from_file(self, entry: Entry) -> list[str]:
        """Return the entries of a list's file: its one column, or the one that is named."""
        node = entry.declared
        assert isinstance(node, decl.ListFile)
        outer = self.source
        self.source = entry.source
        try:
            lines = _lines(self._companion(node.name.text, node.path))
            if not lines:
                return []
            if node.column is None:
                # Without a column the first one is meant; a head that names it is left out.
                body = (
                    lines[1:]
                    if lines[0][0].strip().lower() in (node.name.text.lower(), _singular(node.name.text))
                    else lines
                )
                return [line[0] for line in body if line and line[0].strip()]
            if node.column not in lines[0]:
                self.refuse(
                    "MQL106",
                    node.path,
                    f"`{node.path.value}` has no column `{node.column}`",
                    did_you_mean(node.column, lines[0], "it has " + ", ".join(lines[0][:8])),
                )
            column = lines[0].index(node.column)
            return [line[column] for line in lines[1:] if len(line) > column and line[column].strip()]
        finally:
            self.source = outer

    def rows_from_file(self, node: decl.Table) -> tuple[list[str], list[list[str]]]:
        """Return head and rows of a table's file; short rows are filled with empty cells."""
        assert node.path is not None
        lines = _lines(self._companion(node.name.text, node.path))
        if not lines:
            self.refuse(
                "MQL106", node.path, f"`{node.path.value}` is empty", "its first line names the columns"
            )
        width = len(lines[0])
        return lines[0], [line[:width] + [""] * (width - len(line)) for line in lines[1:] if any(line)]

    def table_from_file(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a table in a file, read once."""
        if node.name.text not in self._file_tables:
            self._file_tables[node.name.text] = super().table_from_file(node)
        return self._file_tables[node.name.text]

    def value_from_file(self, item: tree.TextLiteral, kind: Type) -> Value:
        """Return an entry of a file read as a type, or report it."""
        value = read(item.value, kind, Reading(self.zone, self.currency))
        if isinstance(value, Unreadable | Blank):
            self.refuse(
                "MQL201",
                item,
                f"the list holds `{item.value}`, which is not {in_words(kind)}",
                "correct the file, or compare another field",
            )
        return value


def _lines(text: str) -> list[list[str]]:
    """Read comma, semicolon or tab separated lines; whatever the first line has most of separates."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    return [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if line]


def _singular(name: str) -> str:
    return name.lower().removesuffix("s")
