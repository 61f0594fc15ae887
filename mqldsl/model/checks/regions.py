"""What the cells of a table cover, exactly: each column cut into atoms, each row a box of them.

A column of numbers or days is cut at its bounds, labels and yes/no are atoms of their own, texts are those
that are listed and any other. Blank is one more atom wherever it is possible, and *not supplied* another,
which the cell `any` alone takes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import attrs

from mqldsl.model import ir
from mqldsl.model.dependencies import pieces
from mqldsl.model.folding import Entry, fold, matches_entry
from mqldsl.model.types import BLANK, Blank, Date, Labels, Number, Text, Time, Value, YesNo

# A text that nobody lists, and what stands for a wildcard: letters of no script.
_OTHER = "\ue000"
_FILLER = " \ue001 "
# A box is one whole number a column, a bit for each atom in it.
Box = tuple[int, ...]


@attrs.frozen
class Atom:
    """Values that every cell of a column treats alike: one of them, and how to call them.

    `low` and `high` are the bounds around it where the column is cut at bounds. The value `None` was not
    supplied.
    """

    value: Value | Blank | None
    words: str
    low: float | date | None = None
    high: float | date | None = None


@attrs.frozen
class Column:
    """The operand of a column, what it is called, and its atoms in order."""

    name: str
    atoms: tuple[Atom, ...]

    @property
    def all_atoms(self) -> int:
        """The box side that holds every atom."""
        return (1 << len(self.atoms)) - 1


def columns_of(table: ir.Table, model: ir.Model) -> list[Column] | None:
    """Return the columns of a table cut into atoms, or None where one holds what cannot be cut."""
    columns = []
    for number, operand in enumerate(table.inputs):
        cells = [row.conditions[number] for row in table.rows]
        atoms = _atoms(operand, [cell for cell in cells if cell is not None])
        if atoms is None:
            return None
        if _may_be_blank(operand, model):
            atoms += [Atom(BLANK, "missing"), Atom(None, "not supplied")]
        columns.append(Column(_name(operand), tuple(atoms)))
    return columns


def box_of(row: ir.TableRow, columns: Sequence[Column]) -> Box:
    """Return what a row covers."""
    return tuple(
        column.all_atoms
        if cell is None
        else sum(1 << n for n, atom in enumerate(column.atoms) if _holds(cell, atom.value))
        for cell, column in zip(row.conditions, columns, strict=True)
    )


def without(boxes: Sequence[Box], taken: Box) -> Iterator[Box]:
    """Yield disjoint boxes for all that is in `boxes` and not in `taken`."""
    for box in boxes:
        shared = tuple(side & other for side, other in zip(box, taken, strict=True))
        if not all(shared):
            yield box
            continue
        rest = list(box)
        for number, (side, both) in enumerate(zip(box, shared, strict=True)):
            if side & ~both:
                yield (*rest[:number], side & ~both, *rest[number + 1 :])
            rest[number] = both


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share anything."""
    return all(side & second for side, second in zip(one, other, strict=True))


def _name(operand: ir.Operand) -> str:
    match operand:
        case ir.FieldValue("account", name):
            return f"account.{name}"
        case ir.FieldValue(_, name) | ir.NamedValue(name, _, None):
            return name
        case ir.NamedValue(name, _, column):
            return f"{name}.{column}"
        case _ if operand.place is not None:
            return " ".join(operand.place.source.slice(operand.place.span).split())
        case _:
            return "this column"


def _may_be_blank(operand: ir.Operand, model: ir.Model) -> bool:
    match operand:
        case ir.FieldValue(owner, name):
            fields = model.fields if owner == "lead" else model.account_fields
            return name not in fields or fields[name].default is None
        case ir.NamedValue(name):
            return not isinstance(model.named.get(name), ir.Score)
        case ir.HowMany():
            return False
        case _:
            return True


# ------------------------------------------------------------------ atoms


def _atoms(operand: ir.Operand, cells: Sequence[ir.Condition]) -> list[Atom] | None:
    match operand.type:
        case Labels(names):
            return [Atom(name, name) for name in names]
        case YesNo():
            return [Atom(True, "yes"), Atom(False, "no")]
        case Text():
            return _texts(cells)
        case Number():
            wholes = isinstance(operand, ir.HowMany)
            return _cut(
                sorted({bound for bound in _bounds(cells) if isinstance(bound, float)}), wholes=wholes
            )
        case Date():
            days = {bound for bound in _bounds(cells) if isinstance(bound, date)}
            return _cut(sorted(days), wholes=True)
        case Time():
            moments = {bound for bound in _bounds(cells) if isinstance(bound, datetime)}
            return _cut(sorted(moments), wholes=False)
        case _:
            return None


