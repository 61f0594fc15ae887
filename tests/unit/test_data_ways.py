"""Ways in which a source may be written: numbers, yes and no, times on the row of the lead."""

from pathlib import Path

import pytest

from mqldsl.data.numbers import plain_number
from mqldsl.model.types import BLANK
from tests.unit.test_data_origins import fields, mistakes, problems, said, table

DEFINITION = """
definition "T" version 1
  currency EUR
lead:
  size: number
  budget: money
  hot: yes/no
  born: date
event visit: page text
event webinar
"""
LEADS = '[leads]\npath = "leads.csv"\nid = "id"\n'


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234.567,5", ",", "1234567.5"),
        ("1 234,5", ",", "1234.5"),
        ("1'234", ",", "1234"),
        ("-5,25", ",", "-5.25"),
        ("€ 1.200", ",", "€ 1200"),
        ("1.200 EUR", ",", "1200 EUR"),
        (",5", ",", ".5"),
        ("7,", ",", "7"),
        ("1.5", ",", ["1.5"]),
        ("1.2345", ",", ["1.2345"]),
        ("1.234 567", ",", ["1.234 567"]),
        ("1,234,5", ",", ["1,234,5"]),
        ("1,234.5", ".", "1234.5"),
        ("1,5", ".", ["1,5"]),
        ("N/A", ",", "N/A"),
        ("", ",", ""),
        ("1e3", ",", "1e3"),
    ],
)
def test_numbers_with_another_sign(text: str, decimal: str, number: object) -> None:
    assert plain_number(text, decimal) == number


def test_columns_say_how_they_are_written(tmp_path: Path) -> None:
    rows = [
        ("1", "1.234,5", "1.200,50 €", "JA"),
        ("2", "1.5", "$ 5", "nein"),
        ("3", "", "", "yes"),
        ("4", "x", "7", "oui"),
    ]
    (tmp_path / "leads.csv").write_text(
        "id;size;budget;hot\n" + "".join(";".join(row) + "\n" for row in rows), encoding="utf-8"
    )
    text = LEADS + '[leads.columns]\nsize = { decimal = "," }\nbudget = { decimal = "," }\n'
    leads, faults = said(tmp_path, text + 'hot = { yes = ["ja"], no = ["Nein"] }\n', DEFINITION)
    assert fields(leads) == [
        ("1", {"size": 1234.5, "budget": 1200.5, "hot": True}),
        ("2", {"size": BLANK, "budget": BLANK, "hot": False}),
        ("3", {"size": BLANK, "budget": BLANK, "hot": True}),
        ("4", {"size": BLANK, "budget": 7.0, "hot": BLANK}),
    ]
    assert [fault[1:] for fault in problems(faults)] == [
        (2, "size", "1.5"),
        (2, "budget", "$ 5"),
        (4, "size", "x"),
        (4, "hot", "oui"),
    ]
    assert [fault.problem for fault in faults.kept[:2]] == [
        "is not a number, such as 1200 or 1.200,50",
        "is not an amount in EUR, such as 1.200,50, and not in $",
    ]


def test_a_day_that_could_be_two_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(table("id,born", [("1", "03/04/2026"), ("2", "2026-04-03")]))
    leads, faults = said(tmp_path, LEADS, DEFINITION)
    assert fields(leads)[0] == ("1", {"born": BLANK})
    assert problems(faults) == [("leads.csv", 1, "born", "03/04/2026")]


