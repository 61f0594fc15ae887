"""Columns with types that fit are left to the database, and say the same as when they are read one by one."""

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from mqldsl.data.binding import read_binding
from mqldsl.data.bound_rows import Rows
from mqldsl.data.origins import Held
from mqldsl.data.relations import supplied
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from tests.unit.supplied import agree

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

DEFINITION = """
definition "T" version 1
  time zone "{zone}"
lead:
  title: text, missing when "Select", "N/A"
  name: text, required
  size: number, required
  age: number, missing when "999", "0.1"
  budget: money
  price: number
  stage: one of (new, "In work", closed), missing when "-"
  hot: yes/no, missing means no
  born: date
  seen: time
  tags: set of text
  account: text, missing when "Self"
account:
  revenue: money
event visit: page text, seconds number, stage one of (a, b)
event demo
record deal: amount money
account event release: day date
"""
BINDING = """
[leads]
path = "leads.parquet"
id = "id"
where = { live = [true], level = [1, 2, ""] }
{leads}
[events.visits]
path = "events.parquet"
lead = "lead"
at = "at"
id = "event"
where = { type = "visit" }
[events.demo]
path = "events.parquet"
lead = "lead"
at = "at"
where = { type = ["demo", "", "trial"] }
[records.deal]
path = "deals.parquet"
lead = "lead"
[accounts]
path = "accounts.parquet"
id = "key"
[account_events.release]
path = "releases.parquet"
account = "account"
at = "day"
"""
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
NAN, INF = float("nan"), float("inf")


def local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 # as columns without a zone have them


INSTANTS = [
    local(2026, 3, 29, 1, 30),
    local(2026, 10, 25, 1, 30),
    local(1969, 12, 31, 23, 59, 59, 999_999),
    local(2026, 1, 5, 10),
    None,
]
TEXTS = [" a ", "B", "", "  \u3000", None, "Straße", "a\nb", "it's"]


Kinds: TypeAlias = list[tuple[Any, list[Any]]]


def types() -> dict[str, Kinds]:
    """Return for each column the types it may have, with values; the first fits."""
    instants: Kinds = [
        (pa.timestamp("us", "UTC"), INSTANTS),
        (pa.timestamp("us"), INSTANTS),
        (pa.timestamp("ns"), INSTANTS),
    ]
    instants += [(pa.timestamp("ms"), [None, *INSTANTS[3:]]), (pa.date32(), [date(2026, 1, 1), None])]
    numbers: Kinds = [
        (pa.float64(), [1.5, NAN, INF, -INF, None, -0.0, 999.0, 0.1]),
        (pa.int64(), [1, 2**60 + 1, None, 999]),
    ]
    numbers += [
        (pa.float32(), [0.1, 1.5, NAN]),
        (pa.int8(), [0, 1, None]),
        (pa.string(), ["1", "x", "", None]),
    ]
    numbers += [(pa.decimal128(9, 2), [None, 5]), (pa.decimal128(30, 2), [5]), (pa.bool_(), [True, None])]
    numbers += [(pa.uint64(), [2**64 - 1, 0])]
    texts: Kinds = [
        (pa.string(), TEXTS),
        (pa.dictionary(pa.int8(), pa.string()), TEXTS),
        (pa.large_string(), TEXTS),
    ]
    texts += [(pa.int64(), [1, None]), (pa.bool_(), [True])]
    labels: Kinds = [
        (pa.string(), ["new", " NEW", "in  work", "lost", "", None, "-", "a", "B"]),
        (pa.int64(), [1, None]),
    ]
    return {
        "id": [(pa.int64(), [*range(40), None]), (pa.string(), [" L1", "L1", "L2", "l2", "", None, "7"])],
        "lead": [(pa.int64(), [*range(50), None]), (pa.string(), ["L1", " L1 ", "7", "", None, "L9"])],
        "live": [(pa.bool_(), [True, True, True, False, None]), (pa.string(), ["true", "True", ""])],
        "level": [(pa.int64(), [1, 2, 3, None]), (pa.float64(), [1.0, 1.5, None]), (pa.int8(), [1, None])],
        "title": [(pa.string(), [*TEXTS, "SELECT", " n/a", "N/A\u00a0"]), *texts[1:]],
        "name": texts,
        "size": numbers,
        "age": numbers,
        "budget": numbers,
        "price": numbers,
        "amount": numbers,
        "revenue": numbers,
        "seconds": numbers,
        "stage": labels,
        "hot": [(pa.bool_(), [True, False, None]), (pa.int8(), [0, 1, 2, None]), (pa.string(), ["y", "?"])],
        "born": [
            (pa.date32(), [date(2026, 1, 1), date(1, 1, 1), None]),
            *instants[:2],
            (pa.string(), ["2026-01-01", "x"]),
        ],
        "day": [(pa.date32(), [date(2026, 1, 1), None]), *instants],
        "seen": [*instants, (pa.string(), ["2026-01-01 10:00", "soon"])],
        "at": [*instants, (pa.string(), ["2026-01-01 10:00", "soon", ""])],
        "tags": [
            (pa.list_(pa.string()), [["a", None, " A ", "b"], [], [None], None, [""]]),
            (pa.string(), ["a", None]),
        ],
        "account": [(pa.string(), [" ACME", "acme", "self", "", None, "Globex"]), (pa.int64(), [1, None])],
        "key": [(pa.string(), ["Acme", "GLOBEX", "Initech", None])],
        "type": [(pa.string(), ["visit", "demo", "trial", "", None, "x"])],
        "event": [(pa.string(), ["e1", "e1 ", "", None, "e2"]), (pa.int64(), [1, 2, None])],
        "page": texts,
        "reg": [*instants[:4], (pa.string(), ["2026-01-01", "x"])],
    }


