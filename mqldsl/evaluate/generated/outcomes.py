"""The code of values, grades, matrices, tables and decisions."""

import attrs

from mqldsl.evaluate.generated import gathering, listing
from mqldsl.evaluate.generated.frame import Making, Scope
from mqldsl.evaluate.generated.numerals import constant, double
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.model import ir
from mqldsl.model.calendar import BusinessHours, Duration, Unit
from mqldsl.model.types import Number


@attrs.frozen
class DecidedCode:
    """The variables of a decision: its row, the rows' states (None: only this one can be first), deadline and team."""

    row: str
    states: str
    due_at: str = "None"
    team: str = "None"

    @property
    def codes(self) -> tuple[str, ...]:
        """The variables, in order."""
        return self.row, self.states, self.due_at, self.team


# ------------------------------------------------------------------ values


def value(making: Making, node: ir.NamedExpression, scope: Scope) -> Shape:
    """Write the code of a value: its first case that holds."""
    shapes = [making.operand(case.value, scope) for case in node.cases]
    if len(node.cases) == 1 and node.cases[0].condition is None:
        return _finished(making, node, shapes[0], scope)
    truths = [
        Truth("True", may_lack=False) if case.condition is None else making.condition(case.condition, scope)
        for case in node.cases
    ]
    if any(isinstance(shape, Counted | Whole) for shape in shapes):
        return _whole(making, node, scope)
    frame, out = making.frame, scope.out
    asks = any(truth.may_lack or truth.may_open for truth in truths)
    is_number = isinstance(node.type, Number)
    may_go = any(map(_may_go, shapes)) or (asks and any(map(_may_lack, shapes)))
    names = [frame.variable(letter) for letter in ("vab" if is_number else "vq")]
    if is_number and may_go:
        names.append(frame.variable("q"))
    together = ", ".join(names)
    parts = [_parts(shape, number=len(names)) for shape in shapes]
    # The first that is yes, while all before it are no.
    is_open = frame.variable("u")
    if asks:
        out.line(f"{is_open} = False")
    with out.cases():
        for truth, part in zip(truths, parts, strict=True):
            out.case(f"{truth.code} is True" if truth.may_open else truth.code, f"{together} = {part}")
            if truth.may_lack or truth.may_open:
                out.case(f"{truth.code} is not False", f"{is_open} = True")
        out.line(f"{together} = {', '.join(['None'] * len(names))}")
    if asks:
        # One before it is not: then all that could be is looked at.
        every = (
            f"({', '.join(truth.code for truth in truths)},), ({', '.join(f'({part})' for part in parts)},)"
        )
        step = ("first_loose" if may_go else "first_number") if is_number else "first_choice"
        out.line(f"if {is_open}: {together} = {step}({every})")
    if is_number:
        open_shape = asks or any(isinstance(shape, Ranged) for shape in shapes)
        finished = Ranged(names[0], names[1], names[2], gone=names[3] if may_go else "")
        return _finished(making, node, finished if open_shape else Plain(names[0]), scope)
    open_shape = asks or any(isinstance(shape, Chosen) for shape in shapes)
    return Chosen(names[0], names[1], may_go=may_go) if open_shape else Plain(names[0])


def _may_go(shape: Shape) -> bool:
    return (isinstance(shape, Ranged) and bool(shape.gone)) or (isinstance(shape, Chosen) and shape.may_go)


def _may_lack(shape: Shape) -> bool:
    return not isinstance(shape, Whole) and shape.may_lack


def _named(making: Making, node: ir.NamedExpression | ir.Grade | ir.Matrix) -> str:
    return making.frame.slot(ir.NamedValue(node.name, node.type), ("named", node.name))


