"""mqldsl over all leads: the one place that knows how it is called."""

from pathlib import Path
from typing import Any

import pyarrow as pa

import mqldsl
from benchmarks.batch.data import AS_OF, Files


class NotThere(Exception):
    """Something cannot be run, and the message says why; the others are measured without it."""


def ours(definition: Path, files: Files, memory_limit: str | None) -> pa.Table:
    """Return the answers of a definition for all leads as an Arrow table.

    Its columns: `id`, each clause, each score with `_low` and `_high`, each grade, and of each decision the outcome,
    `_certain`, `_could_be` (the outcomes in the order of the rows); and `due_at`.
    """
    decide_all: Any = getattr(mqldsl.load(definition), "decide_all", None)
    if decide_all is None:
        raise NotThere("`Definition.decide_all` is not there yet")
    limits = {} if memory_limit is None else {"memory_limit": memory_limit}
    return decide_all(leads=files.leads, events=files.events, as_of=AS_OF, **limits)


def ours_of_binding(definition: Path, binding: Path, as_of: str) -> pa.Table:
    """Return the answers for all leads of a binding file as an Arrow table."""
    raise NotThere(f"no way yet to decide all leads of {binding.name} by {definition.name} as of {as_of}")
