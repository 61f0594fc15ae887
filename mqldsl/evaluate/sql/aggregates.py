"""Aggregates over a selection as measures of the lead: how many, how different, how much, first and last."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.company import lacks_one, settles
from mqldsl.evaluate.sql.comparisons import ranked
from mqldsl.evaluate.sql.reaching import reach
from mqldsl.evaluate.sql.rows import member_value
from mqldsl.evaluate.sql.shapes import Chosen, Found, Lacking, Lacks, Option, is_open, nothing, together
from mqldsl.evaluate.sql.streams import AT, ROW
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir
from mqldsl.model.calendar import day_of
from mqldsl.model.types import Labels, Number, SetOf, Text, Type, YesNo


@attrs.frozen
class Summary:
    """What all aggregates of a selection need: its rows that are sure, and whether it is exact."""

    chosen: Chosen
    sure: Term
    maybe: Term
    has_maybe: Term
    has_gap: Term

    @property
    def is_exact(self) -> Term:
        """Whether nothing else can belong to the selection."""
        return t.negation(t.any_of([self.has_maybe, self.has_gap]))


def summary(writing: Writing, chosen: Chosen) -> Summary:
    """Return the selection with all that is in doubt among the rows that may belong."""
    sure = t.all_of([chosen.sure, t.negation(chosen.doubtful)])
    maybe = t.any_of([chosen.maybe, chosen.doubtful, chosen.unlikely])
    return Summary(
        chosen, sure, maybe, some(writing, chosen, maybe), t.any_of(gap.when for gap in chosen.gaps)
    )


def some(writing: Writing, chosen: Chosen, which: Term) -> Term:
    """Return whether there are such rows."""
    return writing.board.measure(chosen.stream, Term("any where", (which,)))


def how_many_rows(writing: Writing, chosen: Chosen, which: Term) -> Term:
    """Return how many such rows there are."""
    return writing.board.measure(chosen.stream, Term("count where", (which,)))


def all_lacks(writing: Writing, of: Summary) -> Lacks:
    """Return everything that keeps a selection from being exact."""
    chosen = of.chosen

    def found() -> Sequence[Lacking]:
        rows = []
        if of.maybe != NO:
            for each in chosen.row_lacks():
                if any(alias == ROW for alias, _ in each.when.columns):
                    when = some(writing, chosen, t.all_of([of.maybe, each.when]))
                else:
                    when = t.all_of([of.has_maybe, each.when])
                rows.append(attrs.evolve(each, when=when))
            rows += [attrs.evolve(each, when=t.all_of([of.has_maybe, each.when])) for each in chosen.lacks()]
        for gap in chosen.gaps:
            rows.append(
                Lacking(gap.kind, "people" if gap.kind == "people" else "feed", blank=False, when=gap.when)
            )
        there = t.negation(chosen.absent)
        return tuple(attrs.evolve(each, when=t.all_of([there, each.when])) for each in rows)

    return found


# ------------------------------------------------------------------ counts


def how_many(writing: Writing, chosen: Chosen) -> Found:
    """Return how many a selection holds."""
    number = how_many_rows(writing, chosen, chosen.sure)
    if chosen.doubtful == NO and chosen.unlikely == NO:
        return _count(writing, summary(writing, chosen), number)
    has_gap = t.any_of(gap.when for gap in chosen.gaps)
    exact = t.negation(t.any_of([some(writing, chosen, chosen.maybe), has_gap]))
    sure = summary(writing, chosen)
    least = how_many_rows(writing, chosen, sure.sure)
    most = Term("whole +", (number, how_many_rows(writing, chosen, chosen.unlikely)))
    found = _count(writing, sure, t.case([(exact, number)], least))
    high = t.case([(exact, most)], least)
    return attrs.evolve(
        found, bounds=(least, high), more=t.all_of([t.negation(exact), t.negation(chosen.absent)])
    )


def _count(writing: Writing, of: Summary, number: Term, more: Term = NO, why: Lacks = nothing) -> Found:
    absent = of.chosen.absent
    open_ = t.any_of([t.negation(of.is_exact), more])
    value = t.case([(absent, t.whole(None))], number)
    lacks = together([lacks_one(writing, of.chosen), all_lacks(writing, of), why])
    return Found(
        value, "whole", settles(writing, of.chosen, YES), lacks, more=t.all_of([open_, t.negation(absent)])
    )


# ------------------------------------------------------------------ first and last


def anchor(writing: Writing, chosen: Chosen, which: str) -> Found:
    """Return the instant of the first or last of a selection, as far as it is sure."""
    of = summary(writing, chosen)
    op: Operation = "max where" if which == "last" else "min where"
    timed = t.all_of([of.sure, t.is_there(AT)]) if _may_lack_time(chosen) else of.sure
    at = writing.board.measure(chosen.stream, Term(op, (timed, AT)))
    if t.is_constant(at):
        at = t.instant(None)
    known = of.is_exact
    if which == "last":
        far = t.negation(t.any_of(t.all_of([gap.when, t.is_null(gap.until)]) for gap in chosen.gaps))
        known = t.any_of([known, t.all_of([t.is_there(at), far, t.negation(of.has_maybe)])])
    value = t.where(t.all_of([known, t.negation(chosen.absent)]), at, "instant")
    settled = settles(writing, chosen, of.is_exact)
    lacks = together(
        [lacks_one(writing, chosen), together([all_lacks(writing, of)], t.negation(of.is_exact))],
        t.is_null(value),
    )
    return Found(value, "instant", settled, lacks)


def _may_lack_time(chosen: Chosen) -> bool:
    return chosen.stream.has_records


# ------------------------------------------------------------------ over values


def aggregate(writing: Writing, node: ir.Aggregate, chosen: Chosen) -> Found:
    """Return an aggregate over the members of a selection."""
    of = summary(writing, chosen)
    if node.kind == "distinct days":
        return _count(writing, of, _distinct_days(writing, of))
    assert node.each is not None
    each = member_value(writing, node.each, chosen)
    open_rows = t.all_of([of.sure, t.is_null(each.value), t.negation(_blank_only(each))])
    unsupplied = some(writing, chosen, open_rows)
    known = t.all_of([of.sure, t.is_there(each.value)])
    why = together([_not_blank(_lacks_of_rows(writing, of, each))], unsupplied)
    match node.kind:
        case "distinct" | "most":
            return _grouped(writing, node, of, (each, known, unsupplied), why)
        case "latest" | "earliest":
            return _at_the_end(writing, node, of, each)
        case _:
            return _over_values(writing, node, of, (each, known, unsupplied))


def _grouped(
    writing: Writing, node: ir.Aggregate, of: Summary, rows: tuple[Found, Term, Term], why: Lacks
) -> Found:
    """Return how many groups there are, or how large the largest is; each value that could be another may be in any."""
    each, known, unsupplied = rows
    assert node.each is not None
    chosen, measure = of.chosen, writing.board.measure
    value = comparable(each.value, node.each.type, chosen)

    def groups(which: Term) -> Term:
        if node.kind == "distinct":
            return measure(chosen.stream, Term("count distinct where", (which, value)))
        return measure(chosen.stream, Term("count where", (which,)), by=value)

    open_ = is_open(each)
    if open_ == NO:
        return _count(writing, of, groups(known), unsupplied, why)
    least, opens = groups(t.all_of([known, t.negation(open_)])), t.all_of([known, open_])
    exact = t.all_of([of.is_exact, t.negation(unsupplied)])
    found = _count(writing, of, t.case([(exact, groups(known))], least), unsupplied, why)
    most = Term("whole +", (least, how_many_rows(writing, chosen, opens)))

    def lacks() -> Sequence[Lacking]:
        return [
            attrs.evolve(lack, when=t.all_of([exact, some(writing, chosen, t.all_of([opens, lack.when]))]))
            for lack in each.lacks()
        ]

    return attrs.evolve(
        found, bounds=(least, t.case([(exact, most)], least)), lacks=together([found.lacks, lacks])
    )


def _blank_only(each: Found) -> Term:
    """Return whether only what was asked for and is empty is missing."""
    return t.negation(
        t.any_of(lack.when for lack in each.lacks() if not lack.blank and lack.kind != "clause")
    )


def comparable(value: Term, kind: Type, chosen: Chosen) -> Term:
    """Return what `=` compares: folded text, other values as they are."""
    several = isinstance(kind, Labels) and len(chosen.stream.kinds) > 1
    return Term("fold", (value,)) if isinstance(kind, Text) or several else value


def _distinct_days(writing: Writing, of: Summary) -> Term:
    timed = t.all_of([of.sure, t.is_there(AT)]) if _may_lack_time(of.chosen) else of.sure
    clock = writing.clock
    day, start = clock.day_of(AT), reach(timed).start
    if start is not None and isinstance(clock.now, datetime):
        at = t.value_of(start[1])
        assert isinstance(at, datetime)
        ends = t.day(day_of(at.replace(tzinfo=UTC), clock.zone)), t.day(day_of(clock.now, clock.zone))
        return writing.board.measure(of.chosen.stream, Term("days where", (timed, day, *ends)))
    return writing.board.measure(of.chosen.stream, Term("count distinct where", (timed, day)))


def _over_values(writing: Writing, node: ir.Aggregate, of: Summary, rows: tuple[Found, Term, Term]) -> Found:
    each, known, unsupplied = rows
    assert node.each is not None
    kind, chosen, board = node.each.type, of.chosen, writing.board
    exact = t.all_of([of.is_exact, t.negation(unsupplied), t.negation(chosen.absent)])

    def value_of(values: Term, known: Term = known) -> Term:
        found = _of_values(writing, node, chosen, (known, values))
        return t.constant(each.word, None) if t.is_constant(found) else found

    def end_of(values: Term, none: float) -> Term:
        is_sum = node.kind in ("total", "average")
        # One bound without an end leaves the sum without one.
        if is_sum and values == t.double(none):
            return t.where(some(writing, chosen, known), values, each.word)
        if not is_sum or t.is_constant(values):
            return value_of(values)
        ends = Term("is finite", (values,))
        endless = some(writing, chosen, t.all_of([known, t.negation(ends)]))
        return t.case([(endless, t.double(none))], value_of(values, t.all_of([known, ends])))

    value = value_of(each.value)
    if node.kind == "total":
        none_at_all = t.all_of([t.is_null(value), t.negation(some(writing, chosen, of.sure))])
        value = t.case([(none_at_all, t.double(0))], value)
    value = board.bind(t.where(exact, value, each.word))
    settled = settles(writing, chosen, t.all_of([of.is_exact, t.negation(unsupplied)]))
    missing = together([all_lacks(writing, of)], t.negation(of.is_exact))
    row_lacks = _lacks_of_rows(writing, of, each)
    blank = row_lacks if isinstance(node.each, ir.PropertyValue) else nothing
    why = [missing, _not_blank(row_lacks), together([blank], exact)]
    lacks = together([lacks_one(writing, chosen), together(why, t.is_null(value))])
    if each.bounds is not None:
        endless = (-math.inf, math.inf)
        pairs = zip(each.bounds, endless, strict=True)
        ends = [t.where(exact, end_of(end, none), each.word) for end, none in pairs]
        if node.kind == "total":
            ends = [t.where(exact, t.coalesce(end, value), each.word) for end in ends]
        gone = t.all_of([t.is_there(value), some(writing, chosen, t.all_of([known, each.gone]))])
        low, high = (t.case([(gone, t.double(none))], end) for none, end in zip(endless, ends, strict=True))
        wide = together([row_lacks], Term("!=", (low, high)))
        return Found(value, each.word, settled, together([lacks, wide]), (low, high), gone=gone)
    if each.options is not None and not isinstance(kind, Labels):
        open_ = some(writing, chosen, t.all_of([known, is_open(each)]))
        gone = some(writing, chosen, t.all_of([known, each.gone]))
        lacks = together([lacks, together([row_lacks], open_)])
        options = ((value, YES), (t.constant(each.word, None), t.any_of([open_, gone])))
        return Found(
            value, each.word, settled, lacks, options=options, gone=t.all_of([t.is_there(value), gone])
        )
    if each.options is not None and isinstance(kind, Labels):
        return Found(
            value,
            each.word,
            settled,
            together([lacks, row_lacks]),
            options=_options(writing, of, each, known, kind),
        )
    return Found(value, each.word, settled, lacks)


def _lacks_of_rows(writing: Writing, of: Summary, each: Found) -> Lacks:
    def found() -> Sequence[Lacking]:
        return tuple(
            attrs.evolve(lack, when=some(writing, of.chosen, t.all_of([of.sure, lack.when])))
            for lack in each.lacks()
        )

    return found


def _not_blank(lacks: Lacks) -> Lacks:
    return lambda: [each for each in lacks() if not each.blank]


def _options(writing: Writing, of: Summary, each: Found, known: Term, kind: Labels) -> tuple[Option, ...]:
    """Return every label that any of the members could have."""
    options = []
    for name in kind.names:
        label = t.text(name)
        possible = t.any_of(
            t.all_of([when, t.is_true(Term("=", (value, label)))]) for value, when in each.options or ()
        )
        options.append((label, some(writing, of.chosen, t.all_of([known, possible]))))
    gone = some(writing, of.chosen, t.all_of([known, each.gone]))
    return tuple(options) if gone == NO else (*options, (t.text(None), gone))


def _of_values(writing: Writing, node: ir.Aggregate, chosen: Chosen, rows: tuple[Term, Term]) -> Term:
    """Return the total, average, highest or lowest of the values of some rows; missing for none."""
    known, values = rows
    assert node.each is not None
    kind, measure = node.each.type, writing.board.measure
    if node.kind in ("total", "average"):
        if t.is_constant(values):
            values = chosen.stream.computing(values)
        total = _exact_total(writing, chosen, known, values)
        if node.kind == "total":
            return total
        number = Term("to double", (measure(chosen.stream, Term("count where", (known,))),))
        some_number = t.case([(Term("=", (number, t.double(0))), t.double(None))], number)
        return _millionths(Term("/", (total, some_number)))
    op: Operation = "max where" if node.kind == "highest" else "min where"
    if isinstance(kind, Labels):
        best = measure(chosen.stream, Term(op, (known, ranked(values, kind))))
        if t.is_constant(best):
            return t.text(None)
        arms = [(Term("=", (best, t.whole(place))), t.text(name)) for place, name in enumerate(kind.names)]
        foreign = t.all_of([known, Term("=", (ranked(values, kind), t.whole(-1)))])
        if len(chosen.stream.kinds) > 1:
            other = measure(chosen.stream, Term("max where", (foreign, values)))
            arms.append((Term("=", (best, t.whole(-1))), other if not t.is_constant(other) else t.text(None)))
        return t.case(arms, t.text(None))
    best = measure(chosen.stream, Term(op, (known, values)))
    return _millionths(best) if isinstance(kind, Number) and not t.is_constant(best) else best


def _exact_total(writing: Writing, chosen: Chosen, known: Term, values: Term) -> Term:
    total = writing.board.measure(chosen.stream, Term("sum where", (known, values)))
    return Term("finite", (total,)) if not t.is_constant(total) else t.double(None)


def _millionths(number: Term) -> Term:
    scaled = Term("*", (number, t.double(1e6)))
    kept = Term("/", (Term("round even", (scaled,)), t.double(1e6)))
    return t.case([(Term("is finite", (scaled,)), kept)], number)


# ------------------------------------------------------------------ first and last touch


def _at_the_end(writing: Writing, node: ir.Aggregate, of: Summary, each: Found) -> Found:
    """Return the value of the last or first event; among equal times the largest, known before missing."""
    assert node.each is not None
    chosen, kind, measure = of.chosen, node.each.type, writing.board.measure
    instant = anchor(writing, chosen, "last" if node.kind == "latest" else "first")
    if t.is_constant(instant.value):
        return Found(t.constant(each.word, None), each.word, instant.settled, instant.lacks)
    at = writing.board.bind(instant.value)
    there = t.all_of([of.sure, t.is_true(Term("=", (AT, at)))])
    unsupplied = some(writing, chosen, t.all_of([there, t.is_null(each.value), t.negation(each.settled)]))
    known = t.all_of([there, t.is_there(each.value)])
    if known == NO:
        value = t.constant(each.word, None)
    elif isinstance(kind, Labels):
        rank = measure(chosen.stream, Term("max where", (known, ranked(each.value, kind))))
        arms = [(Term("=", (rank, t.whole(place))), t.text(name)) for place, name in enumerate(kind.names)]
        if len(chosen.stream.kinds) > 1:
            foreign = t.all_of([known, Term("=", (ranked(each.value, kind), t.whole(-1)))])
            arms.append(
                (
                    Term("=", (rank, t.whole(-1))),
                    measure(chosen.stream, Term("max where", (foreign, each.value))),
                )
            )
        value = t.case(arms, t.text(None))
    elif isinstance(kind, Text | SetOf):
        order = (
            Term("fold", (each.value,))
            if isinstance(kind, Text)
            else Term("sorted members", (Term("folded members", (each.value,)),))
        )
        last = writing.board.bind(measure(chosen.stream, Term("max where", (known, order))))
        first_of_order = t.all_of([known, t.is_true(Term("=", (order, last)))])
        value = measure(chosen.stream, Term("max where", (first_of_order, each.value)))
    else:
        # Surely a truth to those who look at the term alone; what is known is not missing.
        one = t.is_true(each.value) if isinstance(kind, YesNo) else each.value
        value = measure(chosen.stream, Term("max where", (known, one)))
        value = _millionths(value) if isinstance(kind, Number) else value
    value = t.where(t.negation(unsupplied), value, each.word)
    settled = t.case([(t.is_there(at), t.negation(unsupplied))], instant.settled)
    row_lacks = attrs.evolve(of, sure=there)
    lacks = together([instant.lacks, _lacks_of_rows(writing, row_lacks, each)], t.is_null(value))
    return Found(value, each.word, settled, lacks)