FILES = {
    "leads": [
        *[
            "id",
            "live",
            "level",
            "title",
            "name",
            "size",
            "age",
            "budget",
            "price",
            "stage",
            "hot",
            "born",
            "seen",
            "tags",
            "account",
            "reg",
        ]
    ],
    "events": [*["type", "lead", "at", "event", "page", "seconds", "stage"]],
    "deals": ["lead", "amount"],
    "accounts": ["key", "revenue"],
    "releases": ["account", "day"],
}


def model(zone: str = "UTC") -> ir.Model:
    checked = check_text(DEFINITION.replace("{zone}", zone))
    assert checked.model is not None, checked.findings
    return checked.model


def write(folder: Path, drawn: random.Random, odd: float, rows: int = 80) -> None:
    """Write all files; each column has, with the chance `odd`, another type than the one that fits."""
    chosen = {}
    for name, kinds in types().items():
        chosen[name] = drawn.choice(kinds) if drawn.random() < odd else kinds[0]
    for name, columns in FILES.items():
        table = {}
        for column in columns:
            kind, values = chosen[column]
            told = [drawn.choice(values) for _ in range(rows)]
            plain = pa.string() if pa.types.is_dictionary(kind) else kind
            table[column] = pa.array(told, plain).cast(kind)
        pq.write_table(pa.table(table), folder / f"{name}.parquet", row_group_size=30)


def bound(folder: Path, leads: str = "") -> Path:
    (folder / "data.toml").write_text(BINDING.replace("{leads}", leads))
    return folder / "data.toml"


def views(connection: Any) -> list[str]:
    """Return the names of the views over files."""
    found = connection.execute("select view_name from duckdb_views() where not internal").fetchall()
    return [name.split(" ", 2)[2] for (name,) in found]


def supply_of(zone: str, path: Path, connection: Any, **more: Any) -> Supply:
    return supplied(model(zone), read_binding(path), NOON, connection, **more)


@pytest.mark.parametrize("zone", ["UTC", "Europe/London"])
@pytest.mark.parametrize("leads", ["", "distinct = true", 'as_of = "reg"', 'distinct = true\nas_of = "reg"'])
def test_columns_that_fit(tmp_path: Path, zone: str, leads: str) -> None:
    write(tmp_path, random.Random(leads), odd=0)
    agree(model(zone), bound(tmp_path, leads), NOON)
    with duckdb.connect() as connection:
        supply = supply_of(zone, bound(tmp_path, leads), connection)
        assert supply.leads.id_type == "whole"
        assert sorted(views(connection)) == ["lead events 1", "lead events 2", "leads ids", "leads read"]


@pytest.mark.parametrize("odd", [0.15, 0.5])
@pytest.mark.parametrize("seed", range(12))
def test_columns_of_any_type(tmp_path: Path, seed: int, odd: float) -> None:
    drawn = random.Random(f"{seed} {odd}")
    write(tmp_path, drawn, odd)
    leads = drawn.choice(["", "distinct = true", 'as_of = "reg"', 'as_of = { column = "reg", plus = "1mo" }'])
    agree(model(drawn.choice(["UTC", "Europe/London"])), bound(tmp_path, leads), NOON)


def test_without_ids_the_row_is_the_id(tmp_path: Path) -> None:
    write(tmp_path, random.Random(1), odd=0)
    path = bound(tmp_path)
    path.write_text(path.read_text().replace('id = "id"\n', ""))
    agree(model(), path, NOON)


def test_a_name_is_no_pattern(tmp_path: Path) -> None:
    write(tmp_path, random.Random(2), odd=0)
    (tmp_path / "leads.parquet").rename(tmp_path / "x[1].parquet")
    (tmp_path / "deals.parquet").rename(tmp_path / "x1.parquet")
    path = bound(tmp_path)
    path.write_text(path.read_text().replace("leads.parquet", "x[1].parquet").replace("deals.", "x1."))
    leads, _ = agree(model(), path, NOON)
    assert leads


