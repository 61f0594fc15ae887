"""Properties that are ready to be asserted of a definition; each searches for a lead that breaks it, and prints it.

The search goes along the definition's own boundaries. That it finds nothing is no proof.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mqldsl.embed.definition import Definition
from mqldsl.source.extras import needed
from mqldsl.testing import changes
from mqldsl.testing.changes import Try
from mqldsl.testing.strategies import made
from mqldsl.testing.told import (
    Told,
    can_fall,
    disagreements,
    fail_where,
    flips,
    is_lower,
    need_name,
    told,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SEARCHED = 300


def assert_monotone(definition: Definition, subject: str, of: str, *, searched: int = SEARCHED) -> None:
    """Assert that more events of a kind, or a higher value of a field, never lower a score, a grade or a clause.

    Args:
        definition: The definition.
        subject: An event by its name or plural, a field, or `account.FIELD`.
        of: The score, grade, value, clause or column of a table that must not fall. What is missing before or
            after has not fallen.
        searched: How many pairs of leads are tried.

    Raises:
        AssertionError: A lead breaks it; the message shows the smallest one found.
        LookupError: The definition has no such event, field or part.
        ValueError: What was named has no order.
    """
    need_name(definition, of)
    if not can_fall(definition, of):
        raise ValueError(
            f"`{of}` can neither rise nor fall: say that it never changes, with assert_independent"
        )
    tries = changes.of_more(definition, subject) or changes.of_higher(definition, subject)

    def broken(was: Told, now: Told) -> str:
        return (
            f"{of} falls from {_answer(was)} to {_answer(now)}" if is_lower(definition, of, now, was) else ""
        )

    _assert(definition, tries, of, broken, searched)


def assert_independent(definition: Definition, subject: str, of: str, *, searched: int = SEARCHED) -> None:
    """Assert that a field, or events of a kind, never change what is said of a name.

    Args:
        definition: The definition.
        subject: A field, `account.FIELD`, or an event by its name or plural.
        of: The clause, score, grade, value, column of a table or decide that must stay as it is.
        searched: How many pairs of leads are tried.

    Raises:
        AssertionError: A lead breaks it; the message shows the smallest one found.
        LookupError: The definition has no such field, event or part.
    """
    need_name(definition, of)
    tries = changes.of_more(definition, subject) or changes.of_other(definition, subject)

    def broken(was: Told, now: Told) -> str:
        return f"{of} changes from {_answer(was)} to {_answer(now)}" if was != now else ""

    _assert(definition, tries, of, broken, searched)


def assert_never_flips(definition: Definition, *, searched: int = SEARCHED) -> None:
    """Assert that what is certain stays so when a field or a feed that was not supplied is supplied.

    Args:
        definition: The definition.
        searched: How many pairs of leads are tried.

    Raises:
        AssertionError: A lead breaks it; the message shows the smallest one found.
    """

    def check(pair: Try) -> None:
        before = definition.decide(**pair.before.as_arguments())
        found = list(flips(definition, before, definition.decide(**pair.after.as_arguments())))
        fail_where(found, f"what was certain flips: {'; '.join(found)}\n{pair}")

    _search(made(changes.of_more_supplied(definition)), check, searched)


def assert_order_does_not_matter(definition: Definition, *, searched: int = SEARCHED) -> None:
    """Assert that a lead's events give the same decision in any order, as long as no two have one id.

    Args:
        definition: The definition.
        searched: How many pairs of leads are tried.

    Raises:
        AssertionError: A lead breaks it; the message shows the smallest one found.
    """
    _search(made(changes.of_order(definition)), lambda pair: _assert_same(definition, pair), searched)


def assert_repeats_do_not_count(definition: Definition, *, searched: int = SEARCHED) -> None:
    """Assert that an event that comes again with the same id changes nothing.

    Args:
        definition: The definition.
        searched: How many pairs of leads are tried.

    Raises:
        AssertionError: A lead breaks it; the message shows the smallest one found.
    """
    _search(made(changes.of_repeats(definition)), lambda pair: _assert_same(definition, pair), searched)


# ------------------------------------------------------------------ searching


def _search(tries: "SearchStrategy[Any]", check: Callable[[Any], None], searched: int) -> None:
    with needed("testing"):
        from hypothesis import HealthCheck, Phase, given, settings

    @settings(
        max_examples=searched,
        derandomize=True,
        database=None,
        deadline=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(tries)
    def holds(pair: Any) -> None:  # noqa: ANN401 # what the strategy makes
        check(pair)

    try:
        holds()
    except AssertionError as broken:
        # Without what Hypothesis adds: the message shows the pair already, and in fewer words.
        raise AssertionError(*broken.args) from None


def _assert(
    definition: Definition,
    tries: changes.Tries,
    of: str,
    broken: Callable[[Told, Told], str],
    searched: int,
) -> None:
    def check(pair: Try) -> None:
        before, after = (definition.decide(**each.as_arguments()) for each in (pair.before, pair.after))
        why = broken(told(before, of), told(after, of))
        fail_where(why, f"{why}, {pair}")

    _search(made(tries), check, searched)


def _assert_same(definition: Definition, pair: Try) -> None:
    before, after = (definition.decide(**each.as_arguments()) for each in (pair.before, pair.after))
    found = list(disagreements(before, after))
    fail_where(found, f"{'; '.join(found)}, {pair}")


def _answer(value: Told) -> str:
    if value is None:
        return "unknown or missing"
    return ("yes" if value else "no") if isinstance(value, bool) else repr(value)
