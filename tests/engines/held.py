"""What every engine is held to: each of these raises where an engine means something else than Python."""

from typing import Any

import attrs

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import Refused, written
from mqldsl.evaluate.sql.relations import DialectName, Join, Query, Select, Steps, Together
from mqldsl.evaluate.sql.terms import Term, column
from tests.engines.cases import Case
from tests.engines.row_operations import (
    APART,
    KINDS,
    MEASURES,
    ORDERED,
    ROWS,
    SET_ORDER,
    SETS,
    TIMED,
    WINDOWS,
    Windowed,
)
from tests.engines.running import Run, answers, relation, same

Wrong = list[tuple[Any, Any, Any]]


def scalar(case: Case, dialect: DialectName, run: Run, *, middling: bool = False) -> Wrong:
    """Return the rows of a case to which the engine gives another answer: row, answer, due.

    With `middling` only the rows of numbers that are neither very large nor very small.
    """
    if middling:
        rows = [row for row in case.rows if all(each == 0 or 1e-9 < abs(each) < 9e12 for each in row)]
        case = attrs.evolve(case, rows=rows)
    found = answers(dialect, run, case.term, case.kinds, case.all_rows())
    triples = zip(case.all_rows(), found, case.expected(), strict=True)
    return [triple for triple in triples if not same(*triple[1:])]


def measures(
    dialect: DialectName, run: Run, without: frozenset[str] = frozenset()
) -> tuple[Wrong, list[str]]:
    """Return the groups for which the engine measures something else, and what it refuses."""
    given = [row for row in ROWS if row[0] not in without]
    refused = []
    columns = {"group": column("a")}
    for measure in MEASURES:
        try:
            written(Query((_grouped(dialect, given, {"one": measure.term}),)), dialect)
        except Refused as no:
            refused.append(f"{measure.name}: {no}")
        else:
            columns[measure.name] = measure.term
    names, wrong = list(columns), []
    for group, *found in run(written(Query((_grouped(dialect, given, columns),)), dialect)):
        rows = [row for row in ROWS if row[0] == group]
        for measure in MEASURES:
            if measure.name in columns:
                answer, due = found[names.index(measure.name) - 1], measure.meaning(rows)
                wrong += [] if same(answer, due) else [((group, measure.name), answer, due)]
    return wrong, refused


def _grouped(dialect: DialectName, given: Any, columns: dict[str, Term]) -> Select:
    return Select("groups", relation(dialect, KINDS, given), "r", columns, group=(column("a"),))


def windows(dialect: DialectName, run: Run) -> Wrong:
    """Return the rows for which the engine finds others before or behind."""
    return [
        *_windows(dialect, run, WINDOWS, KINDS, TIMED),
        *_windows(dialect, run, ORDERED, ("text", "instant"), APART),
    ]


def _windows(dialect: DialectName, run: Run, of: list[Windowed], kinds: Any, rows: Any) -> Wrong:
    columns = {"row": column("row"), **{each.name: each.term for each in of}}
    step = Select("windows", relation(dialect, kinds, rows), "r", columns)
    wrong = []
    for number, *found in run(written(Query((step,), ("row",)), dialect)):
        for each, answer in zip(of, found, strict=True):
            due = each.meaning(rows[number], rows)
            wrong += [] if same(answer, due) else [((each.name, rows[number]), answer, due)]
    return wrong


def sets_in_order(dialect: DialectName, run: Run) -> bool:
    """Say whether the engine puts sets in the order of the reference."""
    sets = Select("sets", relation(dialect, ("set",), SETS), "r", {"row": column("row"), "order": SET_ORDER})
    by_order = Select(
        "placed", "sets", "s", {"row": column("row"), "place": Term("place", (column("order"),))}
    )
    found = run(written(Query((sets, by_order), ("place",)), dialect))
    return [row for row, _ in found] == list(range(len(SETS)))


def plumbing(dialect: DialectName, run: Run) -> Wrong:
    """Return what of joins, unions, numbers and names does not come out."""
    given = relation(
        dialect, ("text", "whole"), [("it's \\ a\"b", 2), ("zwei", 0), ("drei", None), ("vier", 3)]
    )
    other = relation(dialect, ("text", "double"), [("zwei", 0.1), ("zwei", 0.2), ("vier", 0.5)])
    first = Select(
        'first "one', given, "g", {'key`"': column("a"), "n": column("b")}, once=True, remark="a */ b"
    )
    steps = Steps("steps", 'first "one', column("n"), "number")
    joined = Select(
        "joined",
        'first "one',
        "f",
        {"x": column("b", "o")},
        keeps=("f",),
        joins=(Join(other, "o", Term("=", (column('key`"', "f"), column("a", "o"))), left=True),),
        where=Term("not", (Term("is true", (Term("=", (column("n", "f"), t.whole(99))),)),)),
    )
    counted = Select(
        "counted", "joined", "j", {"n": Term("count where", (t.is_there(column("x")),))}, group=()
    )
    numbered = Select("numbered", "steps", "s", {"n": Term("max where", (t.YES, column("number")))}, group=())
    rows = Select("rows", "steps", "s", {"n": Term("count where", (t.YES,))}, group=())
    both = Together("both", (counted, numbered, rows), once=True)
    last = Select("last", "both", "b", {"n": column("n")})
    found = run(written(Query((first, steps, joined, both, last), ("n",)), dialect))
    due = [(3,), (3,), (5,)]
    texts = [
        "it's",
        'a"b',
        "a\\'b",
        "\n\t",
        "😀 \U0010ffff",
        "%_",
        "$1 \\1 ${x}",
        "-- /* */ ;",
        "{{x}} :x @x ?",
        " ",
    ]
    echoed = answers(
        dialect, run, Term("coalesce", (column("a"), t.text("x"))), ("text",), [(each,) for each in texts]
    )
    wrong: Wrong = [] if found == due else [("steps", found, due)]
    return wrong + [(text, text, one) for text, one in zip(texts, echoed, strict=True) if text != one]
