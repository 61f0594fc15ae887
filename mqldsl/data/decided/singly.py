"""Leads decided one by one by the reference, put into the same columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.late import pa
from mqldsl.data.decided.columns import Column, arrow_type
from mqldsl.evaluate.outcome import Known, bounds_of
from mqldsl.evaluate.reference import Evaluation, Judged
from mqldsl.evaluate.situation import Situation
from mqldsl.explain.explanation import value_of
from mqldsl.model import ir
from mqldsl.model.facts import facts_in_order
from mqldsl.model.folding import whole_characters
from mqldsl.model.types import BLANK

# So many leads at a time: few enough for the first to be seen soon.
_TOGETHER = 2_000

_Cell: TypeAlias = Callable[[Situation, Judged], object]


def singly(
    model: ir.Model, asked: Iterable[Situation], columns: Sequence[Column], heard: Callable[[], None]
) -> Iterator[Table]:
    """Yield tables with the columns, as the leads come; `heard` is called for each."""
    cells = [_cell(model, column) for column in columns]
    schema = pa.schema([(column.name, arrow_type(column)) for column in columns])
    leads = iter(asked)
    while some := list(islice(leads, _TOGETHER)):
        rows = []
        for situation in some:
            judged = Evaluation(model, situation).judged()
            rows.append([_stored(cell(situation, judged)) for cell in cells])
            heard()
        yield pa.table([list(values) for values in zip(*rows)], schema=schema)


def _stored(value: object) -> object:
    match value:
        case None:
            return None
        case str():
            return whole_characters(value)
        case tuple() | list():
            return [_stored(each) for each in value]
        case _:
            return None if value is BLANK else value


def _cell(model: ir.Model, column: Column) -> _Cell:  # a few lines a role
    part = column.part
    match column.role:
        case "id":
            return lambda situation, _: situation.lead.id
        case "as of":
            return lambda situation, _: situation.as_of
        case "outcome":
            return lambda _, judged: judged.decided[part].outcome
        case "certain":
            return lambda _, judged: judged.decided[part].is_certain
        case "could be":
            return lambda _, judged: judged.decided[part].could_be
        case "due at":
            return lambda _, judged: judged.decided[part].due_at
        case "team":
            return lambda _, judged: judged.decided[part].team
        case "reason":
            return lambda _, judged: judged.decided[part].because
        case "missing":
            return _missing(facts_in_order(model), part)
        case "clause":
            return lambda _, judged: judged.clauses[part].answer.value
        case "low" | "high":
            return lambda _, judged: _bound(judged, column)
        case "value" if isinstance(model.named[part], ir.Table):
            return lambda _, judged: value_of(judged.tables[part][column.output])
        case "value":
            return lambda _, judged: value_of(judged.values[part])
        case _:
            raise AssertionError(column.role)


def _missing(order: Sequence[str], part: str) -> _Cell:
    places = {fact: place for place, fact in enumerate(order)}

    def cell(_: Situation, judged: Judged) -> object:
        facts = {lack.name for lack in judged.decided[part].lacks}
        return sorted(facts, key=lambda fact: (places.get(fact, len(places)), fact))

    return cell


def _bound(judged: Judged, column: Column) -> object:
    found = judged.values[column.part]
    if not isinstance(found, Known):
        return None
    if not isinstance(found.value, float):
        return found.value
    bounds = bounds_of(found)
    return bounds.low if column.role == "low" else bounds.high