def _bounds(cells: Sequence[ir.Condition]) -> Iterator[Value]:
    for cell in cells:
        for node in pieces(cell):
            match node:
                case ir.Compare(_, _, ir.Constant(value)):
                    yield value
                case ir.Member(_, values):
                    yield from values


def _texts(cells: Sequence[ir.Condition]) -> list[Atom] | None:
    found: dict[str, Atom] = {}
    for cell in cells:
        for node in pieces(cell):
            match node:
                case ir.Member(_, _, entries):
                    for entry in entries:
                        for text in _samples(entry):
                            found.setdefault(text, Atom(text, f'"{entry.text}"'))
                case ir.Compare(_, _, ir.Constant(str() as text)):
                    found.setdefault(fold(text), Atom(fold(text), f'"{text}"'))
                case ir.Compare():
                    return None
    return [*found.values(), Atom(_OTHER, "any other text")]


def _samples(entry: Entry) -> list[str]:
    """Return texts that an entry matches, so that what takes all of them takes all that it matches."""
    if not entry.has_wildcard:
        return [entry.folded]
    stood_in = [fold(entry.folded.replace("*", filler)) for filler in ("", _OTHER, _FILLER)]
    return [text for text in stood_in if text and matches_entry(entry, text)]


def _cut(bounds: Sequence[float | date], *, wholes: bool) -> list[Atom]:
    """Return the bounds themselves and what lies below, between and above them."""
    if not bounds:
        return [Atom(0.0, "any value")]
    atoms = [Atom(_below(bounds[0]), f"below {_said(bounds[0])}", None, bounds[0])]
    for number, bound in enumerate(bounds):
        atoms.append(Atom(bound, _said(bound), bound, bound))
        if number + 1 < len(bounds):
            following = bounds[number + 1]
            if not (wholes and _are_neighbours(bound, following)):
                between = Atom(
                    _between(bound, following),
                    f"between {_said(bound)} and {_said(following)}",
                    bound,
                    following,
                )
                atoms.append(between)
    return [*atoms, Atom(_above(bounds[-1]), f"above {_said(bounds[-1])}", bounds[-1], None)]


def _said(value: float | date) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else f"{value:,.15g}".replace(",", "_")


def _below(value: float | date) -> float | date:
    return value - abs(value) - 1 if isinstance(value, float) else _shifted(value, -1)


def _above(value: float | date) -> float | date:
    return value + abs(value) + 1 if isinstance(value, float) else _shifted(value, 1)


def _shifted(value: date, days: int) -> date:
    try:
        return value + timedelta(days=days)
    except OverflowError:
        return value


def _between(low: float | date, high: float | date) -> float | date:
    if isinstance(low, float) and isinstance(high, float):
        return low + (high - low) / 2
    if isinstance(low, datetime) and isinstance(high, datetime):
        return low.astimezone(UTC) + (high.astimezone(UTC) - low.astimezone(UTC)) / 2
    assert isinstance(low, date)
    return _shifted(low, 1)


def _are_neighbours(low: float | date, high: float | date) -> bool:
    if isinstance(low, float) and isinstance(high, float):
        return high - low <= 1 and low.is_integer() and high.is_integer()
    assert isinstance(low, date)
    return _shifted(low, 1) >= high  # type: ignore[operator] # two days


# ------------------------------------------------------------------ cells


def _holds(cell: ir.Condition, value: Value | Blank | None) -> bool:
    """Say whether a cell takes a value; blank is taken by `missing` alone, what was not supplied by none."""
    if value is None:
        return False
    match cell:
        case ir.Not(ir.IsKnown()):
            return value is BLANK
        case ir.Not(of):
            return value is not BLANK and not _holds(of, value)
        case _ if isinstance(value, Blank):
            return False
        case ir.Count(parts, least, most):
            return least <= sum(_holds(part.condition, value) for part in parts) <= most
        case ir.Member(_, values, entries):
            return value in values or any(matches_entry(entry, str(value)) for entry in entries)
        case ir.Compare(relation, left, ir.Constant(bound)):
            return _compared(relation, _rank(left, value), _rank(left, bound))
        case ir.Flag() | ir.ClauseRef():
            return value is True
        case _:
            return False


def _rank(operand: ir.Operand, value: Value) -> Value:
    match operand.type:
        case Labels(names) if value in names:
            return float(names.index(str(value)))
        case Text():
            return fold(str(value))
        case _:
            return value


def _compared(relation: str, one: Value, other: Value) -> bool:
    match relation:
        case "=":
            return one == other
        case "!=":
            return one != other
        case "<":
            return one < other  # type: ignore[operator] # one type, with an order
        case "<=":
            return one <= other  # type: ignore[operator] # as above
        case ">":
            return one > other  # type: ignore[operator] # as above
        case _:
            return one >= other  # type: ignore[operator] # as above
