"""From files to situations: leads, and what is wrong with their rows."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mqldsl.data.binding import BindingError, read_binding
from mqldsl.data.faults import Fault, Faults
from mqldsl.data.leads import situations
from mqldsl.data.text_file import SourceError
from mqldsl.evaluate.situation import Situation
from mqldsl.model import ir
from mqldsl.model.types import BLANK
from mqldsl.pipeline import check_text

DEFINITION = """
definition "T" version 1
  time zone "Europe/London"
lead:
  title: text, missing when "Select"
  size: number, required
  tags: set of text
event visit: page text, seconds number
event demo
record deal: stage text
"""
LEADS = """
[leads]
path = "leads.csv"
id = "id"
"""
VISITS = """
[events.visits]
path = "events.csv"
lead = "lead"
at = "at"
id = "event"
where = { type = "visit" }
[events.demo]
path = "events.csv"
lead = "lead"
at = "at"
where = { type = ["demo", "trial"] }
"""
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def model(text: str = DEFINITION) -> ir.Model:
    checked = check_text(text)
    assert checked.model is not None, checked.findings
    return checked.model


class Folder:
    """A folder with sources, a binding, and what comes of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults = Faults()

    def write(self, name: str, *lines: str) -> None:
        (self.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def read(self, binding: str, as_of: datetime | date | str | None = NOON) -> list[Situation]:
        self.write("data.toml", binding)
        self.faults = Faults()
        found = situations(model(), read_binding(self.path / "data.toml"), as_of, faults=self.faults)
        return list(found)

    def problems(self) -> list[tuple[str, int, str, str, str]]:
        return [
            (fault.file, fault.row, fault.column, fault.value, fault.problem) for fault in self.faults.kept
        ]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def ids(found: Iterable[Situation]) -> list[str]:
    return [situation.lead.id for situation in found]


def test_fields_are_read_and_what_has_no_column_is_not_supplied(folder: Folder) -> None:
    folder.write("leads.csv", "id,title,size", 'L1,Head,"1,200"', "L2,Select,many", "L3,,")
    first, second, third = folder.read(LEADS)
    assert (first.lead.id, first.lead.fields) == ("L1", {"title": "Head", "size": 1200.0})
    assert second.lead.fields == third.lead.fields == {"title": BLANK, "size": BLANK}
    assert (first.as_of, first.feeds, first.lead.events, first.company) == (NOON, frozenset(), (), None)
    assert folder.problems() == [
        ("leads.csv", 2, "size", "many", "is not a number, such as 1200 or 1,200.50"),
        ("leads.csv", 3, "size", "", "is required, but blank"),
    ]
    assert folder.faults.notes == [
        "`tags` is not supplied: `leads.csv` has no column `tags`",
        "`visit` is not supplied: no table is bound to it",
        "`demo` is not supplied: no table is bound to it",
        "`deal` is not supplied: no table is bound to it",
    ]


def test_a_key_that_a_json_row_lacks_is_not_supplied(folder: Folder) -> None:
    folder.write(
        "leads.jsonl",
        '{"id": 7, "title": null, "tags": ["a", "", "A", "b"]}',
        '{"id": 8.0, "size": 3, "title": ["x"]}',
        "{",
        '{"size": 3}',
    )
    first, second = folder.read(LEADS.replace("csv", "jsonl"))
    assert (first.lead.id, first.lead.fields) == ("7", {"title": BLANK, "tags": ("a", "b")})
    assert (second.lead.id, second.lead.fields) == ("8", {"size": 3.0, "title": BLANK})
    assert folder.problems() == [
        ("leads.jsonl", 2, "title", "['x']", "is not a text"),
        ("leads.jsonl", 3, "", "line 3: {", "the line is not JSON"),
        ("leads.jsonl", 4, "id", "", "the lead has no id"),
    ]


def test_without_a_column_of_ids_the_row_is_the_id(folder: Folder) -> None:
    folder.write("leads.csv", "title,size", "a,1", "b", "c,3", "d,4")
    found = folder.read('[leads]\npath = "leads.csv"\nwhere = { title = ["c", "d"] }\n')
    assert ids(found) == ["3", "4"]


def test_where_compares_exact_text_and_all_must_hold(folder: Folder) -> None:
    folder.write(
        "leads.csv",
        "id,stage,live",
        "1,open,true",
        "2,Open,true",
        "3,open,false",
        "4,new,true",
        "5, open,true",
    )
    assert ids(folder.read(LEADS + 'where = { stage = ["open", "new"], live = true }\n')) == ["1", "4"]


def test_the_last_row_of_a_question_counts(folder: Folder) -> None:
    folder.write("leads.csv", "id,title", "L1,old", "L2,x", " L1 ,new", "l1,other")
    found = folder.read(LEADS)
    assert [(it.lead.id, it.lead.fields["title"]) for it in found] == [
        ("L2", "x"),
        ("L1", "new"),
        ("l1", "other"),
    ]
    assert folder.problems() == [
        ("leads.csv", 1, "id", "L1", "comes again in a later row, and that one counts")
    ]


def test_distinct_keeps_the_first_row_without_a_word(folder: Folder) -> None:
    folder.write("leads.csv", "id,title", "L1,old", "L1,new", ",x")
    (only,) = folder.read(LEADS + "distinct = true\n")
    assert only.lead.fields["title"] == "old"
    assert folder.problems() == [("leads.csv", 3, "id", "", "the lead has no id")]


def test_each_row_may_have_an_instant_of_its_own(folder: Folder) -> None:
    folder.write(
        "leads.csv",
        "id,reg",
        "L1,2026-06-01",
        "L1,2026-06-01T00:00:00+01:00",
        "L1,2026-07-01 09:00",
        "L2,soon",
        "L3,",
    )
    found = folder.read(LEADS + 'as_of = { column = "reg", plus = "1mo" }\n', None)
    assert [(it.lead.id, it.as_of) for it in found] == [
        ("L1", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ("L1", datetime(2026, 8, 1, 8, tzinfo=UTC)),
    ]
    assert folder.problems() == [
        ("leads.csv", 1, "id", "L1", "comes again in a later row, and that one counts"),
        ("leads.csv", 4, "reg", "soon", "is not a time, such as 2026-03-01 09:00"),
        ("leads.csv", 5, "reg", "", "the lead has no time"),
    ]


@pytest.mark.parametrize(
    ("given", "instant"),
    [
        (date(2026, 7, 1), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ("2026-07-01 09:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 9), datetime(2026, 7, 1, 8, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 7, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_day_or_a_local_time_is_one_in_the_definitions_zone(
    folder: Folder, given: datetime | date | str, instant: datetime
) -> None:
    folder.write("leads.csv", "id", "L1")
    assert [it.as_of for it in folder.read(LEADS, given)] == [instant]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "nothing says as of when to judge the leads"),
        ("yesterday", "the as-of `yesterday` is no time or day, such as 2026-03-01 09:00"),
    ],
)
def test_without_an_instant_nothing_is_judged(folder: Folder, given: str | None, said: str) -> None:
    folder.write("leads.csv", "id", "L1")
    with pytest.raises(BindingError, match=said):
        folder.read(LEADS, given)


def test_parquet_and_csv_join_by_the_text_of_the_id(folder: Folder) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    leads = pa.table({"id": [17850, 17851], "size": [1.5, None], "title": ["a", None]})
    pq.write_table(leads, folder.path / "leads.parquet")
    folder.write("events.csv", "event,lead,type,at", "e,17850,visit,2026-03-01")
    first, second = folder.read(LEADS.replace("csv", "parquet") + VISITS)
    assert (first.lead.id, first.lead.fields, len(first.lead.events)) == (
        "17850",
        {"title": "a", "size": 1.5},
        1,
    )
    assert second.lead.fields == {"title": BLANK, "size": BLANK}


def test_one_file_may_be_leads_and_events(folder: Folder) -> None:
    folder.write(
        "all.csv", "id,lead,type,at,event", "L1,L1,visit,2026-03-01,e1", "L1,L1,visit,2026-03-02,e2", "broken"
    )
    text = (
        (LEADS + "distinct = true\n" + VISITS)
        .replace("leads.csv", "all.csv")
        .replace("events.csv", "all.csv")
    )
    (only,) = folder.read(text)
    assert len(only.lead.events) == 2
    assert folder.problems() == [("all.csv", 3, "", "line 4: broken", "the line has too few cells")]


def test_progress_hears_of_every_row(folder: Folder) -> None:
    folder.write("leads.csv", "id", *(f"L{number}" for number in range(10_000)))
    folder.write("data.toml", LEADS)
    heard: list[int] = []
    found = situations(model(), read_binding(folder.path / "data.toml"), NOON, progress=heard.append)
    assert sum(1 for _ in found) == 10_000
    assert heard == [8_192, 10_000, 18_192, 20_000]


def test_a_binding_that_does_not_fit_is_refused_at_once(folder: Folder) -> None:
    folder.write("leads.csv", "Id", "L1")
    folder.write("data.toml", LEADS)
    with pytest.raises(BindingError, match="did you mean `Id`") as caught:
        situations(model(), read_binding(folder.path / "data.toml"))
    assert len(caught.value.mistakes) == 2


def test_a_file_that_breaks_off_is_told_on_the_way(folder: Folder) -> None:
    (folder.path / "leads.csv").write_bytes(b"id\n" + b"L1\n" * 99_999 + b"\xff\n")
    with pytest.raises(SourceError, match=r"byte 300,001 \(0xFF, on line 100,001\)"):
        folder.read(LEADS)


def test_faults_have_a_shape(folder: Folder) -> None:
    folder.write("leads.csv", "id,size", "L1,")
    folder.read(LEADS)
    assert folder.faults.kept == [Fault("leads.csv", 1, "size", "", "is required, but blank")]