def test_rows_without_a_text_count_where_an_empty_one_is_wanted(tmp_path: Path) -> None:
    leads = pa.table({"id": [1, 2, 3, None], "stage": ["new", "", "closed", None]})
    pq.write_table(leads, tmp_path / "leads.parquet")
    visits = pa.table({"lead": [1, None, None], "at": [NOON] * 3, "type": ["visit", None, "x"]})
    pq.write_table(visits, tmp_path / "visits.parquet")
    rows = 'path = "leads.parquet"\nid = "id"\nwhere = { stage = ["new", ""] }'
    visits_bound = 'path = "visits.parquet"\nlead = "lead"\nat = "at"\nwhere = { type = ["visit", ""] }'
    (tmp_path / "data.toml").write_text(f"[leads]\n{rows}\n[events.visits]\n{visits_bound}\n")
    leads, faults = agree(model(), tmp_path / "data.toml", NOON)
    assert [lead for lead, *_ in leads] == ["1", "2"]
    assert [(fault.row, fault.problem) for fault in faults.kept] == [
        (2, "the visit names no lead"),
        (4, "the lead has no id"),
    ]


NO_NUMBERS = [
    pa.array([5, None], pa.duration("s")),
    pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None], pa.int8())),
]


@pytest.mark.parametrize("column", NO_NUMBERS, ids=["durations", "truths"])
def test_a_number_to_the_database_may_be_none(tmp_path: Path, column: Any) -> None:
    pq.write_table(pa.table({"id": [1, 2], "age": column}), tmp_path / "leads.parquet")
    (tmp_path / "data.toml").write_text('[leads]\npath = "leads.parquet"\nid = "id"\n')
    _, faults = agree(model(), tmp_path / "data.toml", NOON)
    assert [(fault.row, fault.column) for fault in faults.kept] == [(1, "age")]


def test_times_out_of_our_years_are_faults(tmp_path: Path) -> None:
    write(tmp_path, random.Random(3), odd=0)
    table = pq.read_table(tmp_path / "events.parquet")
    far = pa.array([2**62 if row % 7 == 0 else 0 for row in range(len(table))], pa.timestamp("us", "UTC"))
    pq.write_table(table.set_column(table.schema.names.index("at"), "at", far), tmp_path / "events.parquet")
    _, faults = agree(model(), bound(tmp_path), NOON)
    assert any(column == "at" for _, column, _ in faults.counts)


def test_names_that_differ_by_case_only(tmp_path: Path) -> None:
    write(tmp_path, random.Random(4), odd=0)
    table = pq.read_table(tmp_path / "leads.parquet")
    pq.write_table(table.append_column("Title", table.column("name")), tmp_path / "leads.parquet")
    agree(model(), bound(tmp_path, '[leads.columns]\ntitle = "Title"'), NOON)


def test_many_spellings_and_labels_are_read_one_by_one(tmp_path: Path) -> None:
    write(tmp_path, random.Random(5), odd=0)
    table = pq.read_table(tmp_path / "leads.parquet")
    many = pa.array([f"new{' ' * row}" if row % 2 else f"x{row}" for row in range(400)])
    rows = pa.concat_tables([table] * 5)
    stage = rows.schema.names.index("stage")
    pq.write_table(rows.set_column(stage, "stage", many), tmp_path / "leads.parquet")
    agree(model(), bound(tmp_path), NOON)


def test_less_thorough_the_events_of_nobody_are_not_counted(tmp_path: Path) -> None:
    write(tmp_path, random.Random(6), odd=0)
    from mqldsl.data.faults import Faults

    some, all_ = Faults(), Faults()
    with duckdb.connect() as connection:
        supply_of("UTC", bound(tmp_path), connection, faults=some, thorough=False)
        supply_of("UTC", bound(tmp_path), connection, faults=all_)
    assert some.kept == all_.kept
    assert not any("belong to no lead" in note for note in some.notes)
    assert any("belong to no lead" in note for note in all_.notes)


@pytest.mark.parametrize("odd", [0, 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_tables_in_memory(tmp_path: Path, seed: int, odd: float) -> None:
    write(tmp_path, random.Random(seed), odd)
    binding = read_binding(bound(tmp_path))
    tables: dict[str, Any] = {}

    def held(rows: Rows) -> Rows:
        name = rows.file.shown
        tables.setdefault(name, pq.read_table(tmp_path / name))
        return attrs.evolve(rows, file=Held(tables[name], name))

    assert binding.accounts is not None
    binding = attrs.evolve(
        binding,
        leads=attrs.evolve(binding.leads, rows=held(binding.leads.rows)),
        accounts=attrs.evolve(binding.accounts, rows=held(binding.accounts.rows)),
        events=tuple(attrs.evolve(it, rows=held(it.rows)) for it in binding.events),
    )
    agree(model("Europe/London"), binding, NOON)
    if not odd:
        with duckdb.connect() as connection:
            assert supplied(model(), binding, NOON, connection).leads.id_type == "whole"
            assert "leads read" in views(connection)
