"""Checks of a whole model, one a file; each is a function `find` that yields findings."""

from collections.abc import Iterator, Sequence

from mqldsl.model import ir
from mqldsl.source.diagnostics import Diagnostic
from mqldsl.source.text import Source
from mqldsl.syntax import declarations as decl


def check_model(model: ir.Model, files: Sequence[tuple[Source, decl.File]]) -> Iterator[Diagnostic]:
    """Yield the findings of every check."""
    yield from ()
