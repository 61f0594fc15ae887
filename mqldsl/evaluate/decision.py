"""Grades, matrices, tables and decisions: from values to one label, and which others are possible."""

import math
from datetime import datetime
from hashlib import md5
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.outcome import (
    NOTHING,
    YES_ANSWER,
    Absent,
    Answer,
    Anything,
    Asking,
    Bounds,
    Found,
    Known,
    Lacks,
    Outcome,
    counted,
    values_of,
)
from mqldsl.evaluate.spans import anchor
from mqldsl.model import ir
from mqldsl.model.calendar import BusinessHours, Duration, end_of_day, later
from mqldsl.model.types import Value


@attrs.frozen(eq=False)
class Decided:
    """A decision: its outcome and row, what else it could be, deadline, team and reason."""

    outcome: str
    row: int
    could_be: tuple[str, ...]
    lacks: Lacks
    rows: tuple[Outcome | None, ...]
    could_be_first: tuple[int, ...]
    due_at: datetime | None = None
    team: str | None = None
    because: str | None = None

    @property
    def is_certain(self) -> bool:
        """Whether nothing that is missing could change the outcome."""
        return len(self.could_be) == 1

    @property
    def found(self) -> Known:
        """The outcome as a value that conditions may look at."""
        possible: frozenset[Value] | None = None if self.is_certain else frozenset(self.could_be)
        return Known(self.outcome, possible, self.lacks)


def decide(asking: Asking, node: ir.Decide) -> Decided:
    """Return the first row whose answer is yes, and every row that could be the first."""
    outcomes = tuple(None if row.condition is None else asking.condition(row.condition) for row in node.rows)
    answers = [YES_ANSWER if outcome is None else outcome.answer for outcome in outcomes]
    winner = next(number for number, answer in enumerate(answers) if answer.value is True)
    first: list[int] = []
    for number, answer in enumerate(answers):
        if True in answer.can_be:
            first.append(number)
        if False not in answer.can_be:
            break
    could_be = tuple(dict.fromkeys(node.rows[number].outcome for number in first))
    lacks = _telling(node, answers, first) if len(could_be) > 1 else NOTHING
    row = node.rows[winner]
    return Decided(
        row.outcome,
        winner,
        could_be,
        lacks,
        outcomes,
        tuple(first),
        _due_at(asking, row.due),
        _team(asking, row),
        row.because,
    )


def _telling(node: ir.Decide, answers: list[Answer], first: list[int]) -> Lacks:
    """Return the lacks of those rows that change the outcome when their answer changes."""
    lacks: Lacks = NOTHING
    for place, number in enumerate(first):
        later = {node.rows[other].outcome for other in first[place + 1 :]}
        if answers[number].is_open and later - {node.rows[number].outcome}:
            lacks |= answers[number].lacks
    return lacks


def _due_at(asking: Asking, due: ir.Due | None) -> datetime | None:
    if due is None:
        return None
    start: datetime | Absent = asking.situation.as_of
    if due.last is not None:
        start = anchor(asking.selection(due.last), "last")
    if isinstance(start, Absent):
        return None
    return deadline_from(start, due.within, asking.model.header.hours, ZoneInfo(asking.model.header.zone))


def deadline_from(
    start: datetime, within: Duration | None, hours: BusinessHours | None, zone: ZoneInfo
) -> datetime:
    """Return the instant by which something is due; without a length, the rest of the day."""
    if within is None:
        return end_of_day(start, hours, zone)
    return later(start, within, hours, zone)


def _team(asking: Asking, row: ir.Outcome) -> str | None:
    if row.evenly:
        digest = md5(asking.situation.lead.id.encode("utf-8", "surrogatepass"), usedforsecurity=False)
        return row.evenly[int(digest.hexdigest()[:8], 16) % len(row.evenly)]
    if row.team is None:
        return None
    found = asking.operand(row.team)
    return str(found.value) if isinstance(found, Known) else None


# ------------------------------------------------------------------ grades and matrices


