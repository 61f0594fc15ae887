"""One contender in a process of its own: `python -m benchmarks.batch.alone NAME LEADS EVENTS` prints JSON."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks import memory
from benchmarks.batch import real
from benchmarks.batch.contenders import CONTENDERS
from benchmarks.batch.data import Files, Size, files
from benchmarks.batch.ours import NotThere

# Everything is run on these first: what is imported once, and made ready once, is not timed.
WARM = Size(1_000, 10_000)


def timed(run: Callable[[], Any], keep: Path | None = None) -> dict[str, Any]:
    """Return what one run took; its answers are kept as Parquet if there is a place for them."""
    start, worked = perf_counter(), process_time()
    table = run()
    seconds, processor = perf_counter() - start, process_time() - worked
    peak = memory.peak()
    if keep is not None:
        from pyarrow import parquet

        parquet.write_table(table, keep)
    return {
        "seconds": seconds,
        "processor": processor,
        "peak": peak,
        "rows": table.num_rows,
        "columns": table.num_columns,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a contender, or a data set, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("leads", type=Path, nargs="?")
    parser.add_argument("events", type=Path, nargs="?")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args(arguments)
    try:
        if asked.leads is None:
            found = timed(lambda: real.decided(asked.name))
        else:
            contender = CONTENDERS[asked.name]
            contender.ready(files(WARM))()
            found = timed(contender.ready(Files(asked.leads, asked.events)), asked.keep)
    except NotThere as why:
        found = {"not there": str(why)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
