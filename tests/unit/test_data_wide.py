"""Tables with a row a lead and a column of times a kind, apart from the leads: a blank time is no event."""

import json
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mqldsl.data.batch.late import pa, pq
from mqldsl.data.binding import BindingError, read_binding
from mqldsl.model import ir
from mqldsl.model.reading import read_moment
from mqldsl.pipeline import check_text
from tests.unit.supplied import agree

DEFINITION = """
definition "T" version 1
lead:
  size: number
event visit: page text
event webinar: topic text
account event release
"""
BINDING = """
[leads]
path = "leads{}"
id = ["region", "number"]
[leads.columns]
account = "company"
[events.visit]
path = "touches{}"
lead = ["area", "nr"]
at = "last_visit"
wide = true
columns = {{ page = "last_page" }}
[events.webinar]
path = "touches{}"
lead = ["area", "nr"]
at = "last_webinar"
wide = true
where = {{ live = "yes" }}
[account_events.release]
path = "companies{}"
account = "key"
at = "released"
wide = true
"""
TIMES: list[Any] = ["2026-01-05 10:00:00", "2026-01-20T09:00:00Z", "", " ", None, "soon"]
TABLES: dict[str, dict[str, list[Any]]] = {
    "leads": {"region": ["n", "s"], "number": list(range(30)), "size": [1, 2], "company": ["a", "b", None]},
    "touches": {
        "area": ["n", "s", "s ", None, "x"],
        "nr": [*range(30), None],
        "last_visit": TIMES,
        "last_webinar": TIMES,
        "last_page": ["/", None],
        "topic": ["t"],
        "live": ["yes", "no"],
    },
    "companies": {"key": ["A", "b ", "c", None], "released": TIMES},
}


def model() -> ir.Model:
    checked = check_text(DEFINITION)
    assert checked.model is not None, checked.findings
    return checked.model


def write(folder: Path, ending: str) -> None:
    drawn = random.Random(ending)
    for name, columns in TABLES.items():
        found = [{column: drawn.choice(values) for column, values in columns.items()} for _ in range(150)]
        path = folder / f"{name}{ending}"
        if ending == ".parquet":
            for row in found:
                for column in row:
                    if column.startswith(("last_v", "last_w", "released")):
                        row[column] = read_moment(row[column], ZoneInfo("UTC"))
            pq.write_table(pa.Table.from_pylist(found), path)
        elif ending == ".jsonl":
            path.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
        else:
            lines = [",".join("" if cell is None else str(cell) for cell in row.values()) for row in found]
            path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_both_ways_of_reading_say_the_same(tmp_path: Path, ending: str) -> None:
    write(tmp_path, ending)
    (tmp_path / "data.toml").write_text(BINDING.format(*[ending] * 4), encoding="utf-8")
    leads, faults = agree(model(), tmp_path / "data.toml", "2026-02-01")
    assert any(dict(lead[4])["visit"] for lead in leads)  # type: ignore[call-overload] # pairs
    assert any(dict(lead[4])["webinar"] for lead in leads)  # type: ignore[call-overload] # pairs
    assert not [problem for _, _, problem in faults.counts if "has no time" in problem]
    if ending != ".parquet":
        assert {fault.value for fault in faults.kept if fault.column == "last_visit"} == {"soon"}


def test_rows_without_a_time_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("region,number,size,company\nn,1,5,a\nn,2,5,b\n")
    (tmp_path / "companies.csv").write_text("key,released\na,\n,\n")
    (tmp_path / "touches.csv").write_text(
        "area,nr,last_visit,last_webinar,last_page,topic,live\n"
        "n,1,2026-01-05,,/,t,yes\n"
        "n,2,,2026-01-06,/,t,yes\n"
        "z,9,,,/,t,yes\n"
        ",,,,/,t,yes\n"
        "n,,2026-01-05,,/,t,yes\n"
    )
    (tmp_path / "data.toml").write_text(BINDING.format(*[".csv"] * 4), encoding="utf-8")
    leads, faults = agree(model(), tmp_path / "data.toml", "2026-02-01")
    assert [[len(events) for _, events in lead[4]] for lead in leads] == [[1, 0], [0, 1]]  # type: ignore[attr-defined] # pairs
    assert [(fault.row, fault.column, fault.problem) for fault in faults.kept] == [
        (5, "area, nr", "the visit names no lead")
    ]
    assert not [note for note in faults.notes if "belong" in note]


def test_it_needs_a_time(tmp_path: Path) -> None:
    text = '[leads]\npath = "l.csv"\n[records.deal]\npath = "l.csv"\nlead = "id"\nwide = true\n'
    (tmp_path / "data.toml").write_text(text)
    with pytest.raises(BindingError, match=r"`records\.deal\.wide`: this goes with `at`"):
        read_binding(tmp_path / "data.toml")
