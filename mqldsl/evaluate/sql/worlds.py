"""Worlds: those who ask, and the people around them; what a row of a stream is called in a step of the query."""

from collections.abc import Mapping

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.relations import Join, Select, Step
from mqldsl.evaluate.sql.streams import KEY, KIND, LEAD, of_row
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.evaluate.sql.terms import Term
from mqldsl.evaluate.sql.writer import Writer, base_columns

# Longer than the calendar, in microseconds.
_BEYOND = 10**18


@attrs.frozen
class Key:
    """Columns of rows, and the columns of the lead that they meet."""

    of_rows: tuple[str, ...]
    of_lead: tuple[str, ...]


@attrs.define
class World:
    """One sort of lead in the query; `layers` are the steps with its columns, by level."""

    name: str
    writer: Writer
    steps: list[Step]
    layers: dict[int, str] = attrs.field(factory=dict)
    people: "World | None" = None
    # Whether texts are tested as if they were plain first.
    plain_first: bool = False

    @property
    def supply(self) -> Supply:
        """What is supplied."""
        return self.writer.supply

    @property
    def has_own_as_of(self) -> bool:
        """Whether each lead has an instant of its own."""
        return isinstance(self.supply.leads.as_of, Term)

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that tell one lead from another."""
        return ("id", "as_of") if self.has_own_as_of else ("id",)

    @property
    def company(self) -> tuple[str, ...]:
        """The columns that tell the people of one company, at one instant, from others."""
        return ("household", "as_of") if self.has_own_as_of else ("household",)


@attrs.frozen
class Rows:
    """The rows of a stream, as a step that is there; `kinds` are the texts that stand for each kind in it."""

    name: str
    key: Key
    kinds: Mapping[str, tuple[str, ...]]

    def here(self, term: Term) -> Term:
        """Return a term about the rows in the columns of the step."""
        return t.renamed(term, self._other)

    def _other(self, part: Term) -> Term | None:
        if part.op == "column":
            alias, name = part.args
            return of_row(f"l.{name}") if alias == LEAD else None
        asked = _kinds_asked(part)
        if asked is not None:
            return self._kind_is(asked)
        if part.op == "and":
            return t.all_of(self.here(each) for each in part.parts)
        if part.op == "or":
            # Kinds first, together: they may be all that there are.
            kinds = [kind for each in part.parts for kind in _kinds_asked(each) or ()]
            others = [self.here(each) for each in part.parts if _kinds_asked(each) is None]
            return t.any_of([self._kind_is(kinds), *others] if kinds else others)
        if KEY in part.args:
            args = []
            for arg in part.args:
                if arg == KEY:
                    args += [of_row(each) for each in self.key.of_rows]
                else:
                    args.append(self.here(arg) if isinstance(arg, Term) else arg)  # type: ignore[arg-type] # an argument
            return Term(part.op, tuple(args))
        return None

    def _kind_is(self, asked: list[str]) -> Term:
        if all(kind in asked for kind in self.kinds):
            return t.YES
        texts = [t.text(text) for kind in asked for text in self.kinds.get(kind, ())]
        if not texts:
            return t.NO
        return Term("=", (KIND, texts[0])) if len(texts) == 1 else Term("in", (KIND, *texts))


def _kinds_asked(term: Term) -> list[str] | None:
    """Return the kinds of which a term asks whether a row is one; None where it asks something else."""
    if term.op not in ("=", "in") or term.args[0] != KIND:
        return None
    return [str(t.value_of(each)) for each in term.parts if each != KIND]


def aliased(term: Term, alias: str) -> Term:
    """Return a term over the columns of one relation with the relation's alias."""

    def other(part: Term) -> Term | None:
        return t.column(str(part.args[1]), alias) if part.op == "column" and not part.args[0] else None

    return t.renamed(term, other)


def lowest_layer(supply: Supply, name: str) -> Select:
    """Return the step that reads the leads, each with what is known of its company."""
    leads, accounts = supply.leads, supply.accounts
    joins: tuple[Join, ...] = ()
    columns = {key: aliased(term, "source") for key, term in base_columns(supply).items()}
    if accounts is not None and leads.account is not None:
        on = Term("=", (aliased(leads.account, "source"), aliased(accounts.key, "company")))
        joins = (Join(accounts.relation, "company", on, left=True),)
        for field, given in accounts.fields.items():
            columns[f"a.{field}"] = aliased(given.value, "company")
            if given.supplied != t.YES:
                # A company without a row was looked for, and has blanks.
                columns[f"as.{field}"] = t.coalesce(aliased(given.supplied, "company"), t.YES)
    return Select(name, leads.relation, "source", columns, joins=joins, remark="what is known of each lead")


def people_of(world: World) -> World:
    """Return the world of the people of the companies of those who ask; the same where all have one instant."""
    if not world.has_own_as_of:
        return world
    if world.people is None:
        people = World(f"{world.name}_person", world.writer.of_people(), world.steps)
        people.layers[0] = _persons(world, f"{people.name}0")
        world.people = people
    return world.people


def _persons(world: World, name: str) -> str:
    """Add the steps that give each person of a company, at each instant that one of them is asked about."""
    base = world.layers[0]

    def of(each: str) -> Term:
        return t.column(each, LEAD)

    asked = Select(
        f"{name}_asked",
        base,
        LEAD,
        {"asked_of": of("household"), "asked_at": of("as_of")},
        group=(of("household"), of("as_of")),
    )
    at, asked_at = of("as_of"), t.column("asked_at", "asked")
    # The newest row that is not after the instant, else the oldest.
    behind = Term("whole +", (Term("between", (asked_at, at)), t.whole(_BEYOND)))
    distance = t.case([(Term(">", (at, asked_at)), behind)], Term("between", (at, asked_at)))
    same = Term("=", (of("household"), t.column("asked_of", "asked")))
    names = [each for each in world.writer.board.base if each != "as_of"]
    beside = Select(
        f"{name}_beside",
        base,
        LEAD,
        {**{each: of(each) for each in names}, "as_of": asked_at, "distance": distance},
        joins=(Join(asked.name, "asked", same, left=False),),
    )
    place = Term("place", (of("distance"), of("household"), of("as_of"), of("id")))
    placed = Select(f"{name}_placed", beside.name, LEAD, {"place": place}, keeps=(LEAD,))
    nearest = Select(
        name,
        placed.name,
        LEAD,
        {each: of(each) for each in (*names, "as_of")},
        where=Term("=", (of("place"), t.whole(1))),
        remark="the people of each company, at each instant that is asked for",
    )
    world.steps += [asked, beside, placed, nearest]
    return name
