"""What is guessed of files: hand-made messy ones, the quick start, and real data where it is there."""

import gzip
import json
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from mqldsl.data.binding import binding_of, read_binding
from mqldsl.data.checks import check_binding
from mqldsl.data.faults import Faults
from mqldsl.data.guess.draft import Draft, draft, looked_at
from mqldsl.data.guess.for_definition import binding_for
from mqldsl.data.guess.seen import Seen
from mqldsl.data.guess.types import Guess, guess
from mqldsl.data.leads import situations
from mqldsl.data.text_file import SourceError
from mqldsl.evaluate.reference import Evaluation
from mqldsl.model import ir
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.pipeline import check_text, load_definition
from mqldsl.source.text import Source
from mqldsl.syntax.to_text import to_text

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "rules" / "quick-start"
REAL = ROOT.parent / "shared" / "data"


def of(name: str, *cells: object) -> Guess:
    seen = Seen(name)
    seen.add(cells)
    return guess(seen)


def drafted(folder: Path, *files: str, rows: int = 100_000) -> Draft:
    return draft(looked_at([folder / name for name in files], rows), folder / "data.toml")


def fits(made: Draft, folder: Path) -> ir.Model:
    checked = check_text(made.definition)
    assert checked.model is not None, [it.message for it in checked.findings]
    assert to_text(Source("again", made.definition)) == made.definition
    path = folder / "data.toml"
    path.write_text(made.binding, encoding="utf-8")
    assert check_binding(read_binding(path), checked.model) == []
    return checked.model


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("employees", ["12", "1,200", "", "7"], Number()),
        ("Annual Revenue", ["12", "1200", "7"], Number(money=True)),
        ("size", ["€12", "€ 1,200", "7"], Number(money=True)),
        ("price index", ["12", "7"], Number()),
        ("phone", ["12", "7"], Text()),
        ("zip", ["01234", "99999"], Text()),
        ("code", ["01234", "99999"], Text()),
        ("opted", ["yes", "No", "", "Y"], YesNo()),
        ("is_hot", ["0", "1"] * 9, YesNo()),
        ("visits", ["0", "1"] * 9, Number()),
        ("previous", ["0", "1", "2"] * 9, Number()),
        ("day", ["2026-03-01", "2026-03-02"], Date()),
        ("at", ["2026-03-01 09:00", "2026-03-02T08:00:00Z"], Time()),
        ("on", ["25/03/2026", "03/04/2026"], Date()),
        ("on", ["03/04/2026", "05/06/2026"], Text()),
        ("on", ["25/03/2026", "03/25/2026"], Text()),
        ("at", ["3 Mar 2026", "14 April 2026"], Date()),
        ("size", ["small", "large", "Small "] * 3, Labels(("small", "large"))),
        ("note", ["call me", "later", "no idea"], Text()),
        ("tags", ["a; b", "b; c", "a;c", "a"] * 3, SetOf(Text())),
        ("tags", [["a", "b"], ["c"]], SetOf(Text())),
        ("animals", ["cat", "wolf", "cat,wolf"] * 4, SetOf(Text())),
        ("name", ["Smith, John", "Doe, Jane"] * 4, Labels(("Smith, John", "Doe, Jane"))),
        ("place", ["Berlin, Germany", "Paris, France"], Text()),
        ("x", [True, False, None], YesNo()),
        ("x", [1.5, float("nan"), 3], Number()),
    ],
)
def test_types(name: str, cells: list[object], kind: Type) -> None:
    assert of(name, *cells).type == kind


def test_a_date_that_could_be_both_is_never_guessed() -> None:
    found = of("Signed", "03/04/2026", "05/06/2026")
    assert found.formats == ()
    assert found.either == ("%d/%m/%Y", "%m/%d/%Y")
    assert "day first or month first" in found.remarks[0]


def test_formats_are_those_that_are_there() -> None:
    assert of("on", "2026-03-01", "25/03/2026", "03/04/2026").formats == ("%d/%m/%Y",)
    assert of("on", "03/25/2026 5:30 PM").formats == ("%m/%d/%Y %I:%M %p",)
    assert of("on", "25.03.26", "01.03.26").formats == ("%d.%m.%y",)
    assert of("day", "20260301", "20260302").formats == ("%Y%m%d",)
    assert of("volume", "20260301", "20260302").type == Number()


