"""Where decisions go: to the standard output, a file, or a table of a database; and in which form."""

import io
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import click

from mqldsl.data.batch.arrays import ArrowType, Table
from mqldsl.data.binding import Binding
from mqldsl.data.database_out.target import TargetError, is_source, target_of
from mqldsl.data.origins import Stored
from mqldsl.data.result import TABLE_FORMATS, TableFormat
from mqldsl.data.tables_out import write_tables
from mqldsl.data.whole_file import is_same_file
from mqldsl.source.harmless import visible


def place(_: click.Context, __: click.Parameter, told: str | None) -> Path | Stored | None:
    """Return the file, or the table of a database, that an option names."""
    if told is None:
        return None
    try:
        found = target_of(told)
    except TargetError as error:
        raise click.BadParameter(str(error)) from None
    if isinstance(found, Path) and found.is_dir():
        raise click.BadParameter(f"`{found}` is a folder: name a file in it")
    return found


def shown(it: Path | Stored) -> str:
    """Return what is written to as it may be shown: without a password."""
    return it.shown if isinstance(it, Stored) else str(it)


def check_place(out: Path | Stored | None, sources: Binding | Collection[str], *, replace: bool) -> None:
    """Refuse a table that is read from, or has the name of one that may be, and to replace what is no table."""
    if isinstance(out, Stored) and is_source(out, sources):
        raise click.UsageError(f"`{out.shown}` is a table to read from: name another one behind --out")
    if replace and not isinstance(out, Stored):
        raise click.UsageError("--replace goes with a table of a database behind --out; files are replaced")


def check_files(written: Mapping[str, Path | Stored | None], read: Iterable[Path]) -> None:
    """Refuse files to write, by their options, that are read from or are one file."""
    read = list(read)
    before: dict[str, Path] = {}
    for option, it in written.items():
        path = it.database if isinstance(it, Stored) else it
        if not isinstance(path, Path):
            continue
        # Of a database, another table may be read.
        if not isinstance(it, Stored) and any(is_same_file(path, each) for each in read):
            raise click.UsageError(f"`{path}` is a file to read from: name another one behind {option}")
        for other, taken in before.items():
            if is_same_file(path, taken):
                raise click.UsageError(f"`{path}` cannot be written twice: {other} and {option} name it")
        before[option] = path


def format_of(form: str | None, out: Path | Stored | None) -> TableFormat | None:
    """Return the format of the rows, None for the table."""
    if isinstance(out, Stored):
        if form is not None:
            raise click.UsageError("a table of a database has columns of its own: leave --format out")
        return None
    if form in TABLE_FORMATS:
        return form
    if out is None:
        return None
    if form == "table":
        raise click.UsageError("a table is for reading: leave --format out, or name one for machines")
    ending = out.suffix.lower().removeprefix(".")
    if ending not in TABLE_FORMATS:
        endings = ", ".join(f".{each}" for each in TABLE_FORMATS)
        raise click.UsageError(
            f"nobody can tell from its name how `{out}` is to be written: end it in one of {endings}, "
            "or say --format"
        )
    return ending


def write_to_stdout(schema: ArrowType, tables: Iterable[Table], form: TableFormat) -> None:
    """Write rows to the standard output; on a terminal nothing in them may steer it."""
    stream: BinaryIO = sys.stdout.buffer
    if not sys.stdout.isatty():
        write_tables(schema, tables, stream, form)
        stream.flush()
        return
    gathered = io.BytesIO()
    write_tables(schema, tables, gathered, form)
    sys.stdout.write(visible(gathered.getvalue().decode()))
