"""The reference evaluator against the generated function, over random definitions and situations at their boundaries.

`python -m tests.properties.differential 1000000 [--seed N] [--workers 2]` tries that many cases, shows how far it is,
and prints each definition and situation on which the two differ, made smaller and ready to be pasted.
`--only N` repeats the definition with that number.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from typing import Any

import attrs

from mqldsl.embed.definition import Definition
from mqldsl.evaluate import situation as evaluate
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import LeadError, Note
from mqldsl.evaluate.history import History
from mqldsl.evaluate.reference import Evaluation
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Maker, Situation
from mqldsl.testing.writing.definition import definition_text
from tests.properties.comparison import differences
from tests.properties.smaller import smallest

SITUATIONS = 50
SHOWN = 5

# Says where two evaluators differ about one situation; a test plants mistakes in its place.
Compare = Callable[[Giver, Definition, Situation], list[str]]


@attrs.frozen
class Failure:
    """A definition and a situation on which the evaluators differ, and where.

    `earlier` are situations that have to be decided before it: then something is remembered that should not be.
    """

    number: int
    text: str
    situation: Situation
    found: list[str]
    earlier: tuple[Situation, ...] = ()

    def __str__(self) -> str:
        """Return Python that shows it again."""
        lines = [
            f"# definition {self.number}: " + "; ".join(self.found),
            "import datetime, zoneinfo",
            "from math import inf, nan",
            "from mqldsl import Account, loads",
            f'definition = loads("""\n{escaped(self.text)}""")',
        ]
        for situation in (*self.earlier, self.situation):
            arguments = situation.as_arguments().items()
            lines += ["situation = dict(", *(f"    {name}={value!r}," for name, value in arguments), ")"]
            lines.append("definition.decide(**situation, strict=False)")
        return "\n".join(lines)


def escaped(text: str) -> str:
    """Return a text as it may stand between three quotes."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def compared(giver: Giver, definition: Definition, situation: Situation) -> list[str]:
    """Return where the reference and the generated function differ about a situation, in each way to ask."""
    notes: list[Note] = []
    try:
        question = giver.question(**situation.as_arguments(), notes=notes)
        judged = Evaluation(definition.model, question).judged()
    except Exception as error:  # noqa: BLE001 - whatever the reference raises is worth knowing
        return [f"the reference raises {_raised(error)}"]
    found: list[str] = []
    for way, arguments in _ways(situation):
        try:
            decision = definition.decide(**arguments)
            found += [f"{way}: {line}" for line in differences(definition.model, judged, decision)]
        except LeadError as error:
            # The generated function reads less than the reference, so it may miss a fault, and never makes one up.
            if not notes or not arguments["strict"]:
                found.append(f"{way}: the engine finds a fault, {error}")
        except Exception as error:  # noqa: BLE001 - whatever the engine raises is a difference
            found.append(f"{way}: the engine raises {_raised(error)}")
    return found


