"""Operations on numbers."""

import math
from collections.abc import Callable

from mqldsl.evaluate.numbers import millionths, total_of
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Operation
from tests.engines.cases import DOUBLES, HUGE, WHOLES, A, B, Case, op, pairs_of

ARITHMETIC: list[tuple[Operation, Callable[[float, float], float]]] = [
    ("+", lambda a, b: a + b),
    ("-", lambda a, b: a - b),
    ("*", lambda a, b: a * b),
]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def number_cases() -> list[Case]:
    pairs = pairs_of([*DOUBLES, *HUGE])
    plain = pairs_of(DOUBLES)
    one = [(each,) for each in DOUBLES]
    halves = [(each / 2,) for each in range(-9, 10)]
    wholes = [(each,) for each in WHOLES]
    two = ("double", "double")
    ahead = op("-", A, op("-", B, op("*", op("+", A, B), t.double(0.1))))
    return [
        Case("+", op("+", A, B), two, plain, lambda a, b: a + b),
        Case("-", op("-", A, B), two, plain, lambda a, b: a - b),
        Case("*", op("*", A, B), two, plain, lambda a, b: a * b),
        Case(
            "/",
            op("/", A, op("case", op("=", B, t.double(0)), t.double(None), B)),
            two,
            plain,
            lambda a, b: a / b if b else None,
        ),
        Case("in the order written", ahead, two, plain, lambda a, b: a - (b - (a + b) * 0.1)),
        *(
            Case(
                f"finite {operator}",
                op("finite", op(operator, A, B)),
                two,
                pairs,
                lambda a, b, meaning=meaning: _finite(meaning(a, b)),
            )
            for operator, meaning in ARITHMETIC
        ),
        Case(
            "finite /",
            op("finite", op("/", A, op("case", op("=", B, t.double(0)), t.double(None), B))),
            two,
            pairs,
            lambda a, b: None if not b else _quotient(a, b),
        ),
        Case("is finite", op("is finite", A), ("double",), [*one, (math.inf,), (-math.inf,)], math.isfinite),
        Case("negative", op("negative", op("negative", A)), ("double",), one, lambda a: a),
        Case("absolute", op("absolute", A), ("double",), one, abs),
        Case(
            "least",
            op("least", op("coalesce", A, t.double(0)), t.double(0.75)),
            ("double",),
            one,
            lambda a: min(a or 0.0, 0.75),
            True,
        ),
        Case(
            "greatest",
            op("greatest", op("coalesce", A, t.double(0)), t.double(0.75)),
            ("double",),
            one,
            lambda a: max(a or 0.0, 0.75),
            True,
        ),
        Case("floor", op("floor", A), ("double",), [*one, *halves], lambda a: float(math.floor(a))),
        Case(
            "round even",
            op("round even", A),
            ("double",),
            [*one, *halves, (1e22,)],
            lambda a: float(round(a)),
        ),
        Case(
            "halving",
            op("power", t.double(0.5), A),
            ("whole",),
            [(each,) for each in (0, 1, 10, 52, 1074, 1099)],
            lambda a: 0.5**a,
        ),
        Case("to double", op("to double", A), ("whole",), wholes, float),
        Case("to whole", op("to whole", A), ("double",), [(float(each),) for each in WHOLES], int),
        Case("whole +", op("whole +", A, t.whole(5)), ("whole",), wholes, lambda a: a + 5),
        Case("whole -", op("whole -", t.whole(5), A), ("whole",), wholes, lambda a: 5 - a),
        Case("whole *", op("whole *", A, t.whole(100_000)), ("whole",), wholes, lambda a: a * 100_000),
        *(
            Case(
                f"whole div {by}",
                op("whole div", A, t.whole(by)),
                ("whole",),
                wholes,
                lambda a, by=by: a // by,
            )
            for by in (1, 7, 60, 86_400_000_000)
        ),
        Case("exact sum of one", op("exact sum", A), ("double",), [*one, (1e300,), (1.5e308,)], millionths),
        Case(
            "exact sum of two",
            op("exact sum", A, t.double(0.1), B, t.double(0.2)),
            two,
            [*plain, *pairs_of([1e22, -1e22, 1e300, -1e300, 1.7e308, 1.0])],
            lambda a, b: total_of([a, 0.1, b, 0.2]),
            never_missing=True,
        ),
        Case(
            "exact sum of many",
            op("exact sum", *[A, B] * 4, t.double(0.3)),
            two,
            [*plain, (1e22, -1e22), (1e300, 1.0)],
            lambda a, b: total_of([a, b] * 4 + [0.3]),
            never_missing=True,
        ),
        Case(
            "points",
            op(
                "exact sum",
                *[
                    op("case", op(">", A, t.double(float(each))), t.double(each / 4), t.double(0))
                    for each in range(-5, 40)
                ],
            ),
            ("double",),
            one,
            lambda a: total_of(0.0 if a is None or a <= each else each / 4 for each in range(-5, 40)),
            True,
        ),
        Case(
            "a thousand rows",
            op(
                "exact sum",
                *[op("case", op(">", A, t.double(each)), t.double(5), t.double(-1)) for each in range(1200)],
            ),
            ("double",),
            one[:4],
            lambda a: total_of(-1.0 if a is None or a <= each else 5.0 for each in range(1200)),
            True,
        ),
    ]


def _quotient(a: float, b: float) -> float | None:
    try:
        return _finite(a / b)
    except OverflowError:
        return None
