"""From a binding to tables of a database: what a binding may say of them, and what only the readers of files can do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from sqlglot import exp

from mqldsl.data.binding import Binding, BindingError
from mqldsl.data.bound_rows import Column, Moment, Rows
from mqldsl.data.in_database.tables import Cell, Held, Stored, Tables, has_companies
from mqldsl.data.keys import Key, KeyColumn, is_among
from mqldsl.data.names import account_key, column_of, kind_named, properties_of
from mqldsl.data.origins import Source
from mqldsl.data.origins import Stored as Kept
from mqldsl.model import ir
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo

# Makes a relation of a source.
Relation: TypeAlias = Callable[[Source], exp.Expr]
# Says what the columns of a source are stored as; None where nobody can look.
Described: TypeAlias = Callable[[Source], Mapping[str, Stored]]


class NotInDatabase(ValueError):
    """A source is a file, which a database does not have; the message says so of the file, and what to do."""


def tables_of(
    model: ir.Model, binding: Binding, relation: Relation, described: Described | None = None
) -> Tables:
    """Return the tables that a binding names, as `relation` makes them of its sources, and may be NotInDatabase.

    Raises:
        BindingError: with all that cannot be done inside a database.
    """
    reader = _Reader(relation, described)
    leads, accounts = binding.leads, binding.accounts
    keys: list[tuple[str, KeyColumn | None]] = [("id", leads.id)]
    if leads.id is None:
        reader.mistakes.append(
            "`leads.id`: inside a database rows have no numbers: name the column of the id"
        )
    if leads.distinct or leads.keep is not None:
        reader.cannot("leads", "leaves out rows that repeat an id: do so in a `query`")
    company = account_key(model.fields, leads.rows) if has_companies(model) else None
    if company is not None and reader.has(leads.rows, "account", company):
        reader.only_named(leads.rows, "account", company)
        keys.append(("account", company.name))
    held = reader.held(leads.rows, keys, model.fields.values(), reader.moment("leads.as_of", leads.as_of))
    events = {}
    for each in binding.events:
        kind = kind_named(each.name, model)
        if kind is None:
            reader.mistakes.append(f"`{each.rows.key}`: the definition has no events called `{each.name}`")
            continue
        if each.once_a_time or (each.of_lead_rows and leads.rows.where):
            reader.cannot(each.rows.key, "leaves out rows of leads that tell no event: do so in a `query`")
        names: list[tuple[str, KeyColumn | None]] = [(each.owner, each.owner_column), ("id", each.id)]
        at = reader.moment(f"{each.rows.key}.at", each.at)
        events[kind.name] = reader.held(each.rows, names, properties_of(kind), at, "at")
    companies = None
    if accounts is not None:
        if accounts.distinct or accounts.keep is not None:
            reader.cannot("accounts", "leaves out rows that repeat a key: do so in a `query`")
        companies = reader.held(accounts.rows, [("id", accounts.id)], model.account_fields.values(), None)
    if reader.mistakes:
        raise BindingError(binding.path, list(dict.fromkeys(reader.mistakes)))
    return Tables(held, events, companies)


def in_database(source: Source, put: Callable[[str], exp.Expr]) -> exp.Expr:
    """Return the relation for a source in a database; `put` makes one of a query in the words of the database.

    Raises:
        NotInDatabase: It is a file.
    """
    if not isinstance(source, Kept):
        raise NotInDatabase("is not in the database; name its `table` or `query`")
    if source.query is not None:
        return put("(\n" + source.query.strip().rstrip(";") + "\n)")
    assert source.table is not None
    return exp.Table(
        **{
            part: exp.to_identifier(name, quoted=True)
            for part, name in zip(("this", "db", "catalog"), reversed(source.table.split(".")))
        }
    )


class _Reader:
    def __init__(self, relation: Relation, described: Described | None) -> None:
        self._relation, self._described = relation, described
        self.mistakes: list[str] = []

    def cannot(self, where: str, what: str) -> None:
        self.mistakes.append(f"`{where}`: no query of ours {what}")

    def moment(self, where: str, moment: Moment | None) -> str | None:
        if moment is None:
            return None
        if moment.plus is not None or moment.formats:
            self.cannot(where, "adds to a time or reads formats of it: do so in a `query`")
        return moment.column

    def held(
        self,
        rows: Rows,
        keys: list[tuple[str, KeyColumn | None]],
        fields: Iterable[ir.Field],
        at: str | None,
        at_key: str = "as_of",
    ) -> Held:
        """Return the relation of some rows with those columns that it has."""
        try:
            relation = self._relation(rows.file)
        except NotInDatabase as mistake:
            self.mistakes.append(f"`{rows.key}`: `{rows.file.shown}` {mistake}")
            return Held(exp.Table(), {}, {})
        there = None if self._described is None else self._described(rows.file)
        found: dict[str, Cell] = {}
        for key, named in [*keys, (at_key, at)]:
            if named is not None:
                cell = self._cell(rows, key, named, there, Time() if key in ("at", "as_of") else Text())
                found |= {} if cell is None else {key: cell}
        cells = dict(self._fields(rows, fields, there))
        return Held(relation, found, cells, rows.where)

    def _fields(
        self, rows: Rows, fields: Iterable[ir.Field], there: Mapping[str, Stored] | None
    ) -> Iterator[tuple[str, Cell]]:
        for field in fields:
            column = column_of(field, rows)
            self.only_named(rows, field.name, column)
            assert column.name is not None
            if there is not None and not is_among(column.name, there):
                if field.name in rows.columns:
                    self.mistakes.append(
                        f"`{rows.key}.columns.{field.name}`: there is no column `{column.name}`"
                    )
                continue
            cell = self._cell(rows, field.name, column.name, there, field.type)
            if cell is not None:
                yield field.name, cell

    def has(self, rows: Rows, field: str, column: Column) -> bool:
        """Say whether there is a column, or has to be: one that the binding names, or where nobody can look."""
        if self._described is None or field in rows.columns:
            return True
        try:
            there = self._described(rows.file)
        except NotInDatabase:
            return True  # which is told of the rows
        return is_among(column.name, there)

    def only_named(self, rows: Rows, field: str, column: Column) -> None:
        """Note where values of a column would have to be changed before they are read."""
        if column != Column(column.name):
            self.cannot(
                f"{rows.key}.columns.{field}", "changes values before they are read: do so in a `query`"
            )

    def _cell(
        self, rows: Rows, key: str, named: KeyColumn, there: Mapping[str, Stored] | None, kind: Type
    ) -> Cell | None:
        if isinstance(named, Key):
            if not isinstance(kind, Text | Labels):
                self.cannot(f"{rows.key}.columns.{key}", "makes anything but text of several columns")
            parts = [self._cell(rows, key, each, there, kind) for each in named.columns]
            found = tuple(part for part in parts if part is not None)
            return Cell(str(named), parts=found) if len(found) == len(parts) else None
        if there is None:
            return Cell(named)
        if named not in there:
            self.mistakes.append(f"`{rows.key}`: there is no column `{named}`")
            return None
        stored = there[named]
        fitting = _FITTING[type(kind)]
        if stored not in fitting:
            self.mistakes.append(
                f"`{rows.key}`: the column `{named}` is stored as {_SAID[stored]}, "
                f"but `{key}` is {' or '.join(_SAID[each] for each in fitting)}: cast it in a `query`"
            )
            return None
        return Cell(named, stored)


_FITTING: dict[type, tuple[Stored, ...]] = {
    Text: ("text", "whole"),
    Labels: ("text",),
    Number: ("number", "whole"),
    YesNo: ("truth",),
    Date: ("day",),
    Time: ("zoned", "local", "instant", "day"),
    SetOf: ("set",),
}
_SAID: dict[Stored, str] = {
    "text": "text",
    "whole": "a whole number",
    "number": "a number",
    "truth": "yes or no",
    "day": "a day",
    "instant": "a time",
    "local": "a time",
    "zoned": "a time with a zone",
    "set": "a list of texts",
    "other": "something else",
}
