"""The facts that a definition speaks of, in the order in which it first does."""

from collections.abc import Iterator

from mqldsl.model import ir
from mqldsl.model.dependencies import pieces


def facts_in_order(model: ir.Model) -> list[str]:
    """Return the names of fields, properties and feeds that the conditions look at, each once."""
    return list(dict.fromkeys(_in_file_order(model)))


def _in_file_order(model: ir.Model) -> Iterator[str]:
    placed = [part for named in model.named.values() for part in pieces(named)]
    placed.sort(key=lambda part: part.place.span.start if part.place is not None else 1 << 30)
    for part in placed:
        match part:
            case ir.FieldValue(owner, name):
                yield name if owner == "lead" else f"account.{name}"
            case ir.Events(kinds):
                yield from kinds
            case ir.PropertyValue(name):
                yield from (f"{kind.name}.{name}" for kind in model.kinds.values() if name in kind.properties)
