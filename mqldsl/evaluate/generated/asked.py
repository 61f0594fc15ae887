"""What a generated function asks of the reference, where something is not sure, and how it reads the answers."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from mqldsl.evaluate import points
from mqldsl.evaluate.generated.reads import Reads
from mqldsl.evaluate.generated.steps import UNSURE, in_millionths
from mqldsl.evaluate.outcome import Absent, AtLeast, Found, Known, Possible, bounds_of
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.spans import anchor
from mqldsl.model import ir
from mqldsl.model.types import Number, Value


def may_belong(
    ref: Evaluation, conditions: Sequence[ir.Condition], raw: Mapping[str, object], reads: Reads
) -> bool:
    """Say whether an event whose brackets are unknown may belong: not where only its blanks keep them open."""
    event = reads.event(raw)
    for condition in conditions:
        answer = ref.condition(condition, event).answer
        if answer.value is False:
            return False
        if answer.value is None and all(lack.kind == "property" and lack.blank for lack in answer.lacks):
            return False
    return True


def points_of(ref: Evaluation, row: ir.Row) -> tuple[float, float, float]:
    """Return what a row gives in whole millionths, and how far its bounds lie from that."""
    found = points.of_row(ref, row)
    value = in_millionths(found.value)
    low, high = (end if math.isinf(end) else in_millionths(end) - value for end in (found.low, found.high))
    return value, low, high


def range_of(found: Found) -> tuple[float | None, float | None, float | None]:
    """Return a number with its bounds; None where it is missing."""
    if not isinstance(found, Known) or not isinstance(found.value, float):
        return None, None, None
    bounds = bounds_of(found)
    return found.value, bounds.low, bounds.high


def choice_of(found: Found) -> tuple[Value | None, Possible | None]:
    """Return a value and all that is possible, None for only this one."""
    return (found.value, found.possible) if isinstance(found, Known) else (None, None)


def count_of(found: Found) -> tuple[float | None, bool]:
    """Return a count, and whether it is at least that."""
    match found:
        case Known(float() as count):
            return count, False
        case AtLeast(least):
            return least, True
        case _:
            return None, False


def value_of(found: Found) -> Value | None:
    """Return a value; None where it is missing."""
    return found.value if isinstance(found, Known) else None


def columns_of(ref: Evaluation, table: ir.Table) -> tuple[object, ...]:
    """Return the outputs of a table, one after the other."""
    found = ref.table(table)
    cells: list[object] = []
    for name, of in table.outputs:
        each = found[name]
        if isinstance(of, Number):
            cells += (*range_of(each), isinstance(each, Known) and each.may_lack)
        else:
            cells += choice_of(each)
    return tuple(cells)


def anchor_of(ref: Evaluation, selection: ir.Selection) -> object:
    """Return the instant of the last of a selection, None for no such event, or UNSURE."""
    found = anchor(ref.selection(selection), "last")
    if isinstance(found, Absent):
        return None if found.settled else UNSURE
    return found


def last_of(ref: Evaluation, selection: ir.Selection) -> datetime | None:
    """Return the instant of the last of a selection, None where it is not sure."""
    found = anchor(ref.selection(selection), "last")
    return found if isinstance(found, datetime) else None


def text_of(found: Found) -> str | None:
    """Return a value as text."""
    return str(found.value) if isinstance(found, Known) else None
