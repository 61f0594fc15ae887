"""Rows of tables: those that can never match, what no row takes, and rows that half cover each other."""

from collections.abc import Iterator, Sequence

from mqldsl.model import ir
from mqldsl.model.checks.counted import Files
from mqldsl.model.checks.regions import Atom, Box, Column, box_of, columns_of, overlap, without
from mqldsl.model.types import Blank
from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place
from mqldsl.syntax import declarations as decl

CODES = ("MQL304", "MQL305", "MQL306")
# Beyond these a table is looked at no further, but for rows that are repeated: the work must end.
MOST_BOXES = 300
MOST_ROWS = 400
MOST_STEPS = 40_000
SHOWN_GAPS = 3


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each row that can never match, and one for what no row takes.

    Of a table in a file only the rows that can never match are told, as warnings: it is a price list, say,
    and kept elsewhere.
    """
    in_files = {
        each.name.text
        for _, file in files
        for each in file.declarations
        if isinstance(each, decl.Table) and each.path is not None
    }
    for table in model.named.values():
        if isinstance(table, ir.Table) and table.inputs and not _has_faults(table):
            columns = columns_of(table, model) if len(table.rows) <= MOST_ROWS else None
            is_in_file = table.name in in_files
            if columns is None or len(table.rows) * sum(len(each.atoms) for each in columns) > MOST_STEPS:
                yield from _repeated(table, is_in_file=is_in_file)
            else:
                yield from _of_table(table, columns, is_in_file=is_in_file)


def _has_faults(table: ir.Table) -> bool:
    """Say whether a cell lost all its labels, because they are none of the field's; that is reported already."""
    cells = (cell for row in table.rows for cell in row.conditions)
    return any(isinstance(cell, ir.Member) and not cell.values and not cell.entries for cell in cells)


def _repeated(table: ir.Table, *, is_in_file: bool) -> Iterator[Diagnostic]:
    """Yield a finding for each row whose cells stand in a row above, word for word."""
    first: dict[tuple[ir.Condition | None, ...], ir.TableRow] = {}
    for number, row in enumerate(table.rows):
        if row.conditions in first:
            yield _dead(table, number, [first[row.conditions]], is_in_file=is_in_file)
        first.setdefault(row.conditions, row)


def _of_table(table: ir.Table, columns: Sequence[Column], *, is_in_file: bool) -> Iterator[Diagnostic]:
    boxes = [box_of(row, columns) for row in table.rows]
    dead: set[int] = set()
    rest: list[Box] = [tuple(column.all_atoms for column in columns)]
    for number, box in enumerate(boxes):
        if not any(overlap(box, other) for other in rest):
            dead.add(number)
            yield _dead(table, number, _taking(table, boxes, number), is_in_file=is_in_file)
        rest = list(without(rest, box))
        if len(rest) > MOST_BOXES:
            return
    if is_in_file:
        return
    # What is known comes before what is missing.
    rest.sort(key=lambda box: _blanks(box, columns))
    gaps = [words for words in (_gap(box, columns) for box in rest) if words]
    if gaps:
        yield _missing(table, gaps)
    yield from _half_covered(table, boxes, columns, dead)


def _taking(table: ir.Table, boxes: Sequence[Box], number: int) -> list[ir.TableRow]:
    """Return the first row that takes all of a row, or else those that take it together."""
    for earlier in range(number):
        if _is_within(boxes[number], boxes[earlier]):
            return [table.rows[earlier]]
    return [row for row, box in zip(table.rows[:number], boxes, strict=False) if overlap(box, boxes[number])]


def _dead(table: ir.Table, number: int, taking: Sequence[ir.TableRow], *, is_in_file: bool) -> Diagnostic:
    words = f"row {number + 1} of this table can never match" if is_in_file else "this row can never match"
    if not taking:
        words += ": no value meets one of its cells"
    else:
        words += ": a row above takes all of it" if len(taking) == 1 else ": the rows above take all of it"
    place = table.rows[number].place or table.place
    assert place is not None
    return Diagnostic(
        "MQL304",
        words,
        Label(place),
        tuple(Label(row.place, "this row comes first") for row in taking[:3] if row.place is not None),
        "the first row that matches counts: put the narrower row first, or remove one",
        Severity.WARNING if is_in_file else Severity.ERROR,
    )


def _is_within(box: Box, other: Box) -> bool:
    return all(side & ~second == 0 for side, second in zip(box, other, strict=True))


# ------------------------------------------------------------------ gaps