def test_what_is_wrong_with_a_column_is_told(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id,title,size,tags\n")
    text = LEADS + "[leads.columns]\n"
    (found,) = mistakes(tmp_path, text + 'size = { decimal = ";" }\n')
    assert found.startswith("`leads.columns.size.decimal`: this must be")
    (found,) = mistakes(tmp_path, text + "size = { yes = [] }\n")
    assert found.startswith("`leads.columns.size.yes`: this must be a list of words")
    (found,) = mistakes(tmp_path, text + 'title = { yes = ["j"], no = ["J "] }\n')
    assert found == "`leads.columns.title.no`: `j` cannot mean yes and no"
    found_all = mistakes(tmp_path, text + 'title = { yes = ["j"] }\ntags = { decimal = "," }\n')
    assert [words.partition(":")[2].split("`")[1] for words in found_all] == ["yes", "decimal"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_times_on_the_row_of_the_lead(tmp_path: Path, ending: str) -> None:
    rows = [("1", "2026-01-05", "/", ""), ("2", "", "/a", "2026-01-06"), ("3", "soon", "", " ")]
    if ending == "csv":
        (tmp_path / "leads.csv").write_text(table("id,visited,page,webinar", rows))
    else:
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        from datetime import datetime

        times = [datetime(2026, 1, 5), None, None]  # noqa: DTZ001
        pq.write_table(
            pa.table({"id": [1, 2, 3], "visited": times, "page": ["/", "/a", None], "webinar": times[::-1]}),
            tmp_path / "leads.parquet",
        )
    text = LEADS + '[events.visit]\npath = "leads.csv"\nlead = "id"\nat = "visited"\n'
    text += '[events.webinar]\npath = "./leads.csv"\nlead = "id"\nat = { column = "webinar" }\n'
    leads, faults = said(tmp_path, text.replace("csv", ending), DEFINITION)
    happened = [[(kind, len(events)) for kind, events in lead[4]] for lead in leads]  # type: ignore[attr-defined] # pairs
    if ending == "csv":
        assert happened == [
            [("visit", 1), ("webinar", 0)],
            [("visit", 0), ("webinar", 1)],
            [("visit", 0), ("webinar", 0)],
        ]
        assert problems(faults) == [("leads.csv", 3, "visited", "soon")]
    else:
        assert happened == [
            [("visit", 1), ("webinar", 0)],
            [("visit", 0), ("webinar", 0)],
            [("visit", 0), ("webinar", 1)],
        ]
        assert not faults.kept


REPEATED = [
    ("L1", "5", "2026-01-02"),
    ("L2", "x", ""),
    ("L1", "6", "2026-03-01 09:00"),
    ("L1", "7", "soon"),
    ("L2", "8", " "),
    ("L1", "y", "2026-03-01 09:00"),
    ("L1", "9", "2026-02-01"),
]


@pytest.mark.parametrize(
    ("keep", "sizes", "rows"),
    [
        ("first", {"L1": 5.0, "L2": BLANK}, [2]),
        ("last", {"L1": 9.0, "L2": 8.0}, []),
        ("latest by changed", {"L1": BLANK, "L2": 8.0}, [4, 6]),
    ],
)
def test_one_of_the_rows_with_a_key_is_kept(
    tmp_path: Path, keep: str, sizes: dict[str, object], rows: list[int]
) -> None:
    (tmp_path / "leads.csv").write_text(table("id,size,changed", REPEATED))
    leads, faults = said(tmp_path, LEADS + f'keep = "{keep}"\n', DEFINITION)
    assert {lead: facts["size"] for lead, facts in fields(leads)} == sizes
    assert [fault[1] for fault in problems(faults)] == rows


def test_the_latest_is_found_by_the_formats_of_the_field_in_that_column(tmp_path: Path) -> None:
    rows = [("L1", "5", "01/03/2026"), ("L1", "6", "01/02/2026")]
    (tmp_path / "leads.csv").write_text(table("id,size,changed", rows))
    binding = (
        LEADS
        + 'keep = "latest by changed"\n[leads.columns]\nborn = { column = "changed", formats = ["%d/%m/%Y"] }\n'
    )
    leads, faults = said(tmp_path, binding, DEFINITION)
    assert [facts["size"] for _, facts in fields(leads)] == [5.0]
    assert not faults.kept


@pytest.mark.parametrize("keep", ["first", "last", "latest by changed"])
@pytest.mark.parametrize("as_of", ["", 'as_of = "day"\n'])
def test_the_same_in_parquet(tmp_path: Path, keep: str, as_of: str) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    from datetime import datetime

    changed = [datetime(2026, 1, day) if day else None for day in (2, 0, 5, 0, 0, 5, 3, 9)]  # noqa: DTZ001
    day = [datetime(2026, 2, 1 + row % 2) if row else None for row in range(8)]  # noqa: DTZ001
    size = [1.0, 2.0, 3.0, 4.0, None, 6.0, 7.0, 8.0]
    rows = pa.table({"id": [1, 2, 1, 1, 2, 1, 1, None], "size": size, "changed": changed, "day": day})
    pq.write_table(rows, tmp_path / "leads.parquet")
    text = LEADS.replace("csv", "parquet") + as_of + f'keep = "{keep}"\n'
    leads, _ = said(tmp_path, text, DEFINITION)
    assert len(leads) == (4 if as_of else 2)


@pytest.mark.parametrize("keep", ["first", "last", "latest by changed"])
def test_one_of_the_rows_of_a_company_is_kept(tmp_path: Path, keep: str) -> None:
    text = DEFINITION.replace("event visit", "account:\n  staff: number\nevent visit")
    text = text.replace("  born: date", "  born: date\n  account: text")
    (tmp_path / "leads.csv").write_text(table("id,account", [("1", "l1"), ("2", "L2 ")]))
    (tmp_path / "firms.csv").write_text(table("id,staff,changed", REPEATED))
    bound = LEADS + f'[accounts]\npath = "firms.csv"\nid = "id"\nkeep = "{keep}"\n'
    leads, _ = said(tmp_path, bound, text)
    wanted = {"first": [5.0, BLANK], "last": [9.0, 8.0], "latest by changed": [BLANK, 8.0]}
    assert [dict(lead[3])["staff"] for lead in leads] == wanted[keep]  # type: ignore[call-overload] # pairs


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        ('keep = "newest"', "`leads.keep`: this must be"),
        ('keep = "latest by"', "`leads.keep`: this must be"),
        ('keep = "last"\ndistinct = true', "`leads.keep`: `distinct = true` keeps the first row"),
        ('keep = "latest by day"', "`leads.keep`: in `leads.csv` no column is called `day`"),
    ],
)
def test_what_is_wrong_with_keep_is_told(tmp_path: Path, keep: str, words: str) -> None:
    (tmp_path / "leads.csv").write_text("id,size\n")
    (found,) = mistakes(tmp_path, LEADS + keep + "\n")
    assert found.startswith(words)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("without", ['["GMail.com "]', '"free.csv"'])
