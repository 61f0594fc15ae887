"""Selections that are put together from others: unions, orders, idle time, brackets and windows around these.

Their members are listed while everything about them is sure; where something is not, the reference chooses.
"""

from contextlib import nullcontext

import attrs

from mqldsl.evaluate.generated import gathering, spans
from mqldsl.evaluate.generated.frame import Making, NotHere, Scope
from mqldsl.evaluate.generated.shapes import Counted, Plain, Shape
from mqldsl.evaluate.selecting import Link
from mqldsl.model import ir
from mqldsl.model.calendar import Duration


@attrs.frozen
class Listed:
    """The variable with the members, pairs of an instant and an event, and code that says whether they are unsure.

    With `has_bounds` an answer that could still turn decides who belongs, so that a count may have bounds.
    """

    rows: str
    unsure: str
    kinds: tuple[str, ...]
    has_bounds: bool = False


def listed(making: Making, node: ir.Selection, scope: Scope) -> Listed | None:
    """Write the list of a selection's members; None where only the reference can choose."""
    if scope.alone or scope.out.depth > 1:
        return None
    if node not in making.listed:
        try:
            making.listed[node] = _listed(making, node, scope)
        except NotHere:
            making.listed[node] = None
    found: Listed | None = making.listed[node]
    return found


def _inner(making: Making, node: ir.Selection, scope: Scope) -> Listed:
    found = listed(making, node, scope)
    if found is None:
        raise NotHere
    return found


def _listed(making: Making, node: ir.Selection, scope: Scope) -> Listed | None:
    gathered = gathering.of_selection(making, node)
    if gathered is not None:
        unsure = gathering.is_open(making, gathered, scope)
        return Listed(gathered.variable("r"), unsure, gathered.kinds)
    match node:
        case ir.Union(members):
            parts = [_inner(making, member, scope) for member in members]
            rows = ", ".join(part.rows for part in parts)
            kinds = tuple(dict.fromkeys(kind for part in parts for kind in part.kinds))
            return _new(making, f"united(({rows},))", parts, scope, kinds)
        case ir.Where(of, condition):
            return _where(making, _inner(making, of, scope), condition, scope)
        case ir.During(of, span):
            return _during(making, _inner(making, of, scope), span, scope)
        case ir.Then(earlier, later, within, same) | ir.ThenNo(earlier, later, within, same):
            parts = [_inner(making, each, scope) for each in (earlier, later)]
            link = _link(making, within, same, parts)
            if isinstance(node, ir.Then):
                code = f"then({parts[0].rows}, {parts[1].rows}, {link})"
                return _new(making, code, parts, scope, parts[1].kinds)
            code = f"then_no({parts[0].rows}, {parts[1].rows}, {link}, {making.frame.now()})"
            return _new(making, code, parts, scope, parts[0].kinds)
        case ir.Idle(every, of):
            part = _inner(making, of, scope)
            frame = making.frame
            how = f"{frame.slot(every)}, {frame.now()}, {frame.slot(frame.zone, 'zone')}"
            return _new(making, f"idle_time({part.rows}, {how})", [part], scope, ("",))
        case _:
            return None


def _new(making: Making, code: str, parts: list[Listed], scope: Scope, kinds: tuple[str, ...]) -> Listed:
    """Write a list made from others; the step that makes it gives None where it is not sure."""
    frame = making.frame
    rows, unsure = frame.variable("r"), frame.variable("u")
    tests = " or ".join(dict.fromkeys(part.unsure for part in parts))
    scope.out.line(f"{rows} = None if {tests} else {code}")
    scope.out.line(f"{unsure} = {rows} is None")
    return Listed(rows, unsure, kinds, any(part.has_bounds for part in parts))


def _link(making: Making, within: Duration | None, same: tuple[str, ...], parts: list[Listed]) -> str:
    frame = making.frame
    readers = {
        kind: tuple(gathering.reader(frame, kind, name) for name in same)
        for part in parts
        for kind in part.kinds
        if kind
    }
    if same and any("" in part.kinds for part in parts):
        raise NotHere
    link = Link(within, same, frame.model.header.hours, frame.zone)
    return f"{frame.slot(link)}, {frame.slot(readers) if same else None}"


