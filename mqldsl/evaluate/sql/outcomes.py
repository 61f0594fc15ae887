"""Values, grades, matrices, tables and decisions as terms: the first that holds, and all that could be first."""

import math
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.decision import deadline_from
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.aggregates import anchor
from mqldsl.evaluate.sql.cases import SURE, could_be_first, several
from mqldsl.evaluate.sql.counting import counted
from mqldsl.evaluate.sql.rows import bound_truth
from mqldsl.evaluate.sql.shapes import Found, Lacks, Truth, all_blank, as_double, nothing, together
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.texts import constant_of
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir
from mqldsl.model.calendar import Unit
from mqldsl.model.types import Number, Value

# ------------------------------------------------------------------ grades and matrices


def grade(writing: Writing, node: ir.Grade) -> Found:
    """Return the band of a number, and all bands between its bounds."""
    found = as_double(writing.operand(node.of))
    known = found.known
    settled = t.all_of([found.settled, t.negation(found.more)]) if found.more != NO else found.settled
    band = t.where(known, _band(node, found.value), "text")
    if found.bounds is None:
        return Found(band, "text", settled, together([found.lacks], t.is_null(band)))
    names = node.type.names
    worst, best = (writing.board.bind(_place(node, end)) for end in found.bounds)
    options = tuple(
        (
            t.text(name),
            t.all_of([known, Term("<=", (worst, t.whole(place))), Term(">=", (best, t.whole(place)))]),
        )
        for place, name in enumerate(names)
    )
    gone = t.all_of([known, found.gone])
    if gone != NO:
        options = (*options, (t.text(None), gone))
    wide = t.any_of([t.is_null(band), Term("!=", (worst, best)), gone])
    return Found(band, "text", settled, together([found.lacks], t.is_true(wide)), options=options, gone=gone)


def _band(node: ir.Grade, number: Term) -> Term:
    arms = [(Term(">=", (number, t.double(start))), t.text(label)) for label, start in node.bands]
    return t.case(arms, t.text(node.otherwise))


def _place(node: ir.Grade, number: Term) -> Term:
    names = node.type.names
    arms = [
        (Term(">=", (number, t.double(start))), t.whole(names.index(label))) for label, start in node.bands
    ]
    return t.case(arms, t.whole(names.index(node.otherwise)))


def matrix(writing: Writing, node: ir.Matrix) -> Found:
    """Return the cell of two labels, and all cells that could be."""
    first, second = writing.operand(node.rows_of), writing.operand(node.columns_of)
    arms = [
        (t.all_of([_is(first.value, a), _is(second.value, b)]), t.text(cell))
        for (a, b), cell in node.cells.items()
    ]
    value = t.case(arms, t.text(None))
    settled = t.any_of(t.all_of([t.is_null(side.value), side.settled]) for side in (first, second))
    lacks = together([first.lacks, second.lacks])
    if first.options is None and second.options is None:
        return Found(value, "text", settled, together([lacks], t.is_null(value)))
    cells: dict[str, list[Term]] = {}
    for (a, b), cell in node.cells.items():
        cells.setdefault(cell, []).append(t.all_of([_may_be(first, a), _may_be(second, b)]))
    there = t.is_there(value)
    options = tuple((t.text(cell), t.all_of([there, t.any_of(whens)])) for cell, whens in cells.items())
    gone = t.all_of([there, t.any_of([first.gone, second.gone])])
    if gone != NO:
        options = (*options, (t.text(None), gone))
    return Found(value, "text", settled, lacks, options=options, gone=gone)


def _is(value: Term, label: str) -> Term:
    return Term("=", (value, t.text(label)))


def _may_be(found: Found, label: str) -> Term:
    if found.options is None:
        return t.is_true(_is(found.value, label))
    return t.any_of(
        t.all_of([when, YES if value == t.text(label) else t.is_true(_is(value, label))])
        for value, when in found.options
        if not t.is_constant(value) or t.value_of(value) == label
    )


# ------------------------------------------------------------------ tables


