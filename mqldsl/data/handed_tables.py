"""A binding for tables that a program hands in: columns are called as the definition calls what they hold."""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from mqldsl.data.arrow_table import NoTableError, arrow_table
from mqldsl.data.batch.late import pa
from mqldsl.data.binding import AccountRows, Binding, EventRows, LeadRows, sources_of
from mqldsl.data.bound_origin import read_origin
from mqldsl.data.bound_rows import Moment, Rows
from mqldsl.data.faults import shown
from mqldsl.data.names import ACCOUNT, kind_named
from mqldsl.data.origins import Held, Source
from mqldsl.data.rows import plain_text
from mqldsl.data.section import Section
from mqldsl.data.sources import Tally, columns_of, has_keys, rows_of
from mqldsl.data.text_file import SourceError
from mqldsl.model import ir
from mqldsl.source.nearest import did_you_mean

# What may be handed in: a table by the Arrow interface, which no type of the standard library tells, or files.
HandedIn: TypeAlias = Any


class TablesError(ValueError):
    """The tables that were handed in do not fit; `mistakes` has a sentence for each thing that is wrong."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(["the tables cannot be used:", *(f"- {it}" for it in mistakes)]))
        self.mistakes = tuple(mistakes)


@attrs.frozen
class Tables:
    """What is handed in. `events` are one table with a column `kind`, or a table for each kind by its name."""

    leads: HandedIn
    events: HandedIn = None
    accounts: HandedIn = None
    # The kinds that are supplied, where it is not all that the tables could hold.
    feeds: Collection[str] | None = None


def binding_for(model: ir.Model, tables: Tables, *, has_as_of: bool) -> Binding:
    """Return the binding of tables; without an instant for all, a column `as_of` of the leads tells each its own.

    Raises:
        TablesError: A table is none, or there is no such kind.
    """
    mistakes: list[str] = []
    binding = _Tables(model, mistakes).binding(tables, has_as_of=has_as_of)
    if mistakes:
        raise TablesError(mistakes)
    return binding


_KIND = "kind"
_MOST_NAMED = 5


def of_no_kind(model: ir.Model, binding: Binding) -> Iterator[str]:
    """Say how many rows of one table with all events are of no kind of the definition, in a pass over that column."""
    source = next((events.rows.file for events in binding.events if events.rows.where), None)
    if source is None:
        return
    known = {name for kind in model.kinds.values() for name in (kind.name, kind.plural)}
    kinds = Counter(plain_text(kind) for _, (kind,) in rows_of(source, [_KIND], None, Tally()))
    odd = Counter({kind: count for kind, count in kinds.items() if kind not in known})
    if odd:
        named = [
            f"`{shown(kind)}` ({count:,})" if kind.strip() else f"none ({count:,})"
            for kind, count in odd.most_common(_MOST_NAMED)
        ]
        more = f" and {len(odd) - _MOST_NAMED:,} more" if len(odd) > _MOST_NAMED else ""
        yield (
            f"{odd.total():,} of `{source.shown}` count for nothing, because their `kind` is not the name or plural of an"
            f" event or record of the definition, letter by letter: {', '.join(named)}{more}"
        )


class _Tables:
    """Makes the parts of a binding, and gathers the mistakes."""

    def __init__(self, model: ir.Model, mistakes: list[str]) -> None:
        self._model, self._mistakes = model, mistakes

    def binding(self, tables: Tables, *, has_as_of: bool) -> Binding:
        leads = self._leads(self._source(tables.leads, "leads"), has_as_of=has_as_of)
        accounts = None
        if tables.accounts is not None:
            accounts = AccountRows(Rows("accounts", self._source(tables.accounts, "accounts")), "id")
        wanted = self._kinds(tables.feeds)
        events = () if tables.events is None else tuple(self._events(tables.events, wanted))
        return Binding(Path("tables"), leads, events, accounts)

    def _leads(self, source: Source, *, has_as_of: bool) -> LeadRows:
        names = self._columns(source)
        own = "as_of" in names and "as_of" not in self._model.fields and not has_as_of
        return LeadRows(
            Rows("leads", source), "id" if "id" in names else None, Moment("as_of") if own else None
        )

    def _kinds(self, feeds: Collection[str] | None) -> list[ir.Kind]:
        if feeds is None:
            return list(self._model.kinds.values())
        return [kind for kind in map(self._kind, feeds) if kind is not None]

    def _kind(self, name: str) -> ir.Kind | None:
        kind = kind_named(name, self._model)
        if kind is None:
            known = [each for it in self._model.kinds.values() for each in (it.name, it.plural)]
            hint = did_you_mean(name, known, f"there are {', '.join(f'`{it}`' for it in self._model.kinds)}")
            self._mistakes.append(f"the definition has no event or record `{name}`; {hint}")
        return kind

    def _events(self, events: HandedIn, wanted: Sequence[ir.Kind]) -> Iterator[EventRows]:
        if isinstance(events, Mapping):
            for name, table in events.items():
                kind = self._kind(str(name))
                if kind is not None and kind in wanted:
                    yield self._of_kind(kind, self._source(table, f"events.{name}"), {})
            return
        source = self._source(events, "events")
        names = self._columns(source)
        for kind in wanted:
            # One long table without the companies' keys supplies nothing of companies.
            if not kind.of_account or ACCOUNT in names:
                yield self._of_kind(kind, source, {_KIND: frozenset({kind.name, kind.plural})})

    def _of_kind(self, kind: ir.Kind, source: Source, where: Mapping[str, frozenset[str]]) -> EventRows:
        return EventRows(
            Rows(f"events.{kind.name}", source, where),
            kind.name,
            "account" if kind.of_account else "lead",
            ACCOUNT if kind.of_account else "lead",
            Moment("at") if kind.timed else None,
            "id" if "id" in self._columns(source) else None,
        )

    def _columns(self, source: Source) -> tuple[str, ...]:
        try:
            return columns_of(source, {"id", "as_of"}) if has_keys(source) else columns_of(source)
        except SourceError:
            return ()  # it is told when the binding is checked

    def _source(self, given: HandedIn, name: str) -> Source:
        if isinstance(given, str | os.PathLike):
            given = [given]
        elif hasattr(given, "__arrow_c_stream__") or hasattr(given, "__arrow_c_array__"):
            return self._held(given, name)
        if isinstance(given, Sequence) and given and all(isinstance(it, str | os.PathLike) for it in given):
            return self._files([os.fspath(it) for it in given], name)
        self._mistakes.append(
            f"`{name}` is a `{type(given).__name__}`: a table of Arrow, pandas, Polars or DuckDB is due, or a path"
        )
        return Held(pa.table({}), name)

    def _held(self, given: HandedIn, name: str) -> Source:
        try:
            return Held(arrow_table(given), name)
        except NoTableError as error:
            self._mistakes.append(f"`{name}` is {error}")
            return Held(pa.table({}), name)

    def _files(self, paths: list[str], name: str) -> Source:
        told: dict[str, object] = {"paths": paths}
        if len(paths) == 1 and any(sign in paths[0] for sign in "*?[") and not Path(paths[0]).exists():
            found = [str(path) for path in sorted(_matching(Path(paths[0])))]
            if not found:
                self._mistakes.append(f"`{name}`: no file is called like `{paths[0]}`")
                return Held(pa.table({}), name)
            told = {"paths": found}
        elif len(paths) == 1 and not Path(paths[0]).is_dir():
            told = {"path": paths[0]}
        return read_origin(Section(name, told, self._mistakes), Path())


def _matching(pattern: Path) -> Iterator[Path]:
    return Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))


def broken_tables(binding: Binding) -> list[str]:
    """Return a sentence for each table in memory that is not what its library says, such as texts that are none."""
    held = {it.shown: it.table for it in sources_of(binding) if isinstance(it, Held)}
    mistakes = []
    for name, table in held.items():
        for column, values in zip(table.column_names, table.columns):
            try:
                values.validate(full=True)
            except pa.ArrowException as error:
                why = str(error).splitlines()[0]
                mistakes.append(
                    f"`{name}`, column `{column}`: its values are broken, it has to be made anew: {why}"
                )
    return mistakes
