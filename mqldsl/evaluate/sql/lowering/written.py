"""The text of a query in a dialect."""

from typing import Final

from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from mqldsl.evaluate.sql.lowering.bigquery import BIGQUERY
from mqldsl.evaluate.sql.lowering.duck import DUCKDB
from mqldsl.evaluate.sql.lowering.postgres import POSTGRES
from mqldsl.evaluate.sql.lowering.refused import Refused
from mqldsl.evaluate.sql.lowering.saying import Dialect
from mqldsl.evaluate.sql.lowering.snowflake import SNOWFLAKE
from mqldsl.evaluate.sql.lowering.spark import SPARK
from mqldsl.evaluate.sql.lowering.steps import query_tree
from mqldsl.evaluate.sql.relations import DialectName, Query

DIALECTS: Final[dict[DialectName, Dialect]] = {
    "duckdb": DUCKDB,
    "postgres": POSTGRES,
    "spark": SPARK,
    "snowflake": SNOWFLAKE,
    "bigquery": BIGQUERY,
}


def tree(query: Query, dialect: DialectName) -> exp.Query:
    """Return a query as a tree of sqlglot; what the dialect cannot say exactly is `Refused`."""
    return query_tree(DIALECTS[dialect], query)


def written(query: Query, dialect: DialectName, *, pretty: bool = False) -> str:
    """Return a query as text of a dialect; what it cannot say exactly is `Refused`."""
    return printed(tree(query, dialect), dialect, pretty=pretty)


def printed(node: exp.Expr, dialect: DialectName, *, pretty: bool = False) -> str:
    """Return a tree as text, function names as they are."""
    try:
        return node.sql(
            dialect,
            pretty=pretty,
            identify=True,
            normalize_functions=False,
            unsupported_level=ErrorLevel.RAISE,
            copy=False,
        )
    except UnsupportedError as unsupported:
        raise Refused(str(unsupported), dialect, "choose another database") from unsupported
