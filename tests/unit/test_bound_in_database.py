"""A binding that names files, for an engine that looks at what it is handed: a mistake that names each, at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlglot import exp

from mqldsl.data.binding import Binding, BindingError, read_binding
from mqldsl.data.in_database.bound import in_database, tables_of
from mqldsl.data.in_database.tables import Stored, Tables
from mqldsl.data.origins import Source
from mqldsl.pipeline import check_text

DEFINITION = """
lead:
  account: text
account:
  revenue: money
event visit
clause rich: account.revenue >= 5M or visit
"""
BINDING = """
[leads]
path = "leads.csv"
id = "id"
[accounts]
path = "accounts.csv"
id = "id"
[events.visit]
path = "visits.csv"
lead = "lead"
at = "at"
"""


def described(source: Source) -> Mapping[str, Stored]:
    in_database(source, lambda _: pytest.fail("there is no query"))
    return {}


def test_files_are_told_where_companies_are_asked_for(tmp_path: Path) -> None:
    for name in ("leads", "accounts", "visits"):
        (tmp_path / f"{name}.csv").write_text("id,account,lead,at\n", encoding="utf-8")
    (tmp_path / "data.toml").write_text(BINDING, encoding="utf-8")
    model = check_text(DEFINITION).model
    assert model is not None
    with pytest.raises(BindingError) as caught:
        tables_of(
            model,
            read_binding(tmp_path / "data.toml"),
            lambda source: in_database(source, lambda _: pytest.fail("there is no query")),
            described,
        )
    assert [mistake.split(" is not in")[0] for mistake in caught.value.mistakes] == [
        "`leads`: `leads.csv`",
        "`events.visit`: `visits.csv`",
        "`accounts`: `accounts.csv`",
    ]


def test_times_on_rows_of_leads_that_not_all_count_are_refused(tmp_path: Path) -> None:
    model = check_text("event visit\nclause came: visit\n").model
    assert model is not None
    of_crm = 'database = "crm.db"\ntable = "leads"\n'
    events = f'[events.visit]\n{of_crm}lead = "id"\nat = "seen"\n'
    for more, is_refused in [("", False), ('where = { stage = "open" }\n', True), ('as_of = "day"\n', True)]:
        (tmp_path / "data.toml").write_text(f'[leads]\n{of_crm}id = "id"\n{more}{events}', encoding="utf-8")
        binding = read_binding(tmp_path / "data.toml")

        def tables(binding: Binding = binding) -> Tables:
            return tables_of(model, binding, lambda source: in_database(source, exp.maybe_parse))

        if is_refused:
            with pytest.raises(BindingError, match="leaves out rows of leads that tell no event"):
                tables()
        else:
            assert tables().events.keys() == {"visit"}
