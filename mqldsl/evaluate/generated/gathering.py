"""Selections that one pass over the events can gather: a kind, windows, and brackets that look at the event alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeAlias

import attrs

from mqldsl.evaluate.generated import spans
from mqldsl.evaluate.generated.frame import Frame, Making, NotHere, Scope
from mqldsl.evaluate.generated.readers import Named
from mqldsl.evaluate.generated.shapes import Counted, Plain, Shape, Truth
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.model import ir
from mqldsl.model.dependencies import names_in, pieces

Summary: TypeAlias = ir.HowMany | ir.DaysSinceEvent | ir.Aggregate


@attrs.frozen
class Window:
    """The tests of an event's time; `length` is that of the one exact window back from as-of, if there is one."""

    edge: str | None = None
    length: timedelta | None = None
    tests: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@attrs.frozen
class Filter:
    """The brackets for one kind of event: lines, and the answers that all must be yes."""

    lines: tuple[str, ...]
    answers: tuple[Truth, ...]
    may_be_open: str = ""
    belongs: str = ""
    of_event: bool = True


@attrs.define(eq=False)
class Gathered:
    """One selection as the pass gathers it: what is wanted of it, and the variables that hold it."""

    number: int
    kinds: tuple[str, ...]
    window: Window
    filters: dict[str, Filter]
    kept: dict[str, str]
    wants: set[str] = attrs.field(factory=set)
    is_open: str | None = None

    def variable(self, letter: str) -> str:
        """Return the variable of one thing that is wanted."""
        self.wants.add(letter)
        return f"{letter}_{self.number}"

    @property
    def may_be_unsure(self) -> bool:
        """Whether an event may belong that is not sure to."""
        lacks = any(truth.may_lack for each in self.filters.values() for truth in each.answers)
        return lacks or bool(self.window.lacking)

    @property
    def hangs_on_more(self) -> bool:
        """Whether the brackets look at more than the event, so that their answer cannot be kept."""
        return not all(each.of_event for each in self.filters.values())


@attrs.define(eq=False)
class Pass:
    """One pass over the events: what it gathers, the named parts known before it, and what is written just before."""

    known: frozenset[str]
    write: Callable[[Writer], None]
    found: list[Gathered] = attrs.field(factory=list)
    before: Writer = attrs.field(factory=Writer)


# ------------------------------------------------------------------ which selections


def of_selection(making: Making, node: ir.Selection) -> Gathered | None:
    """Return a selection as the pass gathers it; None where the reference must choose."""
    if node not in making.gathered:
        making.gathered[node] = _made(making, node)
    found: Gathered | None = making.gathered[node]
    return found


def _made(making: Making, node: ir.Selection) -> Gathered | None:
    taken = _taken_apart(node)
    if taken is None or taken.scope != "lead":
        return None
    key = taken.key
    if key not in making.gathered:
        making.gathered[key] = _built(making, taken)
    found: Gathered | None = making.gathered[key]
    return found


@attrs.frozen
class _Taken:
    """A selection taken apart: the brackets for each kind, and the windows for all."""

    scope: ir.Scope
    brackets: dict[str, tuple[ir.Condition, ...]]
    windows: tuple[ir.Span, ...] = ()

    @property
    def key(self) -> object:
        """What makes two of them the same."""
        brackets = frozenset((kind, frozenset(some)) for kind, some in self.brackets.items())
        return self.scope, brackets, frozenset(self.windows)


def _taken_apart(node: ir.Selection) -> _Taken | None:
    match node:
        case ir.Events(kinds, scope):
            return _Taken(scope, dict.fromkeys(kinds, ()))
        case ir.During(of, span):
            taken = None if isinstance(span, ir.After) else _taken_apart(of)
            return taken and attrs.evolve(taken, windows=tuple(dict.fromkeys((*taken.windows, span))))
        case ir.Where(of, condition):
            taken = _taken_apart(of)
            return taken and attrs.evolve(
                taken,
                brackets={
                    kind: tuple(dict.fromkeys((*some, condition))) for kind, some in taken.brackets.items()
                },
            )
        case ir.Union(members):
            return _together([_taken_apart(member) for member in members])
        case _:
            return None


def _together(parts: list[_Taken | None]) -> _Taken | None:
    """Return several as one, where each kind comes from one of them only and all have the same windows."""
    first, *others = parts
    for other in others:
        if first is None or other is None or other.scope != first.scope or other.windows != first.windows:
            return None
        if any(first.brackets.get(kind, some) != some for kind, some in other.brackets.items()):
            return None
        first = attrs.evolve(first, brackets=first.brackets | other.brackets)
    return first


