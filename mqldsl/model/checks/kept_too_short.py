"""A window that looks further back than the feed of its events goes: `kept for`."""

from collections.abc import Iterator

import attrs

from mqldsl.model import ir
from mqldsl.model.calendar import CalendarSpan, Duration, Unit
from mqldsl.model.checks.counted import Counted, Files, counted
from mqldsl.source.diagnostics import Diagnostic, Label, Severity

CODE = "MQL503"
EVER = float("inf")
_LEAST_DAYS = {
    Unit.BUSINESS_HOUR: 1 / 24,
    Unit.BUSINESS_DAY: 1,
    Unit.MINUTE: 1 / 1440,
    Unit.HOUR: 1 / 24,
    Unit.DAY: 1,
    Unit.WEEK: 7,
    Unit.MONTH: 28,
    Unit.YEAR: 365,
}
_MOST_DAYS = _LEAST_DAYS | {Unit.MONTH: 31, Unit.YEAR: 366}
_CALENDAR_DAYS = {
    CalendarSpan.TODAY: 1,
    CalendarSpan.WEEK: 7,
    CalendarSpan.MONTH: 31,
    CalendarSpan.QUARTER: 92,
    CalendarSpan.YEAR: 366,
}
# Of these, what is seen already gives the answer.
_SEEN_IS_ENOUGH = ("latest", "days since last")
_AT_LEAST = ("count", "distinct", "distinct days", "most")


@attrs.frozen
class Need:
    """A kind of event and how many days back a selection looks for it, at least."""

    kind: str
    days: float


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each selection that needs events from before its feed begins.

    Lengths in months and years are told from days by the shortest of the one and the longest of the
    other, so that `1mo` and `30d` are never set against each other.
    """
    for each in counted(model, files):
        if each.how in _SEEN_IS_ENOUGH:
            continue
        short = next(
            (need for need in _needs(each.of, EVER) if need.days > _kept_days(model, need.kind)), None
        )
        if short is not None:
            yield _finding(each, model.kinds[short.kind], short.days)


def _finding(each: Counted, kind: ir.Kind, days: float) -> Diagnostic:
    assert kind.kept is not None
    length = _in_words(kind.kept)
    effect = "it may count too few" if each.how in _AT_LEAST else "it stays missing"
    back = "all the way" if days == EVER else "further than that"
    return Diagnostic(
        CODE,
        f"`{kind.name}` is kept for {length}, and `{each.words}` looks back {back}: {effect}",
        Label(each.place),
        () if kind.place is None else (Label(kind.place, f"kept for {length}"),),
        f"give it a window of {length} at most, or have the events kept for longer",
        Severity.WARNING,
    )


def _kept_days(model: ir.Model, kind: str) -> float:
    kept = model.kinds[kind].kept
    return EVER if kept is None else kept.count * _MOST_DAYS[kept.unit]


def _needs(of: ir.Selection, back: float) -> Iterator[Need]:
    """Yield what a selection looks for, where what stands around it looks `back` days."""
    match of:
        case ir.Events(kinds):
            yield from (Need(kind, back) for kind in kinds)
        case ir.Union(members):
            for member in members:
                yield from _needs(member, back)
        case ir.Where(inner, _):
            yield from _needs(inner, back)
        case ir.During(inner, span):
            yield from _needs_in_span(inner, span, back)
        case ir.Then(earlier, later, within):
            yield from _needs(later, back)
            yield from _needs(earlier, EVER if within is None else back + _least_days(within))
        case ir.ThenNo(earlier, later):
            yield from _needs(earlier, back)
            yield from _needs(later, back)
        case ir.People() | ir.Idle():
            return


def _needs_in_span(inner: ir.Selection, span: ir.Span, back: float) -> Iterator[Need]:
    match span:
        case ir.Back(start):
            yield from _needs(inner, min(back, _least_days(start)))
        case ir.OnCalendar(name):
            yield from _needs(inner, min(back, _CALENDAR_DAYS[name]))
        case ir.Always() | ir.Before():
            yield from _needs(inner, back)
        case ir.After("first", first):
            yield from _needs(first, EVER)
        case ir.After() | ir.Since() | ir.Ahead():
            return  # how far back that is, only the lead tells


def _least_days(length: Duration) -> float:
    return length.count * _LEAST_DAYS[length.unit]


def _in_words(length: Duration) -> str:
    """Write a length as the language does: `90d`, `2 years`."""
    if length.unit is Unit.DAY:
        return f"{length.count}d"
    return f"{length.count} {length.unit.value}" + ("" if length.count == 1 else "s")
