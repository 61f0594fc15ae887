"""One definition over one supply as one query: a row a lead, a column a decision, clause, score and value."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Literal, TypeAlias

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.assembly import build
from mqldsl.evaluate.sql.plain_first import domains_plain_first
from mqldsl.evaluate.sql.relations import Query, Select, Step
from mqldsl.evaluate.sql.settling import settled
from mqldsl.evaluate.sql.shapes import Found, added, is_any
from mqldsl.evaluate.sql.sharing import keep_reached
from mqldsl.evaluate.sql.streams import LEAD, of_lead
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.evaluate.sql.terms import NO, Term
from mqldsl.evaluate.sql.worlds import World, lowest_layer
from mqldsl.evaluate.sql.writer import Writer
from mqldsl.model import ir
from mqldsl.model.facts import facts_in_order
from mqldsl.model.types import Text

# What a column tells of a named part. `open` is whether another answer is possible, `could be` every value that is,
# `more` whether the number is only the least. `place` is the number of the lead's row in its source.
Role: TypeAlias = Literal[
    "id", "as of", "place", "answer", "open", "value", "low", "high", "could be", "more",
    "row", "certain", "due at", "team", "because", "missing",
]  # fmt: skip


# As many entries of a list go into one whole number.
_BITS = 60


@attrs.frozen
class Column:
    """A column of the result: of which part it tells what; `output` is that of a table."""

    name: str
    role: Role
    part: str = ""
    output: str = ""
    # Where a list is told as a whole number: bit k is set where entry k is in it. An entry may stand here twice.
    entries: tuple[str, ...] = ()


# What a column tells of which part, and of which output of a table.
Told: TypeAlias = tuple[Role, str, str]


@attrs.frozen
class Written:
    """A query and the columns that it gives, in order."""

    query: Query
    columns: tuple[Column, ...]


def query_of(  # noqa: PLR0913 # what is wanted, and in which form
    model: ir.Model,
    supply: Supply,
    *,
    wanted: Collection[Told] | None = None,
    everything: bool = False,
    lists_as_bits: bool = False,
    plain_first: bool = False,
) -> Written:
    """Return the query that decides every lead of a supply.

    It tells what is `wanted`, and the lead's place; without that all there is. With `everything`, the columns tell also what is possible of each answer and value, as a comparison of evaluators
    wants it. With `lists_as_bits`, lists of decisions are whole numbers, which is several times as quick. With
    `plain_first`, texts are tested as if they were plain, and again where they are not: for DuckDB alone.

    Raises:
        NotInSqlError: The definition says something that no query says exactly.
    """
    writer = Writer(model, supply)
    writer.write()
    told = [
        (column, term)
        for column, term in _told(model, writer, everything=everything, as_bits=lists_as_bits)
        if wanted is None or column.role == "place" or (column.role, column.part, column.output) in wanted
    ]
    writer.board.lift_rows()
    shared = settled(writer.board, supply, [term for _, term in told])
    texts = [f"f.{name}" for name, field in model.fields.items() if isinstance(field.type, Text)]
    writer.board.look_up(texts, shared)
    if plain_first:
        shared = domains_plain_first(writer.board, shared)
        keep_reached(writer.board, shared)
    told = [(column, term) for (column, _), term in zip(told, shared, strict=True)]
    if writer.people is not None and writer.people is not writer:
        writer.people.board.lift_rows()
        settled(writer.people.board, supply, [], keeps_all=True)
    steps: list[Step] = [lowest_layer(supply, "lead0")]
    world = World("lead", writer, steps, {0: "lead0"}, plain_first=plain_first)
    level = max((writer.board.level_of(term) for _, term in told), default=0)
    # Measures that nobody looks at are not taken.
    last = build(world, level)
    names = _named(told)
    result = Select("result", last, LEAD, {name: term for name, (_, term) in zip(names, told, strict=True)})
    columns = tuple(attrs.evolve(column, name=name) for name, (column, _) in zip(names, told, strict=True))
    return Written(Query((*steps, result)), columns)


def without_repeats(written: Written) -> tuple[Query, tuple[int | None, ...]]:
    """Return a query that gives each column once, and where each stands then; None for one that is always missing."""
    *steps, result = written.query.steps
    assert isinstance(result, Select)
    columns: dict[Term, str] = {}
    for name, term in result.columns.items():
        if not (t.is_constant(term) and t.value_of(term) is None):
            columns.setdefault(term, name)
    places = {term: place for place, term in enumerate(columns)}
    short = attrs.evolve(result, columns={name: term for term, name in columns.items()})
    query = attrs.evolve(written.query, steps=(*steps, short))
    return query, tuple(places.get(term) for term in result.columns.values())


def _named(told: list[tuple[Column, Term]]) -> list[str]:
    """Return names that differ in more than their case."""
    taken: Counter[str] = Counter()
    names = []
    for column, _ in told:
        name = column.name
        while taken[name.lower()]:
            taken[column.name.lower()] += 1
            name = f"{column.name}_{taken[column.name.lower()]}"
        taken[name.lower()] += 1
        names.append(name)
    return names


def _told(
    model: ir.Model, writer: Writer, *, everything: bool, as_bits: bool = False
) -> Iterator[tuple[Column, Term]]:
    yield Column("id", "id"), of_lead("id")
    if isinstance(writer.supply.leads.as_of, Term):
        yield Column("as_of", "as of"), of_lead("as_of")
    if writer.supply.leads.place is not None:
        yield Column("place", "place"), of_lead("place")
    for name, part in model.named.items():
        match part:
            case ir.Decide():
                yield from _of_decision(model, writer, name, as_bits=as_bits)
                if everything:
                    yield Column(f"{name}.row", "row", name), writer.decided[name].row
            case ir.Clause():
                truth = writer.clauses[name]
                yield Column(name, "answer", name), truth.value
                if everything:
                    yield Column(f"{name}.open", "open", name), truth.open
            case ir.Table():
                for output, found in writer.tables[name].items():
                    shown = name if len(part.outputs) == 1 else f"{name}.{output}"
                    yield from _of_value(shown, (name, output), found, everything=everything)
            case _:
                is_score = isinstance(part, ir.Score)
                yield from _of_value(name, (name, ""), writer.found[name], everything=everything or is_score)


def _of_value(
    shown: str, of: tuple[str, str], found: Found, *, everything: bool
) -> Iterator[tuple[Column, Term]]:
    part, output = of
    value = found.value
    if not everything and found.more != NO:
        value = t.where(t.negation(found.more), value, found.word)
    yield Column(shown, "value", part, output), value
    if not everything:
        return
    if found.bounds is not None:
        yield Column(f"{shown}.low", "low", part, output), found.bounds[0]
        yield Column(f"{shown}.high", "high", part, output), found.bounds[1]
    if found.more != NO:
        yield Column(f"{shown}.more", "more", part, output), found.more
    options = [(option, when) for option, when in found.options or () if not is_any(option)]
    if options:
        if found.word == "text":
            every = [t.where(when, option, "text") for option, when in options]
            yield Column(f"{shown}.could_be", "could be", part, output), Term("list", tuple(every))
        elif found.word == "truth":
            shown_as = [
                t.where(when, t.case([(option, t.text("yes"))], t.text("no")), "text")
                for option, when in options
            ]
            yield Column(f"{shown}.could_be", "could be", part, output), Term("list", tuple(shown_as))


def _list(column: Column, entries: Sequence[tuple[str, Term]], *, as_bits: bool) -> tuple[Column, Term]:
    """Return a column that lists the entries whose truth holds."""
    if not as_bits or not 0 < len(entries) <= _BITS:
        return column, Term("list", tuple(t.where(when, t.text(entry), "text") for entry, when in entries))
    # What all entries ask is asked once: mostly, whether anything is uncertain at all.
    common = frozenset[Term].intersection(*(_conjuncts(when) for _, when in entries))
    whens = [_without(when, common) for _, when in entries]
    number = added(t.case([(when, t.whole(1 << place))], t.whole(0)) for place, when in enumerate(whens))
    if common:
        number = t.case([(t.all_of(sorted(common, key=str)), number)], t.whole(0))
    return attrs.evolve(column, entries=tuple(entry for entry, _ in entries)), number


def _conjuncts(term: Term) -> frozenset[Term]:
    """Return truths that hold wherever a term does."""
    if term.op == "or":
        return frozenset.intersection(*(_conjuncts(part) for part in term.parts))
    return frozenset(term.parts) if term.op == "and" else frozenset((term,))


def _without(term: Term, held: frozenset[Term]) -> Term:
    """Return a term where some of its conjuncts hold."""
    if term.op == "or":
        return t.any_of(_without(part, held) for part in term.parts)
    parts = term.parts if term.op == "and" else (term,)
    return t.all_of(part for part in parts if part not in held)


def _each_once(could_be: Sequence[tuple[str, Term]]) -> Iterator[tuple[str, Term]]:
    """Yield the entries of a list with those that come again only where they have not come before."""
    before: dict[str, list[Term]] = {}
    for outcome, first in could_be:
        came = before.setdefault(outcome, [])
        yield outcome, t.all_of([first, *(t.negation(other) for other in came)])
        came.append(first)


def _of_decision(
    model: ir.Model, writer: Writer, name: str, *, as_bits: bool
) -> Iterator[tuple[Column, Term]]:
    decided = writer.decided[name]
    yield Column(name, "value", name), decided.found.value
    yield Column(f"{name}.certain", "certain", name), decided.certain
    could_be = decided.could_be_first
    if not as_bits or len(could_be) > _BITS:
        could_be = tuple(_each_once(could_be))
    yield _list(Column(f"{name}.could_be", "could be", name), could_be, as_bits=as_bits)
    yield Column(f"{name}.due_at", "due at", name), decided.due_at
    yield Column(f"{name}.team", "team", name), decided.team
    yield Column(f"{name}.because", "because", name), decided.because
    if name == model.verdict:
        lacks = [each for each in decided.lacks() if each.kind != "clause"]
        whens: dict[str, list[Term]] = {}
        for each in lacks:
            whens.setdefault(each.name, []).append(each.when)
        order = {fact: place for place, fact in enumerate(facts_in_order(model))}
        named = sorted(whens, key=lambda fact: (order.get(fact, len(order)), fact))
        facts = [(fact, t.any_of(whens[fact])) for fact in named]
        yield _list(Column(f"{name}.missing", "missing", name), facts, as_bits=as_bits)
