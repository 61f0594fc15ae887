"""`visit or demo within 30d`: the window is the demo's alone, and may have been meant for both."""

from collections.abc import Iterable, Iterator

from mqldsl.model import ir
from mqldsl.model.checks.counted import Counted, Files, windowless
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place, Source
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes

CODE = "MQL502"


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each chain of `and` or `or` whose last part has the only window."""
    for source, window, bare in bare_beside_a_window(windowless(model, files), files):
        words = source.slice(window.span)
        names = " and ".join(f"`{each.words}`" for each in bare)
        yield Diagnostic(
            CODE,
            f"`{words}` belongs to the last part alone, and {names} "
            + ("has no window" if len(bare) == 1 else "have none"),
            Label(Place(source, window.span)),
            tuple(Label(each.place, "counts from the beginning") for each in bare),
            f"give each its own: `{bare[0].words} {words}`, or `{bare[0].words} ever` if that is meant",
            Severity.WARNING,
        )


def bare_beside_a_window(
    found: Iterable[Counted], files: Files
) -> Iterator[tuple[Source, tree.Window, tuple[Counted, ...]]]:
    """Yield, for each such chain, its text, the window and what has none before it; `found` are all without."""
    without = {(each.place.source, each.place.span): each for each in found}
    if not without:
        return
    for source, file in files:
        for declaration in file.declarations:
            for chain in nodes(declaration):
                if (
                    not isinstance(chain, tree.Junction)
                    or (window := _window_at_end(chain.parts[-1])) is None
                ):
                    continue
                places = (inner.span for part in chain.parts[:-1] for inner in _in_sight(part))
                bare = tuple(without[source, span] for span in places if (source, span) in without)
                if bare:
                    yield source, window, bare


def _window_at_end(part: tree.Expression) -> tree.Window | None:
    """Return the window that ends a condition, where one does."""
    match part:
        case tree.Windowed(_, window):
            return window
        case tree.Compare(_, rest):
            return _window_at_end(rest[-1][1])
        case tree.No(events):
            return _window_at_end(events)
        case tree.Not(of):
            return _window_at_end(of)
        case _:
            return None


def _in_sight(part: tree.Expression) -> Iterator[tree.Expression]:
    """Yield the operands of a condition that stand in no brackets of their own."""
    match part:
        case tree.Compare(first, rest):
            yield first
            yield from (side for _, side in rest)
        case tree.No(inner) | tree.Not(inner):
            yield from _in_sight(inner)
        case _:
            yield part
