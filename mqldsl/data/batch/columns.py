"""A column of cells made into values: each different text is read once, by the same reader as a single cell.

What many different texts have in common is read at once (`quick`); the rest goes to the reader.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from mqldsl.data.batch.arrays import Array, ArrowType, kept_as, kept_value, known_texts, places_of, trimmed
from mqldsl.data.batch.instants import native_instants, quick_instants
from mqldsl.data.batch.late import pa, pc
from mqldsl.data.bound_rows import Column, Moment
from mqldsl.data.cells import reader
from mqldsl.data.faults import shown
from mqldsl.data.keys import BETWEEN, INSTEAD, joined, owner_id, text_of
from mqldsl.data.moments import HAS_NO_TIME, moment_reader, what_is_no_time
from mqldsl.data.parquet import values_of
from mqldsl.data.rows import ABSENT
from mqldsl.model import ir
from mqldsl.model.folding import fold
from mqldsl.model.reading import Reading
from mqldsl.model.types import Number, Text, Time

# Texts, or anything that a row may hold.
Raw: TypeAlias = Array | Sequence[object]
# The value as an array takes it, and what is wrong with the cell, or nothing.
Cell: TypeAlias = Callable[[object], tuple[object, str]]
# Of different texts: the values, and which of them are settled by that.
Quick: TypeAlias = Callable[[Array], tuple[Array, Array]]

# The cell as it is shown, and what is wrong with it.
Problem: TypeAlias = tuple[str, str]

# As Python writes and reads it without loss, and without a sign that only one of two readers knows.
_PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"


@attrs.frozen
class Read:
    """A column that was read. `supplied` is None where every row has it; `codes` tell which problem a row has."""

    values: Array
    supplied: Array | None = None
    codes: Array | None = None
    problems: tuple[Problem, ...] = ()


@attrs.frozen
class Reader:
    """How a column is read.

    `whole` does it for texts in one go, where nothing can be wrong with them. `native` does it for columns that have
    a type of their own; it brings None where the type does not fit.
    Where it `may_be_absent`, a row that lacks the key is no fault.
    """

    type: ArrowType
    cell: Cell
    quick: Quick | None = None
    whole: Callable[[Array], Array] | None = None
    native: Callable[[Array], Array | None] | None = None
    may_be_absent: bool = False

    def read(self, raw: Raw) -> Read:
        """Return the values of a column."""
        if isinstance(raw, Sequence):
            return self._anything(raw)
        is_text = pa.types.is_string(raw.type)
        if is_text and self.whole is not None:
            return Read(self.whole(raw))
        if not is_text and self.native is not None and (values := self.native(raw)) is not None:
            return self._with_blanks(values)
        if not is_text and not _repeats_values(raw.type):
            return self._anything(values_of(raw))
        encoded = raw.dictionary_encode(null_encoding="encode")
        different = self._different(encoded.dictionary)
        return Read(
            different.values.take(encoded.indices),
            None,
            None if different.codes is None else different.codes.take(encoded.indices),
            different.problems,
        )

    def _with_blanks(self, values: Array) -> Read:
        """Return values in which nothing can be wrong but that they are blank."""
        _, problem = self.cell(None)
        if not problem or not values.null_count:
            return Read(values)
        codes = pc.if_else(pc.is_null(values), pa.scalar(0, pa.int32()), pa.scalar(None, pa.int32()))
        return Read(values, None, codes, ((shown(None), problem),))

    def _different(self, texts: Array) -> Read:
        if self.quick is None or not pa.types.is_string(texts.type):
            return self._anything(values_of(texts))
        values, settled = self.quick(texts)
        open_ = pc.invert(settled)
        places = places_of(open_)
        if not len(places):
            return Read(values)
        rest = self._anything(texts.take(places).to_pylist())
        values = pc.replace_with_mask(values, open_, rest.values)
        if rest.codes is None:
            return Read(values)
        nothing = pa.nulls(len(texts), pa.int32())
        return Read(values, None, pc.replace_with_mask(nothing, open_, rest.codes), rest.problems)

    def _anything(self, raws: Sequence[object]) -> Read:
        values: list[object] = []
        supplied: list[bool] = []
        numbers: dict[Problem, int] = {}
        codes: list[int | None] = []
        for raw in raws:
            value, problem = (None, "") if raw is ABSENT and self.may_be_absent else self.cell(raw)
            values.append(value)
            supplied.append(raw is not ABSENT)
            codes.append(numbers.setdefault((shown(raw), problem), len(numbers)) if problem else None)
        return Read(
            pa.array(values, self.type),
            None if all(supplied) else pa.array(supplied),
            pa.array(codes, pa.int32()) if numbers else None,
            tuple(numbers),
        )


def field_column(field: ir.Field, column: Column, context: Reading) -> Reader:
    """Return how the column of a field is read."""
    read = reader(field, column, context)

    def cell(raw: object) -> tuple[object, str]:
        value, problem = read(raw)
        return kept_value(value), problem

    quick: Quick | None = None
    whole: Callable[[Array], Array] | None = None
    native: Callable[[Array], Array | None] | None = None
    own_ways = column.replace or column.formats or column.decimal or column.is_domain
    if not (field.required or field.missing_when or own_ways):
        match field.type:
            case Text():
                whole = known_texts
            case Number():
                quick, native = _quick_numbers, _native_numbers
            case Time():
                quick, native = quick_instants(context.zone), native_instants(context.zone)
    return Reader(kept_as(field.type), cell, quick, whole, native, may_be_absent=True)


def owner_column() -> Reader:
    """Return how the id of a lead is read, to be compared exactly."""

    def whole(texts: Array) -> Array:
        return known_texts(trimmed(texts))

    return Reader(pa.string(), lambda raw: (owner_id(raw) or None, ""), whole=whole, native=_native_ids)


def key_of(parts: Sequence[Raw]) -> Raw:
    """Return the keys whose parts stand in several columns, as `joined` does of a row."""
    if any(isinstance(part, Sequence) for part in parts):
        cells = (part if isinstance(part, Sequence) else values_of(part) for part in parts)
        return [joined(row) for row in zip(*cells)]
    return pc.binary_join_element_wise(*map(_told_apart, parts), BETWEEN)


def _told_apart(part: Array) -> Array:
    texts = owner_column().read(part).values
    for sign, instead in INSTEAD:
        texts = pc.replace_substring(texts, pattern=sign, replacement=instead)
    return texts


def company_column() -> Reader:
    """Return how the key of a company is read, to be compared as text is."""
    return Reader(pa.string(), lambda raw: (fold(owner_id(raw)) or None, ""))


def id_column() -> Reader:
    """Return how the id of an event is read, which is compared exactly."""
    return Reader(pa.string(), lambda raw: (text_of(raw), ""), whole=known_texts, native=_native_ids)


def moment_column(moment: Moment, owner: str, context: Reading) -> Reader:
    """Return how an instant is read; `owner` is whose it is, in the words of a fault."""
    read = moment_reader(moment, context.zone)

    def cell(raw: object) -> tuple[object, str]:
        found = read(raw)
        if found is not None:
            return found.replace(tzinfo=None), ""
        return None, what_is_no_time(raw, owner, context)

    if moment.formats or moment.plus:
        return Reader(pa.timestamp("us"), cell)
    return Reader(
        pa.timestamp("us"), cell, quick=quick_instants(context.zone), native=native_instants(context.zone)
    )


def without_blanks(at: Read) -> Read:
    """Return times of which a blank one is no fault."""
    if at.codes is None:
        return at
    return attrs.evolve(at, codes=pc.if_else(blank_times(at), pa.scalar(None, pa.int32()), at.codes))


def blank_times(at: Read) -> Array:
    """Return which of some times are blank."""
    blank = [code for code, (_, words) in enumerate(at.problems) if words.endswith(HAS_NO_TIME)]
    codes = pa.nulls(len(at.values), pa.int32()) if at.codes is None else at.codes
    return pc.is_in(codes, value_set=pa.array(blank, pa.int32()))


def _quick_numbers(texts: Array) -> tuple[Array, Array]:
    settled = pc.fill_null(pc.match_substring_regex(texts, _PLAIN_NUMBER), False)
    return pc.cast(pc.if_else(settled, texts, pa.scalar(None, texts.type)), pa.float64()), settled


def _native_ids(column: Array) -> Array | None:
    """Return whole numbers as texts."""
    return pc.cast(column, pa.string()) if pa.types.is_integer(column.type) else None


def _native_numbers(column: Array) -> Array | None:
    """Return numbers as doubles, blank where they are none or infinite."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    doubles = pc.cast(column, pa.float64(), safe=False)
    return pc.if_else(pc.is_finite(doubles), doubles, pa.scalar(None, pa.float64()))


def _repeats_values(kind: ArrowType) -> bool:
    """Say whether values of a type are likely to come again, and are told apart as Python does."""
    types = pa.types
    return bool(
        types.is_string(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_temporal(kind)
    )
