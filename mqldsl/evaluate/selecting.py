"""Selections: which events, records and people belong, which may, and where more may be unseen."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from mqldsl.evaluate.outcome import NOTHING, Absent, Answer, Asking, Chosen, Gap, Lack, Lacks, Member, Outcome
from mqldsl.evaluate.situation import COMPANY_KEY, Event
from mqldsl.evaluate.spans import Limits, Unlimited, limits
from mqldsl.model import ir
from mqldsl.model.calendar import BusinessHours, Duration, back, forward, later
from mqldsl.model.folding import fold
from mqldsl.model.types import BLANK, Blank, Value

_TICK = timedelta(microseconds=1)


def choose(asking: Asking, node: ir.Selection, zone: ZoneInfo) -> Chosen:
    """Return what a selection holds in the situation at hand."""
    match node:
        case ir.Events(kinds, scope):
            return _events(asking, kinds, scope, zone)
        case ir.Union(members):
            return _union([asking.selection(member).plainly() for member in members])
        case ir.People():
            return _people(asking)
        case ir.Where(of, condition):
            return _where(asking, asking.selection(of), condition)
        case ir.During(of, span):
            return _during(asking.selection(of), limits(asking, span, None, zone))
        case ir.Then(earlier, later, within, same):
            return _then(
                asking.selection(earlier),
                asking.selection(later),
                Link(within, same, asking.model.header.hours, zone),
            )
        case ir.ThenNo(earlier, later, within, same):
            link = Link(within, same, asking.model.header.hours, zone)
            return _then_no(
                asking.selection(earlier).plainly(),
                asking.selection(later).plainly(),
                link,
                asking.situation.as_of,
            )
        case ir.Idle(every, of):
            return _idle(asking.selection(of).plainly(), every, asking.situation.as_of, zone)


# ------------------------------------------------------------------ all of a kind


def _events(asking: Asking, kinds: tuple[str, ...], scope: ir.Scope, zone: ZoneInfo) -> Chosen:
    situation = asking.situation
    gaps = tuple(gap for gap in (_gap(asking, kind, zone) for kind in kinds) if gap is not None)
    company, is_untold = situation.company, situation.may_have_company(asking.model)
    if scope == "lead" or (scope == "colleagues" and company is None):
        events = situation.lead.events
        if scope == "colleagues" and is_untold:
            gaps = (*gaps, Gap("people", None))
    elif company is None:
        lack = Lack(COMPANY_KEY, "field", blank=not is_untold)
        return Chosen(absent=Absent(not is_untold, frozenset({lack})))
    elif scope == "company":
        events = company.events
    else:
        others = company.people
        events = tuple(event for lead in (situation.lead, *(others or ())) for event in lead.events)
        if others is None:
            gaps = (*gaps, Gap("people", None))
    wanted = frozenset(kinds)
    return Chosen(tuple(event for event in events if event.kind in wanted), gaps=gaps)


def _gap(asking: Asking, kind: str, zone: ZoneInfo) -> Gap | None:
    """Return where events of a kind may be unseen: everywhere without a feed, else behind what is kept."""
    if kind not in asking.situation.feeds:
        return Gap(kind, None)
    kept = asking.model.kinds[kind].kept
    return None if kept is None else Gap(kind, back(asking.situation.as_of, kept, zone))


def _people(asking: Asking) -> Chosen:
    company = asking.situation.company
    if company is None and not asking.situation.may_have_company(asking.model):
        return Chosen((asking.situation.lead,))
    if company is None or company.people is None:
        return Chosen((asking.situation.lead,), gaps=(Gap("people", None),))
    return Chosen((asking.situation.lead, *company.people))


def _union(parts: list[Chosen]) -> Chosen:
    """Put selections together; an event that is sure in one of them is sure, and counts once."""
    absent = next((part.absent for part in parts if part.absent is not None), None)
    if absent is not None:
        return Chosen(absent=absent)
    members = {id(member): member for part in parts for member in part.members}
    maybe = {id(member): member for part in parts for member in part.maybe if id(member) not in members}
    gaps = tuple(dict.fromkeys(gap for part in parts for gap in part.gaps))
    lacks = frozenset(lack for part in parts for lack in part.lacks)
    lacks_of: dict[int, Lacks] = {}
    for part in parts:
        # Of events that a window has left out, what made them doubtful matters no more.
        for member in map(id, part.maybe):
            lacks_of[member] = lacks_of.get(member, NOTHING) | part.lacks_of.get(member, NOTHING)
    return Chosen(tuple(members.values()), tuple(maybe.values()), gaps, lacks, lacks_of=lacks_of)


# ------------------------------------------------------------------ narrowed


def _where(asking: Asking, chosen: Chosen, condition: ir.Condition) -> Chosen:
    members: list[Member] = []
    maybe: list[Member] = []
    doubtful: list[Member] = []
    unlikely: list[Member] = []
    lacks_of = dict(chosen.lacks_of)
    was_sure = frozenset(id(member) for member in chosen.members)
    was_doubtful = frozenset(id(member) for member in (*chosen.doubtful, *chosen.unlikely))
    was_unlikely = frozenset(id(member) for member in chosen.unlikely)
    for member in (*chosen.members, *chosen.maybe, *chosen.unlikely):
        answer, left_out = _belongs(asking, member, condition)
        in_doubt = answer.is_open or id(member) in was_doubtful
        if (answer.value is None and left_out) or True not in answer.can_be:
            # What made it doubtful matters no more, not even where another selection has it, too.
            lacks_of.pop(id(member), None)
            continue
        if in_doubt or id(member) not in was_sure:
            lacks_of[id(member)] = lacks_of.get(id(member), NOTHING) | answer.lacks
        if answer.value is None or id(member) not in was_sure | was_unlikely:
            maybe.append(member)
        elif answer.value is False or id(member) in was_unlikely:
            unlikely.append(member)
        else:
            members.append(member)
            doubtful += [member] if in_doubt else []
    return Chosen(
        tuple(members),
        tuple(maybe),
        chosen.gaps,
        chosen.lacks,
        chosen.absent,
        tuple(doubtful),
        tuple(unlikely),
        lacks_of,
    )


def _belongs(asking: Asking, member: Member, condition: ir.Condition) -> tuple[Answer, bool]:
    """Answer the brackets for an event or a person, and whether one that is unknown stays out.

    What only a blank property keeps open stays out: nobody will fill in a past event.
    """
    if isinstance(member, Event):
        answer = asking.condition(condition, member).answer
        return answer, all(lack.kind == "property" and lack.blank for lack in answer.lacks)
    outcome = asking.about(member).condition(condition)
    blank_only = all(lack.kind == "field" and lack.blank for lack in outcome.answer.lacks)
    return outcome.answer, blank_only and not _open_clause(outcome)


def _open_clause(outcome: Outcome) -> bool:
    """Say whether a named clause is among what keeps an answer open: it is no property of a person."""
    if isinstance(outcome.node, ir.ClauseRef):
        return outcome.answer.value is None
    return any(_open_clause(part) for part in outcome.parts)


def _during(chosen: Chosen, found: Limits | Unlimited | None) -> Chosen:
    if chosen.absent is not None:
        return chosen
    if found is None:
        return Chosen()
    if isinstance(found, Unlimited):
        everyone = (*chosen.members, *chosen.maybe, *chosen.unlikely)
        # Even where nothing is seen: the count over a span that cannot be told is not sure.
        gaps = chosen.gaps
        return Chosen((), everyone, gaps, chosen.lacks | found.lacks, lacks_of=chosen.lacks_of)
    gaps = tuple(
        gap for gap in chosen.gaps if gap.until is None or found.start is None or found.start < gap.until
    )

    def inside(members: tuple[Member, ...]) -> tuple[Member, ...]:
        return tuple(member for member in members if _holds(found, member))

    return Chosen(
        inside(chosen.members),
        inside(chosen.maybe),
        gaps,
        chosen.lacks,
        None,
        inside(chosen.doubtful),
        inside(chosen.unlikely),
        chosen.lacks_of,
    )


def _holds(found: Limits, member: Member) -> bool:
    return isinstance(member, Event) and member.at is not None and found.hold(member.at)


# ------------------------------------------------------------------ order


@attrs.frozen
class Link:
    """What makes one event follow another: how soon, and which values are the same."""

    within: Duration | None
    same: tuple[str, ...]
    hours: BusinessHours | None
    zone: ZoneInfo

    def end(self, start: datetime) -> datetime | None:
        """Return the last instant that still follows `start`; None for no limit."""
        return None if self.within is None else later(start, self.within, self.hours, self.zone)

    def in_time(self, first: Event, second: Event) -> bool:
        """Say whether `second` comes strictly later, and soon enough."""
        assert first.at is not None
        assert second.at is not None
        end = self.end(first.at)
        return first.at < second.at and (end is None or second.at <= end)


def _then(earlier: Chosen, later: Chosen, link: Link) -> Chosen:
    absent = earlier.absent or later.absent
    if absent is not None:
        return Chosen(absent=absent)
    members: list[Member] = []
    maybe: list[Member] = []
    lacks = earlier.open_lacks | later.open_lacks
    lacks_of: dict[int, Lacks] = {}
    sure = frozenset(id(member) for member in later.members)
    for event in _timed((*later.members, *later.maybe)):
        best, found = _best_match(
            ((first, event, is_sure) for first, is_sure in _with_sureness(earlier)), link
        )
        lacks |= found
        if best == "no" and _may_be_unseen_before(event, earlier, link):
            best = "maybe"
            lacks_of[id(event)] = earlier.all_lacks
        if best == "yes" and id(event) in sure:
            members.append(event)
        elif best != "no":
            maybe.append(event)
    return Chosen(tuple(members), tuple(maybe), later.gaps, lacks, lacks_of=lacks_of)


def _best_match(pairs: Iterable[tuple[Event, Event, bool]], link: Link) -> tuple[str, Lacks]:
    """Say whether one of the pairs is in order, in time and carries the same values: yes, maybe or no."""
    best = "no"
    lacks: Lacks = NOTHING
    for first, second, is_sure in pairs:
        if not link.in_time(first, second):
            continue
        alike, found = _alike(first, second, link.same)
        if alike == "yes" and is_sure:
            return "yes", NOTHING
        if alike != "no":
            best = "maybe"
            lacks |= found
    return best, lacks


def _may_be_unseen_before(event: Event, earlier: Chosen, link: Link) -> bool:
    assert event.at is not None
    for gap in earlier.gaps:
        latest = event.at - _TICK if gap.until is None else min(gap.until, event.at) - _TICK
        end = link.end(latest)
        if end is None or end >= event.at:
            return True
    return False


def _then_no(earlier: Chosen, later: Chosen, link: Link, as_of: datetime) -> Chosen:
    absent = earlier.absent or later.absent
    if absent is not None:
        return Chosen(absent=absent)
    members: list[Member] = []
    maybe: list[Member] = []
    lacks = earlier.open_lacks
    lacks_of: dict[int, Lacks] = {}
    sure = frozenset(id(member) for member in earlier.members)
    for event in _timed((*earlier.members, *earlier.maybe)):
        assert event.at is not None
        end = link.end(event.at)
        if end is not None and end > as_of:
            continue
        followed, found = _best_match(
            ((event, second, is_sure) for second, is_sure in _with_sureness(later)), link
        )
        lacks |= found if followed == "no" else found | later.open_lacks
        uncovered = [gap for gap in later.gaps if gap.until is None or event.at < gap.until]
        if followed == "no" and uncovered:
            followed = "maybe"
            lacks_of[id(event)] = frozenset(Lack(gap.kind, "feed") for gap in uncovered)
        if followed == "no" and id(event) in sure:
            members.append(event)
        elif followed != "yes":
            maybe.append(event)
    return Chosen(tuple(members), tuple(maybe), earlier.gaps, lacks, lacks_of=lacks_of)


def _with_sureness(chosen: Chosen) -> Iterator[tuple[Event, bool]]:
    for event in _timed(chosen.members):
        yield event, True
    for event in _timed(chosen.maybe):
        yield event, False


def _timed(members: tuple[Member, ...]) -> Iterator[Event]:
    for member in members:
        if isinstance(member, Event) and member.at is not None:
            yield member


def _alike(a: Event, b: Event, same: tuple[str, ...]) -> tuple[str, Lacks]:
    """Say whether two events carry the same known values: `yes`, `no`, or `maybe` for what was not supplied."""
    lacks: Lacks = NOTHING
    for name in same:
        first, second = a.properties.get(name), b.properties.get(name)
        if first is None or second is None:
            lacks |= frozenset(
                Lack(f"{event.kind}.{name}", "property") for event in (a, b) if name not in event.properties
            )
        elif first is BLANK or second is BLANK or comparable(first) != comparable(second):
            return "no", NOTHING
    return ("maybe", lacks) if lacks else ("yes", NOTHING)


def comparable(value: Value | Blank) -> object:
    """Return what `=` compares: folded text, other values as they are."""
    return fold(value) if isinstance(value, str) else value


# ------------------------------------------------------------------ idle time


def _idle(chosen: Chosen, every: Duration, as_of: datetime, zone: ZoneInfo) -> Chosen:
    """Return an event for each whole `every` that passed since one of `chosen`, with none in between."""
    if chosen.absent is not None:
        return chosen
    sure: list[Member] = []
    maybe: list[Member] = []
    times = sorted({event.at for event in _timed(chosen.members) if event.at is not None})
    unsure = sorted({event.at for event in _timed(chosen.maybe) if event.at is not None})
    horizon = [gap.until for gap in chosen.gaps]
    for number, start in enumerate(times):
        end = times[number + 1] if number + 1 < len(times) else None
        for instant in steps_of(start, every, as_of if end is None else min(end, as_of), zone):
            broken = any(start < other < instant for other in unsure)
            broken = broken or any(until is None or start < until for until in horizon)
            (maybe if broken else sure).append(Event("", instant))
    for start in unsure:
        maybe += [Event("", instant) for instant in steps_of(start, every, as_of, zone)]
    gaps = chosen.gaps and _stretched(chosen.gaps, times)
    return Chosen(tuple(sure), tuple(maybe), gaps, chosen.open_lacks)


def steps_of(start: datetime, every: Duration, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield each instant, up to `end`, at which another whole `every` has passed since `start`."""
    number = 1
    instant = forward(start, every, zone)
    while start < instant <= end:
        yield instant
        number += 1
        instant = forward(start, Duration(every.count * number, every.unit), zone)


def _stretched(gaps: tuple[Gap, ...], times: list[datetime]) -> tuple[Gap, ...]:
    """Unseen events give unseen idle time up to the first event that is seen behind the gap."""
    stretched = []
    for gap in gaps:
        behind = [] if gap.until is None else [time for time in times if time >= gap.until]
        stretched.append(Gap(gap.kind, behind[0] if behind else None))
    return tuple(stretched)
