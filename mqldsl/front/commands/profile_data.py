"""`mql profile-data`: what the data holds, beside what a definition asks of it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.text import Text

from mqldsl.data.binding import BindingError
from mqldsl.data.profile.column import ColumnProfile, Measured
from mqldsl.data.profile.feeds import FeedProfile, Profile, TableProfile, profile
from mqldsl.data.profile.said import coverage, days_not_covered, farthest
from mqldsl.data.result import json_value
from mqldsl.data.text_file import SourceError
from mqldsl.explain.words import instant_said, number_said
from mqldsl.front import screen
from mqldsl.front.encode import Plain
from mqldsl.front.inputs import (
    InputError,
    as_of_option,
    data_option,
    definition_argument,
    examples,
    moment,
    tables_of,
    usable_binding,
    usable_model,
)
from mqldsl.front.progress import Progress
from mqldsl.front.screen import counted, padded, show
from mqldsl.model.types import Labels, SetOf, Type
from mqldsl.source.harmless import on_one_line

_NAME, _TYPE, _MISSING = 22, 8, 46
_LONGEST_VALUE = 28


@click.command(
    "profile-data",
    short_help="Show what the data holds, beside what a definition asks of it.",
    epilog=examples(
        "mql profile-data mql.mql --data data.toml --as-of 2026-03-10",
        "mql profile-data mql.mql --data data.toml --format json",
    ),
)
@definition_argument
@data_option(required=True)
@as_of_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text to read, or JSON."
)
def profile_data(file: Path, data: Path, as_of: str | None, form: str) -> None:
    """Show what the data holds, beside what a definition asks of it.

    For each field and property: how much is missing and why, the range, the most frequent values, and what is
    none of its labels. For each table: rows, ids that come again, events of nobody. For each kind of event: the
    time it spans, and how far back the definition looks.
    """
    binding = usable_binding(data)
    model = usable_model(file, tables_of(binding))
    instant = moment(as_of, model)
    try:
        with Progress(screen.err(), is_shown=True) as progress:
            found = profile(model, binding, instant, progress.read)
    except (BindingError, SourceError) as error:
        raise InputError(str(error)) from None
    zone = ZoneInfo(model.header.zone)
    if form == "json":
        click.echo(screen.as_json(_as_object(found, zone)))
    else:
        show(screen.out(), *_lines(found, zone), hang=4)


# ------------------------------------------------------------------ to read


def _lines(found: Profile, zone: ZoneInfo) -> Iterator[Text]:
    yield Text(f"as of {instant_said(found.as_of, zone)} ({zone.key})", "dim")
    for table in (found.leads, found.companies, *found.feeds):
        if table is not None:
            yield Text()
            yield from _table(table, found.as_of, zone)
    more = [*found.broken, *found.notes]
    if more:
        yield Text()
    yield from (Text().append("note: ", "cyan").append(on_one_line(it)) for it in more)


def _table(table: TableProfile, as_of: datetime, zone: ZoneInfo) -> Iterator[Text]:
    head = Text(table.name, "bold").append(f"  {table.shown}: {counted(table.rows, 'row')}", "not bold")
    yield head
    for words, count in table.counts.items():
        yield Text(f"  {count:,} {words}")
    if isinstance(table, FeedProfile):
        yield from (Text(f"  {line}") for line in coverage(table, as_of, zone))
    for column in table.columns:
        yield _column(column, zone)
        yield from _odd(column)


def _column(column: ColumnProfile, zone: ZoneInfo) -> Text:
    line = Text("  ").append(padded(column.field.name, _NAME), "cyan")
    line.append(" " + padded(_type(column.field.type), _TYPE) + " ")
    line.append(padded(_missing(column), _MISSING) + " ", "yellow" if column.missing else "dim")
    return line.append(_values(column, zone))


def _missing(column: ColumnProfile) -> str:
    total = column.missing.total()
    if not total:
        return "never missing"
    why = [f"{words} {_share(count, column.rows)}" for words, count in column.missing.most_common()]
    return why[0] if len(why) == 1 else f"{_share(total, column.rows)}: {', '.join(why)}"


def _share(count: int, rows: int) -> str:
    share = count / max(rows, 1)
    return f"{share:.0%}" if share >= 0.01 or not count else "<1%"


def _values(column: ColumnProfile, zone: ZoneInfo) -> str:
    if column.least is not None and column.most is not None:
        middle = "/".join(_measured(it, zone) for it in column.quantiles())
        return f"{_measured(column.least, zone)} to {_measured(column.most, zone)}, quarters {middle}"
    frequent = column.frequent()
    shown = ", ".join(f"{_cut(text)} {count:,}" for text, count in frequent.values)
    if not frequent.values:
        return f"{column.different:,} different values" if column.different else ""
    return shown + (f", others {frequent.others:,}" if frequent.others else "")


def _odd(column: ColumnProfile) -> Iterator[Text]:
    for it in column.odd():
        near = f"; did you mean `{it.nearest}`?" if it.nearest else ""
        kind = column.field.type
        is_label = isinstance(kind.of if isinstance(kind, SetOf) else kind, Labels)
        what = "is not in the list" if is_label else "cannot be read"
        yield Text(f"    {it.count:,} x `{_cut(it.text)}` {what}{near}", "yellow")


def _measured(value: Measured, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return instant_said(value.replace(microsecond=0), zone)
    return value.isoformat() if isinstance(value, date) else number_said(value)


def _cut(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"


def _type(kind: Type) -> str:
    if isinstance(kind, SetOf):
        return "set"
    if isinstance(kind, Labels):
        return "one of"
    name = "money" if getattr(kind, "money", False) else type(kind).__name__.lower()
    return "yes/no" if name == "yesno" else name


# ------------------------------------------------------------------ for machines


def _as_object(found: Profile, zone: ZoneInfo) -> Plain:
    return {
        "as_of": json_value(found.as_of),
        "leads": _table_object(found.leads),
        "companies": None if found.companies is None else _table_object(found.companies),
        "feeds": [_feed_object(feed, found.as_of, zone) for feed in found.feeds],
        "notes": [*found.broken, *found.notes],
    }


def _table_object(table: TableProfile) -> Plain:
    return {
        "name": table.name,
        "source": table.shown,
        "rows": table.rows,
        "counts": dict(table.counts),
        "columns": [_column_object(column) for column in table.columns],
    }


def _feed_object(feed: FeedProfile, as_of: datetime, zone: ZoneInfo) -> Plain:
    asked = farthest(feed)
    return {
        **_table_object(feed),
        "first": json_value(feed.first),
        "last": json_value(feed.last),
        "kept_since": json_value(feed.kept_since),
        "asked_since": None if asked is None else json_value(asked.since),
        "asked_by": None if asked is None else asked.part,
        "days_not_covered": days_not_covered(feed, as_of),
        "says": list(coverage(feed, as_of, zone)),
    }


def _column_object(column: ColumnProfile) -> Plain:
    frequent = column.frequent()
    return {
        "field": column.field.name,
        "column": str(column.column),
        "type": _type(column.field.type),
        "rows": column.rows,
        "missing": dict[str, int](total=column.missing.total())
        | {str(why): count for why, count in column.missing.items()},
        "least": json_value(column.least),
        "most": json_value(column.most),
        "quarters": [json_value(it) for it in column.quantiles()],
        "quarters_of_a_sample": not column.is_whole,
        "different": column.different,
        "frequent": [{"value": text, "count": count} for text, count in frequent.values],
        "others": frequent.others,
        "not_read": [{"value": it.text, "count": it.count, "nearest": it.nearest} for it in column.odd()],
    }
