"""Random conditions: comparisons, tests of texts and sets, events, and how conditions are joined."""

from collections.abc import Callable

from mqldsl.model.types import Date, Labels, SetOf, Text, Time, Type, YesNo
from mqldsl.testing.writing import words
from mqldsl.testing.writing.operands import Operands
from mqldsl.testing.writing.scope import At, Windows, anything
from mqldsl.testing.writing.selections import is_moment

RELATIONS = (">=", "=", "<", ">", "<=", "!=")
QUANTITIES = ("any", "all", "none", "at least", "at most", "exactly")
TEXT_TESTS = ("contains", "mentions", "starts with", "ends with")


class Conditions(Operands):
    """Writes what is answered yes, no or unknown."""

    def condition(self, at: At, depth: int) -> str:
        """Return a condition, perhaps of several joined by `and` or `or`."""
        if depth > 0 and self.chance(25):
            word = self.pick((" and ", " or "))
            return word.join(self.simple(at, depth - 1) for _ in range(self.pick((2, 2, 3))))
        return self.simple(at, depth)

    def simple(self, at: At, depth: int) -> str:
        """Return a condition that may be joined to others without brackets."""
        if depth > 0:
            match self.pick((0, 0, 0, 0, 0, 0, 0, 1, 2, 3)):
                case 1:
                    return f"not {self.simple(at, depth - 1)}"
                case 2:
                    return f"({self.condition(at, depth - 1)})"
                case 3:
                    return self.some_of(at, depth)
                case _:
                    pass
        return self.test(at, depth)

    def some_of(self, at: At, depth: int) -> str:
        """Return so many of some conditions in brackets."""
        size = self.pick((2, 3, 3, 4))
        parts = ", ".join(self.simple(at, depth - 1) for _ in range(size))
        return f"{self.quantity(size)} ({parts})"

    def quantity(self, size: int) -> str:
        """Return how many of `size` conditions are to hold."""
        quantity = self.pick(QUANTITIES)
        if " " in quantity or quantity == "exactly":
            most = size + 1 if quantity == "at most" else size
            quantity += f" {self.pick((1, 2, 0, most)) if size > 1 else 1}"
        return f"{quantity} of"

    def bullets(self, at: At, depth: int, indent: str) -> str:
        """Return a group of conditions in bullets, which is the whole of a condition."""
        size = self.pick((2, 3))
        lines = [self.quantity(size) + self.pick(("", ":"))]
        for number in range(size):
            label = self.pick(("", f'"Part {number + 1}": '))
            nested = depth > 1 and self.chance(20)
            said = self.bullets(at, depth - 1, indent + "  ") if nested else self.condition(at, depth - 1)
            lines.append(f"{indent}- {label}{said}")
        return "\n".join(lines)

    def test(self, at: At, depth: int) -> str:
        """Return a condition that is not made of others."""
        forms: list[Callable[[At, int], str]] = [self.compared_numbers]
        if self.kinds_at(at, anything) and not at.in_brackets:
            forms += [self.presence] * 3
        if at.in_brackets and depth > 0:
            forms.append(self.presence)
        for wanted, test, often in (
            (lambda kind: isinstance(kind, YesNo), self.flag, 2),
            (lambda kind: isinstance(kind, Text), self.text_test, 2),
            (lambda kind: isinstance(kind, Labels), self.label_test, 3),
            (is_moment, self.moment_test, 2),
            (lambda kind: isinstance(kind, SetOf), self.set_test, 1),
        ):
            if self.types_at(at, wanted):
                forms += [test] * often
        forms.append(self.known_or_missing)
        return self.pick(forms)(at, depth)

    # -------------------------------------------------------------- comparisons

    def windows(self) -> Windows:
        """Return which windows the selections of a comparison have."""
        return self.pick(("own", "shared", "own", "none"))

    def with_shared(self, said: str, at: At, depth: int) -> str:
        """Return a condition with the window behind it that its selections wait for."""
        return f"{said} {self.window(at, depth - 1)}" if self.shares_window else said

    def compared_numbers(self, at: At, depth: int) -> str:
        """Return a comparison of numbers or amounts."""
        money = self.chance(25)
        windows = self.windows()
        outer, self.shares_window = self.shares_window, False
        # Also where nothing else is nested: counts are what definitions are about.
        left = self.told_of_events(at, max(depth, 1), windows) if not money and self.chance(40) else None
        left = left or self.sum(at, max(depth, 1), windows, money=money)
        if left in words.NUMBERS:
            left = self.bound(at, money=money, named=100)

        def right() -> str:
            # Behind a bare number or name the window is that of the comparison.
            if windows == "shared":
                return self.bound(at, money=money)
            return self.sum(at, depth - 1, windows, money=money)

        if self.chance(8):
            said = f"{left} {self.pick(('', 'not '))}in {self.numbers()}"
        elif self.chance(15):
            said = f"{left} {self.pick(('', 'not '))}between {self.bound(at, money=money)} and {right()}"
            said = self._ordered(said)
        else:
            said = f"{left} {self.pick(RELATIONS)} {right()}"
        said = self.with_shared(said, at, depth)
        self.shares_window = outer
        return said

    def numbers(self) -> str:
        """Return a collection of numbers: a list by its name, or brackets."""
        if self.number_lists and self.chance(60):
            return self.pick(self.number_lists)
        return f"({', '.join(self.pick(words.NUMBERS) for _ in range(self.count(1, 3)))})"

    def bound(self, at: At, *, money: bool, named: int = 20) -> str:
        """Return a literal, or in so many of a hundred cases the name of a number."""
        if self.chance(named):
            kind = words.MONEY if money else words.NUMBER
            refs = self.known(at, lambda each: each == kind)
            if refs:
                return self.named(self.pick(refs))
        return self.pick(words.NUMBERS)

    def _ordered(self, said: str) -> str:
        """Return `between` two numbers with the smaller one first."""
        head, _, ends = said.rpartition("between ")
        low, _, high = ends.partition(" and ")
        if {low, high} <= set(words.NUMBERS) and words.NUMBERS_BY_SIZE.index(
            low
        ) > words.NUMBERS_BY_SIZE.index(high):
            low, high = high, low
        return f"{head}between {low} and {high}"

    def flag(self, at: At, depth: int) -> str:
        """Return a yes/no operand as a condition, or a comparison of two."""
        said = self.operand(words.YES_NO, at, depth - 1, "free")
        match self.pick((0, 0, 0, 1, 1, 2)):
            case 0:
                return f"not {said}" if said in ("yes", "no") else said
            case 1:
                return f"{said} is {self.pick(('', 'not '))}{self.pick(('yes', 'no'))}"
            case _:
                windows: Windows = self.pick(("own", "none"))
                left, right = (self.operand(words.YES_NO, at, depth - 1, windows) for _ in range(2))
                return f"{left} {self.pick(('=', '!='))} {right}"

    # -------------------------------------------------------------- texts, labels, sets

    def text_test(self, at: At, depth: int) -> str:
        """Return a comparison or a search of a text."""
        windows = self.windows()
        outer, self.shares_window = self.shares_window, False
        said = self.operand(words.TEXT, at, depth, windows)
        if said.startswith('"'):
            said = self.plain(words.TEXT, at, windows)
        if said.startswith('"'):
            said = f"first known of ({said}, {said})"
        no = self.pick(("", "", "not "))
        match self.pick((0, 0, 1, 1, 2, 3, 4, 4, 5)):
            case 0:
                other = self.literal(words.TEXT)
                if windows != "shared" and self.chance(30):
                    other = self.operand(words.TEXT, at, depth - 1, windows)
                said = f"{said} {self.pick(('=', '!='))} {other}"
            case 1:
                said = f"{said} {no}in {self.texts(self.text_lists, words.ENTRIES)}"
            case 2:
                said = f'{said} {no}matches "{self.pick(words.PATTERNS)}"'
            case 3:
                windows = "free"  # a window cannot follow a list of texts
                said = self.operand(words.TEXT, at, depth, windows)
                self.shares_window = False
                said = f"{said} {no}{self.pick(TEXT_TESTS)} any of {self.texts(self.needle_lists, ())}"
            case 4:
                said = f'{said} {no}{self.pick(TEXT_TESTS)} "{self.pick(words.NEEDLES)}"'
            case _:
                needle = self.one_word(self.operand(words.TEXT, at, depth - 1, "free"))
                said = self.operand(words.TEXT, at, depth, "free")
                self.shares_window = False
                said = f"{said} {no}{self.pick(TEXT_TESTS)} {needle}"
        said = self.with_shared(said, at, depth)
        self.shares_window = outer
        return said

    def texts(self, lists: list[str], entries: tuple[str, ...]) -> str:
        """Return a collection of texts: a list by its name, or brackets."""
        if lists and self.chance(60):
            return self.pick(lists)
        plain = [f'"{text}"' for text in words.TITLES + words.PAGES if "*" not in text]
        return "(" + ", ".join(self.pick((*plain, *entries)) for _ in range(self.count(1, 3))) + ")"

    def label_test(self, at: At, depth: int) -> str:
        """Return a comparison of labels."""
        kind = self.pick(self.types_at(at, lambda each: isinstance(each, Labels)))
        assert isinstance(kind, Labels)
        windows = self.windows()
        outer, self.shares_window = self.shares_window, False
        said = self.operand(kind, at, depth, windows)
        label = words.label_text(self.pick(kind.names))
        match self.pick((0, 0, 0, 1, 1, 2, 2, 3, 4)):
            case 0:
                said = f"{said} {self.pick(RELATIONS if kind.ordered else ('=', '!='))} {label}"
            case 1:
                said = f"{said} is {self.pick(('', 'not '))}{label}"
            case 2:
                said = f"{said} {self.pick(('', 'not '))}in {self.labels(kind)}"
            case 3 if kind.ordered:
                low, high = sorted(self.count(0, len(kind.names) - 1) for _ in range(2))
                ends = f"{words.label_text(kind.names[low])} and {words.label_text(kind.names[high])}"
                said = f"{said} {self.pick(('', 'not '))}between {ends}"
            case _:
                other = self.operand(kind, at, depth - 1, windows) if windows != "shared" else label
                said = f"{said} {self.pick(RELATIONS if kind.ordered else ('=', '!='))} {other}"
        said = self.with_shared(said, at, depth)
        self.shares_window = outer
        return said

    def labels(self, kind: Labels) -> str:
        """Return a collection of labels: a list by its name, or brackets."""
        if kind in self.label_lists and self.chance(60):
            return self.label_lists[kind]
        return f"({', '.join(words.label_text(self.pick(kind.names)) for _ in range(self.count(1, 2)))})"

    def set_test(self, at: At, depth: int) -> str:
        """Return a test of what a set holds."""
        kind = self.pick(self.types_at(at, lambda each: isinstance(each, SetOf)))
        assert isinstance(kind, SetOf)
        said = self.operand(kind, at, depth, "free")
        no = self.pick(("", "", "not "))
        quantity = self.pick(("", "any of ", "all of "))
        if isinstance(kind.of, Labels):
            wanted = self.labels(kind.of) if quantity else words.label_text(self.pick(kind.of.names))
        elif quantity:
            wanted = self.texts(self.text_lists, words.ENTRIES)
        else:
            wanted = self.operand(words.TEXT, at, 0, "free") if self.chance(40) else self.literal(words.TEXT)
        return f"{said} {no}has {quantity}{wanted}"

    # -------------------------------------------------------------- days and instants

    def moment_test(self, at: At, depth: int) -> str:
        """Return a comparison of days or instants, or whether one lies in a span."""
        kind = self.pick(self.types_at(at, is_moment))
        match self.pick((0, 1, 1, 2, 3, 3, 4, 5, 6)):
            case 6:
                several = ", ".join(self.pick(words.DAYS) for _ in range(self.count(1, 3)))
                return f"{self._day(kind, at, depth)} {self.pick(('', 'not '))}in ({several})"
            case 0:
                windows: Windows = self.pick(("own", "none"))
                left, right = (self.operand(kind, at, depth - number, windows) for number in range(2))
                if isinstance(kind, Time) and self.chance(30):
                    right = self.pick(words.DAYS)
                return f"{left} {self.pick(RELATIONS)} {right}"
            case 1:
                return f"{self._day(kind, at, depth)} within {self.length(days=isinstance(kind, Date))}"
            case 2:
                return f"{self._day(kind, at, depth)} within next {self.length(days=isinstance(kind, Date))}"
            case 3:
                return f"{self._day(kind, at, depth)} {self.pick(('since', 'before'))} {self.moment(at)}"
            case 4:
                return f"{self._day(kind, at, depth)} {self.from_to()}"
            case _:
                return f"{self._day(kind, at, depth)} {self.pick(words.CALENDAR)}"

    def _day(self, kind: Type, at: At, depth: int) -> str:
        """Return a day or an instant behind which a window is its own, and not that of events in it."""
        said = self.plain(kind, at, "own")
        if depth > 0 and self.chance(15):
            return f"first known of ({said}, {self.plain(kind, at, 'own')})"
        if depth > 0 and self.chance(20):
            told = self.latest(kind, at, depth)
            return said if told is None else f"({told})"
        return said

    def known_or_missing(self, at: At, depth: int) -> str:
        """Return whether something is known, or is missing."""
        kind = self.pick(self.types_at(at, anything) or [words.NUMBER])
        windows = self.windows()
        outer, self.shares_window = self.shares_window, False
        said = (
            self.operand(kind, at, depth, windows)
            + f" is {self.pick(('', 'not '))}{self.pick(('known', 'missing'))}"
        )
        said = self.with_shared(said, at, depth)
        self.shares_window = outer
        return said
