"""Streams: the rows that selections choose from, and the columns that are computed over them.

A stream is a description; each family of measures builds the relation that it needs of it. Its rows have the alias
`row`; what is known of the lead that asks has the alias `lead`.
"""

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import NO, YES, Term

# Whose rows: the lead's own events, its company's, those of all people of the company; the people; idle stretches.
StreamScope: TypeAlias = Literal["lead", "company", "colleagues", "people", "idle"]
Part: TypeAlias = tuple[StreamScope, str]

LEAD, ROW = "lead", "row"

# Stands for the columns that tell whose a row is; which ones is settled when the relation is built.
KEY = t.column("*", ROW)
AT = t.column("at", ROW)
KIND = t.column("kind", ROW)


def of_row(name: str) -> Term:
    """Return a column of a stream."""
    return t.column(name, ROW)


def of_lead(name: str) -> Term:
    """Return a column of the lead that asks."""
    return t.column(name, LEAD)


@attrs.define(eq=False)
class Stream:
    """All events or records of some kinds, each with its scope; or people; or the ends of idle stretches."""

    parts: tuple[Part, ...]
    # Whether some rows have no time.
    has_records: bool = False
    idle: "Idleness | None" = None
    # Columns computed over the rows, by name, in the order in which they need each other; with windows or not.
    computed: dict[str, Term] = attrs.field(factory=dict)
    # The rows from which each of them is computed.
    computed_from: dict[str, Term] = attrs.field(factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its rows."""
        return tuple(kind for _, kind in self.parts)

    @property
    def is_people(self) -> bool:
        """Whether the rows are people."""
        return any(scope == "people" for scope, _ in self.parts)

    def computing(self, term: Term, of: Term = YES) -> Term:
        """Return the column that holds a term; `of` are the rows that it is computed from."""
        if term.op == "constant" or (term.op == "column" and term.args[0] == ROW):
            return term
        # Rows that are found by a column are not what it is computed from, also where what is asked about the lead
        # may look at it. So what is shared looks at nothing more.
        behind, asked = self.needed([of]), self.lead_columns([of])
        known = [
            name
            for name, other in self.computed.items()
            if other == term and name not in behind and asked <= self.lead_columns([of_row(name)])
        ]
        name = known[0] if known else f"w{len(self.computed) + 1}"
        self.computed[name] = term
        self.computed_from[name] = t.any_of([self.computed_from.get(name, NO), of])
        return of_row(name)

    def needed(self, terms: Iterable[Term]) -> dict[str, Term]:
        """Return the computed columns that terms look at, and those that these look at, in order."""
        wanted: set[str] = set()
        stack = list(terms)
        while stack:
            for alias, name in stack.pop().columns:
                if alias == ROW and name in self.computed and name not in wanted:
                    wanted.add(name)
                    stack += [self.computed[name], self.computed_from[name]]
        return {name: term for name, term in self.computed.items() if name in wanted}

    def looked_at(self, terms: Iterable[Term]) -> list[Term]:
        """Return terms with all the computed columns behind them."""
        every = list(terms)
        for name, term in self.needed(every).items():
            every += [term, self.computed_from[name]]
        return every

    def lead_columns(self, terms: Iterable[Term]) -> set[str]:
        """Return the columns of the lead that terms look at, directly or through computed columns."""
        every = self.looked_at(terms)
        found = {name for term in every for alias, name in term.columns if alias == LEAD}
        if self.idle is not None:
            found |= self.idle.stream.lead_columns(self.idle.terms)
            found |= {name for alias, name in self.idle.ends.columns if alias == LEAD}
        return found


@attrs.frozen(eq=False)
class Idleness:
    """How idle stretches come from the rows of a stream: each with `starts` gives `times` rows, numbered from 1.

    `ends` is the instant of row `number`; it is sure where `is_sure` holds for the start and no event may have come
    between: none at `broken_at`, missing for none.
    """

    stream: Stream
    starts: Term
    times: Term
    ends: Term
    is_sure: Term
    broken_at: Term

    @property
    def terms(self) -> tuple[Term, ...]:
        """What is looked at in the stream."""
        return self.starts, self.times, self.is_sure, self.broken_at


def transplanted(term: Term, source: Stream, target: Stream, own: Collection[str] = ()) -> Term:
    """Return a term about the rows of one stream as one about the rows of another that has all of them.

    Of the kinds that are `own`, the other stream has also those of colleagues; they are told apart by the owner.
    """
    if source is target:
        return term
    is_own = Term("=", (of_row("owner"), of_lead("id")))

    def other(part: Term) -> Term | None:
        if part.op in ("=", "in") and part.args[0] == KIND:
            asked = [each for each in part.parts if each != KIND]
            return (
                t.any_of(
                    t.all_of([Term("=", (KIND, each)), *([is_own] if t.value_of(each) in own else [])])
                    for each in asked
                )
                if own
                else None
            )
        if part.op != "column" or part.args[0] != ROW or part.args[1] not in source.computed:
            return None
        name = str(part.args[1])
        inner = transplanted(source.computed[name], source, target, own)
        return target.computing(inner, transplanted(source.computed_from[name], source, target, own))

    return t.renamed(term, other)
