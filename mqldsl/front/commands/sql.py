"""`mql sql`: the definition as one query, to be run where the data is."""

from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import click

from mqldsl.data.binding import BindingError, files_of
from mqldsl.data.in_database.refusing import NotInDialectError
from mqldsl.data.whole_file import whole_file
from mqldsl.evaluate.sql.relations import DialectName
from mqldsl.front.inputs import (
    InputError,
    data_option,
    definition_argument,
    examples,
    moment,
    tables_of,
    usable_binding,
    usable_definition,
)
from mqldsl.front.out import check_files
from mqldsl.model import ir
from mqldsl.model.reading import read_moment
from mqldsl.source.extras import Late

# They need sqlglot at once.
_asked: Any = Late("mqldsl.data.in_database.asked")


@click.command(
    epilog=examples(
        "mql sql mql.mql",
        "mql sql mql.mql --dialect bigquery --as-of 2026-03-10T09:00",
        "mql sql mql.mql --dialect postgres --dbt --out models/handling.sql",
    )
)
@definition_argument
@click.option(
    "--dialect",
    type=click.Choice(get_args(DialectName)),
    default="duckdb",
    help="The database that is to run it.",
)
@data_option(required=False)
@click.option(
    "--as-of",
    metavar="T|COLUMN",
    help="The instant as of which leads are judged, or the column of the leads that tells each its own. "
    "Without it, now; with --dbt, the variable `as_of` or the start of the run.",
)
@click.option("--dbt", is_flag=True, help="A model of dbt, its tables as sources.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it there, whole or not at all.",
)
def sql(  # noqa: PLR0913 # click hands over each option by its name
    *, file: Path, dialect: DialectName, data: Path | None, as_of: str | None, dbt: bool, out: Path | None
) -> None:
    """Print a definition as one query.

    A row a lead: what is decided of it, and each clause, score and value. Without --data the tables are called as
    the definition calls things: `leads`, `accounts`, and one a kind of event, such as `visit`.
    """
    if dbt and data is not None:
        raise click.UsageError("a model of dbt takes its tables from dbt: leave --data out")
    binding = None if data is None else usable_binding(data)
    model, files = usable_definition(file, tables_of(binding))
    check_files({"--out": out}, [*files, *([] if binding is None else files_of(binding))])
    instant, column = _moment(as_of, model)
    try:
        text = _asked.query_text(
            model,
            dialect,
            _asked.How(
                binding=binding, as_of=None if dbt and as_of is None else instant, column=column, dbt=dbt
            ),
        )
    except NotInDialectError as error:
        raise InputError(refusal_said(error, file)) from None
    except BindingError as error:
        raise InputError(str(error)) from None
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        with whole_file(out) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise InputError(f"`{out}` cannot be written: {error.strerror}") from None


def _moment(told: str | None, model: ir.Model) -> tuple[datetime | None, str | None]:
    """Return the instant, or the column that is told in its place."""
    if told is not None and read_moment(told, ZoneInfo(model.header.zone)) is None and told.isidentifier():
        return None, told
    return moment(told, model), None


def refusal_said(error: NotInDialectError, file: Path) -> str:
    """Return what a database cannot say, with the place in the definition before it."""
    if error.place is None:
        return str(error)
    source = error.place.source
    at = source.position(error.place.span.start)
    name = str(file) if source.name == str(file) else str(file.parent / source.name)
    return f"{name}:{at.line}:{at.column}: {error}"
