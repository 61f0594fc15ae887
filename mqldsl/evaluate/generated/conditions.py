"""The code of conditions: three values, and only as many as a condition can have."""

from collections.abc import Callable
from typing import assert_never

from mqldsl.evaluate.comparing import compiled, entries, holds, rank
from mqldsl.evaluate.generated import spans
from mqldsl.evaluate.generated.frame import Making, NotHere, Scope
from mqldsl.evaluate.generated.memory import Memory
from mqldsl.evaluate.generated.numerals import double
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.model import ir
from mqldsl.model.dependencies import pieces
from mqldsl.model.folding import Entry, fold, matches_entry, mentions, regex_found
from mqldsl.model.types import Date, Labels, Number, Text, Time, Value

_MIRRORED: dict[str, ir.Relation] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "==", "!=": "!="}


def condition(making: Making, node: ir.Condition, scope: Scope) -> Truth:
    """Write the code of a condition."""
    match node:
        case ir.Count():
            return _count(making, node, scope)
        case ir.Not(of):
            return _not(making, making.condition(of, scope), scope)
        case ir.ClauseRef(name):
            return _named(making, name, scope)
        case ir.Flag(of):
            return _flag(making, node, of, scope)
        case ir.Compare():
            return _compare(making, node, scope)
        case ir.Member() | ir.TextTest() | ir.Matches():
            return _test(making, node, scope)
        case ir.Has():
            return _has(making, node, scope)
        case ir.IsKnown():
            return _is_known(making, node, scope)
        case ir.InSpan():
            return _in_span(making, node, scope)
        case _:
            assert_never(node)


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
        if isinstance(part, ir.ClauseRef | ir.NamedValue):
            known = making.frame.parts.get(part.name)
            if isinstance(known, Truth) and not known.may_open:
                continue
            if isinstance(known, Plain | Counted):
                continue
            return True
    return False


def _named(making: Making, name: str, scope: Scope) -> Truth:
    known = making.frame.parts[name]
    assert isinstance(known, Truth)
    return known


# ------------------------------------------------------------------ counted and turned


def _count(making: Making, node: ir.Count, scope: Scope) -> Truth:
    between = _between(making, node, scope)
    if between is not None:
        return between
    parts = [making.condition(part.condition, scope) for part in node.parts]
    number, least, most = len(parts), max(node.least, 0), min(node.most, len(node.parts))
    bound = making.frame.bound
    if any(part.may_open for part in parts):
        listed = ", ".join(part.code for part in parts)
        return Truth(bound(scope, f"counted(({listed},), {least}, {most})"), may_open=True)
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


def _between(making: Making, node: ir.Count, scope: Scope) -> Truth | None:
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
                code = f"{{}} >= {double(low)} and {{}} <= {double(high)}"
                return Truth(making.frame.field_test(low_of.owner, low_of.name, code))
            shape = making.operand(low_of, scope)
            if isinstance(shape, Plain):
                code = f"{shape.code} >= {double(low)} and {shape.code} <= {double(high)}"
                return _guarded(making, node, (shape,), code, scope)
    return None


def _all(making: Making, parts: list[Truth], scope: Scope, *, may_lack: bool) -> Truth:
    name = making.frame.bound(scope, f"({' and '.join(part.code for part in parts)})" if len(parts) > 1 else f"({parts[0].code})")
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
        return Truth(frame.bound(scope, f"({least} <= {_sum([part.code for part in parts])} <= {most})"), may_lack=False)
    yes, unknown = frame.variable("n"), frame.variable("n")
    scope.out.line(f"{yes} = {unknown} = 0")
    for part in parts:
        scope.out.line(f"if {part.code}: {yes} += 1")
        if part.may_lack:
            scope.out.line(f"elif {part.code} is None: {unknown} += 1")
    if most >= len(parts):
        code = f"(True if {yes} >= {least} else None if {yes} + {unknown} >= {least} else False)"
    else:
        held = f"{yes} >= {least} and {yes} + {unknown} <= {most}"
        code = f"(True if {held} else False if {yes} + {unknown} < {least} or {yes} > {most} else None)"
    return Truth(frame.bound(scope, code))


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


# ------------------------------------------------------------------ comparisons


