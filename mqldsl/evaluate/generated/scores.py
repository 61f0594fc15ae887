"""The code of scores: points in whole millionths, and how far the bounds lie from them.

A row adds to three variables: the sum, and what the least and the greatest sum have more than it.
"""

import attrs

from mqldsl.evaluate.generated import gathering, listing
from mqldsl.evaluate.generated.frame import Making, Scope
from mqldsl.evaluate.generated.numerals import double
from mqldsl.evaluate.generated.shapes import Counted, Plain, Ranged, Truth
from mqldsl.evaluate.generated.steps import shrink_of
from mqldsl.evaluate.numbers import clamped, millionths
from mqldsl.model import ir


@attrs.frozen
class Sum:
    """The variables that rows add to."""

    value: str
    low: str
    high: str


def score(making: Making, node: ir.Score, scope: Scope) -> Ranged:
    """Write the code of a score."""
    frame, out = making.frame, scope.out
    total = _sum_of(making, node.rows, scope)
    value, low, high = frame.variable("v"), frame.variable("a"), frame.variable("b")
    bounds = tuple(each for each in (node.low, node.high) if each is not None)
    may_grow = _may_grow(node.rows)
    clamp = _clamp(node.low, node.high)
    is_rounded = all((each * 1e6).is_integer() for each in bounds) or bool(node.decays)
    if not is_rounded:
        clamp = f"millionths({clamp})"

    def end(distance: str) -> str:
        if may_grow:
            return clamp.format(f"end_in_units({total.value}, {distance})")
        return clamp.format(f"({total.value} + {distance}) / 1000000")

    unit = f"{total.value} / 1000000"
    if may_grow:
        unit = f"{unit} if -1e15 < {total.value} < 1e15 else in_units({total.value})"
    out.line(f"{value} = {unit}")
    # Not by a call, which would take longer than the rest.
    for sign, limit in (("<", node.low), (">", node.high)):
        if limit is not None:
            out.line(f"if {value} {sign} {limit!r}: {value} = {limit!r}")
    if not is_rounded:
        out.line(f"{value} = millionths({value})")
    with out.block(f"if {total.low} or {total.high}:"):
        out.line(f"{low} = {end(total.low)}")
        out.line(f"{high} = {end(total.high)}")
    out.line(f"else: {low} = {high} = {value}")
    for decay in node.decays:
        _idle(making, decay, (value, low, high), scope)
    if node.decays:
        last = _clamp(node.low, node.high)
        finished = ", ".join(f"millionths({last.format(name)})" for name in (value, low, high))
        out.line(f"{value}, {low}, {high} = {finished}")
    return Ranged(value, low, high, may_lack=False)


def _may_grow(rows: tuple[ir.Row, ...]) -> bool:
    """Say whether a sum may pass what a double holds in whole millionths."""
    return any(
        (isinstance(row, ir.PerEvent | ir.PerUnit) and row.options.cap is None)
        or (isinstance(row, ir.FirstOf | ir.Group) and _may_grow(row.rows))
        or (isinstance(row, ir.WhenPoints | ir.PerEvent | ir.PerUnit) and abs(row.points) > 1e6)
        or (isinstance(row, ir.ByPoints) and max(map(abs, _points_of(row))) > 1e6)
        for row in rows
    )


def _points_of(row: ir.ByPoints) -> list[float]:
    """Return all the points that a row may give, but those for missing."""
    return [*(bound.points for bound in row.bounds), *(each.points for each in row.choices), row.otherwise]


