"""What is known of a piece of code before it runs: which values it can have, and which variables hold them."""

from typing import TypeAlias

import attrs


@attrs.frozen
class Truth:
    """The code of an answer: True, False, and None for unknown where `may_lack`.

    Where it `may_open`, the answers 3 and 4 are a no and a yes of which the other is still possible.
    """

    code: str
    may_lack: bool = True
    may_open: bool = False


@attrs.frozen
class Plain:
    """A value, or None where it is missing; nothing else is possible."""

    code: str
    may_lack: bool = True


@attrs.frozen
class Counted:
    """A count: `code` is at least how many, `is_open` whether there may be more; `code` is None for no company."""

    code: str
    is_open: str = "False"
    may_lack: bool = False


@attrs.frozen
class Ranged:
    """A number with the least and the greatest that is still possible; all three are None where it is missing.

    `gone` is the variable that says whether it could also be missing, where it ever could.
    """

    code: str
    low: str
    high: str
    may_lack: bool = True
    gone: str = ""


@attrs.frozen
class Chosen:
    """A value, and a variable with all that is still possible (`outcome.Possible`), None for only this one.

    `may_go` where it could also be missing.
    """

    code: str
    possible: str
    may_lack: bool = True
    may_go: bool = False


@attrs.frozen
class Whole:
    """What the reference found, as it is (`outcome.Found`)."""

    code: str


Shape: TypeAlias = Plain | Counted | Ranged | Chosen | Whole


def codes_of(shape: Shape) -> tuple[str, ...]:
    """Return the variables that hold all of a value."""
    match shape:
        case Plain(code) | Whole(code):
            return (code,)
        case Counted(code, is_open):
            return code, is_open
        case Ranged(code, low, high, _, gone):
            return (code, low, high, gone) if gone else (code, low, high)
        case Chosen(code, possible):
            return code, possible
