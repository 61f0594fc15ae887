"""The code of tests of one value: texts by what was worked out once, lists, patterns, sets."""

from collections.abc import Callable
from typing import assert_never

from mqldsl.evaluate.comparing import compiled, entries
from mqldsl.evaluate.generated.asking import by_reference, choice_in, exact_or_reference, guarded
from mqldsl.evaluate.generated.frame import Making, Scope
from mqldsl.evaluate.generated.memory import Memory
from mqldsl.evaluate.generated.shapes import Chosen, Plain, Ranged, Truth
from mqldsl.model import ir
from mqldsl.model.folding import Entry, fold, matches_entry, mentions, regex_found
from mqldsl.model.types import Labels, Text, Value


def tested(making: Making, node: ir.Member | ir.TextTest | ir.Matches, scope: Scope) -> Truth:
    """Write the code of a test of one value against constants."""
    test = _test_of(node)
    if test is None:
        return by_reference(making, node, scope)
    if isinstance(node.of.type, Text):
        return remembered(making, node, node.of, test, scope)
    if isinstance(node, ir.Member) and isinstance(node.of, ir.FieldValue):
        values = frozenset(node.values)
        is_label = isinstance(node.of.type, Labels)
        code = values.__contains__ if is_label else f"{{}} in {making.frame.slot(values)}"
        return Truth(making.frame.field_test(node.of.owner, node.of.name, code))
    shape = making.operand(node.of, scope)
    if isinstance(shape, Chosen) and isinstance(node, ir.Member) and isinstance(node.of.type, Labels):
        return choice_in(making, shape, frozenset(node.values), scope)
    if isinstance(shape, Plain | Chosen) and isinstance(node, ir.Member):
        slot = making.frame.slot(frozenset(node.values))
        return guarded(making, node, (shape,), f"{shape.code} in {slot}", scope)
    if isinstance(shape, Ranged) and isinstance(node, ir.Member):
        exact = f"{shape.low} == {shape.high}"
        return exact_or_reference(
            making,
            node,
            (shape.code, exact, f"{shape.code} in {making.frame.slot(frozenset(node.values))}"),
            scope,
        )
    return by_reference(making, node, scope)


def remembered(
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
        assert scope.kind is not None
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


def has(making: Making, node: ir.Has, scope: Scope) -> Truth:
    """Write the code of a test of what a set has."""
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

    return guarded(making, node, (shape,), f"{making.frame.slot(has)}({shape.code})", scope)
