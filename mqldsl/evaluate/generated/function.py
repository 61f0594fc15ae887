"""From a model to the text of one function and what its slots hold, and from these to the function.

The order of a call: what was handed in, the lead's fields, the edges of windows, one pass over the events, then
each named part in an order in which nothing comes before what it is made of.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from mqldsl.evaluate.generated import conditions, loops, operands, outcomes, scores, steps
from mqldsl.evaluate.generated.frame import Frame, Scope
from mqldsl.evaluate.generated.gathering import Gathered
from mqldsl.evaluate.generated.outcomes import DecidedCode
from mqldsl.evaluate.generated.reads import ODD, ODD_LEAD, Odd, Reads, Row, Rows, id_of
from mqldsl.evaluate.generated.shapes import Chosen, Counted, Plain, Ranged, Shape, Truth, Whole
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.evaluate.handed_in import Account
from mqldsl.evaluate.history import History
from mqldsl.evaluate.numbers import clamped, millionths, rounded
from mqldsl.evaluate.reference import Evaluation
from mqldsl.model import ir
from mqldsl.model.calendar import in_utc
from mqldsl.model.dependencies import names_in
from mqldsl.model.folding import fold

_STEPS = (
    steps.state_of,
    steps.counted,
    steps.compared_ranges,
    steps.compared_counts,
    steps.calculated_range,
    steps.in_units,
    steps.in_millionths,
    steps.distinct,
    steps.most,
    steps.distinct_days,
    steps.of_values,
    steps.at_the_end,
    steps.worth,
    steps.points_for,
    steps.units,
    steps.idle,
    steps.bands_between,
    steps.cells_of,
    steps.could_be_first,
    steps.outcomes_of,
    steps.evenly,
    steps.deadline,
    steps.may_belong,
    steps.points_of,
    steps.range_of,
    steps.choice_of,
    steps.columns_of,
    steps.anchor_of,
    steps.last_of,
    steps.text_of,
    steps.remembered,
    bisect_left,
    bisect_right,
    clamped,
    fold,
    id_of,
    in_utc,
    millionths,
    rounded,
)

# What every generated function may call and look at; all else is in numbered slots.
_NAMES: dict[str, object] = {step.__name__: step for step in _STEPS} | {
    "Account": Account,
    "DAY": timedelta(days=1),
    "History": History,
    "ODD": ODD,
    "ODD_LEAD": ODD_LEAD,
    "OPEN": steps.OPEN,
    "Odd": Odd,
    "Row": Row,
    "Rows": Rows,
    "UNSURE": steps.UNSURE,
    "UTC": UTC,
    "VALUES": steps.VALUES,
    "date": date,
    "datetime": datetime,
    "inf": math.inf,
    "negated": steps.NEGATED,
    "new": object.__new__,
    "__builtins__": {
        name: __builtins__[name] if isinstance(__builtins__, dict) else getattr(__builtins__, name)
        for name in ("type", "int", "float", "str", "len", "min", "max", "sum", "sorted", "list", "tuple", "abs")
        + ("isinstance", "dict", "str", "OverflowError", "TypeError", "AttributeError", "KeyError")
    },
}


@attrs.frozen(eq=False)
class Made:
    """A function with its text, and how what it gives is to be read."""

    function: Callable[..., Any]
    text: str
    clauses: tuple[str, ...]
    truths: tuple[Truth, ...]
    found: tuple[tuple[str | tuple[str, str], Shape], ...]
    decides: tuple[str, ...]


class Maker:
    """Makes the function of one model, or of one clause in it."""

    def __init__(self, model: ir.Model, only: str | None = None) -> None:
        """Take the model; `only` names the one clause that is asked for."""
        self.model = model
        self.frame = Frame(model)
        self.gathered: dict[object, Gathered | None] = {}
        self._only = only
        self._scope = Scope(Writer())
        self._clauses: dict[str, Truth] = {}
        self._found: dict[str | tuple[str, str], Shape] = {}
        self._decided: dict[str, DecidedCode] = {}

    def condition(self, node: ir.Condition, scope: Scope) -> Truth:
        """Write the code of a condition, once in a scope."""
        known = scope.known.get(node)
        if known is None:
            known = scope.known[node] = conditions.condition(self, node, scope)
        assert isinstance(known, Truth)
        return known

    def operand(self, node: ir.Operand, scope: Scope) -> Shape:
        """Write the code of an operand, once in a scope."""
        known = scope.known.get(node)
        if known is None:
            known = scope.known[node] = operands.operand(self, node, scope)
        assert not isinstance(known, Truth)
        return known

    # ------------------------------------------------------------------ the named parts

    def made(self, decision: type[Any], program: object) -> Made:
        """Return the function."""
        for name in self._wanted():
            self._part(self.model.named[name])
        text = self._text()
        return Made(
            self._compiled(text, decision, program),
            text,
            tuple(self._clauses),
            tuple(self._clauses.values()),
            tuple(self._found.items()),
            tuple(self._decided),
        )

    def _wanted(self) -> Iterable[str]:
        if self._only is None:
            return self.model.named
        wanted, left = set[str](), [self._only]
        while left:
            name = left.pop()
            if name not in wanted:
                wanted.add(name)
                left += names_in(self.model.named[name])
        return [name for name in self.model.named if name in wanted]

    def _part(self, part: ir.Named) -> None:
        scope, parts = self._scope, self.frame.parts
        match part:
            case ir.Clause(name):
                parts[name] = self._clauses[name] = self._clause(part)
            case ir.NamedExpression(name):
                parts[name] = self._found[name] = outcomes.value(self, part, scope)
            case ir.Score(name):
                parts[name] = self._found[name] = scores.score(self, part, scope)
            case ir.Grade(name):
                parts[name] = self._found[name] = outcomes.grade(self, part, scope)
            case ir.Matrix(name):
                parts[name] = self._found[name] = outcomes.matrix(self, part, scope)
            case ir.Table(name):
                for column, shape in outcomes.table(self, part, scope).items():
                    self.frame.columns[name, column] = self._found[name, column] = shape
            case ir.Decide(name):
                self._decided[name], parts[name] = outcomes.decide(self, part, scope)

    def _clause(self, clause: ir.Clause) -> Truth:
        truth = self.condition(clause.condition, self._scope)
        if clause.if_unknown is None or not truth.may_lack:
            return truth
        code = f"({clause.if_unknown} if {truth.code} is None else {truth.code})"
        return Truth(self.frame.bound(self._scope, code), may_lack=False, may_open=truth.may_open)

    # ------------------------------------------------------------------ the text

    def _text(self) -> str:
        frame, out = self.frame, Writer(depth=0)
        body = self._scope.out
        events = [each for each in dict.fromkeys(self.gathered.values()) if each is not None]
        with out.block(
            "def decide(lead, events=None, account=None, as_of=None, *, feeds=None, strict=True):"
        ):
            self._beginning(out)
            self._lead(out)
            self._edges(out)
            out.insert(frame.moments)
            out.insert(frame.before)
            self._feeds(out)
            loops.pass_over(frame, events, out)
            out.insert(body)
            self._end(out)
        return "\n".join(out.lines) + "\n"

    def _beginning(self, out: Writer) -> None:
        frame = self.frame
        out.line("ref = notes = None")
        if frame.looks_at_time or frame.kinds:
            out.line("if as_of is None: now = datetime.now(UTC)")
            out.line("elif type(as_of) is datetime and as_of.tzinfo is UTC: now = as_of")
            out.line("else: now = reads.moment(as_of)")
        else:
            out.line("now = None if as_of is None else reads.moment(as_of)")
        out.line(
            "if events is not None and not isinstance(events, (list, tuple, History)): events = reads.listed(events)"
        )
        own = frozenset(kind.name for kind in self.model.kinds.values() if not kind.of_account)
        all_kinds = frozenset(self.model.kinds)
        usual = "strict is True and feeds is None and (account is None or type(account) is dict)"
        with out.block(f"if {usual}:"):
            out.line("row, acc = lead, account")
            out.line(f"g = {frame.slot(all_kinds)} if events is None else {frame.slot(all_kinds - own)}")
        with out.block("else:"):
            if any(kind.of_account for kind in self.model.kinds.values()) or frame.uses_account:
                out.line("if type(account) is not Account and account is not None: account = Account(account)")
            out.line("feeds = reads.kept(feeds)")
            out.line("row, acc, rows, g, notes = reads.usual(lead, events, account, now, feeds, strict)")
            out.line("if notes is not None: events = rows")

    def _lead(self, out: Writer) -> None:
        frame = self.frame
        if frame.wants_id:
            out.line("lead_id = reads.lead_id(lead)")
        if frame.uses_account and "account" in self.model.fields:
            out.line("if acc is None and account is None and reads.names_company(row): acc = {}")
        if not frame.reading.lines:
            return
        with out.block("while True:"):
            with out.block("try:"):
                out.line("get = row.get")
                if frame.uses_account:
                    out.line("aget = {}.get if acc is None else acc.get".replace("{}", frame.slot({})))
                out.insert(frame.reading)
                out.line("break")
            with out.block("except ODD_LEAD:"):
                out.line("if type(row) is Row: raise")
                out.line("row, acc = reads.row(row), reads.account_row(acc)")

    def _edges(self, out: Writer) -> None:
        if not self.frame.edges.lines:
            return
        names = ", ".join(name for name, _ in self.frame.slow_edges)
        with out.block("try:"):
            out.insert(self.frame.edges)
        out.line(f"except OverflowError: {names}, = reads.edges(now)")

    def _feeds(self, out: Writer) -> None:
        frame = self.frame
        kinds = sorted(frame.kinds)
        if not kinds:
            return
        names = {kind: f"g{frame.kind_number(kind)}" for kind in kinds}
        with out.block("if g:"):
            for kind, name in names.items():
                out.line(f"{name} = {frame.text(kind)} in g")
        out.line(f"else: {' = '.join(names.values())} = False")

    def _end(self, out: Writer) -> None:
        if self._only is not None:
            truth = self._clauses[self._only]
            out.line(f"return VALUES[{truth.code}]" if truth.may_open else f"return {truth.code}")
            return
        answers = [f"VALUES[{truth.code}]" if truth.may_open else truth.code for truth in self._clauses.values()]
        states = [truth.code for truth in self._clauses.values() if truth.may_open]
        found = [_told(shape) for shape in self._found.values()]
        decided = [f"({code.row}, {code.first}, {code.due_at}, {code.team})" for code in self._decided.values()]
        out.line("d = new(Decision)")
        out.line("d._program = program")
        for name, codes in (("answers", answers), ("states", states), ("found", found), ("decided", decided)):
            out.line(f"d._{name} = {_listed(codes)}")
        out.line("d._asked = (lead, events, account, now, feeds, notes or ())")
        out.line("return d")

    def _compiled(self, text: str, decision: type[Any], program: object) -> Callable[..., Any]:
        reads = Reads(self.model, [compute for _, compute in self.frame.slow_edges])
        own = frozenset(kind.name for kind in self.model.kinds.values() if not kind.of_account)
        names = {
            **_NAMES,
            **self.frame.slots,
            "Decision": decision,
            "program": program,
            "reads": reads,
            "all_kinds": own,
            "referee": _referee(self.model, reads),
        }
        # The text is made of templates, numbered slots and numbers alone: tests/properties/test_hostile_text.py.
        exec(compile(text, f"<{self._only or 'definition'}>", "exec"), names)  # noqa: S102
        function = names["decide"]
        assert callable(function)
        return function


def _referee(model: ir.Model, reads: Reads) -> Callable[..., Evaluation]:
    def referee(lead: object, events: Any, account: object, now: datetime, missing: frozenset[str]) -> Evaluation:  # noqa: ANN401
        return Evaluation(model, reads.question(lead, events, account, now, missing))

    return referee


def _listed(codes: list[str]) -> str:
    return f"({', '.join(codes)},)" if codes else "()"


def _told(shape: Shape) -> str:
    match shape:
        case Plain(code) | Whole(code):
            return code
        case Counted(code, is_open):
            return f"({code}, {is_open})"
        case Ranged(code, low, high):
            return f"({code}, {low}, {high})"
        case Chosen(code, possible):
            return f"({code}, {possible})"
