"""What commands are given: definitions, bindings and instants, or the reason why they cannot be used."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from mqldsl.data.binding import Binding, BindingError, read_binding
from mqldsl.front import screen
from mqldsl.front.draw import draw
from mqldsl.front.screen import show
from mqldsl.model import ir
from mqldsl.model.reading import read_moment
from mqldsl.pipeline import check_file

NO, UNUSABLE = 1, 2
"""Exit codes: the answer is no; what was given cannot be used."""

# Findings about a file that cannot be read as a text at all.
UNREADABLE = frozenset({"MQL001", "MQL005"})

Command = TypeVar("Command", bound=Callable[..., Any])


class InputError(click.ClickException):
    """What was given cannot be used; the message says why."""

    exit_code = UNUSABLE

    def show(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 # as click declares it
        """Print the message."""
        show(screen.err(), f"error: {self.message}", hang=2)


A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def definition_argument(command: Command) -> Command:
    """Give a command its one definition."""
    return click.argument("file", type=A_FILE)(command)


def definitions_argument(command: Command) -> Command:
    """Give a command its definitions."""
    return click.argument("files", type=A_FILE, nargs=-1, required=True)(command)


def data_option(*, required: bool) -> Callable[[Command], Command]:
    """Give a command the option that names a binding."""
    words = "The TOML file that says which file and column holds what the definition speaks of."
    return click.option("--data", type=A_FILE, metavar="BINDING", required=required, help=words)


def as_of_option(command: Command) -> Command:
    """Give a command the option that says when now is."""
    words = (
        "The instant as of which leads are judged: 2026-03-10, 2026-03-10T09:00 (local in the definition's "
        "zone) or with an offset, 2026-03-10T09:00+01:00. Without it, now."
    )
    return click.option("--as-of", metavar="T", help=words)(command)


def usable_model(path: Path, tables: Mapping[str, Path] | None = None) -> ir.Model:
    """Return the model of a definition; draw the findings and end the command where it has errors."""
    return usable_definition(path, tables)[0]


def usable_definition(
    path: Path, tables: Mapping[str, Path] | None = None
) -> tuple[ir.Model, tuple[Path, ...]]:
    """Return the model of a definition, as `usable_model` does, and the files that it was read from."""
    checked = check_file(path, tables)
    if checked.model is None:
        errors = [finding for finding in checked.findings if finding.is_error]
        draw(screen.err(), errors, checked.source)
        raise click.exceptions.Exit(UNUSABLE)
    return checked.model, checked.files


def usable_binding(path: Path) -> Binding:
    """Return the binding that a file holds, or end the command with all that is wrong with it."""
    try:
        return read_binding(path)
    except BindingError as error:
        raise InputError(str(error)) from None


def tables_of(binding: Binding | None) -> Mapping[str, Path]:
    """Return the files that a binding gives for tables and lists."""
    return {} if binding is None else binding.tables


def moment(told: str | None, model: ir.Model) -> datetime:
    """Return the instant that `--as-of` tells; without it now: the one place that reads the clock."""
    if told is None:
        return datetime.now(UTC).replace(microsecond=0)
    found = read_moment(told, ZoneInfo(model.header.zone))
    if found is None:
        raise click.BadParameter(
            f"`{told}` is no day or time; write 2026-03-10, 2026-03-10T09:00 or 2026-03-10T09:00+01:00",
            param_hint="'--as-of'",
        )
    return found


def examples(*commands: str) -> str:
    """Return the end of a command's help: commands that somebody could run."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)
