"""Whether a binding fits a definition and its sources: all that is wrong, before a row is read."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache

from mqldsl.data.binding import AccountRows, Binding, EventRows, LeadRows
from mqldsl.data.bound_rows import Rows
from mqldsl.data.keys import Key, KeyColumn, columns_in, is_among
from mqldsl.data.names import ACCOUNT, account_key, column_of, kind_named, properties_of
from mqldsl.data.origins import Several, Source, Stored
from mqldsl.data.sources import columns_of, has_keys, is_text
from mqldsl.data.text_file import File, SourceError
from mqldsl.model import ir
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, YesNo
from mqldsl.source.nearest import did_you_mean, nearest

# Where a column is named in the binding, and its name.
_Told = tuple[str, str]


def check_binding(binding: Binding, model: ir.Model) -> list[str]:
    """Return a sentence for each thing in a binding that does not fit; sources are opened, rows are not read."""
    check = _Check(model)
    check.leads(binding)
    if binding.accounts is not None:
        check.accounts(binding.accounts)
    for events in binding.events:
        check.events(events)
    check.bound_twice(binding.events)
    check.parts_of_keys(binding)
    check.tables(binding)
    return list(dict.fromkeys(check.mistakes))


def what_is_not_supplied(binding: Binding, model: ir.Model) -> Iterator[str]:
    """Yield a sentence for each field, property and feed that a definition has and the sources have not.

    That is no mistake: what depends on it stays unknown. Where rows have keys of their own, each row tells.
    """
    columns = cache(columns_of)
    yield from _without_column(binding.leads.rows, "", model.fields.values(), columns)
    if binding.accounts is not None:
        yield from _without_column(binding.accounts.rows, "account.", model.account_fields.values(), columns)
    bound = set()
    for events in binding.events:
        kind = kind_named(events.name, model)
        if kind is not None:
            bound.add(kind.name)
            yield from _without_column(events.rows, f"{kind.name}.", properties_of(kind), columns)
    yield from (
        f"`{kind}` is not supplied: no table is bound to it" for kind in model.kinds if kind not in bound
    )


def _without_column(
    rows: Rows, prefix: str, fields: Iterable[ir.Field], columns_of_file: Callable[[Source], Collection[str]]
) -> Iterator[str]:
    if has_keys(rows.file):
        return
    columns = columns_of_file(rows.file)
    for field in fields:
        name = column_of(field, rows).name
        if isinstance(name, str) and name not in columns:
            lacking, has = _lacking(rows.file, name, columns, columns_of_file)
            meant = nearest(name, has)
            hint = f"; it has `{meant}`" if meant else ""
            yield f"`{prefix}{field.name}` is not supplied: {lacking} has no column `{name}`{hint}"


def _lacking(
    source: Source, name: str, columns: Collection[str], columns_of_file: Callable[[Source], Collection[str]]
) -> tuple[str, Collection[str]]:
    """Return what lacks a column, and which it has: of several files the first, where others have it."""
    if isinstance(source, Several) and not has_keys(source):
        each = [(part.shown, columns_of_file(part)) for part in source.parts]
        lacking = [(shown, has) for shown, has in each if name not in has]
        if len(lacking) < len(each):
            shown, has = lacking[0]
            return f"`{shown}`, one of `{source.shown}`,", has
    return f"`{source.shown}`", columns


def _delimiter_meant(source: Source, name: str, columns: Collection[str]) -> str:
    """Say what would part the one column of a file of text, if that is what its name looks like; else nothing."""
    if not is_text(source) or len(columns) != 1:
        return ""
    (head,) = columns
    before, found, behind = head.partition(name)
    sign = behind[:1] or before[-1:]
    if not found or not sign or sign.isalnum() or sign in " _\"'":
        return ""
    return f'there is `{head}` only: if `{sign}` parts the cells, say `delimiter = "{sign}"`'


# Under which key a binding says where rows are.
_WHERE_TOLD: Mapping[type, str] = {File: ".path", Stored: ".database"}


class _Check:
    """Gathers the mistakes."""

    def __init__(self, model: ir.Model) -> None:
        self.mistakes: list[str] = []
        self._model = model

    def leads(self, binding: Binding) -> None:
        leads, fields = binding.leads, dict(self._model.fields)
        if ACCOUNT in leads.rows.columns:
            fields.setdefault(ACCOUNT, ir.Field(ACCOUNT, Text()))
        self._fields(leads.rows, fields, "the lead has no field")
        if leads.id is None and leads.keep is not None:
            self._mistake("leads.keep", "there is no `id` that several rows could have")
        if leads.id is None and isinstance(leads.rows.file, Several):
            words = "this is not there: rows of several files need an id of their own; it names the column"
            self._mistake("leads.id", words)
        columns = self._columns(leads.rows, fields.values(), _of_leads(leads))
        if columns is None or not _needs_companies(binding):
            return
        key = account_key(fields, leads.rows)
        if key is None or (not is_among(key.name, columns) and not has_keys(leads.rows.file)):
            self.mistakes.append(
                f"`{leads.rows.key}.columns`: nothing says which company a lead belongs to; "
                'name the column of its key: `account = "…"`'
            )

    def accounts(self, accounts: AccountRows) -> None:
        fields = self._model.account_fields
        self._fields(accounts.rows, fields, "the company has no field")
        self._columns(
            accounts.rows,
            fields.values(),
            [*_each(f"{accounts.rows.key}.id", accounts.id), *_of_keep(accounts)],
        )

    def events(self, events: EventRows) -> None:
        kind = kind_named(events.name, self._model)
        if kind is None:
            known = [name for it in self._model.kinds.values() for name in (it.name, it.plural)]
            listed = ", ".join(f"`{it.name}`" for it in self._model.kinds.values())
            hint = did_you_mean(events.name, known, f"there are {listed}" if listed else "it has none at all")
            self._mistake(events.rows.key, f"the definition has no event or record `{events.name}`; {hint}")
            self._columns(events.rows, (), _of_events(events))
            return
        self._owner_and_time(events, kind)
        fields = {field.name: field for field in properties_of(kind)}
        self._fields(events.rows, fields, f"`{kind.name}` has no property")
        self._columns(events.rows, fields.values(), _of_events(events))

    def bound_twice(self, all_events: Iterable[EventRows]) -> None:
        first: dict[str, EventRows] = {}
        for events in all_events:
            kind = kind_named(events.name, self._model)
            if kind is not None and first.setdefault(kind.name, events) is not events:
                before = first[kind.name].rows.key
                self._mistake(events.rows.key, f"`{kind.name}` is bound already, under `{before}`")

    def parts_of_keys(self, binding: Binding) -> None:
        """Check that keys that are to be equal are made of as many columns."""
        account = account_key(self._model.fields, binding.leads.rows)
        of_lead, of_account = binding.leads.id, None if account is None else account.name
        if binding.accounts is not None:
            self._as_many(f"{binding.accounts.rows.key}.id", binding.accounts.id, of_account, "company")
        for events in binding.events:
            due = of_lead if events.owner == "lead" else of_account
            key = f"{events.rows.key}.{events.owner}"
            self._as_many(key, events.owner_column, due, "lead" if events.owner == "lead" else "company")

    def _as_many(self, key: str, found: KeyColumn, due: KeyColumn | None, of: str) -> None:
        if due is None or len(columns_in(found)) == len(columns_in(due)):
            return
        made = "1 column makes" if isinstance(found, str) else f"{len(found.columns)} columns make"
        names = ", ".join(f"`{name}`" for name in columns_in(due))
        self._mistake(key, f"{made} this, `{found}`, and {len(columns_in(due))} the key of the {of}: {names}")

    def tables(self, binding: Binding) -> None:
        for name, path in binding.tables.items():
            if not path.is_file():
                self._mistake(f"tables.{name}.path", f"there is no file `{path.name}` in `{path.parent}`")

    def _owner_and_time(self, events: EventRows, kind: ir.Kind) -> None:
        key = events.rows.key
        if kind.of_account != (events.owner == "account"):
            owner, other = ("account", "lead") if kind.of_account else ("lead", "account")
            whose = "the company's" if kind.of_account else "the lead's"
            self._mistake(key, f"`{kind.name}` is {whose}: name its column with `{owner}`, not `{other}`")
        if kind.timed and events.at is None:
            self._mistake(key, "`at` is not there: it names the column of the time")
        if not kind.timed and events.at is not None:
            self._mistake(f"{key}.at", f"`{kind.name}` is a record and has no time: leave `at` out")

    def _fields(self, rows: Rows, fields: Mapping[str, ir.Field], missing: str) -> None:
        for name, column in rows.columns.items():
            key = f"{rows.key}.columns.{name}"
            field = fields.get(name)
            if field is None:
                listed = ", ".join(f"`{known}`" for known in fields)
                hint = did_you_mean(
                    name, fields, f"there are {listed}" if listed else "there are none at all"
                )
                self._mistake(key, f"{missing} `{name}`; {hint}")
                continue
            if isinstance(column.name, Key) and not isinstance(field.type, Text | Labels):
                self._mistake(key, f"several columns make a text together, and `{name}` is none")
            if column.formats and not isinstance(field.type, Date | Time):
                self._mistake(key, f"`formats` are for dates and times, and `{name}` is neither")
            if column.is_domain and not isinstance(field.type, Text):
                self._mistake(key, f"`domain_of` gives a text, and `{name}` is none")
            if column.decimal is not None and not isinstance(field.type, Number):
                self._mistake(key, f"`decimal` is for numbers and money, and `{name}` is neither")
            if (column.yes or column.no) and not isinstance(field.type, YesNo):
                self._mistake(key, f"`yes` and `no` are for fields of yes/no, and `{name}` is none")
            if column.split is not None and not isinstance(field.type, SetOf):
                self._mistake(key, f"`split` is for sets, and `{name}` is none")

    def _columns(self, rows: Rows, fields: Iterable[ir.Field], told: list[_Told]) -> tuple[str, ...] | None:
        """Check the columns that are named, and those that fields look for; return what the file has."""
        told += [(f"{rows.key}.where", name) for name in rows.where]
        told += [
            each
            for name, column in rows.columns.items()
            if column.name is not None
            for each in _each(f"{rows.key}.columns.{name}", column.name)
        ]
        try:
            columns = columns_of(rows.file, {name for _, name in told})
        except SourceError as error:
            self._mistake(rows.key + _WHERE_TOLD.get(type(rows.file), ""), str(error))
            return None
        if has_keys(rows.file) and not columns:
            return columns  # there are no rows, or none of them says anything
        what = "row has a key" if has_keys(rows.file) else "column is called"
        for key, name in told:
            if name and name not in columns:
                lacking, has = _lacking(rows.file, name, columns, columns_of)
                hint = _delimiter_meant(rows.file, name, has) or did_you_mean(
                    name, has, "there are " + ", ".join(f"`{it}`" for it in has)
                )
                self._mistake(key, f"in {lacking} no {what} `{name}`; {hint}")
        used = {name for _, name in told}
        used |= {each for field in fields for each in columns_in(column_of(field, rows).name or "")}
        for name in dict.fromkeys(columns):
            if name in used and columns.count(name) > 1:
                self._mistake(
                    rows.key, f"`{rows.file.shown}` has {columns.count(name)} columns called `{name}`"
                )
        return columns

    def _mistake(self, key: str, words: str) -> None:
        self.mistakes.append(f"`{key}`: {words}")


def _of_leads(leads: LeadRows) -> list[_Told]:
    told = [] if leads.id is None else _each("leads.id", leads.id)
    told += _of_keep(leads)
    return told if leads.as_of is None else [*told, ("leads.as_of", leads.as_of.column)]


def _of_keep(bound: LeadRows | AccountRows) -> list[_Told]:
    by = None if bound.keep is None else bound.keep.by
    return [] if by is None else [(f"{bound.rows.key}.keep", by.column)]


def _of_events(events: EventRows) -> list[_Told]:
    key = events.rows.key
    told = _each(f"{key}.{events.owner}", events.owner_column)
    if events.at is not None:
        told.append((f"{key}.at", events.at.column))
    return told if events.id is None else [*told, *_each(f"{key}.id", events.id)]


def _each(key: str, column: KeyColumn) -> list[_Told]:
    return [(key, name) for name in columns_in(column)]


def _needs_companies(binding: Binding) -> bool:
    return binding.accounts is not None or any(events.owner == ACCOUNT for events in binding.events)
