"""From a model to the text of one function and what its slots hold, and from these to the function.

The order of a call: what was handed in, the lead's fields, the edges of windows, one pass over the events, then
each named part in an order in which nothing comes before what it is made of.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import attrs

from mqldsl.evaluate.generated import conditions, loops, operands, outcomes, scores
from mqldsl.evaluate.generated.frame import Frame, NotHere, Scope
from mqldsl.evaluate.generated.gathering import Gathered, Pass
from mqldsl.evaluate.generated.listing import Listed
from mqldsl.evaluate.generated.names import NAMES
from mqldsl.evaluate.generated.outcomes import DecidedCode
from mqldsl.evaluate.generated.reads import Reads
from mqldsl.evaluate.generated.shapes import Shape, Truth, codes_of
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.evaluate.reference import Evaluation
from mqldsl.evaluate.situation import COMPANY_KEY
from mqldsl.model import ir
from mqldsl.model.dependencies import names_in

# Of so few clauses the names of those that fired stand ready for each combination of answers.
FEW_CLAUSES = 8


@attrs.frozen(eq=False)
class Made:
    """A function, and how what it gives is to be read."""

    function: Callable[..., Any]
    clauses: tuple[str, ...]
    truths: tuple[Truth, ...]
    found: tuple[tuple[str | tuple[str, str], Shape], ...]
    decides: tuple[tuple[str, DecidedCode], ...]


class Maker:
    """Makes the function of one model, or of one clause in it."""

    def __init__(self, model: ir.Model, only: str | None = None) -> None:
        """Take the model; `only` names the one clause that is asked for."""
        self.model = model
        self.frame = Frame(model)
        self.gathered: dict[object, Gathered | None] = {}
        self.listed: dict[object, Listed | None] = {}
        self._only = only
        self._scope = Scope(Writer())
        self._passes: list[Pass] = []
        self.pass_for(set())
        self._clauses: dict[str, Truth] = {}
        self._found: dict[str | tuple[str, str], Shape] = {}
        self._decided: dict[str, DecidedCode] = {}
        self._looked_at = {name for part in model.named.values() for name in names_in(part)}

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

    def pass_for(self, names: set[str]) -> Pass:
        """Return the first pass before which the named parts are known; a new one where there is none."""
        for each in self._passes:
            if names <= each.known:
                return each
        out = self._scope.out
        if out.depth > 1:
            raise NotHere
        known = frozenset({*self.frame.parts, *(table for table, _ in self.frame.columns)})
        made = Pass(known, lambda target: self._write_pass(made, target))
        self._passes.append(made)
        out.lines.append(made)
        return made

    def _write_pass(self, each: Pass, out: Writer) -> None:
        out.insert(each.before)
        loops.pass_over(self.frame, each.found, out)

    # ------------------------------------------------------------------ the named parts

    def made(self, decision: type[Any], program: object) -> Made:
        """Return the function."""
        return Made(
            self._compiled(self.text(), decision, program),
            tuple(self._clauses),
            tuple(self._clauses.values()),
            tuple(self._found.items()),
            tuple(self._decided.items()),
        )

    def text(self) -> str:
        """Return the text of the function."""
        for name in self._wanted():
            self._part(self.model.named[name])
        return self._text()

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
                self._decided[name] = code = outcomes.decide(self, part, scope)
                if name in self._looked_at:
                    parts[name] = outcomes.outcome(self, part, code, scope)

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
        with out.block("def decide(lead, events=None, account=None, as_of=None, feeds=None, strict=True):"):
            self._beginning(out)
            self._lead(out)
            self._feeds(out)
            out.insert(body)
            self._end(out)
        for name, lines in frame.tests():
            with out.block(f"def {name}(e):"):
                out.lines += lines
        return "".join(f"{line}\n" for line in out.lines)

    def _beginning(self, out: Writer) -> None:
        """Write what is done with what was handed in; of what is never looked at, little."""
        frame = self.frame
        written = (line for line in self._scope.out.lines if isinstance(line, str))
        asks = bool(frame.kinds) or any("referee(" in line for line in written)
        out.line("notes = ref = None" if asks else "notes = None")
        if frame.looks_at_time or asks:
            self._as_of(out)
        else:
            out.line("now = as_of")
        with out.block("if events is not None and type(events) is not list and type(events) is not History:"):
            out.line("if not isinstance(events, (list, tuple, History)): events = reads.listed(events)")
        usual = "strict is True and feeds is None"
        if asks or frame.uses_account:
            usual += " and (account is None or type(account) is dict)"
        with out.block(f"if {usual}:"):
            out.line("row, acc = lead, account" if frame.uses_account else "row = lead")
            if asks:
                own = frozenset(kind.name for kind in self.model.kinds.values() if not kind.of_account)
                every = frozenset(self.model.kinds)
                out.line(f"g = {frame.slot(every)} if events is None else {frame.slot(every - own)}")
        with out.block("else:"):
            out.line("feeds = reads.kept(feeds)")
            out.line("if type(account) is not Account and account is not None: account = Account(account)")
            out.line("row, acc, rows, g, notes = reads.usual(lead, events, account, now, feeds, strict)")
            out.line("if notes is not None: events = rows")

    def _as_of(self, out: Writer) -> None:
        """Write what follows from as-of: worked out once for as long as it is the same object, as it is for a batch."""
        frame = self.frame
        names = ", ".join(["now", *frame.of_as_of])
        last = frame.slot([(object(), *(None for _ in frame.of_as_of))])
        out.line(f"{names}, = {last}[0]")
        with out.block("if as_of is not now:"):
            out.line("if as_of is None: now = datetime.now(UTC)")
            out.line("elif type(as_of) is datetime and as_of.tzinfo is UTC: now = as_of")
            out.line("else: now = reads.moment(as_of)")
            if frame.slow_edges:
                with out.block("try:"):
                    out.insert(frame.edges)
                out.line(
                    f"except OverflowError: {', '.join(name for name, _ in frame.slow_edges)}, = reads.edges(now)"
                )
            out.insert(frame.moments)
            # Only what cannot change is kept, and only one: a call with another as-of pays for no more than a store.
            out.line(f"if now is as_of: {last}[0] = {names},")

    def _lead(self, out: Writer) -> None:
        frame = self.frame
        if frame.wants_id:
            out.line("lead_id = reads.lead_id(lead)")
        if frame.uses_account and COMPANY_KEY in self.model.fields:
            out.line("if acc is None and account is None and not reads.names_no_company(row): acc = {}")
        if not frame.fields:
            return
        with out.block("while True:"):
            with out.block("try:"):
                if frame.uses_account:
                    out.line(f"known = {frame.slot({})} if acc is None else acc")
                for use in frame.fields.values():
                    use.write(frame, out)
                out.line("break")
            with out.block("except ODD_LEAD:"):
                out.line("if type(row) is Row: raise")
                out.line("row = reads.row(row)")
                if frame.uses_account:
                    out.line("acc = reads.account_row(acc)")

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
        answers = [
            f"VALUES[{truth.code}]" if truth.may_open else truth.code for truth in self._clauses.values()
        ]
        out.line("d = Decision()")
        out.line("d._program = program")
        out.line(f"d.fired = {self._fired(answers)}")
        out.line(f"d.verdict = {self._verdict()}")
        told = [truth.code for truth in self._clauses.values() if truth.may_open]
        told += [code for shape in self._found.values() for code in codes_of(shape)]
        told += [code for each in self._decided.values() for code in each.codes]
        if len(answers) > FEW_CLAUSES:
            answers = ["answers"]
        told = ["lead", "events", "account", "now", "feeds", "notes", *answers, *told]
        out.line(f"d._told = {', '.join(told)}")
        out.line("return d")

    def _fired(self, answers: list[str]) -> str:
        names = tuple(self._clauses)
        if len(names) > FEW_CLAUSES:
            return f"(*compress({self.frame.slot(names)}, answers := ({', '.join(answers)})),)"
        # Each combination has a number, and the names of those that are yes stand under it.
        combinations = [
            tuple(name for place, name in enumerate(names) if number >> place & 1)
            for number in range(2 ** len(names))
        ]
        numbers = [f"({2**place} if {answer} else 0)" for place, answer in enumerate(answers)]
        return f"{self.frame.slot(combinations)}[{' + '.join(numbers) or '0'}]"

    def _verdict(self) -> str:
        if self.model.verdict is None:
            return "None"
        decide = self.model.named[self.model.verdict]
        assert isinstance(decide, ir.Decide)
        labels = self.frame.slot(tuple(row.outcome for row in decide.rows))
        return f"{labels}[{self._decided[decide.name].row}]"

    def _compiled(self, text: str, decision: type[Any], program: object) -> Callable[..., Any]:
        reads = Reads(self.model, [compute for _, compute in self.frame.slow_edges])
        own = frozenset(kind.name for kind in self.model.kinds.values() if not kind.of_account)
        names = {
            **NAMES,
            **self.frame.slots,
            "Decision": decision,
            "program": program,
            "reads": reads,
            "all_kinds": own,
            "referee": _referee(self.model, reads),
        }
        # The text is made of templates, numbered slots and numbers alone: tests/properties/test_hostile_text.py.
        exec(compile(text, f"<{self._only or 'definition'}>", "exec"), names)  # noqa: S102
        self.frame.pick_all(names)
        function = names["decide"]
        made: Callable[..., Any] = function
        return made


def _referee(model: ir.Model, reads: Reads) -> Callable[..., Evaluation]:
    def referee(
        lead: object,
        events: Any,  # noqa: ANN401 # anything may be handed in
        account: object,
        now: datetime,
        missing: frozenset[str],
    ) -> Evaluation:
        return Evaluation(model, reads.question(lead, events, account, now, missing))

    return referee


def _listed(codes: list[str]) -> str:
    return f"({', '.join(codes)},)" if codes else "()"
