"""One definition over one supply: its named parts as columns of the board, each written once."""

from datetime import datetime
from typing import assert_never

import attrs

from mqldsl.evaluate.sql import cases, company, conditions, operands, outcomes, points, selecting
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.board import Board
from mqldsl.evaluate.sql.clock import Clock
from mqldsl.evaluate.sql.shapes import Chosen, Found, Lacking, Lacks, Truth, together
from mqldsl.evaluate.sql.streams import KIND, Idleness, Part, Stream, of_lead, of_row
from mqldsl.evaluate.sql.supply import Given, Leads, Supply
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.writing import Scope
from mqldsl.model import ir


class Writer:
    """Writes the terms of a definition. It is its own `writing.Writing`."""

    def __init__(self, model: ir.Model, supply: Supply, *, people: "Writer | None" = None) -> None:
        leads = supply.leads
        self.model, self.supply = model, supply
        now = leads.as_of if isinstance(leads.as_of, datetime) else of_lead("as_of")
        self.clock = Clock(now, model.header.zone)
        self.board = Board(base_columns(supply), holds_people=isinstance(leads.as_of, datetime))
        self._people = people
        self.clauses: dict[str, Truth] = {}
        self.found: dict[str, Found] = {}
        self.tables: dict[str, dict[str, Found]] = {}
        self.decided: dict[str, outcomes.Decided] = {}
        self._streams: dict[tuple[Part, ...], Stream] = {}
        self._chosen: dict[int, tuple[ir.Selection, Chosen]] = {}

    def write(self) -> None:
        """Write every named part."""
        for name in self.model.named:
            self._ask(name)

    def of_people(self) -> "Writer":
        """Return who writes what is asked about the people of a company: itself, where all share one instant."""
        if self._people is None:
            same = isinstance(self.supply.leads.as_of, datetime)
            self._people = self if same else Writer(self.model, self.supply)
        return self._people

    @property
    def people(self) -> "Writer | None":
        """Who wrote about people, if anybody had to."""
        return self._people

    def lead_id(self) -> Term:
        """Return the id of the lead as text."""
        id_ = of_lead("id")
        return id_ if self.supply.leads.id_type == "text" else Term("to text", (id_,))

    # -------------------------------------------------------------- named parts

    def _ask(self, name: str) -> None:
        part = self.model.named[name]
        match part:
            case ir.Clause():
                if name not in self.clauses:
                    self.clauses[name] = self._clause(part)
            case ir.NamedExpression():
                if name not in self.found:
                    self.found[name] = self._kept(f"value.{name}", cases.first_case(self, part))
            case ir.Score():
                if name not in self.found:
                    self.found[name] = self._kept(f"score.{name}", points.score(self, part))
            case ir.Grade():
                if name not in self.found:
                    self.found[name] = self._kept(f"grade.{name}", outcomes.grade(self, part))
            case ir.Matrix():
                if name not in self.found:
                    self.found[name] = self._kept(f"matrix.{name}", outcomes.matrix(self, part))
            case ir.Table():
                self.table(part)
            case ir.Decide():
                if name not in self.decided:
                    self.decided[name] = outcomes.decide(self, part)
                    self.found[name] = self.decided[name].found
            case _:
                assert_never(part)

    def _clause(self, clause: ir.Clause) -> Truth:
        truth = self.condition(clause.condition)
        if clause.if_unknown is not None:
            sure = t.truth(clause.if_unknown)
            is_open = t.all_of([t.is_there(truth.value), truth.open])
            truth = Truth(t.coalesce(truth.value, sure), is_open, truth.lacks)
        value = self.board.bind(truth.value, f"clause.{clause.name}")
        is_open = self.board.bind(truth.open, f"open.{clause.name}")
        lacks = together([truth.lacks], t.any_of([t.is_null(value), is_open]))
        return Truth(value, is_open, together([lacks, _unknown_clause(clause.name, value)]))

    def _kept(self, hint: str, found: Found) -> Found:
        bind = self.board.bind
        bounds, options = found.bounds, found.options
        low, high = ("x", "x") if hint == "x" else (f"{hint}.low", f"{hint}.high")
        return attrs.evolve(
            found,
            value=bind(found.value, hint),
            more=bind(found.more),
            gone=bind(found.gone),
            settled=bind(found.settled),
            bounds=None if bounds is None else (bind(bounds[0], low), bind(bounds[1], high)),
            options=None if options is None else tuple((bind(value), bind(when)) for value, when in options),
        )

    def table(self, node: ir.Table) -> dict[str, Found]:
        """Return the outputs of a table."""
        if node.name not in self.tables:
            self.tables[node.name] = {
                name: self._kept(f"table.{node.name}.{name}", found)
                for name, found in outcomes.table(self, node).items()
            }
        return self.tables[node.name]

    # -------------------------------------------------------------- conditions and operands

    def condition(self, node: ir.Condition, scope: Scope = None) -> Truth:
        """Return the terms of a condition."""
        if isinstance(node, ir.ClauseRef):
            self._ask(node.name)
            return self.clauses[node.name]
        return conditions.condition(self, node, scope)

    def operand(self, node: ir.Operand, scope: Scope = None) -> Found:
        """Return the terms of an operand."""
        match node:
            case ir.FieldValue("lead", name):
                given = self.supply.leads.fields.get(name)
                return operands.field_value(
                    self.model.fields[name], _column_of("f", name, given), (name, "field")
                )
            case ir.FieldValue(_, name):
                return self._account_field(name)
            case ir.PropertyValue(name, kind):
                assert scope is not None
                return self._property(name, kind, scope.stream)
            case ir.NamedValue(name, _, column):
                self._ask(name)
                return self.found[name] if column is None else self.tables[name][column]
            case ir.Arithmetic() | ir.Rounded() | ir.Pick() if scope is None:
                return self._kept("x", operands.operand(self, node, scope))
            case _:
                return operands.operand(self, node, scope)

    def _account_field(self, name: str) -> Found:
        field, supply = self.model.account_fields[name], self.supply
        fact = f"account.{name}"
        given = None if supply.accounts is None else supply.accounts.fields.get(name)
        alone, untold = company.has_none(supply), company.may_have_one(self.model, supply)
        found = operands.field_value(field, _column_of("a", name, given), (fact, "account"))
        if alone == NO:
            return found

        def lacks() -> list[Lacking]:
            there = [
                attrs.evolve(each, when=t.all_of([each.when, t.negation(alone)])) for each in found.lacks()
            ]
            blank, missing = t.all_of([alone, t.negation(untold)]), t.all_of([alone, untold])
            return [
                *there,
                Lacking(fact, "account", blank=True, when=blank),
                Lacking(fact, "account", blank=False, when=missing),
            ]

        value = t.case([(alone, t.constant(found.word, None))], found.value)
        settled = t.any_of([alone, found.settled])
        return attrs.evolve(found, value=value, settled=t.all_of([settled, t.negation(untold)]), lacks=lacks)

    def _property(self, name: str, kind: object, stream: Stream) -> Found:
        lacking: list[tuple[str, Term]] = []
        has_value = False
        for of in stream.kinds:
            if of not in self.model.kinds or name not in self.model.kinds[of].properties:
                lacking.append((of, NO))
                continue
            given = self.supply.feeds[of].properties.get(name)
            if given is None:
                lacking.append((of, YES))
                continue
            has_value = True
            lacking.append((of, NO if given.supplied == YES else t.negation(of_row(f"s.{name}"))))
        unsupplied = [
            t.all_of([Term("=", (KIND, t.text(of))), when]) if len(stream.kinds) > 1 else when
            for of, when in lacking
            if when != NO
        ]
        supplied = t.negation(t.any_of(unsupplied))
        found = operands.property_value(name, kind, supplied, lacking)  # type: ignore[arg-type] # a type of the language
        if has_value:
            return found
        nothing = t.constant(found.word, None)
        return attrs.evolve(found, value=nothing, lacks=lambda: _always(name, lacking))

    def selection(self, node: ir.Selection) -> Chosen:
        """Return which rows a selection holds, once for each node."""
        if id(node) not in self._chosen:
            self._chosen[id(node)] = node, selecting.choose(self, node)
        return self._chosen[id(node)][1]

    def stream(self, parts: tuple[Part, ...]) -> Stream:
        """Return the stream of some parts, one for all who ask."""
        if parts not in self._streams:
            kinds = self.model.kinds
            has_records = any(scope == "people" or not kinds[kind].timed for scope, kind in parts)
            self._streams[parts] = Stream(parts, has_records)
        return self._streams[parts]

    def idle_stream(self, idleness: Idleness) -> Stream:
        """Return the stream of idle stretches."""
        return Stream((("idle", ""),), idle=idleness)


