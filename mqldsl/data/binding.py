"""A binding: one TOML file that says which file and column holds what a definition speaks of.

This reads the file itself; whether its names are those of a definition and of the sources is found in `checks`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import attrs

from mqldsl.data.bound_rows import Keep, Moment, Rows, read_keep, read_moment_column, read_rows
from mqldsl.data.keys import KeyColumn
from mqldsl.data.origins import Source, Stored, parts_of, same_as
from mqldsl.data.section import Section
from mqldsl.data.text_file import File


class BindingError(ValueError):
    """A binding cannot be used; `mistakes` has a sentence for each thing that is wrong."""

    def __init__(self, path: Path, mistakes: list[str]) -> None:
        super().__init__(
            "\n".join([f"the binding `{path}` cannot be used:", *(f"- {it}" for it in mistakes)])
        )
        self.path = path
        self.mistakes = tuple(mistakes)


@attrs.frozen
class LeadRows:
    """One row a lead. Without `id`, the row's number is its id.

    `distinct` keeps the first row of each id, and `keep` one of the rows of each id and instant.
    """

    rows: Rows
    id: KeyColumn | None = None
    as_of: Moment | None = None
    distinct: bool = False
    keep: Keep | None = None


@attrs.frozen
class AccountRows:
    """One row a company; `id` is its key."""

    rows: Rows
    id: KeyColumn
    distinct: bool = False
    keep: Keep | None = None


@attrs.frozen
class EventRows:
    """One row an event or a record of one kind; `owner_column` tells whose it is.

    Where `is_wide`, a row is an owner and not an event: one whose time is blank tells none of this kind. Where the
    rows are those of the leads, only rows that count as leads tell events. With `once_a_time`, those of one lead at the
    same time are one event.
    """

    rows: Rows
    name: str
    owner: Literal["lead", "account"]
    owner_column: KeyColumn
    at: Moment | None = None
    id: KeyColumn | None = None
    is_wide: bool = False
    of_lead_rows: bool = False
    once_a_time: bool = False


@attrs.frozen
class Binding:
    """What ties a definition to its sources. `tables` are files for its tables and lists, by their names."""

    path: Path
    leads: LeadRows
    events: tuple[EventRows, ...] = ()
    accounts: AccountRows | None = None
    tables: Mapping[str, Path] = attrs.field(factory=dict, hash=False)


def sources_of(binding: Binding) -> tuple[Source, ...]:
    """Return where a binding reads rows from."""
    return tuple(rows.file for rows in _all_rows(binding))


def files_of(binding: Binding) -> Iterator[Path]:
    """Yield each file that a binding reads from: rows, databases, tables, lists, and the binding itself."""
    yield binding.path
    yield from binding.tables.values()
    for rows in _all_rows(binding):
        for part in parts_of(rows.file):
            if isinstance(part, File):
                yield part.path
            elif isinstance(part, Stored) and isinstance(part.database, Path):
                yield part.database
        yield from (it.without_from for it in rows.columns.values() if it.without_from is not None)


def _all_rows(binding: Binding) -> Iterator[Rows]:
    yield binding.leads.rows
    yield from (events.rows for events in binding.events)
    if binding.accounts is not None:
        yield binding.accounts.rows


def read_binding(path: Path) -> Binding:
    """Return the binding that a file holds.

    Raises:
        BindingError: with everything that is wrong with the file at once.
    """
    return _binding(_toml(path), path)


def binding_of(text: str, path: Path) -> Binding:
    """Return the binding that a text holds, as if it stood in the file `path`.

    Raises:
        BindingError: with everything that is wrong with it at once.
    """
    return _binding(_parsed(text, path), path)


def _binding(table: dict[str, object], path: Path) -> Binding:
    mistakes: list[str] = []
    top = Section("", table, mistakes)
    reader = _Reader(path.parent)
    leads = top.section("leads")
    if leads is None and "leads" not in top:
        mistakes.append("`leads`: this is not there: the table `[leads]` says where the leads are")
    accounts, tables = top.section("accounts"), top.section("tables")
    of_leads = reader.leads(leads if leads is not None else Section("leads", {}, []))
    binding = Binding(
        path,
        of_leads,
        tuple(_wide_or_long(events, of_leads) for events in reader.all_events(top)),
        None if accounts is None else reader.accounts(accounts),
        {} if tables is None else dict(reader.tables(tables)),
    )
    top.finish()
    if mistakes:
        raise BindingError(path, mistakes)
    return binding


def _wide_or_long(events: EventRows, leads: LeadRows) -> EventRows:
    """Return events as wide ones where their rows are the leads, each of them once."""
    of_lead_rows = (
        events.owner == "lead"
        and events.owner_column == leads.id
        and not leads.distinct
        and same_as(events.rows.file) == same_as(leads.rows.file)
    )
    # Rows about one lead at several instants tell the same event again.
    once_a_time = of_lead_rows and leads.as_of is not None and events.id is None
    is_wide = events.is_wide or of_lead_rows
    return attrs.evolve(events, is_wide=is_wide, of_lead_rows=of_lead_rows, once_a_time=once_a_time)


def _toml(path: Path) -> dict[str, object]:
    try:
        return _parsed(path.read_text(encoding="utf-8-sig"), path)
    except FileNotFoundError:
        raise BindingError(path, ["there is no such file"]) from None
    except OSError as error:
        raise BindingError(path, [f"the file cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise BindingError(path, [f"byte {error.start + 1:,} of the file is not UTF-8"]) from None


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BindingError(path, [f"the file is not TOML: {error}"]) from None


# The sections in which a table stands for a kind, and whose it is where the table does not say.
_EVENT_SECTIONS = ("events", "records", "account_events", "account_records")


class _Reader:
    """Reads the parts of a binding; paths start at its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def leads(self, section: Section) -> LeadRows:
        as_of = read_moment_column(section, "as_of", plus=True)
        rows = read_rows(section, self._folder)
        key, distinct = section.key_column("id"), section.flag("distinct")
        leads = LeadRows(rows, key, as_of, distinct, read_keep(section, rows))
        section.finish()
        return leads

    def accounts(self, section: Section) -> AccountRows:
        key = section.needed_key("id", "the column of the company's key")
        rows = read_rows(section, self._folder)
        accounts = AccountRows(rows, key, section.flag("distinct"), read_keep(section, rows))
        section.finish()
        return accounts

    def all_events(self, top: Section) -> Iterator[EventRows]:
        for name in _EVENT_SECTIONS:
            kinds = top.section(name)
            if kinds is not None:
                yield from (self._events(kind, section) for kind, section in kinds.sections())

    def tables(self, section: Section) -> Iterator[tuple[str, Path]]:
        for name, table in section.sections():
            yield name, self._folder / table.needed("path", "the file")
            table.finish()

    def _events(self, name: str, section: Section) -> EventRows:
        both = "lead" in section and "account" in section
        of_account = "account" in section or ("lead" not in section and section.key.startswith("account_"))
        if both:
            section.mistake("", "there is a `lead` and an `account`: an event belongs to one of them")
            section.raw("lead")
        if of_account:
            column = section.needed_key("account", "the column of the company's key")
        else:
            column = section.needed_key("lead", "the column of the lead's id")
        at = read_moment_column(section, "at")
        rows = read_rows(section, self._folder)
        owner: Literal["lead", "account"] = "account" if of_account else "lead"
        wide = section.flag("wide")
        if wide and at is None:
            section.mistake("wide", "this goes with `at`: the column of the times of this kind")
        events = EventRows(rows, name, owner, column, at, section.key_column("id"), wide)
        section.finish()
        return events
