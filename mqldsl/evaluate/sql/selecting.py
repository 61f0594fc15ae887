"""Selections as streams and truths about their rows: which belong, which may, and where more may be unseen."""

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.company import has_none, may_have_one
from mqldsl.evaluate.sql.comparisons import related
from mqldsl.evaluate.sql.orders import idle, then, then_no
from mqldsl.evaluate.sql.rows import row_answer
from mqldsl.evaluate.sql.shapes import Chosen, Gap, Lacking, together
from mqldsl.evaluate.sql.spans import Limits, limits
from mqldsl.evaluate.sql.streams import AT, KIND, Part, Stream, StreamScope, transplanted
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.writing import NotInSqlError, Writing
from mqldsl.model import ir


def choose(writing: Writing, node: ir.Selection) -> Chosen:
    """Return which rows a selection holds."""
    match node:
        case ir.Events(kinds, scope):
            return _events(writing, kinds, scope)
        case ir.Union(members):
            return _union([plainly(writing.selection(member)) for member in members])
        case ir.People():
            return Chosen(writing.stream((("people", ""),)), YES, gaps=_of_untold_people(writing))
        case ir.Where(of, condition):
            return _where(writing, writing.selection(of), condition)
        case ir.During(of, span):
            return _during(writing, writing.selection(of), limits(writing, span, None))
        case ir.Then():
            earlier, later = _beside(writing.selection(node.earlier), writing.selection(node.later))
            return then(writing, node, earlier, later)
        case ir.ThenNo():
            earlier, later = _beside(
                plainly(writing.selection(node.earlier)), plainly(writing.selection(node.later))
            )
            return then_no(writing, node, earlier, later)
        case ir.Idle(every, of):
            return idle(writing, every, plainly(writing.selection(of)))


def plainly(chosen: Chosen) -> Chosen:
    """Return the same with all that is in doubt among the rows that may belong."""
    if chosen.doubtful == NO and chosen.unlikely == NO:
        return chosen
    return attrs.evolve(
        chosen,
        sure=t.all_of([chosen.sure, t.negation(chosen.doubtful)]),
        maybe=t.any_of([chosen.maybe, chosen.doubtful, chosen.unlikely]),
        doubtful=NO,
        unlikely=NO,
    )


# ------------------------------------------------------------------ all of a kind


def kind_is(kinds: tuple[str, ...]) -> Term:
    """Return whether a row is of one of some kinds."""
    if not kinds:
        return NO
    texts = [t.text(kind) for kind in kinds]
    return Term("=", (KIND, texts[0])) if len(texts) == 1 else Term("in", (KIND, *texts))


def _events(writing: Writing, kinds: tuple[str, ...], scope: ir.Scope) -> Chosen:
    feeds, model = writing.supply.feeds, writing.model
    supplied = tuple(kind for kind in kinds if kind in feeds)
    gaps = []
    for kind in kinds:
        kept = model.kinds[kind].kept
        if kind not in feeds:
            gaps.append(Gap(kind, t.instant(None)))
        elif kept is not None:
            gaps.append(Gap(kind, writing.clock.back(kept)))
    absent = has_none(writing.supply) if scope == "company" else NO
    if absent == YES:
        # No lead has a company, so there is nothing to look at.
        return Chosen(writing.stream(()), NO, absent=YES)
    if scope == "colleagues":
        gaps.extend(_of_untold_people(writing))
    of: StreamScope = scope
    if scope == "colleagues" and writing.supply.leads.account is None:
        of = "lead"
    stream = writing.stream(tuple((of, kind) for kind in supplied))
    return Chosen(stream, kind_is(supplied), gaps=tuple(dict.fromkeys(gaps)), absent=absent)


def _of_untold_people(writing: Writing) -> tuple[Gap, ...]:
    """Return where people may be unseen, because the key of their company was not supplied."""
    untold = may_have_one(writing.model, writing.supply)
    return () if untold == NO else (Gap("people", t.instant(None), untold),)


def _merged(streams: list[Stream]) -> Stream:
    """Return one stream with the rows of several."""
    first = streams[0]
    if all(stream is first for stream in streams):
        return first
    parts: dict[Part, None] = {}
    for stream in streams:
        if stream.idle is not None or stream.is_people:
            raise NotInSqlError("stretches without events, or people, together with events")
        parts.update(dict.fromkeys(stream.parts))
    # A lead's own events are among those of its colleagues.
    parts = {part: None for part in parts if part[0] != "lead" or ("colleagues", part[1]) not in parts}
    return Stream(tuple(parts), any(stream.has_records for stream in streams))


