"""`mql bind`: a first binding and declarations, from what stands in files."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from mqldsl.data.guess.draft import MOST_ROWS, draft, looked_at
from mqldsl.data.guess.for_definition import binding_for
from mqldsl.data.guess.naming import Named
from mqldsl.data.text_file import SourceError
from mqldsl.data.whole_file import whole_file
from mqldsl.front import screen
from mqldsl.front.inputs import A_FILE, InputError, examples, usable_model
from mqldsl.front.out import check_files
from mqldsl.front.screen import counted, show
from mqldsl.model.types import Labels, SetOf, YesNo
from mqldsl.source.harmless import visible

_A_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    short_help="Look at files, and write a first binding and declarations.",
    epilog=examples(
        "mql bind leads.csv events.csv",
        "mql bind leads.csv events.csv --out-binding data.toml --out-definition first.mql",
        "mql bind leads.csv events.csv --definition mql.mql --out-binding data.toml",
    ),
)
@click.argument("leads", type=A_FILE)
@click.argument("events", type=A_FILE, nargs=-1)
@click.option(
    "--definition", type=A_FILE, metavar="FILE", help="Write a binding for that definition, and no other."
)
@click.option("--out-binding", type=_A_NEW_FILE, metavar="FILE", help="Write the binding there.")
@click.option("--out-definition", type=_A_NEW_FILE, metavar="FILE", help="Write the declarations there.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=MOST_ROWS,
    metavar="N",
    show_default=True,
    help="Look at the first N rows of each file.",
)
def bind(  # noqa: PLR0913 # click hands over each option by its name
    *,
    leads: Path,
    events: tuple[Path, ...],
    definition: Path | None,
    out_binding: Path | None,
    out_definition: Path | None,
    force: bool,
    rows: int,
) -> None:
    """Look at files of leads, events, records and companies, and write what is needed to begin.

    A binding says which file and column holds what; declarations say which fields, events and records there are,
    with missing rates and samples beside them. All of it is guessed, for you to correct. What is not written to
    a file is printed.
    """
    if definition is not None and out_definition is not None:
        raise click.UsageError("with --definition only a binding is written: leave --out-definition out")
    read = [leads, *events, *([] if definition is None else [definition])]
    check_files({"--out-binding": out_binding, "--out-definition": out_definition}, read)
    for path in (out_binding, out_definition):
        if path is not None and path.exists() and not force:
            raise InputError(f"`{path}` is there already; name another file, or say --force to write over it")
    try:
        sheets = looked_at([leads, *events], rows)
    except SourceError as error:
        raise InputError(str(error)) from None
    target = out_binding if out_binding is not None else Path("data.toml")
    texts: list[tuple[str, Path | None]]
    if definition is not None:
        text, notes = binding_for(usable_model(definition), sheets, target)
        texts = [(text, out_binding)]
        said = list(map(Text, notes))
    else:
        first = draft(sheets, target)
        texts = [(first.definition, out_definition), (first.binding, out_binding)]
        said = list(_found(first.named))
    people = screen.err() if any(path is None for _, path in texts) else screen.out()
    show(people, *said, hang=4)
    for text, path in texts:
        if path is None:
            click.echo(visible(text))
        else:
            _write(people, text, path)


def _write(people: Console, text: str, path: Path) -> None:
    try:
        with whole_file(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise InputError(f"`{path}` cannot be written: {error.strerror}") from None
    show(people, f"wrote {path}")


def _found(named: Named) -> Iterator[Text]:
    """Yield what was found, file by file, and what somebody has to decide."""
    found = named.found
    yield Text("leads      ", "bold").append(
        f"{found.leads.sheet.file.shown}: {counted(found.leads.sheet.rows, 'row')}, id {found.leads.key or 'is the row'}"
    )
    yield from _types([(field.name, field.told.guess.type) for field in named.fields])
    if found.companies is not None:
        keyed = found.companies
        yield Text("companies  ", "bold").append(
            f"{keyed.sheet.file.shown}: {counted(keyed.sheet.rows, 'row')}, key {keyed.key}"
        )
        yield from _types([(field.name, field.told.guess.type) for field in named.company_fields])
    for feed in named.feeds:
        owned = feed.owned
        word = "records" if owned.at is None else "events"
        at = "" if owned.at is None else f", at {owned.at.seen.name} {owned.at.guess.span}".rstrip()
        yield Text(f"{word:<11}", "bold").append(
            f"{feed.name}: {counted(owned.rows, 'row')} of {owned.sheet.file.shown}, "
            f"{owned.owner} {owned.owner_column}{at}"
        )
    yield from (Text("look at    ", "yellow").append(it) for it in dict.fromkeys(_to_decide(named)))


def _types(fields: list[tuple[str, object]]) -> Iterator[Text]:
    by_type: dict[str, list[str]] = {}
    for name, kind in fields:
        by_type.setdefault(_word(kind), []).append(name)
    for word, names in by_type.items():
        yield Text(f"  {word:<9}", "dim").append(", ".join(names))


def _word(kind: object) -> str:
    if isinstance(kind, Labels):
        return "one of"
    if isinstance(kind, SetOf):
        return "set"
    if isinstance(kind, YesNo):
        return "yes/no"
    return "money" if getattr(kind, "money", False) else type(kind).__name__.lower()


def _to_decide(named: Named) -> Iterator[str]:
    found = named.found
    for keyed, fields in ((found.leads, named.fields), (found.companies, named.company_fields)):
        if keyed is not None:
            shown = keyed.sheet.file.shown
            yield from (f"{shown}: {remark}" for remark in (*keyed.sheet.remarks, *keyed.remarks))
            for field in fields:
                yield from (f"{shown}, {field.column}: {it}" for it in field.told.guess.remarks)
    for feed in named.feeds:
        shown = feed.owned.sheet.file.shown
        yield from (f"{shown}: {it}" for it in (*feed.owned.sheet.remarks, *feed.owned.remarks))
        at = feed.owned.at
        for told in (*([at] if at is not None else []), *(it.told for it in feed.properties)):
            yield from (f"{shown}, {told.seen.name}: {it}" for it in told.guess.remarks)
    yield from found.left_out
