"""Which measures are taken together, in one pass over the rows: few passes where there are few, narrow ones where many.

Measured on a million leads and twenty million events: passes over everything cost as much as a few for like windows, as
long as there are few measures. With hundreds, each row meets only those of its own kind.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import COSTLY, MISSING_WITH_THE_TEXT, Measure
from mqldsl.evaluate.sql.reaching import reach
from mqldsl.evaluate.sql.streams import ROW, Part, Stream, of_row
from mqldsl.evaluate.sql.terms import Term
from mqldsl.evaluate.sql.worlds import World

# From so many measures on, each kind is read by itself.
_MANY = 24
# Windows are alike up to this ratio.
_ALIKE = 2.5


def gathered(world: World, measures: Sequence[Measure]) -> list[Measure]:
    """Return measures with the streams of those that are taken together made one."""
    plain: dict[object, list[Measure]] = {}
    kept: list[Measure] = []
    for measure in measures:
        relation = _relation(world, measure)
        if relation is None:
            kept.append(measure)
        else:
            plain.setdefault(relation, []).append(measure)
    for alike in plain.values():
        kept += _few_passes(world, alike)
    return kept


def _relation(world: World, measure: Measure) -> object | None:
    """Return what the rows of a measure are read from, where they may be read together with others."""
    stream = measure.stream
    if stream.computed or stream.idle is not None or measure.by is not None or world.has_own_as_of:
        return None
    if {scope for scope, _ in stream.parts} != {"lead"} or stream.lead_columns(measure.terms):
        return None
    feeds = [world.supply.feeds[kind] for _, kind in stream.parts]
    relations = {feed.relation for feed in feeds}
    return feeds[0].relation if len(relations) == 1 else None


def _few_passes(world: World, measures: list[Measure]) -> list[Measure]:
    now = world.supply.leads.as_of
    assert isinstance(now, datetime)
    groups: dict[object, list[Measure]] = {}
    backs = {measure.name: _back(measure, now.replace(tzinfo=None)) for measure in measures}
    longest = max((back for back in backs.values() if back is not None), default=None)
    for measure in measures:
        back = backs[measure.name]
        if len(measures) > _MANY:
            key: object = measure.stream.parts
        elif back is None or longest is None:
            key = "ever"
        else:
            key = "short" if back * _ALIKE <= longest else "long"
        groups.setdefault(key, []).append(measure)
    found = []
    for group in groups.values():
        parts: dict[Part, None] = {}
        for measure in group:
            parts.update(dict.fromkeys(_parts(measure)))
        stream = Stream(tuple(parts), any(measure.stream.has_records for measure in group))
        found += [_in_stream(world, measure, stream) for measure in group]
    return found


def tests_of_texts(terms: Sequence[Term]) -> list[Term]:
    """Return the costly tests of one text of a row each, the widest there are."""
    found: dict[Term, None] = {}
    stack = list(terms)
    while stack:
        term = stack.pop()
        columns = term.columns
        ops = t.ops_in(term)
        is_one_text = len(columns) == 1 and _is_text_of_row(*columns)
        if is_one_text and ops & COSTLY and ops <= MISSING_WITH_THE_TEXT and "domain" not in ops:
            found[term] = None
            continue
        stack.extend(term.parts)
    return list(found)


def _is_text_of_row(column: tuple[str, str]) -> bool:
    return column[0] == ROW and column[1][:2] in ("p.", "d.")


def _in_stream(world: World, measure: Measure, stream: Stream) -> Measure:
    """Return a measure over a wider stream; properties that all its own rows have are read as they are."""
    parts = _parts(measure)

    def other(part: Term) -> Term | None:
        if part.op != "column" or part.args[0] != ROW or not str(part.args[1]).startswith("p."):
            return None
        name = str(part.args[1])[2:]
        given = [world.supply.feeds[kind].properties.get(name) for _, kind in parts]
        alike = given[0] is not None and all(each == given[0] for each in given)
        return of_row(f"d.{name}") if alike else None

    return attrs.evolve(measure, stream=stream, term=t.renamed(measure.term, other))


def _parts(measure: Measure) -> list[Part]:
    kinds = reach(measure.choice).kinds
    return [part for part in measure.stream.parts if kinds is None or part[1] in kinds] or [
        measure.stream.parts[0]
    ]


def _back(measure: Measure, now: datetime) -> timedelta | None:
    """Return how far a measure looks back, None for ever."""
    start = reach(measure.choice).start
    if start is None:
        return None
    at = t.value_of(start[1])
    assert isinstance(at, datetime)
    return now - at