def table(writing: Writing, node: ir.Table) -> dict[str, Found]:
    """Return each output of the first row that matches, unless something that is missing stands in between."""
    cells: dict[ir.Condition, Truth] = {}

    def cell(condition: ir.Condition) -> Truth:
        if condition not in cells:
            cells[condition] = bound_truth(writing, writing.condition(condition))
        return cells[condition]

    rows = [[None if each is None else cell(each) for each in row.conditions] for row in node.rows]
    truths = [bound_truth(writing, _all([each for each in row if each is not None])) for row in rows]
    yes = [t.is_true(truth.value) for truth in truths]
    firsts = could_be_first(truths)
    lacks = together(together([truth.lacks], first) for truth, first in zip(truths, firsts, strict=True))
    # For each column, whether a row before was unknown for want of its input.
    lacking: dict[int, list[Term]] = {}
    wins: list[Term] = []
    for row, given, truth in zip(node.rows, rows, truths, strict=True):
        blocked = [
            t.any_of(whens) for column, whens in lacking.items() if not _says_missing(row.conditions[column])
        ]
        wins.append(t.negation(t.any_of(blocked)))
        for column, each in enumerate(given):
            if each is not None and not t.never_missing(each.value):
                when = t.all_of([t.is_null(truth.value), t.is_null(each.value)])
                lacking.setdefault(column, []).append(when)
    return {
        name: _output(node, column, (yes, wins, firsts), (truths, lacks))
        for column, (name, _) in enumerate(node.outputs)
    }


def _all(parts: Sequence[Truth]) -> Truth:
    if not parts:
        return SURE
    return counted(parts, len(parts), len(parts))


def _says_missing(cell: ir.Condition | None) -> bool:
    return isinstance(cell, ir.Not) and isinstance(cell.of, ir.IsKnown)


def _output(
    node: ir.Table,
    column: int,
    rows: tuple[Sequence[Term], Sequence[Term], Sequence[Term]],
    rest: tuple[Sequence[Truth], Lacks],
) -> Found:
    yes, wins, firsts = rows
    truths, lacks = rest
    kind = node.outputs[column][1]
    outputs: list[Value | None] = [row.outputs[column] for row in node.rows]
    word = "double" if isinstance(kind, Number) else _word(outputs)
    missing = t.constant(word, None)
    values = [missing if each is None else constant_of(each) for each in outputs]
    first_yes = [
        t.all_of([holds, *(t.negation(other) for other in yes[:number])]) for number, holds in enumerate(yes)
    ]
    won = t.any_of(t.all_of([first, wins_]) for first, wins_ in zip(first_yes, wins, strict=True))
    value = t.where(won, t.case(list(zip(yes, values, strict=True)), missing), word)
    known = [
        (each, first)
        for each, first, output in zip(values, firsts, outputs, strict=True)
        if output is not None
    ]
    # Where a row won, its cell is empty: that is settled, unless another row could win that has one.
    other = t.any_of(first for _, first in known)
    settled = t.case([(won, t.negation(other))], all_blank(lacks))
    if all(truth.open == NO and t.never_missing(truth.value) for truth in truths):
        return Found(value, word, settled, together([lacks], t.negation(won)))
    there = t.is_there(value)
    empty = t.any_of(first for first, output in zip(firsts, outputs, strict=True) if output is None)
    none = t.all_of(truth.can_be_no for truth in truths)
    gone = t.all_of([there, t.any_of([none, empty])])
    # Rows that could win and say the same lack nothing.
    differs = t.any_of(t.all_of([first, t.is_true(Term("!=", (value, each)))]) for each, first in known)
    lacks = together([lacks], t.any_of([t.negation(won), gone, differs, t.all_of([t.is_null(value), other])]))
    if word == "double":
        lows = [t.case([(first, each)], t.double(math.inf)) for each, first in known]
        highs = [t.case([(first, each)], t.double(-math.inf)) for each, first in known]
        low = t.case([(gone, t.double(-math.inf)), (there, t.best("least", lows))], missing)
        high = t.case([(gone, t.double(math.inf)), (there, t.best("greatest", highs))], missing)
        return Found(value, word, settled, lacks, bounds=(low, high), gone=gone)
    options: dict[Term, list[Term]] = {}
    for each, first in known:
        options.setdefault(each, []).append(first)
    chosen = [(each, t.all_of([there, t.any_of(whens)])) for each, whens in options.items()]
    chosen += [] if gone == NO else [(missing, gone)]
    return Found(value, word, settled, lacks, options=tuple(chosen), gone=gone)