def _missing(table: ir.Table, gaps: Sequence[str]) -> Diagnostic:
    shown = "; ".join(gaps[:SHOWN_GAPS]) + ("; and more" if len(gaps) > SHOWN_GAPS else "")
    assert table.place is not None
    return Diagnostic(
        "MQL305",
        f"`{table.name}` has no row where {shown}",
        Label(table.place),
        help="there it gives nothing: add rows, or a last row with `any` in these columns",
        severity=Severity.WARNING,
    )


def _gap(box: Box, columns: Sequence[Column]) -> str:
    """Say what a box is, or nothing where only such are in it as nobody misses."""
    said = []
    for side, column in zip(box, columns, strict=True):
        atoms = [atom for atom in _in_side(side, column) if atom.value is not None]
        if len(atoms) == sum(atom.value is not None for atom in column.atoms):
            continue
        atoms = [atom for atom in atoms if not _is_natural(atom, column)]
        if not atoms:
            return ""
        said.append(f"`{column.name}` is {_atoms_in_words(atoms)}")
    return " and ".join(said)


def _blanks(box: Box, columns: Sequence[Column]) -> int:
    """Count the columns in which only missing is left."""
    return sum(
        all(isinstance(atom.value, Blank) or atom.value is None for atom in _in_side(side, column))
        for side, column in zip(box, columns, strict=True)
    )


def _in_side(side: int, column: Column) -> list[Atom]:
    return [atom for number, atom in enumerate(column.atoms) if side >> number & 1]


def _is_natural(atom: Atom, column: Column) -> bool:
    """Say whether nobody misses an atom: what lies between 99 and 100 in whole numbers, or below 0."""
    low, high = atom.low, atom.high
    if low is None and high == 0:
        return True
    if not (isinstance(low, float) and isinstance(high, float)) or low == high or high - low > 1:
        return False
    ends = [end for each in column.atoms for end in (each.low, each.high)]
    return all(isinstance(end, float) and end.is_integer() for end in ends if end is not None)


def _atoms_in_words(atoms: Sequence[Atom]) -> str:
    """Call what a gap holds: its labels and texts, or its stretches of numbers or days; `missing` comes last."""
    runs: list[list[Atom]] = []
    for atom in atoms:
        if runs and runs[-1][-1].high is not None and runs[-1][-1].high == atom.low:
            runs[-1].append(atom)
        else:
            runs.append([atom])
    return " or ".join(_stretch(run) for run in runs[:4]) + (" or others" if len(runs) > 4 else "")


def _stretch(run: Sequence[Atom]) -> str:
    if len(run) == 1:
        return run[0].words
    first, last = run[0], run[-1]
    is_bound = (first.low == first.high, last.low == last.high)
    if first.low is None and last.high is None:
        return "known"
    if first.low is None:
        return f"{last.words} or less" if is_bound[1] else f"below {_end(last, -1)}"
    if last.high is None:
        return f"{first.words} or more" if is_bound[0] else f"above {_end(first, 0)}"
    return f"from {_end(first, 0)} to {_end(last, -1)}"


def _end(atom: Atom, which: int) -> str:
    """Return one bound of an atom in words."""
    return atom.words.removeprefix("between ").split(" and ")[which]


# ------------------------------------------------------------------ overlaps


def _half_covered(
    table: ir.Table, boxes: Sequence[Box], columns: Sequence[Column], dead: set[int]
) -> Iterator[Diagnostic]:
    """Yield a finding for each two rows that share some of their ground and give different things.

    Not where one takes in the other, which is how exceptions are written, nor where a cell that makes the
    difference is `any`, nor where they share the bound between two ranges only.
    """
    told: set[int] = set()
    for number, row in enumerate(table.rows):
        for earlier in range(number):
            first = table.rows[earlier]
            if {number, earlier} & dead or number in told or first.outputs == row.outputs:
                continue
            if _cross(boxes[earlier], boxes[number], (first, row), columns) and row.place and first.place:
                told.add(number)
                yield _crossing(row.place, first.place)


def _cross(one: Box, other: Box, rows: tuple[ir.TableRow, ir.TableRow], columns: Sequence[Column]) -> bool:
    if not overlap(one, other) or _is_within(one, other) or _is_within(other, one):
        return False
    for number, column in enumerate(columns):
        if one[number] != other[number] and any(row.conditions[number] is None for row in rows):
            return False
        shared = _in_side(one[number] & other[number], column)
        if len(shared) == 1 and shared[0].low is not None and shared[0].low == shared[0].high:
            return False
    return True


def _crossing(place: Place, first: Place) -> Diagnostic:
    return Diagnostic(
        "MQL306",
        "some of what this row takes goes to a row above that gives something else",
        Label(place),
        (Label(first, "this row comes first"),),
        "if that is not meant, let one range end where the other begins",
        Severity.WARNING,
    )
