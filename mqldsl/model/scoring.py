"""Values, scores, grades, matrices, tables and decisions: what conditions add up to."""

from collections.abc import Iterable, Mapping

import attrs

from mqldsl.model import ir
from mqldsl.model.conditions import Collected, Conditions
from mqldsl.model.namespace import Entry
from mqldsl.model.operands import NUMBER, Amount
from mqldsl.model.calendar import Duration, Unit
from mqldsl.model.resolver import LEAD, UnresolvedError, in_words
from mqldsl.model.types import Labels, Number, SetOf, Text, Type, Value, YesNo
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree
from mqldsl.syntax.shape import nodes


class Scoring(Conditions):
    """Resolves declarations that give points, bands and outcomes."""

    has_hours: bool

    # -------------------------------------------------------------- values

    def value(self, node: decl.Value) -> ir.NamedExpression:
        """Return the meaning of a `value`."""
        kind = self.type_of_value(node)
        if len(node.rows) > 1 and not node.rows[-1].otherwise:
            self.report("MQL302", node.rows[-1], f"`{node.name.text}` does not say what it is when no row holds", "end with a row `otherwise …`")
        for row in node.rows[:-1]:
            if row.condition is None:
                self.report("MQL301", row, "no row after this one can be reached", "give it a condition with `when`, or move it to the end")
        cases = self.each(node.rows, lambda row: self._case(row, kind))
        return ir.NamedExpression(node.name.text, node.label, tuple(cases), kind, place=self.place(node.name))

    def _case(self, row: decl.ValueRow, kind: Type) -> ir.Case:
        condition = None if row.condition is None else self.condition(row.condition, LEAD)
        if isinstance(kind, Labels) and (word := self._bare_word(row.value)) is not None:
            return ir.Case(ir.Literal_(word, kind, place=self.place(row.value)), condition, place=self.place(row))
        value = self.operand(row.value, LEAD)
        of_kind = Number(value.type.money) if isinstance(value.type, Number) else value.type
        numbers = isinstance(of_kind, Number) and isinstance(kind, Number)
        if of_kind != kind and not numbers:
            self.refuse("MQL201", row.value, f"this row gives {in_words(of_kind)}, the first one gives {in_words(kind)}", "let all rows give things of one type")
        return ir.Case(value, condition, place=self.place(row))

    def _bare_word(self, node: tree.Expression) -> str | None:
        if isinstance(node, tree.TextLiteral):
            return node.value
        if isinstance(node, tree.Ref) and node.owner is None and self.namespace.get(node.name.text) is None:
            return node.name.text
        return None

    def type_of_value(self, node: decl.Value) -> Type:
        """Return the type of a value: labels where a row is a bare word, else that of its first row."""
        words = [self._bare_word(row.value) for row in node.rows]
        bare = [row for row in node.rows if isinstance(row.value, tree.Ref) and self._bare_word(row.value) is not None]
        if bare and all(word is not None for word in words):
            if len(node.rows) == 1:
                self.unknown_name(bare[0].value, LEAD)  # type: ignore[arg-type] # a Ref, seen above
            return Labels(tuple(dict.fromkeys(word for word in words if word is not None)))
        kind = self.operand(node.rows[0].value, LEAD).type
        if isinstance(kind, SetOf):
            self.refuse("MQL201", node.rows[0].value, "a value is a number, a text or a label, not a set", "ask the set for what it holds")
        return Number(kind.money) if isinstance(kind, Amount) else kind

    # -------------------------------------------------------------- scores

    def score(self, node: decl.Score) -> ir.Score:
        """Return the meaning of a `score`."""
        if node.low is not None and node.high is not None and node.low > node.high:
            self.report("MQL204", node, "this score ends below where it begins", f"write `from {node.high:g} to {node.low:g}`")
        rows = self.each(node.rows, self._row)
        decays = self.each(node.decays, self._decay)
        return ir.Score(
            node.name.text, node.label, node.low, node.high, tuple(rows), tuple(decays), NUMBER, place=self.place(node.name)
        )

    def _decay(self, node: decl.Decay) -> ir.Decay:
        if node.every.count == 0:
            self.refuse("MQL204", node.every, "points cannot shrink every 0 days", "write 1 or more")
        without = None if node.without is None else self.timed(node.without, LEAD, "`without` looks at the times of events")
        return ir.Decay(node.kind, node.amount, self.duration(node.every), without, place=self.place(node))

    def _row(self, node: decl.ScoreRow) -> ir.Row:
        place = self.place(node)
        match node:
            case decl.WhenRow(points, condition):
                meant = self.condition(condition, LEAD)
                options = self._options(node.options, node)
                events = self._one_selection(node) if options.decays else None
                if options.limits:
                    self.report("MQL209", node, "a row with `when` counts once anyway", "use `per`, or leave the option out")
                return ir.WhenPoints(points, meant, options, events, place=place)
            case decl.PerRow(points, of, unit) if unit is not None:
                amount = self.operand(of, LEAD)
                if not isinstance(amount.type, Number):
                    self.refuse("MQL201", of, f"`{self.words(of)}` is {in_words(amount.type)}: points are given per some amount", "name a number")
                options = self._options(node.options, node)
                if options.decays or options.limits:
                    self.report("MQL209", node, "an amount has no time, so it cannot shrink or be limited per span", "give points per event instead")
                return ir.PerUnit(points, unit, amount, options, place=place)
            case decl.PerRow(points, of):
                selected = self.selection(of, LEAD)
                options = self._options(node.options, node)
                if options.decays or options.limits:
                    self.need_time(selected, of, "this option looks at the times of events")
                return ir.PerEvent(points, selected, options, place=place)
            case decl.ByRow():
                return self._by(node)
            case decl.FirstOf(rows):
                return ir.FirstOf(tuple(self.each(rows, self._row)), place=place)
            case decl.Group(label, low, cap, rows):
                return ir.Group(label, low, cap, tuple(self.each(rows, self._row)), place=place)

    def _options(self, options: tuple[decl.RowOption, ...], node: tree.Node) -> ir.RowOptions:
        caps = [option.cap.value for option in options if isinstance(option, decl.UpTo)]
        reasons = [option.text for option in options if isinstance(option, decl.Because)]
        if len(caps) > 1 or len(reasons) > 1:
            self.report("MQL010", node, "this row says the same option twice", "keep one of the two")
        return ir.RowOptions(
            tuple(self._decay(option) for option in options if isinstance(option, decl.Decay)),
            tuple((option.number, self.duration(option.span_length)) for option in options if isinstance(option, decl.AtMostPer)),
            caps[0] if caps else None,
            reasons[0] if reasons else None,
        )

    def _one_selection(self, row: decl.WhenRow) -> ir.Selection:
        found = [self.selection(each, LEAD) for each in self._selections_in(row.condition)]
        if len(found) != 1 or self._untimed(found[0]) is not None:
            self.refuse("MQL209", row, "points that shrink need exactly one kind of event in the condition", "name the event whose age counts, or use `per`")
        return found[0]

    def _selections_in(self, node: tree.Expression) -> Iterable[tree.Expression]:
        """Yield the outermost selections of a condition, with their windows."""
        taken: list[tree.Node] = []
        for part in nodes(node):
            if any(part is inner for outer in taken for inner in nodes(outer)):
                continue
            if isinstance(part, tree.Ref | tree.Filtered | tree.Windowed | tree.Sequence | tree.Without) and self.is_selection(part, LEAD):
                taken.append(part)
                yield part

    def _by(self, node: decl.ByRow) -> ir.ByPoints:
        of = self.operand(node.of, LEAD)
        said = self.words(node.of)
        options = self._options(node.options, node)
        if options.decays or options.limits:
            self.report("MQL209", node, "`by` gives points for what is, not for when it happened", "leave the option out")
        bounds: list[ir.Bound] = []
        choices: list[ir.Choice] = []
        missing = otherwise = 0.0
        says_missing = False
        for number, case in enumerate(node.cases):
            if case.start is not None:
                if not isinstance(of.type, Number):
                    self.refuse("MQL201", case, f"`{said}` is {in_words(of.type)}, and `from` needs a number", "write `for` and the value")
                bounds.append(ir.Bound(case.points, case.start, place=self.place(case)))
            elif isinstance(case.values, tree.Missing):
                missing, says_missing = case.points, True
            elif case.values is not None:
                assert isinstance(case.values, tree.Items)
                choices.append(ir.Choice(case.points, self._chosen(of, case.values, said), place=self.place(case)))
            else:
                otherwise = case.points
                if number < len(node.cases) - 1:
                    self.report("MQL301", node.cases[number + 1], "nothing behind `otherwise` can be reached", "move `otherwise` to the end")
        return ir.ByPoints(of, tuple(bounds), tuple(choices), missing, says_missing, otherwise, options, place=self.place(node))

    def _chosen(self, of: ir.Operand, values: tree.Items, said: str) -> ir.Condition:
        """Return that an operand is one of the values; a lone name of a list stands for its items."""
        only = values.items[0]
        if len(values.items) == 1 and isinstance(only, tree.Name):
            entry = self.namespace.get(only.text)
            is_label = isinstance(of.type, Labels) and only.text in of.type.names
            if entry is not None and entry.word == "list" and not is_label:
                return self._any_of(of, self.items_of(only), said, values)
        return self._any_of(of, Collected(values.items, None), said, values)

    def _any_of(self, of: ir.Operand, items: Collected, said: str, node: tree.Node) -> ir.Condition:
        if not isinstance(of.type, YesNo):
            return self.member(of, items, said, node)
        wanted = {item.value for item in items.items if isinstance(item, tree.YesNoLiteral)}
        if len(wanted) != len(items.items):
            self.refuse("MQL201", node, f"`{said}` is yes or no", "write `for yes` or `for no`")
        flag = of.of if isinstance(of, ir.AnswerValue) else ir.Flag(of, place=of.place)
        parts = tuple(ir.Part(flag if yes else ir.Not(flag)) for yes in sorted(wanted))
        return ir.Count(parts, 1, len(parts), place=self.place(node))

    # -------------------------------------------------------------- grades and matrices

    def grade(self, node: decl.Grade) -> ir.Grade:
        """Return the meaning of a `grade`."""
        of = self.operand(node.of, LEAD)
        if not isinstance(of.type, Number):
            self.refuse("MQL201", node.of, f"`{self.words(node.of)}` is {in_words(of.type)}: a grade needs a number", "name a score or a value")
        bands = [band for band in node.bands if band.start is not None]
        last = [band for band in node.bands if band.start is None]
        if not last:
            self.refuse("MQL302", node, f"`{node.name.text}` does not say what is below its last band", "end with `otherwise` and a label")
        if node.bands[-1].start is not None or len(last) > 1:
            self.report("MQL301", node.bands[node.bands.index(last[0]) + 1], "nothing behind `otherwise` can be reached", "move `otherwise` to the end")
        for better, worse in zip(bands, bands[1:], strict=False):
            if better.start is not None and worse.start is not None and worse.start >= better.start:
                self.report("MQL301", worse, "bands go from best to worst, and this one can never be reached", "put the higher bound first")
        kind = self.type_of_grade(node)
        if len(kind.names) != len(node.bands):
            self.report("MQL101", node, "two bands have one label", "give each band its own")
        pairs = tuple((band.label.text, float(band.start)) for band in bands if band.start is not None)
        return ir.Grade(node.name.text, node.label, of, pairs, last[0].label.text, kind, place=self.place(node.name))

    def type_of_grade(self, node: decl.Grade) -> Labels:
        """Return the labels of a grade, worst first."""
        return Labels(tuple(dict.fromkeys(band.label.text for band in reversed(node.bands))), ordered=True)

    def matrix(self, node: decl.Matrix) -> ir.Matrix:
        """Return the meaning of a `matrix`; every pair of grades needs a cell."""
        rows_of, columns_of = self.each((node.rows_of, node.columns_of), lambda ref: self.operand(ref, LEAD))
        for operand, ref in ((rows_of, node.rows_of), (columns_of, node.columns_of)):
            if not isinstance(operand.type, Labels):
                self.refuse("MQL201", ref, f"`{self.words(ref)}` is {in_words(operand.type)}: a matrix needs labels", "name a grade or a field with labels")
        head = [self.label_of(label, rows_or(columns_of.type), self.words(node.columns_of)) for label in node.head]
        cells: dict[tuple[str, str], str] = {}
        for row in node.rows:
            first = self.label_of(row.head, rows_or(rows_of.type), self.words(node.rows_of))
            if len(row.cells) != len(head):
                self.report("MQL303", row, f"this row has {len(row.cells)} cells, the head has {len(head)}", "give each column one cell")
            for second, cell in zip(head, row.cells, strict=False):
                if (first, second) in cells:
                    self.report("MQL303", cell, f"`{first}` with `{second}` is given twice", "keep one of the two")
                cells[first, second] = cell.text
        wanted = [(a, b) for a in reversed(rows_or(rows_of.type).names) for b in reversed(rows_or(columns_of.type).names)]
        lacking = [f"{a} with {b}" for a, b in wanted if (a, b) not in cells]
        if lacking:
            self.report("MQL303", node, "cells are missing: " + ", ".join(lacking[:12]), "give every pair a cell")
        return ir.Matrix(node.name.text, node.label, rows_of, columns_of, cells, self.type_of_matrix(node), place=self.place(node.name))

    def type_of_matrix(self, node: decl.Matrix) -> Labels:
        """Return the labels in the cells of a matrix, in the order of the file."""
        return Labels(tuple(dict.fromkeys(cell.text for row in node.rows for cell in row.cells)))

    # -------------------------------------------------------------- decisions

    def decide(self, node: decl.Decide) -> ir.Decide:
        """Return the meaning of a `decide`."""
        last = node.rows[-1]
        if last.condition is not None:
            self.report("MQL302", last, f"`{node.name.text}` does not say what happens when no row holds", "end with `otherwise` and an outcome")
        for row, following in zip(node.rows, node.rows[1:], strict=False):
            if row.condition is None or _always(row.condition):
                self.report("MQL301", following, "this row can never be reached: the one before it always holds", "move it up, or remove it")
                break
        rows = self.each(node.rows, self._outcome)
        return ir.Decide(node.name.text, node.label, tuple(rows), self.type_of_decide(node), place=self.place(node.name))

    def type_of_decide(self, node: decl.Decide) -> Labels:
        """Return the outcomes of a decide, in the order of the file."""
        return Labels(tuple(dict.fromkeys(row.outcome.text for row in node.rows)))

    def _outcome(self, row: decl.DecideRow) -> ir.Outcome:
        condition = None if row.condition is None else self.condition(row.condition, LEAD)
        made = ir.Outcome(row.outcome.text, condition, place=self.place(row))
        for option in row.options:
            match option:
                case decl.Due(within, last):
                    made = attrs.evolve(made, due=self._due(within, last))
                case decl.Team(team):
                    made = attrs.evolve(made, team=self._team(team))
                case decl.Evenly(teams):
                    made = attrs.evolve(made, evenly=teams)
                case decl.Because(text):
                    made = attrs.evolve(made, because=text)
        return made

    def _due(self, within: tree.Duration, last: tree.Expression | None) -> ir.Due:
        length = Duration(within.count, Unit(within.unit))
        if length.unit in (Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY) and not self.has_hours:
            self.report("MQL210", within, "the definition does not say its business hours", "add to the head: business hours mon-fri 09:00-17:30")
        of = None if last is None else self.timed(last, LEAD, "`of last` looks at the times of events")
        return ir.Due(length, of, place=self.place(within))

    def _team(self, team: tree.TextLiteral | tree.Ref) -> ir.Operand:
        if isinstance(team, tree.TextLiteral):
            return ir.Literal_(team.value, Text(), place=self.place(team))
        if team.owner is None and self.namespace.get(team.name.text) is None:
            return ir.Literal_(team.name.text, Text(), place=self.place(team))
        operand = self.operand(team, LEAD)
        if not isinstance(operand.type, Text | Labels):
            self.refuse("MQL201", team, f"`{self.words(team)}` is {in_words(operand.type)}, and a team is a name", "name a text, a label or a column of a table")
        return operand

    # -------------------------------------------------------------- tables

    def table(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a `table`, inline or from its file."""
        if node.path is not None:
            return self.table_from_file(node)
        outputs = self._outputs_of(node)
        inputs = list(node.head[: len(node.head) - len(outputs)])
        if node.by and [ref.name.text for ref in node.by] != [ref.name.text for ref in inputs]:
            self.refuse("MQL303", node, "the head of the table names other columns than `by`", "name the same columns in the same order")
        operands = self.each(inputs, lambda ref: self.operand(ref, LEAD))
        types = dict(zip((name.text for name in node.gives), self.types_of_table(node), strict=True))
        rows = self.each(node.rows, lambda row: self._table_row(node, row, operands, types))
        return ir.Table(node.name.text, node.label, tuple(operands), tuple(types.items()), tuple(rows), place=self.place(node.name))

    def _outputs_of(self, node: decl.Table) -> list[str]:
        gives = [name.text for name in node.gives]
        named = [ref.name.text for ref in node.head[-len(gives) :]]
        if named != gives or len(node.head) < len(gives):
            self.refuse("MQL303", node, "the last columns of the table are not those that it gives", "end the head with " + ", ".join(gives))
        return gives

    def types_of_table(self, node: decl.Table) -> list[Type]:
        """Return the types of a table's outputs: labels where a cell is a bare word, else the cells' type."""
        if node.path is not None:
            return [kind for _, kind in self.table_from_file(node).outputs]
        first = len(node.head) - len(node.gives)
        return [self._output_type([row.cells[column] for row in node.rows if column < len(row.cells)]) for column in range(first, len(node.head))]

    def _output_type(self, cells: list[decl.Cell]) -> Type:
        items = [cell.items[0] for cell in cells if isinstance(cell, tree.Items)]
        if any(isinstance(item, tree.Name) for item in items):
            return Labels(tuple(dict.fromkeys(item.text if isinstance(item, tree.Name) else str(getattr(item, "value", "")) for item in items)))
        kind = self.operand(items[0], LEAD).type if items else Text()
        return NUMBER if isinstance(kind, Amount) else kind

    def _table_row(self, node: decl.Table, row: decl.TableRow, inputs: list[ir.Operand], types: Mapping[str, Type]) -> ir.TableRow:
        if len(row.cells) != len(node.head):
            self.refuse("MQL303", row, f"this row has {len(row.cells)} cells, the head has {len(node.head)}", "give each column one cell")
        conditions = [self._cell(cell, operand, head) for cell, operand, head in zip(row.cells, inputs, node.head, strict=False)]
        outputs = [self._output(cell, kind) for cell, kind in zip(row.cells[len(inputs) :], types.values(), strict=True)]
        return ir.TableRow(tuple(conditions), tuple(outputs), place=self.place(row))

    def _cell(self, cell: decl.Cell, of: ir.Operand, head: tree.Ref) -> ir.Condition | None:
        place = self.place(cell)
        match cell:
            case decl.AnyCell():
                return None
            case tree.Missing():
                return ir.Not(ir.IsKnown(of, place=place), place=place)
            case tree.Items():
                return self._any_of(of, Collected(cell.items, None), self.words(head), cell)
            case decl.BoundCell(operator, bound):
                return self.compare(operator, head, _expression(bound), cell, LEAD)
            case decl.RangeCell(low, high):
                bounds = ((">=", low), ("<=", high))
                parts = [ir.Part(self.compare(sign, head, _expression(bound), cell, LEAD)) for sign, bound in bounds]
                return ir.Count(tuple(parts), 2, 2, place=place)

    def _output(self, cell: decl.Cell, kind: Type) -> Value | None:
        if isinstance(cell, tree.Missing):
            return None
        if not isinstance(cell, tree.Items) or len(cell.items) != 1:
            self.refuse("MQL303", cell, "a cell that is given holds one value", "write a name, a text, a number or `missing`")
        item = cell.items[0]
        if isinstance(kind, Labels):
            return self.label_of(item, kind, "this column")
        literal = self.operand(item, LEAD) if not isinstance(item, tree.Name) else None
        if not isinstance(literal, ir.Literal_) or not isinstance(literal.type, type(kind)):
            self.refuse("MQL201", cell, f"this column gives {in_words(kind)}", "let all its cells be of one type")
        return literal.value

    def table_from_file(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a table that stands in a file; its columns are found by name."""
        if not node.by:
            self.refuse("MQL303", node, "a table from a file says by what it is looked up", f"table {node.name.text} by FIELD gives …")
        operands = self.each(node.by, lambda ref: self.operand(ref, LEAD))
        head, lines = self.rows_from_file(node)
        columns = [self._column(name, head, node) for name in (*(ref.name for ref in node.by), *node.gives)]
        keys, outputs = columns[: len(operands)], columns[len(operands) :]
        types = [_column_type([line[column] for line in lines]) for column in outputs]
        rows = []
        for line in lines:
            conditions = [self._key(line[column], operand, node) for column, operand in zip(keys, operands, strict=True)]
            given = [_read(line[column], kind) for column, kind in zip(outputs, types, strict=True)]
            rows.append(ir.TableRow(tuple(conditions), tuple(given)))
        gives = tuple(zip((name.text for name in node.gives), types, strict=True))
        return ir.Table(node.name.text, node.label, tuple(operands), gives, tuple(rows), place=self.place(node.name))

    def _column(self, name: tree.Name, head: list[str], node: decl.Table) -> int:
        if name.text in head:
            return head.index(name.text)
        assert node.path is not None
        self.refuse("MQL106", name, f"`{node.path.value}` has no column `{name.text}`", did_you_mean(name.text, head, "it has " + ", ".join(head[:8])))

    def _key(self, text: str, operand: ir.Operand, node: decl.Table) -> ir.Condition | None:
        """Read a cell of a file as what it is compared with; an empty one matches what is missing."""
        literal = tree.TextLiteral(text, span=(node.path or node).span)
        if not text.strip():
            return ir.Not(ir.IsKnown(operand))
        if isinstance(operand.type, Text):
            literal = tree.TextLiteral(text.replace("*", "\\*"), span=literal.span)
        return self.member(operand, Collected((literal,), node.name, from_file=True), node.name.text, node)

    def rows_from_file(self, node: decl.Table) -> tuple[list[str], list[list[str]]]:
        """Return head and rows of a table's file."""
        raise UnresolvedError

    def named_type(self, entry: Entry, column: str | None) -> Type:
        """Return the type of a named part, from its text alone where it can be seen there."""
        declared = entry.declared
        match declared:
            case decl.Score():
                return NUMBER
            case decl.Grade():
                return self.type_of_grade(declared)
            case decl.Matrix():
                return self.type_of_matrix(declared)
            case decl.Decide():
                return self.type_of_decide(declared)
            case decl.Table():
                names = [name.text for name in declared.gives]
                return self.types_of_table(declared)[names.index(column or names[0])]
            case decl.Value():
                return self.type_of_value(declared)
            case _:
                raise UnresolvedError


def rows_or(kind: Type) -> Labels:
    """Return a type that is known to be labels, as such."""
    assert isinstance(kind, Labels)
    return kind


def _expression(item: tree.Item) -> tree.Expression:
    return tree.Ref(item, span=item.span) if isinstance(item, tree.Name) else item


def _always(condition: tree.Expression) -> bool:
    """Say whether a condition holds whatever the lead is."""
    match condition:
        case tree.YesNoLiteral(value):
            return value
        case tree.Brackets(inner):
            return _always(inner)
        case tree.Compare(first, ((sign, second),)) if first == second:
            return isinstance(first, tree.NumberLiteral | tree.TextLiteral) and sign in ("=", "<=", ">=")
        case _:
            return False


def _column_type(cells: list[str]) -> Type:
    known = [cell for cell in cells if cell.strip()]
    return NUMBER if known and all(isinstance(_as_number(cell), float) for cell in known) else Text()


def _as_number(cell: str) -> float | None:
    try:
        return float(cell.replace("_", "x"))
    except ValueError:
        return None


def _read(cell: str, kind: Type) -> Value | None:
    if not cell.strip():
        return None
    return _as_number(cell) if isinstance(kind, Number) else cell
