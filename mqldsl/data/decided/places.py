"""Where the answer of a query has what a column tells."""

from collections.abc import Callable, Iterable, Sequence

from mqldsl.data.decided.columns import Column, Role
from mqldsl.evaluate.sql import query as sql

# What the query calls it that a column tells.
_ROLES: dict[Role, sql.Role] = {
    "id": "id",
    "as of": "as of",
    "outcome": "value",
    "certain": "certain",
    "could be": "could be",
    "due at": "due at",
    "team": "team",
    "reason": "because",
    "missing": "missing",
    "clause": "answer",
    "value": "value",
    "low": "low",
    "high": "high",
}


def asked_for(columns: Iterable[Column]) -> frozenset[sql.Told]:
    """Return what a query is to tell for some columns."""
    return frozenset((_ROLES[it.role], it.part, it.output) for it in columns)


def place_in(asked: Sequence[sql.Column]) -> Callable[[Column], int]:
    """Return the function that says at which place of the columns asked for a column stands."""
    places = {(it.role, it.part, it.output): place for place, it in enumerate(asked)}
    return lambda column: places[_ROLES[column.role], column.part, column.output]
