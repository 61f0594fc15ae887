"""Fixed definitions decided by Spark, beside the reference, and how often a plan moves rows between machines.

What Spark cannot say is refused by name.
"""

import re
from typing import Any

import pytest

from mqldsl.evaluate.sql.lowering import Refused, written
from mqldsl.evaluate.sql.query import Written, query_of
from mqldsl.model import ir
from mqldsl.pipeline import check_text
from tests.engines.definitions import DEFINITIONS, model_of, situations_of
from tests.engines.sample import FOLDER
from tests.properties.by_sql import Way, compared, supplied
from tests.properties.in_tables import Tables, in_tables

# A session takes a while to start, and each query, too.
pytestmark = pytest.mark.slow

REFUSED = {
    "letters beyond ASCII in patterns": "the pattern `é`",
    "business time": "business",
    "a share that is lost": "a decay by a share",
}
_KINDS = {
    "string": "string",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp_ntz",
    "int64": "bigint",
}


class Inside:
    """Runs queries in Spark, over views."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def __call__(self, query: Written, tables: Tables) -> list[tuple[Any, ...]]:
        sql = written(query.query, "spark")
        self.view(tables)
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def view(self, tables: Tables) -> None:
        """Make the tables known by their names."""
        for name, table in tables.tables.items():
            kinds = [_KINDS.get(str(field.type), "array<string>") for field in table.schema]
            columns = ", ".join(f"`{field.name}` {kind}" for field, kind in zip(table.schema, kinds))
            self.session.createDataFrame(table, columns).createOrReplaceTempView(name)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_definition(name: str, patient_spark: Any) -> None:
    model = model_of(name)
    way = Way(one_instant=len(name) % 2 == 0, everywhere=len(name) % 3 == 0)
    if name in REFUSED:
        with pytest.raises(Refused, match=REFUSED[name]):
            compared(model, situations_of(name, model), way, Inside(patient_spark))
    else:
        found = compared(model, situations_of(name, model), way, Inside(patient_spark))
        assert not [lines for lines in found if lines]


# ------------------------------------------------------------------ shuffles


def _quick_start(clauses: int) -> ir.Model:
    """Return the quick start's definition with further clauses over its selections."""
    text = (FOLDER / "mql.mql").read_text(encoding="utf-8")
    lines = [
        f"clause more{number}: visits >= {number} within {number + 2}d and webinars < {number} within 90d\n"
        for number in range(1, clauses + 1)
    ]
    model = check_text(text + "\n" + "".join(lines), read=lambda path: (FOLDER / path).read_bytes()).model
    assert model is not None
    return model


def _shuffles(session: Any, clauses: int) -> int:
    model = _quick_start(clauses)
    asked = supplied(model, situations_of("quick start", model), Way(everywhere=True))
    tables = in_tables(model, asked, one_instant=True)
    Inside(session).view(tables)
    frame = session.sql(written(query_of(model, tables.supply).query, "spark"))
    plan = frame._jdf.queryExecution().executedPlan().toString()
    return len(re.findall(r"\bExchange \w+partitioning", plan))


def test_shuffles_do_not_grow_with_the_clauses(patient_spark: Any) -> None:
    patient_spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
    try:
        few = _shuffles(patient_spark, 2)
        assert few > 0
        assert _shuffles(patient_spark, 12) == few
    finally:
        patient_spark.conf.unset("spark.sql.autoBroadcastJoinThreshold")
