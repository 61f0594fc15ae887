"""The reference evaluator against SQL on DuckDB, over random definitions, each with many situations in one query.

`python -m tests.properties.sql_differential 100000 [--seed N] [--workers 2]` tries that many situations, 200 for each
definition, shows how far it is, and prints each definition and situation on which the two differ, made smaller.
`--only N` repeats the definition with that number.

What is supplied, and whether all leads share an instant, changes from definition to definition: see `way_of`.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context

import attrs

from mqldsl.evaluate import situation as evaluate
from mqldsl.evaluate.given import Giver
from mqldsl.evaluate.handed_in import Note
from mqldsl.evaluate.sql.lowering import Refused
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Random
from mqldsl.testing.made import Maker, Situation
from tests.properties.by_sql import Way, compared
from tests.properties.differential import escaped, text_of
from tests.properties.smaller import smallest

SITUATIONS = 200
# The sizes of small definitions, whose queries take a fraction of a second to write and plan.
SMALL = (1, 1, 2)
SHOWN = 5


@attrs.frozen
class Failure:
    """A definition and a situation on which SQL and the reference differ, how it was supplied, and where they do.

    `among` is how many situations were asked about at once.
    """

    number: int
    seed: int
    text: str
    situation: Situation
    way: Way
    found: list[str]
    among: int = 1

    def __str__(self) -> str:
        """Return Python that shows it again."""
        arguments = self.situation.as_arguments().items()
        lines = [
            f"# definition {self.number} with seed {self.seed}: " + "; ".join(self.found),
            "import datetime, zoneinfo",
            "from math import inf, nan",
            "from mqldsl import Account",
            "from tests.properties.by_sql import Way",
            "from tests.properties.sql_differential import shown",
            f'text = """\n{escaped(self.text)}"""',
            "situation = dict(",
            *(f"    {name}={value!r}," for name, value in arguments),
            ")",
            f"print(shown(text, situation, {self.way!r}))",
        ]
        if self.among > 1:
            lines.insert(1, f"# seen only where it is one of {self.among} situations")
        return "\n".join(lines)


@attrs.frozen
class Tried:
    """What became of a definition: situations that were compared, a failure, or why no query says it."""

    cases: int
    failure: Failure | None = None
    refused: str = ""


def way_of(model: ir.Model, chosen: Random) -> Way:
    """Choose what is supplied, and how.

    Half of the definitions have one instant for all leads, the others one for each lead. Half are asked swiftly. Half have every field and
    property that is supplied in every row, the others here and there. A few are withheld altogether, and so is each
    kind of events in one definition of seven.
    """
    names = [
        *model.fields,
        *model.account_fields,
        *(name for kind in model.kinds.values() for name in kind.properties),
    ]
    return Way(
        one_instant=chosen.chance(50),
        everywhere=chosen.chance(50),
        withheld=frozenset(name for name in names if chosen.chance(6)),
        feeds=frozenset(kind for kind in model.kinds if not chosen.chance(15)),
        swift=chosen.chance(50),
    )


def situations_for(model: ir.Model, number: int, seed: int, way: Way, count: int) -> Iterator[Situation]:
    """Yield situations for a definition, the same for the same number and seed."""
    chosen = Random(f"{seed}/{number}/situations")
    boundaries = Boundaries(model)
    if way.one_instant:
        boundaries.as_ofs = (chosen.pick(boundaries.as_ofs),)
    maker = Maker(boundaries, chosen, faults=True)
    for _ in range(count):
        yield attrs.evolve(maker.situation(), feeds=list(model.kinds))


def tried(number: int, seed: int, count: int = SITUATIONS, *, is_small: bool = False) -> Tried:
    """Compare SQL and the reference for one definition; a failure is the first situation on which they differ."""
    text = text_of(number, seed, SMALL) if is_small else text_of(number, seed)
    model = check_text(text).model
    assert model is not None, f"not a definition:\n{text}"
    way = way_of(model, Random(f"{seed}/{number}/way"))
    situations = list(situations_for(model, number, seed, way, count))
    try:
        differing = compared(model, [_read(Giver(model), each) for each in situations], way)
    except (NotInSqlError, Refused) as refused:
        return Tried(0, refused=str(refused))
    except Exception as error:  # noqa: BLE001 - whatever is raised is a difference
        return Tried(count, Failure(number, seed, text, situations[0], way, [_raised(error)], count))
    found = ((situation, each) for situation, each in zip(situations, differing, strict=True) if each)
    first = next(found, None)
    if first is None:
        return Tried(count)
    return Tried(count, Failure(number, seed, text, first[0], way, first[1], count))


def made_smaller(failure: Failure) -> Failure:
    """Return the same failure with what does not matter taken out; as it is, where one situation alone does not fail.

    What is made smaller differs in more than the facts that are missing, if the failure does.
    """
    only_missing = all(_is_missing(line) for line in failure.found)

    def found(text: str, situation: Situation) -> list[str]:
        model = check_text(text).model
        lines = [] if model is None else _differences(model, situation, failure.way)
        return [line for line in lines if only_missing or not _is_missing(line)]

    if not found(failure.text, failure.situation):
        return failure
    text, situation = smallest(failure.text, failure.situation, found)
    return attrs.evolve(failure, text=text, situation=situation, found=found(text, situation), among=1)


def _is_missing(line: str) -> bool:
    return ", missing: " in line


def shown(text: str, situation: dict[str, object], way: Way) -> list[str]:
    """Return where SQL and the reference differ about a situation as it is printed."""
    model = check_text(text).model
    assert model is not None
    return _differences(model, Situation(**situation), way)  # type: ignore[arg-type] # as printed


def _differences(model: ir.Model, situation: Situation, way: Way) -> list[str]:
    try:
        kinds = list(model.kinds)
        return compared(model, [_read(Giver(model), attrs.evolve(situation, feeds=kinds))], way)[0]
    except (NotInSqlError, Refused):
        return []
    except Exception as error:  # noqa: BLE001 - whatever is raised is a difference
        return [_raised(error)]


def _raised(error: Exception) -> str:
    return f"raised {type(error).__name__}: {error}"[:600]


def _read(giver: Giver, situation: Situation) -> evaluate.Situation:
    notes: list[Note] = []
    return giver.question(**situation.as_arguments(), notes=notes)


# ------------------------------------------------------------------ the command


def _task(task: tuple[int, int]) -> Tried:
    number, seed = task
    try:
        found = tried(number, seed)
        return found if found.failure is None else attrs.evolve(found, failure=made_smaller(found.failure))
    except Exception as error:
        raise RuntimeError(f"definition {number} with seed {seed}: {error}"[:2_000]) from error


def main(arguments: list[str]) -> int:
    """Try as many situations as were asked for, and return how many definitions showed a difference."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties.sql_differential")
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="the number of one definition")
    wanted = parser.parse_args(arguments)
    numbers = (
        range(-(-wanted.cases // SITUATIONS)) if wanted.only is None else range(wanted.only, wanted.only + 1)
    )
    start, done, failures = time.monotonic(), 0, 0
    refused: Counter[str] = Counter()
    with get_context("spawn").Pool(max(1, wanted.workers)) as pool:
        for each in pool.imap_unordered(_task, [(number, wanted.seed) for number in numbers]):
            done += each.cases
            refused.update([each.refused] if each.refused else [])
            if each.failure is not None:
                failures += 1
                if failures <= SHOWN:
                    print(f"\n{each.failure}\n", flush=True)  # noqa: T201 # a command
            _progress(done, len(numbers) * SITUATIONS, failures)
    took = time.monotonic() - start
    print(  # noqa: T201 # as above
        f"\r{done:,} situations over {len(numbers):,} definitions in {took:.0f} s: "
        f"{failures:,} definitions with a difference, {refused.total():,} that no query says"
    )
    for why, times in refused.most_common():
        print(f"  {times}: {why}")  # noqa: T201 # as above
    return failures


def _progress(done: int, wanted: int, failures: int) -> None:
    if sys.stderr.isatty():
        said = f"\r{done:,} of {wanted:,} situations, {failures} differ "
        print(said, end="", file=sys.stderr, flush=True)  # noqa: T201 # as above


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
