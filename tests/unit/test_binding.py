"""Bindings: what a file says, and every mistake in it in one run."""

from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.data.binding import Binding, BindingError, read_binding
from mqldsl.data.text_file import File
from mqldsl.model.calendar import Duration, Unit

WHOLE = """
[leads]
path = "leads.csv"
id = "lead_id"
as_of = { column = "snapshot_at", plus = "14d", formats = ["%d/%m/%Y"] }
distinct = true
delimiter = ";"
where = { stage = ["open", 7], live = true }
[leads.columns]
title = "Job Title"
employees = { column = "Size", replace = { ">20" = 21 } }
tags = { column = "Tags", split = "," }
signed_on = { formats = ["%d/%m/%Y"] }
[events.visits]
path = "sub/events.csv"
lead = "lead_id"
at = "happened_at"
id = "event_id"
where = { type = "visit" }
columns = { page = "url" }
[events.earnings_release]
path = "releases.csv"
account = "company"
at = { column = "day", formats = ["%d.%m.%Y"] }
[records.deal]
path = "deals.csv"
lead = "lead_id"
[accounts]
path = "accounts.csv"
id = "account"
[tables.price]
path = "products.csv.gz"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "data.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(BindingError) as caught:
        read_binding(written(folder, text))
    return list(caught.value.mistakes)


def test_everything_that_a_binding_can_say(tmp_path: Path) -> None:
    binding = read_binding(written(tmp_path, WHOLE))
    leads = binding.leads
    assert (leads.id, leads.distinct) == ("lead_id", True)
    assert isinstance(leads.rows.file, File)
    assert (leads.rows.file.path, leads.rows.file.shown, leads.rows.file.delimiter) == (
        tmp_path / "leads.csv",
        "leads.csv",
        ";",
    )
    assert leads.rows.where == {"stage": {"open", "7"}, "live": {"true"}}
    assert leads.as_of is not None
    assert (leads.as_of.column, leads.as_of.plus) == ("snapshot_at", Duration(14, Unit.DAY))
    columns = leads.rows.columns
    assert columns["title"].name == "Job Title"
    assert (columns["employees"].name, columns["employees"].replace) == ("Size", {">20": 21})
    assert columns["tags"].split == ","
    assert (columns["signed_on"].name, columns["signed_on"].formats) == (None, ("%d/%m/%Y",))
    visits, releases, deals = binding.events
    assert (visits.name, visits.owner, visits.owner_column, visits.id) == (
        "visits",
        "lead",
        "lead_id",
        "event_id",
    )
    assert visits.at is not None
    assert visits.at.column == "happened_at"
    assert (releases.owner, releases.owner_column) == ("account", "company")
    assert deals.at is None
    assert binding.accounts is not None
    assert binding.accounts.id == "account"
    assert binding.tables == {"price": tmp_path / "products.csv.gz"}


@pytest.mark.parametrize(
    ("spelled", "length"),
    [
        ("15min", Duration(15, Unit.MINUTE)),
        ("6mo", Duration(6, Unit.MONTH)),
        ("6 months", Duration(6, Unit.MONTH)),
        ("1 week", Duration(1, Unit.WEEK)),
        ("1_000d", Duration(1000, Unit.DAY)),
    ],
)
def test_a_length_of_time_is_spelled_as_in_the_language(
    tmp_path: Path, spelled: str, length: Duration
) -> None:
    text = f'[leads]\npath = "l.csv"\nas_of = {{ column = "a", plus = "{spelled}" }}\n'
    as_of = read_binding(written(tmp_path, text)).leads.as_of
    assert as_of is not None
    assert as_of.plus == length


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    assert read_binding(written(tmp_path, '\ufeff[leads]\npath = "l.csv"\n')).leads.id is None


def test_every_mistake_is_found_in_one_run(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        """
[lead]
[leads]
id = 7
distinct = "yes"
as_of = { column = "a", plus = "14 D" }
delimiter = ";;"
where = { stage = [] }
colums = {}
[leads.columns]
title = 3
tags = { column = "t", split = "", formats = [], splitt = "," }
signed_on = { formats = ["%d/%m", "%d/%m/%Y %Q", "%x"] }
[events.visit]
path = "e.csv"
at = { colum = "t" }
[events.purchase]
path = "e.csv"
lead = "l"
account = "a"
[accounts]
path = ""
[account_events.x]
path = "x.csv"
[tables]
price = "p.csv"
""",
    )
    assert sorted(found) == [
        "`account_events.x.account`: this is not there: it names the column of the company's key",
        "`accounts.id`: this is not there: it names the column of the company's key",
        "`accounts.path`: this must be a text between quotes, and not an empty one",
        "`events.purchase`: there is a `lead` and an `account`: an event belongs to one of them",
        "`events.visit.at.colum`: there is no such key here; did you mean `column`?",
        "`events.visit.at.column`: this is not there: it names the column of the time",
        "`events.visit.lead`: this is not there: it names the column of the lead's id",
        "`lead`: there is no such key here; there are `leads`, `accounts`, `tables`, `events`, `records`, `account_events`, `account_records`",
        "`leads.as_of.plus`: `14 D` is no length of time: write it as `14d`, `6 months` or `90min`",
        "`leads.columns.signed_on.formats`: `%Q` is not read; the usual signs are `%d`, `%m`, `%Y`, `%H`, `%M`, `%S`, `%z`",
        "`leads.columns.signed_on.formats`: `%d/%m` tells no day: it needs a day and a year, such as `%d/%m/%Y`",
        "`leads.columns.signed_on.formats`: `%x` is not read; the usual signs are `%d`, `%m`, `%Y`, `%H`, `%M`, `%S`, `%z`",
        '`leads.columns.tags.formats`: this must be a list of formats, such as ["%d/%m/%Y"]',
        '`leads.columns.tags.split`: this must be the text between two members, such as ","',
        "`leads.columns.tags.splitt`: there is no such key here; there are `replace`, `split`, `domain_of`, `column`, `formats`, `decimal`, `yes`, `no`, `without`",
        "`leads.columns.title`: this must be the name of a column, or a table with `column`",
        "`leads.colums`: there is no such key here; there are `as_of`, `path`, `delimiter`, `encoding`, `where`, `columns`, `id`, `distinct`, `keep`",
        "`leads.delimiter`: this must be a single character that parts the cells",
        "`leads.distinct`: this must be true or false",
        "`leads.id`: this must be a text between quotes, and not an empty one",
        "`leads.path`: this is not there: it names the file",
        '`leads.where.stage`: this must be a value or a list of values, such as "open" or ["a", "b"]',
        "`tables.price`: this must be a table, `{ … }` or under a heading of its own",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "`leads`: this is not there: the table `[leads]` says where the leads are"),
        ("leads = 3", "`leads`: this must be a table, `{ … }` or under a heading of its own"),
        ("[leads\n", "the file is not TOML: "),
    ],
)
def test_a_file_without_leads(tmp_path: Path, text: str, words: str) -> None:
    (only,) = mistakes(tmp_path, text)
    assert only.startswith(words)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(BindingError, match="there is no such file"):
        read_binding(tmp_path / "none.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(BindingError, match="byte 6 of the file is not UTF-8"):
        read_binding(path)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.sampled_from(["", "x", "%d/%m/%Y", "14d"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*"ab", "path", "id", "column", "replace", "formats", "plus"]), inner
        )
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "path",
        "id",
        "as_of",
        "at",
        "lead",
        "account",
        "where",
        "columns",
        "distinct",
        "delimiter",
        "visit",
        "x",
    ]
)
SECTIONS = st.sampled_from(["leads", "events", "records", "account_events", "accounts", "tables", "x"])
TABLES = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES))


@given(st.dictionaries(SECTIONS, TABLES | VALUES))
def test_whatever_a_binding_holds_it_is_read_or_refused(content: dict[str, object]) -> None:
    with patch("mqldsl.data.binding._toml", return_value=content), suppress(BindingError):
        assert isinstance(read_binding(Path("data.toml")), Binding)


def test_the_bindings_of_the_reference_can_be_read(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "binding.md").read_text(
        encoding="utf-8"
    )
    blocks = [block.split("```")[0] for block in page.split("```toml\n")[1:]]
    assert len(blocks) == 6
    for block in blocks:
        read_binding(written(tmp_path, block))
