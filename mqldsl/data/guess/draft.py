"""A first definition and binding for files, held against each other before anybody sees them."""

from collections.abc import Sequence
from pathlib import Path

import attrs

from mqldsl.data.binding import binding_of
from mqldsl.data.checks import check_binding
from mqldsl.data.guess.naming import Named, named
from mqldsl.data.guess.seen import Sheet, look
from mqldsl.data.guess.tables import found_in
from mqldsl.data.guess.to_binding import binding_text
from mqldsl.data.guess.to_definition import definition_text
from mqldsl.model import ir
from mqldsl.pipeline import check_text

MOST_ROWS = 100_000


@attrs.frozen
class Draft:
    """What was found, and both texts."""

    named: Named
    definition: str
    binding: str


def looked_at(paths: Sequence[Path], most_rows: int = MOST_ROWS) -> list[Sheet]:
    """Return what stands in files, the leads first.

    Raises SourceError where one is not there or cannot be read.
    """
    return [look(path, str(path), most_rows) for path in paths]


def draft(sheets: Sequence[Sheet], binding: Path) -> Draft:
    """Return a first definition for the leads and what belongs to them, and a binding that is to stand at `binding`."""
    found = named(found_in(sheets[0], sheets[1:]))
    definition = definition_text(found)
    checked = check_text(definition, "the first definition")
    assert checked.model is not None, f"{[finding.message for finding in checked.findings]} in\n{definition}"
    text = binding_text(found, binding.parent)
    fits(text, binding, checked.model)
    return Draft(found, definition, text)


def fits(text: str, path: Path, model: ir.Model) -> None:
    """Make sure that a binding that was written can be used; anything else is a mistake of ours."""
    mistakes = check_binding(binding_of(text, path), model)
    assert not mistakes, f"{mistakes} in\n{text}"
