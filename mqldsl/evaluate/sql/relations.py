"""Relations, before any dialect: what is selected from where, and the query that is made of them."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from mqldsl.evaluate.sql.terms import Term


@attrs.frozen
class Table:
    """A relation that is there: a table, view or file, in the words of whoever has it.

    `sql` is a sqlglot expression that may stand behind FROM; equal ones are one relation.
    """

    sql: object


@attrs.frozen
class Join:
    """Another relation, joined row by row where `on` holds: `left` keeps the rows that find no partner."""

    relation: "Source"
    alias: str
    on: Term
    left: bool


@attrs.frozen
class Select:
    """A step of a query, called by its name in the steps behind it.

    Without `group` a row a row; with it a row a group, and an empty tuple is one row for all. `keeps` are the aliases
    of which every column is kept, beside `columns`, which are by their names.
    """

    name: str
    source: "Source"
    alias: str
    columns: Mapping[str, Term] = attrs.field(hash=False)
    keeps: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    where: Term | None = None
    group: tuple[Term, ...] | None = None
    # Whether it is worth computing once and keeping: it is looked at several times, or must not be computed anew.
    once: bool = False
    remark: str = ""

    @property
    def only_reads(self) -> bool:
        """Whether it does nothing but read a table that is there, and is not to be kept."""
        return isinstance(self.source, Table) and not self.joins and self.group is None and not self.once


@attrs.frozen
class Together:
    """The rows of several steps one after the other; all have the same columns."""

    name: str
    parts: tuple[Select, ...]
    once: bool = False


@attrs.frozen
class Steps:
    """One row for each whole number from 1 to `upto`, for each row of a relation: the column `number` tells it."""

    name: str
    source: "Source"
    upto: Term
    number: str


Step: TypeAlias = Select | Together | Steps
Source: TypeAlias = Table | str  # the name of a step


@attrs.frozen
class Query:
    """Steps in the order in which they are computed; the last is the result.

    `order` names the columns by which the result is sorted, none for any order.
    """

    steps: tuple[Step, ...]
    order: tuple[str, ...] = ()


DialectName: TypeAlias = Literal["duckdb", "postgres", "spark", "snowflake", "bigquery"]
