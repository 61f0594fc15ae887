"""`mql test`: runs the examples of definitions."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from mqldsl.analyse.examples import Failure, Result, run_examples
from mqldsl.front import screen
from mqldsl.front.evidence_lines import facts_shown, line_shown, lines_as_objects
from mqldsl.front.inputs import (
    NO,
    data_option,
    definitions_argument,
    examples,
    tables_of,
    usable_binding,
    usable_model,
)
from mqldsl.front.screen import Hanging, counted, on_one_line, show
from mqldsl.source.text import Place


@click.command(epilog=examples("mql test mql.mql", "mql test --format json rules/*.mql"))
@definitions_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text to read, or JSON."
)
@data_option(required=False)
def test(files: tuple[Path, ...], form: str, data: Path | None) -> None:
    """Run the examples that stand in definitions.

    Exits with 1 where an example fails, and with 2 where a definition cannot be run. With --data, the tables and
    lists that the binding names take the place of the definition's own.
    """
    tables = tables_of(None if data is None else usable_binding(data))
    models = [(path, usable_model(path, tables)) for path in files]
    results = [(path, list(run_examples(model))) for path, model in models]
    if form == "json":
        click.echo(screen.as_json([_as_object(path, each) for path, some in results for each in some]))
    else:
        _show(screen.out(), results)
    if not all(each.passed for _, some in results for each in some):
        raise click.exceptions.Exit(NO)


def _show(console: Console, results: list[tuple[Path, list[Result]]]) -> None:
    for path, some in results:
        show(console, Text(str(path), "bold"))
        if not some:
            show(console, "  no examples: write some, and everybody can see what is meant")
        for each in some:
            mark = ("ok", "green") if each.passed else ("FAILED", "bold red")
            show(console, Text.assemble("  ", (f"{mark[0]:<6}", mark[1]), f"  {each.example.title}"), hang=8)
            for failure in each.failures:
                show(console, *_failure_shown(failure), hang=2)
    every = [each for _, some in results for each in some]
    failed = sum(not each.passed for each in every)
    if every:
        show(console, "", f"{counted(len(every) - failed, 'example')} passed, {failed:,} failed")


def _failure_shown(failure: Failure) -> Iterator[Text | Hanging]:
    where = Text("          ")
    if failure.place is not None:
        where.append(f"{_said(failure.place)}: ", "cyan")
    yield where.append(f"expected {on_one_line(failure.expected)}, got: {on_one_line(failure.got)}")
    for line in failure.evidence:
        yield from line_shown(line, 12)
    yield from facts_shown(failure.facts, 12)


def _said(place: Place) -> str:
    at = place.source.position(place.span.start)
    return f"{place.source.name}:{at.line}:{at.column}"


def _as_object(path: Path, result: Result) -> dict[str, object]:
    place = result.example.place
    return {
        "file": str(path),
        "line": None if place is None else place.source.position(place.span.start).line,
        "example": result.example.title,
        "passed": result.passed,
        "failures": [_failure_as_object(failure) for failure in result.failures],
    }


def _failure_as_object(failure: Failure) -> dict[str, object]:
    place = failure.place
    at = None if place is None else place.source.position(place.span.start)
    return {
        "line": None if at is None else at.line,
        "column": None if at is None else at.column,
        "expected": failure.expected,
        "got": failure.got,
        **lines_as_objects(failure.evidence, failure.facts),
    }