def _parts(shape: Shape, *, number: int) -> str:
    """Return code of all of a value, in so many parts."""
    match shape:
        case Ranged(code, low, high, _, gone):
            parts = [code, low, high, gone or "False"]
        case Chosen(code, possible):
            parts = [code, possible]
        case _:
            parts = [shape.code, "None"] if number == 2 else [*(shape.code,) * 3, "False"]
    return ", ".join(parts[:number])


def _whole(making: Making, node: ir.NamedExpression, scope: Scope) -> Whole:
    making.frame.referee(scope)
    return Whole(making.frame.bound(scope, f"ref.operand({_named(making, node)})"))


def _finished(making: Making, node: ir.NamedExpression, shape: Shape, scope: Scope) -> Shape:
    """Write the rounding of a finished number to whole millionths."""
    if not isinstance(node.type, Number):
        return shape
    bound = making.frame.bound

    def step(code: str) -> str:
        start = (
            f"None if {code} is None else " if isinstance(shape, Plain | Ranged) and shape.may_lack else ""
        )
        return bound(scope, f"({start}millionths({code}))")

    match shape:
        case Plain(code, may_lack):
            return Plain(step(code), may_lack)
        case Ranged(code, low, high, may_lack, gone):
            rounded = step(code)
            name_low, name_high = making.frame.variable("a"), making.frame.variable("b")
            same = f"{low} == {high}"
            scope.out.line(f"if {same}: {name_low} = {name_high} = {rounded}")
            scope.out.line(f"else: {name_low}, {name_high} = millionths({low}), millionths({high})")
            return Ranged(rounded, name_low, name_high, may_lack, gone)
        case Whole():
            return _whole(making, node, scope)
        case Counted(code, is_open, may_lack):
            # Of a count that may be more, the least is told as it is.
            tests = [*([f"{code} is None"] if may_lack else []), *([is_open] if is_open != "False" else [])]
            rounded = (
                f"{code} if {' or '.join(tests)} else millionths({code})" if tests else f"millionths({code})"
            )
            return Counted(bound(scope, f"({rounded})"), is_open, may_lack)
        case _:
            return shape


# ------------------------------------------------------------------ grades and matrices


def grade(making: Making, node: ir.Grade, scope: Scope) -> Shape:
    """Write the code of a grade."""
    shape = making.operand(node.of, scope)
    frame = making.frame
    if isinstance(shape, Whole | Chosen) or _may_go(shape):
        return _chosen_by_reference(making, node, scope)
    missing = [f"{shape.code} is None"] if shape.may_lack else []
    missing += [shape.is_open] if isinstance(shape, Counted) and shape.is_open != "False" else []
    name, out = frame.variable("v"), scope.out
    with out.cases():
        if missing:
            out.case(" or ".join(missing), f"{name} = None")
        for label, start in node.bands:
            out.case(f"{shape.code} >= {double(start)}", f"{name} = {constant(frame, label)}")
        out.line(f"{name} = {constant(frame, node.otherwise)}")
    if not isinstance(shape, Ranged):
        return Plain(name, bool(missing))
    possible = frame.variable("q")
    slot = frame.slot(node)
    test = f"{shape.low} == {shape.high}"
    scope.out.line(f"{possible} = None if {test} else bands_between({slot}, {shape.low}, {shape.high})")
    return Chosen(name, possible, bool(missing))


def _chosen_by_reference(making: Making, node: ir.Grade | ir.Matrix, scope: Scope) -> Chosen:
    frame = making.frame
    frame.referee(scope)
    name, possible = frame.variable("v"), frame.variable("q")
    scope.out.line(f"{name}, {possible} = choice_of(ref.operand({_named(making, node)}))")
    return Chosen(name, possible, may_go=True)