def _ways(situation: Situation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the ways to ask: what cannot be read as blank, as a fault, and with the events in a history."""
    arguments: dict[str, Any] = dict(situation.as_arguments())
    yield "lenient", {**arguments, "strict": False}
    yield "strict", {**arguments, "strict": True}
    if arguments["events"] is not None:
        yield "history", {**arguments, "events": History(arguments["events"]), "strict": True}


def _raised(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} in {last.name}, {last.filename}:{last.lineno}"


def asked(giver: Giver, situation: Situation) -> evaluate.Situation:
    """Return a situation as the reference takes it, with what cannot be read as blank."""
    notes: list[Note] = []
    return giver.question(**situation.as_arguments(), notes=notes)


def text_of(number: int, seed: int = 0, sizes: Sequence[int] = (2, 4, 6, 6, 8)) -> str:
    """Return the text of a definition by its number; it has one of the sizes."""
    chosen = Random(f"{seed}/{number}")
    return definition_text(chosen, chosen.pick(sizes))


def situations_of(
    model: ir.Model, number: int, seed: int = 0, count: int = SITUATIONS
) -> Iterator[Situation]:
    """Yield situations for a definition, the same for the same number and seed."""
    maker = Maker(Boundaries(model), Random(f"{seed}/{number}/situations"), faults=True)
    for _ in range(count):
        yield maker.situation()


def failure_of(number: int, seed: int, count: int, compare: Compare = compared) -> Failure | None:
    """Return the first situation of a definition on which the evaluators differ, as it was made."""
    text = text_of(number, seed)
    model = check_text(text).model
    assert model is not None, f"not a definition:\n{text}"
    giver, definition = Giver(model), Definition(model)
    earlier: list[Situation] = []
    for situation in situations_of(model, number, seed, count):
        found = compare(giver, definition, situation)
        if found:
            return Failure(number, text, situation, found, tuple(earlier))
        earlier.append(situation)
    return None


def made_smaller(failure: Failure, compare: Compare = compared) -> Failure:
    """Return the same failure with what does not matter taken out."""

    def found(text: str, situation: Situation, earlier: tuple[Situation, ...] = ()) -> list[str]:
        prepared = _prepared.__wrapped__(text) if earlier else _prepared(text)
        if prepared is None:
            return []
        for each in earlier:
            compare(*prepared, each)
        return compare(*prepared, situation)

    earlier = failure.earlier
    if found(failure.text, failure.situation):
        earlier = ()
    else:
        single = (each for each in earlier if found(failure.text, failure.situation, (each,)))
        earlier = tuple(islice(single, 1)) or earlier
    text, situation = smallest(
        failure.text, failure.situation, lambda text, situation: found(text, situation, earlier)
    )
    return attrs.evolve(
        failure, text=text, situation=situation, found=found(text, situation, earlier), earlier=earlier
    )


@lru_cache(maxsize=4)
def _prepared(text: str) -> tuple[Giver, Definition] | None:
    model = check_text(text).model
    return None if model is None else (Giver(model), Definition(model))


# ------------------------------------------------------------------ the command


def _task(task: tuple[int, int, int]) -> tuple[int, Failure | None]:
    number, seed, count = task
    try:
        found = failure_of(number, seed, count)
        return count, None if found is None else made_smaller(found)
    except Exception as error:
        raise RuntimeError(
            f"definition {number} with seed {seed}: {error}\n{text_of(number, seed)}"
        ) from error


def main(arguments: list[str]) -> int:
    """Try as many cases as were asked for, and return how many definitions showed a difference."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties.differential")
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="the number of one definition")
    wanted = parser.parse_args(arguments)
    first, last = (
        (0, -(-wanted.cases // SITUATIONS)) if wanted.only is None else (wanted.only, wanted.only + 1)
    )
    tasks = ((number, wanted.seed, SITUATIONS) for number in range(first, last))
    start, done, failures = time.monotonic(), 0, 0
    with get_context("fork").Pool(max(1, wanted.workers)) as pool:
        for count, failure in pool.imap_unordered(_task, tasks, chunksize=4):
            done += count
            if failure is not None:
                failures += 1
                if failures <= SHOWN:
                    print(f"\n{failure}\n", flush=True)  # noqa: T201 # a command
            _progress(done, wanted.cases, failures, time.monotonic() - start)
    took = time.monotonic() - start
    print(  # noqa: T201 # as above
        f"\r{done:,} cases over {last - first:,} definitions in {took:.0f} s, "
        f"{done / took:,.0f} a second: {failures:,} definitions with a difference"
    )
    return failures


def _progress(done: int, wanted: int, failures: int, took: float) -> None:
    if sys.stderr.isatty():
        said = f"\r{done:,} of {wanted:,} cases, {done / took:,.0f} a second, {failures} differ "
        print(said, end="", file=sys.stderr, flush=True)  # noqa: T201 # as above


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
