"""Temporary tables in a database inside the process (DuckDB): filled block by block, asked with fixed questions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, TypeAlias

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import duckdb, exp, pa, sqlglot
from mqldsl.evaluate.sql import relations

# A connection of DuckDB, which the caller opened; its types would have to be loaded.
Connection: TypeAlias = Any
# A tree of sqlglot, likewise.
Expression: TypeAlias = Any

_SUPPLIES = count(1)
_TABLES = count(1)


class Store:
    """The tables of one supply. Their names are its own, so that several supplies may share a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._prefix = f"mqldsl {next(_SUPPLIES)} "
        self._names: set[str] = set()

    def named(self, name: str) -> str:
        """Return what a table of ours is called in the database."""
        return self._prefix + name

    def relation(self, name: str) -> relations.Table:
        """Return a table as a relation to select from."""
        return relations.Table(exp.Table(this=exp.to_identifier(self.named(name), quoted=True)))

    def view(
        self, name: str, columns: Mapping[str, Expression], source: Expression, where: Expression | None
    ) -> None:
        """Make a view of ours: columns by their names, over a source or some of its rows."""
        # Each part is copied once: whoever hands it in may use it again.
        shown = [exp.alias_(it, name, quoted=True) for name, it in columns.items()]
        query = exp.Select(expressions=shown).from_(source.copy(), copy=False)
        if where is not None:
            query.where(where.copy(), copy=False)
        target = exp.Table(this=exp.to_identifier(self.named(name), quoted=True))
        made = exp.Create(
            this=target,
            kind="VIEW",
            expression=query,
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        )
        self.connection.execute(made.sql("duckdb", copy=False))

    def held(self, table: Table) -> Expression:
        """Return a table in memory as one to select from."""
        name = self.named(f"held {next(_TABLES)}")
        self.connection.register(name, table)
        return exp.Table(this=exp.to_identifier(name, quoted=True))

    def takes(self, table: Table) -> bool:
        """Say whether the database knows the types of a table in memory."""
        name = self.named("taken")
        try:
            self.connection.register(name, table.slice(0, 0))
        except duckdb.Error:
            return False
        self.connection.unregister(name)
        return True

    def add(self, name: str, rows: Table) -> None:
        """Add rows to a table, which the first ones make."""
        with self._shown(rows) as shown:
            if name in self._names:
                self.run("insert into target select * from rows", target=self.named(name), rows=shown)
            else:
                self.run(
                    "create temp table target as select * from rows", target=self.named(name), rows=shown
                )
        self._names.add(name)

    def known(self, texts: Array, name: str) -> Array:
        """Return which of different texts are an id in a table."""
        asked = pa.table({"place": pa.array(range(len(texts)), pa.int64()), "id": texts})
        with self._shown(asked) as shown:
            found = self.arrow(
                'select place from asked semi join target on asked.id = target."#id"',
                asked=shown,
                target=self.named(name),
            )
        return found.column("place")

    def column(self, name: str, column: str) -> Array:
        """Return a column of a table."""
        return self.arrow("select x from target", x=column, target=self.named(name)).column(0)

    def run(self, template: str, **names: object) -> list[tuple[Any, ...]]:
        """Return the rows that a question brings; its `names` stand in place of the words of the template."""
        found: list[tuple[Any, ...]] = self.connection.execute(said(template, **names)).fetchall()
        return found

    def arrow(self, template: str, **names: object) -> Table:
        """Return the same as a table of pyarrow."""
        return self.connection.sql(said(template, **names)).to_arrow_table()

    @contextmanager
    def _shown(self, rows: Table) -> Iterator[str]:
        name = self.named("rows")
        self.connection.register(name, rows)
        try:
            yield name
        finally:
            self.connection.unregister(name)


def said(template: str, **names: object) -> str:
    """Return a statement for DuckDB: each word of `names` exchanged for the name or the expression given.

    >>> said("select x from t", t="a b", x="select")
    'SELECT "select" FROM "a b"'
    >>> said("x and y", x=shaped("a or b"))
    '(a OR b) AND y'
    """
    text: str = shaped(template, **names).sql("duckdb", copy=False)
    return text


def shaped(template: str, **names: object) -> Expression:
    """Return the same as a tree of sqlglot, or an expression where the template is one."""
    tree = _parsed(template).copy()
    for word in list(tree.find_all(exp.Identifier)):
        given: Any = None if word.args.get("quoted") else names.get(word.this)
        if isinstance(given, str):
            word.replace(exp.to_identifier(given, quoted=True))
        elif isinstance(given, exp.Table):
            word.replace(given.this.copy())  # what stands around it, such as an alias, stays
        elif given is not None:
            tree = _exchanged(tree, word.parent, given.copy())
    return tree


@cache
def _parsed(template: str) -> Expression:
    return sqlglot.parse_one(template, read="duckdb")


def _exchanged(tree: Expression, old: Expression, new: Expression) -> Expression:
    if old is tree:
        return new
    # What binds less than its new neighbours stands between brackets.
    is_loose = isinstance(new, exp.Binary | exp.Not) and isinstance(old.parent, exp.Binary | exp.Unary)
    old.replace(exp.paren(new, copy=False) if is_loose else new)
    return tree


def column(name: str) -> Expression:
    """Return a column as an expression of sqlglot."""
    return exp.column(exp.to_identifier(name, quoted=True))


def literal(text: str) -> Expression:
    """Return a text as an expression of sqlglot."""
    return exp.Literal.string(text)