def grade(asking: Asking, node: ir.Grade) -> Found:
    """Return the band of a number, and all bands between its bounds."""
    found = asking.operand(node.of)
    if not isinstance(found, Known):
        return Absent(isinstance(found, Absent) and found.settled, found.lacks)
    assert isinstance(found.value, float)
    band = _band(node, found.value)
    if found.may_lack:
        return Known(band, found.possible, found.lacks)
    if not isinstance(found.possible, Bounds):
        return Known(band)
    worst, best = (
        node.type.names.index(_band(node, end)) for end in (found.possible.low, found.possible.high)
    )
    possible = node.type.names[worst : best + 1]
    return Known(band) if len(possible) == 1 else Known(band, frozenset(possible), found.lacks)


def _band(node: ir.Grade, number: float) -> str:
    return next((label for label, start in node.bands if number >= start), node.otherwise)


def matrix(asking: Asking, node: ir.Matrix) -> Found:
    """Return the cell of two labels, and all cells that could be."""
    sides = [asking.operand(node.rows_of), asking.operand(node.columns_of)]
    lacks = frozenset(lack for side in sides for lack in side.lacks)
    if not all(isinstance(side, Known) for side in sides):
        settled = any(isinstance(side, Absent) and side.settled for side in sides)
        return Absent(settled, lacks)
    first, second = (side for side in sides if isinstance(side, Known))
    cell = node.cells[str(first.value), str(second.value)]
    if first.may_lack or second.may_lack:
        return Known(cell, Anything.OR_NONE, lacks)
    possible = frozenset(node.cells[str(a), str(b)] for a in values_of(first) for b in values_of(second))
    return Known(cell) if len(possible) == 1 else Known(cell, frozenset(possible), lacks)


# ------------------------------------------------------------------ tables


def table(asking: Asking, node: ir.Table) -> dict[str, Found]:
    """Return each output of the first row that matches.

    A row that is unknown is passed over, but what made it unknown is missing: from then on only a row
    whose cell says `missing` for it can win. Otherwise, and with no row that matches, the table is missing.
    """
    lacks: Lacks = NOTHING
    winner: ir.TableRow | None = None
    could_be: list[ir.TableRow] = []
    lacking: set[int] = set()
    is_decided = one_holds = False
    for row in node.rows:
        cells = [None if each is None else asking.condition(each).answer for each in row.conditions]
        given = [each for each in cells if each is not None]
        answer = counted(given, len(given), len(given))
        if True in answer.can_be:
            could_be.append(row)
            lacks |= answer.lacks
        if answer.value is True and not is_decided:
            is_decided = True
            winner = row if all(_says_missing(row.conditions[column]) for column in lacking) else None
        elif answer.value is None and not is_decided:
            lacking |= {
                column for column, each in enumerate(cells) if each is not None and each.value is None
            }
        one_holds = False not in answer.can_be
        if one_holds:
            break
    if winner is None:
        return {
            name: Absent(settled=all(lack.blank for lack in lacks), lacks=lacks) for name, _ in node.outputs
        }
    found = {}
    for column, (name, _) in enumerate(node.outputs):
        others = [row.outputs[column] for row in could_be]
        found[name] = _output(winner.outputs[column], others if one_holds else [*others, None], lacks)
    return found


def _says_missing(cell: ir.Condition | None) -> bool:
    return isinstance(cell, ir.Not) and isinstance(cell.of, ir.IsKnown)


def _output(value: Value | None, could_be: list[Value | None], lacks: Lacks) -> Found:
    """Return an output with all that it could be; None stands for none."""
    known = [each for each in could_be if each is not None]
    if value is None:
        return Absent(settled=not known, lacks=lacks if known else NOTHING)
    if None in could_be:
        return Known(value, Anything.OR_NONE, lacks)
    if len(set(known)) == 1:
        return Known(value)
    if isinstance(value, float):
        numbers = [each for each in known if isinstance(each, float)]
        return Known(value, Bounds(min(numbers, default=-math.inf), max(numbers, default=math.inf)), lacks)
    return Known(value, frozenset(known), lacks)
