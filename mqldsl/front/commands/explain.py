"""`mql explain`: why one lead is decided as it is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

import click

from mqldsl.data.binding import Binding, BindingError
from mqldsl.data.leads import situations
from mqldsl.data.text_file import SourceError
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import Situation
from mqldsl.explain.explanation import explanation_of
from mqldsl.explain.told import change_told, explanation_told
from mqldsl.explain.until import until
from mqldsl.front import screen
from mqldsl.front.explained import as_object, drawn
from mqldsl.front.inputs import (
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
from mqldsl.front.screen import show
from mqldsl.model import ir
from mqldsl.source.harmless import on_one_line
from mqldsl.source.nearest import nearest


@click.command(
    epilog=examples(
        "mql explain mql.mql --data data.toml --lead L0042",
        "mql explain mql.mql --data data.toml --lead L0042 --as-of 2026-03-10 --format json",
    )
)
@definition_argument
@data_option(required=True)
@click.option("--lead", metavar="ID", required=True, help="The lead's id, as it stands in the data.")
@as_of_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text to read, or JSON."
)
def explain(file: Path, data: Path, lead: str, as_of: str | None, form: str) -> None:
    """Say why a lead is decided as it is.

    Every clause with its answer and what it looked at, every score with the points of its rows, and the
    decision: what else it could be, what is missing, and when it changes by itself. A lead that the data asks
    about at several instants is explained at each of them.
    """
    binding = usable_binding(data)
    model = usable_model(file, tables_of(binding))
    with _waiting("looking for the lead"):
        found = _found(model, binding, lead, as_of)
    evaluations = [Evaluation(model, situation) for situation in found]
    if form == "json":
        click.echo(screen.as_json([as_object(explanation_of(each), _change(each)) for each in evaluations]))
        return
    for number, each in enumerate(evaluations):
        if number:
            show(screen.out(), "")
        show(screen.out(), *map(drawn, explanation_told(explanation_of(each), each.zone)))
        if model.verdict is not None:
            show(screen.out(), drawn(change_told(_change(each), each.zone)))


def _change(evaluation: Evaluation) -> datetime | None:
    """Return when the verdict changes by itself; of a lead with thousands of events that takes a while."""
    with _waiting("looking for the next change"):
        return until(evaluation)


def _waiting(what: str) -> AbstractContextManager[object]:
    console = screen.err()
    return console.status(what) if console.is_terminal else nullcontext()


def _found(model: ir.Model, binding: Binding, lead: str, as_of: str | None) -> list[Situation]:
    """Return the questions about a lead, or end the command with the ids that are like its own."""
    wanted, others, found = lead.strip(), set[str](), list[Situation]()
    try:
        for situation in situations(model, binding, moment(as_of, model)):
            if situation.lead.id == wanted:
                found.append(situation)
            elif not found:
                others.add(situation.lead.id)
    except (BindingError, SourceError) as error:
        raise InputError(str(error)) from None
    if found:
        return found
    near = ", ".join(f"`{on_one_line(each)}`" for each in _near(wanted, others))
    some = ", ".join(f"`{on_one_line(each)}`" for each in sorted(others)[:3])
    hint = f"; near it are {near}" if near else f"; there are others, such as {some}" if some else ""
    raise InputError(f"no lead `{wanted}` was read from `{binding.leads.rows.file.shown}`{hint}")


def _near(wanted: str, others: set[str]) -> Iterator[str]:
    """Yield the three ids most like the one that is wanted; of very many, only those that start like it."""
    if len(others) > 20_000:
        start = wanted[: max(len(wanted) - 2, 1)].casefold()
        others = {each for each in others if each.casefold().startswith(start)}
    for _ in range(3):
        found = nearest(wanted, others)
        if found is None:
            return
        yield found
        others.discard(found)
