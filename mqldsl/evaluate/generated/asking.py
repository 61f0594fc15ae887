"""What all conditions share: the way to the reference, and code for values that are there."""

from mqldsl.evaluate.generated.frame import Making, NotHere, Scope
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Shape, Truth, Whole
from mqldsl.model import ir
from mqldsl.model.dependencies import pieces
from mqldsl.model.types import Value


def by_reference(making: Making, node: ir.Condition, scope: Scope) -> Truth:
    """Write code that asks the reference."""
    if scope.alone:
        raise NotHere
    making.frame.referee(scope)
    name = making.frame.variable()
    scope.out.line(f"{name} = state_of(ref.condition({making.frame.slot(node)}).answer)")
    return Truth(name, may_open=may_open(making, node))


def may_open(making: Making, node: object) -> bool:
    """Say whether a piece of meaning hangs on something with more than one possible value."""
    for part in pieces(node):
        if isinstance(part, ir.Pick) and part.kind == "first known":
            return True
        if isinstance(part, ir.ClauseRef | ir.NamedValue):
            known = making.frame.parts.get(part.name)
            if isinstance(known, Truth) and not known.may_open:
                continue
            if isinstance(known, Plain | Counted):
                continue
            return True
    return False


def guarded(making: Making, node: ir.Condition, shapes: tuple[Shape, ...], code: str, scope: Scope) -> Truth:
    """Write code that holds for known values: None where one is missing, the reference where more is possible."""
    frame = making.frame
    lacking = [shape.code for shape in shapes if not isinstance(shape, Whole) and shape.may_lack]
    inexact = [f"{shape.possible} is not None" for shape in shapes if isinstance(shape, Chosen)]
    missing = " or ".join(f"{each} is None" for each in lacking)
    if not inexact:
        start = f"None if {missing} else " if missing else ""
        return Truth(frame.bound(scope, f"({start}True if {code} else False)"), bool(missing))
    if scope.alone:
        raise NotHere
    name = frame.variable()
    if missing:
        scope.out.line(f"if {missing}: {name} = None")
    with scope.out.block(f"{'elif' if missing else 'if'} {' or '.join(inexact)}:"):
        frame.referee(scope)
        scope.out.line(f"{name} = state_of(ref.condition({frame.slot(node)}).answer)")
    scope.out.line(f"else: {name} = True if {code} else False")
    return Truth(name, may_open=True)


def exact_or_reference(
    making: Making, node: ir.Condition, codes: tuple[str, str, str], scope: Scope
) -> Truth:
    """Write code that holds while a value is exact, and asks the reference otherwise: a value, its test, the answer."""
    if scope.alone:
        raise NotHere
    value, exact, code = codes
    frame = making.frame
    name = frame.variable()
    scope.out.line(f"if {value} is None: {name} = None")
    scope.out.line(f"elif {exact}: {name} = {code}")
    with scope.out.block("else:"):
        frame.referee(scope)
        scope.out.line(f"{name} = state_of(ref.condition({frame.slot(node)}).answer)")
    return Truth(name, may_open=True)


def choice_in(making: Making, shape: Chosen, yes: frozenset[Value], scope: Scope) -> Truth:
    """Write whether a label is one of some, and whether all or none that are possible are."""
    slot = making.frame.slot(yes)
    start = f"None if {shape.code} is None else " if shape.may_lack else ""
    plainly = f"{shape.code} in {slot} if {shape.possible} is None"
    code = f"({start}{plainly} else choice_in({shape.code}, {shape.possible}, {slot}))"
    return Truth(making.frame.bound(scope, code), shape.may_lack, may_open=True)
