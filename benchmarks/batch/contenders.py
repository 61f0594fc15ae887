"""Everything that answers for all leads: from two Parquet files to one Arrow table."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import attrs
import duckdb
import pyarrow as pa

from benchmarks.batch import by_pandas, ours, variants
from benchmarks.batch.data import Files

Side = Literal["ours", "hand", "peer"]

HERE = Path(__file__).parent

OURS, HAND, FLOOR = "mqldsl", "hand-written SQL", "floor"
QUERY = "mqldsl, its query alone"
PANDAS, CATEGORIES = "pandas", "pandas, texts as categories"
SAME, OTHERS = "mqldsl, 240 clauses, same selections", "mqldsl, 240 clauses, 240 selections"

# What the 240 selections must do with.
FEW = "512MB"


@attrs.frozen(eq=False)
class Contender:
    """One way to answer for all leads: what is timed is the call of what `ready` returns.

    `answers` tells whether it says the same as the others.
    """

    side: Side
    ready: Callable[[Files], Callable[[], pa.Table]]
    answers: bool = True


def _at_once(run: Callable[[Files], pa.Table]) -> Callable[[Files], Callable[[], pa.Table]]:
    """Return what makes nothing ready."""
    return lambda files: lambda: run(files)


def of_file(name: str) -> Callable[[Files], pa.Table]:
    """Return what runs a query of this folder over the views `leads` and `events`."""
    query = (HERE / name).read_text(encoding="utf-8")

    def run(files: Files) -> pa.Table:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            for view, path in (("leads", files.leads), ("events", files.events)):
                connection.read_parquet(str(path)).create_view(view)
            return connection.sql(query).to_arrow_table()

    return run


def _of_variant(make: Callable[[], str], memory_limit: str | None) -> Callable[[Files], pa.Table]:
    def run(files: Files) -> pa.Table:
        # Beside the data: a definition is read from a file.
        path = files.leads.with_name(f"{make.__name__}.mql")
        path.write_text(make(), encoding="utf-8")
        return ours.ours(path, files, memory_limit)

    return run


CONTENDERS: Mapping[str, Contender] = {
    OURS: Contender("ours", _at_once(lambda files: ours.ours(variants.BASE, files, None))),
    QUERY: Contender(
        "ours",
        lambda files: ours.query_alone(variants.BASE, files),
        answers=False,
    ),
    HAND: Contender("hand", _at_once(of_file("by_hand.sql"))),
    FLOOR: Contender("hand", _at_once(of_file("floor.sql")), answers=False),
    PANDAS: Contender("peer", _at_once(by_pandas.by_pandas)),
    CATEGORIES: Contender("peer", _at_once(lambda files: by_pandas.by_pandas(files, categories=True))),
    SAME: Contender("ours", _at_once(_of_variant(variants.same_selections, None)), answers=False),
    OTHERS: Contender("ours", _at_once(_of_variant(variants.other_selections, FEW)), answers=False),
}
