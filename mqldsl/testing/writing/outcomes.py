"""Random values, grades, matrices, tables and decisions."""

from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.testing.writing import words
from mqldsl.testing.writing.scope import LEAD, Ref
from mqldsl.testing.writing.scores import Scores


class Outcomes(Scores):
    """Writes what ends in one of several values; each part is added to what can be named."""

    def add(self, name: str, kind: Type, word: str, bands: tuple[str, ...] = ()) -> None:
        """Add a part to what can be named."""
        self.refs.append(Ref(name, kind, word, self.asks_people, bands, word == "score"))

    # -------------------------------------------------------------- clauses and values

    def clause(self, name: str, depth: int) -> str:
        """Return a clause."""
        self.asks_people = False
        head = f"clause {name}{self.label()}:"
        tail = f", if unknown {self.pick(('no', 'yes'))}" if self.chance(12) else ""
        if depth > 0 and self.chance(20):
            said = f"{head}\n  {self.bullets(LEAD, depth - 1, '    ')}" + (f"\n  {tail}" if tail else "")
        else:
            said = f"{head} {self.condition(LEAD, depth)}{tail}"
        self.add(name, words.YES_NO, "clause")
        return said

    def value(self, name: str, depth: int) -> str:
        """Return a value: one expression, or rows."""
        self.asks_people = False
        if self.chance(20):
            return self._value_of_words(name, depth)
        kinds = [ref.type for ref in self.known(LEAD, lambda each: not isinstance(each, SetOf))]
        kind = words.NUMBER if self.chance(60) or not kinds else self.pick(kinds)
        rows = []
        for _ in range(self.pick((0, 0, 1, 2))):
            group = depth > 0 and self.chance(12)
            when = self.bullets(LEAD, depth - 1, "    ") if group else self.condition(LEAD, depth - 1)
            rows.append(f"  {self._case(kind, depth)} when {when}")
        last = self._case(kind, depth)
        said = [f"value {name}:", *rows, f"  otherwise {last}"] if rows else [f"value {name}: {last}"]
        self.add(name, kind, "value")
        return "\n".join(said)

    def _case(self, kind: Type, depth: int) -> str:
        if kind == words.NUMBER:
            return self.sum(LEAD, depth, "free")
        if kind == words.MONEY:
            # A literal alone is a plain number.
            first = self.named(self.pick(self.known(LEAD, lambda each: each == kind)))
            return f"{first} {self.pick('+-')} {self.number(LEAD, depth, 'free', money=True)}"
        return self.operand(kind, LEAD, depth - 1, "free")

    def _value_of_words(self, name: str, depth: int) -> str:
        """Return a value whose rows are bare words, or bare words and something else that has labels."""
        outcomes = [self.pick(words.WORDS) for _ in range(self.count(1, 3))]
        rows = [f"  {word} when {self.condition(LEAD, depth - 1)}" for word in outcomes]
        names = [words.unquoted(word) for word in outcomes] + ["nobody"]
        labelled = self.known(LEAD, lambda each: isinstance(each, Labels))
        if labelled and self.chance(25):
            other = self.pick(labelled)
            assert isinstance(other.type, Labels)
            rows.append(f"  {self.named(other)} when {self.condition(LEAD, depth - 1)}")
            names += other.type.names
        self.add(name, Labels(tuple(dict.fromkeys(names))), "value")
        return "\n".join([f"value {name}:", *rows, "  otherwise nobody"])

    # -------------------------------------------------------------- grades and matrices

    def named_score(self, name: str, depth: int) -> str:
        """Return a score, which can be named afterwards."""
        self.asks_people = False
        said = self.score(name, depth)
        self.add(name, words.NUMBER, "score")
        return said

    def grade(self, name: str, depth: int) -> str | None:
        """Return a grade of a number, best band first; None where there is none."""
        del depth
        self.asks_people = False
        refs = self.known(LEAD, lambda each: isinstance(each, Number), "score", "value") or self.known(
            LEAD, lambda each: isinstance(each, Number)
        )
        if not refs:
            return None
        of = self.pick(refs)
        self.named(of)
        bands = self.pick(words.BAND_NAMES)[: self.pick((2, 3, 4))]
        starts = self.pick((("20", "10", "0"), ("50", "5", "2.5"), ("80", "60", "-5"), ("100k", "50k", "10")))
        said = [f"{band} from {start}" for band, start in zip(bands[:-1], starts, strict=False)]
        said.append(f"otherwise {bands[-1]}")
        kind = Labels(tuple(map(words.unquoted, reversed(bands))), ordered=True)
        self.add(name, kind, "grade", bands)
        if self.chance(15):
            return "\n".join([f"grade {name} of {of.text}:", *(f"  {each}" for each in said)])
        return f"grade {name} of {of.text}: {', '.join(said)}"

    def matrix(self, name: str, depth: int) -> str | None:
        """Return a matrix of two things that have labels; None where there is none."""
        del depth
        self.asks_people = False
        refs = self.known(LEAD, lambda each: isinstance(each, Labels) and len(each.names) <= 4)
        if not refs:
            return None
        grades = [ref for ref in refs if ref.word == "grade"]
        rows_of, columns_of = (self.pick(grades if grades and self.chance(60) else refs) for _ in range(2))
        rows, columns = self._band_texts(rows_of), self._band_texts(columns_of)
        self.asks_people = rows_of.asks_people or columns_of.asks_people
        outcomes = words.WORDS[: self.count(2, 4)]
        lines = [f"matrix {name} of {rows_of.text} by {columns_of.text}:", f"  |   | {' | '.join(columns)} |"]
        used: dict[str, None] = {}
        for row in rows:
            cells = [self.pick(outcomes) for _ in columns]
            used.update(dict.fromkeys(map(words.unquoted, cells)))
            lines.append(f"  | {row} | {' | '.join(cells)} |")
        self.add(name, Labels(tuple(used)), "matrix")
        return "\n".join(lines)

    def _band_texts(self, of: Ref) -> list[str]:
        assert isinstance(of.type, Labels)
        return list(of.bands) or [words.label_text(name) for name in of.type.names]

    # -------------------------------------------------------------- tables

    def table(self, name: str, depth: int) -> str | None:
        """Return a decision table; its rows differ in their first cell, so that each can match."""
        del depth
        self.asks_people = False
        refs = self.known(LEAD, lambda each: not isinstance(each, SetOf))
        if not refs:
            return None
        # Behind the name of an event stands how many there are.
        refs += [
            Ref(kind.plural, words.NUMBER, "event", kind.asks_people, never_missing=True)
            for kind in self.kinds_at(LEAD, lambda kind: self.chance(10) and not kind.are_people)
        ]
        inputs = list(dict.fromkeys(self.pick(refs) for _ in range(self.pick((1, 2, 2, 3)))))
        self.asks_people = any(ref.asks_people for ref in inputs)
        cells = list(self._first_cells(inputs[0].type))
        if not cells:
            return None
        cells = cells[: self.count(1, 3)]
        rows = [[cell, *(self._cell(ref) for ref in inputs[1:])] for cell in cells]
        if self.chance(35) and not inputs[0].never_missing:
            rows.append(["missing", *("any" for _ in inputs[1:])])
        if self.chance(70):
            rows.append(["any"] * len(inputs))
        outputs = self.pick((("level",), ("level",), ("level", "desk"), ("level", "desk", "price")))
        for output in outputs:
            kind, given = self._given(len(rows))
            for row, cell in zip(rows, given, strict=True):
                row.append(cell)
            self.add(name if len(outputs) == 1 else f"{name}.{output}", kind, "table")
        head = [*(ref.text for ref in inputs), *outputs]
        by = f" by {', '.join(ref.text for ref in inputs)}" if self.chance(40) else ""
        lines = [f"  | {' | '.join(row)} |" for row in (head, *rows)]
        return "\n".join([f"table {name}{by} gives {', '.join(outputs)}:", *lines])

    def _first_cells(self, kind: Type) -> tuple[str, ...]:
        """Return cells that exclude each other and leave something over."""
        match kind:
            case Labels(names):
                return tuple(map(words.label_text, names[:-1]))
            case YesNo():
                return (self.pick(("yes", "no")),)
            case Number():
                return self.pick(
                    (("> 100", "10 to 50", "1, 2"), ("3", ">= 5"), ("-5 to 2", "2.5"), ("<= 0", "100"))
                )
            case Text():
                return self.pick((('"/pricing"', '"Head of *"'), ('"VP *", "CEO"', '"/"'), ('"gmail.com"',)))
            case Date():
                return self.pick(
                    ((">= 2026-03-01", "2025-12-31 to 2026-01-01"), ("2026-01-01",), ("< 2026-02-28",))
                )
            case Time():
                return self.pick(((">= 2026-03-01 09:00",), ("< 2026-01-01", ">= 2026-03-29 01:30")))
            case _:
                raise AssertionError("no cell holds a set")

    def _cell(self, of: Ref) -> str:
        kind = of.type
        if self.chance(40):
            return "any"
        if self.chance(15) and not of.never_missing:
            return "missing"
        if isinstance(kind, Labels) and kind.ordered and self.chance(40):
            return f"{self.pick(('>=', '<='))} {words.label_text(self.pick(kind.names))}"
        if isinstance(kind, Labels):
            return ", ".join(words.label_text(self.pick(kind.names)) for _ in range(self.count(1, 2)))
        return self.pick(self._first_cells(kind))

    def _given(self, rows: int) -> tuple[Type, list[str]]:
        """Return the cells of one output, and its type."""
        form = self.pick((0, 0, 1, 2, 3, 4))
        pools: tuple[tuple[tuple[str, ...], Type], ...] = (
            (words.WORDS[:3], words.TEXT),
            (("100", "0", "2.5", "-5", "50k"), words.NUMBER),
            (('"West"', '"Öst"', '"Bob B"'), words.TEXT),
            (words.DAYS[:3], words.DATE),
            (("yes", "no"), words.YES_NO),
        )
        pool, kind = pools[form]
        cells = [self.pick(pool) for _ in range(rows)]
        if form == 0:
            kind = Labels(tuple(dict.fromkeys(cells)))
        for number in range(1, rows):
            if self.chance(10) and form != 0:
                cells[number] = "missing"
        return kind, cells

    # -------------------------------------------------------------- decisions

    def decide(self, name: str, depth: int) -> str:
        """Return a decision."""
        self.asks_people = False
        outcomes = []
        rows = []
        for _ in range(self.count(1, 4)):
            outcomes.append(self.pick(words.OUTCOMES))
            if depth > 0 and self.chance(10):
                tail = self._options(depth)
                when = self.bullets(LEAD, depth - 1, "    ") + (f"\n    {tail}" if tail else "")
            else:
                when = self.condition(LEAD, depth) + self._options(depth)
            rows.append(f"  {outcomes[-1]} when {when}")
        outcomes.append(self.pick(words.OUTCOMES))
        rows.append(f"  otherwise {outcomes[-1]}{self._options(depth)}")
        self.add(name, Labels(tuple(dict.fromkeys(map(words.unquoted, outcomes)))), "decide")
        return "\n".join([f"decide {name}:", *rows])

    def _options(self, depth: int) -> str:
        said = []
        if self.chance(45):
            said.append(self._due(depth))
        if self.chance(45):
            said.append(self._team())
        if self.chance(10):
            said.insert(0, 'because "of a reason"')
        return "".join(f", {each}" for each in said)

    def _due(self, depth: int) -> str:
        if self.chance(20):
            return "due today"
        length = self.pick(words.BUSINESS_LENGTHS) if self.has_hours and self.chance(60) else self.length()
        events = self.kinds_at(LEAD, lambda kind: kind.timed)
        if events and self.chance(50):
            return f"due within {length} of last {self.atom(self.pick(events), LEAD, depth - 1)}"
        return f"due within {length}"

    def _team(self) -> str:
        refs = self.known(LEAD, lambda each: isinstance(each, Text | Labels))
        match self.pick((0, 1, 1, 2)):
            case 0:
                return f"to {self.pick(words.TEAMS)}"
            case 1 if refs:
                return f"to {self.named(self.pick(refs))}"
            case _:
                teams = [self.pick(words.TEAMS) for _ in range(self.count(1, 4))]
                return f"to evenly ({', '.join(teams)})"
