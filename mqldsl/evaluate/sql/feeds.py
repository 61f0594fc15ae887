"""The rows of a stream: read from its feeds, each row with whose it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.reaching import reach
from mqldsl.evaluate.sql.relations import Join, Select, Step, Together
from mqldsl.evaluate.sql.streams import LEAD, ROW, Part, Stream, of_row
from mqldsl.evaluate.sql.supply import Feed
from mqldsl.evaluate.sql.terms import YES, Operation, Term
from mqldsl.evaluate.sql.worlds import Key, Rows, World, aliased

_FEED, _PERSON = "feed", "person"
_WORDS = {
    "Text": "text",
    "Labels": "text",
    "Number": "double",
    "Date": "day",
    "Time": "instant",
    "YesNo": "truth",
}


@attrs.frozen
class Wanted:
    """What is asked of a stream: terms over its rows, which rows matter, and the columns of the lead they look at.

    `asking` is the step with the lead that asks, where rows must meet it; `people` the one with the people.
    """

    terms: Sequence[Term]
    rows: Term
    lead_columns: frozenset[str]
    asking: str | None
    people: str | None


def rows_of_feeds(world: World, stream: Stream, wanted: Wanted, name: str) -> tuple[Rows, list[Step]]:
    """Return the rows of a stream with every column that is wanted, and the steps that give them."""
    key = _key(world, stream, wanted)
    together = _together(world, stream)
    parts = []
    for number, group in enumerate(together, start=1):
        called = f"{name}_rows" if len(together) == 1 else f"{name}_rows{number}"
        parts.append(_Reader(world, stream, wanted, key, group).select(called))
    kinds = {kind: texts for _, some in parts for kind, texts in some.items()}
    steps: list[Step] = [parts[0][0]]
    rows = Rows(parts[0][0].name, key, kinds)
    if len(parts) > 1:
        rows = Rows(f"{name}_rows", key, kinds)
        steps = [Together(rows.name, tuple(select for select, _ in parts))]
    return _filtered(world, stream, wanted, rows, steps)


def _key(world: World, stream: Stream, wanted: Wanted) -> Key:
    if wanted.asking is not None:
        return Key(world.identity, world.identity)
    scope = stream.parts[0][0]
    if scope == "company":
        return Key(("account",), ("account",))
    return Key(world.company, world.company) if scope == "colleagues" else Key(("id",), ("id",))


def _filtered(
    world: World, stream: Stream, wanted: Wanted, rows: Rows, steps: list[Step]
) -> tuple[Rows, list[Step]]:
    """Leave out repeats, where ids are told, and rows that do not matter."""
    feeds = [world.supply.feeds[kind] for _, kind in stream.parts]
    if any(feed.id is not None for feed in feeds):
        received, id_ = of_row("received"), of_row("event id")
        place = Term(
            "place",
            (received, *(of_row(each) for each in rows.key.of_rows), of_row("owner"), of_row("kind"), id_),
        )
        placed = Select(f"{rows.name}_placed", rows.name, ROW, {"place": place}, keeps=(ROW,))
        first = t.any_of([t.is_null(id_), Term("=", (of_row("place"), t.whole(1)))])
        kept = Select(
            f"{rows.name}_once",
            placed.name,
            ROW,
            {},
            keeps=(ROW,),
            where=t.all_of([first, rows.here(wanted.rows)]),
        )
        return attrs.evolve(rows, name=kept.name), [*steps, placed, kept]
    return rows, steps


def _together(world: World, stream: Stream) -> list[tuple[Part, ...]]:
    """Return the parts of a stream in groups that are read in one go."""
    groups: dict[object, list[Part]] = {}
    for part in stream.parts:
        scope, kind = part
        feed = world.supply.feeds[kind]
        told = _constants(feed.where)
        alike = (scope, feed.relation, feed.owner, feed.at, feed.id, told and told[0])
        key = alike if told is not None else (part,)
        groups.setdefault(key, []).append(part)
    found: list[tuple[Part, ...]] = []
    for group in groups.values():
        taken: set[str] = set()
        first: list[Part] = []
        for part in group:
            told = _constants(world.supply.feeds[part[1]].where)
            values = set(told[1]) if told is not None else set()
            if values & taken:
                found.append((part,))
            else:
                taken |= values
                first.append(part)
        found.append(tuple(first))
    return found


def _constants(where: Term) -> tuple[Term, tuple[str, ...]] | None:
    """Return the column that tells kinds apart and the texts of this one, where a feed is told by these."""
    if where.op not in ("=", "in"):
        return None
    column, *others = where.args
    if not isinstance(column, Term) or column.op != "column":
        return None
    texts = []
    for other in others:
        if not isinstance(other, Term) or other.op != "constant" or other.args[0] != "text":
            return None
        texts.append(str(other.args[1]))
    return column, tuple(texts)


def _moved(at: datetime, days: int) -> datetime:
    try:
        return at + timedelta(days=days)
    except OverflowError:
        return at


# Up to so many ways in which a row may matter are looked at before the row is read.
_FEW = 3


class _Reader:
    """Reads some kinds from one relation."""

    def __init__(
        self, world: World, stream: Stream, wanted: Wanted, key: Key, group: tuple[Part, ...]
    ) -> None:
        self.world, self.stream, self.wanted, self.key = world, stream, wanted, key
        self.scope = group[0][0]
        self.kinds = [kind for _, kind in group]
        self.feeds: list[Feed] = [world.supply.feeds[kind] for kind in self.kinds]
        self.feed = self.feeds[0]

    def select(self, name: str) -> tuple[Select, dict[str, tuple[str, ...]]]:
        """Return the step, and which texts in its column `kind` stand for which kind."""
        told = [_constants(feed.where) for feed in self.feeds]
        if len(self.feeds) > 1 or (told[0] is not None and len(self.stream.parts) == 1):
            kinds = {kind: each[1] for kind, each in zip(self.kinds, told, strict=True) if each is not None}
            assert told[0] is not None
            kind: Term = self._own(told[0][0])
        else:
            kinds = {self.kinds[0]: (self.kinds[0],)}
            kind = t.text(self.kinds[0])
        if len(self.stream.parts) > len(self.kinds):
            # Beside others: each kind by its own name.
            kinds = {each: (each,) for each in self.kinds}
            kind = t.case(
                [
                    (self._own(feed.where), t.text(each))
                    for each, feed in zip(self.kinds, self.feeds, strict=True)
                ],
                t.text(None),
            )
            if len(self.kinds) == 1:
                kind = t.text(self.kinds[0])
        columns = {**self._keys(), "owner": self._own(self.feed.owner), "kind": kind}
        at = self._at()
        columns["at"] = at
        columns |= self._properties()
        if any(self.world.supply.feeds[each].id is not None for _, each in self.stream.parts):
            columns |= self._ids()
        joined = sorted(self.wanted.lead_columns)
        columns |= {f"l.{each}": t.column(each, LEAD) for each in joined}
        where = [self._is_one_of(self.kinds), t.is_there(self._own(self.feed.owner)), *self._in_time(at)]
        if "event id" not in columns:
            where.append(self._matters(columns, kinds))
        select = Select(name, self.feed.relation, _FEED, columns, joins=self._joins(), where=t.all_of(where))
        return select, kinds

    def _own(self, term: Term) -> Term:
        return aliased(term, _FEED)

    def _is_one_of(self, kinds: Sequence[str]) -> Term:
        wheres = [self.world.supply.feeds[kind].where for kind in kinds]
        told = [_constants(where) for where in wheres]
        columns = {each[0] for each in told if each is not None}
        if len(wheres) < 2 or len(columns) > 1 or None in told:
            return t.any_of(self._own(where) for where in wheres)
        texts = dict.fromkeys(text for each in told if each is not None for text in each[1])
        return Term("in", (self._own(columns.pop()), *map(t.text, texts)))

    def _keys(self) -> dict[str, Term]:
        if self.wanted.asking is not None:
            return {each: t.column(each, LEAD) for each in self.key.of_rows}
        if self.scope == "colleagues":
            return {each: t.column(each, _PERSON) for each in self.key.of_rows}
        return {self.key.of_rows[0]: self._own(self.feed.owner)}

    def _joins(self) -> tuple[Join, ...]:
        owner, asking = self._own(self.feed.owner), self.wanted.asking
        joins = []
        if self.scope == "colleagues":
            assert self.wanted.people is not None
            joins.append(
                Join(self.wanted.people, _PERSON, Term("=", (t.column("id", _PERSON), owner)), left=False)
            )
            if asking is not None:
                on = t.all_of(
                    Term("=", (t.column(each, LEAD), t.column(each, _PERSON))) for each in self.world.company
                )
                joins.append(Join(asking, LEAD, on, left=False))
        elif asking is not None:
            mine = "id" if self.scope == "lead" else "account"
            joins.append(Join(asking, LEAD, Term("=", (t.column(mine, LEAD), owner)), left=False))
        return tuple(joins)

    def _at(self) -> Term:
        if self.feed.at is None:
            return t.instant(None)
        return self._own(self.feed.at)

    def _in_time(self, at: Term) -> list[Term]:
        if self.feed.at is None:
            return []
        now = self.world.supply.leads.as_of
        if not isinstance(now, Term):
            return self._limited("<=", at, t.instant(now), 1)
        alias = LEAD if self.wanted.asking is not None else _PERSON
        return [Term("<=", (at, t.column("as_of", alias)))]

    def _limited(self, relation: Operation, at: Term, limit: Term, margin: int) -> list[Term]:
        """Return a limit of instants, also as the source itself can tell it, so that it need not read all."""
        exact, scanned = Term(relation, (at, limit)), self.feed.scanned
        instant = t.value_of(limit)
        if scanned is None or not isinstance(instant, datetime):
            return [exact]
        if self.feed.is_scanned_exact:
            return [Term(relation, (self._own(scanned), t.constant("zoned instant", instant)))]
        # A day wider.
        return [exact, Term(relation, (self._own(scanned), t.constant("instant", _moved(instant, margin))))]

    def _ids(self) -> dict[str, Term]:
        if self.feed.id is None:
            return {"event id": t.text(None), "received": t.whole(None)}
        received = self.feed.received
        return {
            "event id": self._own(self.feed.id),
            "received": t.whole(0) if received is None else self._own(received),
        }

    def _properties(self) -> dict[str, Term]:
        """Return the columns of properties: `p.` of all kinds, `s.` whether supplied, `d.` as those have it that do."""
        looked_at = {str(name) for term in self.wanted.terms for alias, name in term.columns if alias == ROW}
        columns: dict[str, Term] = {}
        for name in sorted(each for each in looked_at if each[:2] in ("p.", "s.", "d.")):
            values = []
            for kind, feed in zip(self.kinds, self.feeds, strict=True):
                given = feed.properties.get(name[2:])
                if name.startswith("s."):
                    values.append((kind, YES if given is None else self._own(given.supplied)))
                elif given is not None or name.startswith("p."):
                    missing = t.constant(self._word(name[2:]), None)
                    values.append((kind, missing if given is None else self._own(given.value)))
            columns[name] = self._by_kind(values) if values else t.constant(self._word(name[2:]), None)
        return columns

    def _by_kind(self, values: list[tuple[str, Term]]) -> Term:
        if all(value == values[0][1] for _, value in values):
            return values[0][1]
        wheres = {kind: self._own(feed.where) for kind, feed in zip(self.kinds, self.feeds, strict=True)}
        return t.case([(wheres[kind], value) for kind, value in values[:-1]], values[-1][1])

    def _word(self, name: str) -> str:
        for _, kind in self.stream.parts:
            of = self.world.writer.model.kinds[kind].properties.get(name)
            if of is not None:
                return _WORDS.get(type(of).__name__, "set")
        return "text"

    def _matters(self, columns: dict[str, Term], kinds: dict[str, tuple[str, ...]]) -> Term:
        """Return which rows matter, in the columns of the relation itself, so that others are never read."""
        rows = Rows("", self.key, kinds)

        def other(part: Term) -> Term | None:
            if part.op != "column":
                return None
            alias, name = part.args
            if alias == ROW:
                return columns[str(name)]
            return part

        most = reach(self.wanted.rows)
        known = [kind for kind in self.kinds if most.kinds is None or kind in most.kinds]
        coarse = []
        if most.start is not None:
            relation, limit = most.start
            coarse = self._limited(relation, columns["at"], limit, -1)
        if len(known) < len(self.kinds):
            coarse.append(self._is_one_of(known))
        if self.wanted.rows.op == "or" and len(self.wanted.rows.parts) > _FEW:
            return t.all_of(coarse)
        return t.all_of([*coarse, t.renamed(_without_lead(rows, self.wanted.rows), other)])


def _without_lead(rows: Rows, term: Term) -> Term:
    """Return a term with its kinds told as the rows tell them, and the columns of the lead as they are."""
    marked = rows.here(term)

    def back(part: Term) -> Term | None:
        if part.op == "column" and part.args[0] == ROW and str(part.args[1]).startswith("l."):
            return t.column(str(part.args[1])[2:], LEAD)
        return None

    return t.renamed(marked, back)
