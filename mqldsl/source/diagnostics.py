"""What is wrong with a text, as facts: a code, places, plain words and the way out."""

from enum import Enum

import attrs

from mqldsl.source.text import Place


class Severity(Enum):
    """How much a finding matters: an `ERROR` keeps the definition from running."""

    ERROR = "error"
    WARNING = "warning"


@attrs.frozen
class Label:
    """A place and what to say about it; the words may be empty for the main place."""

    place: Place
    words: str = ""


@attrs.frozen
class Diagnostic:
    """One finding. `code` is `MQL` and three digits; each code has a page in the docs."""

    code: str
    message: str
    at: Label
    also: tuple[Label, ...] = ()
    help: str = ""
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether this finding keeps the definition from running."""
        return self.severity is Severity.ERROR
