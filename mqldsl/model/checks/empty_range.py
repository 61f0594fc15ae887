"""Conditions joined by `and` that no value can meet together: a lower bound above an upper one."""

from collections.abc import Iterator
from datetime import date, datetime

import attrs

from mqldsl.model import ir
from mqldsl.model.checks.counted import Files
from mqldsl.model.dependencies import pieces
from mqldsl.model.folding import fold
from mqldsl.model.types import Labels, Value
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place

CODE = "MQL505"
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@attrs.frozen
class Bound:
    """`operand relation value`, and where it stands; of `=` and `in`, the values themselves."""

    relation: str
    value: float | int | date | None
    values: frozenset[Value]
    place: Place


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each pair of bounds on one operand that leaves nothing between them.

    Only what must hold together is read: a bound under `any of` or `not` excludes nothing.
    """
    del files
    inside: set[int] = set()
    for part in model.named.values():
        for node in (
            () if isinstance(part, ir.Table) else pieces(part)
        ):  # rows of tables have a check of their own
            if isinstance(node, ir.Count) and node.least == len(node.parts) and id(node) not in inside:
                yield from _contradictions(node, inside)


def _contradictions(block: ir.Count, inside: set[int]) -> Iterator[Diagnostic]:
    by_operand: dict[ir.Operand, list[Bound]] = {}
    for operand, bound in _bounds(block, inside):
        by_operand.setdefault(operand, []).append(bound)
    for bounds in by_operand.values():
        pair = next(_excluding(bounds), None)
        if pair is not None:
            yield _finding(*pair)


def _bounds(block: ir.Count, inside: set[int]) -> Iterator[tuple[ir.Operand, Bound]]:
    """Yield the bounds of a block and of the blocks in it that must hold as well."""
    stack: list[ir.Condition] = [block]
    while stack:
        condition = stack.pop()
        inside.add(id(condition))
        match condition:
            case ir.Count(parts, least) if least == len(parts):
                stack += reversed([part.condition for part in parts])
            case ir.Compare(relation, left, ir.Constant(value)) if condition.place is not None:
                yield left, _bound(relation, left, value, condition.place)
            case ir.Compare(relation, ir.Constant(value), right) if condition.place is not None:
                yield right, _bound(_TURNED[relation], right, value, condition.place)
            case ir.Member(of, values, entries) if condition.place is not None:
                if not any(entry.has_wildcard for entry in entries):
                    wanted = frozenset([*values, *(entry.folded for entry in entries)])
                    yield of, Bound("=", None, wanted, condition.place)


def _bound(relation: str, operand: ir.Operand, value: Value, place: Place) -> Bound:
    rank: float | int | date | None = None
    match value:
        case bool() | tuple():
            pass
        case float() | datetime() | date():
            rank = value
        case str() if isinstance(operand.type, Labels):
            rank = operand.type.names.index(value) if value in operand.type.names else None
        case str():
            value = fold(value)
    return Bound(relation, rank, frozenset([value]), place)


def _excluding(bounds: list[Bound]) -> Iterator[tuple[Bound, Bound]]:
    """Yield the pairs of which no value meets both; of more than a hundred bounds nobody made this by hand."""
    for number, second in enumerate(bounds[:100]):
        for first in bounds[:number]:
            if _exclude(first, second) or _exclude(second, first):
                yield first, second


def _exclude(first: Bound, second: Bound) -> bool:
    """Say whether `first`, an exact value or a lower bound, leaves nothing for `second`."""
    if first.relation == "=" and second.relation == "=":
        return not first.values & second.values
    low, high = first.value, second.value
    if low is None or high is None or isinstance(low, datetime) != isinstance(high, datetime):
        return False
    above = (low > high, low >= high)  # type: ignore[operator] # one operand, so one type
    match first.relation, second.relation:
        case (">=" | "=", "<=") | (">=", "="):
            return bool(above[0])
        case (">" | ">=" | "=", "<") | (">", "<=" | "="):
            return bool(above[1])
        case _:
            return False


def _finding(first: Bound, second: Bound) -> Diagnostic:
    either, other = (_words(bound.place) for bound in (first, second))
    return Diagnostic(
        CODE,
        f"nothing meets both `{either}` and `{other}`",
        Label(second.place),
        (Label(first.place, "and this, joined with `and`"),),
        "if either is enough, write `any of` over the two; otherwise correct one of the values",
        Severity.WARNING,
    )


def _words(place: Place) -> str:
    return " ".join(place.source.slice(place.span).split())