def test_the_domain_of_an_address_may_be_the_company(tmp_path: Path, ending: str, without: str) -> None:
    text = DEFINITION.replace("event visit", "account:\n  staff: number\nevent visit")
    (tmp_path / "free.csv").write_text("\ufeffdomain\ngmail.com\n\n", encoding="utf-8")
    mails = ["ann@Acme.example", "bob@gmail.com", "cee", "", "d@x@acme.example ", "e@"]
    if ending == "csv":
        (tmp_path / "leads.csv").write_text(
            table("id,email", [(str(row), mail) for row, mail in enumerate(mails)])
        )
    else:
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({"id": [*range(6)], "email": mails}), tmp_path / "leads.parquet")
    (tmp_path / "firms.csv").write_text(table("domain,staff", [("acme.example", "5"), ("gmail.com", "7")]))
    columns = f'[leads.columns]\naccount = {{ domain_of = "email", without = {without} }}\n'
    bound = LEADS.replace("csv", ending) + columns + '[accounts]\npath = "firms.csv"\nid = "domain"\n'
    leads, _ = said(tmp_path, bound, text)
    companies = [None if lead[3] is None else dict(lead[3])["staff"] for lead in leads]  # type: ignore[call-overload] # pairs
    assert companies == [5.0, None, None, None, 5.0, None]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (
            '{ domain_of = "title", column = "title" }',
            "`leads.columns.title.domain_of`: this names the column",
        ),
        ('{ without = ["x"] }', "`leads.columns.title.without`: this goes with `domain_of`"),
        (
            '{ domain_of = "title", without = "none.csv" }',
            "`leads.columns.title.without`: `none.csv` is no file",
        ),
        (
            '{ domain_of = "title", without = [3] }',
            "`leads.columns.title.without`: this must be a list of domains",
        ),
    ],
)
def test_what_is_wrong_with_a_domain_is_told(tmp_path: Path, column: str, words: str) -> None:
    (tmp_path / "leads.csv").write_text("id,title\n")
    (found,) = mistakes(tmp_path, LEADS + f"[leads.columns]\ntitle = {column}\n")
    assert found.startswith(words)
