"""What else an application pays: loading, memory, the import; each measured in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs

from benchmarks.embed.contenders import load
from benchmarks.embed.workload import AS_OF, Workload
from mqldsl import Definition

ROOT = Path(__file__).resolve().parents[2]

# Libraries that deciding needs not, and that `import mqldsl` must not load.
UNWANTED = ("duckdb", "sqlglot", "pyarrow", "z3", "click")


@attrs.frozen
class Costs:
    """The figures; seconds, and MiB. `modules` are the libraries of others that deciding one lead loads."""

    load_thousand: float
    first_of_thousand: float
    load_again: float
    memory: float
    memory_after_use: float
    definitions: int
    load_each: float
    import_alone: float
    import_all: float
    unwanted: tuple[str, ...]
    modules: tuple[str, ...]


def alone(task: str, *arguments: str) -> dict[str, Any]:
    """Return what `benchmarks.embed.alone` found in a new process."""
    command = [sys.executable, "-m", "benchmarks.embed.alone", task, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def costs(definitions: int, times: int) -> Costs:
    """Measure all of it; imports and loading so many times, of which the shortest counts."""
    thousand = [alone("thousand") for _ in range(min(times, 3))]
    memory = alone("memory", str(definitions))
    imports = [alone("import") for _ in range(times)]
    whole = [alone("import", "all") for _ in range(times)]
    return Costs(
        load_thousand=min(each["load"] for each in thousand),
        first_of_thousand=min(each["first"] for each in thousand),
        load_again=min(each["again"] for each in thousand),
        memory=_of_ten_thousand(memory, "loaded"),
        memory_after_use=_of_ten_thousand(memory, "used"),
        definitions=definitions,
        load_each=memory["load"],
        import_alone=min(each["seconds"] for each in imports),
        import_all=min(each["seconds"] for each in whole),
        unwanted=tuple(name for name in UNWANTED if any(name in each["modules"] for each in imports + whole)),
        modules=tuple(sorted(whole[0]["modules"])),
    )


def _of_ten_thousand(memory: dict[str, Any], when: str) -> float:
    """Return the memory that 10,000 definitions take, estimated where fewer were loaded."""
    empty: float = memory["empty"]
    each: float = (memory[when] - empty) / memory["number"]
    return empty + 10_000 * each


def threads_agree(workloads: Sequence[Workload], threads: int = 8, passes: int = 5) -> bool:
    """Say whether decisions made by several threads at once are those of one thread."""
    for workload in workloads:
        definition = load(workload)

        def decided(
            place: int, workload: Workload = workload, definition: Definition = definition
        ) -> list[object]:
            cases = workload.cases[place:] + workload.cases[:place]
            found: list[object] = []
            for case in cases * passes:
                decision = definition.decide(case.lead, case.events, case.account, AS_OF)
                found.append((decision.verdict, decision.fired, decision.clauses))
            return found[len(cases) - place :] + found[: len(cases) - place]

        places = [number * len(workload.cases) // threads for number in range(threads)]
        with ThreadPoolExecutor(threads) as pool:
            # All begin with a definition that nobody has asked yet, so they compile it at once, too.
            several = list(pool.map(decided, places))
        one = decided(0)
        cases = len(workload.cases)
        if any(found[:cases] != one[:cases] for found in several):
            return False
    return True
