"""The code of conditions: three values, and only as many as a condition can have."""

from typing import assert_never

from mqldsl.evaluate.generated import spans
from mqldsl.evaluate.generated.asking import by_reference, may_open
from mqldsl.evaluate.generated.comparisons import between, compare
from mqldsl.evaluate.generated.frame import Making, Scope
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.evaluate.generated.texts import has, tested
from mqldsl.model import ir


def condition(making: Making, node: ir.Condition, scope: Scope) -> Truth:
    """Write the code of a condition."""
    match node:
        case ir.Count():
            return _count(making, node, scope)
        case ir.Not(of):
            return _not(making, making.condition(of, scope), scope)
        case ir.ClauseRef(name):
            return _named(making, name)
        case ir.Flag(of):
            return _flag(making, node, of, scope)
        case ir.Compare():
            return compare(making, node, scope)
        case ir.Member() | ir.TextTest() | ir.Matches():
            return tested(making, node, scope)
        case ir.Has():
            return has(making, node, scope)
        case ir.IsKnown():
            return _is_known(making, node, scope)
        case ir.InSpan():
            return _in_span(making, node, scope)
        case _:
            assert_never(node)


def _named(making: Making, name: str) -> Truth:
    known = making.frame.parts[name]
    assert isinstance(known, Truth)
    return known


def _count(making: Making, node: ir.Count, scope: Scope) -> Truth:
    as_one = between(making, node, scope)
    if as_one is not None:
        return as_one
    parts = [making.condition(part.condition, scope) for part in node.parts]
    number, least, most = len(parts), max(node.least, 0), min(node.most, len(node.parts))
    bound = making.frame.bound
    if any(part.may_open for part in parts):
        listed = ", ".join(part.code for part in parts)
        code = f"counted(({listed},), {least}, {most})"
        if most >= number and least in (1, number):
            # One that is sure decides; what is open is looked at where none is.
            decides = least == 1
            one = " or ".join(f"{part.code} is {decides}" for part in parts)
            code = f"({decides} if {one} else {code})"
        return Truth(bound(scope, code), may_open=True)
    if not scope.alone and number == 1 and least == 1 == most:
        return parts[0]
    may_lack = any(part.may_lack for part in parts)
    if least == number and most >= number:
        return _all(making, parts, scope, may_lack=may_lack)
    if least <= 1 and (most >= number or most == 0):
        if least == 1:
            return _any(making, parts, scope, may_lack=may_lack)
        if most == 0:
            return _not(making, _any(making, parts, scope, may_lack=may_lack), scope)
    return _some(making, parts, (least, most), scope)


def _all(making: Making, parts: list[Truth], scope: Scope, *, may_lack: bool) -> Truth:
    name = making.frame.bound(
        scope, f"({' and '.join(part.code for part in parts)})" if len(parts) > 1 else f"({parts[0].code})"
    )
    first = next((number for number, part in enumerate(parts) if part.may_lack), len(parts))
    behind = parts[first + 1 :]
    if behind:
        noes = " or ".join(f"{part.code} is False" for part in behind)
        scope.out.line(f"if {name} is None and ({noes}): {name} = False")
    return Truth(name, may_lack)


def _any(making: Making, parts: list[Truth], scope: Scope, *, may_lack: bool) -> Truth:
    name = making.frame.bound(scope, f"({' or '.join(part.code for part in parts)})")
    before = [part for part in parts[:-1] if part.may_lack]
    if before:
        unknown = " or ".join(f"{part.code} is None" for part in before)
        scope.out.line(f"if not {name} and ({unknown}): {name} = None")
    return Truth(name, may_lack)


def _some(making: Making, parts: list[Truth], bounds: tuple[int, int], scope: Scope) -> Truth:
    least, most = bounds
    frame = making.frame
    if not any(part.may_lack for part in parts):
        return Truth(
            frame.bound(scope, f"({least} <= {_sum([part.code for part in parts])} <= {most})"),
            may_lack=False,
        )
    yes = frame.variable("n")
    scope.out.line(f"{yes} = 0")
    for part in parts:
        scope.out.line(f"if {part.code}: {yes} += 1")
    if most >= len(parts):
        # What is unknown is only counted where it could make a difference.
        name = frame.variable()
        scope.out.line(f"if {yes} >= {least}: {name} = True")
        with scope.out.block("else:"):
            _add_unknown(parts, yes, scope)
            scope.out.line(f"{name} = None if {yes} >= {least} else False")
        return Truth(name)
    unknown = frame.variable("n")
    scope.out.line(f"{unknown} = 0")
    _add_unknown(parts, unknown, scope)
    held = f"{yes} >= {least} and {yes} + {unknown} <= {most}"
    code = f"(True if {held} else False if {yes} + {unknown} < {least} or {yes} > {most} else None)"
    return Truth(frame.bound(scope, code))


