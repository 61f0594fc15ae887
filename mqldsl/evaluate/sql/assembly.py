"""From the board to relations: layers of columns of the lead, and families of measures joined to them."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Measure
from mqldsl.evaluate.sql.families import gathered, tests_of_texts
from mqldsl.evaluate.sql.feeds import Wanted, rows_of_feeds
from mqldsl.evaluate.sql.plain_first import as_plain
from mqldsl.evaluate.sql.reaching import reach
from mqldsl.evaluate.sql.relations import Join, Select, Steps
from mqldsl.evaluate.sql.streams import AT, LEAD, ROW, Idleness, Part, Stream, of_row
from mqldsl.evaluate.sql.terms import Term
from mqldsl.evaluate.sql.worlds import Key, Rows, World, people_of

_FEW = 3


def build(world: World, upto: int) -> str:
    """Add the steps of all layers up to a level, and return the name of the last."""
    board = world.writer.board
    for level in range(1, upto + 1):
        if level in world.layers:
            continue
        below = world.layers[level - 1]
        bound = {name: term for name, term in board.bound.items() if board.level(name) == level}
        measures = [each for each in board.measures.values() if board.level(each.name) == level]
        joins: list[Join] = []
        columns: dict[str, Term] = {}
        for number, (family, key) in enumerate(_families(world, measures, level), start=1):
            alias = f"family{number}"
            on = t.all_of(
                Term("=", (t.column(mine, LEAD), t.column(theirs, alias)))
                for theirs, mine in zip(key.of_rows, key.of_lead, strict=True)
            )
            joins.append(Join(family.name, alias, on, left=True))
            columns |= {name: t.column(name, alias) for name in family.columns if name not in key.of_rows}
        if level == 1:
            for number, (base, tests) in enumerate(board.looked_up.items(), start=1):
                join = _texts(world, base, tests, number)
                joins.append(join)
                columns |= {name: t.column(name, join.alias) for name in tests}
        if not bound and not columns:
            world.layers[level] = below
            continue
        name = f"{world.name}{level}"
        world.steps.append(Select(name, below, LEAD, {**columns, **bound}, keeps=(LEAD,), joins=tuple(joins)))
        world.layers[level] = name
    return world.layers[upto]


def _texts(world: World, base: str, tests: Mapping[str, Term], number: int) -> Join:
    """Add the steps that test each different text of a column once, and return how leads find theirs."""
    own = t.column(base, LEAD)
    steps = _tests_of(own, tests, world.layers[0], LEAD, f"{world.name}_texts{number}")
    world.steps += steps
    return _join_of(own, steps, f"text{number}")


def _tests_of(own: Term, tests: Mapping[str, Term], source: str, alias: str, name: str) -> list[Select]:
    """Return the steps that test each different text of a column once: folded first, then everything else."""
    folded = Term("fold", (own,))
    of_text = {own: of_row("value"), folded: of_row("folded")}
    tested = {each: t.renamed(term, of_text.get) for each, term in tests.items()}
    columns = {"value": own}
    if any((ROW, "folded") in term.columns for term in tested.values()):
        columns["folded"] = folded
    values = Select(f"{name}_values", source, alias, columns, group=(own,), where=t.is_there(own))
    return [values, Select(name, values.name, ROW, {"value": of_row("value"), **tested}, once=True)]


def _join_of(own: Term, steps: list[Select], alias: str) -> Join:
    return Join(steps[-1].name, alias, Term("=", (own, t.column("value", alias))), left=True)


# ------------------------------------------------------------------ families


def _families(world: World, measures: Sequence[Measure], level: int) -> list[tuple[Select, Key]]:
    together: dict[object, list[Measure]] = {}
    for measure in gathered(world, measures):
        together.setdefault((id(measure.stream), _meets_the_lead(world, measure), measure.by), []).append(
            measure
        )
    return [
        _family(world, group, level, f"{world.name}{level}_family{number}")
        for number, group in enumerate(together.values(), start=1)
    ]


def _meets_the_lead(world: World, measure: Measure) -> bool:
    """Say whether the rows must meet the lead that asks before they are told apart."""
    stream = measure.stream
    if stream.is_people:
        return False
    looked_at = [measure.term] if measure.by is None else [measure.term, measure.by]
    scopes = {scope for scope, _ in _parts_of(stream)}
    with_instant = world.has_own_as_of and scopes != {"colleagues"}
    return len(scopes) > 1 or with_instant or bool(stream.lead_columns(looked_at))


def _parts_of(stream: Stream) -> tuple[Part, ...]:
    return stream.parts if stream.idle is None else _parts_of(stream.idle.stream)


def _family(world: World, measures: list[Measure], level: int, name: str) -> tuple[Select, Key]:
    """Add the steps that give some measures of one stream, and return the last with what it is joined by."""
    by = measures[0].by
    terms = [measure.term for measure in measures] + ([] if by is None else [by])
    choices = [measure.choice for measure in measures]
    asked = _Asked(world, measures[0].stream, level, _meets_the_lead(world, measures[0]), name)
    rows = _rows(asked, terms, choices)
    if _is_plain(measures[0].stream):
        measures = _within_reach(measures)
        if not asked.meets_the_lead:
            rows, measures = _with_tests(world, rows, measures, name)
    choosing = t.any_of(measure.choice for measure in measures)
    keys = {key: of_row(key) for key in rows.key.of_rows}
    columns = {measure.name: rows.here(measure.term) for measure in measures}
    if by is None:
        family = Select(
            name,
            rows.name,
            ROW,
            {**keys, **columns},
            group=tuple(keys.values()),
            # Rows that no measure chooses do no harm; many tests before the tests cost more than they save.
            where=rows.here(choosing) if len(measures) <= _FEW else None,
        )
        world.steps.append(family)
        return family, rows.key
    value = rows.here(by)
    groups = Select(
        f"{name}_groups",
        rows.name,
        ROW,
        {**keys, "value": value, **columns},
        group=(*keys.values(), value),
        where=t.all_of([rows.here(choosing), t.is_there(value)]),
    )
    largest = {each.name: Term("max where", (t.YES, of_row(each.name))) for each in measures}
    family = Select(name, groups.name, ROW, {**keys, **largest}, group=tuple(keys.values()))
    world.steps += [groups, family]
    return family, rows.key


def _within_reach(measures: list[Measure]) -> list[Measure]:
    """Return measures without asking of each row what holds for all that are read: that they are late enough."""
    start = reach(t.any_of(measure.choice for measure in measures)).start
    if start is None:
        return measures
    holds = Term(start[0], (AT, start[1]))

    def short(part: Term) -> Term | None:
        if part == holds:
            return t.YES
        if part.op == "and" and holds in part.args:
            return t.all_of(t.renamed(each, short) for each in part.parts)
        return None

    return [attrs.evolve(measure, term=t.renamed(measure.term, short)) for measure in measures]


def _is_plain(stream: Stream) -> bool:
    return not stream.computed and stream.idle is None and not stream.is_people


def _with_tests(world: World, rows: Rows, measures: list[Measure], name: str) -> tuple[Rows, list[Measure]]:
    """Have costly tests of texts made once for each different text, and joined to the rows; or as if it were plain."""
    tests = tests_of_texts([term for measure in measures for term in measure.terms])
    if not tests or measures[0].by is not None:
        return rows, measures
    columns: dict[str, Term] = {}
    instead: dict[Term, Term] = {}
    by_column: dict[str, dict[str, Term]] = {}
    for number, test in enumerate(tests, start=1):
        plain = as_plain(test) if world.plain_first else None
        if plain is None:
            ((_, column),) = test.columns
            by_column.setdefault(column, {})[f"t.{number}"] = test
            instead[test] = of_row(f"t.{number}")
        else:
            instead[test] = t.case([(plain[0], test)], plain[1])
    joins: list[Join] = []
    for number, (column, told) in enumerate(by_column.items(), start=1):
        own, alias = of_row(column), f"text{number}"
        steps = _tests_of(own, told, rows.name, ROW, f"{name}_texts{number}")
        world.steps += steps
        joins.append(_join_of(own, steps, alias))
        columns |= {each: t.column(each, alias) for each in told}
    if joins:
        step = Select(f"{name}_tested", rows.name, ROW, columns, keeps=(ROW,), joins=tuple(joins))
        world.steps.append(step)
        rows = attrs.evolve(rows, name=step.name)
    return rows, [attrs.evolve(measure, term=t.renamed(measure.term, instead.get)) for measure in measures]


@attrs.frozen
class _Asked:
    """For which measures rows are wanted: of what stream, at which level, and whether they meet the lead."""

    world: World
    stream: Stream
    level: int
    meets_the_lead: bool
    name: str


def _rows(asked: _Asked, terms: Sequence[Term], choices: Sequence[Term]) -> Rows:
    """Add the steps that give the rows of a stream with all columns that terms look at.

    Only rows that one of the choices may choose are wanted.
    """
    world, stream = asked.world, asked.stream
    if stream.is_people:
        return _people(world, terms)
    needed = stream.needed([*terms, *choices])
    if stream.idle is not None:
        rows = _stretches(asked, stream.idle, stream.looked_at([*terms, *choices]))
    else:
        relevant = [*choices, *(stream.computed_from[each] for each in needed)]
        matters = t.any_of(_without(term, needed) for term in relevant)
        looked_at = stream.looked_at([*terms, *choices])
        wanted = Wanted(
            looked_at,
            matters,
            frozenset(stream.lead_columns([*terms, *choices])),
            build(world, asked.level - 1) if asked.meets_the_lead else None,
            people_of(world).layers[0] if ("colleagues" in {scope for scope, _ in stream.parts}) else None,
        )
        rows, steps = rows_of_feeds(world, stream, wanted, asked.name)
        world.steps += steps
    return _computed(asked, rows, needed)


def _computed(asked: _Asked, rows: Rows, needed: Mapping[str, Term]) -> Rows:
    """Add the steps that compute columns over the rows, each behind those that it looks at."""
    pending = dict(needed)
    number = 0
    while pending:
        ready = {each: term for each, term in pending.items() if not _looks_at(term, pending)}
        number += 1
        step = f"{asked.name}_order{number}"
        columns = {each: rows.here(term) for each, term in ready.items()}
        asked.world.steps.append(Select(step, rows.name, ROW, columns, keeps=(ROW,)))
        rows = attrs.evolve(rows, name=step)
        for each in ready:
            del pending[each]
    return rows


def _without(term: Term, computed: Iterable[str]) -> Term:
    """Return a truth that holds at least where another does, and looks at no computed column."""
    if not _looks_at(term, computed):
        return term
    if term.op == "and":
        return t.all_of(_without(part, computed) for part in term.parts)
    if term.op == "or":
        return t.any_of(_without(part, computed) for part in term.parts)
    return t.YES


def _looks_at(term: Term, computed: Iterable[str]) -> bool:
    names = set(computed)
    return any(alias == ROW and name in names for alias, name in term.columns)


def _stretches(asked: _Asked, idle: Idleness, terms: Sequence[Term]) -> Rows:
    """Add the steps that give a row for each whole stretch without events."""
    inner = _rows(
        attrs.evolve(asked, stream=idle.stream, name=f"{asked.name}_idle"),
        [*idle.terms, _without_number(idle.ends), *_of_lead(terms)],
        [idle.starts],
    )
    starts = Select(
        f"{asked.name}_starts",
        inner.name,
        ROW,
        {
            "times": inner.here(idle.times),
            "start is sure": inner.here(idle.is_sure),
            "broken at": inner.here(idle.broken_at),
        },
        keeps=(ROW,),
        where=inner.here(idle.starts),
    )
    numbered = Steps(f"{asked.name}_numbered", starts.name, t.column("times"), "number")
    ends = inner.here(idle.ends)
    broken_at = of_row("broken at")
    is_whole = t.any_of([t.is_null(broken_at), Term("<=", (ends, broken_at))])
    carried = {name for term in terms for alias, name in term.columns if alias == LEAD}
    columns = {each: of_row(each) for each in inner.key.of_rows}
    columns |= {f"l.{each}": of_row(f"l.{each}") for each in sorted(carried)}
    columns |= {"at": ends, "sure": t.all_of([of_row("start is sure"), t.is_true(is_whole)])}
    told = Select(f"{asked.name}_stretches", numbered.name, ROW, columns)
    asked.world.steps += [starts, numbered, told]
    return Rows(told.name, inner.key, {})


def _without_number(term: Term) -> Term:
    return t.renamed(term, lambda part: t.whole(1) if part == of_row("number") else None)


def _of_lead(terms: Sequence[Term]) -> list[Term]:
    return [t.column(name, alias) for term in terms for alias, name in term.columns if alias == LEAD]


def _people(world: World, terms: Sequence[Term]) -> Rows:
    people = people_of(world)
    names = {name for term in terms for alias, name in term.columns if alias == ROW}
    layer = build(people, people.writer.board.highest(names))
    return Rows(layer, Key(people.company, people.company), {})
