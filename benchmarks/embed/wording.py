"""Conditions in the words of a definition: the `.mql` text of clauses that are made from trees."""

from collections.abc import Mapping
from typing import assert_never

from benchmarks.embed.conditions import AtLeast, Between, Compare, Condition, Happened, Is, OneOf

# How facts are worded that are no fields: `visits {} within 30d`, or what is said and what is denied.
Numbers = Mapping[str, str]
Tests = Mapping[str, tuple[str, str]]


class Wording:
    """Writes conditions; those that have a name are called by it."""

    def __init__(self, numbers: Numbers, tests: Tests, names: Mapping[Condition, str]) -> None:
        """Take the wording of facts that are no fields, and the names of conditions."""
        self._numbers = numbers
        self._tests = tests
        self._names = names

    def clause(self, condition: Condition) -> str:
        """Return a condition as the body of a clause, where it is not called by its own name."""
        return self._written(condition)

    def _text(self, condition: Condition) -> str:
        return self._names.get(condition) or self._written(condition)

    def _written(self, condition: Condition) -> str:
        match condition:
            case Compare(fact, relation, bound):
                return self._numbers.get(fact, f"{fact} {{}}").format(f"{relation} {bound}")
            case Between(fact, low, high):
                return self._numbers.get(fact, f"{fact} {{}}").format(f"between {low} and {high}")
            case OneOf(fact, (text,), is_in):
                return f'{fact} {"=" if is_in else "!="} "{text}"'
            case OneOf(fact, texts, is_in):
                listed = ", ".join(f'"{text}"' for text in texts)
                return f"{fact} {'in' if is_in else 'not in'} ({listed})"
            case Is(fact, wanted):
                return self._tests.get(fact, (fact, f"{fact} is no"))[0 if wanted else 1]
            case Happened():
                raise AssertionError("a definition counts in windows in words of its own")
            case AtLeast(least, parts):
                return self._block(least, parts)
            case _:
                assert_never(condition)

    def _block(self, least: int, parts: tuple[Condition, ...]) -> str:
        if 1 < least < len(parts):
            return f"at least {least} of ({', '.join(self._text(part) for part in parts)})"
        word = " or " if least == 1 else " and "
        return word.join(
            f"({self._text(part)})"
            if isinstance(part, AtLeast) and part not in self._names
            else self._text(part)
            for part in parts
        )
