"""The code of comparisons: of fields with constants beside what reads them, of counts, of numbers with bounds."""

from collections.abc import Callable

from mqldsl.evaluate.comparing import holds, rank
from mqldsl.evaluate.generated.asking import by_reference, choice_in, guarded
from mqldsl.evaluate.generated.fields import OfNumber
from mqldsl.evaluate.generated.frame import Making, Scope
from mqldsl.evaluate.generated.numerals import double, number
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.evaluate.generated.texts import remembered
from mqldsl.model import ir
from mqldsl.model.folding import fold
from mqldsl.model.types import Date, Labels, Number, Text, Time

_MIRRORED: dict[str, ir.Relation] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "==", "!=": "!="}


def compare(making: Making, node: ir.Compare, scope: Scope) -> Truth:
    """Write the code of a comparison."""
    if isinstance(node.left.type, Text):
        test = _with_constant(node)
        if test is not None:
            return remembered(making, node, *test, scope)
    kind = node.left.type
    of_field = _field_with_constant(making, node)
    if of_field is not None:
        return of_field
    left, right = making.operand(node.left, scope), making.operand(node.right, scope)
    if isinstance(kind, Number):
        sides = _as_doubles(node, left, right)
        return _compare_numbers(making, node, sides, scope)
    if isinstance(left, Whole) or isinstance(right, Whole):
        return by_reference(making, node, scope)
    if isinstance(left, Chosen) and isinstance(kind, Labels) and isinstance(node.right, ir.Constant):
        wanted = node.right.value
        yes = frozenset(label for label in kind.names if holds(node.relation, label, wanted, kind))
        return choice_in(making, left, yes, scope)
    assert not isinstance(left, Counted | Ranged)
    assert not isinstance(right, Counted | Ranged)
    code = _compared(making, node, left.code, right.code)
    return guarded(making, node, (left, right), code, scope)


def _field_with_constant(making: Making, node: ir.Compare) -> Truth | None:
    """Write the comparison of a field with a constant beside what reads the field."""
    match node:
        case ir.Compare(relation, ir.FieldValue(owner, name, kind), ir.Constant(value)):
            pass
        case ir.Compare(relation, ir.Constant(value), ir.FieldValue(owner, name, kind)):
            relation = _MIRRORED[relation]
        case _:
            return None
    frame = making.frame
    match kind:
        case Labels() if node.left.type == node.right.type:
            yes = frozenset(label for label in kind.names if holds(relation, label, value, kind))
            return Truth(frame.field_test(owner, name, yes.__contains__))
        case Number():
            assert isinstance(value, float)
            return Truth(frame.field_test(owner, name, _of_number(f"{{}} {_SIGNS[relation]} {{}}", value)))
        case Date() | Time():
            slot = frame.slot(value, ("constant", type(value), value))
            return Truth(frame.field_test(owner, name, f"{{}} {_SIGNS[relation]} {slot}"))
        case _:
            return None


def _compared(making: Making, node: ir.Compare, left: str, right: str) -> str:
    """Return code that compares two values that are there."""
    kind = node.left.type
    if node.relation in ("=", "!="):
        if isinstance(kind, Text) or node.left.type != node.right.type:
            left, right = f"fold({left})", f"fold({right})"
        return f"{left} {_SIGNS[node.relation]} {right}"
    if isinstance(kind, Labels):
        ranks = making.frame.slot({name: rank(name, kind) for name in kind.names}, ("ranks", kind))
        left, right = f"{ranks}.get({left}, -1.0)", f"{ranks}.get({right}, -1.0)"
    return f"{left} {node.relation} {right}"


def _compare_numbers(making: Making, node: ir.Compare, sides: tuple[Shape, Shape], scope: Scope) -> Truth:
    left, right = sides
    relation: ir.Relation = node.relation
    if isinstance(right, Counted | Ranged) and isinstance(left, Plain):
        left, right, relation = right, left, _MIRRORED[relation]
    if isinstance(left, Plain) and isinstance(right, Plain):
        return guarded(making, node, (left, right), f"{left.code} {_SIGNS[relation]} {right.code}", scope)
    if isinstance(left, Counted) and isinstance(right, Plain | Counted):
        return _compare_count(making, (left, right, relation), scope)
    if isinstance(left, Ranged) and isinstance(right, Plain):
        return _compare_range(making, (left, right, relation), scope)
    if isinstance(left, Ranged) and isinstance(right, Ranged):
        missing = f"{left.code} is None or {right.code} is None"
        ends = f"({left.code}, {left.low}, {left.high}), ({right.code}, {right.low}, {right.high})"
        code = f"(None if {missing} else compared_ranges({making.frame.text(relation)}, {ends}))"
        return Truth(making.frame.bound(scope, code), may_open=True)
    return by_reference(making, node, scope)


