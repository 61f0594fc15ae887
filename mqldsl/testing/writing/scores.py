"""Random scores: rows of every kind, what shrinks and limits them, groups, and points that are lost."""

from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.testing.writing import words
from mqldsl.testing.writing.conditions import Conditions
from mqldsl.testing.writing.scope import LEAD, Kind, anything


def _is_timed(kind: Kind) -> bool:
    return kind.timed


class Scores(Conditions):
    """Writes scores."""

    def score(self, name: str, depth: int) -> str:
        """Return a declaration of a score."""
        head = f"score {name}{self.label()}"
        low, high = self.pick(((0, 100), (None, None), (None, 50), (-10, 40), (5, None), (0, 20)))
        head += f" from {low}" if low is not None else ""
        head += f" to {high}" if high is not None else ""
        events = self.kinds_at(LEAD, _is_timed)
        if events and self.chance(30):
            for _ in range(self.pick((1, 1, 2))):
                head += f", {self.decay()} without {self.atom(self.pick(events), LEAD, depth - 1)}"
        rows = [line for _ in range(self.count(1, 4)) for line in self.row(depth, "  ")]
        return "\n".join([f"{head}:", *rows])

    def decay(self) -> str:
        """Return how points shrink with time."""
        how = self.pick(("halving", "losing 2", "losing 10%", "losing 100%", "losing 0.5"))
        return f"{how} every {self.length()}"

    def row(self, depth: int, indent: str, level: int = 0) -> list[str]:
        """Return a row of a score, in one line or several."""
        forms = [self._when, self._by]
        if self.kinds_at(LEAD, anything):
            forms += [self._per, self._per, self._per_unit]
            if self.kinds_at(LEAD, _is_timed):
                forms.append(self._shrinking)
        if level < 2 and self.chance(18):
            return self.pick((self._first_of, self._group))(depth, indent, level)
        return [indent + line for line in self.pick(forms)(depth)]

    def _points(self) -> str:
        return f"{self.pick('++-')}{self.pick(words.POINTS)}"

    def _cap(self) -> str:
        return f", up to {self.pick(('25', '10', '0.5', '50'))}" if self.chance(30) else ""

    def _reason(self) -> str:
        return ', because "of a reason"' if self.chance(10) else ""

    # -------------------------------------------------------------- rows

    def _when(self, depth: int) -> list[str]:
        if depth > 0 and self.chance(12):
            group = self.bullets(LEAD, depth - 1, "    ").split("\n")
            tail = [f"  {self._cap()}".rstrip()] if self.chance(40) else []
            return [
                f"{self._points()} when {group[0]}",
                *(line[2:] for line in group[1:]),
                *(each for each in tail if each),
            ]
        return [f"{self._points()} when {self.condition(LEAD, depth)}{self._cap()}{self._reason()}"]

    def _shrinking(self, depth: int) -> list[str]:
        """Return a row whose points go by the age of the latest of its one selection."""
        kind = self.pick(self.kinds_at(LEAD, _is_timed))
        text = self.atom(kind, LEAD, depth - 1)
        condition = self.pick(
            (
                f"{text} {self.window(LEAD, depth - 1)}",
                f"{text} >= 2 within {self.length()}",
                f"no {text} ever",
            )
        )
        flags = self.known(LEAD, lambda each: isinstance(each, YesNo))
        if flags and self.chance(25):
            condition = f"{self.named(self.pick(flags))} {self.pick(('and', 'or'))} {condition}"
        return [f"{self._points()} when {condition}, {self._decays()}{self._cap()}"]

    def _decays(self) -> str:
        return ", ".join(self.decay() for _ in range(self.pick((1, 1, 1, 2))))

    def _per(self, depth: int) -> list[str]:
        found = self.selected(LEAD, depth - 1, "free")
        assert found is not None
        text, kind = found
        if kind.timed and self.chance(20):
            text = self.pick((self.sequence, self.idle_of))(LEAD, depth - 1, kind)
        said = f"{self._points()} per {self.windowed(text, kind, LEAD, depth, 'free')}"
        if kind.timed:
            said += f", {self._decays()}" if self.chance(35) else ""
            for _ in range(self.pick((0, 0, 1, 1, 2))):
                said += self.pick((", once per ", ", at most 2 per ", ", at most 3 per ")) + self.length()
        return [said + self._cap() + self._reason()]

    def idle_of(self, at: object, depth: int, kind: Kind) -> str:
        """Return quiet time, with the arguments in the order that `sequence` takes them."""
        del at
        return self.idle(kind, LEAD, depth)

    def _per_unit(self, depth: int) -> list[str]:
        unit = self.pick(("10", "1", "2.5", "0.1", "1k"))
        of = self.number(LEAD, depth, "free", money=self.chance(25))
        return [f"{self._points()} per {unit} of {of}{self._cap()}{self._reason()}"]

    # -------------------------------------------------------------- by, first of, group

    def _by(self, depth: int) -> list[str]:
        kind = self.pick(self.types_at(LEAD, lambda each: not isinstance(each, SetOf)) or [words.NUMBER])
        of = self.operand(kind, LEAD, depth - 1, "free")
        if of[0] in '"-0123456789' or of in ("yes", "no"):
            of = f"({of})"
        cases = self._cases(kind)
        if self.chance(30):
            cases.append(f"{self._signed()} for missing")
        if self.chance(60):
            cases.append(f"otherwise {self._signed()}")
        if self.chance(20):
            return [
                f"by {of}:",
                *(f"  {case}" for case in cases),
                *(["  , up to 5"] if self.chance(50) else []),
            ]
        return [f"by {of}: {', '.join(cases)}{self._cap()}"]

    def _signed(self) -> str:
        return self.pick(("10", "5", "0", "20", "-5", "+2.5"))

    def _cases(self, kind: Type) -> list[str]:
        if isinstance(kind, Number) and self.chance(75):
            starts = [
                self.pick(("1", "3", "10", "0", "100", "50k", "-5", "2.5")) for _ in range(self.count(1, 3))
            ]
            return [f"{self._signed()} from {start}" for start in dict.fromkeys(starts)]
        if isinstance(kind, Text) and self.text_lists and self.chance(25):
            return [f"{self._signed()} for {self.pick(self.text_lists)}"]
        if kind in self.label_lists and self.chance(40):
            return [f"{self._signed()} for {self.label_lists[kind]}"]
        if isinstance(kind, Number) and self.number_lists and self.chance(25):
            return [f"{self._signed()} for {self.pick(self.number_lists)}"]
        return [f"{self._signed()} for {self._values(kind)}" for _ in range(self.count(1, 2))]

    def _values(self, kind: Type) -> str:
        values = [self.value_text(kind) for _ in range(self.pick((1, 1, 2)))]
        return values[0] if len(values) == 1 else f"({', '.join(values)})"

    def value_text(self, kind: Type) -> str:
        """Return a value as cells and cases write it; of a text it may be an entry with a wildcard."""
        match kind:
            case Text():
                return self.pick((*words.ENTRIES, *(f'"{text}"' for text in words.PAGES)))
            case Labels() | YesNo() | Date() | Time() | Number():
                return self.literal(kind)
            case _:
                raise AssertionError("no cell holds a set")

    def _first_of(self, depth: int, indent: str, level: int) -> list[str]:
        rows = [line for _ in range(self.count(1, 3)) for line in self.row(depth, indent + "  ", level + 1)]
        return [f"{indent}first of:", *rows]

    def _group(self, depth: int, indent: str, level: int) -> list[str]:
        rows = [line for _ in range(self.count(1, 3)) for line in self.row(depth, indent + "  ", level + 1)]
        low, cap = self.pick(("", " from -10", " from 5")), self.pick((" up to 30", "", " up to 10"))
        return [f'{indent}group "Some"{low}{cap}:', *rows]