def matrix(making: Making, node: ir.Matrix, scope: Scope) -> Shape:
    """Write the code of a matrix."""
    first, second = making.operand(node.rows_of, scope), making.operand(node.columns_of, scope)
    if not isinstance(first, Plain | Chosen) or not isinstance(second, Plain | Chosen):
        return _chosen_by_reference(making, node, scope)
    frame = making.frame
    cells = frame.slot(dict(node.cells))
    sides = (first, second)
    missing = " or ".join(f"{side.code} is None" for side in sides if side.may_lack)
    start = f"None if {missing} else " if missing else ""
    name = frame.bound(scope, f"({start}{cells}[{first.code}, {second.code}])", "v")
    opens = [f"{side.possible} is None" for side in sides if isinstance(side, Chosen)]
    if not opens:
        return Plain(name, bool(missing))
    possible = frame.variable("q")
    both = ", ".join(f"{side.code}, {side.possible if isinstance(side, Chosen) else None}" for side in sides)
    exact = " and ".join(opens)
    lacking = f"{name} is None or " if missing else ""
    scope.out.line(f"{possible} = None if {lacking}({exact}) else cells_of({cells}, {both})")
    return Chosen(name, possible, bool(missing), may_go=any(map(_may_go, sides)))


# ------------------------------------------------------------------ tables


def table(making: Making, node: ir.Table, scope: Scope) -> dict[str, Shape]:
    """Write the code of a table: remembered by its inputs where all are known, else asked of the reference."""
    frame, out = making.frame, scope.out
    inputs = [making.operand(each, scope) for each in node.inputs]
    columns = {
        name: [frame.variable(letter) for letter in ("vabq" if isinstance(of, Number) else "vq")]
        for name, of in node.outputs
    }
    cells = ", ".join(name for names in columns.values() for name in names)
    slot = frame.slot(node)
    exact = [_exact(shape) for shape in inputs]
    if all(code is not None for code in exact):
        known = " and ".join(code for code in exact if code) or "True"
        key = ", ".join(shape.code for shape in inputs)
        memory = frame.slot({}, ("rows of", node.name))
        with out.block(f"if {known}:"):
            out.line(f"w = {memory}.get(({key},), False)")
            with out.block("if w is False:"):
                frame.referee(scope)
                out.line(f"w = remembered({memory}, ({key},), columns_of(ref, {slot}))")
            out.line(f"{cells}, = w")
        with out.block("else:"):
            frame.referee(scope)
            out.line(f"{cells}, = columns_of(ref, {slot})")
    else:
        frame.referee(scope)
        out.line(f"{cells}, = columns_of(ref, {slot})")
    # A row may turn where an input has bounds; and where a cell is empty, that could be the one.
    may_turn = any(not isinstance(shape, Plain | Counted) for shape in inputs)
    found: dict[str, Shape] = {}
    for column, ((name, of), names) in enumerate(zip(node.outputs, columns.values(), strict=True)):
        may_go = may_turn or any(row.outputs[column] is None for row in node.rows)
        if isinstance(of, Number):
            value, low, high, gone = names
            found[name] = Ranged(value, low, high, gone=gone if may_go else "")
        else:
            found[name] = Chosen(names[0], names[1], may_go=may_go)
    return found


def _exact(shape: Shape) -> str | None:
    """Return code that says whether an input is known and nothing else is possible; None where it never is sure."""
    known = f"{shape.code} is not None" if not isinstance(shape, Whole) and shape.may_lack else ""
    match shape:
        case Plain():
            return known
        case Counted(_, is_open):
            tests = [*([known] if known else []), *([f"not {is_open}"] if is_open != "False" else [])]
            return " and ".join(tests)
        case Ranged(_, low, high):
            return f"{known} and {low} == {high}" if known else f"{low} == {high}"
        case Chosen(_, possible):
            return f"{known} and {possible} is None" if known else f"{possible} is None"
        case _:
            return None


# ------------------------------------------------------------------ decisions


