"""All leads decided at once: their order, lists of clauses, what has changed, the machine, and both engines alike."""

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Timer

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mqldsl.data.binding import Binding, read_binding
from mqldsl.data.decided.changed import Before
from mqldsl.data.decided.columns import columns_of, further_columns_of
from mqldsl.data.decided.lists import names_where
from mqldsl.data.decided.machine import Limits, MachineError, answers, machine
from mqldsl.data.decided.ordering import in_order
from mqldsl.data.decided.run import Asked, Engine, decided, listed, told_of
from mqldsl.data.faults import Faults
from mqldsl.evaluate.sql import query
from mqldsl.evaluate.sql.writing import NotInSqlError
from mqldsl.model import ir
from mqldsl.pipeline import load_definition

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"
GIVEN = ROOT / "tests" / "golden" / "front" / "given"


def starter() -> tuple[ir.Model, Binding]:
    binding = read_binding(STARTER / "data.toml")
    return load_definition(STARTER / "mql.mql", binding.tables), binding


def all_of(asked: Asked, faults: Faults | None = None) -> pa.Table:
    told = told_of(asked.model, each_has_its_as_of=asked.has_own_instants)
    tables = decided(asked, Faults() if faults is None else faults)
    return pa.concat_tables([listed(table, told, told.all) for table in tables])


# ---------------------------------------------------------------- engines


@pytest.mark.parametrize(
    ("definition", "binding", "as_of"),
    [
        (STARTER / "mql.mql", STARTER / "data.toml", "2026-03-10T09:00"),
        (GIVEN / "small.mql", GIVEN / "data.toml", "2026-03-10"),
        (GIVEN / "small.mql", GIVEN / "each.toml", "2026-03-10"),
    ],
    ids=["quick-start", "small", "each its own"],
)
def test_both_engines_say_the_same(definition: Path, binding: Path, as_of: str) -> None:
    bound = read_binding(binding)
    model = load_definition(definition, bound.tables)
    found: dict[str, pa.Table] = {}
    faults: dict[str, Faults] = {}
    engines: Sequence[Engine] = ("duckdb", "python")
    for engine in engines:
        faults[engine] = Faults()
        found[engine] = all_of(Asked(model, bound, as_of, engine=engine), faults[engine])
    assert found["duckdb"].schema == found["python"].schema
    assert found["duckdb"].to_pylist() == found["python"].to_pylist()
    assert faults["duckdb"].kept == faults["python"].kept
    assert sorted(faults["duckdb"].notes) == sorted(faults["python"].notes)


def test_what_no_query_says_is_decided_lead_by_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    model, binding = starter()
    wanted = all_of(Asked(model, binding, "2026-03-10", engine="python"))

    def refused(*_: object, **__: object) -> None:
        raise NotInSqlError("something odd")

    monkeypatch.setattr(query, "query_of", refused)
    faults = Faults()
    assert all_of(Asked(model, binding, "2026-03-10"), faults).equals(wanted)
    assert faults.notes[0] == "decided lead by lead, because no query says exactly: something odd"
    assert faults.total == 57  # those of the first attempt are not told twice


def test_the_first_leads_only() -> None:
    model, binding = starter()
    every, some = (all_of(Asked(model, binding, "2026-03-10", most=most)) for most in (None, 3))
    assert some.to_pylist() == every.slice(0, 3).to_pylist()


def test_the_columns() -> None:
    model, _ = starter()
    seen = columns_of(model, each_has_its_as_of=True)
    assert " ".join(column.name for column in seen) == (
        "id as_of handling certain could_be due_at team reason fired unknown missing warmth"
    )
    assert [column.name for column in further_columns_of(model, seen)][-2:] == ["warmth.low", "warmth.high"]


# ---------------------------------------------------------------- the machine


def test_a_limit_that_is_none() -> None:
    with pytest.raises(MachineError, match="`much` is no size of memory"), machine(Limits(memory="much")):
        pass


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    limits = Limits(spill=tmp_path / "nowhere")
    with pytest.raises(MachineError, match="nothing can be written to"), machine(limits):
        pass


def test_too_little_memory_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(MachineError, match="does not suffice"),
        machine(Limits(1, "1MB", tmp_path)) as connection,
    ):
        answers(connection, "select list(i order by i desc) from range(5000000) r(i)", None)
    assert not list(tmp_path.iterdir())


def test_a_mistake_in_a_query_is_raised_where_it_was_asked() -> None:
    with machine(Limits()) as connection, pytest.raises(duckdb.CatalogException):
        answers(connection, "select * from nowhere", None)


