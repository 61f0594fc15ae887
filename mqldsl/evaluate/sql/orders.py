"""Order in time as terms: one after another, none after another, time without any."""

from collections.abc import Callable, Sequence

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.aggregates import all_lacks, some, summary
from mqldsl.evaluate.sql.comparisons import related
from mqldsl.evaluate.sql.shapes import Chosen, Gap, Lacking, Lacks, together
from mqldsl.evaluate.sql.streams import AT, KEY, KIND, Idleness, Stream, of_row
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term
from mqldsl.evaluate.sql.writing import NotInSqlError, Writing
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, Unit
from mqldsl.model.types import Text, Type

_TICK = -1


def _end(writing: Writing, start: Term, within: Duration | None) -> Term | None:
    """Return the last instant that still follows `start`; None for no limit."""
    if within is None:
        return None
    if within.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY):
        return Term("business time", (start, within, writing.model.header.hours, writing.clock.zone_name))
    return writing.clock.forward(start, within)


@attrs.frozen
class _Same:
    """What two rows share: columns that group them, whether a row has a value in each, and whether one is not told.

    A value that was not supplied may be any, so a row without it may go with every other one.
    """

    groups: tuple[Term, ...]
    known: Term
    untold: Term
    lacks: tuple[Lacking, ...]


def _same(writing: Writing, names: tuple[str, ...], stream: Stream) -> _Same:
    groups: list[Term] = []
    known: list[Term] = []
    lacks: list[Lacking] = []
    untold: list[Term] = []
    for name in names:
        found: set[Type] = set()
        has_value = False
        for kind in stream.kinds:
            of = writing.model.kinds[kind].properties.get(name)
            given = None if of is None else writing.supply.feeds[kind].properties.get(name)
            if of is not None:
                found.add(of)
            has_value = has_value or given is not None
            if given is None:
                when = Term("=", (KIND, t.text(kind)))
            elif given.supplied != YES:
                when = t.all_of([Term("=", (KIND, t.text(kind))), t.negation(of_row(f"s.{name}"))])
            else:
                continue
            untold.append(when)
            lacks.append(Lacking(f"{kind}.{name}", "property", blank=False, when=when))
        column = of_row(f"p.{name}") if has_value else t.text(None)
        if has_value:
            groups.append(Term("fold", (column,)) if Text() in found or len(found) > 1 else column)
        known.append(t.is_there(column))
    if untold and len(names) > 1:
        raise NotInSqlError("`with same` several values, where some rows are not supplied with one")
    return _Same(tuple(groups), t.all_of(known), t.any_of(untold), tuple(lacks))


def _timed(chosen: Chosen, which: Term) -> Term:
    return t.all_of([which, t.is_there(AT)]) if chosen.stream.has_records else which


def _window(op: Operation, stream: Stream, chosen: Term, groups: tuple[Term, ...], others: Term) -> Term:
    if chosen == NO:
        return t.instant(None)
    term = Term(op, (chosen, AT, AT, KEY, *groups))
    return stream.computing(term, t.any_of([chosen, others]))


def _matches(
    op: Operation, stream: Stream, which: Term, same: _Same, others: Term
) -> tuple[list[tuple[Term, Term]], list[tuple[Term, Term]]]:
    """Return the nearest rows that go with a row: those that surely carry the same, and those that may.

    Each is a pair: for which rows it is looked at, and the instant.
    """
    with_value = t.all_of([which, same.known])
    alike = [(same.known, _window(op, stream, with_value, same.groups, others))]
    if same.untold == NO:
        return alike, []
    untold = _window(op, stream, t.all_of([which, same.untold]), (), others)
    anyone = _window(op, stream, which, (), others)
    return alike, [(YES, untold), (same.untold, anyone)]


def whole_lacks(writing: Writing, chosen: Chosen) -> Lacks:
    """Return what is missing of any row of a selection, and of the selection itself."""

    def found() -> Sequence[Lacking]:
        without_gaps = attrs.evolve(summary(writing, chosen), chosen=attrs.evolve(chosen, gaps=()))
        return all_lacks(writing, without_gaps)()

    return found


