"""Columns whose type fits already, said as expressions of the database: nothing of them passes through Python.

What does not fit is None, and is read by the same reader as a single cell. A column fits only where the expression
gives what that reader gives, for every value that the type can hold.
"""

import math
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.batch.late import exp
from mqldsl.data.batch.scan import Scan
from mqldsl.data.batch.store import Expression, Store, column, literal, shaped
from mqldsl.data.bound_rows import Column, Moment
from mqldsl.data.keys import BETWEEN, INSTEAD, Key, KeyColumn
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model import ir
from mqldsl.model.calendar import MAX, MIN
from mqldsl.model.field_reading import field_reader, folded_text
from mqldsl.model.folding import WHITE_SPACE
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import BLANK, Date, Labels, Number, SetOf, Text, Time, YesNo

IdType: TypeAlias = Literal["whole", "text"]

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_FLOATING = frozenset({"FLOAT", "DOUBLE"})
_TEXTS = frozenset({"VARCHAR"})
_NAIVE = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_UUID = "UUID"
_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"

# A decimal of so many digits is a whole number that a double holds, over a power of ten that it holds as well.
_EXACT_DIGITS = 15

# More different texts than these are no labels, and would make a long expression.
_FEW = 200

# So many texts are folded one by one in no time.
_MANY = 50_000


@attrs.frozen
class Fitted:
    """A column as the view has it, and what is done with it behind the view.

    `scanned` is the source's own column, where `term` hides it from the file; it may be the same instant.
    """

    expression: Expression
    scanned: Expression | None = None
    is_scanned_exact: bool = False
    # Whether it is a local time or a day, of which `term` makes an instant.
    is_local: bool = False
    is_day: bool = False
    # Between which numbers all values lie.
    low: float = -math.inf
    high: float = math.inf
    unreadable: tuple[tuple[str, str], ...] = ()

    def term(self, name: str, zone: ZoneInfo) -> Term:
        """Return the value, of the column called `name`."""
        found = t.column(name)
        if self.is_day:
            found = Term("at", (found, t.whole(0)))
        if not self.is_local:
            return found
        return Term(
            "plus", (found, Term("whole -", (t.whole(0), Term("offset at local", (zone.key, found)))))
        )


