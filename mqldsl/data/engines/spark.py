"""All leads decided by Spark: one plan over Parquet files or tables of its catalogue."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlglot import exp

from mqldsl.data.batch.arrays import Table
from mqldsl.data.binding import Binding
from mqldsl.data.decided.run import told_of
from mqldsl.data.engines.answered import There, conventional, instant_of, repeated, told
from mqldsl.data.in_database.bound import NotInDatabase, tables_of
from mqldsl.data.in_database.compiled import compiled
from mqldsl.data.in_database.refusing import EngineError
from mqldsl.data.in_database.tables import Stored
from mqldsl.data.in_database.typed import aliased
from mqldsl.data.origins import Source, parts_of
from mqldsl.data.origins import Stored as Kept
from mqldsl.data.text_file import File, suffix_of
from mqldsl.evaluate.sql.lowering.spark import SETTINGS
from mqldsl.evaluate.sql.lowering.written import printed
from mqldsl.model import ir
from mqldsl.source.extras import needed

# A session of Spark; its types would have to be loaded.
Session: TypeAlias = Any

# The clocks of the session are those of UTC, and what has no answer is an error.
_SETTINGS: Final = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true", **SETTINGS}
# Where nobody has a session yet: nothing that listens on the network.
_ALONE: Final = {"spark.ui.enabled": "false", "spark.log.level": "ERROR"}
_STORED: Final[dict[str, Stored]] = {
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "whole"),
    **dict.fromkeys(("float", "double"), "number"),
    "string": "text",
    "boolean": "truth",
    "date": "day",
    "timestamp": "zoned",
    "timestamp_ntz": "local",
    "array<string>": "set",
}


def in_spark(
    model: ir.Model,
    binding: Binding | None,
    as_of: datetime | date | str | None,
    master: str | None = None,
    session: Session = None,
) -> Table:
    """Return the decisions about all leads, in order of their ids, found by Spark.

    `master` is where it runs, this machine alone if nothing is told; a `session` that is there is used as it is.
    Without a binding the tables are those of its catalogue, called as the definition calls things.

    Raises:
        BindingError: The binding asks for what Spark cannot read, or not so.
        NotInDialectError: Spark cannot say exactly what the definition says.
        EngineError: Spark cannot be started or fails, or a lead comes twice.
    """
    with needed("spark"):
        from pyspark.errors import PySparkException
    try:
        began = _session(master) if session is None else session
        try:
            own = began.newSession()
            for name, value in _SETTINGS.items():
                own.conf.set(name, value)
            return _Run(model, own).decided(binding, as_of)
        finally:
            if session is None:
                began.stop()
    except PySparkException as error:
        raise EngineError(f"Spark: {_first_line(error)}") from None


def _session(master: str | None) -> Session:
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("mql").master(master or "local[*]")
    # Progress is for a terminal alone.
    shown = {"spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower()}
    for name, value in (_SETTINGS | _ALONE | shown).items():
        builder = builder.config(name, value)
    if master is None:
        builder = builder.config("spark.driver.host", "localhost").config(
            "spark.driver.bindAddress", "127.0.0.1"
        )
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise EngineError(
            f"Spark cannot be started; it needs Java 17 or later: {_first_line(error)}"
        ) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason is told")


class _Run:
    """One run in one session."""

    def __init__(self, model: ir.Model, session: Session) -> None:
        self._model, self._session = model, session
        self._views: dict[tuple[str, ...], str] = {}

    def decided(self, binding: Binding | None, as_of: datetime | date | str | None) -> Table:
        model = self._model
        there = There(self._table, self._described)
        bound = binding if binding is not None else conventional(model, there, Path("Spark"))
        has_own = bound.leads.as_of is not None
        moment = None if has_own else instant_of(as_of, model)
        tables = tables_of(model, bound, self._relation, self._described)
        query = compiled(model, tables, "spark", moment)
        for what, again in repeated(query):
            for (key,) in self._session.sql(printed(again, "spark")).collect():
                raise EngineError(f"`{key}` stands more than once among the {what}: leave one in a `query`")
        answers = self._session.sql(printed(query.tree, "spark")).toArrow()
        columns = told_of(model, each_has_its_as_of=has_own).plain
        found = told(answers, query.columns, columns)
        return found.sort_by([(it.name, "ascending") for it in columns if it.role in ("id", "as of")])

    # ------------------------------------------------------------- what is there

    def _table(self, name: str) -> Source | None:
        is_there = self._session.catalog.tableExists("`" + name.replace("`", "``") + "`")
        return Kept(None, name, table=name) if is_there else None

    def _relation(self, source: Source) -> exp.Expr:
        if isinstance(source, Kept):
            if source.query is not None:
                return self._view(self._session.sql(source.query.strip().rstrip(";")), (source.query,))
            assert source.table is not None
            names = [exp.to_identifier(each, quoted=True) for each in reversed(source.table.split("."))]
            return exp.Table(**dict(zip(("this", "db", "catalog"), names)))
        paths = [it.path for it in parts_of(source) if isinstance(it, File)]
        # A folder is one of Parquet files, as Spark writes tables; with others in it, it says so itself.
        if not paths or not all(path.is_dir() or suffix_of(path) == ".parquet" for path in paths):
            raise NotInDatabase(
                "is not Parquet, which is all that Spark reads here beside a `table` or `query`"
            )
        addresses = tuple(path.resolve().as_uri() for path in paths)
        return self._view(self._session.read.parquet(*addresses), addresses)

    def _view(self, frame: Any, of: tuple[str, ...]) -> exp.Expr:  # noqa: ANN401 # of pyspark
        if of not in self._views:
            self._views[of] = f"mql_{len(self._views)}"
            frame.createOrReplaceTempView(self._views[of])
        return exp.to_table(self._views[of], quoted=True)

    def _described(self, source: Source) -> Mapping[str, Stored]:
        every = exp.Select(expressions=[exp.Star()]).from_(aliased(self._relation(source), "it"))
        return dict(_columns(self._session.sql(printed(every, "spark")).dtypes))


def _columns(found: list[tuple[str, str]]) -> Any:  # noqa: ANN401 # pairs
    for name, kind in found:
        yield name, "number" if kind.startswith("decimal") else _STORED.get(kind, "other")