def test_placeholders() -> None:
    assert of("size", "Select", "N/A", "-", "12", "7").missing_when == ("Select", "N/A", "-")
    assert of("size", "unknown", "UNKNOWN ", "12").missing == 2
    assert of("country", "NA", "NA", "DE", "DE", "FR", "FR", "n/a").missing_when == ("n/a",)
    assert of("size", "12", "none", "7").missing_when == ("none",)
    assert of("size", "none", "big", "none", "big", "none", "big").missing_when == ()


def test_how_numbers_and_words_are_written() -> None:
    assert of("sum", "1.234,50", "12,5").decimal == ","
    assert of("sum", "1.234", "2.500").decimal is None
    assert "thousands" in of("sum", "1.234", "2.500").remarks[0]
    assert of("Budget (JPY)", "12", "13").currency == "JPY"
    assert (of("hot", "ja", "nein").yes, of("hot", "ja", "nein").no) == (("ja",), ("nein",))
    assert "999" in of("pdays", *["999"] * 9, *"0123456").remarks[0]


LEADS = """Lead ID,E-mail,Größe,Signed,Tags,or,Blank,Total,Paid
L1,a@x.example,1.200,03/04/2026,a;b,1,,10,€12
L2,b@x.example,N/A,05/06/2026,b;c,2,,20,€13
L3,c@y.example,40,07/08/2026,a;c,3,,30,€14
L4,d@y.example,50,07/08/2026,a,4,,40,"€1,400"
"""


