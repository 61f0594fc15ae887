"""The code of spans of time: for days and instants of fields and properties, and the edges of windows."""

from datetime import date, datetime

from mqldsl.evaluate.generated.frame import Frame, Making, Scope
from mqldsl.evaluate.generated.memory import OfTime
from mqldsl.evaluate.generated.shapes import Plain
from mqldsl.model import ir
from mqldsl.model.calendar import Duration, day_of, days_back, days_forward, midnight, span_days
from mqldsl.model.types import Date, Type


def holds(
    making: Making, kind: Type, value: str, span: ir.Span, scope: Scope
) -> tuple[str, list[str]] | None:
    """Return code that says whether a day or instant lies in a span, and what may lack; None: not made into code."""
    if isinstance(span, ir.After):
        return None
    if isinstance(span, ir.Since | ir.Before):
        moment = moment_of(making, span.moment, scope, as_day=isinstance(kind, Date))
        if moment is None:
            return None
        sign = ">=" if isinstance(span, ir.Since) else "<"
        return f"{value} {sign} {moment.code}", [moment.code] if moment.may_lack else []
    if isinstance(kind, Date):
        return _day_in(making.frame, value, span), []
    return _instant_in(making.frame, value, span), []


def event_tests(making: Making, span: ir.Span, scope: Scope) -> tuple[str, str] | None:
    """Return the tests of an event's instant `at` in a window, and the variable that the window may lack."""
    frame = making.frame
    match span:
        case ir.Back(start, end):
            last = "" if end is None else f" and at <= {frame.edge_back(end)}"
            return f"at > {frame.edge_back(start)}{last}", ""
        case ir.OnCalendar():
            return f"at >= {first_instant(frame, span)}", ""
        case ir.Since(moment) | ir.Before(moment):
            told = moment_of(making, moment, scope, as_day=False)
            if told is None:
                return None
            sign = ">=" if isinstance(span, ir.Since) else "<"
            return f"at {sign} {told.code}", told.code if told.may_lack else ""
        case _:
            return None


def _day_in(frame: Frame, value: str, span: ir.Span) -> str:
    today = frame.today()
    match span:
        case ir.Back(start, None):
            return f"{frame.of_today(('days back', start), lambda day: days_back(day, start))} < {value} <= {today}"
        case ir.Back(start, Duration() as end):
            first = frame.of_today(("days back", start), lambda day: days_back(day, start))
            last = frame.of_today(("days back", end), lambda day: days_back(day, end))
            return f"{first} < {value} <= {last}"
        case ir.Ahead(length):
            last = frame.of_today(("days ahead", length), lambda day: days_forward(day, length))
            return f"{today} <= {value} <= {last}"
        case ir.OnCalendar(name):
            first = frame.of_today(("first day", name), lambda day: span_days(name, day)[0])
            behind = frame.of_today(("day behind", name), lambda day: span_days(name, day)[1])
            return f"{first} <= {value} < {behind}"
        case _:
            raise AssertionError("the resolver lets no other span follow a date")


def _instant_in(frame: Frame, value: str, span: ir.Span) -> str:
    match span:
        case ir.Back(start, end):
            last = frame.now() if end is None else frame.edge_back(end)
            return f"{frame.edge_back(start)} < {value} <= {last}"
        case ir.Ahead(length):
            return f"{frame.now()} <= {value} <= {frame.edge_ahead(length)}"
        case ir.OnCalendar():
            return f"{first_instant(frame, span)} <= {value} < {behind_instant(frame, span)}"
        case _:
            return "True"


def first_instant(frame: Frame, span: ir.OnCalendar) -> str:
    """Return the variable of the instant at which a calendar span around as-of begins."""
    zone, name = frame.zone, span.name
    return frame.of_now(("first", name), lambda now: midnight(span_days(name, day_of(now, zone))[0], zone))


def behind_instant(frame: Frame, span: ir.OnCalendar) -> str:
    """Return the variable of the first instant behind a calendar span around as-of."""
    zone, name = frame.zone, span.name
    return frame.of_now(("behind", name), lambda now: midnight(span_days(name, day_of(now, zone))[1], zone))


def moment_of(making: Making, node: ir.Operand, scope: Scope, *, as_day: bool) -> Plain | None:
    """Write the code of the day or instant that a span is told from, as a day or as an instant."""
    frame = making.frame
    if isinstance(node, ir.Constant):
        assert isinstance(node.value, date)
        return Plain(frame.slot(turned(frame, node.value, as_day=as_day)), may_lack=False)
    shape = making.operand(node, scope)
    if not isinstance(shape, Plain):
        return None
    if isinstance(node.type, Date) == as_day:
        return shape
    memory = frame.slot(OfTime(lambda moment: turned(frame, moment, as_day=as_day)), ("turned", as_day))
    code = f"{memory}[{shape.code}]"
    return Plain(
        frame.bound(scope, f"(None if {shape.code} is None else {code})" if shape.may_lack else code),
        shape.may_lack,
    )


def turned(frame: Frame, moment: date, *, as_day: bool) -> date:
    """Return a day or an instant as the other of the two, in the definition's zone."""
    if as_day:
        return day_of(moment, frame.zone) if isinstance(moment, datetime) else moment
    return moment if isinstance(moment, datetime) else midnight(moment, frame.zone)
