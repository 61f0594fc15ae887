"""What is printed: brackets, names, remarks, what is refused; and how deep and long a term may be."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from mqldsl.evaluate.numbers import total_of
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import Refused, functions_for, tree, written
from mqldsl.evaluate.sql.lowering.written import DIALECTS
from mqldsl.evaluate.sql.relations import DialectName, Query, Select, Table
from mqldsl.evaluate.sql.terms import Operation, Term, column
from mqldsl.model.calendar import BusinessHours, Duration, Unit, end_of_day, later
from tests.engines.running import answers, relation

GIVEN = Table(exp.to_table("given", quoted=True))
A, B, C = column("a"), column("b"), column("c")


def said(term: Term, dialect: DialectName = "duckdb") -> str:
    sql = written(Query((Select("q", GIVEN, "g", {"x": term}),)), dialect)
    return sql.removeprefix("SELECT ").rpartition(" FROM ")[0].rpartition(" AS ")[0]


@pytest.fixture(scope="module")
def run() -> Any:
    with duckdb.connect() as connection:
        functions_for(connection)
        yield lambda sql: connection.execute(sql).fetchall()


def test_every_operation_is_said_in_duckdb() -> None:
    assert set(get_args(Operation)) - set(DIALECTS["duckdb"].table) == {"column", "constant"}


@pytest.mark.parametrize("dialect", get_args(DialectName))
def test_brackets(dialect: DialectName) -> None:
    term = Term("-", (A, Term("-", (B, C))))
    assert said(term, dialect).replace("`", '"') == '"g"."a" - ("g"."b" - "g"."c")'
    assert "NOT (" in said(Term("not", (Term("or", (A, B)),)), dialect)


@pytest.mark.parametrize(
    ("term", "sql"),
    [
        (Term(">=", (A, t.double(50))), '"g"."a" >= 50'),
        (Term("+", (A, t.double(0.5))), '"g"."a" + 0.5e0'),
        (Term("+", (A, t.double(-1e300))), '"g"."a" + (-1e300)'),
        (Term("whole *", (A, t.whole(60))), '"g"."a" * CAST(60 AS BIGINT)'),
        (Term("not", (Term("is null", (A,)),)), 'NOT "g"."a" IS NULL'),
        (Term("mentions", (A, t.text(""))), 'CASE WHEN NOT "g"."a" IS NULL THEN FALSE END'),
        (Term("exact sum", (t.double(0.1), t.double(0.2))), "300000e0 / 1e6"),
    ],
)
def test_plainly(term: Term, sql: str) -> None:
    assert said(term) == sql


def test_remarks_end_where_they_should() -> None:
    step = Select("q", GIVEN, "g", {"x": A}, remark="*/ DROP TABLE x; /* --\n")
    found = written(Query((step,)), "duckdb")
    assert found.count("*/") == 1
    assert found.index("*/") > found.index("DROP")


@pytest.mark.parametrize(
    ("term", "dialect", "words"),
    [
        (Term("fold", (A,)), "snowflake", "Snowflake cannot say exactly the folding of text"),
        (Term("matches", (A, "é+")), "postgres", "PostgreSQL cannot say exactly the pattern `é\\+`"),
        (Term("matches", (A, "(?m)^a")), "spark", "Spark cannot say exactly the pattern"),
        (Term("power", (t.double(0.9), A)), "spark", "Spark cannot say exactly a decay by a share"),
        (Term("folded members", (A,)), "bigquery", "BigQuery cannot say exactly the members of a set"),
        (t.text("a\0"), "postgres", "U\\+0000"),
    ],
)
def test_refused(term: Term, dialect: DialectName, words: str) -> None:
    with pytest.raises(Refused, match=words):
        tree(Query((Select("q", GIVEN, "g", {"x": term}),)), dialect)


@pytest.mark.parametrize(("called", "dialect"), [("n" * 64, "postgres"), ("${x}", "spark")])
def test_names_that_would_become_others_are_refused(called: str, dialect: DialectName) -> None:
    with pytest.raises(Refused, match="cannot say exactly the name"):
        written(Query((Select("q", GIVEN, "g", {called: A}),)), dialect)


@pytest.mark.parametrize("size", [2_000])
def test_long(run: Any, size: int) -> None:
    numbers = [t.double(each / 8) for each in range(size)]
    conditions = tuple(Term("!=", (A, number)) for number in numbers)
    total = Term("exact sum", tuple(Term("*", (A, number)) for number in numbers))
    assert answers("duckdb", run, Term("and", conditions), ("double",), [(-1.0,), (0.5,)]) == [True, False]
    assert answers("duckdb", run, total, ("double",), [(2.0,)]) == [
        total_of(each / 4 for each in range(size))
    ]


def test_deep(run: Any) -> None:
    term, value = A, 1.0
    for _ in range(60):
        term, value = (
            Term("-", (t.double(1), Term("case", (Term(">", (A, t.double(0))), term, A)))),
            1.0 - value,
        )
    assert answers("duckdb", run, term, ("double",), [(1.0,)]) == [value]


NUMBERS = (
    st.floats(allow_nan=False, allow_infinity=False) | st.floats(-1e7, 1e7) | st.integers(-99, 99).map(float)
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(NUMBERS, min_size=4, max_size=4), min_size=1, max_size=6), st.lists(NUMBERS, max_size=3)
)
def test_exact_sums(run: Any, rows: list[list[float]], constants: list[float]) -> None:
    kinds = ("double",) * 4
    fixed = [t.double(each) for each in constants]
    for free in (1, 2, 4):
        term = Term("exact sum", (*map(column, "abcd"[:free]), *fixed))
        due = [total_of([*row[:free], *constants]) for row in rows]
        assert answers("duckdb", run, term, kinds, rows) == due
    step = Select("q", relation("duckdb", kinds, rows), "r", {"x": Term("sum where", (t.YES, A))}, group=())
    assert run(written(Query((step,)), "duckdb")) == [(total_of(row[0] for row in rows),)]


@settings(max_examples=20, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_doubles_come_back(run: Any, numbers: Sequence[float]) -> None:
    columns = {str(place): t.double(number) for place, number in enumerate(numbers)}
    (found,) = run(
        written(Query((Select("q", relation("duckdb", ("whole",), [(1,)]), "r", columns),)), "duckdb")
    )
    assert [each.hex() for each in found] == [(number + 0.0).hex() for number in numbers]


HOURS = BusinessHours(frozenset({0, 1, 2, 3, 4}), time(9), time(17, 30))


@pytest.mark.parametrize("length", [Duration(5, Unit.BUSINESS_HOUR), Duration(2, Unit.BUSINESS_DAY)])
def test_business_time(run: Any, length: Duration) -> None:
    zone = "Europe/Berlin"
    starts = [datetime(2024, 3, 28, tzinfo=UTC) + timedelta(hours=7 * each) for each in range(40)]
    rows = [(start.replace(tzinfo=None),) for start in starts]
    found = answers("duckdb", run, Term("business time", (A, length, HOURS, zone)), ("instant",), rows)
    assert found == [later(start, length, HOURS, ZoneInfo(zone)).replace(tzinfo=None) for start in starts]
    for hours in (HOURS, None):
        ends = [end_of_day(start, hours, ZoneInfo(zone)).replace(tzinfo=None) for start in starts]
        assert answers("duckdb", run, Term("end of day", (A, hours, zone)), ("instant",), rows) == ends