def _unknown_clause(name: str, value: Term) -> Lacks:
    return lambda: (Lacking(name, "clause", blank=False, when=t.is_null(value)),)


def _always(name: str, lacking: list[tuple[str, Term]]) -> tuple[Lacking, ...]:
    return tuple(
        Lacking(
            f"{of}.{name}",
            "property",
            blank=when == NO,
            when=Term("=", (KIND, t.text(of))) if len(lacking) > 1 else YES,
        )
        for of, when in lacking
    )


def _column_of(prefix: str, name: str, given: Given | None) -> Given | None:
    if given is None:
        return None
    return Given(of_lead(f"{prefix}.{name}"), YES if given.supplied == YES else of_lead(f"{prefix}s.{name}"))


def _as_text(leads: Leads) -> Term:
    return leads.id if leads.id_type == "text" else Term("to text", (leads.id,))


def base_columns(supply: Supply) -> dict[str, Term]:
    """Return the columns of the lowest layer, in terms of the relations of the leads and of their companies."""
    leads, accounts = supply.leads, supply.accounts
    columns: dict[str, Term] = {"id": leads.id}
    if isinstance(leads.as_of, Term):
        columns["as_of"] = leads.as_of
    if leads.place is not None:
        columns["place"] = leads.place
    if leads.account is not None:
        columns["account"] = leads.account
    if not t.is_constant(leads.account_told):
        columns["account told"] = leads.account_told
    own = Term("joined", (t.text("lead "), _as_text(leads)))
    columns["household"] = own
    if leads.account is not None:
        company = Term("joined", (t.text("company "), leads.account))
        columns["household"] = t.case([(t.is_null(leads.account), own)], company)
    for name, given in leads.fields.items():
        columns[f"f.{name}"] = given.value
        if given.supplied != YES:
            columns[f"fs.{name}"] = given.supplied
    if accounts is not None and leads.account is not None:
        for name, given in accounts.fields.items():
            columns[f"a.{name}"] = given.value
            if given.supplied != YES:
                columns[f"as.{name}"] = given.supplied
    return columns