def _moved(chosen: Chosen, stream: Stream) -> Chosen:
    if chosen.stream is stream:
        return chosen

    own = {
        kind for scope, kind in chosen.stream.parts if scope == "lead" and ("lead", kind) not in stream.parts
    }

    def moved(term: Term) -> Term:
        return transplanted(term, chosen.stream, stream, own)

    source = chosen

    def lacks() -> list[Lacking]:
        return [attrs.evolve(each, when=moved(each.when)) for each in source.row_lacks()]

    return attrs.evolve(
        chosen,
        stream=stream,
        sure=moved(chosen.sure),
        maybe=moved(chosen.maybe),
        doubtful=moved(chosen.doubtful),
        unlikely=moved(chosen.unlikely),
        row_lacks=lacks,
    )


def _beside(*parts: Chosen) -> list[Chosen]:
    stream = _merged([part.stream for part in parts])
    return [_moved(part, stream) for part in parts]


def _union(parts: list[Chosen]) -> Chosen:
    """Put selections together; a row that is sure in one of them is sure, and counts once."""
    parts = _beside(*parts)
    absent = t.any_of(part.absent for part in parts)
    sure = t.any_of(part.sure for part in parts)
    maybe = t.any_of(part.maybe for part in parts)
    if maybe != NO:
        maybe = t.all_of([maybe, t.negation(sure)])
    gaps = tuple(dict.fromkeys(gap for part in parts for gap in part.gaps))
    return Chosen(
        parts[0].stream,
        sure,
        maybe,
        gaps=gaps,
        absent=absent,
        row_lacks=together(together([part.row_lacks], part.maybe) for part in parts),
        lacks=together(part.lacks for part in parts),
    )


# ------------------------------------------------------------------ narrowed


def _where(writing: Writing, chosen: Chosen, node: ir.Condition) -> Chosen:
    answer, left_out = row_answer(writing, node, chosen.stream)
    unknown = t.all_of([t.is_null(answer.value), t.negation(left_out)]) if left_out != YES else NO
    yes, no = t.is_true(answer.value), t.is_false(answer.value)
    sure = t.all_of([chosen.sure, yes])
    maybe = t.any_of(
        [
            t.all_of([chosen.maybe, t.any_of([yes, unknown, t.all_of([no, answer.open])])]),
            t.all_of([t.any_of([chosen.sure, chosen.unlikely]), unknown]),
        ]
    )
    unlikely = t.any_of(
        [
            t.all_of([t.any_of([chosen.sure, chosen.unlikely]), no, answer.open]),
            t.all_of([chosen.unlikely, yes]),
        ]
    )
    doubtful = t.all_of([sure, t.any_of([answer.open, chosen.doubtful])])
    if doubtful == sure and chosen.doubtful == NO and answer.open == NO:
        doubtful = NO
    lacks = together([chosen.row_lacks, answer.lacks])
    return attrs.evolve(chosen, sure=sure, maybe=maybe, doubtful=doubtful, unlikely=unlikely, row_lacks=lacks)


def _during(writing: Writing, chosen: Chosen, span: Limits) -> Chosen:
    bind = writing.board.bind
    if span.end == writing.clock.as_of and span.end_included:
        # Later events do not exist.
        span = attrs.evolve(span, end=None)
    span = attrs.evolve(
        span,
        start=None if span.start is None else bind(span.start),
        end=None if span.end is None else bind(span.end),
        told=bind(span.told),
        exists=bind(span.exists),
    )
    inside = span.hold(AT)
    if chosen.stream.has_records:
        inside = t.is_true(t.all_of([t.is_there(AT), inside]))
    told = t.all_of([span.told, inside])

    def kept(which: Term) -> Term:
        return t.all_of([which, told])

    everyone = t.any_of([chosen.sure, chosen.maybe, chosen.unlikely])
    maybe = t.any_of([kept(chosen.maybe), t.all_of([t.negation(span.told), everyone])])
    gaps = tuple(gap for gap in (_narrowed(gap, span) for gap in chosen.gaps) if gap.when != NO)
    return attrs.evolve(
        chosen,
        sure=kept(chosen.sure),
        maybe=maybe,
        doubtful=kept(chosen.doubtful),
        unlikely=kept(chosen.unlikely),
        gaps=gaps,
        lacks=together(
            [
                together([chosen.lacks], t.any_of([span.exists, t.negation(span.told)])),
                together([span.lacks], t.negation(span.told)),
            ]
        ),
    )


def _narrowed(gap: Gap, span: Limits) -> Gap:
    """Return a gap as far as it reaches into a span."""
    reaches = YES
    if span.start is not None:
        reaches = t.any_of([t.is_null(gap.until), related("<", span.start, gap.until)])
    if span.told != YES or span.exists != YES:
        reaches = t.any_of([t.negation(span.told), t.all_of([span.exists, reaches])])
    return attrs.evolve(gap, when=t.is_true(t.all_of([gap.when, reaches])))
