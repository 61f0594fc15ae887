"""A dialect as a table of operations, and how a term is said with it.

Each entry makes sqlglot nodes of a term; sqlglot only prints them. A table falls back to no other: a dialect is
built from the tables it shares and its own, so what is in none of them is refused.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import attrs
from sqlglot import exp

from mqldsl.evaluate.sql.lowering.nodes import Fresh, Node, column, fresh, inner
from mqldsl.evaluate.sql.lowering.refused import Refused
from mqldsl.evaluate.sql.relations import DialectName, Step, Steps
from mqldsl.evaluate.sql.terms import Argument, Atom, Operation, Term, constant

Say: TypeAlias = "Callable[[Saying, Term], Node]"
Table: TypeAlias = Mapping[Operation, Say]

# The alias of what `once` has given a name.
BOUND = "\0bound"
# Up to so many operations a value is said twice rather than given a name.
_SIMPLE = 3


_ELSEWHERE: Final = "compute it before and hand it in as a field, or choose another database"
_IN_PLAIN_WORDS: Final[dict[str, str]] = {
    "business time": "a deadline in business time",
    "end of day": "the end of a working day",
    "folded members": "the members of a set",
    "has": "whether a set has a value",
    "some fits": "whether a set has a value that fits an entry",
    "sorted members": "an order of sets",
    "list": "a list of texts",
    "mentions": "`mentions`",
    "fits": "an entry of a list with a `*`",
    "matches": "`matches`",
    "domain": "the domain of an address",
    "split hash": "an even split by id",
    "max before": "what came before an event",
    "min after": "what came behind an event",
}
_OTHER_ROWS: Final = frozenset({"max before", "min after", "next", "rank", "place"})


@attrs.frozen
class Dialect:
    """The words of one database."""

    name: DialectName
    table: Table
    # The names of the types, as DuckDB writes them.
    kinds: Mapping[str, str]
    constant: "Callable[[Saying, str, Atom], Node]"
    # (value, the name it gets, what is made of it): the value is computed once; None where nothing says that.
    once: Callable[[Node, str, Node], Node] | None
    # (a list, the name each member gets, what is made of it): a list as long.
    each: Callable[[Node, str, Node], Node] | None
    # (whole number, constant above 0): the quotient, cut off towards 0.
    quotient: Callable[[Node, int], Node]
    # (how to say its terms, a step, its relation): a row for each number.
    steps: "Callable[[Saying, Steps, Node], exp.Query]"
    # Whether a step is to be computed once and kept, or each time anew; None where the database may choose.
    keeps_step: Callable[[Step], bool | None]


@attrs.frozen
class Saying:
    """Terms said in a dialect, where columns without an alias are those of `alias`."""

    dialect: Dialect
    alias: str = ""
    depth: int = 0

    def __call__(self, argument: Argument) -> Node:
        """Return the tree of a term."""
        assert isinstance(argument, Term), f"{argument!r} is no term"
        if argument.op == "column":
            alias, name = argument.args
            assert isinstance(name, str)
            return column("" if alias == BOUND else str(alias) or self.alias, name)
        if argument.op == "constant":
            word, value = argument.args
            assert isinstance(word, str)
            assert not isinstance(value, Term)
            return self.dialect.constant(self, word, value)
        say = self.dialect.table.get(argument.op)
        if say is None:
            raise self.refused(_IN_PLAIN_WORDS.get(argument.op, f"`{argument.op}`"), _ELSEWHERE)
        return say(self, argument)

    def constant(self, word: str, value: Atom) -> Node:
        """Return a constant."""
        return self(constant(word, value))

    def all(self, term: Term) -> list[Node]:
        """Return the trees of all arguments."""
        return [self(arg) for arg in term.args]

    def refused(self, what: str, instead: str) -> Refused:
        """Return the refusal, to be raised."""
        return Refused(what, self.dialect.name, instead)

    def once(self, term: Argument, body: "Callable[[Saying, Term], Node]") -> Node:
        """Return what `body` makes of a term that it may look at many times, and that is computed once.

        The body sees nothing but the term, except for other names that are given so.
        """
        assert isinstance(term, Term)
        if self.dialect.once is None or is_simple(term) or _looks_at_other_rows(term):
            return body(self, term)
        name = f"v{self.depth + 1}"
        deeper = attrs.evolve(self, depth=self.depth + 1)
        return self.dialect.once(self(term), name, body(deeper, Term("column", (BOUND, name))))

    def named(self, node: Node, body: "Callable[[Saying, Fresh], Node]") -> Node:
        """Return the same for what is a tree already."""
        if self.dialect.once is None or node.find(exp.Window):
            # In a query of its own, as some databases need it for a name, a window would hold one row.
            return body(self, fresh(inner(node)))
        name = f"v{self.depth + 1}"
        deeper = attrs.evolve(self, depth=self.depth + 1)
        return self.dialect.once(node, name, body(deeper, fresh(column("", name))))

    def each(self, members: Node, body: "Callable[[Saying, Fresh], Node]") -> Node:
        """Return a list with what `body` makes of each member."""
        if self.dialect.each is None:
            raise self.refused("the members of a set", "leave sets out, or choose another database")
        name = f"v{self.depth + 1}"
        deeper = attrs.evolve(self, depth=self.depth + 1)
        return self.dialect.each(members, name, body(deeper, fresh(column("", name))))


def is_simple(term: Term) -> bool:
    """Say whether a term costs little enough to be said twice."""
    return _size(term, _SIMPLE) <= _SIMPLE


def _looks_at_other_rows(term: Term) -> bool:
    return term.op in _OTHER_ROWS or any(map(_looks_at_other_rows, term.parts))


def _size(term: Term, most: int) -> int:
    if term.op in ("column", "constant"):
        return 0
    size = 1
    for part in term.parts:
        if size > most or part.op.endswith((" where", " before", " after")):
            return most + 1
        size += _size(part, most - size)
    return size
