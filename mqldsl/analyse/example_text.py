"""An example as text, ready to be pasted into a definition."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mqldsl.explain.words import number_said
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, local
from mqldsl.model.types import Labels, SetOf, Text, Type, Value
from mqldsl.syntax.reduce_declarations import RESERVED

_NOT_BARE = RESERVED | {"any", "missing", "known", "unknown"}


def example_text(model: ir.Model, example: ir.Example, expected: Iterable[str]) -> str:
    """Return an `example` block; `expected` are what follows `expect`, one a line."""
    return (
        "\n".join(
            (f"example {quoted(example.title)}:", *(f"  {line}" for line in _lines(model, example, expected)))
        )
        + "\n"
    )


def _lines(model: ir.Model, example: ir.Example, expected: Iterable[str]) -> Iterator[str]:
    zone = ZoneInfo(model.header.zone)
    if example.at is not None:
        yield f"at {_moment(example.at)}"
    yield from _facts("lead", example.lead, model.fields, zone)
    if example.account is not None:
        yield from _facts("account", example.account, model.account_fields, zone)
    yield from (happened_text(model, each) for each in example.lead.happened)
    if example.people is not None and example.people:
        yield "people:"
        for person in example.people:
            lead = list(_facts("lead", person, model.fields, zone)) or [
                f"lead {next(iter(model.fields))} missing"
            ]
            yield from (f"  {line}" for line in lead)
            yield from (f"    {happened_text(model, each)}" for each in person.happened)
    if example.feeds is not None:
        yield "feeds " + (", ".join(example.feeds) or "none")
    yield from (f"expect {each}" for each in expected)


def _facts(owner: str, facts: ir.Facts, fields: Mapping[str, ir.Field], zone: ZoneInfo) -> Iterator[str]:
    pairs = [
        f"{name_text(name)} {value_text(value, fields[name].type, zone)}"
        for name, value in facts.fields.items()
        if value is not None
    ]
    pairs += [f"{name_text(name)} not supplied" for name in facts.not_supplied]
    if pairs:
        yield f"{owner} " + ", ".join(pairs)
    elif owner == "account" and fields:
        yield f"account {name_text(next(iter(fields)))} missing"


def happened_text(model: ir.Model, happened: ir.Happened) -> str:
    """Return the line of an event or record."""
    kind = model.kinds[happened.kind]
    zone = ZoneInfo(model.header.zone)
    words = [name_text(kind.name)]
    match happened.stamp:
        case Duration(count, unit):
            words.append(f"{count} {unit.value}{'' if count == 1 else 's'} ago")
        case None:
            pass
        case stamp:
            words.append(f"at {_moment(stamp)}")
    known = [
        f"{name_text(name)} {value_text(value, kind.properties[name], zone)}"
        for name, value in happened.properties.items()
        if value is not None
    ]
    known += [f"{name_text(name)} not supplied" for name in happened.not_supplied]
    if known:
        words.append("with " + ", ".join(known))
    return " ".join(words)


def value_text(value: Value, kind: Type, zone: ZoneInfo) -> str:
    """Return a value as it is written in a definition."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return number_said(value).replace(",", "_")
        case datetime():
            return _moment(local(value, zone))
        case date():
            return value.isoformat()
        case tuple():
            of = kind.of if isinstance(kind, SetOf) else Text()
            return "(" + ", ".join(value_text(member, of, zone) for member in value) + ")"
        case _:
            bare = (
                isinstance(kind, Labels)
                and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value)
                and value not in _NOT_BARE
            )
            return value if bare else quoted(value)


def name_text(name: str) -> str:
    """Return a name, in backquotes where it is a word of the language."""
    return f"`{name}`" if name in _NOT_BARE else name


def quoted(text: str) -> str:
    """Return a text in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _moment(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.second or moment.microsecond:
        return moment.isoformat(" ")
    return moment.isoformat(" ", "minutes")