def _add_unknown(parts: list[Truth], name: str, scope: Scope) -> None:
    for part in parts:
        if part.may_lack:
            scope.out.line(f"if {part.code} is None: {name} += 1")


def _sum(codes: list[str]) -> str:
    # A long sum is nested for Python's compiler.
    return f"(0 + {' + '.join(codes)})" if len(codes) <= 50 else f"sum(({', '.join(codes)},))"


def _not(making: Making, part: Truth, scope: Scope) -> Truth:
    if part.may_open:
        return Truth(making.frame.bound(scope, f"negated[{part.code}]"), may_open=True)
    if part.may_lack:
        return Truth(making.frame.bound(scope, f"(None if {part.code} is None else not {part.code})"))
    return Truth(making.frame.bound(scope, f"(not {part.code})"), may_lack=False)


def _flag(making: Making, node: ir.Flag, of: ir.Operand, scope: Scope) -> Truth:
    if isinstance(of, ir.AnswerValue):
        return making.condition(of.of, scope)
    shape = making.operand(of, scope)
    if isinstance(shape, Plain):
        return Truth(shape.code, shape.may_lack)
    return by_reference(making, node, scope)


def _is_known(making: Making, node: ir.IsKnown, scope: Scope) -> Truth:
    frame = making.frame
    match node.of:
        case ir.Constant():
            return Truth("True", may_lack=False)
        case ir.FieldValue("lead", name):
            value = frame.field("lead", name)
            code = f"(True if {value} is not None else False if {frame.key_in('lead', name)} else None)"
            return Truth(frame.bound(scope, code))
        case ir.FieldValue(_, name):
            value = frame.field("account", name)
            there = frame.key_in("account", name)
            code = f"(True if {value} is not None else False if acc is None or {there} else None)"
            return Truth(frame.bound(scope, code))
        case ir.PropertyValue(name):
            assert scope.alone
            assert scope.kind is not None
            if name not in scope.kind.properties:
                return Truth("False", may_lack=False)
            value = frame.property_value(scope, name).code
            code = f"(True if {value} is not None else False if {frame.text(name)} in e else None)"
            return Truth(frame.bound(scope, code))
        case of:
            return _operand_known(making, node, making.operand(of, scope), scope)


def _operand_known(making: Making, node: ir.IsKnown, shape: Shape, scope: Scope) -> Truth:
    if scope.alone or isinstance(shape, Whole):
        return by_reference(making, node, scope)
    if isinstance(shape, Counted) and not shape.may_lack:
        return Truth(making.frame.bound(scope, f"(None if {shape.is_open} else True)"))
    may_go = _may_go(shape)
    if not shape.may_lack and not may_go:
        return Truth("True", may_lack=False)
    frame = making.frame
    name = frame.variable()
    sure = f"{shape.code} is not None" + (f" and not {shape.is_open}" if isinstance(shape, Counted) else "")
    sure += f" and not {may_go}" if may_go else ""
    scope.out.line(f"if {sure}: {name} = True")
    with scope.out.block("else:"):
        frame.referee(scope)
        scope.out.line(f"{name} = state_of(ref.condition({frame.slot(node)}).answer)")
    return Truth(name, may_open=may_open(making, node))


def _may_go(shape: Shape) -> str:
    """Return code that says whether a value that is there could also be missing; none where it never could."""
    if isinstance(shape, Ranged):
        return shape.gone
    return f"{shape.possible} is OR_NONE" if isinstance(shape, Chosen) and shape.may_go else ""


def _in_span(making: Making, node: ir.InSpan, scope: Scope) -> Truth:
    shape = making.operand(node.of, scope)
    if not isinstance(shape, Plain):
        return by_reference(making, node, scope)
    found = spans.holds(making, node.of.type, shape.code, node.span, scope)
    if found is None:
        return by_reference(making, node, scope)
    code, lacking = found
    missing = [*([shape.code] if shape.may_lack else []), *lacking]
    start = f"None if {' or '.join(f'{each} is None' for each in missing)} else " if missing else ""
    return Truth(making.frame.bound(scope, f"({start}{code})"), bool(missing))
