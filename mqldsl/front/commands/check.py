"""`mql check`: everything there is to say about definitions, and whether a binding fits them."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from mqldsl.data.binding import Binding, BindingError, read_binding
from mqldsl.data.checks import check_binding, what_is_not_supplied
from mqldsl.front import screen
from mqldsl.front.draw import draw
from mqldsl.front.encode import Plain, annotation, as_object
from mqldsl.front.inputs import (
    NO,
    UNREADABLE,
    UNUSABLE,
    data_option,
    definitions_argument,
    examples,
    tables_of,
)
from mqldsl.front.screen import counted, show
from mqldsl.pipeline import Checked, check_file

_FORMATS = click.Choice(["text", "json", "github"])


@attrs.frozen
class _BindingSays:
    """What there is to say about a binding: mistakes, and notes on what the data lacks."""

    path: Path
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@click.command(
    epilog=examples(
        "mql check mql.mql",
        "mql check mql.mql --data data.toml",
        "mql check --strict --format github rules/*.mql",
    )
)
@definitions_argument
@click.option("--format", "form", type=_FORMATS, default="text", help="Text to read, JSON, or for GitHub.")
@data_option(required=False)
@click.option("--strict", is_flag=True, help="Warnings fail, too.")
def check(files: tuple[Path, ...], form: str, data: Path | None, *, strict: bool) -> None:
    """Say all that is wrong with definitions.

    Exits with 0 where nothing is, with 1 where a definition has errors or the binding does not fit, and with 2
    where a file cannot be read. Warnings fail with --strict only.
    """
    binding, said = _binding(data)
    checked = [check_file(path, tables_of(binding)) for path in files]
    about_data = [said] if said is not None else []
    if binding is not None:
        about_data = [_fit(binding, each) for each in checked if each.model is not None]
    match form:
        case "text":
            _show(checked, about_data)
        case "json":
            click.echo(screen.as_json([told for told, _ in _objects(checked, about_data)]))
        case _:
            show(screen.out(), *(annotation(told) for told, _ in _objects(checked, about_data)))
    raise click.exceptions.Exit(_exit_code(checked, about_data, strict=strict))


def _binding(path: Path | None) -> tuple[Binding | None, _BindingSays | None]:
    if path is None:
        return None, None
    try:
        return read_binding(path), None
    except BindingError as error:
        return None, _BindingSays(path, error.mistakes)


def _fit(binding: Binding, checked: Checked) -> _BindingSays:
    assert checked.model is not None
    mistakes = tuple(check_binding(binding, checked.model))
    notes = () if mistakes else tuple(what_is_not_supplied(binding, checked.model))
    return _BindingSays(binding.path, mistakes, notes)


def _exit_code(checked: list[Checked], about_data: list[_BindingSays], *, strict: bool) -> int:
    findings = [finding for each in checked for finding in each.findings]
    if any(finding.code in UNREADABLE for finding in findings):
        return UNUSABLE
    failing = any(finding.is_error or strict for finding in findings)
    return NO if failing or any(says.mistakes for says in about_data) else 0


def _show(checked: list[Checked], about_data: list[_BindingSays]) -> None:
    console = screen.out()
    for number, each in enumerate(checked):
        if number and (each.findings or checked[number - 1].findings):
            show(console, "")
        draw(console, each.findings, each.source)
        if not each.findings:
            show(console, f"{each.source.name}: fine")
    for says in about_data:
        if says.mistakes:
            show(console, "", f"{says.path}: {counted(len(says.mistakes), 'mistake')}")
        elif says.notes:
            show(console, f"{says.path}: fits, and not everything is supplied")
        else:
            show(console, f"{says.path}: fits")
        show(console, *(f"  error: {mistake}" for mistake in says.mistakes), hang=2)
        show(console, *(f"  note: {note}" for note in says.notes), hang=2)


def _objects(checked: list[Checked], about_data: list[_BindingSays]) -> Iterator[tuple[Plain, bool]]:
    for each in checked:
        for finding in each.findings:
            yield as_object(finding, each.source), finding.is_error
    for says in about_data:
        for mistake in says.mistakes:
            yield _about_binding(says.path, "error", mistake), True
        for note in says.notes:
            yield _about_binding(says.path, "notice", note), False


def _about_binding(path: Path, severity: str, message: str) -> Plain:
    places = dict.fromkeys(("line", "column", "end_line", "end_column"))
    return {
        "code": "binding",
        "severity": severity,
        "message": message,
        "file": str(path),
        **places,
        "help": "",
        "also": [],
    }