def _untold(
    writing: Writing, stream: Stream, same: _Same, rows: Term, partners: Callable[[Term], Term]
) -> Lacks:
    """Return the values that were not supplied of rows, or of those that may go with them, so that they may be the same.

    `partners` tells whether one of some rows goes with a row, as far as time tells.
    """

    def found() -> Sequence[Lacking]:
        lacks = []
        for each in same.lacks:
            open_ = t.any_of([t.all_of([each.when, partners(YES)]), partners(each.when)])
            lacks.append(attrs.evolve(each, when=some(writing, Chosen(stream, YES), t.all_of([rows, open_]))))
        return lacks

    return found


def _where_some(writing: Writing, stream: Stream, rows: Term, lacks: Lacks) -> Lacks:
    """Return what is missing where there are such rows."""

    def found() -> Sequence[Lacking]:
        missing = lacks()
        return together([lambda: missing], some(writing, Chosen(stream, YES), rows))() if missing else ()

    return found


def _feeds(gaps: Sequence[Gap], when: Sequence[Term]) -> Lacks:
    return lambda: tuple(
        Lacking(
            gap.kind,
            "people" if gap.kind == "people" else "feed",
            blank=False,
            when=t.all_of([gap.when, each]),
        )
        for gap, each in zip(gaps, when, strict=True)
    )


def then(writing: Writing, node: ir.Then, earlier: Chosen, later: Chosen) -> Chosen:
    """Return the later rows with an earlier one strictly before them, and soon enough."""
    stream = earlier.stream
    same = _same(writing, node.same, stream)
    rows = t.any_of([_timed(later, later.sure), _timed(later, later.maybe)])
    sure, _ = _matches("max before", stream, _timed(earlier, earlier.sure), same, rows)
    every = _timed(earlier, t.any_of([earlier.sure, earlier.maybe]))
    latest, others = _matches("max before", stream, every, same, rows)

    def in_time(pairs: Sequence[tuple[Term, Term]]) -> Term:
        found = []
        for mine, before in pairs:
            end = _end(writing, before, node.within)
            reached = t.is_there(before) if end is None else t.is_true(related(">=", end, AT))
            found.append(t.all_of([mine, reached]))
        return t.any_of(found)

    def partners(which: Term) -> Term:
        before = _window("max before", stream, t.all_of([every, which]), (), rows)
        return in_time([(YES, before)])

    followed, may_be = in_time(sure), in_time([*latest, *others])
    unseen = t.any_of(_unseen_before(writing, gap, node.within) for gap in earlier.gaps)
    surely = t.all_of([_timed(later, later.sure), followed])
    maybe = t.all_of([rows, t.any_of([may_be, unseen]), t.negation(surely)])
    if earlier.maybe == NO and later.maybe == NO and unseen == NO and same.untold == NO:
        maybe = NO
    lacks = together(
        [
            whole_lacks(writing, earlier),
            whole_lacks(writing, later),
            _untold(writing, stream, same, t.all_of([rows, t.negation(followed)]), partners),
        ]
    )
    return Chosen(
        stream,
        surely,
        maybe,
        gaps=later.gaps,
        absent=t.any_of([earlier.absent, later.absent]),
        row_lacks=_feeds(earlier.gaps, [t.all_of([unseen, t.negation(may_be)])] * len(earlier.gaps)),
        lacks=lacks,
    )


def _unseen_before(writing: Writing, gap: Gap, within: Duration | None) -> Term:
    """Return whether an earlier event may be unseen in a gap, and near enough."""
    if within is None:
        return gap.when
    before = Term("plus", (AT, t.whole(_TICK)))
    until = Term("plus", (gap.until, t.whole(_TICK)))
    nearest = t.case([(t.is_null(gap.until), before), (related("<", gap.until, AT), until)], before)
    end = _end(writing, nearest, within)
    assert end is not None
    return t.all_of([gap.when, t.is_true(related(">=", end, AT))])


