"""The code of `first known of`: the first that has a value, and the reference where a lack before it may end."""

from collections.abc import Callable

from mqldsl.evaluate.generated.frame import Making, NotHere, Scope
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Whole
from mqldsl.model import ir
from mqldsl.model.types import Number


def first_known(making: Making, node: ir.Pick, parts: list[Shape], scope: Scope) -> Shape:
    """Write the code of the first of some parts that is known."""
    known = [_known(part) for part in parts]
    lacks = [_settled(making, part) for part in node.parts]
    if all(test == "True" or settled == "True" for test, settled in zip(known[:-1], lacks[:-1], strict=True)):
        return _plainly(making, parts, known, scope)
    if scope.alone:
        raise NotHere
    frame, out = making.frame, scope.out
    is_number = isinstance(node.type, Number)
    together = ", ".join(frame.variable(letter) for letter in ("vab" if is_number else "vq"))
    with out.cases():
        before: list[str] = []
        for part, test, settled in zip(parts, known, lacks, strict=True):
            out.case(" and ".join([*before, test]), f"{together} = {_all_of(part, is_number=is_number)}")
            if settled == "False":
                break
            before += [settled] if settled != "True" else []
        with out.long_case(" or ".join(known[1:])):
            frame.referee(scope)
            step = "range_of" if is_number else "choice_of"
            out.line(f"{together} = {step}(ref.operand({frame.slot(node)}))")
        out.line(f"{together} = {'None, None, None' if is_number else 'None, None'}")
    names = together.split(", ")
    return Ranged(names[0], names[1], names[2]) if is_number else Chosen(names[0], names[1])


def _known(part: Shape) -> str:
    """Return code that says whether a part has a value."""
    assert not isinstance(part, Whole)
    tests = [f"{part.code} is not None"] if part.may_lack else []
    tests += [f"not {part.is_open}"] if isinstance(part, Counted) and part.is_open != "False" else []
    return " and ".join(tests) or "True"


def _settled(making: Making, node: ir.Operand) -> str:
    """Return code that says whether the lack of a value is settled; `False` where only the reference can tell."""
    match node:
        case ir.Constant():
            return "True"
        case ir.FieldValue("lead", name):
            return making.frame.key_in("lead", name)
        case ir.FieldValue(_, name):
            return f"(acc is None or {making.frame.key_in('account', name)})"
        case ir.Rounded(of) | ir.DomainOf(of) | ir.DaysBetween(_, of):
            return _settled(making, of)
        case _:
            return "False"


def _all_of(part: Shape, *, is_number: bool) -> str:
    """Return code of a value with its bounds, or with what else is possible."""
    if isinstance(part, Ranged):
        return f"{part.code}, {part.low}, {part.high}"
    return f"{part.code}, {part.code}, {part.code}" if is_number else f"{part.code}, None"


def _plainly(making: Making, parts: list[Shape], known: list[str], scope: Scope) -> Shape:
    """Write the code where no lack before the last part can end."""

    def of(end: Callable[[Shape], str]) -> str:
        code = "None"
        for part, test in zip(reversed(parts), reversed(known), strict=True):
            code = f"({end(part)} if {test} else {code})"
        return making.frame.bound(scope, code)

    value = of(lambda part: part.code)
    if not any(isinstance(part, Ranged) for part in parts):
        return Plain(value)
    low = of(lambda part: part.low if isinstance(part, Ranged) else part.code)
    return Ranged(value, low, of(lambda part: part.high if isinstance(part, Ranged) else part.code))
