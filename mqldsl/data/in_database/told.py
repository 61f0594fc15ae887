"""The query over tables of a database as text for people: what each column tells, and as a model of dbt."""

import re
from collections.abc import Mapping
from typing import Final

import attrs
from sqlglot import exp

from mqldsl.data.in_database.compiled import Compiled
from mqldsl.evaluate.sql import query as sql
from mqldsl.evaluate.sql.lowering.written import printed
from mqldsl.evaluate.sql.relations import DialectName
from mqldsl.model import ir

_WORDS: Final[dict[sql.Role, str]] = {
    "id": "the lead",
    "as of": "as of when it is judged",
    "low": "at least",
    "high": "at most",
    "row": "the row that holds",
    "certain": "whether nothing that is missing could change it",
    "could be": "all that it could be",
    "due at": "due at, in UTC",
    "team": "the team",
    "because": "why",
    "missing": "what would settle it",
}
# What Jinja reads as the start of something of its own.
_JINJA = re.compile(r"\{[{%#]")


def text_of(model: ir.Model, compiled: Compiled, dialect: DialectName) -> str:
    """Return a query as text, with a comment for each column of its result: label and place of the part."""
    tree = compiled.tree.copy()
    for column, node in zip(compiled.columns, tree.selects, strict=True):
        _rename(node, column.name, dialect)
        node.add_comments([_harmless(_comment(model, column), dialect)])
    return printed(tree, dialect, pretty=True) + "\n"


def _rename(node: exp.Expr, told: str, dialect: DialectName) -> None:
    """Give a column a name without dots, which warehouses do not take."""
    if dialect not in ("bigquery", "snowflake") or "." not in told:
        return
    assert isinstance(node, exp.Alias)
    node.set("alias", exp.to_identifier(told.replace(".", "__"), quoted=True))


def _comment(model: ir.Model, column: sql.Column) -> str:
    if not column.part:
        return _WORDS[column.role]
    part = model.named[column.part]
    label = getattr(part, "label", None)
    said = _WORDS.get(column.role, "")
    words = f"{label or column.part}{': ' if said else ''}{said}"
    if part.place is None:
        return words
    source = part.place.source
    return f"{words} ({source.name}:{source.position(part.place.span.start).line})"


def _harmless(words: str, dialect: DialectName) -> str:
    """Return words on one line that end no comment and start nothing in one."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in words).split())
    plain = plain.replace("*/", "* /").replace("/*", "/ *")
    return f" {plain.replace('${', '$ {') if dialect == 'spark' else plain} "


# ------------------------------------------------------------------ pieces of text in place of names


@attrs.frozen
class Places:
    """Names that stand in a query where a piece of text of somebody else is to be put, each of them once."""

    prefix: str
    texts: dict[str, str] = attrs.field(factory=dict)

    def relation(self, text: str) -> exp.Expr:
        """Return a relation that stands for a text."""
        return exp.Table(this=exp.to_identifier(self._name(text), quoted=True))

    def text(self, text: str) -> exp.Expr:
        """Return a text literal that stands for one, whose characters are put between the quotes."""
        return exp.Literal.string(self._name(text))

    def _name(self, text: str) -> str:
        called = f"{self.prefix}{len(self.texts)}_"
        self.texts[called] = text
        return called


def filled(text: str, texts: Mapping[str, str]) -> str:
    """Return a text with the texts put where their names stand between the quotes of the dialect."""
    for called, put in texts.items():
        for quote in '"`':
            text = text.replace(f"{quote}{called}{quote}", put)
        text = text.replace(called, put)
    return text


def without_jinja(text: str) -> str:
    """Return a text that Jinja prints as it is.

    >>> without_jinja("a {{ b }} {% c")
    "a {{ '{{' }} b }} {{ '{%' }} c"
    """
    return _JINJA.sub(lambda found: "{{ '" + found[0] + "' }}", text)


def as_dbt(text: str, texts: Mapping[str, str]) -> str:
    """Return a query as a model of dbt: `texts` are Jinja of ours, all else stands for itself."""
    body = filled(without_jinja(text), texts)
    return "{{ config(materialized='table') }}\n\n" + body
