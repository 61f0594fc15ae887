"""What a dialect cannot say exactly is refused by name, never said roughly."""


class Refused(Exception):
    """An operation that a dialect cannot say exactly: what, where, and what to do instead."""

    def __init__(self, what: str, dialect: str, instead: str) -> None:
        super().__init__(f"{TITLES.get(dialect, dialect)} cannot say exactly {what}: {instead}")
        self.what = what
        self.dialect = dialect
        self.instead = instead


TITLES = {
    "duckdb": "DuckDB",
    "postgres": "PostgreSQL",
    "spark": "Spark",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
}