def test_an_interruption_stops_the_query() -> None:
    def interrupt(_: float | None) -> None:
        raise KeyboardInterrupt

    with machine(Limits()) as connection:
        with pytest.raises(KeyboardInterrupt):
            answers(connection, "select count(*) from range(10000000000) a(i), range(1000) b(j)", interrupt)
        assert connection.sql("select 1").fetchall() == [(1,)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_second_interruption_changes_nothing() -> None:
    def interrupt(_: float | None) -> None:
        Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        raise KeyboardInterrupt

    def asked_too_much() -> None:
        with machine(Limits()) as connection:
            try:
                answers(
                    connection, "select count(*) from range(10000000000) a(i), range(1000) b(j)", interrupt
                )
            finally:
                time.sleep(0.2)  # the second one may come when the query has stopped already

    with pytest.raises(KeyboardInterrupt):
        asked_too_much()


# ---------------------------------------------------------------- order


@pytest.mark.parametrize("run", [1, 500, 2_000], ids=["row by row", "in runs", "as they are"])
@pytest.mark.parametrize("step", [1, 3], ids=["all leads", "some leads"])
def test_rows_come_in_the_order_of_the_source(run: int, step: int) -> None:
    wanted = list(range(0, 2_000 * step, step))
    parts = [wanted[start : start + run] for start in range(0, len(wanted), run)]
    random.Random(7).shuffle(parts)
    places = pa.chunked_array([pa.array(part) for part in parts])
    table = pa.table({"id": [f"L{place}" for place in places.to_pylist()]})
    assert in_order(table, places).column("id").to_pylist() == [f"L{place}" for place in wanted]


def test_runs_that_lie_within_each_other_are_sorted_too() -> None:
    places = pa.chunked_array([pa.array(range(0, 2_000, 2)), pa.array(range(1, 2_000, 2))])
    assert in_order(pa.table({"place": places}), places).column("place").to_pylist() == list(range(2_000))


# ---------------------------------------------------------------- lists


def test_more_names_than_a_number_has_bits() -> None:
    chance = random.Random(5)
    names = [f"n{number}" for number in range(150)]
    rows = [[chance.random() < 0.2 for _ in names] for _ in range(300)]
    masks = [pa.array(column) for column in zip(*rows)]
    wanted = [[name for name, holds in zip(names, row) if holds] for row in rows]
    assert names_where(names, masks, len(rows)).to_pylist() == wanted
    assert names_where([], [], 2).to_pylist() == [[], []]


# ---------------------------------------------------------------- what has changed


def test_only_what_has_changed(tmp_path: Path) -> None:
    before = pa.table(
        {"id": ["a", "b", "c", "d"], "score": [1.0, None, 3.0, 4.0], "fired": [["x"], [], ["x", "y"], []]}
    )
    pq.write_table(before, tmp_path / "before.parquet")
    now = pa.table({"id": ["d", "b", "c", "e"], "score": [4.0, 2.0, 3.0, None], "fired": [[], [], ["x"], []]})
    found = Before(tmp_path / "before.parquet", now.column_names)
    assert found.changed_of(now).column("id").to_pylist() == ["b", "c", "e"]
    assert (found.changed, found.new, found.vanished) == (2, 1, 1)


def test_a_lead_may_have_several_rows_each_with_its_instant(tmp_path: Path) -> None:
    instants = pa.array([1, 2, 3], pa.timestamp("us", "UTC"))
    rows = pa.table({"id": ["a", "a", "a"], "as_of": instants, "score": [1.0, 2.0, 3.0]})
    pq.write_table(rows.slice(0, 2), tmp_path / "before.parquet")
    found = Before(tmp_path / "before.parquet", rows.column_names)
    assert found.changed_of(rows.slice(1)).column("score").to_pylist() == [3.0]
    assert (found.changed, found.new, found.vanished) == (0, 1, 1)


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_a_row_is_in_order(rows: int) -> None:
    places = pa.chunked_array([pa.array(range(rows), pa.int64())])
    assert in_order(pa.table({"place": places}), places).num_rows == rows


def test_rows_of_other_columns_cannot_be_compared(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "old": [1]}), tmp_path / "before.parquet")
    with pytest.raises(ValueError, match="it lacks `new`; it has `old`"):
        Before(tmp_path / "before.parquet", ["id", "new"])
    (tmp_path / "no.parquet").write_text("id\na\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no Parquet file"):
        Before(tmp_path / "no.parquet", ["id"])
