"""How far back a definition looks at each kind of event."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

import attrs

from mqldsl.model import ir
from mqldsl.model.calendar import MIN, Duration, back, day_of, midnight, span_days
from mqldsl.model.dependencies import fields_of


@attrs.frozen
class Asked:
    """How far back a part looks at a kind; `since` is None for all that ever was. `words` say it as the text does."""

    kind: str
    part: str
    since: datetime | None
    words: str


def asked_of(model: ir.Model, as_of: datetime) -> dict[str, list[Asked]]:
    """Return what is asked of each kind, the farthest back first."""
    found: dict[str, list[Asked]] = {name: [] for name in model.kinds}
    for name, part in model.named.items():
        for asked in _in_part(name, part, as_of, ZoneInfo(model.header.zone)):
            if asked not in found.setdefault(asked.kind, []):
                found[asked.kind].append(asked)
    for each in found.values():
        each.sort(key=lambda it: MIN if it.since is None else it.since)
    return found


def _in_part(name: str, part: object, as_of: datetime, zone: ZoneInfo) -> Iterator[Asked]:
    stack: list[tuple[object, datetime | None, str]] = [(part, None, "ever")]
    while stack:
        node, since, words = stack.pop()
        if isinstance(node, tuple):
            stack.extend((each, since, words) for each in reversed(node))
            continue
        if not isinstance(node, ir.Node):
            continue
        if isinstance(node, ir.Events):
            yield from (Asked(kind, name, since, words) for kind in node.kinds)
        elif isinstance(node, ir.During):
            start, told = _start(node.span, as_of, zone)
            if start is not None and (since is None or start > since):
                since, words = start, told
            stack.append((node.of, since, words))
        else:
            stack.extend((getattr(node, field), since, words) for field in reversed(fields_of(type(node))))


def _start(span: ir.Span, as_of: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """Return when a span begins, or None where nothing fixed says it, and how the text says it."""
    match span:
        case ir.Back(start):
            return back(as_of, start, zone), duration_said(start)
        case ir.Since(ir.Constant(value)) if isinstance(value, datetime):
            return value, f"since {value.date()}"
        case ir.Since(ir.Constant(value)) if isinstance(value, date):
            return midnight(value, zone), f"since {value}"
        case ir.OnCalendar(name):
            first, _ = span_days(name, day_of(as_of, zone))
            return midnight(first, zone), name.value if name.value == "today" else f"this {name.value}"
        case ir.Since() | ir.Before() | ir.After() | ir.Always() | ir.Ahead():
            return None, "ever"
        case _:
            assert_never(span)


def duration_said(duration: Duration) -> str:
    """Return a length of time in words."""
    return f"{duration.count} {duration.unit.value}{'' if duration.count == 1 else 's'}"
