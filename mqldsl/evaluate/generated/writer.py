"""Lines of Python as they are put together: levels of indentation, nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import attrs


class Later(Protocol):
    """Stands among lines for what is written when all is known."""

    def write(self, out: "Writer") -> None:
        """Write it."""


@attrs.define
class Writer:
    """Collects lines. What is written comes from templates: no text of a user's is ever among it."""

    lines: list["str | Later"] = attrs.field(factory=list)
    depth: int = 1

    def line(self, text: str) -> None:
        """Add a line at the present level."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a line that opens a block, and what is written inside one level deeper."""
        self.line(head)
        self.depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1

    @contextmanager
    def cases(self) -> Iterator[None]:
        """Open a run of cases of which one is taken.

        A loop that is left at once: a chain of `elif` is nested for Python's compiler, and hundreds are too deep.
        """
        with self.block("while True:"):
            yield
            self.line("break")

    def case(self, test: str, *steps: str) -> None:
        """Add a case of one line."""
        self.line(f"if {test}: {'; '.join((*steps, 'break'))}")

    @contextmanager
    def long_case(self, test: str) -> Iterator[None]:
        """Add a case, and what is written inside it."""
        with self.block(f"if {test}:"):
            yield
            self.line("break")

    def insert(self, other: "Writer") -> None:
        """Add the lines of another writer, at their own level."""
        for line in other.lines:
            if isinstance(line, str):
                self.lines.append(line)
            else:
                line.write(self)
