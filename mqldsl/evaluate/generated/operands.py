"""The code of operands: plain values, counts, and numbers with bounds."""

from typing import assert_never

from mqldsl.evaluate.generated import gathering, listing
from mqldsl.evaluate.generated.first_known import first_known
from mqldsl.evaluate.generated.frame import Making, NotHere, Scope
from mqldsl.evaluate.generated.memory import Memory
from mqldsl.evaluate.generated.numerals import constant
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.evaluate.generated.texts import domain_of
from mqldsl.model import ir
from mqldsl.model.types import Date, Labels, Text


def operand(making: Making, node: ir.Operand, scope: Scope) -> Shape:
    """Write the code of an operand."""
    frame = making.frame
    match node:
        case ir.Constant(value):
            return Plain(constant(frame, value), may_lack=False)
        case ir.FieldValue(owner, name):
            return Plain(frame.field(owner, name))
        case ir.PropertyValue(name):
            return frame.property_value(scope, name)
        case ir.NamedValue(name, _, column):
            known = frame.parts[name] if column is None else frame.columns[name, column]
            assert not isinstance(known, Truth)
            return known
        case ir.AnswerValue(of):
            truth = making.condition(of, scope)
            return by_reference(making, node, scope) if truth.may_open else Plain(truth.code, truth.may_lack)
        case ir.Arithmetic():
            return _arithmetic(making, node, scope)
        case ir.Rounded():
            return _rounded(making, node, scope)
        case ir.Pick():
            return _pick(making, node, scope)
        case ir.DomainOf(of):
            shape = making.operand(of, scope)
            if not isinstance(shape, Plain):
                return by_reference(making, node, scope)
            memory = frame.slot(Memory(lambda text: domain_of(str(text))), "domain")
            return Plain(frame.bound(scope, f"{memory}[{shape.code}]"))
        case ir.DaysBetween():
            return _days(making, node, scope)
        case ir.HowMany() | ir.DaysSinceEvent() | ir.Aggregate():
            return _summary(making, node, scope)
        case _:
            assert_never(node)


def _summary(making: Making, node: gathering.Summary, scope: Scope) -> Shape:
    if scope.alone or (isinstance(node, ir.Aggregate) and not isinstance(node.each, ir.PropertyValue | None)):
        return by_reference(making, node, scope)
    gathered = gathering.of_selection(making, node.of)
    if gathered is not None:
        return gathering.summed_up(making, node, gathered, scope)
    found = listing.listed(making, node.of, scope)
    if found is None or found.has_bounds:
        return by_reference(making, node, scope)
    return listing.summed_up(making, node, found, scope)


def by_reference(making: Making, node: ir.Operand, scope: Scope) -> Shape:
    """Write code that asks the reference."""
    if scope.alone:
        raise NotHere
    making.frame.referee(scope)
    name = making.frame.variable()
    scope.out.line(f"{name} = ref.operand({making.frame.slot(node)})")
    return Whole(name)


# ------------------------------------------------------------------ arithmetic


def _arithmetic(making: Making, node: ir.Arithmetic, scope: Scope) -> Shape:
    left, right = _term(making, node.left, scope), _term(making, node.right, scope)
    frame, out = making.frame, scope.out
    if _only_whole(left, right):
        return by_reference(making, node, scope)
    if node.operator == "+" and _is_least_and_range(left, right):
        return by_reference(making, node, scope)
    if node.operator == "+" and isinstance(left, Plain | Counted) and isinstance(right, Plain | Counted):
        opens = [
            each.is_open for each in (left, right) if isinstance(each, Counted) and each.is_open != "False"
        ]
        if opens:
            is_open = frame.bound(scope, f"({' or '.join(opens)})")
            value = _calculated(making, node, (left.code, right.code), _lacking(left, right), scope)
            return Counted(value, is_open, may_lack=True)
    absent = [
        f"{each.is_open}" for each in (left, right) if isinstance(each, Counted) and each.is_open != "False"
    ]
    lacking = [*_lacking(left, right), *absent]
    value = _calculated(making, node, (left.code, right.code), lacking, scope)
    if not isinstance(left, Ranged) and not isinstance(right, Ranged):
        return Plain(value)
    low, high = frame.variable("a"), frame.variable("b")
    ends = [
        (side.low, side.high) if isinstance(side, Ranged) else (side.code, side.code)
        for side in (left, right)
    ]
    exact = " and ".join(f"{side.low} == {side.high}" for side in (left, right) if isinstance(side, Ranged))
    out.line(f"if {value} is None or ({exact}): {low} = {high} = {value}")
    both = ", ".join(f"{a}, {b}" for a, b in ends)
    out.line(f"else: {low}, {high} = calculated_range({frame.text(node.operator)}, {both})")
    gone = ""
    if node.operator == "/" and isinstance(right, Ranged):
        # A divisor that could be 0 leaves nothing.
        zero = f"{right.low} <= 0 <= {right.high} and {right.low} != {right.high}"
        gone = frame.bound(scope, f"({value} is not None and {zero})", "q")
    return Ranged(value, low, high, gone=gone)