class Fitting:
    """Finds what fits in one source."""

    def __init__(self, scan: Scan, store: Store, context: Reading) -> None:
        self._scan, self._store, self._context = scan, store, context
        # What was asked of a column of the source, once for all the kinds that stand in it.
        self._answers: dict[tuple[str, str], list[tuple[Any, ...]]] = {}

    def where(self, wanted: Iterable[tuple[str, frozenset[str]]]) -> Expression | None:
        """Return the condition that rows count, or None where it cannot be said; without any, it is true."""
        found: Expression = exp.true()
        for name, texts in wanted:
            one = self._has_one(name, texts)
            if one is None:
                return None
            found = one if isinstance(found, exp.Boolean) else exp.and_(found, one)
        return found

    def owner(self, name: KeyColumn, id_type: IdType) -> Fitted | None:
        """Return the id of a lead."""
        if isinstance(name, Key):
            return self._key(name) if id_type == "text" else None
        kind = self._scan.types.get(name)
        if kind in _WHOLE:
            word = "bigint" if id_type == "whole" else "varchar"
            return Fitted(shaped(f"cast(x as {word})", x=column(name)))
        if id_type != "text":
            return None
        return Fitted(self._as_text(name)) if kind == _UUID else self._if_text(name)

    def _key(self, key: Key) -> Fitted | None:
        """Return a key of several columns, as `keys.joined` makes it."""
        found: Expression = None
        for name in key.columns:
            fitted = self.owner(name, "text")
            if fitted is None:
                return None
            part = fitted.expression
            for sign, instead in INSTEAD:
                names = {"sign": literal(sign), "instead": literal(instead)}
                part = shaped("replace(x, sign, instead)", x=part, **names)
            between = literal(BETWEEN)
            found = part if found is None else shaped("x || b || y", x=found, b=between, y=part)
        return Fitted(found)

    def shown(self, name: KeyColumn) -> Expression:
        """Return a column as it stands there, or a key."""
        if not isinstance(name, Key):
            return column(name)
        key = self._key(name)
        assert key is not None
        return key.expression

    def is_nobody(self, name: KeyColumn) -> Expression:
        """Return the condition that there is no id, so that the file can answer it from what it knows of itself."""
        if isinstance(name, Key):
            return exp.or_(*(self.is_nobody(each) for each in name.columns))
        if self.is_whole(name) or self._scan.types.get(name) == _UUID:
            return exp.Is(this=column(name), expression=exp.null())
        return exp.Is(this=self._trimmed(name), expression=exp.null())

    def is_text(self, name: str) -> bool:
        """Say whether a column holds texts."""
        return self._scan.types.get(name) in _TEXTS

    def is_whole(self, name: KeyColumn) -> bool:
        """Say whether the ids in a column are whole numbers."""
        return isinstance(name, str) and self._scan.types.get(name) in _WHOLE

    def company(self, name: str) -> Fitted | None:
        """Return the key of a company before it is folded."""
        return self._if_text(name)

    def identity(self, name: KeyColumn) -> Fitted | None:
        """Return the id of an event."""
        if isinstance(name, Key):
            return self._key(name)
        kind = self._scan.types.get(name)
        if kind in _WHOLE:
            return Fitted(column(name))
        if kind == _UUID:
            return Fitted(self._as_text(name))
        return Fitted(self._known(name)) if kind in _TEXTS else None

    def moment(self, moment: Moment) -> Fitted | None:
        """Return an instant."""
        return None if moment.plus is not None else self._time(moment.column)

    def field(self, field: ir.Field, bound: Column) -> Fitted | None:
        """Return a field or property."""
        name = bound.name
        if bound.replace or bound.is_domain or not isinstance(name, str):
            return None
        kind = self._scan.types.get(name, "")
        match field.type:
            case Text():
                if kind == _UUID and not field.missing_when:
                    return Fitted(self._as_text(name))
                return self._text(field, name) if kind in _TEXTS else None
            case Number():
                return self._number(field, name, kind)
            case Labels():
                return self._label(field, name) if kind in _TEXTS else None
            case YesNo():
                return Fitted(column(name)) if kind == "BOOLEAN" and not field.missing_when else None
            case Date():
                fits = kind == "DATE" and not field.missing_when and self._is_of_our_years(name)
                return Fitted(column(name)) if fits else None
            case Time():
                return None if field.missing_when else self._time(name)
            case SetOf(Text()):
                return self._set(name) if kind == "VARCHAR[]" and not field.missing_when else None
            case _:
                return None

    def _has_one(self, name: str, texts: frozenset[str]) -> Expression | None:
        kind = self._scan.types.get(name)
        if kind in _TEXTS:
            options = [literal(text) for text in sorted(texts)]
        elif kind in _WHOLE:
            # The database turns a whole number down that its type cannot hold.
            options = [shaped(f"cast({text} as hugeint)") for text in sorted(texts) if _is_whole_text(text)]
        elif kind == "BOOLEAN":
            options = [
                exp.true() if text == "true" else exp.false() for text in ("true", "false") if text in texts
            ]
        else:
            return None
        found = exp.In(this=column(name), expressions=options) if options else exp.false()
        if "" not in texts:
            return found
        return exp.or_(found, exp.Is(this=column(name), expression=exp.null()))

    def _if_text(self, name: str) -> Fitted | None:
        return Fitted(self._trimmed(name)) if self._scan.types.get(name) in _TEXTS else None

    def _as_text(self, name: str) -> Expression:
        return shaped("cast(x as varchar)", x=column(name))

    def _trimmed(self, name: str) -> Expression:
        return shaped("nullif(trim(x, blanks), '')", x=column(name), blanks=literal(WHITE_SPACE))

    def _known(self, name: str) -> Expression:
        names = {"x": column(name), "blanks": literal(WHITE_SPACE)}
        # Most columns have no blank text, and looking costs less than asking each row. A text that may be blank starts
        # below `!` or above `~`, so the file can answer for most of its rows at once.
        if not self._asked(_A_BLANK, name, blanks=names["blanks"]):
            return column(name)
        return shaped("case when trim(x, blanks) = '' then null else x end", **names)

    def _text(self, field: ir.Field, name: str) -> Fitted | None:
        known = self._known(name)
        if not field.missing_when:
            return Fitted(known)
        wanted = {folded_text(value) for value in field.missing_when} - {None}
        found = self._texts_like(name, max((len(text) for text in wanted if text is not None), default=0))
        spellings = sorted(text for (text,) in found if folded_text(text) in wanted)
        if len(spellings) > _FEW:
            return None
        if not spellings:
            return Fitted(known)
        stand_in = exp.In(this=column(name), expressions=[literal(text) for text in spellings])
        return Fitted(shaped("case when stand_in then null else known end", stand_in=stand_in, known=known))

    def _texts_like(self, name: str, length: int) -> list[tuple[Any, ...]]:
        """Return the different texts of a column, of very many only those that may fold to one of this length."""
        source = self._scan.source
        few = exp.Literal.number(_MANY + 1)
        found = self._store.run(
            "select distinct x from scanned limit few", scanned=source, x=column(name), few=few
        )
        if len(found) <= _MANY:
            return found
        # Folding takes a few characters together to one, and none has more than four bytes.
        names = {"spaces": literal(f"[{WHITE_SPACE}]+"), "longest": exp.Literal.number(16 * length + 16)}
        return self._store.run(_SHORT, scanned=source, x=column(name), **names)

    def _number(self, field: ir.Field, name: str, kind: str) -> Fitted | None:
        cast = shaped("cast(x as double)", x=column(name))
        if kind in _FLOATING:
            cast = shaped("case when isfinite(x) then y end", x=column(name), y=cast)
        elif kind not in _WHOLE and not _is_exact_decimal(kind):
            return None
        # A text that stands for missing can only be met by a number if it is one.
        stand_ins = {read(value, field.type, self._context) for value in field.missing_when}
        numbers = sorted(value for value in stand_ins if isinstance(value, float))
        for number in numbers:
            given = shaped("cast(x as double)", x=literal(repr(number)))
            cast = shaped("nullif(x, given)", x=cast, given=given)
        low, high = self._ends(name)
        return Fitted(cast, low=low, high=high)

    def _ends(self, name: str) -> tuple[float, float]:
        """Return the least and the largest number of a column, which most files know of themselves."""
        template = "select cast(min(x) as double), cast(max(x) as double) from scanned"
        ((low, high),) = self._asked(template, name)
        return (0.0, 0.0) if low is None or high is None else (float(low), float(high))

    def _label(self, field: ir.Field, name: str) -> Fitted | None:
        """Return a label: each of the few texts there is read, and becomes a case of its own."""
        source = self._scan.source
        found = self._store.run(
            "select distinct x from scanned limit few",
            scanned=source,
            x=column(name),
            few=exp.Literal.number(_FEW + 1),
        )
        if len(found) > _FEW:
            return None
        reader = field_reader(field, self._context)
        texts = sorted(text for (text,) in found if text is not None)
        told = {text: reader(text) for text in texts}
        labels: dict[str, list[str]] = {}
        for text, (value, _) in told.items():
            if value is not BLANK:
                labels.setdefault(str(value), []).append(text)
        cases = exp.Case(ifs=[])
        for label, spellings in labels.items():
            condition = exp.In(this=column(name), expressions=[literal(text) for text in spellings])
            cases = cases.when(condition, literal(label))
        unreadable = tuple((text, problem) for text, (_, problem) in told.items() if problem)
        nothing = shaped("cast(null as varchar)")
        return Fitted(cases if labels else nothing, unreadable=unreadable)

    def _set(self, name: str) -> Fitted:
        template = "list_filter(x, lambda member: trim(member, blanks) <> '')"
        return Fitted(shaped(template, x=column(name), blanks=literal(WHITE_SPACE)))

    def _time(self, name: str) -> Fitted | None:
        kind, own = self._scan.types.get(name, ""), column(name)
        is_utc = self._context.zone.key == "UTC"
        if kind not in (*_NAIVE, _WITH_ZONE, "DATE") or not self._is_of_our_years(name):
            return None
        if kind == "DATE":
            return Fitted(own, is_local=not is_utc, is_day=True, scanned=own)
        if kind == _WITH_ZONE:
            # As a number and back, which is four times as fast as a cast, and asks for no zone.
            same = shaped("make_timestamp(epoch_us(x))", x=own)
            return Fitted(same, scanned=own, is_scanned_exact=True)
        cut = shaped("make_timestamp(epoch_ns(x) // 1000)", x=own) if kind == "TIMESTAMP_NS" else own
        return Fitted(cut, is_local=not is_utc, scanned=None if is_utc and cut is own else own)

    def _asked(self, template: str, name: str, **names: Expression) -> list[tuple[Any, ...]]:
        if (template, name) not in self._answers:
            found = self._store.run(template, scanned=self._scan.source, x=column(name), **names)
            self._answers[template, name] = found
        return self._answers[template, name]

    def _is_of_our_years(self, name: str) -> bool:
        """Say whether all times of a column are ones that Python can tell."""
        template = "select epoch_us(min(x)), epoch_us(max(x)), min(x) is null from scanned"
        ((first, last, is_empty),) = self._asked(template, name)
        if is_empty:
            return True
        return first is not None and last is not None and _micros(MIN) <= first and last <= _micros(MAX)


_A_BLANK = "select 1 from scanned where (x < '!' or x > '~') and trim(x, blanks) = '' limit 1"
_SHORT = """
    select distinct x from scanned
    where strlen(x) <= longest or strlen(regexp_replace(x, spaces, '', 'g')) <= longest
"""


def _micros(instant: datetime) -> int:
    days = (instant.date() - date(1970, 1, 1)).days
    clock = (instant.hour * 60 + instant.minute) * 60 + instant.second
    return (days * 86_400 + clock) * 1_000_000 + instant.microsecond


def _is_whole_text(text: str) -> bool:
    """Say whether a text is a whole number as it is shown, and no larger than one may be."""
    return (
        len(text) <= 20 and text.removeprefix("-").isdecimal() and text.isascii() and str(int(text)) == text
    )


def _is_exact_decimal(kind: str) -> bool:
    if not kind.startswith("DECIMAL("):
        return False
    digits, _, _ = kind.removeprefix("DECIMAL(").partition(",")
    return int(digits) <= _EXACT_DIGITS
