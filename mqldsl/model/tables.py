"""Tables: rows of cells, inline or from a file, and what each row gives."""

from abc import abstractmethod
from collections.abc import Mapping

from mqldsl.model import ir
from mqldsl.model.collections import Collected
from mqldsl.model.comparisons import is_above
from mqldsl.model.namespace import Entry
from mqldsl.model.operands import NUMBER, Amount
from mqldsl.model.outcomes import Outcomes, counted
from mqldsl.model.resolver import LEAD, UnresolvedError, in_words
from mqldsl.model.types import Labels, Number, Text, Type, Value
from mqldsl.source.nearest import did_you_mean
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree


class Tables(Outcomes):
    """Resolves `table`, and tells the types of all named parts."""

    def table(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a `table`, inline or from its file."""
        if node.path is not None:
            return self.table_from_file(node)
        outputs = self._outputs_of(node)
        inputs = list(node.head[: len(node.head) - len(outputs)])
        if node.by and [ref.name.text for ref in node.by] != [ref.name.text for ref in inputs]:
            self.refuse(
                "MQL303",
                node,
                "the head of the table names other columns than `by`",
                "name the same columns in the same order",
            )
        operands = self.each(inputs, lambda ref: self.operand(ref, LEAD))
        types = dict(zip((name.text for name in node.gives), self.types_of_table(node), strict=True))
        rows = self.each(node.rows, lambda row: self._table_row(node, row, operands, types))
        return ir.Table(
            node.name.text,
            node.label,
            tuple(operands),
            tuple(types.items()),
            tuple(rows),
            place=self.place(node.name),
        )

    def _outputs_of(self, node: decl.Table) -> list[str]:
        gives = [name.text for name in node.gives]
        named = [ref.name.text for ref in node.head[-len(gives) :]]
        if named != gives or len(node.head) < len(gives):
            self.refuse(
                "MQL303",
                node,
                "the last columns of the table are not those that it gives",
                "end the head with " + ", ".join(gives),
            )
        return gives

    def types_of_table(self, node: decl.Table) -> list[Type]:
        """Return the types of a table's outputs: labels where a cell is a bare word, else the cells' type."""
        if node.path is not None:
            return [kind for _, kind in self.table_from_file(node).outputs]
        first = len(node.head) - len(node.gives)
        return [
            self._output_type([row.cells[column] for row in node.rows if column < len(row.cells)])
            for column in range(first, len(node.head))
        ]

    def _output_type(self, cells: list[decl.Cell]) -> Type:
        items = [cell.items[0] for cell in cells if isinstance(cell, tree.Items)]
        if any(isinstance(item, tree.Name) for item in items):
            return Labels(
                tuple(
                    dict.fromkeys(
                        item.text if isinstance(item, tree.Name) else str(getattr(item, "value", ""))
                        for item in items
                    )
                )
            )
        kind = self.operand(_expression(items[0]), LEAD).type if items else Text()
        return NUMBER if isinstance(kind, Amount) else kind

    def _table_row(
        self, node: decl.Table, row: decl.TableRow, inputs: list[ir.Operand], types: Mapping[str, Type]
    ) -> ir.TableRow:
        if len(row.cells) != len(node.head):
            self.refuse(
                "MQL303",
                row,
                f"this row has {counted(len(row.cells), 'cell')}, the head has {len(node.head)}",
                "give each column one cell",
            )
        conditions = [
            self._cell(cell, operand, head)
            for cell, operand, head in zip(row.cells, inputs, node.head, strict=False)
        ]
        outputs = [
            self._output(cell, kind)
            for cell, kind in zip(row.cells[len(inputs) :], types.values(), strict=True)
        ]
        return ir.TableRow(tuple(conditions), tuple(outputs), place=self.place(row))

    def _cell(self, cell: decl.Cell, of: ir.Operand, head: tree.Ref) -> ir.Condition | None:
        place = self.place(cell)
        match cell:
            case decl.AnyCell():
                return None
            case tree.Missing():
                return ir.Not(ir.IsKnown(of, place=place), place=place)
            case tree.Items():
                for item in cell.items:
                    if isinstance(item, tree.Name) and item.text in ("any", "missing") and not item.quoted:
                        words = f"`{item.text}` stands alone in its cell"
                        self.refuse("MQL303", item, words, "give it a row of its own")
                return self._any_of(of, Collected(cell.items, None), self.words(head), cell)
            case decl.BoundCell(operator, bound):
                return self.compare(operator, head, _expression(bound), cell, LEAD)
            case decl.RangeCell(low, high):
                if is_above(low, high):
                    self.refuse(
                        "MQL204",
                        cell,
                        "nothing lies between these: the first is above the second",
                        f"write `{self.words(high)} to {self.words(low)}`",
                    )
                bounds = ((">=", low), ("<=", high))
                parts = [
                    ir.Part(self.compare(sign, head, _expression(bound), cell, LEAD))
                    for sign, bound in bounds
                ]
                return ir.Count(tuple(parts), 2, 2, place=place)

    def _output(self, cell: decl.Cell, kind: Type) -> Value | None:
        if isinstance(cell, tree.Missing):
            return None
        if not isinstance(cell, tree.Items) or len(cell.items) != 1:
            self.refuse(
                "MQL303",
                cell,
                "a cell that is given holds one value",
                "write a name, a text, a number or `missing`",
            )
        item = cell.items[0]
        if isinstance(kind, Labels):
            return self.label_of(item, kind, "this column")
        literal = self.operand(item, LEAD) if not isinstance(item, tree.Name) else None
        if not isinstance(literal, ir.Constant) or not isinstance(literal.type, type(kind)):
            self.refuse(
                "MQL201", cell, f"this column gives {in_words(kind)}", "let all its cells be of one type"
            )
        return literal.value

    def table_from_file(self, node: decl.Table) -> ir.Table:
        """Return the meaning of a table that stands in a file; its columns are found by name."""
        if not node.by:
            self.refuse(
                "MQL303",
                node,
                "a table from a file says by what it is looked up",
                f"table {node.name.text} by FIELD gives …",
            )
        operands = self.each(node.by, lambda ref: self.operand(ref, LEAD))
        head, lines = self.rows_from_file(node)
        columns = [self._column(name, head, node) for name in (*(ref.name for ref in node.by), *node.gives)]
        keys, outputs = columns[: len(operands)], columns[len(operands) :]
        types = [_column_type([line[column] for line in lines]) for column in outputs]
        rows = []
        for line in lines:
            conditions = [
                self._key(line[column], operand, node) for column, operand in zip(keys, operands, strict=True)
            ]
            given = [_read(line[column], kind) for column, kind in zip(outputs, types, strict=True)]
            rows.append(ir.TableRow(tuple(conditions), tuple(given)))
        gives = tuple(zip((name.text for name in node.gives), types, strict=True))
        return ir.Table(
            node.name.text, node.label, tuple(operands), gives, tuple(rows), place=self.place(node.name)
        )

    def _column(self, name: tree.Name, head: list[str], node: decl.Table) -> int:
        if name.text in head:
            return head.index(name.text)
        assert node.path is not None
        self.refuse(
            "MQL106",
            name,
            f"`{node.path.value}` has no column `{name.text}`",
            did_you_mean(name.text, head, "it has " + ", ".join(head[:8])),
        )

    def _key(self, text: str, operand: ir.Operand, node: decl.Table) -> ir.Condition | None:
        """Read a cell of a file as what it is compared with; an empty one matches what is missing."""
        literal = tree.TextLiteral(text, span=(node.path or node).span)
        if not text.strip():
            return ir.Not(ir.IsKnown(operand))
        if isinstance(operand.type, Text):
            literal = tree.TextLiteral(text.replace("*", "\\*"), span=literal.span)
        return self.member(operand, Collected((literal,), node.name, from_file=True), node.name.text, node)

    @abstractmethod
    def rows_from_file(self, node: decl.Table) -> tuple[list[str], list[list[str]]]:
        """Return head and rows of a table's file."""

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


def _expression(item: tree.Item) -> tree.Expression:
    return tree.Ref(item, span=item.span) if isinstance(item, tree.Name) else item


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