def _where(making: Making, of: Listed, condition: ir.Condition, scope: Scope) -> Listed:
    if "" in of.kinds:
        raise NotHere
    frame, out = making.frame, scope.out
    filters = {
        kind: gathering.filter_of(making, frame.model.kinds[kind], (condition,), may_open=True)
        for kind in of.kinds
    }
    rows, unsure = frame.variable("r"), frame.variable("u")
    out.line(f"{rows}, {unsure} = [], {of.unsure}")
    with out.block(f"if not {unsure}:"), out.block(f"for at, e in {of.rows}:"):
        several = len(filters) > 1
        if several:
            out.line('k = e["kind"]')
        for kind, inside in filters.items():
            with out.block(f"if k == {frame.text(kind)}:") if several else nullcontext():
                _belongs(inside, rows, unsure, scope)
    has_bounds = of.has_bounds or any(inside.answers[0].may_open for inside in filters.values())
    return Listed(rows, unsure, of.kinds, has_bounds)


def _belongs(inside: gathering.Filter, rows: str, unsure: str, scope: Scope) -> None:
    """Write whether one event belongs to the list `rows`."""
    out = scope.out
    for line in inside.lines:
        out.line(line)
    answer = inside.answers[0]
    out.line(f"if {answer.code}{' is True' if answer.may_open else ''}: {rows}.append((at, e))")
    if answer.may_open:
        open_test = f"{inside.may_be_open} or {answer.code} in OPEN"
        out.line(f"elif {answer.code} is not False and ({open_test}): {unsure} = True")
    elif answer.may_lack:
        out.line(f"elif {answer.code} is not False and ({inside.may_be_open}): {unsure} = True")


def _during(making: Making, of: Listed, span: ir.Span, scope: Scope) -> Listed:
    if isinstance(span, ir.Always):
        return of
    frame = making.frame
    if isinstance(span, ir.After):
        anchor = _inner(making, span.of, scope)
        how = f"{span.which == 'last'}, {frame.slot(span.length)}, {frame.slot(frame.zone, 'zone')}"
        return _new(making, f"after({of.rows}, {anchor.rows}, {how})", [of, anchor], scope, of.kinds)
    found = spans.event_tests(making, span, scope)
    if found is None:
        raise NotHere
    tests, lacking = found
    code = f"[(at, e) for at, e in {of.rows} if at is not None and {tests}]"
    if lacking:
        code = f"(None if {lacking} is None else {code})"
    return _new(making, code, [of], scope, of.kinds)


# ------------------------------------------------------------------ what is told of them


def summed_up(making: Making, node: gathering.Summary, found: Listed, scope: Scope) -> Shape:
    """Write the code of a count or another aggregate of a selection that is listed."""
    frame, out = making.frame, scope.out
    slot = frame.slot(node)
    code = _code(making, node, found)
    is_count = isinstance(node, ir.HowMany) or (
        isinstance(node, ir.Aggregate) and node.kind in ("distinct", "distinct days", "most")
    )
    name, more = frame.variable("x"), frame.variable("o")
    target = f"{name}, {more}" if is_count else name
    with out.block(f"if {found.unsure}:"):
        frame.referee(scope)
        out.line(f"{target} = {'count_of' if is_count else 'value_of'}(ref.operand({slot}))")
    out.line(f"else: {target} = {code}")
    return Counted(name, more, may_lack=True) if is_count else Plain(name)


def _code(making: Making, node: gathering.Summary, found: Listed) -> str:
    frame, rows = making.frame, found.rows
    match node:
        case ir.HowMany():
            return f"len({rows}), False"
        case ir.DaysSinceEvent(which, _):
            return f"days_since({rows}, {which == 'last'}, {frame.now()})"
        case ir.Aggregate("distinct days"):
            zone = frame.slot(frame.zone, "zone")
            return f"distinct_days([at for at, e in {rows} if at is not None], {zone}), False"
        case ir.Aggregate(kind, ir.PropertyValue(name, of)):
            kinds = {each: gathering.reader(frame, each, name) if each else None for each in found.kinds}
            readers, of_type = frame.slot(kinds), frame.slot(of, ("type", of))
            if kind in ("distinct", "most"):
                return f"{kind}({rows}, {readers})"
            if kind in ("latest", "earliest"):
                return f"at_the_end({rows}, {readers}, {kind == 'latest'}, {of_type})"
            return f"of_values({frame.text(kind)}, {rows}, {readers}, {of_type})"
        case _:
            raise AssertionError("only properties are read of events")


def last(making: Making, found: Listed, selection: ir.Selection, scope: Scope, unsure: str) -> str:
    """Return the variable of the instant of the last member; `unsure` stands for what the reference says."""
    frame, out = making.frame, scope.out
    name = frame.variable("l")
    with out.block(f"if {found.unsure}:"):
        frame.referee(scope)
        out.line(f"{name} = {unsure}(ref, {frame.slot(selection)})")
    out.line(f"else: {name} = max([at for at, e in {found.rows} if at is not None], default=None)")
    return name
