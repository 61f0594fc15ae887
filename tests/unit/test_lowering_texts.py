"""Text in DuckDB: the same as in Python for any text, and Python asked only where it must be."""

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import functions, functions_for, written
from mqldsl.evaluate.sql.relations import Query, Select, Table
from mqldsl.evaluate.sql.terms import Term, column
from mqldsl.model.folding import (
    WHITE_SPACE,
    compile_regex,
    fold,
    list_entry,
    matches_entry,
    mentions,
    squeeze,
)

# Characters that are special somewhere: case, composition, space, words, quoting.
SPECIAL = "".join(
    {
        *WHITE_SPACE,
        *"\x00\x1c\x1d\x1e\x1f aAzZ0_-.*\\'\"%$^@",
        *"äÄß\u017f\u0130\u0131Σς\u03c3ée\u0301\u0327\u212aǅ\u0661हा\u200d😀",
    }
)
TEXTS = st.lists(st.text(SPECIAL, max_size=12) | st.text(max_size=8), min_size=1, max_size=12)
WORDS = st.text(SPECIAL, min_size=1, max_size=3).map(fold)
GIVEN = Table(exp.to_table("given", quoted=True))


@pytest.fixture(scope="module")
def connection() -> Any:
    with duckdb.connect() as made:
        functions_for(made)
        made.execute('CREATE TABLE "given" ("row" INTEGER, "a" VARCHAR)').fetchall()
        yield made


def answers(connection: Any, term: Term, texts: list[str]) -> list[Any]:
    connection.execute('DELETE FROM "given"').fetchall()
    connection.execute(
        'INSERT INTO "given" SELECT unnest(?), unnest(?)', [list(range(len(texts))), texts]
    ).fetchall()
    query = Query((Select("q", GIVEN, "g", {"row": column("row"), "answer": term}),), ("row",))
    return [answer for _, answer in connection.execute(written(query, "duckdb")).fetchall()]


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_fold_and_squeeze(connection: Any, texts: list[str]) -> None:
    assert answers(connection, Term("fold", (column("a"),)), texts) == [fold(text) for text in texts]
    assert answers(connection, Term("squeeze", (column("a"),)), texts) == [squeeze(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(TEXTS, WORDS)
def test_mentions(connection: Any, texts: list[str], word: str) -> None:
    folded = [fold(text + word + other) for text, other in zip(texts, reversed(texts))]
    term = Term("mentions", (column("a"), t.text(word)))
    assert answers(connection, term, folded) == [mentions(text, word) for text in folded]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(WORDS | st.sampled_from(["*", " *", "* ", " * ", "\\*"]), min_size=1, max_size=5))
def test_entries(connection: Any, texts: list[str], parts: list[str]) -> None:
    entry = list_entry("".join(parts))
    literals = "".join(part for part in parts if "*" not in part)
    folded = [fold(text + literals + other) for text, other in zip(texts, reversed(texts))]
    term = Term("fits", (column("a"), entry))
    assert answers(connection, term, folded) == [matches_entry(entry, text) for text in folded]


@settings(max_examples=40, deadline=None)
@given(TEXTS)
@pytest.mark.parametrize("pattern", [r"\bs\b", "[^a-z]", "k|é", r"^\w+\W", r"(?-i)A", r"\pL{2}", "z.?$"])
def test_patterns(connection: Any, pattern: str, texts: list[str]) -> None:
    squeezed = [squeeze(text) for text in texts]
    compiled = compile_regex(pattern)
    due = [compiled.search(text.encode()) is not None for text in squeezed]
    assert answers(connection, Term("matches", (column("a"), pattern)), squeezed) == due


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_texts_as_constants(connection: Any, texts: list[str]) -> None:
    columns = {str(place): t.text(text) for place, text in enumerate(texts)}
    step = Select("q", Table(exp.Subquery(this=exp.select("1"))), "g", columns)
    assert connection.execute(written(Query((step,)), "duckdb")).fetchall() == [tuple(texts)]


def test_python_is_asked_for_what_is_beyond_ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    def spy(texts: Any) -> Any:
        seen.extend(texts.to_pylist())
        return texts

    monkeypatch.setitem(functions._FUNCTIONS, functions.FOLD, (["VARCHAR"], "VARCHAR", spy))
    with duckdb.connect() as connection:
        functions_for(connection)
        rows = "SELECT i AS \"row\", CASE i % 100 WHEN 0 THEN 'é' || i WHEN 1 THEN NULL ELSE 'e ' || i END AS \"a\""
        connection.execute(f'CREATE TABLE "given" AS {rows} FROM range(10000) AS r(i)').fetchall()
        term = Term("count where", (Term("=", (Term("fold", (column("a"),)), t.text("e 7"))),))
        query = Query((Select("q", GIVEN, "g", {"n": term}, group=()),))
        assert connection.execute(written(query, "duckdb")).fetchall() == [(1,)]
    assert set(seen) <= {f"é{number}" for number in range(0, 10_000, 100)}


def test_needles_that_are_all_missing(connection: Any) -> None:
    nothing = Term("joined", (column("a"), t.text(None)))
    assert answers(connection, Term("mentions", (column("a"), nothing)), ["é a", "a"]) == [None, None]


def test_functions_are_registered_once() -> None:
    with duckdb.connect() as connection:
        functions_for(connection)
        functions_for(connection)
        assert connection.execute("SELECT mql_fold(' É  A ')").fetchall() == [("é a",)]
