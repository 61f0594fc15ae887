"""Tests of texts and sets as terms."""

from collections.abc import Callable
from datetime import datetime

from mqldsl.evaluate.comparing import entries
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.comparisons import folded
from mqldsl.evaluate.sql.counting import counted
from mqldsl.evaluate.sql.shapes import Found, Lacks, Truth, could_turn, is_open, together
from mqldsl.evaluate.sql.terms import NO, Operation, Term
from mqldsl.evaluate.sql.writing import Scope, Writing
from mqldsl.model import ir
from mqldsl.model.folding import Entry
from mqldsl.model.types import Value

_TESTS: dict[ir.TextTestKind, Operation] = {
    "contains": "contains",
    "mentions": "mentions",
    "starts with": "starts with",
    "ends with": "ends with",
}


def constant_of(value: Value) -> Term:
    """Return a value that stands in the definition."""
    match value:
        case bool():
            return t.truth(value)
        case float():
            return t.double(value)
        case str():
            return t.text(value)
        case tuple():
            return Term("list", tuple(t.text(each) for each in value))
        case datetime():
            return t.instant(value)
        case _:
            return t.day(value)


def domain_test(node: ir.Member | ir.Matches) -> Callable[[Term], Term]:
    """Return the test of one value: that it is in a collection, or holds a match."""
    if isinstance(node, ir.Matches):
        return lambda value: Term("matches", (Term("squeeze", (value,)), node.pattern))
    if node.entries:
        return lambda value: _among(value, node.entries)
    wanted = [constant_of(value) for value in node.values]
    return lambda value: _is_in(value, wanted)


def _is_in(value: Term, wanted: list[Term]) -> Term:
    if not wanted:
        return t.case([(t.is_null(value), t.UNKNOWN)], NO)
    return Term("=", (value, wanted[0])) if len(wanted) == 1 else Term("in", (value, *wanted))


def _among(value: Term, of: tuple[Entry, ...]) -> Term:
    exact, wild = entries(of)
    text = folded(value)
    tests = [_is_in(text, [t.text(each) for each in sorted(exact)])] if exact or not wild else []
    return t.any_of([*tests, *(Term("fits", (text, entry)) for entry in wild)])


def text_test(writing: Writing, node: ir.TextTest, scope: Scope) -> Truth:
    """Return whether a text has a needle at the right place."""
    of = writing.operand(node.of, scope)
    found = [_searched(node, of, writing.operand(needle, scope)) for needle in node.needles]
    return found[0] if len(found) == 1 else counted(found, 1, len(found))


def _searched(node: ir.TextTest, of: Found, needle: Found) -> Truth:
    """Return whether a text has one needle at the right place."""

    def test(text: Term, wanted: Term) -> Term:
        return Term(_TESTS[node.kind], (folded(text), folded(wanted)))

    value, lacks = test(of.value, needle.value), _lacks_of_both(of, needle)
    if of.options is None and needle.options is None:
        return Truth(value, NO, together([lacks], t.is_null(value)))
    pairs = (
        ((text, wanted), t.all_of([when, when_wanted]))
        for text, when in of.options or ((of.value, t.YES),)
        for wanted, when_wanted in needle.options or ((needle.value, t.YES),)
    )
    open_ = could_turn(value, pairs, test)
    return Truth(value, open_, together([lacks], t.any_of([open_, t.is_null(value)])))


def _lacks_of_both(of: Found, wanted: Found) -> Lacks:
    """Return what is missing of what is looked into, and only where that is there, of what is looked for."""
    in_question = t.any_of([t.is_null(of.value), t.is_there(wanted.value)])
    return together([together([of.lacks], in_question), together([wanted.lacks], t.is_there(of.value))])


def has(writing: Writing, node: ir.Has, scope: Scope) -> Truth:
    """Return whether a set has any, or all, of the wanted."""
    of = writing.operand(node.of, scope)
    members = of.value if t.is_constant(of.value) else Term("folded members", (of.value,))
    least = len(node.wanted) if node.every else 1
    found = counted(
        [_has(of, members, each, writing, scope) for each in node.wanted], least, len(node.wanted)
    )
    if node.wanted:
        return found
    value = t.where(t.is_there(of.value), found.value, "truth")
    return Truth(value, NO, together([of.lacks], t.is_null(value)))


def _has(of: Found, members: Term, wanted: Entry | ir.Operand, writing: Writing, scope: Scope) -> Truth:
    """Return whether a set has an entry of a list, or a value."""
    if isinstance(wanted, Entry):
        value = (
            Term("some fits", (members, wanted))
            if wanted.has_wildcard
            else Term("has", (members, t.text(wanted.folded)))
        )
        open_, lacks = is_open(of), of.lacks
    else:
        found = writing.operand(wanted, scope)
        value = Term("has", (members, folded(found.value)))
        open_, lacks = t.any_of([is_open(of), is_open(found)]), _lacks_of_both(of, found)
    open_ = t.all_of([t.is_there(value), open_])
    return Truth(value, open_, together([lacks], t.any_of([open_, t.is_null(value)])))
