"""A row a lead: what was decided, how surely and why, as the columns of a table."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from mqldsl.evaluate.decision import Decided
from mqldsl.evaluate.reference import Judged
from mqldsl.evaluate.situation import Situation
from mqldsl.explain.explanation import value_of
from mqldsl.explain.missing import missing_for
from mqldsl.model import ir

Cell: TypeAlias = Callable[[Situation, Judged], object]


@attrs.frozen
class Column:
    """A column by its name, and how its cell is taken from what was found."""

    name: str
    cell: Cell


def columns_of(model: ir.Model, *, each_has_its_as_of: bool) -> list[Column]:
    """Return the columns for a definition: the decisions, the numbers behind them, then the reasons.

    A part that is called like one of our own columns has its kind before its name: `score.team`.
    """
    own = [Column("id", lambda situation, _: situation.lead.id)]
    if each_has_its_as_of:
        own.append(Column("as_of", lambda situation, _: situation.as_of))
    if model.verdict is not None:
        own += _of_verdict(model.verdict)
    own += _of_clauses(model)
    if model.verdict is not None:
        own.append(Column("missing", _missing(model, model.verdict)))
    taken = {column.name for column in own}
    parts = list(_of_parts(model, taken))
    decisions = [column for column, is_decision in parts if is_decision]
    others = [column for column, is_decision in parts if not is_decision]
    start = 2 if each_has_its_as_of else 1
    return [*own[:start], *decisions, *own[start:], *others]


def _of_verdict(verdict: str) -> Iterator[Column]:
    def column(name: str, take: Callable[[Decided], object]) -> Column:
        return Column(name, lambda _, judged: take(judged.decided[verdict]))

    yield column("certain", lambda decided: decided.is_certain)
    yield column("could_be", lambda decided: decided.could_be)
    yield column("due_at", lambda decided: decided.due_at)
    yield column("team", lambda decided: decided.team)
    yield column("reason", lambda decided: decided.because)


def _missing(model: ir.Model, verdict: str) -> Cell:
    def cell(_: Situation, judged: Judged) -> object:
        is_certain = judged.decided[verdict].is_certain
        return () if is_certain else tuple(missing_for(model, judged, verdict))

    return cell


def _of_clauses(model: ir.Model) -> Iterator[Column]:
    names = [name for name, part in model.named.items() if isinstance(part, ir.Clause)]

    def that_are(answer: bool | None) -> Cell:
        def cell(_: Situation, judged: Judged) -> object:
            return tuple(name for name in names if judged.clauses[name].answer.value is answer)

        return cell

    yield Column("fired", that_are(True))
    yield Column("unknown", that_are(None))


def _of_parts(model: ir.Model, taken: set[str]) -> Iterator[tuple[Column, bool]]:
    """Yield a column for each decision, score, value, grade, matrix and output of a table."""

    def name_of(kind: str, name: str) -> str:
        return f"{kind}.{name}" if name in taken else name

    for name, part in model.named.items():
        match part:
            case ir.Clause():
                continue
            case ir.Table():
                for output, _ in part.outputs:
                    shown = name if len(part.outputs) == 1 else f"{name}.{output}"
                    yield Column(name_of("table", shown), _output(name, output)), False
            case ir.Decide():
                yield Column(name_of("decide", name), _value(name)), True
            case _:
                kind = {"NamedExpression": "value"}.get(type(part).__name__, type(part).__name__.lower())
                yield Column(name_of(kind, name), _value(name)), False


def _value(name: str) -> Cell:
    return lambda _, judged: value_of(judged.values[name])


def _output(name: str, output: str) -> Cell:
    return lambda _, judged: value_of(judged.tables[name][output])
