"""Random definitions have no errors, use every form of the language, and stay what they are when they are set."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import attrs
from hypothesis import HealthCheck, given, settings

from mqldsl.embed.definition import Definition
from mqldsl.model import ir
from mqldsl.model.calendar import CalendarSpan, Unit
from mqldsl.model.dependencies import pieces
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, YesNo
from mqldsl.testing.choices import Random
from mqldsl.testing.strategies import definition_texts, definitions, loaded
from mqldsl.testing.writing.definition import definition_text

NUMBER = 300
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def census(models: list[ir.Model]) -> Counter[str]:
    """Return how often each node occurs, and each of its kinds and options."""
    seen: Counter[str] = Counter()
    for model in models:
        for named in model.named.values():
            for part in pieces(named):
                seen.update(_said(part))
        for field in (*model.fields.values(), *model.account_fields.values()):
            seen.update(_said(field))
        for kind in model.kinds.values():
            seen.update(_said(kind))
            seen.update(f"property {type(each).__name__}" for each in kind.properties.values())
        seen.update((f"zone {model.header.zone}", f"hours {model.header.hours is not None}"))
    return seen


def _said(part: Any) -> list[str]:
    name = type(part).__name__
    said = [name]
    for field in attrs.fields(type(part)):
        value = getattr(part, field.name)
        match value:
            case str() | bool():
                said.append(f"{name}.{field.name} {value}")
            case CalendarSpan() | Unit():
                said.append(str(value))
            case Text() | Number() | Date() | Time() | YesNo() | Labels() | SetOf():
                said.append(f"{name}.{field.name} {type(value).__name__}")
            case _:
                said.append(f"{name}.{field.name} {'no' if value in (None, ()) else 'yes'}")
        if hasattr(value, "unit"):
            said.append(str(value.unit))
    return said


def _expected() -> Iterator[str]:
    """Yield every node, every kind of one, and every option that there is."""
    for union in (ir.Condition, ir.Operand, ir.Selection, ir.Span, ir.Row, ir.Named):
        yield from (each.__name__ for each in get_args(union))
    kinds: dict[str, tuple[object, ...]] = {
        "Aggregate.kind": get_args(ir.AggregateKind),
        "TextTest.kind": get_args(ir.TextTestKind),
        "Compare.relation": get_args(ir.Relation),
        "Events.scope": get_args(ir.Scope),
        "Pick.kind": ("first known", "lowest", "highest"),
        "Decay.kind": ("halving", "losing points", "losing share"),
        "Arithmetic.operator": ("+", "-", "*", "/"),
        "DaysBetween.direction": ("since", "until"),
        "DaysSinceEvent.which": ("first", "last"),
        "After.which": ("first", "last"),
        "FieldValue.owner": ("lead", "account"),
        "Has.every": (True, False),
        "Clause.if_unknown": (True, False, "no"),
        "ByPoints.says_missing": (True, False),
        "ByPoints.bounds": ("yes",),
        "ByPoints.choices": ("yes",),
        "Kind.kept": ("yes", "no"),
        "Kind.timed": (True, False),
        "Kind.of_account": (True, False),
        "Field.default": ("yes", "no"),
        "Field.missing_when": ("yes", "no"),
        "Field.required": (True, False),
        "NamedExpression.type": ("Number", "Text", "Labels", "YesNo"),
        "zone": ("Europe/London", "America/New_York", "UTC", "Asia/Kolkata"),
        "hours": (True, False),
    }
    types = ("Text", "Number", "Date", "Time", "YesNo", "Labels", "SetOf")
    for name, values in (kinds | {"Field.type": types, "property": types}).items():
        yield from (f"{name} {value}" for value in values)
    options = {
        "Then": ("within", "same"),
        "ThenNo": ("within", "same"),
        "Back": ("end",),
        "RowOptions": ("decays", "limits", "cap"),
        "Score": ("low", "high", "decays"),
        "Group": ("low", "cap"),
        "Outcome": ("due", "team", "evenly"),
        "Due": ("within", "last"),
        "Decay": ("without",),
        "WhenPoints": ("events",),
    }
    for node, names in options.items():
        yield from (f"{node}.{name} {said}" for name in names for said in ("yes", "no"))
    yield from (str(each) for each in (*CalendarSpan, *Unit))


def test_they_are_small_and_every_form_of_the_language_occurs() -> None:
    texts = [definition_text(Random(number)) for number in range(NUMBER)]
    models = [loaded(text).model for text in texts]
    seen = census(models)
    assert [name for name in _expected() if not seen[name]] == []
    assert len(set(texts)) == NUMBER
    assert sum(map(len, texts)) / NUMBER < 1_800
    assert max(len(model.named) for model in models) <= 8


@FEW
@given(definition_texts())
def test_drawn_ones_have_no_errors(text: str) -> None:
    loaded(text)


@FEW
@given(definitions(size=2))
def test_small_ones_are_small(definition: Definition) -> None:
    assert 1 <= len(definition.model.named) <= 3


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(definitions(size=20))
def test_large_ones_have_no_errors(definition: Definition) -> None:
    assert definition.model.verdict is not None
