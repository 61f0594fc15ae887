"""Columns of a database made into what queries work with: blank text is missing, numbers are finite, labels are ours."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import attrs
from sqlglot import exp

from mqldsl.data.in_database.refusing import NotInDialectError
from mqldsl.data.in_database.tables import Cell, Held
from mqldsl.data.keys import BETWEEN, INSTEAD
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.lowering import Refused
from mqldsl.evaluate.sql.lowering.nodes import (
    absent,
    both,
    call,
    case,
    cast,
    column,
    every,
    name,
    negated,
    string,
)
from mqldsl.evaluate.sql.lowering.saying import Saying
from mqldsl.evaluate.sql.lowering.written import DIALECTS
from mqldsl.evaluate.sql.relations import DialectName
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import ir
from mqldsl.model.field_reading import folded_text
from mqldsl.model.folding import WHITE_SPACE, fold
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo

_TRIM: Final[dict[DialectName, str]] = {"postgres": "BTRIM", "spark": "BTRIM"}
# They cannot fold: there labels and keys of companies count where they are written alike.
EXACT_KEYS: Final[frozenset[DialectName]] = frozenset({"snowflake"})
# As DuckDB writes it, so that nobody has to look at spaces of all sorts.
_NO_SPACE: Final = r"[^\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
_OF: Final = "r"


@attrs.frozen
class Typing:
    """How columns are made into values: in which dialect, by which zone's clocks."""

    dialect: DialectName
    context: Reading

    @property
    def say(self) -> Saying:
        """What says terms over the columns of the relation."""
        return Saying(DIALECTS[self.dialect], _OF)

    def select(self, held: Held, fields: dict[str, ir.Field], *, is_company: bool = False) -> exp.Select:
        """Return the query for a relation: its keys under their names, its fields with an `f.` before them.

        Keys of companies come folded; the `id` of a company is one.
        """
        select = exp.Select(expressions=list(self._columns(held, fields, is_company=is_company)))
        select.set("from_", exp.From(this=aliased(held.relation, _OF)))
        wheres = [self._one_of(each, texts) for each, texts in held.where.items()]
        if "lead" not in held.keys and "id" in held.keys:
            wheres.append(both(exp.NEQ, self._trimmed(self._text(held.keys["id"])), string("")))
        if "as_of" in held.keys:
            wheres.append(negated(absent(column(_OF, held.keys["as_of"].column))))
        if wheres:
            select.set("where", exp.Where(this=every(*wheres)))
        return select

    def _columns(self, held: Held, fields: dict[str, ir.Field], *, is_company: bool) -> Iterator[exp.Expr]:
        for key, cell in held.keys.items():
            field = fields.get(key, ir.Field(key, Text()))
            yield exp.Alias(this=self._key(key, cell, field, of_company=is_company), alias=name(key))
        for each, cell in held.fields.items():
            yield exp.Alias(this=self._field(fields[each], cell), alias=name(f"f.{each}"))

    def _key(self, key: str, cell: Cell, field: ir.Field, *, of_company: bool) -> exp.Expr:
        if key in ("at", "as_of"):
            return self._instant(cell)
        if key == "account" or (key == "id" and of_company):
            folded = self._folded_key(field, self._text(cell))
            for each in ("", *sorted(_stand_ins(field))):
                folded = call("NULLIF", folded, self.say.constant("text", each))
            return folded
        return call("NULLIF", self._trimmed(self._text(cell)), string(""))

    def _one_of(self, of: str, texts: frozenset[str]) -> exp.Expr:
        options = [self.say.constant("text", each) for each in sorted(texts)]
        return exp.In(this=self._text(Cell(of)), expressions=options)

    # ------------------------------------------------------------- values

    def _field(self, field: ir.Field, cell: Cell) -> exp.Expr:
        match field.type:
            case Text():
                return self._text_value(field, cell)
            case Labels(names):
                return self._label(field, cell, names)
            case Number():
                value = self.say(Term("finite", (t.column(cell.column),)))
                for each in value.find_all(exp.Column):
                    each.replace(cast(each.copy(), "DOUBLE"))
                return self._without_stand_ins(field, value)
            case YesNo():
                return self._truth(field, cell)
            case Date():
                return self._without_stand_ins(field, cast(column(_OF, cell.column), "DATE"))
            case Time():
                return self._without_stand_ins(field, self._instant(cell))
            case SetOf(of):
                return self._set(field, cell, of)

    def _text_value(self, field: ir.Field, cell: Cell) -> exp.Expr:
        text = self._text(cell)
        stand_ins = _stand_ins(field)
        if not stand_ins:
            return self._not_blank(text)
        options = [self.say.constant("text", each) for each in ("", *sorted(stand_ins))]
        is_one = exp.In(this=self._folded(field, text), expressions=options)
        return case([(negated(is_one), text.copy())])

    def _label(self, field: ir.Field, cell: Cell, names: tuple[str, ...]) -> exp.Expr:
        text, stand_ins = self._text(cell), _stand_ins(field)
        allowed = [each for each in names if fold(each) not in stand_ins]
        if not allowed:
            return self.say.constant("text", None)
        exactly = self.dialect in EXACT_KEYS
        folded = self._folded_key(field, text)
        arms = [
            exp.If(
                this=self.say.constant("text", each if exactly else fold(each)),
                true=self.say.constant("text", each),
            )
            for each in allowed
        ]
        return self._collated(exp.Case(this=folded, ifs=arms))

    def _truth(self, field: ir.Field, cell: Cell) -> exp.Expr:
        value = cast(column(_OF, cell.column), "BOOLEAN")
        stand_ins = _stand_ins(field)
        gone = [each for each, word in ((True, "yes"), (False, "no")) if word in stand_ins]
        if not gone:
            return value
        arms = [(both(exp.EQ, value.copy(), exp.Boolean(this=not each)), value.copy()) for each in gone]
        return case(arms) if len(gone) == 1 else self.say.constant("truth", None)

    def _without_stand_ins(self, field: ir.Field, value: exp.Expr) -> exp.Expr:
        for each in field.missing_when:
            known = read(each, field.type, self.context)
            match known:
                case float() if math.isfinite(known):
                    value = call("NULLIF", value, self.say(t.double(known)))
                case datetime():
                    value = call("NULLIF", value, self.say(t.instant(known)))
                case date():
                    value = call("NULLIF", value, self.say(t.day(known)))
                case _:
                    pass  # no value of this type
        return value

    def _set(self, field: ir.Field, cell: Cell, of: Type) -> exp.Expr:
        if field.missing_when or isinstance(of, Labels):
            raise NotInDialectError(
                f"no query of ours reads `{field.name}`, a set of labels or with values that stand for missing: "
                "declare it as a set of texts, as it counts",
                field.place,
            )
        members = cast(column(_OF, cell.column), "TEXT[]")
        # Members that are NULL count for nothing, and would make of every `no` an unknown.
        if self.dialect == "postgres":
            members = call("ARRAY_REMOVE", members, exp.Null())
        elif self.dialect in ("spark", "snowflake"):
            members = call("ARRAY_COMPACT", members)
        return self._collated(members)

    # ------------------------------------------------------------- texts and times

    def _text(self, cell: Cell) -> exp.Expr:
        if cell.parts:
            return self._joined([self._text(part) for part in cell.parts])
        return self._collated(cast(column(_OF, cell.column), "TEXT"))

    def _joined(self, parts: list[exp.Expr]) -> exp.Expr:
        """Return a key of several columns as `keys.joined` makes it: nothing where a part is missing."""
        found: exp.Expr | None = None
        for text in parts:
            part = call("NULLIF", self._trimmed(text), string(""))
            for sign, instead in INSTEAD:
                part = call("REPLACE", part, string(sign), string(instead))
            found = part if found is None else exp.DPipe(this=found, expression=part, safe=True)
            if len(parts) > 1 and text is not parts[-1]:
                found = exp.DPipe(this=found, expression=string(BETWEEN), safe=True)
        assert found is not None
        return exp.Paren(this=found)

    def _collated(self, node: exp.Expr) -> exp.Expr:
        """Return text that is compared by code points: in PostgreSQL a column has a collation of its own."""
        if self.dialect != "postgres":
            return node
        return exp.Paren(this=exp.Collate(this=node, expression=name("C")))

    def _trimmed(self, text: exp.Expr) -> exp.Expr:
        return call(_TRIM.get(self.dialect, "TRIM"), text, self.say.constant("text", " "))

    def _not_blank(self, text: exp.Expr) -> exp.Expr:
        if self.dialect == "duckdb":
            there: exp.Expr = call("REGEXP_MATCHES", text, string(_NO_SPACE))
        else:
            spaces = self.say.constant("text", WHITE_SPACE)
            there = both(exp.NEQ, call(_TRIM.get(self.dialect, "TRIM"), text, spaces), string(""))
        return case([(there, text.copy())])

    def _folded_key(self, field: ir.Field, text: exp.Expr) -> exp.Expr:
        return self._trimmed(text) if self.dialect in EXACT_KEYS else self._folded(field, text)

    def _folded(self, field: ir.Field, text: exp.Expr) -> exp.Expr:
        try:
            folded = self.say(Term("fold", (t.column("#text"),)))
        except Refused as refused:
            raise NotInDialectError(f"`{field.name}`: {refused}", field.place) from None
        for each in folded.find_all(exp.Column):
            if each.name == "#text":
                each.replace(text.copy())
        return folded

    def _instant(self, cell: Cell) -> exp.Expr:
        at = column(_OF, cell.column)
        if cell.stored == "zoned" and self.dialect == "postgres":
            return exp.AtTimeZone(this=at, zone=string("UTC"))
        shown = cast(at, self.say.dialect.kinds["instant"])
        if cell.stored not in ("local", "day") or self.context.zone.key == "UTC":
            return shown
        here = t.column(cell.column)
        ahead = Term("offset at local", (self.context.zone.key, here))
        moved = self.say(Term("plus", (here, Term("whole -", (t.whole(0), ahead)))))
        for each in list(moved.find_all(exp.Column)):
            if each.name == cell.column:
                each.replace(shown.copy())
        return moved


def reading_of(model: ir.Model) -> Reading:
    """Return what reading needs to know of a definition."""
    return Reading(ZoneInfo(model.header.zone), model.header.currency)


def aliased(relation: exp.Expr, called: str) -> exp.Expr:
    """Return a relation with an alias, as it stands behind FROM."""
    node = relation.copy()
    alias = exp.TableAlias(this=name(called))
    if isinstance(node, exp.Table | exp.Subquery):
        node.set("alias", alias)
        return node
    return (
        exp.Subquery(this=node, alias=alias)
        if isinstance(node, exp.Query)
        else exp.Table(this=node, alias=alias)
    )


def _stand_ins(field: ir.Field) -> frozenset[str]:
    found = (folded_text(value) for value in field.missing_when)
    return frozenset(each for each in found if each is not None)