def _built(making: Making, taken: _Taken) -> Gathered | None:
    frame = making.frame
    windows = taken.windows
    kinds = tuple(taken.brackets)
    try:
        gathers = making.pass_for({*names_in(windows), *names_in(tuple(taken.brackets.values()))})
        window = _window(making, windows, gathers.before)
        filters = {
            kind: filter_of(making, frame.model.kinds[kind], some) for kind, some in taken.brackets.items()
        }
        kept = {kind: code for kind in kinds if (code := _reaches_back(frame, kind, windows)) != "False"}
    except NotHere:
        return None
    frame.kinds.update(kinds)
    number = len({id(each) for each in making.gathered.values() if each is not None}) + 1
    made = Gathered(number, kinds, window, filters, kept)
    if made.may_be_unsure:
        made.wants.add("m")
    gathers.found.append(made)
    return made


def _window(making: Making, windows: tuple[ir.Span, ...], out: Writer) -> Window:
    frame = making.frame
    tests: list[str] = []
    lacking: list[str] = []
    exact: list[ir.Back] = []
    before = Scope(out, is_early=True)
    for span in windows:
        match span:
            case ir.Back(start, end):
                if start.is_exact:
                    exact.append(span)
                else:
                    tests.append(f"at > {frame.edge_back(start)}")
                tests += [f"at <= {frame.edge_back(end)}"] if end is not None else []
            case ir.OnCalendar():
                tests.append(f"at >= {spans.first_instant(frame, span)}")
            case ir.Since(moment) | ir.Before(moment):
                told = spans.moment_of(making, moment, before, as_day=False)
                if told is None:
                    raise NotHere
                code = f"at {'>=' if isinstance(span, ir.Since) else '<'} {told.code}"
                tests.append(f"({told.code} is None or {code})" if told.may_lack else code)
                lacking += [told.code] if told.may_lack else []
            case _:
                continue
    exact.sort(key=lambda span: span.start.exact)
    tests += [f"at > {frame.edge_back(span.start)}" for span in exact[1:]]
    if not exact:
        return Window(None, None, tuple(tests), tuple(lacking))
    shortest = exact[0].start
    return Window(frame.edge_back(shortest), shortest.exact, tuple(tests), tuple(lacking))


def filter_of(
    making: Making, kind: ir.Kind, conditions: tuple[ir.Condition, ...], *, may_open: bool = False
) -> Filter:
    """Return the brackets for one kind of event; `may_open` where an answer may be a yes or no that could turn.

    Only then there is one answer for each condition; else several may stand for one.
    """
    out = Writer(depth=0)
    scope = Scope(out, kind)
    parts = conditions if may_open else [part for each in conditions for part in _all_of(each)]
    answers = [making.condition(each, scope) for each in parts]
    if not may_open and any(answer.may_open for answer in answers):
        raise NotHere
    inside = [part for each in conditions for part in pieces(each)]
    names = {
        part.name for part in inside if isinstance(part, ir.PropertyValue) and part.name in kind.properties
    }
    absent = " or ".join(f"{making.frame.text(name)} not in e" for name in sorted(names)) or "False"
    of_lead = any(isinstance(part, ir.FieldValue | ir.NamedValue | ir.ClauseRef) for part in inside)
    of_event = not of_lead and not any(isinstance(part, ir.InSpan | ir.DaysBetween) for part in inside)
    belongs = f"may_belong(ref, {making.frame.slot(conditions)}, e, reads)"
    if not of_lead and len(names) <= 1 and len(conditions) <= 1:
        belongs = ""  # the one property alone decides
    return Filter(
        tuple(line for line in out.lines if isinstance(line, str)),
        tuple(answers),
        "True" if of_lead else absent,
        belongs,
        of_event,
    )


def _all_of(node: ir.Condition) -> Iterator[ir.Condition]:
    """Yield what must all be yes for a condition to be; comparisons stay together, as the ends of `between`."""
    match node:
        case ir.Count(parts, least, most) if least == len(parts) <= most and not all(
            isinstance(part.condition, ir.Compare) for part in parts
        ):
            for part in parts:
                yield from _all_of(part.condition)
        case _:
            yield node


