"""`mql decide`: what happens with every lead."""

import io
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import attrs
import click
from rich.console import Console
from rich.text import Text

from mqldsl.data.binding import Binding, BindingError
from mqldsl.data.faults import Faults
from mqldsl.data.leads import situations
from mqldsl.data.result import FORMATS, Format, write_rows
from mqldsl.data.text_file import SourceError
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Situation
from mqldsl.explain.words import instant_said
from mqldsl.front import screen
from mqldsl.front.data_report import show_faults
from mqldsl.front.grid import show_grid
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
    usable_model,
)
from mqldsl.front.progress import Progress
from mqldsl.front.screen import counted, show, visible
from mqldsl.front.tally import Tally
from mqldsl.front.verdict_rows import Column, columns_of
from mqldsl.model import ir

_SHOWN = 20
_A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@attrs.frozen
class _Wanted:
    """What a command is to do with its rows: no `form` is the table for readers."""

    form: Format | None
    out: Path | None
    limit: int | None
    strict: bool

    @property
    def is_for_machines(self) -> bool:
        """Whether the standard output belongs to a machine, and people read the other stream."""
        return self.form is not None and self.out is None


class _FaultyData(Exception):
    """There are faults, and the command is strict: what was begun is not written."""


@click.command(
    epilog=examples(
        "mql decide mql.mql --data data.toml",
        "mql decide mql.mql --data data.toml --as-of 2026-03-10T09:00 --out decided.csv --faults faults.csv",
        "mql decide mql.mql --data data.toml --format json --limit 5",
    )
)
@definition_argument
@data_option(required=True)
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *FORMATS]),
    help="A table to read, or rows for machines. Without it, what the name of --out ends in, or the table.",
)
@click.option("--out", type=_A_NEW_FILE, metavar="FILE", help="Write the rows there: whole or not at all.")
@click.option("--faults", type=_A_NEW_FILE, metavar="FILE", help="Write all data faults there, as CSV.")
@click.option(
    "--strict", is_flag=True, help="A data fault is an error: nothing is written, and it exits with 2."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Decide the first N leads only.")
def decide(  # noqa: PLR0913 # click hands over each option by its name
    *,
    file: Path,
    data: Path,
    as_of: str | None,
    form: str | None,
    out: Path | None,
    faults: Path | None,
    limit: int | None,
    strict: bool,
) -> None:
    """Decide what happens with every lead.

    A row a lead: the decisions, certain or not, what else it could be, deadline, team, reason, what is missing,
    which clauses are yes and which unknown, and every score, grade and value. Below it a summary: outcomes,
    clauses, and what was wrong with the data.
    """
    wanted = _Wanted(_format_of(form, out), out, limit, strict)
    if wanted.form == "parquet" and wanted.is_for_machines and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal: name a file with --out")
    binding = usable_binding(data)
    model = usable_model(file, tables_of(binding))
    run = _Run(model, binding, wanted)
    people = screen.err() if wanted.is_for_machines else screen.out()
    instant = moment(as_of, model)
    try:
        run.write(situations(model, binding, instant, faults=run.faults, progress=run.progress.read), people)
    except (BindingError, SourceError) as error:
        raise InputError(str(error)) from None
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError(f"`{out}` cannot be written: {error.strerror}") from None
    except _FaultyData:
        pass
    if faults is not None:
        _write_faults(run.faults, faults)
    run.report(people, instant)
    if as_of is not None and binding.leads.as_of is not None:
        run.faults.notes.append("`--as-of` is not used: every row of the leads tells its own instant")
    show_faults(people, run.faults, faults)
    if strict and run.faults.total:
        nothing = "" if out is None else f", so `{out}` was not written"
        show(screen.err(), "", f"error: the data has faults, and --strict lets none pass{nothing}")
        raise click.exceptions.Exit(UNUSABLE)


def _format_of(form: str | None, out: Path | None) -> Format | None:
    """Return the format of the rows, None for the table."""
    if form in FORMATS:
        return form
    if out is None:
        return None
    if form == "table":
        raise click.UsageError("a table is for reading: leave --format out, or name one for machines")
    ending = out.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        endings = ", ".join(f".{each}" for each in FORMATS)
        raise click.UsageError(
            f"nobody can tell from its name how `{out}` is to be written: end it in one of {endings}, "
            "or say --format"
        )
    return ending


def _write_faults(faults: Faults, path: Path) -> None:
    try:
        faults.write(path)
    except OSError as error:
        raise InputError(f"`{path}` cannot be written: {error.strerror}") from None


class _Run:
    """One run over all leads: rows out, and counts of what they were."""

    def __init__(self, model: ir.Model, binding: Binding, wanted: _Wanted) -> None:
        self._model, self._binding, self._wanted = model, binding, wanted
        self._columns = columns_of(model, each_has_its_as_of=binding.leads.as_of is not None)
        self._tally = Tally(model)
        self.faults = Faults()
        rows_scroll_by = wanted.is_for_machines and sys.stdout.isatty()
        self.progress = Progress(screen.err(), is_shown=not rows_scroll_by)
        self._first: list[list[object]] = []

    def write(self, asked: Iterator[Situation], people: Console) -> None:
        """Decide all leads and put their rows where they are wanted."""
        wanted, names = self._wanted, [column.name for column in self._columns]
        rows = self._rows(asked)
        if wanted.form is None:
            most = wanted.limit or _SHOWN
            with self.progress:
                self._first = list(islice(rows, most))
                for _ in rows:
                    pass
            self._show_first(people)
        elif wanted.out is not None:
            with self.progress:
                write_rows(names, rows, wanted.out, wanted.form)
        else:
            with self.progress:
                _write_to_stdout(names, rows, wanted.form)

    def _rows(self, asked: Iterator[Situation]) -> Iterator[list[object]]:
        cells = [column.cell for column in self._columns]
        for situation in islice(asked, self._wanted.limit):
            judged = Evaluation(self._model, situation).judged()
            self._tally.add(judged)
            self.progress.decided()
            yield [cell(situation, judged) for cell in cells]
        if self._wanted.strict and self.faults.total:
            raise _FaultyData

    def _show_first(self, people: Console) -> None:
        if not self._first:
            return
        columns = _for_readers(self._columns, self._model)
        places = [self._columns.index(column) for column in columns]
        zone = ZoneInfo(self._model.header.zone)
        rows = [_without_the_obvious(columns, [row[place] for place in places]) for row in self._first]
        hidden = show_grid(people, [column.name for column in columns], rows, zone)
        more = self._tally.leads - len(self._first)
        if more:
            show(
                people,
                "",
                f"{counted(more, 'more lead')}; `--out FILE.csv` writes all of them, `--limit N` shows the first N",
            )
        if hidden:
            show(people, f"no room for: {', '.join(hidden)}; they are in every other format", hang=2)

    def report(self, people: Console, as_of: datetime) -> None:
        """Print what came of it."""
        leads, zone = self._tally.leads, ZoneInfo(self._model.header.zone)
        shown = self._binding.leads.rows.file.shown
        if self._wanted.out is not None and not (self._wanted.strict and self.faults.total):
            show(people, f"wrote {counted(leads, 'row')} to {self._wanted.out}")
        if not leads:
            show(people, f"there are no leads in `{shown}`")
            return
        each = self._binding.leads.as_of is not None
        when = "each as of its own instant" if each else f"as of {instant_said(as_of, zone)} ({zone.key})"
        show(people, "", Text(f"{counted(leads, 'lead')}, {when}", "bold"))
        self._tally.show(people)


# A reader looks for the decision first, then for what fired and what nobody knows, then for the rest.
_EARLY = ("id", "as_of", "certain", "fired", "unknown", "missing", "team", "due_at", "reason", "could_be")


def _for_readers(columns: list[Column], model: ir.Model) -> list[Column]:
    def place(column: Column) -> int:
        if isinstance(model.named.get(column.name), ir.Decide):
            return _EARLY.index("certain")
        return _EARLY.index(column.name) if column.name in _EARLY else len(_EARLY)

    return sorted(columns, key=place)


def _without_the_obvious(columns: list[Column], row: list[object]) -> list[object]:
    """Return a row without what a certain lead could be: it is what it is."""
    told = dict(zip((column.name for column in columns), row))
    return [
        None if column.name == "could_be" and told["certain"] else told[column.name] for column in columns
    ]


def _write_to_stdout(names: list[str], rows: Iterable[list[object]], form: Format) -> None:
    """Write rows to the standard output; on a terminal nothing in them may steer it."""
    stream: BinaryIO = sys.stdout.buffer
    if not sys.stdout.isatty():
        write_rows(names, rows, stream, form)
        stream.flush()
        return
    gathered = io.BytesIO()
    write_rows(names, rows, gathered, form)
    sys.stdout.write(visible(gathered.getvalue().decode()))
