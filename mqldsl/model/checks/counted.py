"""What is counted or summed up over events, and where: shared by the checks of windows."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from mqldsl.model import ir
from mqldsl.model.dependencies import pieces
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax.shape import nodes

Files = Sequence[tuple[Source, decl.File]]


@attrs.frozen
class Counted:
    """A selection that a condition, a value or a score looks at, and the place that says so.

    `how` is `count`, `days since first`, `days since last`, or the name of the aggregate.
    """

    how: str
    of: ir.Selection
    place: Place
    is_decaying: bool = False

    @property
    def words(self) -> str:
        """What the author wrote, on one line."""
        return " ".join(self.place.source.slice(self.place.span).split())


def counted(model: ir.Model, files: Files) -> Iterator[Counted]:
    """Yield each selection that a named part counts, each place once."""
    per_events = _per_events(files)
    seen: set[Place] = set()
    for part in model.named.values():
        for each in _of_part(part, per_events):
            if each.place not in seen:
                seen.add(each.place)
                yield each


def windowless(model: ir.Model, files: Files) -> Iterator[Counted]:
    """Yield what is counted over all time, where the text does not say so."""
    for each in counted(model, files):
        natural = each.is_decaying or each.how in (
            "latest",
            "earliest",
            "days since first",
            "days since last",
        )
        if not natural and _is_windowless(model, each.of):
            yield each


def _is_windowless(model: ir.Model, of: ir.Selection) -> bool:
    match of:
        case ir.Events(kinds):
            return any(model.kinds[kind].timed for kind in kinds)
        case ir.Union(members):
            return all(_is_windowless(model, member) for member in members)
        case ir.Where(inner, _):
            return _is_windowless(model, inner)
        case ir.Then(earlier, later, within):
            # `visit then demo` says that it may be long ago; `visit then demo in 7d` seems to have a window.
            has_lengths = within is not None or isinstance(earlier, ir.Then)
            return has_lengths and _is_windowless(model, later)
        case ir.ThenNo(earlier, _, within):
            return within is not None and _is_windowless(model, earlier)
        case ir.During() | ir.People() | ir.Idle():
            return False


def _of_part(part: ir.Named, per_events: Mapping[Place, Place]) -> Iterator[Counted]:
    decaying: set[Place] = set()
    for node in pieces(part):
        if isinstance(node, ir.WhenPoints) and node.options.decays:
            decaying.update(inner.place for inner in pieces(node.condition) if inner.place is not None)
        found = _counted(node, per_events)
        if found is not None:
            yield attrs.evolve(found, is_decaying=found.is_decaying or found.place in decaying)


def _counted(node: ir.Node, per_events: Mapping[Place, Place]) -> Counted | None:
    if node.place is None:
        return None
    match node:
        case ir.HowMany(of):
            return Counted("count", of, node.place)
        case ir.Aggregate(kind, _, of):
            return Counted(kind, of, node.place)
        case ir.DaysSinceEvent(which, of):
            return Counted(f"days since {which}", of, node.place)
        case ir.PerEvent(_, of, options):
            place = per_events.get(node.place, node.place)
            return Counted("count", of, place, is_decaying=bool(options.decays))
        case _:
            return None


def _per_events(files: Files) -> Mapping[Place, Place]:
    """Return, for the place of each row `+5 per visit, up to 25`, the place of its events."""
    return {
        Place(source, row.span): Place(source, row.of.span)
        for source, file in files
        for score in file.declarations
        if isinstance(score, decl.Score)
        for row in nodes(score)
        if isinstance(row, decl.PerRow)
    }