def _compare(making: Making, node: ir.Compare, scope: Scope) -> Truth:
    if isinstance(node.left.type, Text):
        test = _with_constant(node)
        if test is not None:
            return _remembered(making, node, *test, scope)
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
        return _choice_in(making, left, yes, scope)
    assert not isinstance(left, Counted | Ranged)
    assert not isinstance(right, Counted | Ranged)
    code = _compared(making, node, left.code, right.code)
    return _guarded(making, node, (left, right), code, scope)


def _choice_in(making: Making, shape: Chosen, yes: frozenset[Value], scope: Scope) -> Truth:
    """Write whether a label is one of some, and whether all or none that are possible are."""
    slot = making.frame.slot(yes)
    start = f"None if {shape.code} is None else " if shape.may_lack else ""
    plainly = f"{shape.code} in {slot} if {shape.possible} is None"
    code = f"({start}{plainly} else choice_in({shape.code}, {shape.possible}, {slot}))"
    return Truth(making.frame.bound(scope, code), shape.may_lack, may_open=True)


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
            return Truth(frame.field_test(owner, name, f"{{}} {_SIGNS[relation]} {double(value)}"))
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
        left, right = f"{ranks}[{left}]", f"{ranks}[{right}]"
    return f"{left} {node.relation} {right}"


def _guarded(
    making: Making, node: ir.Condition, shapes: tuple[Shape, ...], code: str, scope: Scope
) -> Truth:
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


def _compare_numbers(making: Making, node: ir.Compare, sides: tuple[Shape, Shape], scope: Scope) -> Truth:
    left, right = sides
    relation: ir.Relation = node.relation
    if isinstance(right, Counted | Ranged) and isinstance(left, Plain):
        left, right, relation = right, left, _MIRRORED[relation]
    if isinstance(left, Plain) and isinstance(right, Plain):
        return _guarded(making, node, (left, right), f"{left.code} {_SIGNS[relation]} {right.code}", scope)
    if isinstance(left, Counted) and isinstance(right, Plain | Counted):
        return _compare_count(making, node, (left, right, relation), scope)
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
    making: Making, node: ir.Compare, sides: tuple[Counted, Plain | Counted, ir.Relation], scope: Scope
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


def _compare_range(
    making: Making, sides: tuple[Ranged, Plain, ir.Relation], scope: Scope
) -> Truth:
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


# ------------------------------------------------------------------ tests of one value


def _test(making: Making, node: ir.Member | ir.TextTest | ir.Matches, scope: Scope) -> Truth:
    test = _test_of(node)
    if test is None:
        return by_reference(making, node, scope)
    if isinstance(node.of.type, Text):
        return _remembered(making, node, node.of, test, scope)
    if isinstance(node, ir.Member) and isinstance(node.of, ir.FieldValue):
        values = frozenset(node.values)
        is_label = isinstance(node.of.type, Labels)
        code = values.__contains__ if is_label else f"{{}} in {making.frame.slot(values)}"
        return Truth(making.frame.field_test(node.of.owner, node.of.name, code))
    shape = making.operand(node.of, scope)
    if isinstance(shape, Chosen) and isinstance(node, ir.Member) and isinstance(node.of.type, Labels):
        return _choice_in(making, shape, frozenset(node.values), scope)
    if isinstance(shape, Plain | Chosen) and isinstance(node, ir.Member):
        values = making.frame.slot(frozenset(node.values))
        return _guarded(making, node, (shape,), f"{shape.code} in {values}", scope)
    if isinstance(shape, Ranged) and isinstance(node, ir.Member):
        exact = f"{shape.low} == {shape.high}"
        return _exact_or_reference(making, node, (shape.code, exact, f"{shape.code} in {making.frame.slot(frozenset(node.values))}"), scope)
    return by_reference(making, node, scope)


def _exact_or_reference(making: Making, node: ir.Condition, codes: tuple[str, str, str], scope: Scope) -> Truth:
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


