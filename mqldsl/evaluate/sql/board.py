"""The board: all that is known of a lead, as columns in layers; each looks at columns of layers below it only."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.streams import LEAD, ROW, Stream, of_lead
from mqldsl.evaluate.sql.terms import Term

# What is worth a column of its own, where it is part of something else.
COSTLY = frozenset(
    {"fold", "squeeze", "domain", "folded members", "offset at instant", "offset at local", "exact sum", "mentions"}
    | {"fits", "some fits", "matches", "business time", "split hash", "plus months", "at"}
)  # fmt: skip
# Of rows, only what is written out at length: each step of it stands in the next one several times.
_LONG = frozenset(
    {"offset at instant", "offset at local", "plus months", "at", "business time"}
    | {"folded members", "has", "some fits", "sorted members"}
)
# Missing where the text is, so that a text that is missing need not be looked up.
MISSING_WITH_THE_TEXT = t.STRICT | {"and", "or", "column", "constant"}
_NONE_YET = {"count where": 0, "count distinct where": 0, "days where": 0}


@attrs.frozen
class Measure:
    """One number, instant or text over the rows of a stream, for each lead; `by` groups the rows once more."""

    name: str
    stream: Stream = attrs.field(eq=False)
    term: Term
    by: Term | None

    @property
    def choice(self) -> Term:
        """Which rows count."""
        term = self.term
        while not term.op.endswith(" where"):
            term = term.parts[0]
        return term.parts[0]

    @property
    def terms(self) -> list[Term]:
        """All that is looked at in the rows."""
        return [self.term] if self.by is None else [self.term, self.by]


class Board:
    """Columns of a lead. Layer 0 holds what the source says; measures and named terms come above it.

    With `holds_people`, the people of a company are leads of this board, too.
    """

    def __init__(self, base: dict[str, Term], *, holds_people: bool) -> None:
        self.base = base
        self._holds_people = holds_people
        self.bound: dict[str, Term] = {}
        self.measures: dict[str, Measure] = {}
        # Of a text of the lead: what is worked out once for each different text, by its columns.
        self.looked_up: dict[str, dict[str, Term]] = {}
        self._names: dict[object, str] = {}
        self._taken: Counter[str] = Counter()
        self._lower = {name.lower() for name in base}
        self._levels: dict[str, int] = {}

    # -------------------------------------------------------------- writing on it

    def bind(self, term: Term, hint: str = "x") -> Term:
        """Return a column that holds a term, so that it is computed once."""
        if term.op == "constant" or (term.op == "column" and term.args[0] == LEAD):
            return term
        if term in self._names:
            return of_lead(self._names[term])
        whole, term = term, self._lifted(term)
        name = self._free(hint)
        self._names[whole] = name
        self.bound[name] = term
        return of_lead(name)

    def _lifted(self, term: Term) -> Term:
        """Return a term with its costly parts as columns of their own."""

        def other(part: Term) -> Term | None:
            return self.bind(part) if part is not term and part.op in COSTLY else None

        return t.renamed(term, other)

    def measure(self, stream: Stream, term: Term, by: Term | None = None) -> Term:
        """Return what a term over the rows of a stream gives for the lead."""
        if term.parts[0] == t.NO:
            return _nothing(term)
        key = (id(stream), term, by)
        name = self._names.get(key)
        if name is None:
            name = self._free("m")
            self._names[key] = name
            self.measures[name] = Measure(name, stream, term, by)
        column = of_lead(name)
        if term.op in _NONE_YET:
            return t.coalesce(column, t.whole(0))
        return t.coalesce(column, t.NO) if term.op == "any where" else column

    def _free(self, hint: str) -> str:
        """Return a name that is not taken, whatever its case: to some databases `Fit` and `fit` are one."""
        while True:
            self._taken[hint.lower()] += 1
            number = self._taken[hint.lower()]
            name = hint if number == 1 and hint not in ("x", "m") else f"{hint}{number}"
            if name.lower() not in self._lower:
                self._lower.add(name.lower())
                return name

    # -------------------------------------------------------------- once all is written

    def lift_rows(self) -> None:
        """Give long steps of terms over rows a column of their own, of the rows or of the lead."""
        done: set[int] = set()
        for name, each in list(self.measures.items()):
            self._lift_stream(each.stream, done)
            by = None if each.by is None else self._lifted_row(each.stream, each.by)
            self.measures[name] = attrs.evolve(each, term=self._lifted_row(each.stream, each.term), by=by)

    def _lift_stream(self, stream: Stream, done: set[int]) -> None:
        if id(stream) in done or stream.is_people:
            return
        done.add(id(stream))
        if stream.idle is not None:
            inner = stream.idle.stream
            self._lift_stream(inner, done)
            idle = stream.idle
            stream.idle = attrs.evolve(
                idle,
                starts=self._lifted_row(inner, idle.starts),
                times=self._lifted_row(inner, idle.times),
                ends=self._lifted_row(inner, idle.ends),
                is_sure=self._lifted_row(inner, idle.is_sure),
                broken_at=self._lifted_row(inner, idle.broken_at),
            )
        for name, term in list(stream.computed.items()):
            stream.computed[name] = self._lifted_row(stream, term)
            stream.computed_from[name] = self._lifted_row(stream, stream.computed_from[name])

    def _lifted_row(self, stream: Stream, term: Term) -> Term:
        if stream.is_people:
            return term

        def other(part: Term) -> Term | None:
            if part.op in ("column", "constant"):
                return None
            columns = part.columns
            if columns and all(alias == LEAD for alias, _ in columns):
                return self.bind(part)
            if part is term or part.op not in _LONG or ((ROW, "number") in columns and stream.idle is None):
                return None
            return stream.computing(self._lifted_row(stream, part), t.NO)

        return t.renamed(term, other)

    def new(self, term: Term) -> Term:
        """Return a column that holds a term that no other does."""
        name = self._free("x")
        self.bound[name] = term
        return of_lead(name)

    def look_up(self, texts: Collection[str], told: Sequence[Term]) -> None:
        """Have costly tests of texts worked out once for each different text; `texts` are columns of layer 0."""
        below: dict[str, frozenset[str]] = {}
        alone = {name for name in self.bound if len(self._beneath(name, below)) == 1}
        found: dict[str, dict[str, Term]] = {}
        many: set[str] = set()
        for name in alone:
            (base,) = below[name]
            if base in texts:
                term = self._expanded(name)
                ops = t.ops_in(term)
                if "domain" in ops:
                    # Addresses are as many as leads.
                    many.add(base)
                elif ops & COSTLY and ops <= MISSING_WITH_THE_TEXT:
                    found.setdefault(base, {})[name] = term
        for base in found.keys() - many:
            for name in found[base]:
                del self.bound[name]
        used = {name for term in (*told, *self.bound.values()) for _, name in term.columns}
        for measure in self.measures.values():
            used |= measure.stream.lead_columns(measure.terms)
            used |= {name for term in measure.terms for _, name in term.columns}
        self.looked_up = {
            base: {name: term for name, term in columns.items() if name in used}
            for base, columns in found.items()
            if base not in many
        }

    def _beneath(self, name: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
        """Return the columns of layer 0 and the measures that a column is made of."""
        if name not in known:
            inner = [each for _, each in self.bound[name].columns] if name in self.bound else []
            parts = [self._beneath(each, known) for each in inner]
            known[name] = frozenset({name}) if name not in self.bound else frozenset().union(*parts)
        return known[name]

    def _expanded(self, name: str) -> Term:
        """Return what a column holds in columns of layer 0 and measures."""

        def other(part: Term) -> Term | None:
            if part.op != "column":
                return None
            inner = str(part.args[1])
            return self._expanded(inner) if inner in self.bound else part

        return t.renamed(self.bound[name], other)

    def level(self, name: str) -> int:
        """Return the layer in which a column comes, once all is written."""
        if name not in self._levels:
            if name in self.base:
                self._levels[name] = 0
            elif any(name in columns for columns in self.looked_up.values()):
                self._levels[name] = 1
            elif name in self.bound:
                self._levels[name] = self.level_of(self.bound[name]) + 1
            else:
                self._levels[name] = self._above(self.measures[name]) + 1
        return self._levels[name]

    def _above(self, measure: Measure) -> int:
        names = measure.stream.lead_columns(measure.terms)
        if measure.stream.is_people and self._holds_people:
            names |= {name for term in measure.terms for alias, name in term.columns if alias == ROW}
        return max((self.level(name) for name in names), default=0)

    def level_of(self, *terms: Term) -> int:
        """Return the lowest layer that holds every column that the terms look at."""
        return self.highest(name for term in terms for alias, name in term.columns if alias == LEAD)

    def highest(self, names: Iterable[str]) -> int:
        """Return the lowest layer that holds all of some columns."""
        return max((self.level(name) for name in names), default=0)


def _nothing(term: Term) -> Term:
    """Return what no rows give."""
    if term.op in _NONE_YET:
        return t.whole(0)
    if term.op == "any where":
        return t.NO
    words = {"sum where": "double", "whole sum where": "whole"}
    return t.constant(words.get(term.op, "instant"), None)
