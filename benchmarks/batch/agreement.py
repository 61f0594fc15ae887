"""Before anything is timed, all must say the same of every lead, and the same as `decide` of some of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import mqldsl
from benchmarks.batch.contenders import CONTENDERS, HAND
from benchmarks.batch.data import AS_OF, Files
from benchmarks.batch.results import Tell, alone
from benchmarks.batch.variants import BASE

_PROPERTIES = {
    "visit": ("page", "seconds"),
    "click": ("page",),
    "webinar": ("topic", "seconds"),
    "whitepaper": ("topic",),
    "call": ("seconds",),
}


class Disagreement(Exception):
    """Somebody says something else of a lead."""


def check(made: Files, names: Sequence[str], tell: Tell, leads: int = 300) -> None:
    """Raise where the answers of one of `names` are not those of the hand-written SQL, or these not those of `decide`."""
    with TemporaryDirectory(prefix="mqldsl-batch-") as folder:
        truth = Path(folder) / "truth.parquet"
        tell(f"{HAND} answers for all leads")
        alone(HAND, made, truth)
        tell(f"`decide` is asked about {leads} of them")
        _check_decide(made, truth, leads)
        for name in names:
            if name != HAND and CONTENDERS[name].answers:
                tell(f"{name} answers for all leads")
                kept = Path(folder) / "kept.parquet"
                if "not there" not in alone(name, made, kept):
                    compare(name, kept, truth)


def compare(name: str, kept: Path, truth: Path) -> None:
    """Raise where two tables differ in a column or a lead."""
    with duckdb.connect() as connection:
        mine, theirs = connection.read_parquet(str(kept)), connection.read_parquet(str(truth))
        if set(mine.columns) != set(theirs.columns):
            odd = ", ".join(sorted(set(mine.columns) ^ set(theirs.columns)))
            raise Disagreement(f"{name} and {HAND} do not have the same columns: {odd}")
        columns = [column for column in theirs.columns if column != "id"]
        different = ", ".join(
            f'count(CASE WHEN mine."{column}" IS DISTINCT FROM theirs."{column}" THEN 1 END)'
            for column in columns
        )
        mine.create_view("mine")
        theirs.create_view("theirs")
        query = (
            f"SELECT count(*), count(mine.id), count(theirs.id), {different} "  # noqa: S608 - names of columns
            "FROM mine FULL JOIN theirs ON mine.id = theirs.id"
        )
        ((rows, of_mine, of_theirs, *counts),) = connection.sql(query).fetchall()
    if not rows == of_mine == of_theirs:
        raise Disagreement(f"{name} answers for {of_mine} leads, {HAND} for {of_theirs}")
    found = [f"{column}: {count}" for column, count in zip(columns, counts) if count]
    if found:
        raise Disagreement(f"{name} disagrees with {HAND} about so many leads: {', '.join(found)}")


def _check_decide(made: Files, truth: Path, leads: int) -> None:
    definition = mqldsl.load(BASE)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        some = f"WHERE id < {leads} ORDER BY id"
        told = _rows(connection, truth, some)
        given = _rows(connection, made.leads, some)
        done = _rows(connection, made.events, f"WHERE lead < {leads}")
    for lead, row in zip(given, told):
        number = lead.pop("id")
        lead.pop("company")  # nothing is said of it
        decision = definition.decide(lead, list(_events(done, number)), as_of=AS_OF)
        wanted = {
            "id": number,
            **decision.clauses,
            **_bounds(decision),
            **decision.grades,
            "handling": decision.verdict,
            "handling_certain": decision.certain,
            "handling_could_be": list(decision.could_be),
            "due_at": decision.due_at,
        }
        if wanted != row:
            odd = ", ".join(name for name in wanted if wanted[name] != row.get(name)) or "columns"
            raise Disagreement(f"{HAND} disagrees with `decide` about lead {number}: {odd}")


def _rows(connection: duckdb.DuckDBPyConnection, path: Path, some: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        connection.sql(f"SELECT * FROM read_parquet('{path}') {some}").to_arrow_table().to_pylist()  # noqa: S608 - our own file
    )
    return found


def _events(done: Sequence[dict[str, Any]], lead: int) -> Iterator[dict[str, Any]]:
    for event in done:
        if event["lead"] == lead:
            kind = event["kind"]
            yield {
                "kind": kind,
                "at": event["at"],
                **{name: event[name] for name in _PROPERTIES.get(kind, ())},
            }


def _bounds(decision: mqldsl.Decision) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, score in decision.scores.items():
        low, high = decision.bounds[name]
        found |= {name: score, f"{name}_low": low, f"{name}_high": high}
    return found