def _remembered(
    making: Making, node: ir.Condition, of: ir.Operand, test: Callable[[str], bool], scope: Scope
) -> Truth:
    """Write a test of a text as one look-up: the answer for each text is worked out once."""
    frame = making.frame
    domain = isinstance(of, ir.DomainOf)
    inner = of.of if isinstance(of, ir.DomainOf) else of
    if isinstance(inner, ir.FieldValue):
        return Truth(frame.field_test(inner.owner, inner.name, _of_domain(test) if domain else test))
    if isinstance(inner, ir.PropertyValue):
        assert scope.alone
        if inner.name not in scope.kind.properties:
            return Truth("None")
        read = frame.property_reader(scope.kind, inner.name)
        raw = f"e.get({frame.text(inner.name)})"
    else:
        shape = making.operand(inner, scope)
        if not isinstance(shape, Plain):
            return by_reference(making, node, scope)
        read, raw = _as_it_is, shape.code

    tested = _of_domain(test) if domain else test

    def compute(value: object) -> bool | None:
        found = read(value)
        return None if found is None else tested(str(found))

    return Truth(frame.bound(scope, f"{frame.slot(Memory(compute))}[{raw}]"))


def _of_domain(test: Callable[[str], bool]) -> Callable[[str], bool | None]:
    """Return a test of what follows the last `@`."""

    def tested(text: str) -> bool | None:
        domain = domain_of(text)
        return None if domain is None else test(domain)

    return tested


def _as_it_is(value: object) -> Value | None:
    return value  # type: ignore[return-value] # a value already


def domain_of(text: str) -> str | None:
    """Return what follows the last `@`."""
    _, at, domain = text.rpartition("@")
    return domain if at and domain.strip() else None


def _with_constant(node: ir.Compare) -> tuple[ir.Operand, Callable[[str], bool]] | None:
    """Return the operand and the test of a comparison with a text that stands in the definition."""
    for of, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, ir.Constant) and not isinstance(of, ir.Constant):
            wanted = fold(str(other.value))
            wants_equal = node.relation == "="
            return of, lambda text: (fold(text) == wanted) == wants_equal
    return None


def _test_of(node: ir.Member | ir.TextTest | ir.Matches) -> Callable[[str], bool] | None:
    """Return the test of a text; None where it hangs on more than constants."""
    match node:
        case ir.Member():
            exact, wild = entries(node.entries)
            return lambda text: _is_in(fold(text), exact, wild)
        case ir.Matches():
            pattern = compiled(node.pattern)
            return lambda text: regex_found(pattern, text)
        case ir.TextTest(kind, _, needles):
            wanted = [fold(str(each.value)) for each in needles if isinstance(each, ir.Constant)]
            if len(wanted) < len(needles):
                return None
            has = _TEXT_TESTS[kind]
            return lambda text: any(has(fold(text), needle) for needle in wanted)
        case _:
            assert_never(node)


def _is_in(folded: str, exact: frozenset[str], wild: tuple[Entry, ...]) -> bool:
    return folded in exact or any(matches_entry(entry, folded) for entry in wild)


_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, needle: needle in text,
    "mentions": mentions,
    "starts with": str.startswith,
    "ends with": str.endswith,
}


def _has(making: Making, node: ir.Has, scope: Scope) -> Truth:
    shape = making.operand(node.of, scope)
    wanted = [each for each in node.wanted if isinstance(each, Entry | ir.Constant)]
    if not isinstance(shape, Plain) or len(wanted) < len(node.wanted):
        return by_reference(making, node, scope)
    entries_ = [each if isinstance(each, Entry) else fold(str(each.value)) for each in wanted]
    all_or_any = all if node.every else any

    def has(members: tuple[str, ...]) -> bool:
        folded = [fold(member) for member in members]
        return all_or_any(
            (each in folded) if isinstance(each, str) else any(matches_entry(each, one) for one in folded)
            for each in entries_
        )

    return _guarded(making, node, (shape,), f"{making.frame.slot(has)}({shape.code})", scope)


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
    if not shape.may_lack:
        return Truth("True", may_lack=False)
    frame = making.frame
    name = frame.variable()
    sure = f"{shape.code} is not None" + (f" and not {shape.is_open}" if isinstance(shape, Counted) else "")
    scope.out.line(f"if {sure}: {name} = True")
    with scope.out.block("else:"):
        frame.referee(scope)
        scope.out.line(f"{name} = state_of(ref.condition({frame.slot(node)}).answer)")
    return Truth(name, may_open=may_open(making, node))


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
