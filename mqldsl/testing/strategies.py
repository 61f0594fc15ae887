"""Hypothesis strategies: random definitions, and for one definition leads, histories and whole situations."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from mqldsl.embed.definition import Definition
from mqldsl.evaluate.given import Giver
from mqldsl.model import ir
from mqldsl.pipeline import DefinitionError, check_text
from mqldsl.source.extras import needed
from mqldsl.testing.aimed import bank, changed, verdict_of, verdicts
from mqldsl.testing.boundaries import Boundaries
from mqldsl.testing.choices import Choices, Drawn
from mqldsl.testing.made import Facts, Maker, Situation
from mqldsl.testing.writing.definition import definition_text

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

# Parsing sets how deep Python may call. Hypothesis minds when that happens in the middle of a test.
check_text("")

T = TypeVar("T")
_MOST_CHANGES = 5


def definition_texts(size: int = 6) -> "SearchStrategy[str]":
    """Return a strategy for the texts of definitions that have no errors, and use every form of the language.

    Args:
        size: About how many clauses, scores and other named parts the largest ones have.
    """
    return made(lambda choices: definition_text(choices, size))


def definitions(size: int = 6) -> "SearchStrategy[Definition]":
    """Return a strategy for definitions that are loaded; `definition_texts` gives their texts.

    Args:
        size: About how many clauses, scores and other named parts the largest ones have.
    """
    return definition_texts(size).map(loaded)


def loaded(text: str) -> Definition:
    """Return the definition in a generated text; that it has an error is a mistake of the generator."""
    checked = check_text(text)
    if checked.model is None:
        raise AssertionError(f"{DefinitionError(checked)}\n{text}")
    return Definition(checked.model)


def leads(definition: Definition | ir.Model, as_of: datetime | None = None) -> "SearchStrategy[Facts]":
    """Return a strategy for leads as mappings, at the boundaries of a definition.

    A field that is not there is not supplied; None and empty text are blank.

    Args:
        definition: Its constants, labels, texts and windows say which values are worth trying.
        as_of: The instant that dates lie around; without it, the definition's first day.
    """
    boundaries = Boundaries(model_of(definition))
    return made(lambda choices: Maker(boundaries, choices).lead(as_of or boundaries.as_ofs[0]))


def histories(
    definition: Definition | ir.Model, as_of: datetime | None = None
) -> "SearchStrategy[list[Facts]]":
    """Return a strategy for the events and records of a lead, as mappings in no order.

    They lie on the edges of the definition's windows and directly beside them; some are in the future, some
    at one time, some have the id of another.

    Args:
        definition: Its windows say which instants are worth trying.
        as_of: The instant that windows are seen from; without it, the definition's first day.
    """
    boundaries = Boundaries(model_of(definition))
    return made(lambda choices: Maker(boundaries, choices).events(as_of or boundaries.as_ofs[0]))


def situations(definition: Definition | ir.Model, verdict: str | None = None) -> "SearchStrategy[Situation]":
    """Return a strategy for situations: a lead, its events, its company, and the instant to decide for.

    `definition.decide(**situation.as_arguments())` decides one; no value in it is a data fault.

    Args:
        definition: Its boundaries say what is worth trying.
        verdict: Only situations of which the first decision says this.

    Raises:
        LookupError: The first decision has no such outcome.
    """
    model = model_of(definition)
    boundaries = Boundaries(model)
    if verdict is None:
        return made(lambda choices: Maker(boundaries, choices).situation())
    if verdict not in verdicts(model):
        known = ", ".join(verdicts(model)) or "none, it decides nothing"
        raise LookupError(f"the definition has no verdict `{verdict}`; it has {known}")
    with needed("testing"):
        from hypothesis import strategies as st

    giver = Giver(model)

    def around(bank: list[Situation], choices: Choices) -> Situation:
        """Return one of the bank, with changes that keep its verdict."""
        maker = Maker(boundaries, choices)
        situation = choices.pick(bank) if bank else maker.situation()
        for _ in range(choices.count(0, _MOST_CHANGES)):
            other = changed(maker, situation)
            if verdict_of(giver, model, other) == verdict:
                situation = other
        return situation

    def aimed() -> "SearchStrategy[Situation]":
        found = bank(boundaries, verdict)
        return made(lambda choices: around(found, choices)).filter(
            lambda situation: verdict_of(giver, model, situation) == verdict
        )

    # Only when it is first used: the search may take a second.
    return st.deferred(aimed)


def model_of(definition: Definition | ir.Model) -> ir.Model:
    """Return the model of a definition, or the model that was given."""
    return definition.model if isinstance(definition, Definition) else definition


def made(make: Callable[[Choices], T]) -> "SearchStrategy[T]":
    """Return a strategy for what a function makes of choices."""
    with needed("testing"):
        from hypothesis import strategies as st

    @st.composite
    def drawn(draw: "Callable[[SearchStrategy[int]], int]") -> T:
        return make(Drawn(draw))

    return drawn()
