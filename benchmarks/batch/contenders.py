"""Everything that answers for all leads: from two Parquet files to one Arrow table."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

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
    """One way to answer for all leads. `answers` tells whether it says the same as the others.

    With `is_prepared`, the first call is not timed, and what it returns is.
    """

    side: Side
    run: Callable[[Files], Any]
    answers: bool = True
    is_prepared: bool = False

    def prepared(self, files: Files) -> Callable[[], pa.Table]:
        """Return what is timed."""
        if not self.is_prepared:
            return lambda: self.run(files)
        ready: Callable[[], pa.Table] = self.run(files)
        return ready


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
    OURS: Contender("ours", lambda files: ours.ours(variants.BASE, files, None)),
    QUERY: Contender(
        "ours",
        lambda files: ours.query_alone(variants.BASE, files),
        answers=False,
        is_prepared=True,
    ),
    HAND: Contender("hand", of_file("by_hand.sql")),
    FLOOR: Contender("hand", of_file("floor.sql"), answers=False),
    PANDAS: Contender("peer", by_pandas.by_pandas),
    CATEGORIES: Contender("peer", lambda files: by_pandas.by_pandas(files, categories=True)),
    SAME: Contender("ours", _of_variant(variants.same_selections, None), answers=False),
    OTHERS: Contender("ours", _of_variant(variants.other_selections, FEW), answers=False),
}
