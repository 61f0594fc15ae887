"""Columns of the board made short: what is known beforehand is not asked, and nothing is worked out twice.

While a definition is written, each part is told in full, with all that could be missing. Here it is seen together:
a clause that is never unknown needs no bounds, and two columns that say the same are one.
"""

from collections.abc import Sequence

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board, Measure
from mqldsl.evaluate.sql.facts import COMPARED, EXACT, Fact, Facts, compared, of_given, of_rows
from mqldsl.evaluate.sql.inside import compared_inside
from mqldsl.evaluate.sql.shapes import added
from mqldsl.evaluate.sql.sharing import below_measures, inlined, keep_reached, looked_at, shared
from mqldsl.evaluate.sql.streams import LEAD, ROW, of_lead
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.evaluate.sql.terms import NO, YES, Operation, Term

# A `case` with one condition: that, its value, the value otherwise.
_ONE_ARM = 3


def settled(board: Board, supply: Supply, told: Sequence[Term], *, keeps_all: bool = False) -> list[Term]:
    """Make the columns of a board short, and return `told` in them.

    Columns that nothing looks at any more are gone, unless all are kept.
    """
    told = _settled(board, supply, told)
    if keeps_all:
        return shared(board, told)
    # What was put in its place can be shorter there.
    told = _settled(board, supply, inlined(board, told))
    told = shared(board, compared_inside(board, told, below_measures(board)))
    keep_reached(board, told)
    return told


def _settled(board: Board, supply: Supply, told: Sequence[Term]) -> list[Term]:
    settling = _Settling(board, supply)
    for name in list(board.bound):
        settling.column(name)
    return [settling.short(term) for term in told]


