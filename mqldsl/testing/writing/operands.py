"""Random operands of each type: fields, named parts, literals, arithmetic, and what is told of events."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.testing.writing import words
from mqldsl.testing.writing.scope import At, Kind, Windows
from mqldsl.testing.writing.selections import Selections, is_moment

# A way to write an operand; None where nothing that is declared allows for it.
Form: TypeAlias = Callable[[Type, At, int, Windows], str | None]
ORDER = ("highest", "lowest")
ENDS = ("latest", "earliest")


def has_order(kind: Type) -> bool:
    """Say whether values of a type are greater and smaller."""
    return isinstance(kind, Number | Date | Time) or (isinstance(kind, Labels) and kind.ordered)


class Operands(Selections):
    """Writes what has a value."""

    def operand(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        """Return an operand of a type that may stand in arithmetic and lists without brackets."""
        if isinstance(kind, Number):
            return self.number(at, depth, windows, money=kind.money)
        if depth > 0 and self.chance(45):
            found = self._made(kind, at, depth, windows)
            if found is not None:
                return found
        return self.plain(kind, at, windows)

    def types_at(self, at: At, wanted: Callable[[Type], bool]) -> list[Type]:
        """Return the types of which something can be named at a place, the commonest first."""
        kinds = [kind for kind in at.properties.values() if wanted(kind)]
        kinds += [ref.type for ref in self.known(at, wanted)]
        if not at.in_brackets:
            for each in self.kinds_at(at, lambda each: each.timed):
                kinds += [kind for kind in each.properties.values() if wanted(kind)]
        return list(dict.fromkeys(kinds))

    def plain(self, kind: Type, at: At, windows: Windows) -> str:
        """Return a name that has a type, or else a literal, or an aggregate where only events carry it."""
        properties = self.properties(at, lambda each: each == kind)
        refs = self.known(at, lambda each: each == kind)
        if properties and (not refs or self.chance(75)):
            return self.pick(properties)
        if refs:
            return self.named(self.pick(refs))
        if isinstance(kind, Labels | SetOf):
            found = self._from_events(kind, at, 0, windows)
            assert found is not None, "a type that nothing has"
            return f"({found})"
        return self.literal(kind)

    def literal(self, kind: Type) -> str:
        """Return a literal of a type."""
        match kind:
            case Text():
                return f'"{self.pick((*words.TITLES, *words.PAGES, *words.MAILS)).replace("*", "")}"'
            case Date():
                return self.pick(words.DAYS)
            case Time():
                return self.pick(words.MOMENTS)
            case YesNo():
                return self.pick(("yes", "no"))
            case Labels(names):
                return words.label_text(self.pick(names))
            case Number():
                return self.pick(words.NUMBERS)
            case _:
                raise AssertionError("sets have no literals in conditions")

    # -------------------------------------------------------------- made of others

    def _made(self, kind: Type, at: At, depth: int, windows: Windows) -> str | None:
        forms: list[Form] = [self._from_events, self._first_known]
        if not isinstance(kind, SetOf):
            forms.append(self._from_events)
        if isinstance(kind, Text):
            forms.append(self._domain)
        if isinstance(kind, YesNo):
            forms.append(self._answer)
        if has_order(kind):
            forms.append(self._extreme)
        return self.pick(forms)(kind, at, depth, windows)

    def _first_known(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        return f"first known of ({self._several(kind, at, depth, windows)})"

    def _extreme(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        return f"{self.pick(ORDER)} of ({self._several(kind, at, depth, windows)})"

    def _several(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        return ", ".join(self.operand(kind, at, depth - 1, windows) for _ in range(self.pick((2, 1, 3))))

    def _domain(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        del windows
        return f"domain of {self.one_word(self.operand(kind, at, depth - 1, 'free'))}"

    def _answer(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        del kind, windows
        # Never a selection alone: in brackets beside `=` that is a number.
        if self.chance(50):
            return f"(not {self.simple(at, depth - 1)})"
        return f"({self.simple(at, depth - 1)} {self.pick(('and', 'or'))} {self.simple(at, depth - 1)})"

    def _from_events(self, kind: Type, at: At, depth: int, windows: Windows) -> str | None:
        how = self.pick((*ENDS, *ORDER) if has_order(kind) else ENDS)
        found = self._carrier(at, depth, windows, lambda each: each == kind, timed=how in ENDS)
        if found is None:
            return None
        text, carrier = found
        return self.windowed(self._of_events(how, text, carrier, kind), carrier, at, depth, windows)

    def latest(self, kind: Type, at: At, depth: int) -> str | None:
        """Return what the last or first of some events carries, with a window of its own."""
        found = self._carrier(at, depth, "own", lambda each: each == kind, timed=True)
        if found is None:
            return None
        return self.windowed(self._of_events(self.pick(ENDS), *found, kind), found[1], at, depth, "own")

    def _of_events(self, how: str, text: str, carrier: Kind, kind: Type) -> str:
        name = self.pick([name for name, each in carrier.properties.items() if each == kind])
        return f"{how} {name} of {text}"

    def _carrier(
        self, at: At, depth: int, windows: Windows, wanted: Callable[[Type], bool], *, timed: bool
    ) -> tuple[str, Kind] | None:
        """Return events that carry a wanted property."""
        return self.selected(
            at,
            depth - 1,
            windows,
            lambda each: (each.timed or not timed) and any(map(wanted, each.properties.values())),
        )

    # -------------------------------------------------------------- numbers

    def number(self, at: At, depth: int, windows: Windows, *, money: bool = False) -> str:
        """Return a number or an amount that may stand in arithmetic without brackets."""
        kind = Number(money)
        if depth <= 0 or self.chance(30):
            return self._plain_number(kind, at)
        if self.chance(50):
            found = (
                self.told_of_events(at, depth, windows)
                if not money
                else self._amount_of_events(at, depth, windows)
            )
            if found is not None:
                return found
        forms: tuple[Form, ...] = (
            self._sum,
            self._product,
            self._rounded,
            self._negative,
            self._first_known,
            self._extreme,
            self._days,
        )
        said = self.pick(forms[:6] if money else forms)(kind, at, depth, windows)
        assert said is not None
        return said

    def sum(self, at: At, depth: int, windows: Windows, *, money: bool = False) -> str:
        """Return one number, or several that are added and multiplied without brackets."""
        said = self.number(at, depth, windows, money=money)
        for _ in range(self.pick((0, 0, 0, 1, 2))):
            sign = self.pick("+-*") if not money else self.pick("+-")
            said += f" {sign} {self.number(at, depth - 1, windows, money=money)}"
        return said

    def _plain_number(self, kind: Number, at: At) -> str:
        properties = self.properties(at, lambda each: each == kind)
        if properties and self.chance(70):
            return self.pick(properties)
        refs = self.known(at, lambda each: each == kind)
        if refs and self.chance(75):
            return self.named(self.pick(refs))
        return self.pick(words.NUMBERS)

    def _sum(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        parts = [self.operand(kind, at, depth - 1, windows) for _ in range(2)]
        return f"({parts[0]} {self.pick('+-')} {parts[1]})"

    def _product(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        amounts = self.known(at, lambda each: each == words.MONEY)
        if kind == words.NUMBER and amounts and self.chance(25):
            return f"({self.named(self.pick(amounts))} / {self.named(self.pick(amounts))})"
        parts = self.operand(kind, at, depth - 1, windows), self.number(at, depth - 1, windows)
        return f"({parts[0]} {self.pick('*/')} {parts[1]})"

    def _rounded(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        return f"(({self.operand(kind, at, depth - 1, windows)}) rounded to {self.count(0, 3)})"

    def _negative(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        return f"-{self.one_word(self.operand(kind, at, depth - 1, windows))}"

    def _days(self, kind: Type, at: At, depth: int, windows: Windows) -> str:
        del kind, windows
        moments = self.types_at(at, is_moment)
        if not moments:
            return self.pick(words.NUMBERS)
        of = self.operand(self.pick(moments), at, depth - 1, "own")
        return f"days {self.pick(('since', 'until'))} {self.one_word(of)}"

    def told_of_events(self, at: At, depth: int, windows: Windows) -> str | None:
        """Return how many events there are, or another number that they give."""
        match self.pick((0, 0, 0, 1, 2, 2, 3, 4, 5, 5, 5)):
            case 0:
                found = self.selected(at, depth - 1, windows)
                how = ""
            case 1:
                return self._from_events(words.NUMBER, at, depth, windows) or self._added(
                    at, depth, windows, words.NUMBER
                )
            case 2:
                found = self.selected(at, depth - 1, windows, lambda kind: kind.timed)
                how = self.pick(("days since last ", "days since first ", "distinct days of "))
            case 3:
                return self._distinct(at, depth, windows)
            case 4:
                return self._most(at, depth, windows)
            case _:
                return self._added(at, depth, windows, words.NUMBER)
        if found is None:
            return None
        text, kind = found
        if kind.timed and self.chance(12):
            text = f"({self.idle(kind, at, depth - 1)})"
        return self.windowed(how + text, kind, at, depth, windows)

    def _amount_of_events(self, at: At, depth: int, windows: Windows) -> str | None:
        if self.chance(70):
            return self._added(at, depth, windows, words.MONEY)
        return self._from_events(words.MONEY, at, depth, windows)

    def _added(self, at: At, depth: int, windows: Windows, wanted: Type) -> str | None:
        if windows != "shared" and not at.in_people and self.chance(15):
            return self._of_people(at, depth, wanted, ("total", "average", *ORDER))
        found = self._carrier(at, depth, windows, lambda each: each == wanted, timed=False)
        if found is None:
            return None
        text = self._of_events(self.pick(("total", "total", "average", *ORDER)), *found, wanted)
        return self.windowed(text, found[1], at, depth, windows)

    def _of_people(self, at: At, depth: int, wanted: Type, how: Sequence[str]) -> str | None:
        inside = At(in_people=True)
        refs = [ref for ref in self.known(inside, lambda each: each == wanted) if "." not in ref.text]
        people = self.kinds_at(at, lambda kind: kind.are_people)
        if not refs or not people:
            return None
        self.asks_people = True
        return f"{self.pick(how)} {self.pick(refs).text} of {self.narrowed(self.pick(people), at, depth - 1)}"

    def _distinct(self, at: At, depth: int, windows: Windows) -> str | None:
        return self._grouped(at, depth, windows, "distinct {} of {}")

    def _most(self, at: At, depth: int, windows: Windows) -> str | None:
        return self._grouped(at, depth, windows, "most {1}{2} by {0}")

    def _grouped(self, at: At, depth: int, windows: Windows, form: str) -> str | None:
        """Return a number of groups, or the size of the largest one; of people, too."""
        is_most = form.startswith("most")
        if windows != "shared" and not at.in_people and self.chance(15):
            refs = self.known(At(in_people=True), lambda each: not isinstance(each, SetOf))
            refs = [ref for ref in refs if "." not in ref.text]
            if refs:
                self.asks_people = True
                of = self.pick(self.kinds_at(at, lambda kind: kind.are_people))
                return form.format(self.pick(refs).text, self.narrowed(of, at, depth - 1), "")
        found = self._carrier(at, depth, windows, lambda each: not isinstance(each, SetOf), timed=False)
        if found is None:
            return None
        text, kind = found
        name = self.pick([name for name, each in kind.properties.items() if not isinstance(each, SetOf)])
        if not is_most:
            return self.windowed(form.format(name, text), kind, at, depth, windows)
        window = self.windowed("", kind, at, depth, windows)
        return form.format(name, text, window)

    def one_word(self, operand: str) -> str:
        """Return an operand in brackets, where it is not one name."""
        return (
            operand
            if operand.replace("_", "").replace(".", "").isalnum() and not operand[0].isdigit()
            else f"({operand})"
        )