def test_a_messy_table_of_leads(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    made = drafted(tmp_path, "leads.csv")
    model = fits(made, tmp_path)
    assert {name: field.column for name, field in model.fields.items()} == {
        "email": "E-mail",
        "groesse": "Größe",
        "signed": "Signed",
        "tags": "Tags",
        "or_": "or",
        "total": "Total",
        "paid": "Paid",
    }
    assert model.header.currency == "EUR"
    assert model.fields["signed"].type == Text()
    assert "formats" not in made.binding.replace("# signed: day first", "").split("\n[leads.columns]")[0]
    assert 'tags = { column = "Tags", split = ";" }' in made.binding
    assert "`Blank` is blank in every row" in made.definition


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_are_said(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "leads.csv").write_text("id,Größe\n1,ä\n2,ö\n", encoding=encoding)
    made = drafted(tmp_path, "leads.csv")
    fits(made, tmp_path)
    assert f'encoding = "{encoding}"' in made.binding


def test_columns_that_nobody_can_name(tmp_path: Path) -> None:
    odd = 'id,,a,a,"b ""q"" \\",日付,x#y\n1,2,3,4,5,6,7\n2,3,4,5,6,7,8\n'
    (tmp_path / "leads.csv").write_text(odd, encoding="utf-8")
    model = fits(drafted(tmp_path, "leads.csv"), tmp_path)
    assert {field.column for field in model.fields.values()} == {'b "q" \\', "日付", "x#y"}


def test_values_cannot_break_out_of_a_comment(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        'id,note\n1,"a\nclause x: y"\n2,"b\u202e"\n3,"\x1b[2J"\n', encoding="utf-8"
    )
    made = drafted(tmp_path, "leads.csv")
    assert not fits(made, tmp_path).named
    assert "\x1b" not in made.definition
    assert "\u202e" not in made.definition


EVENTS = "event,lead,kind,when,page\n" + "".join(
    f"e{n},L{n % 3},{kind},2026-01-{n % 27 + 1:02},{page}\n"
    for n, (kind, page) in enumerate([("Page View", "/a"), ("email sent", ""), ("Page View", "/b")] * 8)
)


def test_a_long_table_is_an_event_a_kind(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("lead,name\nL0,a\nL1,b\nL2,c\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text(EVENTS.replace("event,", "event_id,"), encoding="utf-8")
    made = drafted(tmp_path, "leads.csv", "log.csv")
    model = fits(made, tmp_path)
    assert list(model.kinds) == ["page_view", "email_sent"]
    assert model.kinds["email_sent"].plural == "emails_sent"
    assert list(model.kinds["page_view"].properties) == ["page"]
    assert not model.kinds["email_sent"].properties
    bound = {it.name: it for it in binding_of(made.binding, tmp_path / "data.toml").events}
    assert bound["page_view"].rows.where == {"kind": frozenset({"Page View"})}
    assert bound["page_view"].id == "event_id"


def test_wide_tables_records_companies_and_strangers(tmp_path: Path) -> None:
    files = {
        "leads.csv": "id,Company\nL0,Acme\nL1,Initech\nL2,Acme\n",
        "dates.csv": "lead_id,last_visit_at,demo_date,source\nL0,2026-01-01,,web\nL1,2026-01-02,2026-01-05,web\n",
        "deals.csv": "contact,amount\nL0,5\nL0,7\n",
        "firms.csv": "company,size\nAcme,10\nInitech,20\n",
        "releases.csv": "company,published\nAcme,2026-01-01\nAcme,2026-02-01\nInitech,2026-02-01\n",
        "prices.csv": "product,price\nP,1\nQ,2\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    made = drafted(tmp_path, *files)
    model = fits(made, tmp_path)
    assert {name: (kind.timed, kind.of_account) for name, kind in model.kinds.items()} == {
        "last_visit": (True, False),
        "demo": (True, False),
        "deal": (False, False),
        "release": (True, True),
    }
    assert list(model.account_fields) == ["size"]
    assert "account" in model.fields
    assert len(made.named.found.left_out) == 1
    assert "prices.csv" in made.named.found.left_out[0]
    assert made.binding.count("wide = true") == 2
    faults = Faults()
    happened = situations(model, read_binding(tmp_path / "data.toml"), "2026-03-10", faults=faults)
    kinds = [sorted(event.kind for event in each.lead.events if event.at is not None) for each in happened]
    assert kinds == [["last_visit"], ["demo", "last_visit"], []]
    assert not faults.total


def test_a_time_of_events_that_could_be_both(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id\nL0\nL1\n", encoding="utf-8")
    (tmp_path / "visits.csv").write_text("id,at\nL0,03/04/2026\nL1,05/06/2026\n", encoding="utf-8")
    made = drafted(tmp_path, "leads.csv", "visits.csv")
    fits(made, tmp_path)
    assert 'at = { column = "at" }' in made.binding
    assert "day first or month first? Add formats" in made.binding


def test_json_lines_and_parquet(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{"id": f"L{n}", "tags": ["a", "b"], "more": {"a": 1}, "hot": n > 1} for n in range(4)]
    (tmp_path / "leads.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    visits = {"lead": ["L0", "L1"], "at": pa.array([0, 10**9], pa.timestamp("ms")), "seconds": [1.5, None]}
    pq.write_table(pa.table(visits), tmp_path / "visits.parquet")
    model = fits(drafted(tmp_path, "leads.jsonl", "visits.parquet"), tmp_path)
    assert {name: field.type for name, field in model.fields.items()} == {
        "tags": SetOf(Text()),
        "hot": YesNo(),
    }
    assert model.kinds["visit"].properties == {"seconds": Number()}


def test_columns_of_types_that_cannot_be_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "id": [f"L{n}" for n in range(8)],
        "took": pa.array([1, 2] * 4, pa.duration("s")),
        "opens": pa.array([1, 2] * 4, pa.time64("us")),
        "raw": [b"a", b"b"] * 4,
        "parts": pa.array([[b"a"], []] * 4),
        "pairs": pa.array([[("a", 1)]] * 8, pa.map_(pa.string(), pa.int64())),
        "title": ["CTO", "CEO"] * 4,
    }
    pq.write_table(pa.table(columns), tmp_path / "leads.parquet")
    columns["at"] = ["2026-03-01"] * 8
    pq.write_table(pa.table(columns), tmp_path / "visits.parquet")
    made = drafted(tmp_path, "leads.parquet", "visits.parquet")
    model = fits(made, tmp_path)
    assert list(model.fields) == list(model.kinds["visit"].properties) == ["title"]
    for said in (
        "`took` holds durations, which cannot be read",
        "`opens` holds times of day, which cannot be read",
        "`raw` holds binary data, which cannot be read",
        "`parts` holds binary data, which cannot be read",
        "`pairs` holds objects",
    ):
        assert made.definition.count(f"  # {said}\n") == 2


def test_ids_of_the_type_uuid(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = pa.array([UUID(int=n).bytes for n in range(8)], pa.binary(16))
    columns = {"id": pa.ExtensionArray.from_storage(pa.uuid(), keys), "title": ["CTO", "CEO"] * 4}
    pq.write_table(pa.table(columns), tmp_path / "leads.parquet")
    made = drafted(tmp_path, "leads.parquet")
    fits(made, tmp_path)
    assert 'id = "id"' in made.binding


def test_ids_that_repeat_and_rows_left_unseen(tmp_path: Path) -> None:
    text = "invoice,customer_id,amount\n" + "".join(f"{n},C{n % 5},{n}\n" for n in range(40))
    (tmp_path / "invoices.csv").write_text(text, encoding="utf-8")
    made = drafted(tmp_path, "invoices.csv", rows=30)
    fits(made, tmp_path)
    assert "distinct = true" in made.binding
    assert "only the first 30 rows" in made.definition


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(SourceError, match="there is no file"):
        looked_at([Path("nowhere.csv")])


# ------------------------------------------------------------------ the quick start

CLAUSES = """
clause interested: demo_request within 90d
clause small: account.employees < 1_000
decide handling:
  sales when interested and small and budget >= 20k
  otherwise none
"""


def test_what_is_written_for_the_quick_start_decides(tmp_path: Path) -> None:
    sheets = looked_at([STARTER / name for name in ("leads.csv", "events.csv", "accounts.csv")])
    path = tmp_path / "data.toml"
    made = draft(sheets, path)
    path.write_text(made.binding, encoding="utf-8")
    (tmp_path / "mql.mql").write_text(made.definition + CLAUSES, encoding="utf-8")
    model = load_definition(tmp_path / "mql.mql")
    assert {"visit", "demo_request", "webinar", "whitepaper", "email_sent"} == set(model.kinds)
    outcomes: Counter[object] = Counter()
    for situation in situations(model, read_binding(path), "2026-03-10"):
        outcomes[Evaluation(model, situation).verdict().outcome] += 1
    assert outcomes.total() == 500
    assert outcomes["sales"] > 5


def test_a_binding_for_a_definition_leaves_near_names_to_confirm(tmp_path: Path) -> None:
    model = load_definition(STARTER / "mql.mql")
    sheets = looked_at([STARTER / name for name in ("leads.csv", "events.csv", "accounts.csv")])
    text, notes = binding_for(model, sheets, tmp_path / "data.toml")
    assert '# title = "Job Title"  # the nearest name: confirm' in text
    assert any("Job Title" in note for note in notes)
    bound = binding_of(text, tmp_path / "data.toml")
    assert {it.name for it in bound.events} == set(model.kinds)
    assert "title" not in bound.leads.rows.columns


# ------------------------------------------------------------------ real data


@pytest.mark.parametrize("folder", sorted(REAL.glob("*/")) if REAL.is_dir() else [], ids=lambda it: it.name)
def test_real_data(folder: Path, tmp_path: Path) -> None:
    names = [
        it
        for it in sorted(folder.iterdir())
        if it.suffix in (".gz", ".parquet") and "expected" not in it.name
    ]
    leads = next((it for it in names if "leads" in it.name.lower() or "pipeline" in it.name), names[0])
    others = [it for it in names if it != leads]
    made = draft(looked_at([leads, *others], 5_000), tmp_path / "data.toml")
    model = fits(made, tmp_path)
    assert model.fields
    with gzip.open(leads, "rt", encoding="utf-8") as text:
        assert text.readline()
