"""A random definition, whole."""

from mqldsl.testing.choices import Choices
from mqldsl.testing.writing.schema import Schema

# How deep conditions are nested, by how many named parts there are.
_SMALL, _MIDDLE = 4, 12


def definition_text(choices: Choices, size: int = 6) -> str:
    """Return the text of a definition with about `size` named parts; it has no errors."""
    return Definition(choices).text(size)


class Definition(Schema):
    """Writes a definition from its head to its last decision."""

    def text(self, size: int) -> str:
        """Return the text."""
        depth = 1 if size <= _SMALL else 2 if size <= _MIDDLE else 3
        declarations = [
            "\n".join(block) for block in (self.head(), self.lead(3 + size // 2), self.account(size)) if block
        ]
        declarations += self.lists()
        declarations += self.events(2 + size // 6)
        self.whole()
        for number in range(self.pick((0, 0, 1, 2))):
            declarations.append(self.selection_named(f"made{number + 1}_", depth))
        parts = [self.part_named(number + 1, depth) for number in range(self.count(1, max(1, size)))]
        parts.append(self.decide("handling", depth))
        if self.chance(20):
            parts.reverse()
        return "\n".join([*declarations, *parts]) + "\n"

    def part_named(self, number: int, depth: int) -> str:
        """Return a named part of any kind."""
        for word in (self.pick(_PARTS), "clause"):
            made = {
                "clause": self.clause,
                "value": self.value,
                "score": self.named_score,
                "grade": self.grade,
                "matrix": self.matrix,
                "table": self.table,
                "decide": self.decide,
            }[word](f"{word}{number}", depth)
            if made is not None:
                return made
        raise AssertionError("a clause can always be made")


_PARTS = (
    "clause",
    "score",
    "value",
    "clause",
    "score",
    "clause",
    "grade",
    "grade",
    "matrix",
    "table",
    "decide",
)
