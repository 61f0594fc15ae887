"""Tests of texts and sets as terms."""

from collections.abc import Callable
from datetime import datetime

from mqldsl.evaluate.comparing import entries
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.comparisons import folded
from mqldsl.evaluate.sql.shapes import Found, Truth, could_turn, is_open, together
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
    return _any([_searched(node, of, writing.operand(needle, scope)) for needle in node.needles])


def _searched(node: ir.TextTest, of: Found, needle: Found) -> Truth:
    """Return whether a text has one needle at the right place."""

    def test(text: Term, wanted: Term) -> Term:
        return Term(_TESTS[node.kind], (folded(text), folded(wanted)))

    value = test(of.value, needle.value)
    if of.options is None and needle.options is None:
        wanted = together([needle.lacks], t.all_of([t.is_there(of.value), t.is_null(needle.value)]))
        return Truth(value, NO, together([of.lacks, wanted], t.is_null(value)))
    pairs = (
        ((text, wanted), t.all_of([when, when_wanted]))
        for text, when in of.options or ((of.value, t.YES),)
        for wanted, when_wanted in needle.options or ((needle.value, t.YES),)
    )
    open_ = could_turn(value, pairs, test)
    wanted = together([needle.lacks], t.is_there(of.value))
    return Truth(value, open_, together([of.lacks, wanted], t.any_of([open_, t.is_null(value)])))


def _any(truths: list[Truth]) -> Truth:
    if len(truths) == 1:
        return truths[0]
    value = t.any_of(truth.value for truth in truths)
    lacks = together(together([truth.lacks], truth.is_open) for truth in truths)
    if all(truth.open == NO for truth in truths):
        return Truth(value, NO, together([lacks], t.is_null(value)))
    yes = t.any_of(truth.can_be_yes for truth in truths)
    no = t.negation(t.any_of(truth.must_be_yes for truth in truths))
    is_open = t.all_of([yes, no])
    return Truth(value, is_open, together([lacks], t.any_of([is_open, t.is_null(value)])))


def has(writing: Writing, node: ir.Has, scope: Scope) -> Truth:
    """Return whether a set has any, or all, of the wanted."""
    of = writing.operand(node.of, scope)
    members = Term("folded members", (of.value,))
    if t.is_constant(of.value):
        members = of.value
    tests, lacks = [], [of.lacks]
    opens, open_lacks = [], [together([of.lacks], is_open(of))]
    for wanted in node.wanted:
        if isinstance(wanted, Entry):
            test = (
                Term("some fits", (members, wanted))
                if wanted.has_wildcard
                else Term("has", (members, t.text(wanted.folded)))
            )
            opens.append(is_open(of))
        else:
            found = writing.operand(wanted, scope)
            test = Term("has", (members, folded(found.value)))
            opens.append(t.any_of([is_open(of), is_open(found)]))
            open_lacks.append(together([found.lacks], is_open(found)))
            lacks.append(together([found.lacks], t.all_of([t.is_there(of.value), t.is_null(found.value)])))
        tests.append(test)
    value = t.all_of(tests) if node.every else t.any_of(tests)
    if not tests:
        value = t.truth(node.every)
    value = t.where(t.is_there(of.value), value, "truth") if not tests else value
    lacking = together(lacks, t.is_null(value))
    if all(each == NO for each in opens):
        return Truth(value, NO, lacking)
    truths = [Truth(test, open_) for test, open_ in zip(tests, opens, strict=True)]
    join = t.all_of if node.every else t.any_of
    yes, no = join(each.can_be_yes for each in truths), t.negation(join(each.must_be_yes for each in truths))
    open_ = t.all_of([t.is_there(value), yes, no])
    return Truth(value, open_, together([lacking, together(open_lacks, open_)]))
