"""Selections and windows: which events are meant, and in which span of time."""

from collections.abc import Mapping
from typing import NoReturn

from mqldsl.model import ir
from mqldsl.model.calendar import CalendarSpan, Duration, Unit
from mqldsl.model.dependencies import weight
from mqldsl.model.namespace import Entry
from mqldsl.model.resolver import LEAD, Resolver, Scope, UnresolvedError, circle_in_words, in_words
from mqldsl.model.types import Date, Labels, Time, Type
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

# One named selection inside the other, and pieces of meaning in one, with those of what it names.
MOST_LEVELS = 200
MOST_PIECES = 2_000
BUSINESS_UNITS = (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY)


class Selections(Resolver):
    """Resolves what selects events, records and people."""

    _selecting: list[str]
    _selected: dict[str, ir.Selection]
    _circular: set[str]
    _refused: set[str]
    _weights: dict[int, tuple[int, int]]
    kinds: dict[str, ir.Kind]
    has_hours: bool

    # -------------------------------------------------------------- what selects

    def is_selection(self, node: tree.Expression, scope: Scope) -> bool:
        """Say whether `node` selects something, without reporting anything."""
        match node:
            case tree.Ref():
                return self._is_event_name(node, scope)
            case tree.Filtered() | tree.Sequence() | tree.Without():
                return True
            case tree.Windowed(of) | tree.Brackets(of):
                return self.is_selection(of, scope)
            case _:
                return False

    def _is_event_name(self, ref: tree.Ref, scope: Scope) -> bool:
        name = ref.name.text
        if ref.owner is not None:
            entry = self.namespace.get(name)
            return (
                ref.owner.text == "account"
                and name not in self.namespace.account_fields
                and entry is not None
                and entry.word in ("event", "record")
            )
        if scope.properties is not None and name in scope.properties:
            return False
        if not ref.name.quoted and name in ("people", "activity"):
            return True
        entry = self.namespace.get(name)
        return entry is not None and entry.word in ("event", "record")

    def selection(self, node: tree.Expression, scope: Scope) -> ir.Selection:
        """Return the meaning of a selection, or say why there is none."""
        match node:
            case tree.Ref():
                return self._named(node, scope)
            case tree.Filtered(events, condition):
                of = self._named(events, scope)
                return ir.Where(
                    of, self.condition(condition, self._inside(of, scope)), place=self.place(node)
                )
            case tree.Windowed(of_node, window):
                return self.during(self.selection(of_node, scope), window, scope, node)
            case tree.Brackets(inner) if self.is_selection(inner, scope):
                return self.selection(inner, scope)
            case tree.Sequence():
                return self._sequence(node, scope)
            case tree.Without(every, events_node):
                of = self.timed(events_node, scope, "`without` looks at the times of events")
                return ir.Idle(self.duration(every), of, place=self.place(node))
            case _:
                self.refuse(
                    "MQL214",
                    node,
                    f"`{self.words(node)}` does not select any events",
                    'name an event, such as `visits` or `visits(page = "/pricing")`',
                )

    def _inside(self, of: ir.Selection, scope: Scope) -> Scope:
        if isinstance(self._untimed(of), ir.People):
            return Scope(people=True)
        return Scope(self.properties(of), people=scope.people)

    def _named(self, ref: tree.Ref, scope: Scope) -> ir.Selection:
        name = ref.name.text
        if ref.owner is None and not ref.name.quoted:
            if name == "people":
                if scope.people:
                    self.refuse(
                        "MQL212",
                        ref,
                        "`people` stands inside `people`",
                        "give the inner condition to each lead as a clause without `people`",
                    )
                return ir.People(place=self.place(ref))
            if name == "activity":
                kinds = tuple(kind.name for kind in self.kinds.values() if kind.timed and not kind.of_account)
                return ir.Events(kinds, "lead", place=self.place(ref))
        entry = self.namespace.get(name)
        if entry is None or entry.word not in ("event", "record"):
            self.unknown_event(ref)
        selected = self.declared_selection(entry)
        if ref.owner is None:
            return selected
        return self._of_colleagues(selected, ref)

    def unknown_event(self, ref: tree.Ref) -> NoReturn:
        """Report that a name is no event, and give up."""
        name = ref.name.text
        entry = self.namespace.get(name)
        if entry is not None:
            self.refuse(
                "MQL214",
                ref,
                f"`{name}` is a {entry.word}, not an event",
                "only events, records and people can be counted or narrowed with brackets",
            )
        known = [each for each, entry in self.namespace.names.items() if entry.word in ("event", "record")]
        self.refuse(
            "MQL102", ref, f"unknown event `{name}`", did_you_mean(name, known, "declare it: event " + name)
        )

    def declared_selection(self, entry: Entry) -> ir.Selection:
        """Return what an event's declaration selects; a circle of named selections is reported once."""
        declared = entry.declared
        name = declared.name.text
        if isinstance(declared, decl.Event):
            return ir.Events((name,), "company" if declared.of_account else "lead", place=entry.place)
        assert isinstance(declared, decl.NamedSelection)
        if name in self._selected:
            return self._selected[name]
        if name in self._refused or name in self._circular:
            raise UnresolvedError  # reported the first time
        outer = self.source
        self.source = entry.source
        if name in self._selecting:
            circle = [*self._selecting[self._selecting.index(name) :], name]
            self._refused.update(circle)
            self.source = self.namespace.names[name].source
            self.report(
                "MQL103",
                declared.name,
                "events that are made of each other: " + circle_in_words(circle),
                "let one of them stand on its own",
            )
            self.source = outer
            raise UnresolvedError
        self._selecting.append(name)
        try:
            self._selected[name] = self._made_of(declared)
        except UnresolvedError:
            self._refused.add(name)
            raise
        finally:
            self._selecting.pop()
            self.source = outer
        return self._selected[name]

    def _made_of(self, declared: decl.NamedSelection) -> ir.Selection:
        self._need_type_of_property(declared)
        members = self.each(declared.members, lambda node: self.selection(node, LEAD))
        made: ir.Selection = members[0]
        if len(members) > 1:
            if any(isinstance(member, ir.People) for member in members):
                self.refuse(
                    "MQL206", declared, "people and events cannot be taken together", "name events only"
                )
            made = ir.Union(tuple(members), place=self.place(declared))
        size, depth = self._weight(made, declared)
        if declared.where is not None:
            condition = self.condition(declared.where, self._inside(made, LEAD))
            made = ir.Where(made, condition, place=self.place(declared))
            size, depth = self._weight(made, declared)
        self._weights[id(made)] = (size, depth + 1)  # `made` stays, so no other will have its id
        return made

    def _need_type_of_property(self, declared: decl.NamedSelection) -> None:
        """Refuse `event call: page`, which was to be a property and forgot its type."""
        only = declared.members[0]
        if len(declared.members) == 1 and isinstance(only, tree.Ref) and only.owner is None:
            name = only.name.text
            if name not in ("people", "activity") and self.namespace.get(name) is None:
                known = [
                    each for each, found in self.namespace.names.items() if found.word in ("event", "record")
                ]
                remedy = did_you_mean(name, known, f"a property needs its type: `{name} text`, say")
                self.refuse("MQL102", only, f"unknown event `{name}`", remedy)

    def _weight(self, made: ir.Selection, declared: decl.NamedSelection) -> tuple[int, int]:
        """Return how much an event is made of, and how deep; refuse what would take forever to count."""
        size, depth = weight(made, self._weights)
        if depth > MOST_LEVELS:
            self.refuse(
                "MQL005",
                declared.name,
                f"`{declared.name.text}` is made of more than {MOST_LEVELS} events, one inside the other",
                "name the plain events that it is made of",
            )
        if size > MOST_PIECES:
            self.refuse(
                "MQL005",
                declared.name,
                f"`{declared.name.text}` is made of more than {MOST_PIECES:,} pieces",
                "name each event that it is made of once",
            )
        return size, depth

    def _of_colleagues(self, selected: ir.Selection, ref: tree.Ref) -> ir.Selection:
        """Widen a lead's selection to the events of all the people of its company."""
        match selected:
            case ir.Events(kinds, "lead"):
                return ir.Events(kinds, "colleagues", place=self.place(ref))
            case ir.Where(of, condition):
                return ir.Where(self._of_colleagues(of, ref), condition, place=self.place(ref))
            case ir.During(of, span):
                return ir.During(self._of_colleagues(of, ref), span, place=self.place(ref))
            case ir.Union(members):
                return ir.Union(
                    tuple(self._of_colleagues(each, ref) for each in members), place=self.place(ref)
                )
            case ir.Events():
                self.refuse(
                    "MQL214",
                    ref,
                    f"`{ref.name.text}` belongs to the company already",
                    f"write `{ref.name.text}` without `account.`",
                )
            case _:
                self.refuse(
                    "MQL214",
                    ref,
                    f"`account.{ref.name.text}` would follow the order of events across people",
                    "name a plain event behind `account.`",
                )

    # -------------------------------------------------------------- order

    def _sequence(self, node: tree.Sequence, scope: Scope) -> ir.Selection:
        made = self.timed(node.first, scope, "`then` looks at the times of events")
        for number, step in enumerate(node.steps):
            later = self.timed(step.events, scope, "`then` looks at the times of events")
            within = None if step.within is None else self.time_allowed(step.within)
            same = tuple(self._same(name, made, later) for name in step.same)
            if not step.negative:
                made = ir.Then(made, later, within, same, place=self.place(node))
            elif number < len(node.steps) - 1:
                self.refuse(
                    "MQL211",
                    step,
                    "`then no` may only end a chain",
                    "put what came before into an event of its own",
                )
            else:
                made = ir.ThenNo(made, later, within, same, place=self.place(node))
        return made

    def _same(self, name: tree.Name, earlier: ir.Selection, later: ir.Selection) -> str:
        types = []
        for part in (earlier, later):
            known = self.properties(part)
            if name.text not in known:
                self.refuse(
                    "MQL102",
                    name,
                    f"unknown property `{name.text}`: not both sides of `then` have it",
                    did_you_mean(name.text, known, "name a property that both events have"),
                )
            types.append(known[name.text])
        if types[0] != types[1]:
            self.refuse(
                "MQL201",
                name,
                f"`{name.text}` is {in_words(types[0])} on one side of `then` and {in_words(types[1])} on the other",
                "compare properties of one type",
            )
        return name.text

    def timed(self, node: tree.Expression, scope: Scope, why: str) -> ir.Selection:
        """Return a selection of events that have a time."""
        of = self.selection(node, scope)
        self.need_time(of, node, why)
        return of

    def need_time(self, of: ir.Selection, node: tree.Node, why: str) -> None:
        """Refuse people and records where times are asked for."""
        if isinstance(people_or_records := self._untimed(of), ir.People):
            self.refuse(
                "MQL206",
                node,
                f"{why}, and people have none",
                "put the window inside the brackets: people(visit within 30d)",
            )
        if people_or_records is not None:
            dates = [name for name, kind in self.properties(of).items() if isinstance(kind, Date | Time)]
            remedy = "records can be counted and summed up, and have no order in time"
            if dates and "window" in why:
                remedy = f"put a date of the record into its brackets: ({dates[0]} within 30d)"
            self.refuse("MQL206", node, f"{why}, and records have none", remedy)

    def _untimed(self, of: ir.Selection) -> ir.Selection | None:
        match of:
            case ir.People():
                return of
            case ir.Events(kinds):
                return of if any(not self.kinds[kind].timed for kind in kinds) else None
            case ir.Union(members):
                return next((each for each in members if self._untimed(each)), None)
            case ir.Where(inner, _) | ir.During(inner, _):
                return self._untimed(inner)
            case _:
                return None

    # -------------------------------------------------------------- properties

    def properties(self, of: ir.Selection) -> Mapping[str, Type]:
        """Return the properties of all that a selection may hold; types must agree."""
        match of:
            case ir.Events(kinds):
                return self._joined([self.kinds[kind].properties for kind in kinds])
            case ir.Union(members):
                return self._joined([self.properties(member) for member in members])
            case ir.Where(inner, _) | ir.During(inner, _) | ir.Then(_, inner) | ir.ThenNo(inner, _):
                return self.properties(inner)
            case ir.People() | ir.Idle():
                return {}

    def _joined(self, all_properties: list[Mapping[str, Type]]) -> Mapping[str, Type]:
        """Return the properties of several kinds; one that has another type elsewhere cannot be asked for."""
        joined: dict[str, Type] = {}
        mixed: set[str] = set()
        for properties in all_properties:
            for name, kind in properties.items():
                first = joined.setdefault(name, kind)
                if (
                    isinstance(first, Labels)
                    and isinstance(kind, Labels)
                    and not (first.ordered or kind.ordered)
                ):
                    joined[name] = Labels(tuple(dict.fromkeys(first.names + kind.names)))
                elif first != kind:
                    mixed.add(name)
        return {name: kind for name, kind in joined.items() if name not in mixed}

    # -------------------------------------------------------------- windows

    def time_allowed(self, node: tree.Duration) -> Duration:
        """Return a length of time that may be business time, where the head says when that is."""
        length = Duration(node.count, Unit(node.unit))
        if length.unit in BUSINESS_UNITS and not self.has_hours:
            self.report(
                "MQL210",
                node,
                "the definition does not say its business hours",
                "add to the head: business hours mon-fri 09:00-17:30",
            )
        return length

    def duration(self, node: tree.Duration) -> Duration:
        """Return a length of time; business time is for deadlines and for `then … in` only."""
        length = Duration(node.count, Unit(node.unit))
        if length.unit in BUSINESS_UNITS:
            self.refuse(
                "MQL210",
                node,
                "business time is for `due within` and `then … in` only",
                "use it in `due within`, and hours or days here",
            )
        return length

    def during(self, of: ir.Selection, window: tree.Window, scope: Scope, node: tree.Node) -> ir.Selection:
        """Narrow a selection by a window."""
        if isinstance(self._untimed(of), ir.People):
            self.refuse(
                "MQL205",
                window,
                "people have no time, so a window cannot follow them",
                "put the window inside the brackets: people(visit within 30d)",
            )
        self.need_time(of, window, "a window looks at the times of events")
        if isinstance(window, tree.WithinNext):
            self.refuse(
                "MQL205",
                window,
                "events lie in the past: `within next` is for dates of the lead",
                "write `within` and the length",
            )
        # What an outer event carries is not in sight here: a selection is the same for each of them.
        return ir.During(of, self.span(window, Scope(people=scope.people)), place=self.place(node))

    def span(self, window: tree.Window, scope: Scope) -> ir.Span:
        """Return the span of time that a window means."""
        place = self.place(window)
        match window:
            case tree.Within(length):
                return ir.Back(self.duration(length), place=place)
            case tree.WithinNext(length):
                return ir.Ahead(self.duration(length), place=place)
            case tree.FromTo(start, end):
                first, last = self.duration(start), self.duration(end)
                if _longer(last, first):
                    self.refuse(
                        "MQL204",
                        window,
                        "this span ends before it begins",
                        f"write `from {self.words(end)} to {self.words(start)} ago`",
                    )
                return ir.Back(first, last, place=place)
            case tree.Since(moment):
                return ir.Since(self._moment(moment, scope), place=place)
            case tree.Before(moment):
                return ir.Before(self._moment(moment, scope), place=place)
            case tree.CalendarWindow(name):
                return ir.OnCalendar(CalendarSpan(name), place=place)
            case tree.WithinOf(length, which, events):
                of = self.timed(events, scope, f"`of {which}` looks at the times of events")
                return ir.After(which, of, self.duration(length), place=place)
            case tree.Ever():
                return ir.Always(place=place)

    def _moment(self, node: tree.DateLiteral | tree.TimeLiteral | tree.Ref, scope: Scope) -> ir.Operand:
        moment = self.operand(node, scope)
        if not isinstance(moment.type, Date | Time):
            self.refuse(
                "MQL201",
                node,
                f"`{self.words(node)}` is {in_words(moment.type)}, not a date",
                "write a date such as 2026-03-01, or name a date field",
            )
        return moment


def _longer(a: Duration, b: Duration) -> bool:
    """Say whether `a` is surely longer than `b`; months and years only against each other."""
    months = {Unit.MONTH: 1, Unit.YEAR: 12}
    if a.unit in months and b.unit in months:
        return a.count * months[a.unit] > b.count * months[b.unit]
    return a.is_exact and b.is_exact and a.exact > b.exact