def then_no(writing: Writing, node: ir.ThenNo, earlier: Chosen, later: Chosen) -> Chosen:
    """Return the earlier rows that no later one follows in time, once that time has passed."""
    stream = earlier.stream
    same = _same(writing, node.same, stream)
    rows = t.any_of([_timed(earlier, earlier.sure), _timed(earlier, earlier.maybe)])
    end = _end(writing, AT, node.within)
    passed = YES if end is None else related("<=", end, writing.clock.as_of)
    sure, _ = _matches("min after", stream, _timed(later, later.sure), same, rows)
    every = _timed(later, t.any_of([later.sure, later.maybe]))
    first, others = _matches("min after", stream, every, same, rows)

    def in_time(pairs: Sequence[tuple[Term, Term]]) -> Term:
        return t.any_of(
            t.all_of([mine, t.is_there(behind) if end is None else t.is_true(related("<=", behind, end))])
            for mine, behind in pairs
        )

    def partners(which: Term) -> Term:
        behind = _window("min after", stream, t.all_of([every, which]), (), rows)
        return in_time([(YES, behind)])

    followed, may_be = in_time(sure), in_time([*first, *others])
    uncovered = [
        t.all_of([gap.when, t.any_of([t.is_null(gap.until), related("<", AT, gap.until)])])
        for gap in later.gaps
    ]
    not_followed = t.negation(t.any_of([may_be, *uncovered]))
    surely = t.all_of([_timed(earlier, earlier.sure), passed, not_followed])
    maybe = t.all_of([rows, passed, t.negation(followed), t.negation(surely)])
    if earlier.maybe == NO and later.maybe == NO and not uncovered and same.untold == NO:
        maybe = NO
    unseen = [t.all_of([each, t.negation(may_be)]) for each in uncovered]
    met = t.all_of([rows, passed, may_be])
    return Chosen(
        stream,
        surely,
        maybe,
        gaps=earlier.gaps,
        absent=t.any_of([earlier.absent, later.absent]),
        row_lacks=_feeds(later.gaps, unseen),
        lacks=together(
            [
                whole_lacks(writing, earlier),
                _where_some(writing, stream, met, whole_lacks(writing, later)),
                _untold(writing, stream, same, t.all_of([rows, passed, t.negation(followed)]), partners),
            ]
        ),
    )


def idle(writing: Writing, every: Duration, chosen: Chosen) -> Chosen:
    """Return the instants at which another whole span has passed since one of the rows, with none in between."""
    stream, clock = chosen.stream, writing.clock
    sure, maybe = _timed(chosen, chosen.sure), _timed(chosen, chosen.maybe)
    rows = t.any_of([sure, maybe])
    if rows == NO:
        unseen = tuple(attrs.evolve(gap, until=t.instant(None)) for gap in chosen.gaps)
        return Chosen(stream, NO, gaps=unseen, absent=chosen.absent)
    following = stream.computing(Term("min after", (sure, AT, AT, KEY)), rows)
    broken = t.instant(None)
    if maybe != NO:
        broken = stream.computing(Term("min after", (maybe, AT, AT, KEY)), rows)
    number = stream.computing(Term("place", (AT, KEY, AT, sure, maybe)), rows)
    as_of = clock.as_of
    limit = t.case([(t.all_of([sure, t.is_true(related("<", following, as_of))]), following)], as_of)
    behind = [
        t.all_of([gap.when, t.any_of([t.is_null(gap.until), related("<", AT, gap.until)])])
        for gap in chosen.gaps
    ]
    stretches = Idleness(
        stream,
        t.all_of([rows, Term("=", (number, t.whole(1)))]),
        clock.steps_between(AT, limit, every),
        clock.forward_times(AT, every, of_row("number")),
        t.all_of([sure, t.negation(t.any_of(behind))]),
        broken,
    )
    ended = writing.idle_stream(stretches)
    gaps = []
    for gap in chosen.gaps:
        reached = t.all_of([sure, t.is_true(related(">=", AT, gap.until))])
        first = t.instant(None)
        if not t.is_constant(gap.until) or t.value_of(gap.until) is not None:
            first = writing.board.measure(stream, Term("min where", (reached, AT)))
        gaps.append(attrs.evolve(gap, until=first))
    is_sure = of_row("sure")
    return Chosen(
        ended,
        is_sure,
        t.negation(is_sure),
        gaps=tuple(gaps),
        absent=chosen.absent,
        lacks=whole_lacks(writing, chosen),
    )
