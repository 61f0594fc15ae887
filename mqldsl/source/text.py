"""A text and the places in it."""

from bisect import bisect_right
from functools import cached_property

import attrs


@attrs.frozen
class Span:
    """A piece of a text, by character offsets; `end` is the first offset behind it."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """Return the span from the start of this one to the end of `other`."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)


@attrs.frozen
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@attrs.define(frozen=True, slots=False)
class Source:
    """A text with the name it is shown under: a path as the user wrote it, or `<text>`."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for offset, character in enumerate(self.text):
            if character == "\n":
                starts.append(offset + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Say at which line and column `offset` lies."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1, without its line end."""
        starts = self._line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end]

    def slice(self, span: Span) -> str:
        """Return the text of `span`."""
        return self.text[span.start : span.end]


@attrs.frozen
class Place:
    """A span of a source: where something stands, across files."""

    source: Source = attrs.field(repr=lambda source: source.name)
    span: Span