def _only_whole(*shapes: Shape) -> bool:
    """Say whether only the reference can calculate with these."""
    return any(
        isinstance(shape, Whole | Chosen) or (isinstance(shape, Ranged) and shape.gone) for shape in shapes
    )


def _is_least_and_range(left: Shape, right: Shape) -> bool:
    """Say whether a count of which only the least may be sure meets a number with bounds."""
    sides = (left, right)
    has_least = any(isinstance(side, Counted) and side.is_open != "False" for side in sides)
    return has_least and any(isinstance(side, Ranged) for side in sides)


def _term(making: Making, node: ir.Operand, scope: Scope) -> Shape:
    # A constant with its point, so that a product of whole numbers is a double, too.
    if isinstance(node, ir.Constant):
        return Plain(f"({float(node.value)!r})", may_lack=False)  # type: ignore[arg-type] # a number
    return making.operand(node, scope)


def _lacking(*shapes: Shape) -> list[str]:
    return [f"{shape.code} is None" for shape in shapes if not isinstance(shape, Whole) and shape.may_lack]


def _calculated(
    making: Making, node: ir.Arithmetic, sides: tuple[str, str], lacking: list[str], scope: Scope
) -> str:
    left, right = sides
    if node.operator == "/":
        lacking = [*lacking, f"{right} == 0"]
    code = f"{left} {node.operator} {right}"
    name = making.frame.bound(
        scope, f"(None if {' or '.join(lacking)} else {code})" if lacking else f"({code})"
    )
    # What no double holds is missing: infinite, or not a number.
    scope.out.line(f"if {name} is not None and {name} - {name} != 0: {name} = None")
    return name


def _rounded(making: Making, node: ir.Rounded, scope: Scope) -> Shape:
    shape = making.operand(node.of, scope)
    bound = making.frame.bound

    def step(code: str) -> str:
        start = f"None if {code} is None else " if _lacking(shape) else ""
        return bound(scope, f"({start}rounded({code}, {node.places}))")

    match shape:
        case Plain(code):
            return Plain(step(code), shape.may_lack)
        case Counted(code, is_open):
            return Plain(
                step(code) if is_open == "False" else bound(scope, f"(None if {is_open} else {step(code)})")
            )
        case Ranged(code, low, high, may_lack, gone):
            return Ranged(step(code), step(low), step(high), may_lack, gone)
        case _:
            return by_reference(making, node, scope)


def _pick(making: Making, node: ir.Pick, scope: Scope) -> Shape:
    parts = [making.operand(part, scope) for part in node.parts]
    if _only_whole(*parts):
        return by_reference(making, node, scope)
    if node.kind == "first known":
        return first_known(making, node, parts, scope)
    if isinstance(node.type, Text | Labels):
        return by_reference(making, node, scope)
    frame = making.frame
    pick = "min" if node.kind == "lowest" else "max"
    missing = " or ".join([*_lacking(*parts), *_opens(parts)])

    def of(codes: list[str]) -> str:
        start = f"None if {missing} else " if missing else ""
        return frame.bound(scope, f"({start}{pick}(({', '.join(codes)},)))")

    if any(isinstance(part, Ranged) for part in parts):
        value = of([_code(part) for part in parts])
        return Ranged(value, of([_low(part) for part in parts]), of([_high(part) for part in parts]))
    return Plain(of([_code(part) for part in parts]), bool(missing))


def _opens(parts: list[Shape]) -> list[str]:
    return [part.is_open for part in parts if isinstance(part, Counted) and part.is_open != "False"]


def _code(part: Shape) -> str:
    return part.code


def _low(part: Shape) -> str:
    return part.low if isinstance(part, Ranged) else part.code


def _high(part: Shape) -> str:
    return part.high if isinstance(part, Ranged) else part.code


def _days(making: Making, node: ir.DaysBetween, scope: Scope) -> Shape:
    shape = making.operand(node.of, scope)
    if not isinstance(shape, Plain):
        return by_reference(making, node, scope)
    frame = making.frame
    since = node.direction == "since"
    if isinstance(node.of.type, Date):
        today = frame.today()
        days = f"({today} - {shape.code}).days" if since else f"({shape.code} - {today}).days"
    else:
        now = frame.now()
        days = f"({now} - {shape.code}) // DAY" if since else f"({shape.code} - {now}) // DAY"
    code = f"(None if {shape.code} is None else {days})" if shape.may_lack else f"({days})"
    return Plain(frame.bound(scope, code), shape.may_lack)
