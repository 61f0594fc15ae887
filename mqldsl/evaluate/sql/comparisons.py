"""Comparisons as terms: of texts, labels, days, and of numbers with bounds or with only a least."""

from mqldsl.evaluate.comparing import rank
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Found, Truth, as_double, could_turn, lacks_of, together
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from mqldsl.model import ir
from mqldsl.model.folding import fold
from mqldsl.model.types import Labels, Number, Text, Type

_MIRRORED: dict[ir.Relation, ir.Relation] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=",
}  # fmt: skip


def compare(relation: ir.Relation, left: Found, right: Found, nodes: tuple[ir.Operand, ir.Operand]) -> Truth:
    """Return the answer of a comparison of two operands of one type."""
    kind = nodes[0].type
    if isinstance(kind, Number):
        return _compare_numbers(relation, left, right)

    def held(a: Term, b: Term) -> Term:
        return _holds(relation, a, b, (kind, nodes[1].type))

    value = held(left.value, right.value)
    lacks = lacks_of(left, right)
    if left.options is None and right.options is None:
        return Truth(value, NO, together([lacks], t.is_null(value)))
    firsts = left.options or ((left.value, YES),)
    seconds = right.options or ((right.value, YES),)
    pairs = [((a, b), t.all_of([when_a, when_b])) for a, when_a in firsts for b, when_b in seconds]
    is_open = could_turn(value, pairs, held)
    return Truth(value, is_open, together([lacks], t.any_of([is_open, t.is_null(value)])))


def _holds(relation: ir.Relation, a: Term, b: Term, kinds: tuple[Type, Type]) -> Term:
    as_texts = isinstance(kinds[0], Text) or (isinstance(kinds[0], Labels) and kinds[0] != kinds[1])
    if as_texts and relation in ("=", "!="):
        return Term(relation, (folded(a), folded(b)))
    if isinstance(kinds[0], Labels) and relation not in ("=", "!="):
        return Term(relation, (ranked(a, kinds[0]), ranked(b, kinds[0])))
    return related(relation, a, b)


def related(relation: Operation, a: Term, b: Term) -> Term:
    """Return a comparison, told at once where both sides are constants."""
    if t.is_constant(a) and t.is_constant(b):
        first, second = t.value_of(a), t.value_of(b)
        if first is None or second is None:
            return t.UNKNOWN
        if relation in ("=", "!="):
            return t.truth((first == second) == (relation == "="))
        tests = {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}  # type: ignore[operator] # of one type
        return t.truth(tests[relation])
    return Term(relation, (a, b))


def folded(term: Term) -> Term:
    """Return a text folded; what stands in the definition is folded at once."""
    if t.is_constant(term):
        value = t.value_of(term)
        return t.text(None if value is None else fold(str(value)))
    return Term("fold", (term,))


def ranked(term: Term, kind: Labels) -> Term:
    """Return the place of a label in its list; -1 for a label of another list, missing for none."""
    if t.is_constant(term):
        value = t.value_of(term)
        return t.whole(None if value is None else int(rank(str(value), kind)))  # type: ignore[arg-type] # a number
    arms = [(Term("=", (term, t.text(name))), t.whole(place)) for place, name in enumerate(kind.names)]
    return t.case([*arms, (t.is_null(term), t.whole(None))], t.whole(-1))


# ------------------------------------------------------------------ numbers


def _compare_numbers(relation: ir.Relation, left: Found, right: Found) -> Truth:
    a, b = _of_one_kind(left, right)
    lacks = lacks_of(a, b)
    value = related(relation, a.value, b.value)
    has_bounds = a.bounds is not None or b.bounds is not None
    is_more = t.any_of([a.more, b.more])
    if is_more == NO and not has_bounds:
        return Truth(value, NO, together([lacks], t.is_null(value)))
    yes, no = _ends(relation, a, b)
    if is_more != NO:
        there = t.all_of([t.is_there(a.value), t.is_there(b.value)])
        told = t.case([(t.all_of([yes, no]), t.UNKNOWN), (yes, YES)], NO)
        value = t.case([(t.negation(there), t.UNKNOWN), (is_more, told)], value)
    if not has_bounds:
        return Truth(value, NO, together([lacks], t.is_null(value)))
    is_open = t.is_true(t.all_of([t.is_there(value), yes, no]))
    return Truth(value, is_open, together([lacks], t.any_of([is_open, t.is_null(value)])))


def _of_one_kind(left: Found, right: Found) -> tuple[Found, Found]:
    """Return both as wholes, where both are, or a count stands beside a whole constant; else as doubles."""
    for found, other in ((left, right), (right, left)):
        if found.word == "whole" and t.is_constant(other.value) and other.word == "double":
            value = t.value_of(other.value)
            if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
                as_whole = Found(t.whole(int(value)), "whole", other.settled, other.lacks)
                return (found, as_whole) if found is left else (as_whole, found)
    if left.word == right.word == "whole":
        return left, right
    return as_double(left), as_double(right)


def _ends(relation: ir.Relation, a: Found, b: Found) -> tuple[Term, Term]:
    """Return whether yes and whether no is possible, by everything that both sides may be."""
    yes, no = _possible(relation, a, b)
    if relation in ("=", "!=") and t.any_of([a.more, b.more]) != NO and a.word != "whole":
        apart = t.any_of([_never_meets(a, b), _never_meets(b, a)])
        if apart != NO:
            met_yes, met_no = (NO, YES) if relation == "=" else (YES, NO)
            yes, no = t.case([(apart, met_yes)], yes), t.case([(apart, met_no)], no)
    return yes, no


def _never_meets(count: Found, other: Found) -> Term:
    """Return whether a count, of which only the least is sure, cannot become a number: it grows by whole steps."""
    if count.more == NO:
        return NO
    apart = Term("-", (other.value, count.value))
    has_fraction = Term("!=", (apart, Term("floor", (apart,))))
    exact = [t.negation(other.more)]
    if other.bounds is not None:
        exact.append(Term("=", other.bounds))
    return t.all_of([count.more, *exact, has_fraction])


def _possible(relation: ir.Relation, a: Found, b: Found) -> tuple[Term, Term]:
    match relation:
        case ">" | ">=":
            return _possible(_MIRRORED[relation], b, a)
        case "!=":
            yes, no = _possible("=", a, b)
            return no, yes
        case "<" | "<=":
            reached: Operation = "<" if relation == "<" else "<="
            missed: Operation = ">=" if relation == "<" else ">"
            # The highest of a count that may grow has no end.
            return (
                t.any_of([b.more, related(reached, a.low, b.high)]),
                t.any_of([a.more, related(missed, a.high, b.low)]),
            )
        case _:
            meet = t.all_of(
                [
                    t.any_of([b.more, related("<=", a.low, b.high)]),
                    t.any_of([a.more, related("<=", b.low, a.high)]),
                ]
            )
            one = [t.negation(t.any_of([a.more, b.more]))]
            one += [related("=", *side.bounds) for side in (a, b) if side.bounds is not None]
            return meet, t.negation(t.all_of([meet, *one]))