def _as_doubles(node: ir.Compare, left: Shape, right: Shape) -> tuple[Shape, Shape]:
    """Return both sides, a constant beside a double as one: Python compares those at once."""
    sides = [left, right]
    for place, (of, other) in enumerate(((node.left, right), (node.right, left))):
        if isinstance(of, ir.Constant) and isinstance(of.value, float) and isinstance(other, Plain | Ranged):
            sides[place] = Plain(double(of.value), may_lack=False)
    return sides[0], sides[1]


def _compare_count(
    making: Making, sides: tuple[Counted, Plain | Counted, ir.Relation], scope: Scope
) -> Truth:
    left, right, relation = sides
    frame = making.frame
    n, v = left.code, right.code
    plain = f"{n} {_SIGNS[relation]} {v}"
    missing = " or ".join(f"{side.code} is None" for side in (left, right) if side.may_lack)
    start = f"None if {missing} else " if missing else ""
    opens = [side.is_open for side in (left, right) if isinstance(side, Counted) and side.is_open != "False"]
    if not opens:
        return Truth(frame.bound(scope, f"({start}True if {plain} else False)"), bool(missing))
    if isinstance(right, Counted):
        name = frame.variable()
        if missing:
            scope.out.line(f"if {missing}: {name} = None")
        scope.out.line(f"{'elif' if missing else 'if'} not ({' or '.join(opens)}): {name} = {plain}")
        counts = f"({n}, {left.is_open}), ({v}, {right.is_open})"
        scope.out.line(f"else: {name} = compared_counts({frame.text(relation)}, {counts})")
        return Truth(name)
    at_least = {
        ">=": f"True if {plain} else None if {left.is_open} else False",
        ">": f"True if {plain} else None if {left.is_open} else False",
        "<": f"False if not ({plain}) else None if {left.is_open} else True",
        "<=": f"False if not ({plain}) else None if {left.is_open} else True",
        "=": f"{plain} if not {left.is_open} or {n} > {v} or ({v} - {n}) % 1 else None",
        "!=": f"{plain} if not {left.is_open} or {n} > {v} or ({v} - {n}) % 1 else None",
    }
    return Truth(frame.bound(scope, f"({start}{at_least[relation]})"))


def _compare_range(making: Making, sides: tuple[Ranged, Plain, ir.Relation], scope: Scope) -> Truth:
    left, right, relation = sides
    missing = [side.code for side in (left, right) if side.may_lack]
    sign, value = _SIGNS[relation], right.code
    all_of = {
        ">=": (f"{left.low} >= {value}", f"{left.high} < {value}"),
        ">": (f"{left.low} > {value}", f"{left.high} <= {value}"),
        "<=": (f"{left.high} <= {value}", f"{left.low} > {value}"),
        "<": (f"{left.high} < {value}", f"{left.low} >= {value}"),
        "=": (f"{left.low} == {left.high} == {value}", f"not {left.low} <= {value} <= {left.high}"),
        "!=": (f"not {left.low} <= {value} <= {left.high}", f"{left.low} == {left.high} == {value}"),
    }
    yes, no = all_of[relation]
    start = f"None if {' or '.join(f'{each} is None' for each in missing)} else " if missing else ""
    code = f"({start}True if {yes} else False if {no} else 4 if {left.code} {sign} {value} else 3)"
    return Truth(making.frame.bound(scope, code), bool(missing), may_open=True)


def _with_constant(node: ir.Compare) -> tuple[ir.Operand, Callable[[str], bool]] | None:
    """Return the operand and the test of a comparison with a text that stands in the definition."""
    for of, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, ir.Constant) and not isinstance(of, ir.Constant):
            return of, _equals(str(other.value), node.relation == "=")
    return None


def between(making: Making, node: ir.Count, scope: Scope) -> Truth | None:
    """Write the two comparisons of `between` as one, where they are of one number and two constants."""
    match node:
        case ir.Count(
            (
                ir.Part(ir.Compare(">=", low_of, ir.Constant(float() as low))),
                ir.Part(ir.Compare("<=", high_of, ir.Constant(float() as high))),
            ),
            2,
        ) if low_of == high_of:
            if isinstance(low_of, ir.FieldValue):
                test = _of_number("{} >= {} and {} <= {}", low, high)
                return Truth(making.frame.field_test(low_of.owner, low_of.name, test))
            shape = making.operand(low_of, scope)
            if isinstance(shape, Plain):
                code = f"{shape.code} >= {double(low)} and {shape.code} <= {double(high)}"
                return guarded(making, node, (shape,), code, scope)
    return None


def _of_number(code: str, *bounds: float) -> OfNumber:
    """Return the code of a test; the number stands before each of the bounds."""
    written = ([part for bound in bounds for part in ("{}", write(bound))] for write in (double, number))
    return OfNumber(*(code.format(*parts) for parts in written))


def _equals(text: str, wanted: bool) -> Callable[[str], bool]:
    """Return the test whether a text is, or is not, equal to another as `=` compares them."""
    folded = fold(text)
    return lambda other: (fold(other) == folded) == wanted