class _Settling:
    """One pass over the columns of a board, each behind those that it looks at."""

    def __init__(self, board: Board, supply: Supply) -> None:
        self._board, self._supply = board, supply
        fields = {f"f.{name}": of_given([given]) for name, given in supply.leads.fields.items()}
        self._facts = Facts({**fields, "id": Fact(is_there=True), "as_of": Fact(is_there=True)})
        self._names: dict[Term, str] = {}
        # Of truths with the same parts, the order that came first.
        self._in_order: dict[object, Term] = {}
        self._instead: dict[str, Term] = {}
        self._seen: set[str] = set()
        # The columns that are missing at most where this one is.
        self._missing_with: dict[str, frozenset[str]] = {}
        self._short: dict[Term, Term] = {}

    def column(self, name: str) -> None:
        """Settle a column, and all those below it."""
        if name in self._seen:
            return
        self._seen.add(name)
        board = self._board
        if name in board.measures:
            measure = board.measures[name]
            for below in looked_at(board, name):
                self.column(below)
            board.measures[name] = attrs.evolve(measure, term=self._of_rows(measure))
            kept = self._facts.of(board.measures[name].term)
            self._facts.columns[name] = Fact(low=kept.low, high=kept.high, is_whole=kept.is_whole)
        elif name in board.bound:
            for below in looked_at(board, name):
                self.column(below)
            written = board.bound[name]
            term = self.short(written)
            board.bound[name] = term
            if term.op in ("constant", "column"):
                self._instead[name] = term
            else:
                self._names[term] = name
                self._short[written] = of_lead(name)
            self._facts.columns[name] = self._facts.of(term)
            self._missing_with[name] = self._without(term)

    def _without(self, term: Term) -> frozenset[str]:
        """Return the columns of which each leaves a term missing where it is missing itself."""
        if term.op == "column":
            name = str(term.args[1])
            return self._missing_with.get(name, frozenset()) | {name}
        if term.op in t.STRICT or term.op == "domain":
            return frozenset().union(*(self._without(part) for part in term.parts))
        return frozenset()

    def _of_rows(self, measure: Measure) -> Term:
        """Return the term of a measure, with what is known of the rows."""
        term = measure.term
        if not term.op.endswith(" where"):
            return term
        choice, *others = term.args
        assert isinstance(choice, Term)
        term = Term(term.op, (_holding(choice), *others))
        if term.op != "sum where" or measure.stream.is_people or measure.stream.idle is not None:
            return term
        fact = Facts(of_rows(measure.stream, self._supply), ROW).of(term.parts[1])
        return Term("small sum where", term.args) if fact.size <= t.SMALL else term

    def short(self, term: Term) -> Term:
        """Return a term as short as it can be, in settled columns."""
        if term.op == "constant":
            return term
        if term.op == "column":
            alias, name = term.args
            return self._instead.get(str(name), term) if alias == LEAD else term
        found = self._short.get(term)
        if found is None:
            args = tuple(self.short(arg) if isinstance(arg, Term) else arg for arg in term.args)
            found = self._rebuilt(Term(term.op, args))
            if found.op in ("and", "or"):
                found = self._in_order.setdefault((found.op, frozenset(found.parts)), found)
            known = self._names.get(found)
            if known is not None:
                found = of_lead(known)
            self._short[term] = found
        return found

    def _rebuilt(self, term: Term) -> Term:
        parts = list(term.parts)
        match term.op:
            case "and":
                return self._joined(t.all_of(parts), "or")
            case "or":
                return self._joined(t.any_of(parts), "and")
            case "not":
                return t.negation(parts[0])
            case "is null":
                return self._is_null(parts[0])
            case "is true":
                return parts[0] if self._facts.of(parts[0]).is_there else t.is_true(parts[0])
            case "is false":
                return t.negation(parts[0]) if self._facts.of(parts[0]).is_there else t.is_false(parts[0])
            case "coalesce":
                return self._first_there(parts)
            case "case":
                return _case(self._through(parts) or parts)
            case operation if operation in COMPARED:
                return self._compared(term, *parts)
            case "least" | "greatest":
                return self._best(term.op, parts)
            case "finite" if self._facts.of(parts[0]).is_bounded:
                return parts[0]
            case "exact sum":
                return self._sum(term, parts)
            case "whole +" if t.whole(0) in parts:
                return parts[0] if parts[1] == t.whole(0) else parts[1]
            case _:
                return term

    def _joined(self, term: Term, other: Operation) -> Term:
        """Return an `and` or `or` without what says nothing more beside the rest."""
        if term.op not in ("and", "or"):
            return term
        parts = set(term.parts)
        decisive = NO if term.op == "and" else YES
        if any(
            part.op == "not" and part.parts[0] in parts and self._facts.of(part).is_there for part in parts
        ):
            return decisive
        kept = [
            part for part in term.parts if part.op != other or not any(each in parts for each in part.parts)
        ]
        return t.all_of(self._not_implied(kept)) if term.op == "and" else t.any_of(kept)

    def _not_implied(self, parts: list[Term]) -> list[Term]:
        """Return truths of which all hold without that a column is missing, where a column below it is."""
        missing = {
            str(column.args[1]): part
            for part in parts
            if part.op == "is null" and (column := part.parts[0]).op == "column"
        }
        implied = {
            part
            for name, part in missing.items()
            if self._missing_with.get(name, frozenset()) & missing.keys()
        }
        return [part for part in parts if part not in implied]

    def _is_null(self, term: Term) -> Term:
        if self._facts.of(term).is_there:
            return NO
        if term.op in t.STRICT:
            return t.any_of(self._is_null(part) for part in term.parts)
        return t.is_null(term)

    def _first_there(self, parts: list[Term]) -> Term:
        kept = []
        for part in parts:
            kept.append(part)
            if self._facts.of(part).is_there:
                break
        return t.coalesce(*kept)

    def _through(self, parts: list[Term]) -> list[Term] | None:
        """Return a case by the value of a column that is a case itself, as one by the conditions of that one."""
        *arms, otherwise = parts
        tests = [list(test.parts) for test in arms[::2] if test.op == "="]
        columns = {column for column, _ in tests}
        if len(tests) * 2 < len(arms) or len(columns) != 1 or (column := columns.pop()).op != "column":
            return None
        inner = self._board.bound.get(str(column.args[1]))
        if inner is None or inner.op != "case":
            return None
        *inner_arms, last = inner.parts
        if any(term.op != "constant" for term in (*(value for _, value in tests), *inner_arms[1::2], last)):
            return None
        results = {value: result for (_, value), result in zip(tests, arms[1::2], strict=True)}
        found: list[Term] = []
        for condition, value in zip(inner_arms[::2], inner_arms[1::2], strict=True):
            found += [condition, results.get(value, otherwise)]
        return [*found, results.get(last, otherwise)]

    def _compared(self, term: Term, a: Term, b: Term) -> Term:
        if a.op == b.op == "constant":
            return compared(term.op, a, b)
        if not self._facts.are_there((a, b)):
            return term
        one, other = self._facts.of(a), self._facts.of(b)
        if (term.op in ("<", "<=") and one.high < other.low) or (
            term.op in (">", ">=") and one.low > other.high
        ):
            return YES
        if (term.op in ("<", "<=") and one.low > other.high) or (
            term.op in (">", ">=") and one.high < other.low
        ):
            return NO
        if (term.op == "<=" and one.high <= other.low) or (term.op == ">=" and one.low >= other.high):
            return YES
        return term

    def _best(self, op: Operation, parts: list[Term]) -> Term:
        """Return the least or greatest, without what can never be it."""
        assert op in ("least", "greatest")
        kept = list(dict.fromkeys(parts))
        for part in list(kept):
            own = self._facts.of(part)
            others = [self._facts.of(each) for each in kept if each is not part]
            if part.op != "constant" or not others:
                continue
            if (op == "least" and any(other.high <= own.low for other in others)) or (
                op == "greatest" and any(other.low >= own.high for other in others)
            ):
                kept.remove(part)
        return t.best(op, kept)

    def _sum(self, term: Term, parts: list[Term]) -> Term:
        """Return a plain sum where adding is exact anyhow."""
        facts = [self._facts.of(part) for part in parts]
        if (
            not all(fact.is_whole and fact.is_bounded for fact in facts)
            or sum(fact.size for fact in facts) >= EXACT
        ):
            return term
        pairs = [_sure_and_more(part) for part in parts]
        # Adding 0 leaves no zero below 0.
        sure = added([*(part for part, _ in pairs), t.double(0)], "+")
        more = [part for _, part in pairs if part is not None]
        return Term("+", (sure, added(more, "+"))) if more else sure


