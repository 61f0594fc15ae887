"""All leads decided inside PostgreSQL: one query, in a transaction that can only read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from sqlglot import exp

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.late import pa
from mqldsl.data.binding import Binding
from mqldsl.data.decided.columns import Column, arrow_type
from mqldsl.data.decided.run import told_of
from mqldsl.data.engines.answered import There, conventional, instant_of, repeated, told
from mqldsl.data.in_database.bound import in_database, tables_of
from mqldsl.data.in_database.compiled import Compiled, compiled
from mqldsl.data.in_database.refusing import EngineError
from mqldsl.data.in_database.tables import Stored
from mqldsl.data.in_database.told import Places, filled
from mqldsl.data.in_database.typed import aliased
from mqldsl.data.origins import Source
from mqldsl.data.origins import Stored as Kept
from mqldsl.data.stored import shown_server
from mqldsl.evaluate.sql.lowering.written import printed
from mqldsl.model import ir
from mqldsl.source.extras import needed

_BATCH: Final = 16_384
# The numbers that PostgreSQL has for its types.
_STORED: Final[dict[int, Stored]] = {
    16: "truth",
    **dict.fromkeys((20, 21, 23), "whole"),
    **dict.fromkeys((700, 701, 1700), "number"),
    **dict.fromkeys((25, 1042, 1043), "text"),
    1082: "day",
    1114: "local",
    1184: "zoned",
    **dict.fromkeys((1009, 1015), "set"),
}


def in_postgres(
    model: ir.Model,
    binding: Binding | None,
    as_of: datetime | date | str | None,
    address: str,
    heard: Callable[[int], None] | None = None,
) -> Table:
    """Return the decisions about all leads of a PostgreSQL database, in order of their ids.

    Without a binding the tables are called as the definition calls things. `heard` is told how many leads have come.

    Raises:
        BindingError: The binding asks for what is not in the database.
        NotInDialectError: PostgreSQL cannot say exactly what the definition says.
        EngineError: The server cannot be reached, or a lead comes twice.
    """
    with needed("postgres"):
        import psycopg
    try:
        with psycopg.connect(address) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("set local timezone = 'UTC'")
            return _Run(model, connection, address).decided(binding, as_of, heard)
    except psycopg.Error as error:
        words = str(error).strip().splitlines() or ["no reason is told"]
        raise EngineError(f"`{shown_server(address)}`: {words[0]}") from None


class _Run:
    """One run in one transaction."""

    def __init__(self, model: ir.Model, connection: Any, address: str) -> None:  # noqa: ANN401 # of psycopg
        self._model, self._connection, self._address = model, connection, address
        self._texts: dict[str, str] = {}

    def decided(
        self,
        binding: Binding | None,
        as_of: datetime | date | str | None,
        heard: Callable[[int], None] | None,
    ) -> Table:
        model = self._model
        path = Path(shown_server(self._address))
        bound = (
            binding if binding is not None else conventional(model, There(self._table, self._described), path)
        )
        has_own = bound.leads.as_of is not None
        moment = None if has_own else instant_of(as_of, model)
        tables = tables_of(model, bound, self._relation, self._described)
        query = compiled(model, tables, "postgres", moment, ordered=True)
        for what, again in repeated(query):
            for (key,) in self._connection.execute(self._text(again).encode()).fetchall():
                raise EngineError(f"`{key}` stands more than once among the {what}: leave one in a `query`")
        columns = told_of(model, each_has_its_as_of=has_own).plain
        return pa.concat_tables([*self._batches(query, columns, heard)])

    def _batches(
        self, query: Compiled, columns: Sequence[Column], heard: Callable[[int], None] | None
    ) -> Iterator[Table]:
        yield pa.table([pa.array([], arrow_type(it)) for it in columns], names=[it.name for it in columns])
        leads = 0
        # A cursor of the server's own: the rows come in parts, and not all at once.
        with self._connection.cursor("mqldsl") as cursor:
            cursor.execute(self._text(query.tree).encode())
            while rows := cursor.fetchmany(_BATCH):
                leads += len(rows)
                arrays = [pa.array(list(values)) for values in zip(*rows)]
                answers = pa.table(arrays, names=[str(place) for place in range(len(arrays))])
                yield told(answers, query.columns, columns)
                if heard is not None:
                    heard(leads)

    def _text(self, tree: exp.Query) -> str:
        return filled(printed(tree, "postgres"), self._texts)

    # ------------------------------------------------------------- what is there

    def _table(self, name: str) -> Source | None:
        quoted = '"' + name.replace('"', '""') + '"'
        ((found,),) = self._connection.execute("select to_regclass(%s)", [quoted]).fetchall()
        return None if found is None else Kept(self._address, name, table=name)

    def _relation(self, source: Source) -> exp.Expr:
        return in_database(source, self._put)

    def _put(self, text: str) -> exp.Expr:
        places = Places(f"mql_query_{token_hex(8)}_", self._texts)
        return places.relation(text)

    def _described(self, source: Source) -> Mapping[str, Stored]:
        nothing = exp.Select(expressions=[exp.Star()]).from_(aliased(self._relation(source), "it")).limit(0)
        cursor = self._connection.execute(self._text(nothing).encode())
        return {column.name: _STORED.get(column.type_code, "other") for column in cursor.description}
