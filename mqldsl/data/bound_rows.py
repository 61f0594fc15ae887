"""The rows that a binding speaks of: which file, which rows of it, and which column is which field."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from mqldsl.data.bound_origin import read_origin
from mqldsl.data.formats import fault_of_format
from mqldsl.data.keys import KeyColumn
from mqldsl.data.origins import Source
from mqldsl.data.rows import plain_text
from mqldsl.data.section import Section
from mqldsl.model.calendar import Duration, Unit
from mqldsl.model.folding import fold


@attrs.frozen
class Column:
    """Where a value stands, and what is done to it before it is read.

    Without a `name`, it is the column the definition says, or the one called like the field. `replace` is
    raw text to raw value; `split` parts a text into the members of a set; `formats` are tried in order,
    before the ISO forms. `decimal` is the sign before the decimals; `yes` and `no` are further words for these.
    With `is_domain`, what counts of an address is its domain, and nothing where that is one of `without`, folded;
    `without_from` is the file they stand in.
    """

    name: KeyColumn | None = None
    replace: Mapping[str, object] = attrs.field(factory=dict, hash=False)
    split: str | None = None
    formats: tuple[str, ...] = ()
    decimal: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    is_domain: bool = False
    without: frozenset[str] = frozenset()
    without_from: Path | None = attrs.field(default=None, eq=False)


@attrs.frozen
class Moment:
    """The column of an instant, and what is added to it."""

    column: str
    plus: Duration | None = None
    formats: tuple[str, ...] = ()


@attrs.frozen
class Keep:
    """Which of the rows with one key counts, where rows repeat it on purpose: the first, the last, or the latest.

    `by` tells the time of a row for the latest; of equal times, and of none, it is the last row.
    """

    first: bool = False
    by: Moment | None = None


@attrs.frozen
class Rows:
    """Some rows of a source: those in which each column of `where` has one of its texts. `key` says who asks."""

    key: str
    file: Source
    where: Mapping[str, frozenset[str]] = attrs.field(factory=dict, hash=False)
    columns: Mapping[str, Column] = attrs.field(factory=dict, hash=False)


def read_rows(section: Section, folder: Path) -> Rows:
    """Return the rows that a table of the binding names; paths start at `folder`."""
    origin = read_origin(section, folder)
    return Rows(section.key, origin, dict(_where(section)), dict(_columns(section, folder)))


def _where(section: Section) -> Iterator[tuple[str, frozenset[str]]]:
    where = section.section("where")
    if where is None:
        return
    for column, wanted in where:
        values = wanted if isinstance(wanted, list) else [wanted]
        if not values or not all(isinstance(value, str | int | float) for value in values):
            where.mistake(column, 'this must be a value or a list of values, such as "open" or ["a", "b"]')
        yield column, frozenset(plain_text(value) for value in values)


# Where a field is a key, so that several columns may make it together.
_KEY_OF_COMPANY = ("leads", "account")


def _columns(section: Section, folder: Path) -> Iterator[tuple[str, Column]]:
    columns = section.section("columns")
    if columns is None:
        return
    for field, told in columns:
        if isinstance(told, str) and told.strip():
            yield field, Column(told)
        elif isinstance(told, list) and (section.key, field) == _KEY_OF_COMPANY:
            yield field, Column(columns.key_column(field))
        elif isinstance(told, dict):
            yield field, _column(Section(columns.path_of(field), told, columns.mistakes), folder)
        else:
            columns.mistake(field, "this must be the name of a column, or a table with `column`")


def _column(section: Section, folder: Path) -> Column:
    replace = section.section("replace")
    split = section.raw("split")
    if split is not None and not (isinstance(split, str) and split):
        section.mistake("split", 'this must be the text between two members, such as ","')
        split = None
    domain_of = section.text("domain_of")
    if domain_of is not None and "column" in section:
        section.mistake("domain_of", "this names the column, so `column` is left out")
    column = Column(
        section.text("column") or domain_of,
        {} if replace is None else dict(replace),
        split if isinstance(split, str) else None,
        _formats(section),
        _decimal(section),
        _words(section, "yes"),
        _words(section, "no"),
        domain_of is not None,
        _without(section, folder, has_domain=domain_of is not None),
        _file_of(section, "without", folder),
    )
    both = {fold(word) for word in column.yes} & {fold(word) for word in column.no}
    if both:
        section.mistake("no", f"`{min(both)}` cannot mean yes and no")
    section.finish()
    return column


def _without(section: Section, folder: Path, *, has_domain: bool) -> frozenset[str]:
    """Return domains that are nobody's company: a list, or the lines of a file."""
    told = section.raw("without")
    if told is None:
        return frozenset()
    if not has_domain:
        section.mistake("without", "this goes with `domain_of`: which domains are no company's")
    if isinstance(told, str) and told.strip():
        try:
            told = (folder / told).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            section.mistake("without", f"`{told}` is no file of text that can be read")
            return frozenset()
    if not isinstance(told, list) or not all(isinstance(it, str) for it in told):
        section.mistake(
            "without", 'this must be a list of domains, such as ["gmail.com"], or a file with one a line'
        )
        return frozenset()
    return frozenset(fold(it) for it in told if it.strip())


