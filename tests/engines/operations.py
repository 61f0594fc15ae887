"""Operations with values at the edges, each beside its meaning in Python: one table for every engine."""

from collections.abc import Callable
from typing import Any

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Operation
from tests.engines.cases import DAYS, DOUBLES, HUGE, INSTANTS, TEXTS, WHOLES, A, B, Case, op, pairs_of
from tests.engines.number_operations import number_cases
from tests.engines.text_operations import set_cases, text_cases
from tests.engines.time_operations import time_cases

COMPARISONS: list[tuple[Operation, Callable[[Any, Any], bool]]] = [
    ("=", lambda a, b: a == b),
    ("!=", lambda a, b: a != b),
    ("<", lambda a, b: a < b),
    ("<=", lambda a, b: a <= b),
    (">", lambda a, b: a > b),
    (">=", lambda a, b: a >= b),
]


def _kleene_and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def _kleene_or(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


def truth_cases() -> list[Case]:
    rows = pairs_of([True, False, None])
    two = ("truth", "truth")
    return [
        Case("and", op("and", A, B), two, rows, _kleene_and, True),
        Case("or", op("or", A, B), two, rows, _kleene_or, True),
        Case("not", op("not", A), ("truth",), [(True,), (False,)], lambda a: not a),
        Case(
            "not and",
            op("not", op("and", A, op("not", B))),
            two,
            rows,
            lambda a, b: _kleene_or(None if a is None else not a, b),
            True,
        ),
        Case("is null", op("is null", A), ("truth",), [(True,), (False,)], lambda a: a is None, True),
        Case("is true", op("is true", A), ("truth",), [(True,), (False,)], lambda a: a is True, True),
        Case("is false", op("is false", A), ("truth",), [(True,), (False,)], lambda a: a is False, True),
        Case(
            "coalesce",
            op("coalesce", A, B, t.NO),
            two,
            rows,
            lambda a, b: a if a is not None else bool(b),
            True,
        ),
        Case(
            "case",
            op("case", A, t.double(1.5), B, t.double(2), t.double(None)),
            two,
            rows,
            lambda a, b: 1.5 if a else 2.0 if b else None,
            True,
        ),
    ]


def comparison_cases() -> list[Case]:
    of: dict[str, list[Any]] = {
        "double": DOUBLES + HUGE,
        "whole": WHOLES,
        "day": DAYS,
        "instant": INSTANTS,
        "text": [*TEXTS, "Z", "a", "_", "~"],
    }
    found = [
        Case(
            f"{kind} {operator}",
            op(operator, A, B),
            (kind, kind),
            pairs_of(values)[:: 3 if kind == "text" else 1],
            meaning,
        )
        for kind, values in of.items()
        for operator, meaning in COMPARISONS
    ]
    return [
        *found,
        Case(
            "> constant",
            op(">", A, t.double(0.5)),
            ("double",),
            [(each,) for each in DOUBLES],
            lambda a: a > 0.5,
        ),
        Case(
            "in texts",
            op("in", A, t.text("it"), t.text("a'b\\"), t.text("😀")),
            ("text",),
            [("it",), ("a'b\\",), ("😀",), ("x",)],
            lambda a: a in {"it", "a'b\\", "😀"},
        ),
        Case(
            "in doubles",
            op("in", A, t.double(1), t.double(0.5)),
            ("double",),
            [(each,) for each in DOUBLES],
            lambda a: a in {1.0, 0.5},
        ),
    ]


SCALARS = [*truth_cases(), *comparison_cases(), *number_cases(), *time_cases(), *text_cases(), *set_cases()]
