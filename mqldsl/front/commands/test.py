"""`mql test`: runs the examples of definitions."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from mqldsl.analyse.examples import Failure, Result, run_examples
from mqldsl.analyse.promises import SEARCHED, Kept, check_promise
from mqldsl.front import screen
from mqldsl.front.explained import facts_as_objects, lines_as_objects
from mqldsl.front.failures import broken_shown, failure_shown
from mqldsl.front.inputs import (
    NO,
    data_option,
    definitions_argument,
    examples,
    tables_of,
    usable_binding,
    usable_model,
)
from mqldsl.front.screen import counted, show
from mqldsl.model import ir
from mqldsl.source.harmless import on_one_line

# Below the titles.
_INDENT = 10


@click.command(epilog=examples("mql test mql.mql", "mql test --format json rules/*.mql"))
@definitions_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text to read, or JSON."
)
@click.option(
    "--search",
    type=click.IntRange(0),
    default=SEARCHED,
    show_default=True,
    metavar="N",
    help="How many leads are searched for one that breaks a promise; 0 leaves promises out.",
)
@data_option(required=False)
def test(files: tuple[Path, ...], form: str, search: int, data: Path | None) -> None:
    """Run the examples that stand in definitions, and search for leads that break their promises.

    Exits with 1 where an example fails or a promise is broken, and with 2 where a definition cannot be run. With --data, the tables and
    lists that the binding names take the place of the definition's own.
    """
    tables = tables_of(None if data is None else usable_binding(data))
    models = [(path, usable_model(path, tables)) for path in files]
    results: list[tuple[Path, list[Result | Kept]]] = [
        (path, [*run_examples(model), *_kept(model, search)]) for path, model in models
    ]
    if form == "json":
        click.echo(screen.as_json([_as_object(path, each) for path, some in results for each in some]))
    else:
        _show(screen.out(), results)
    if not all(each.passed for _, some in results for each in some):
        raise click.exceptions.Exit(NO)


def _kept(model: ir.Model, searched: int) -> Iterator[Kept]:
    console = screen.err()
    for promise in model.promises if searched else ():
        said = f"searching for a lead that breaks: {on_one_line(promise.title)}"
        with console.status(said) if console.is_terminal else nullcontext():
            yield check_promise(model, promise, searched)


def _show(console: Console, results: list[tuple[Path, list[Result | Kept]]]) -> None:
    for path, some in results:
        show(console, Text(str(path), "bold"))
        if not some:
            show(console, "  no examples: write some, and everybody can see what is meant")
        for each in some:
            mark = ("ok", "green") if each.passed else ("FAILED", "bold red")
            title = each.example.title if isinstance(each, Result) else f"promise: {each.promise.title}"
            show(console, Text.assemble("  ", (f"{mark[0]:<6}", mark[1]), f"  {title}"), hang=8)
            if isinstance(each, Kept):
                show(console, *broken_shown(each, _INDENT))
            else:
                for failure in each.failures:
                    show(console, *failure_shown(failure, _INDENT))
    _show_count(console, [each for _, some in results for each in some])


def _show_count(console: Console, every: list[Result | Kept]) -> None:
    if examples_ := [each for each in every if isinstance(each, Result)]:
        failed = sum(not each.passed for each in examples_)
        show(console, "", f"{counted(len(examples_) - failed, 'example')} passed, {failed:,} failed")
    if promises := [each for each in every if isinstance(each, Kept)]:
        broken = sum(not each.passed for each in promises)
        searched = counted(promises[0].searched, "lead")
        kept = counted(len(promises) - broken, "promise")
        show(console, f"{kept} kept by {searched} searched for each, {broken:,} broken")


def _as_object(path: Path, result: Result | Kept) -> dict[str, object]:
    if isinstance(result, Kept):
        return {
            "file": str(path),
            "promise": result.promise.title,
            "passed": result.passed,
            "searched": result.searched,
            "why": result.why or None,
            "broken_by": result.broken_by,
        }
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
        "evidence": lines_as_objects(failure.evidence),
        "facts": facts_as_objects(failure.facts),
    }