def _holding(choice: Term) -> Term:
    """Return a choice of rows that holds for the same rows, whatever it says of others: missing or no."""
    if choice.op == "is true":
        return _holding(choice.parts[0])
    return t.all_of(_holding(part) for part in choice.parts) if choice.op == "and" else choice


def _sure_and_more(part: Term) -> tuple[Term, Term | None]:
    """Return what is added where a truth holds, and apart what is added where it is missing.

    So the bounds of a sum are made of the sum.
    """
    if part.op != "case" or len(part.parts) != _ONE_ARM or part.parts[0].op != "or":
        return part, None
    either, value, otherwise = part.parts
    missing = [truth for truth in either.parts if truth.op == "is null"]
    if len(missing) != 1 or otherwise != t.double(0):
        return part, None
    truth = missing[0].parts[0]
    if set(either.parts) != set(t.any_of([truth, missing[0]]).parts):
        return part, None
    return t.case([(truth, value)], otherwise), t.case([(missing[0], value)], otherwise)


def _case(parts: list[Term]) -> Term:
    *arms, otherwise = parts
    kept: list[tuple[Term, Term]] = []
    for condition, value in zip(arms[::2], arms[1::2], strict=True):
        # A condition that is missing does not hold.
        holds = condition.parts[0] if condition.op == "is true" else condition
        if kept and kept[-1][1] == value:
            kept[-1] = (t.any_of([kept[-1][0], holds]), value)
        else:
            kept.append((holds, value))
    while kept and kept[-1][1] == otherwise:
        kept.pop()
    if len(kept) == 1 and {kept[0][1], otherwise} == {YES, NO}:
        holds = t.is_true(kept[0][0])
        return holds if otherwise == NO else t.negation(holds)
    return t.case(kept, otherwise)
