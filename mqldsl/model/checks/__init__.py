"""Checks of a whole model, one a file; each is a function `find` that yields findings."""

from collections.abc import Iterator, Sequence

from mqldsl.model import ir
from mqldsl.model.checks import (
    circular_use,
    empty_range,
    kept_too_short,
    no_window,
    repeated_row,
    table_rows,
    window_of_the_last,
)
from mqldsl.source.diagnostics import Diagnostic
from mqldsl.source.text import Source
from mqldsl.syntax import declarations as decl

_CHECKS = (circular_use, no_window, window_of_the_last, kept_too_short, repeated_row, empty_range, table_rows)


def check_model(model: ir.Model, files: Sequence[tuple[Source, decl.File]]) -> Iterator[Diagnostic]:
    """Yield the findings of every check."""
    for check in _CHECKS:
        yield from check.find(model, files)
