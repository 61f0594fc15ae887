"""Random definitions have no errors, use every form of the language, and stay what they are when they are set."""

from collections import Counter
from typing import Any, get_args

import attrs
import pytest
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


@pytest.fixture(scope="module")
def models() -> list[ir.Model]:
    """Return the models of many definitions; a text with an error fails here."""
    return [loaded(definition_text(Random(number))).model for number in range(NUMBER)]


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize(
    "union",
    [ir.Condition, ir.Operand, ir.Selection, ir.Span, ir.Row, ir.Named],
    ids=["conditions", "operands", "selections", "spans", "rows", "parts"],
)
def test_every_node_occurs(union: Any, census: Counter[str]) -> None:
    assert [each.__name__ for each in get_args(union) if not census[each.__name__]] == []


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Aggregate.kind", get_args(ir.AggregateKind)),
        ("TextTest.kind", get_args(ir.TextTestKind)),
        ("Compare.relation", get_args(ir.Relation)),
        ("Events.scope", get_args(ir.Scope)),
        ("Pick.kind", ("first known", "lowest", "highest")),
        ("Decay.kind", ("halving", "losing points", "losing share")),
        ("Arithmetic.operator", ("+", "-", "*", "/")),
        ("DaysBetween.direction", ("since", "until")),
        ("DaysSinceEvent.which", ("first", "last")),
        ("After.which", ("first", "last")),
        ("FieldValue.owner", ("lead", "account")),
        ("Has.every", (True, False)),
        ("Clause.if_unknown", (True, False)),
        ("ByPoints.says_missing", (True, False)),
    ],
)
def test_every_kind_of_a_node_occurs(name: str, values: tuple[object, ...], census: Counter[str]) -> None:
    assert [value for value in values if not census[f"{name} {value}"]] == []


@pytest.mark.parametrize(
    "name",
    [
        *(f"{node}.{option} {said}" for node in ("Then", "ThenNo") for option in ("within", "same") for said in ("yes", "no")),
        *(f"Back.end {said}" for said in ("yes", "no")),
        *(f"RowOptions.{option} {said}" for option in ("decays", "limits", "cap") for said in ("yes", "no")),
        *(f"Score.{option} {said}" for option in ("low", "high", "decays") for said in ("yes", "no")),
        *(f"Group.{option} {said}" for option in ("low", "cap") for said in ("yes", "no")),
        *(f"Outcome.{option} yes" for option in ("due", "team", "evenly")),
        *(f"Due.{option} {said}" for option in ("within", "last") for said in ("yes", "no")),
        *("Decay.without yes", "WhenPoints.events yes", "ByPoints.bounds yes", "ByPoints.choices yes"),
        *("Kind.kept yes", "Kind.timed False", "Kind.of_account True", "Clause.if_unknown no"),
        *("Field.default yes", "Field.missing_when yes", "Field.required True"),
        *(f"Field.type {kind}" for kind in ("Text", "Number", "Date", "Time", "YesNo", "Labels", "SetOf")),
        *(f"property {kind}" for kind in ("Text", "Number", "Date", "Time", "YesNo", "Labels", "SetOf")),
        *(f"{node}.type {kind}" for node in ("NamedExpression",) for kind in ("Number", "Text", "Labels", "YesNo")),
        *(str(span) for span in CalendarSpan),
        *(str(unit) for unit in Unit),
        *(f"zone {zone}" for zone in ("Europe/London", "America/New_York", "UTC", "Asia/Kolkata")),
        *("hours True", "hours False"),
    ],
)  # fmt: skip
def test_every_option_occurs(name: str, census: Counter[str]) -> None:
    assert census[name]


def test_they_are_small(models: list[ir.Model]) -> None:
    texts = [definition_text(Random(number)) for number in range(NUMBER)]
    assert sum(map(len, texts)) / NUMBER < 1_800
    assert max(len(model.named) for model in models) <= 8
    assert len(set(texts)) == NUMBER


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
