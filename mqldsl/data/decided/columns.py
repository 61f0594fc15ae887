"""What is told of every lead, as columns: their names, their order and their types."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import attrs

from mqldsl.data.batch.arrays import ArrowType, kept_as
from mqldsl.data.batch.late import pa
from mqldsl.model import ir
from mqldsl.model.types import Number, Text, Time, Type
from mqldsl.source.nearest import did_you_mean

Role: TypeAlias = Literal[
    "id", "as of", "outcome", "certain", "could be", "due at", "team", "reason", "fired", "unknown", "missing",
    "clause", "value", "low", "high",
]  # fmt: skip

# What only the evaluator tells of a decision, and what is made of the clauses' own columns.
OF_DECISION: tuple[Role, ...] = ("certain", "could be", "due at", "team", "reason")
LISTS: tuple[Role, ...] = ("fired", "unknown")


_TEXT = Text()


@attrs.frozen
class Column:
    """A column: what it tells, of which part, and of a table which output; `type` is that of a value."""

    name: str
    role: Role
    part: str = ""
    output: str = ""
    type: Type = _TEXT

    @property
    def is_list(self) -> bool:
        """Whether it is one of the lists of clauses."""
        return self.role in LISTS


def columns_of(model: ir.Model, *, each_has_its_as_of: bool) -> list[Column]:
    """Return the columns for a definition: the decisions, what is behind the verdict, the numbers.

    A part that is called like one of our own columns has its kind before its name: `score.team`.
    """
    start = [Column("id", "id")]
    if each_has_its_as_of:
        start.append(Column("as_of", "as of"))
    own = list(_of_verdict(model))
    taken = {column.name for column in (*start, *own)}
    parts = list(_of_parts(model, taken))
    decisions = [column for column in parts if column.role == "outcome"]
    return [*start, *decisions, *own, *(column for column in parts if column.role != "outcome")]


def further_columns_of(model: ir.Model, columns: list[Column]) -> list[Column]:
    """Return what else there is to tell: each clause, bounds of scores, and what is behind the other decisions."""
    taken = {column.name for column in columns}
    further = list(_of_clauses(model, taken))
    for column in columns:
        match column:
            case Column(name, "value", part) if isinstance(model.named[part], ir.Score):
                further += [Column(f"{name}.low", "low", part), Column(f"{name}.high", "high", part)]
            case Column(name, "outcome", part) if part != model.verdict:
                further += [Column(f"{name}.{_NAMES[role]}", role, part) for role in OF_DECISION]
    return further


def chosen(columns: Sequence[Column], names: Iterable[str]) -> list[Column]:
    """Return the columns of some names, in that order, behind those that say which row it is.

    Raises:
        LookupError: There is none of a name.
    """
    wanted = dict.fromkeys(names)
    found = {column.name: column for column in columns}
    every = f"there are {', '.join(found)}"
    for name in wanted:
        if name not in found:
            raise LookupError(f"there is no column `{name}`: {did_you_mean(name, found, every)}")
    keys = [column for column in columns if column.role in ("id", "as of")]
    return list(dict.fromkeys([*keys, *(found[name] for name in wanted)]))


def arrow_type(column: Column) -> ArrowType:
    """Return the type of a column in Arrow."""
    match column.role:
        case "could be" | "fired" | "unknown" | "missing":
            return pa.list_(pa.string())
        case "certain" | "clause":
            return pa.bool_()
        case "as of" | "due at":
            return pa.timestamp("us", "UTC")
        case "low" | "high":
            return pa.float64()
        case "value":
            return pa.timestamp("us", "UTC") if column.type == Time() else kept_as(column.type)
        case _:
            return pa.string()


_NAMES: dict[Role, str] = {
    "certain": "certain",
    "could be": "could_be",
    "due at": "due_at",
    "team": "team",
    "reason": "reason",
}


def _of_verdict(model: ir.Model) -> Iterator[Column]:
    verdict = model.verdict
    if verdict is not None:
        yield from (Column(_NAMES[role], role, verdict) for role in OF_DECISION)
    yield Column("fired", "fired")
    yield Column("unknown", "unknown")
    if verdict is not None:
        yield Column("missing", "missing", verdict)


def _of_parts(model: ir.Model, taken: set[str]) -> Iterator[Column]:
    """Yield a column for each decision, score, value, grade, matrix and output of a table."""

    def name_of(kind: str, name: str) -> str:
        return f"{kind}.{name}" if name in taken else name

    for name, part in model.named.items():
        match part:
            case ir.Clause():
                continue
            case ir.Table():
                for output, kind in part.outputs:
                    shown = name if len(part.outputs) == 1 else f"{name}.{output}"
                    yield Column(name_of("table", shown), "value", name, output, kind)
            case ir.Decide():
                yield Column(name_of("decide", name), "outcome", name)
            case ir.NamedExpression():
                yield Column(name_of("value", name), "value", name, type=part.type)
            case ir.Score():
                yield Column(name_of("score", name), "value", name, type=Number())
            case _:
                yield Column(name_of(type(part).__name__.lower(), name), "value", name, type=part.type)


def _of_clauses(model: ir.Model, taken: set[str]) -> Iterator[Column]:
    for name, part in model.named.items():
        if isinstance(part, ir.Clause):
            yield Column(f"clause.{name}" if name in taken else name, "clause", name)
