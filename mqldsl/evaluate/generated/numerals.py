"""The code of values that stand in a definition: numbers as they are, all else in slots."""

import math

from mqldsl.evaluate.generated.frame import Frame
from mqldsl.model.types import Value


def constant(frame: Frame, value: Value) -> str:
    """Return the code of a value that stands in the definition: numbers as they are, all else in a slot."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float):
        return number(value)
    return frame.slot(value, ("constant", type(value), value))


def number(value: float) -> str:
    """Return the code of a number; a whole one without its point, because that compares faster with counts."""
    if value.is_integer() and abs(value) < 2**53:
        written = str(int(value)) if value or math.copysign(1, value) > 0 else "-0.0"
    else:
        written = repr(value)
    return f"({written})" if written.startswith("-") else written


def double(value: float) -> str:
    """Return the code of a number as a double."""
    return f"({value!r})" if value < 0 else repr(value)
