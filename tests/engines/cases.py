"""What a case of an operation is, and the values at the edges that cases are made of."""

# ruff: noqa: DTZ001 - instants are in UTC here, without saying so

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from mqldsl.evaluate.sql.terms import Operation, Term, column
from mqldsl.model.folding import WHITE_SPACE, fold


@attrs.frozen
class Case:
    """An operation on columns a, b, …: their types, the rows, and what comes out of a row without missing values."""

    name: str
    term: Term
    kinds: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    meaning: Callable[..., Any]
    # Whether `meaning` is asked for rows with missing values, too.
    sees_missing: bool = False
    # Whether missing values cannot occur there.
    never_missing: bool = False

    def expected(self) -> list[Any]:
        """Return what each row must give."""
        return [
            self.meaning(*row) if self.sees_missing or None not in row else None for row in self.all_rows()
        ]

    def all_rows(self) -> list[tuple[Any, ...]]:
        """Return the rows, and for each column one in which it is missing."""
        if self.never_missing:
            return list(map(tuple, self.rows))
        first = tuple(self.rows[0])
        return [
            *map(tuple, self.rows),
            *((*first[:place], None, *first[place + 1 :]) for place in range(len(first))),
        ]


A, B, C = column("a"), column("b"), column("c")


DOUBLES = [0.0, 1.0, -1.0, 0.5, -2.5, 2.675, 1e-7, 1 / 3, 1e15 + 0.5, 2.0**53, -9e12, 123456.7890125]
HUGE = [1e300, -1e300, 1.7976931348623157e308, 1e22, 5e-324]
WHOLES = [0, 1, -1, 7, -7, 6, 59, 86_400_000_000, -86_400_000_001, 2**40, -(2**40)]
DAYS = [
    date(2024, 2, 29),
    date(2023, 12, 31),
    date(2024, 1, 31),
    date(1970, 1, 1),
    date(1969, 12, 29),
    date(1, 1, 1),
    date(9999, 12, 31),
    date(1900, 3, 1),
    date(2000, 2, 29),
    date(2026, 11, 22),
]
INSTANTS = [
    datetime(2024, 2, 29, 13, 14, 15, 123456),
    datetime(1970, 1, 1),
    datetime(1969, 12, 31, 23, 59, 59, 999999),
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999999),
    datetime(1582, 10, 10, 12),
    datetime(2026, 11, 22, 1, 2, 3),
]
PLAIN = [
    "Head of Sales",
    "",
    "  vp\tof \n SALES ",
    "a_b",
    "it",
    "item it",
    "A-it_",
    "\x1ca\x1f B\x1d",
    "50% [x]*\\",
]
BEYOND = [
    "Füß  Größe",
    "\u0130stanbul",
    "ΟΔΟΣ Σ",
    "e\u0301 E\u0301",
    f"x{WHITE_SPACE}y",
    "\u1e96",
    "日本 語",
    "😀 A",
    "\u212a\u00c5\u017f",
    "ǅ İ",
    "it\u0301 it",
    "éit it",
    "über it",
    "\u0661it it\u0661",
    "\u2160 Ⅸ ⓐ",
]
TEXTS = [*PLAIN, *BEYOND]
FOLDED = sorted({fold(text) for text in TEXTS})
NEEDLES = ["it", "a", "of", "it it", "ß", "b", "50%", "ü", "it\u0301", "head of sales"]
ENTRIES = [
    "VP*",
    "*of*",
    "* of *",
    "Head of *",
    "* it",
    "a*b",
    "h* *s",
    "it * it",
    "*",
    "a b",
    "h*f* sales",
    "ü* *",
    "50\\%*",
    "i*",
]
PATTERNS = ["^head", "it$", r"\bit\b", "[a-z]+ of", "(vp|head)", "é", r"\d+%", "a.b", "ß"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia"]


def op(operation: Operation, *args: Any) -> Term:
    """Return an operation on its arguments."""
    return Term(operation, args)


def pairs_of(values: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return each value beside each."""
    return [(one, two) for one in values for two in values]
