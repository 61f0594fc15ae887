"""JSON Lines: one object a line, each with keys of its own. A key that is not there is told from null."""

import json
from collections.abc import Collection, Iterator, Sequence

from mqldsl.data.rows import ABSENT, BrokenRow, Cells
from mqldsl.data.text_file import File, SourceError, opened_text

_LOOKED_AT = 1_000


def columns(file: File, wanted: Collection[str]) -> tuple[str, ...]:
    """Return the keys in use, in the order they come up: of as many rows as it takes to find those wanted.

    Raises SourceError where there are lines, and none of them is an object.
    """
    found: dict[str, None] = {}
    looked_at = broken = 0
    for looked_at, row in enumerate(_objects(file), start=1):
        if isinstance(row, BrokenRow):
            broken += 1
        else:
            found.update(dict.fromkeys(row))
        if looked_at >= _LOOKED_AT and all(name in found for name in wanted):
            break
    if looked_at and broken == looked_at:
        raise SourceError(
            f"`{file.shown}` is not JSON Lines, one object a line: no line of it is an object; "
            "`jq -c '.[]'` makes such lines of a list, and `jq -c .` of objects that stand on several"
        )
    return tuple(found)


def rows(file: File, wanted: Sequence[str]) -> Iterator[Cells | BrokenRow]:
    """Yield the values of the wanted keys, row by row; an empty line is no row."""
    for row in _objects(file):
        yield row if isinstance(row, BrokenRow) else [row.get(name, ABSENT) for name in wanted]


def _objects(file: File) -> Iterator[dict[str, object] | BrokenRow]:
    with opened_text(file, newline="\n") as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):  # nested a thousand deep is no row, either
                yield BrokenRow(number, line.rstrip(), "the line is not JSON")
                continue
            if isinstance(row, dict):
                yield row
            else:
                yield BrokenRow(number, line.rstrip(), "the line is JSON, but not an object with keys")
