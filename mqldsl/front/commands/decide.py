"""`mql decide`: what happens with every lead."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import click
from rich.console import Console
from rich.text import Text

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.late import pa
from mqldsl.data.binding import Binding, BindingError, LeadRows, files_of
from mqldsl.data.bound_rows import Rows
from mqldsl.data.database_out.target import TargetError
from mqldsl.data.database_out.written import check_target, write_to_database
from mqldsl.data.decided.changed import Before
from mqldsl.data.decided.columns import Column, arrow_type, chosen
from mqldsl.data.decided.machine import Limits, MachineError
from mqldsl.data.decided.run import Asked, Engine, decided, listed, told_of
from mqldsl.data.faults import Faults
from mqldsl.data.in_database.refusing import EngineError, NotInDialectError
from mqldsl.data.origins import Stored
from mqldsl.data.result import TABLE_FORMATS, TableFormat
from mqldsl.data.stored import is_server
from mqldsl.data.tables_out import write_tables
from mqldsl.data.text_file import SourceError
from mqldsl.data.whole_file import whole_file
from mqldsl.explain.words import instant_said
from mqldsl.front import screen
from mqldsl.front.commands.sql import refusal_said
from mqldsl.front.data_report import show_faults
from mqldsl.front.first_rows import show_first
from mqldsl.front.inputs import (
    UNUSABLE,
    InputError,
    as_of_option,
    data_option,
    definition_argument,
    examples,
    moment,
    tables_of,
    usable_binding,
    usable_definition,
)
from mqldsl.front.out import check_files, check_place, format_of, place, shown, write_to_stdout
from mqldsl.front.progress import Progress
from mqldsl.front.screen import counted, show
from mqldsl.front.tally import Tally
from mqldsl.source.extras import Late

# They need sqlglot at once.
_engines: Any = Late("mqldsl.data.engines.chosen")
_HERE: dict[str, Engine] = {"duckdb": "duckdb", "python": "python"}
_SHOWN = 20
_A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_A_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
_A_FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)


@attrs.frozen
class _Wanted:
    """What a command is to do with its rows: no `form` and no table of a database is the table for readers."""

    form: TableFormat | None
    out: Path | Stored | None
    replace: bool
    limit: int | None
    strict: bool
    wide: bool
    columns: tuple[str, ...]
    only_changed: Path | None

    @property
    def is_for_machines(self) -> bool:
        """Whether the standard output belongs to a machine, and people read the other stream."""
        return self.form is not None and self.out is None


@attrs.frozen
class _There:
    """An engine that is another program; without a binding it looks for tables called as in the definition."""

    engine: str
    master: str | None
    binding: Binding | None

    def __call__(self, asked: Asked, progress: Progress) -> Iterator[Table]:
        """Yield the decisions that it finds."""
        found: Iterator[Table] = _engines.decided_there(
            asked, self.binding, self.engine, self.master, progress.read
        )
        return found


def _engine(_: click.Context, __: click.Parameter, told: str) -> str:
    """Return the engine that is told, if there is one."""
    if told in (*_HERE, "spark") or is_server(told):
        return told
    raise click.BadParameter(
        f"`{told}` is none of {', '.join(_HERE)}, spark, and no postgres://user@host/database"
    )


def _names(_: click.Context, __: click.Parameter, told: str | None) -> tuple[str, ...]:
    """Return the names that are told, with a comma between them."""
    names = tuple(name.strip() for name in (told or "").split(",") if name.strip())
    if told is not None and not names:
        raise click.BadParameter("no column is named; such as handling,missing")
    return names


def _convention(engine: str) -> Binding:
    """Return what stands for a binding where an engine looks for tables by itself."""
    if engine in _HERE:
        raise click.MissingParameter(param_hint="'--data'", param_type="option")
    path = Path(engine)
    return Binding(path, LeadRows(Rows("leads", Stored(path, "leads", table="leads")), "id"))


class _FaultyData(Exception):
    """There are faults, and the command is strict: what was begun is not written."""


@click.command(
    epilog=examples(
        "mql decide mql.mql --data data.toml",
        "mql decide mql.mql --data data.toml --as-of 2026-03-10T09:00 --out decided.csv --faults faults.csv",
        "mql decide mql.mql --data data.toml --format json --limit 5",
        "mql decide mql.mql --data data.toml --columns handling,interest,missing --format csv",
        "mql decide mql.mql --data data.toml --out 'crm.duckdb#decided'",
        "mql decide mql.mql --engine postgres://crm.example/sales --out 'postgres://crm.example/sales#mql.decided'",
    )
)
@definition_argument
@data_option(required=False)
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *TABLE_FORMATS]),
    help="A table to read, or rows for machines. Without it, what the name of --out ends in, or the table.",
)
@click.option(
    "--out",
    callback=place,
    metavar="FILE",
    help="Write the rows there: whole or not at all. A table of a database stands behind a #: crm.duckdb#decided, "
    "postgres://user@host/database#mql.decided.",
)
@click.option(
    "--replace", is_flag=True, help="With a table behind --out: also in place of one that mql did not make."
)
@click.option("--faults", type=_A_NEW_FILE, metavar="FILE", help="Write all data faults there, as CSV.")
@click.option(
    "--strict", is_flag=True, help="A data fault is an error: nothing is written, and it exits with 2."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Decide the first N leads only.")
@click.option("--wide", is_flag=True, help="Also a column for each clause, and all else that is found out.")
@click.option(
    "--columns",
    callback=_names,
    metavar="NAMES",
    help="Only these columns behind the id, in that order: handling,interest,missing. --wide has all their names.",
)
@click.option(
    "--only-changed",
    type=_A_FILE,
    metavar="FILE",
    help="Write only the leads that are not so in that Parquet file, which an earlier run wrote.",
)
@click.option(
    "--engine",
    callback=_engine,
    metavar="ENGINE",
    default="duckdb",
    help="All leads at once by duckdb, inside the process, or one by one in python; or where the data is: "
    "postgres://user@host/database, spark. Without --data these look for tables called as in the definition.",
)
@click.option("--master", metavar="URL", help="Where Spark runs; without it on this machine.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Use so many processors, not all.")
@click.option("--memory", metavar="SIZE", help="Use so much memory, such as 2GB, not four fifths of it.")
@click.option("--spill", type=_A_FOLDER, metavar="FOLDER", help="What does not fit into memory goes there.")
def decide(  # noqa: PLR0913 # click hands over each option by its name
    *,
    file: Path,
    data: Path | None,
    as_of: str | None,
    form: str | None,
    out: Path | Stored | None,
    replace: bool,
    faults: Path | None,
    limit: int | None,
    strict: bool,
    wide: bool,
    columns: tuple[str, ...],
    only_changed: Path | None,
    engine: str,
    master: str | None,
    threads: int | None,
    memory: str | None,
    spill: Path | None,
) -> None:
    """Decide what happens with every lead.

    A row a lead: the decisions, certain or not, what else it could be, deadline, team, reason, what is missing,
    which clauses are yes and which unknown, and every score, grade and value. Below it a summary: outcomes,
    clauses, and what was wrong with the data.
    """
    wanted = _Wanted(format_of(form, out), out, replace, limit, strict, wide, columns, only_changed)
    if wanted.form in ("parquet", "arrow") and wanted.is_for_machines and sys.stdout.isatty():
        raise click.UsageError("this format is not for a terminal: name a file with --out")
    binding = _convention(engine) if data is None else usable_binding(data)
    model, files = usable_definition(file, tables_of(binding))
    # Without a binding, the tables that are called as the definition calls things.
    sources = binding if data is not None else ("leads", "accounts", *model.kinds)
    check_place(out, sources, replace=replace)
    check_files({"--out": out, "--faults": faults}, [*files, *files_of(binding)])
    if only_changed is not None:
        check_files({"--faults": faults}, [only_changed])
    instant = moment(as_of, model)
    here = _HERE.get(engine)
    if here is not None:
        run = _Run(Asked(model, binding, instant, Limits(threads, memory, spill), here, limit), wanted)
    else:
        asked = Asked(model, binding, instant, most=limit)
        run = _Run(asked, wanted, _There(engine, master, None if data is None else binding))
    people = screen.err() if wanted.is_for_machines else screen.out()
    try:
        run.write(people)
    except (BindingError, SourceError, MachineError, EngineError, TargetError) as error:
        raise InputError(str(error)) from None
    except NotInDialectError as error:
        raise InputError(refusal_said(error, file)) from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        named = "the standard output" if out is None else f"`{out}`"
        raise InputError(f"{named} cannot be written: {error.strerror}") from None
    except _FaultyData:
        pass
    if faults is not None:
        _write_faults(run.faults, faults)
    run.report(people, instant)
    if as_of is not None and binding.leads.as_of is not None:
        run.faults.notes.append("`--as-of` is not used: every row of the leads tells its own instant")
    show_faults(people, run.faults, faults)
    if strict and run.faults.total:
        nothing = "" if out is None else f", so `{shown(out)}` was not written"
        show(screen.err(), "", f"error: the data has faults, and --strict lets none pass{nothing}")
        raise click.exceptions.Exit(UNUSABLE)


def _write_faults(faults: Faults, path: Path) -> None:
    try:
        faults.write(path)
    except OSError as error:
        raise InputError(f"`{path}` cannot be written: {error.strerror}") from None


class _Run:
    """One run over all leads: rows out, and counts of what they were."""

    def __init__(self, asked: Asked, wanted: _Wanted, there: "_There | None" = None) -> None:
        self._there = there
        self._asked, self._model, self._wanted = asked, asked.model, wanted
        self._told = told_of(asked.model, each_has_its_as_of=asked.has_own_instants)
        self._columns = list(self._told.all if wanted.wide else self._told.seen)
        if wanted.columns:
            self._columns = _chosen(self._told.all, wanted.columns)
        self._tally = Tally(asked.model, self._told.plain)
        self._before: Before | None = None
        self.faults = Faults()
        rows_scroll_by = wanted.is_for_machines and sys.stdout.isatty()
        self._progress = Progress(screen.err(), is_shown=not rows_scroll_by)
        self._first: list[Table] = []

    def write(self, people: Console) -> None:
        """Decide all leads and put their rows where they are wanted."""
        wanted = self._wanted
        schema = pa.schema([(column.name, arrow_type(column)) for column in self._columns])
        if wanted.only_changed is not None:
            self._before = _before(wanted.only_changed, schema.names)
        if isinstance(wanted.out, Stored):
            check_target(wanted.out, schema, replace=wanted.replace)
            with self._progress:
                write_to_database(wanted.out, schema, self._rows(), replace=wanted.replace)
        elif wanted.form is None:
            with self._progress:
                self._gather(wanted.limit or _SHOWN)
            leads = self._tally.leads if self._before is None else self._before.changed + self._before.new
            show_first(people, self._columns, self._first, ZoneInfo(self._model.header.zone), leads)
        elif wanted.out is not None:
            with self._progress, whole_file(wanted.out) as stream:
                write_tables(schema, self._rows(), stream, wanted.form)
        else:
            with self._progress:
                write_to_stdout(schema, self._rows(), wanted.form)

    def _gather(self, most: int) -> None:
        for table in self._decided():
            left = most - sum(each.num_rows for each in self._first)
            if self._before is not None:
                changed = self._before.changed_of(listed(table, self._told, self._columns))
                self._first.append(changed.slice(0, left))
            elif left:
                self._first.append(listed(table.slice(0, left), self._told, self._columns))

    def _rows(self) -> Iterator[Table]:
        for table in self._decided():
            rows = listed(table, self._told, self._columns)
            yield rows if self._before is None else self._before.changed_of(rows)

    def _decided(self) -> Iterator[Table]:
        asked, there = self._asked, self._there
        found = decided(asked, self.faults, self._progress) if there is None else there(asked, self._progress)
        for table in found:
            self._tally.add(table)
            yield table
        if self._wanted.strict and self.faults.total:
            raise _FaultyData

    def report(self, people: Console, as_of: datetime) -> None:
        """Print what came of it."""
        leads, zone, before = self._tally.leads, ZoneInfo(self._model.header.zone), self._before
        binding = self._asked.binding
        written = leads if before is None else before.changed + before.new
        if self._wanted.out is not None and not (self._wanted.strict and self.faults.total):
            show(people, f"wrote {counted(written, 'row')} to {shown(self._wanted.out)}")
        if before is not None:
            show(people, _since(before, leads, self._wanted.only_changed))
        if not leads:
            show(people, f"there are no leads in `{binding.leads.rows.file.shown}`")
            return
        when = f"as of {instant_said(as_of, zone)} ({zone.key})"
        if self._asked.has_own_instants:
            when = "each as of its own instant"
        show(people, "", Text(f"{counted(leads, 'lead')}, {when}", "bold"))
        self._tally.show(people)


def _chosen(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    try:
        return chosen(columns, names)
    except LookupError as error:
        raise click.BadParameter(str(error), param_hint="'--columns'") from None


def _before(path: Path, names: list[str]) -> Before:
    try:
        return Before(path, names)
    except ValueError as error:
        raise InputError(f"nothing can be compared with `{path}`: {error}") from None
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror}") from None


def _since(before: Before, leads: int, path: Path | None) -> str:
    same = leads - before.changed - before.new
    said = f"{before.changed:,} changed, {before.new:,} new, {same:,} as in `{path}`"
    return f"{said}; {counted(before.vanished, 'lead')} of it did not come again" if before.vanished else said