def _word(outputs: Sequence[Value | None]) -> str:
    first = next((each for each in outputs if each is not None), "")
    constant = constant_of(first)
    return str(constant.args[0]) if t.is_constant(constant) else "set"


# ------------------------------------------------------------------ decisions


@attrs.frozen(eq=False)
class Decided:
    """A decision: outcome and row, what else it could be, deadline, team and reason."""

    found: Found
    row: Term
    could_be: tuple[tuple[str, Term], ...]
    # The outcome of each row, and whether the row could be the first.
    could_be_first: tuple[tuple[str, Term], ...]
    certain: Term
    due_at: Term
    team: Term
    because: Term
    lacks: Lacks


def decide(writing: Writing, node: ir.Decide) -> Decided:
    """Return the first row whose answer is yes, and every outcome that could be first."""
    bind = writing.board.bind
    truths = [
        SURE if row.condition is None else bound_truth(writing, writing.condition(row.condition))
        for row in node.rows
    ]
    yes = [t.is_true(truth.value) for truth in truths]

    def of_row(terms: Sequence[Term], missing: Term) -> Term:
        return t.case(list(zip(yes, terms, strict=True)), missing)

    number = bind(
        of_row([t.whole(each) for each in range(1, len(yes) + 1)], t.whole(None)), f"row.{node.name}"
    )
    outcome = bind(of_row([t.text(row.outcome) for row in node.rows], t.text(None)), f"decide.{node.name}")
    firsts = [bind(first) for first in could_be_first(truths)]
    whens: dict[str, list[Term]] = {}
    for row, first in zip(node.rows, firsts, strict=True):
        whens.setdefault(row.outcome, []).append(first)
    could_be = tuple((each, bind(t.any_of(some))) for each, some in whens.items())
    certain = t.negation(several([when for _, when in could_be])) if len(could_be) > 1 else YES
    options = None if certain == YES else tuple((t.text(each), when) for each, when in could_be)
    lacks = nothing if certain == YES else together([_telling(node, truths, firsts)], t.negation(certain))
    due = [_due_at(writing, row.due) for row in node.rows]
    teams = [_team(writing, row) for row in node.rows]
    reasons = [t.text(row.because) for row in node.rows]
    return Decided(
        Found(outcome, "text", YES, lacks, options=options),
        number,
        could_be,
        tuple((row.outcome, first) for row, first in zip(node.rows, firsts, strict=True)),
        certain,
        of_row(due, t.instant(None)),
        of_row(teams, t.text(None)),
        of_row(reasons, t.text(None)),
        lacks,
    )


def _telling(node: ir.Decide, truths: Sequence[Truth], firsts: Sequence[Term]) -> Lacks:
    """Return the lacks of those rows that change the outcome when their answer changes."""
    parts = []
    for place, (row, truth, first) in enumerate(zip(node.rows, truths, firsts, strict=True)):
        others = [
            later
            for later, other in zip(firsts[place + 1 :], node.rows[place + 1 :], strict=True)
            if other.outcome != row.outcome
        ]
        parts.append(together([truth.lacks], t.all_of([first, truth.is_open, t.any_of(others)])))
    return together(parts)


def _due_at(writing: Writing, due: ir.Due | None) -> Term:
    if due is None:
        return t.instant(None)
    clock, hours = writing.clock, writing.model.header.hours
    zone = ZoneInfo(clock.zone_name)
    start = clock.as_of
    if due.last is not None:
        start = anchor(writing, writing.selection(due.last), "last").value
        start = writing.board.bind(start)
        if t.is_constant(start):
            return t.instant(None)
    elif isinstance(clock.now, datetime):
        return t.instant(deadline_from(clock.now, due.within, hours, zone))
    if due.within is None:
        return Term("end of day", (start, hours, clock.zone_name))
    if due.within.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
        return Term("business time", (start, due.within, hours, clock.zone_name))
    return clock.forward(start, due.within)


def _team(writing: Writing, row: ir.Outcome) -> Term:
    if row.evenly:
        id_ = writing.lead_id()
        place = Term("split hash", (id_, t.whole(len(row.evenly))))
        arms = [(Term("=", (place, t.whole(number))), t.text(name)) for number, name in enumerate(row.evenly)]
        return t.case(arms, t.text(None))
    if row.team is None:
        return t.text(None)
    found = writing.operand(row.team)
    return t.where(found.known, found.value, "text") if found.more != NO else found.value