def decide(making: Making, node: ir.Decide, scope: Scope) -> DecidedCode:
    """Write the code of a decision."""
    frame, out = making.frame, scope.out
    truths = [making.condition(row.condition, scope) for row in node.rows if row.condition is not None]
    row = frame.variable("w")
    with out.cases():
        for place, truth in enumerate(truths):
            test = f"{truth.code} is True or {truth.code} == 4" if truth.may_open else truth.code
            out.case(test, f"{row} = {place}")
        out.line(f"{row} = {len(truths)}")
    opens = [
        f"{truth.code} is None or {truth.code} in OPEN" if truth.may_open else f"{truth.code} is None"
        for truth in truths
        if truth.may_lack or truth.may_open
    ]
    states = "None"
    if opens:
        # Which rows could be the first is worked out when it is asked for: of most leads something is unknown.
        listed = ", ".join(truth.code for truth in truths)
        states = frame.bound(scope, f"(({listed},) if {' or '.join(opens)} else None)", "q")
    return DecidedCode(row, states, _due_at(making, node, row, scope), _team(making, node, row, scope))


def outcome(making: Making, node: ir.Decide, code: DecidedCode, scope: Scope) -> Shape:
    """Write the code of a decision's outcome, for those that look at it."""
    frame = making.frame
    labels = frame.slot(tuple(each.outcome for each in node.rows))
    name = frame.bound(scope, f"{labels}[{code.row}]", "v")
    if code.states == "None":
        return Plain(name, may_lack=False)
    possible = f"(None if {code.states} is None else outcomes_of({labels}, could_be_first({code.states})))"
    return Chosen(name, frame.bound(scope, possible, "q"), may_lack=False)


def _due_at(making: Making, node: ir.Decide, row: str, scope: Scope) -> str:
    frame, out = making.frame, scope.out
    if not any(each.due for each in node.rows):
        return "None"
    name = frame.variable("d")
    starts = [_start(making, each.due, scope) for each in node.rows]
    out.line(f"{name} = None")
    for place, (each, start) in enumerate(zip(node.rows, starts, strict=True)):
        if each.due is not None:
            out.line(f"if {row} == {place}: {name} = {_deadline(making, each.due, start)}")
    return name


def _start(making: Making, due: ir.Due | None, scope: Scope) -> str:
    if due is None or due.last is None:
        return making.frame.now()
    found = gathering.of_selection(making, due.last)
    if found is not None:
        return gathering.last(making, found, scope)
    several = listing.listed(making, due.last, scope)
    if several is not None:
        return listing.last(making, several, due.last, scope, "last_of")
    making.frame.referee(scope)
    return making.frame.bound(scope, f"last_of(ref, {making.frame.slot(due.last)})")


def _deadline(making: Making, due: ir.Due, start: str) -> str:
    frame = making.frame
    length: Duration | None = due.within
    if due.last is None and length is not None and length.is_exact:
        return frame.edge_ahead(length)
    hours: BusinessHours | None = frame.model.header.hours
    zone = frame.slot(frame.zone, "zone")
    assert length is None or hours is not None or length.unit not in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY)
    return f"deadline({start}, {frame.slot(length)}, {frame.slot(hours)}, {zone})"


def _team(making: Making, node: ir.Decide, row: str, scope: Scope) -> str:
    frame, out = making.frame, scope.out
    if not any(each.evenly or each.team for each in node.rows):
        return "None"
    name = frame.variable("d")
    codes: list[str | None] = []
    for each in node.rows:
        if each.evenly:
            frame.wants_id = True
            codes.append(f"evenly({frame.slot(each.evenly)}, lead_id)")
        elif each.team is not None:
            shape = making.operand(each.team, scope)
            if isinstance(shape, Whole):
                codes.append(f"text_of({shape.code})")
            elif isinstance(shape, Counted):
                codes.append("None")
            else:
                codes.append(f"None if {shape.code} is None else str({shape.code})")
        else:
            codes.append(None)
    out.line(f"{name} = None")
    for place, code in enumerate(codes):
        if code is not None:
            out.line(f"if {row} == {place}: {name} = {code}")
    return name