def _file_of(section: Section, name: str, folder: Path) -> Path | None:
    told = section.raw(name)
    return folder / told if isinstance(told, str) else None


def _decimal(section: Section) -> str | None:
    decimal = section.raw("decimal")
    if decimal is None or decimal in (",", "."):
        return None if decimal is None else str(decimal)
    section.mistake("decimal", 'this must be "," or ".", the sign before the decimals')
    return None


def _words(section: Section, name: str) -> tuple[str, ...]:
    words = section.raw(name)
    if words is None:
        return ()
    if (
        not isinstance(words, list)
        or not words
        or not all(isinstance(it, str) and it.strip() for it in words)
    ):
        section.mistake(name, f'this must be a list of words that mean {name}, such as ["ja"] or ["nein"]')
        return ()
    return tuple(words)


_LATEST_BY = "latest by "


def read_keep(section: Section, rows: Rows) -> Keep | None:
    """Return which of the rows with one key is kept, or None where each key is there once.

    A column of times has the formats that the field has that stands in it.
    """
    told = section.text("keep")
    distinct = section.raw("distinct") is True
    if told is not None and distinct:
        section.mistake("keep", "`distinct = true` keeps the first row: one of the two is enough")
    if told is None:
        return None
    if told in ("first", "last"):
        return Keep(first=told == "first")
    column = told.removeprefix(_LATEST_BY).strip()
    if not told.startswith(_LATEST_BY) or not column:
        section.mistake(
            "keep", 'this must be "first", "last" or "latest by COLUMN", with the column of a time'
        )
        return None
    named = (it for field, it in rows.columns.items() if column == (field if it.name is None else it.name))
    formats = next((it.formats for it in named if it.formats), ())
    return Keep(by=Moment(column, formats=formats))


def _formats(section: Section) -> tuple[str, ...]:
    formats = section.raw("formats")
    if formats is None:
        return ()
    if not isinstance(formats, list) or not all(isinstance(it, str) for it in formats) or not formats:
        section.mistake("formats", 'this must be a list of formats, such as ["%d/%m/%Y"]')
        return ()
    for it in formats:
        if problem := fault_of_format(it):
            section.mistake("formats", problem)
    return tuple(formats)


def read_moment_column(section: Section, name: str, *, plus: bool = False) -> Moment | None:
    """Return the column of an instant under `name`, a name or a table; `plus` where something may be added."""
    told = section.raw(name)
    if isinstance(told, str):
        column = section.text(name)
        return None if column is None else Moment(column)
    table = None if told is None else section.section(name)
    if table is None:
        return None
    length = table.text("plus") if plus else None
    duration = None if length is None else _duration(length)
    if length is not None and duration is None:
        table.mistake("plus", f"`{length}` is no length of time: write it as `14d`, `6 months` or `90min`")
    moment = Moment(table.needed("column", "the column of the time"), duration, _formats(table))
    table.finish()
    return moment


# As the language spells them.
_DURATION = re.compile(r"([0-9][0-9_]{0,11})(?:(min|h|d|w|mo|y)| (minute|hour|day|week|month|year)s?)")
_SHORT = {
    "min": Unit.MINUTE,
    "h": Unit.HOUR,
    "d": Unit.DAY,
    "w": Unit.WEEK,
    "mo": Unit.MONTH,
    "y": Unit.YEAR,
}


def _duration(text: str) -> Duration | None:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    count, short, word = found.groups()
    return Duration(int(count.replace("_", "")), _SHORT[short] if short else Unit(word))
