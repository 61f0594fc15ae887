"""Which engine decides: a database that is asked by its address, or Spark."""

from collections.abc import Callable, Iterator

from mqldsl.data.batch.arrays import Table
from mqldsl.data.binding import Binding
from mqldsl.data.decided.run import Asked
from mqldsl.data.engines.postgres import in_postgres
from mqldsl.data.engines.spark import in_spark

_TOGETHER = 1 << 16


def decided_there(
    asked: Asked, binding: Binding | None, engine: str, master: str | None, heard: Callable[[int], None]
) -> Iterator[Table]:
    """Yield the decisions about all leads, found by `spark` or the PostgreSQL server with that address.

    Without a binding the tables are called as the definition calls things. `heard` is told how many rows have come.
    """
    if engine == "spark":
        found = in_spark(asked.model, binding, asked.as_of, master)
    else:
        found = in_postgres(asked.model, binding, asked.as_of, engine, heard)
    size = found.num_rows if asked.most is None else min(asked.most, found.num_rows)
    for start in range(0, size, _TOGETHER):
        yield found.slice(start, min(_TOGETHER, size - start))
