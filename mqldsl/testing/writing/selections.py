"""Random selections: what is named, narrowed by brackets, by windows and by order."""

from collections.abc import Callable

import attrs

from mqldsl.model.types import Date, Time, Type
from mqldsl.testing.writing import words
from mqldsl.testing.writing.scope import At, Kind, Windows, Writer, anything

PEOPLE = Kind("people", "people", timed=False, plain=False, asks_people=True, are_people=True)
ACTIVITY = Kind("activity", "activity", plain=False)


def is_moment(kind: Type) -> bool:
    """Say whether values of a type are days or instants."""
    return isinstance(kind, Date | Time)


class Selections(Writer):
    """Writes what selects events, records and people."""

    # -------------------------------------------------------------- windows

    def length(self, *, days: bool = False) -> str:
        """Return a length of time, most often one that the definition has elsewhere; `days`: no hours."""
        if not days and self.chance(15):
            return self.pick(words.SHORT_LENGTHS)
        return self.pick(self.lengths) if self.chance(75) else self.pick(words.DAY_LENGTHS)

    def window(self, at: At, depth: int) -> str:
        """Return a window that events can have."""
        match self.pick((0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)):
            case 0:
                return "within 0d" if self.chance(2) else f"within {self.length()}"
            case 1:
                return self.from_to()
            case 2:
                return self.pick(words.CALENDAR)
            case 3:
                return f"since {self.moment(at)}"
            case 4:
                return f"before {self.moment(at)}"
            case 5 | 6 if anchors := self.kinds_at(at, lambda kind: kind.timed):
                of = self.atom(self.pick(anchors), _outside(at), depth - 1)
                return f"within {self.length()} of {self.pick(('first', 'last'))} {of}"
            case _:
                return "ever"

    def from_to(self) -> str:
        """Return a window that ends before the as-of."""
        return self.pick(
            ("from 14d to 7d ago", "from 60d to 30d ago", "from 2mo to 1mo ago", "from 1y to 0d ago")
        )

    def moment(self, at: At) -> str:
        """Return what `since` and `before` can name: a day, an instant, a field."""
        refs = self.known(_outside(at), is_moment, "field", "value")
        if refs and self.chance(50):
            return self.named(self.pick(refs))
        return self.pick(words.DAYS if self.chance(70) else words.MOMENTS)

    # -------------------------------------------------------------- selections

    def atom(self, kind: Kind, at: At, depth: int) -> str:
        """Return a selection of a kind that may stand where one word may, without a window of its own."""
        if kind.timed and depth > 0 and self.chance(20):
            return f"({self.sequence(at, depth - 1, kind)})"
        return self.narrowed(kind, at, depth)

    def narrowed(self, kind: Kind, at: At, depth: int) -> str:
        """Return a kind by its name, perhaps narrowed by brackets."""
        self.asks_people |= kind.asks_people
        name = self.pick((kind.plural, kind.name))
        if kind.plain and not kind.of_account and self.chance(10):
            name = f"account.{name}"
        if depth > 0 and self.chance(40 if not kind.are_people else 85):
            inside = (
                At(in_people=True) if kind is PEOPLE else At(kind.properties, at.in_people, in_brackets=True)
            )
            if kind.are_people:
                inside = At(in_people=True)
            return f"{name}({self.condition(inside, depth - 1)})"
        return name

    def sequence(self, at: At, depth: int, last: Kind) -> str:
        """Return an order of events, without brackets: what `last` gives, or what nothing followed."""
        kinds = self.kinds_at(at, lambda kind: kind.timed)
        earlier = self.pick(kinds)
        if self.chance(35):
            first, later = self._part(last, at, depth), self.pick(kinds)
            if self.chance(20):
                first = f"{self._part(earlier, at, depth)} then {first}{self._step(earlier, last)}"
            return f"{first} then no {self._part(later, at, depth)}{self._step(last, later)}"
        said = self._part(earlier, at, depth)
        if self.chance(20):
            middle = self.pick(kinds)
            said += f" then {self._part(middle, at, depth)}{self._step(earlier, middle)}"
            earlier = middle
        return f"{said} then {self._part(last, at, depth)}{self._step(earlier, last)}"

    def idle(self, kind: Kind, at: At, depth: int) -> str:
        """Return the quiet time without a kind of event; without brackets."""
        return f"{self.length(days=True)} without {self.narrowed(kind, at, depth - 1)}"

    def _part(self, kind: Kind, at: At, depth: int) -> str:
        part = self.narrowed(kind, at, depth)
        return f"({part} {self.window(at, depth - 1)})" if self.chance(15) else part

    def _step(self, earlier: Kind, later: Kind) -> str:
        said = []
        if self.chance(60):
            business = self.has_hours and self.chance(25)
            said.append(f"in {self.pick(words.BUSINESS_LENGTHS) if business else self.length()}")
        same = [name for name, kind in later.properties.items() if earlier.properties.get(name) == kind]
        if same and self.chance(40):
            said.insert(self.count(0, len(said)), f"with same {self.pick(same)}")
        return "".join(f" {each}" for each in said)

    def selected(
        self,
        at: At,
        depth: int,
        windows: Windows,
        wanted: Callable[[Kind], bool] = anything,
    ) -> tuple[str, Kind] | None:
        """Return a selection of a wanted kind for use as an operand, with what windows it should have."""
        kinds = self.kinds_at(at, lambda kind: wanted(kind) and (kind.timed or windows != "shared"))
        if not kinds:
            return None
        kind = self.pick(kinds)
        return self.atom(kind, at, depth), kind

    def windowed(self, text: str, kind: Kind, at: At, depth: int, windows: Windows) -> str:
        """Return an operand over a selection with its window, where it should have its own."""
        if not kind.timed:
            return text
        self.shares_window |= windows == "shared"
        own = windows == "own" or (windows == "free" and self.chance(75))
        return f"{text} {self.window(at, depth - 1)}" if own else text

    def presence(self, at: At, depth: int) -> str:
        """Return a selection as a condition: that there is one, or that there is none."""
        found = self.selected(at, depth, "free")
        assert found is not None
        text, kind = found
        if kind.timed and depth > 0 and self.chance(25):
            text = self.idle(kind, at, depth) if self.chance(30) else self.sequence(at, depth - 1, kind)
        return self.pick(("", "", "", "no ")) + self.windowed(text, kind, at, depth, "free")


def _outside(at: At) -> At:
    """Return the place of a window: what an outer event carries is not in sight there."""
    return attrs.evolve(at, properties={}, in_brackets=False)
