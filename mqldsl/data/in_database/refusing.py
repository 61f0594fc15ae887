"""What a database cannot say of a definition, with the place that asks for it, and why an engine cannot decide."""

from mqldsl.source.text import Place


class NotInDialectError(ValueError):
    """A definition says something that a database cannot say exactly; `place` is where, if that can be told."""

    def __init__(self, why: str, place: Place | None) -> None:
        super().__init__(why)
        self.place = place


class EngineError(Exception):
    """An engine cannot decide; the message is for the user."""