def _clamp(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "{}"
    return f"clamped({{}}, {low!r}, {high!r})"


def _sum_of(making: Making, rows: tuple[ir.Row, ...], scope: Scope) -> Sum:
    frame = making.frame
    total = Sum(frame.variable("s"), frame.variable("a"), frame.variable("b"))
    scope.out.line(f"{total.value} = {total.low} = {total.high} = 0")
    for row in rows:
        _row(making, row, total, scope)
    return total


def _row(making: Making, row: ir.Row, total: Sum, scope: Scope) -> None:
    match row:
        case ir.WhenPoints():
            _when(making, row, total, scope)
        case ir.PerEvent():
            _per_event(making, row, total, scope)
        case ir.PerUnit():
            _per_unit(making, row, total, scope)
        case ir.ByPoints():
            _by(making, row, total, scope)
        case ir.FirstOf():
            _first_of(making, row, total, scope)
        case ir.Group():
            _group(making, row, total, scope)


def by_reference(making: Making, row: ir.Row, total: Sum, scope: Scope) -> None:
    """Write code that asks the reference for the points of a row."""
    making.frame.referee(scope)
    slot = making.frame.slot(row)
    scope.out.line(f"p, p_low, p_high = points_of(ref, {slot})")
    scope.out.line(f"{total.value} += p; {total.low} += p_low; {total.high} += p_high")


def _add(names: tuple[str, str, str], total: Sum, scope: Scope) -> None:
    value, low, high = names
    scope.out.line(
        f"{total.value} += {value}; {total.low} += {low} - {value}; {total.high} += {high} - {value}"
    )


def micro(points: float) -> int:
    """Return points in whole millionths."""
    return round(points * 1e6)


def _capped(points: float, options: ir.RowOptions) -> float:
    return points if options.cap is None else clamped(points, -options.cap, options.cap)


# ------------------------------------------------------------------ when


def _when(making: Making, row: ir.WhenPoints, total: Sum, scope: Scope) -> None:
    truth = making.condition(row.condition, scope)
    full = micro(_capped(row.points, row.options))
    worth = str(micro(_capped(millionths(row.points), row.options)))
    if row.events is not None:
        at = _last(making, row.events, scope)
        if at is None:
            by_reference(making, row, total, scope)
            return
        at = making.frame.bound(scope, at, "l")
        worth = _worth_now(making, row, at, scope)
        if full:
            side = total.low if full > 0 else total.high
            scope.out.line(f"if {at} is UNSURE and {truth.code} is True: {side} -= {worth}")
    _given(truth, (worth, full), total, scope)


def _last(making: Making, selection: ir.Selection, scope: Scope) -> str | None:
    """Return code of the instant of the last of a selection, None for no such event, or UNSURE.

    There is none where only the reference can tell.
    """
    found = gathering.of_selection(making, selection)
    if found is not None:
        unsure = gathering.unseen_of_late(making, found)
        is_open = gathering.is_open(making, found, scope)
        last = found.variable("l")
        return f"(UNSURE if ({unsure}) or ({last} is None and {is_open}) else {last})"
    several = listing.listed(making, selection, scope)
    return None if several is None else listing.last(making, several, selection, scope, "anchor_of")


def _worth_now(making: Making, row: ir.WhenPoints, at: str, scope: Scope) -> str:
    frame = making.frame
    cap = "None" if row.options.cap is None else repr(row.options.cap)
    shrunk = frame.slot(shrink_of(row.options.decays, frame.zone))
    return frame.bound(scope, f"worth({row.points!r}, {at}, {shrunk}, {cap}, {frame.now()})")


def _given(truth: Truth, points: tuple[str, int], total: Sum, scope: Scope) -> None:
    """Write what a row with a condition adds: `worth` if it holds, and bounds up to `full` where that is open."""
    worth, full = points
    code = truth.code
    low, high = min(full, 0), max(full, 0)
    out = scope.out
    end = total.low if full < 0 else total.high
    if not truth.may_lack and not truth.may_open:
        out.line(f"if {code}: {total.value} += {worth}")
        return
    if not truth.may_open:
        out.line(f"if {code}: {total.value} += {worth}")
        if full:
            out.line(f"elif {code} is None: {end} += {full}")
        return
    out.line(f"if {code} is True: {total.value} += {worth}")
    out.line(
        f"elif {code} == 4: {total.value} += {worth}; {total.low} += min(0, -{worth}); {total.high} += max(0, -{worth})"
    )
    if low or high:
        out.line(f"elif {code} is not False: {end} += {full}")


# ------------------------------------------------------------------ per


def _per_event(making: Making, row: ir.PerEvent, total: Sum, scope: Scope) -> None:
    found = gathering.of_selection(making, row.of)
    if found is None:
        _per_listed(making, row, total, scope)
        return
    frame, out = making.frame, scope.out
    is_open = gathering.is_open(making, found, scope)
    points = frame.variable("p")
    in_time = bool(row.options.decays or row.options.limits)
    out.line(f"{points} = {_points_for(making, row, found.variable('t' if in_time else 'n'))}")
    out.line(f"{total.value} += {points}")
    end = "inf" if row.options.cap is None else str(micro(row.options.cap))
    if row.points < 0:
        out.line(f"if {is_open}: {total.low} += -{end} - {points}")
    else:
        out.line(f"if {is_open}: {total.high} += {end} - {points}")


def _per_listed(making: Making, row: ir.PerEvent, total: Sum, scope: Scope) -> None:
    """Write the points for each member of a list; the reference finds them where the list is unsure."""
    found = listing.listed(making, row.of, scope)
    if found is None:
        by_reference(making, row, total, scope)
        return
    in_time = bool(row.options.decays or row.options.limits)
    counted = f"[at for at, e in {found.rows} if at is not None]" if in_time else f"len({found.rows})"
    with scope.out.block(f"if {found.unsure}:"):
        by_reference(making, row, total, scope)
    scope.out.line(f"elif {found.rows}: {total.value} += {_points_for(making, row, counted)}")


def _points_for(making: Making, row: ir.PerEvent, counted: str) -> str:
    """Return code for the points that events give, in whole millionths: by their number, or by their times."""
    frame, options = making.frame, row.options
    cap = options.cap
    if options.limits:
        limits, zone = frame.slot(options.limits), frame.slot(frame.zone, "zone")
        counted = f"limited({counted}, {limits}, {frame.now()}, {zone})"
    if options.decays:
        shrunk = frame.slot(shrink_of(options.decays, frame.zone))
        return f"shrunk_points({row.points!r}, {counted}, {shrunk}, {cap!r}, {frame.now()})"
    if options.limits:
        counted = f"len({counted})"
    each = row.points * 1e6
    if each.is_integer() and abs(each) < 2**31 and (cap is None or (cap * 1e6).is_integer()):
        code = f"{int(each)} * {counted}"
        if cap is not None:
            code = f"min({code}, {micro(cap)})" if each > 0 else f"max({code}, {-micro(cap)})"
        return code
    return f"in_millionths({_with_cap(f'{row.points!r} * {counted}', cap)})"


def _with_cap(code: str, cap: float | None) -> str:
    return code if cap is None else f"clamped({code}, {-cap!r}, {cap!r})"


def _per_unit(making: Making, row: ir.PerUnit, total: Sum, scope: Scope) -> None:
    shape = making.operand(row.of, scope)
    frame, out, options = making.frame, scope.out, row.options
    slot = frame.slot(row)
    points = frame.variable("p")
    end = "inf" if options.cap is None else str(micro(options.cap))
    side, sign = (total.low, "-") if row.points < 0 else (total.high, "")
    if isinstance(shape, Plain | Counted):
        known = (
            f"0 if {shape.code} is None else units({slot}, {shape.code})"
            if shape.may_lack
            else f"units({slot}, {shape.code})"
        )
        out.line(f"{points} = {known}")
        out.line(f"{total.value} += {points}")
        unsure = [f"{shape.code} is None"] if shape.may_lack else []
        unsure += [shape.is_open] if isinstance(shape, Counted) and shape.is_open != "False" else []
        if unsure:
            out.line(f"if {' or '.join(unsure)}: {side} += {sign}{end} - {points}")
        return
    if isinstance(shape, Ranged):
        with out.block(f"if {shape.code} is None:"):
            out.line(f"{side} += {sign}{end}")
        with out.block("else:"):
            ends = f"sorted((units({slot}, {shape.low}), units({slot}, {shape.high})))"
            out.line(f"p = units({slot}, {shape.code})")
            out.line(f"p_low, p_high = {ends}")
            _add(("p", "p_low", "p_high"), total, scope)
        return
    by_reference(making, row, total, scope)


# ------------------------------------------------------------------ by


def _by(making: Making, row: ir.ByPoints, total: Sum, scope: Scope) -> None:
    shape = making.operand(row.of, scope)
    truths = [making.condition(choice.condition, scope) for choice in row.choices]
    out = scope.out
    if not isinstance(shape, Plain | Counted | Ranged) or any(truth.may_open for truth in truths):
        by_reference(making, row, total, scope)
        return

    def points(given: float) -> int:
        return micro(_capped(given, row.options))

    everything = [points(each) for each in _points_of(row)]
    missing = points(row.missing)
    lacking = [f"{shape.code} is None"] if shape.may_lack else []
    lacking += [shape.is_open] if isinstance(shape, Counted) and shape.is_open != "False" else []
    with out.cases():
        if lacking and row.says_missing:
            with out.long_case(" or ".join(lacking)):
                by_reference(making, row, total, scope)
        elif lacking:
            low, high = min(missing, *everything) - missing, max(missing, *everything) - missing
            out.case(
                " or ".join(lacking),
                f"{total.value} += {missing}",
                f"{total.low} += {low}",
                f"{total.high} += {high}",
            )
        if isinstance(shape, Ranged):
            with out.long_case(f"{shape.low} != {shape.high}"):
                by_reference(making, row, total, scope)
        for bound in sorted(row.bounds, key=lambda bound: -bound.start):
            out.case(f"{shape.code} >= {double(bound.start)}", f"{total.value} += {points(bound.points)}")
        for truth, choice in zip(truths, row.choices, strict=True):
            out.case(truth.code, f"{total.value} += {points(choice.points)}")
        if points(row.otherwise):
            out.line(f"{total.value} += {points(row.otherwise)}")


# ------------------------------------------------------------------ rows together


def _first_of(making: Making, row: ir.FirstOf, total: Sum, scope: Scope) -> None:
    """Write the first row that holds; the reference finds the bounds where a row before it is open."""
    out = scope.out
    if not all(isinstance(part, ir.WhenPoints) and part.events is None for part in row.rows):
        by_reference(making, row, total, scope)
        return
    parts = [part for part in row.rows if isinstance(part, ir.WhenPoints)]
    truths = [making.condition(part.condition, scope) for part in parts]
    with out.cases():
        for truth, part in zip(truths, parts, strict=True):
            given = micro(_capped(millionths(part.points), part.options))
            out.case(f"{truth.code} is True" if truth.may_open else truth.code, f"{total.value} += {given}")
            if truth.may_lack or truth.may_open:
                with out.long_case(f"{truth.code} is not False"):
                    by_reference(making, row, total, scope)


def _group(making: Making, row: ir.Group, total: Sum, scope: Scope) -> None:
    inner = _sum_of(making, row.rows, scope)
    clamp = _clamp(row.low, row.cap)

    def finished(code: str) -> str:
        return f"in_millionths({clamp.format(f'in_units({code})')})"

    out = scope.out
    if row.low is None and row.cap is None:
        out.line(f"{total.value} += {inner.value}; {total.low} += {inner.low}; {total.high} += {inner.high}")
        return
    out.line(f"p = {finished(inner.value)}")
    out.line(f"{total.value} += p")
    with out.block(f"if {inner.low} or {inner.high}:"):
        out.line(f"{total.low} += {finished(f'{inner.value} + {inner.low}')} - p")
        out.line(f"{total.high} += {finished(f'{inner.value} + {inner.high}')} - p")


# ------------------------------------------------------------------ an idle lead


def _idle(making: Making, decay: ir.Decay, names: tuple[str, str, str], scope: Scope) -> None:
    assert decay.without is not None
    frame, out = making.frame, scope.out
    value, low, high = names
    zone, now, slot = frame.slot(frame.zone, "zone"), frame.now(), frame.slot(decay)
    at = _last(making, decay.without, scope)
    if at is None:
        frame.referee(scope)
        at = f"anchor_of(ref, {frame.slot(decay.without)})"
    out.line(f"{value}, {low}, {high} = idle({at}, {slot}, ({value}, {low}, {high}), {now}, {zone})")