def _reaches_back(frame: Frame, kind: str, windows: tuple[ir.Span, ...]) -> str:
    """Return code that says whether a selection looks further back than a feed goes."""
    kept = frame.model.kinds[kind].kept
    if kept is None:
        return "False"
    until = frame.edge_back(kept)
    tests: list[str] = []
    for span in windows:
        match span:
            case ir.Back(start, _):
                if start.is_exact and kept.is_exact:
                    if start.exact <= kept.exact:
                        return "False"
                else:
                    tests.append(f"{frame.edge_back(start)} < {until}")
            case ir.OnCalendar():
                tests.append(f"{spans.first_instant(frame, span)} < {until}")
            case ir.Since(ir.Constant(value, _)):
                moment = spans.turned(frame, value, as_day=False)  # type: ignore[arg-type] # a day or an instant
                tests.append(f"{frame.slot(moment)} < {until}")
            case ir.Since():
                raise NotHere
            case _:
                continue
    return " and ".join(tests) or "True"


# ------------------------------------------------------------------ what is told of them


def is_open(making: Making, found: Gathered, scope: Scope) -> str:
    """Return code that says whether more events may belong than were seen."""
    if found.is_open is None:
        codes = [f"g{making.frame.kind_number(kind)}" for kind in found.kinds]
        codes += [f"({code})" for code in found.kept.values()]
        if found.may_be_unsure:
            codes.append(found.variable("m"))
        always = any(code == "True" for code in found.kept.values())
        found.is_open = (
            "True" if always else making.frame.bound(scope, f"({' or '.join(codes) or 'False'})", "o")
        )
    return found.is_open


def unseen_of_late(making: Making, found: Gathered) -> str:
    """Return code that says whether later events may be unseen than those that were seen."""
    codes = [f"g{making.frame.kind_number(kind)}" for kind in found.kinds]
    codes += [found.variable("m")] if found.may_be_unsure else []
    return " or ".join(codes) or "False"


def last(making: Making, found: Gathered, scope: Scope) -> str:
    """Return the variable of the instant of the last event, None where it is not sure."""
    latest = found.variable("l")
    return making.frame.bound(scope, f"(None if {unseen_of_late(making, found)} else {latest})")


def summed_up(making: Making, node: Summary, found: Gathered, scope: Scope) -> Shape:
    """Write the code of a count or another aggregate of a selection that the pass gathers."""
    frame = making.frame
    match node:
        case ir.HowMany():
            return Counted(found.variable("n"), is_open(making, found, scope))
        case ir.DaysSinceEvent(which, _):
            now = frame.now()
            if which == "last":
                at = last(making, found, scope)
            else:
                unsure = is_open(making, found, scope)
                at = frame.bound(scope, f"(None if {unsure} else {found.variable('f')})")
            return Plain(frame.bound(scope, f"(None if {at} is None else ({now} - {at}) // DAY)"))
        case ir.Aggregate("distinct days"):
            zone = frame.slot(frame.zone, "zone")
            code = f"distinct_days({found.variable('t')}, {zone})"
            return Counted(frame.bound(scope, code), is_open(making, found, scope))
        case ir.Aggregate(kind, ir.PropertyValue(name, of)):
            readers = frame.slot({each: reader(frame, each, name) for each in found.kinds})
            rows, unsure = found.variable("r"), is_open(making, found, scope)
            if kind in ("distinct", "most"):
                count, more = frame.variable("n"), frame.variable("o")
                scope.out.line(f"{count}, {more} = {kind}({rows}, {readers})")
                return Counted(count, frame.bound(scope, f"({more} or {unsure})"))
            if kind in ("latest", "earliest"):
                unsure = unseen_of_late(making, found) if kind == "latest" else unsure
                at_end = frame.slot(of, ("type", of))
                code = f"(None if {unsure} else at_the_end({rows}, {readers}, {kind == 'latest'}, {at_end}))"
                return Plain(frame.bound(scope, code))
            of_type = frame.slot(of, ("type", of))
            how = frame.text(kind)
            return Plain(
                frame.bound(scope, f"(None if {unsure} else of_values({how}, {rows}, {readers}, {of_type}))")
            )
        case _:
            raise AssertionError("gathered() takes no other")


def reader(frame: Frame, kind: str, name: str) -> Named | None:
    """Return the name of a property and its reader; None where events of this kind have no such property."""
    declared = frame.model.kinds[kind]
    return (name, frame.property_reader(declared, name)) if name in declared.properties else None
