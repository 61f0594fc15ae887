"""Days and times that are written in a way of their own: `%d/%m/%Y` and the like.

The signs are those of Python's `strptime`, but for those that mean something else on another machine.
"""

import re
from datetime import date, datetime

from mqldsl.model.folding import squeeze

_KNOWN = {f"%{sign}" for sign in "aAbBdfGHIjmMpSuUVwWyYz%"}
# `strptime` reads and then forgets `%Z`; `%c`, `%x` and `%X` follow the language of the machine.
_SIGN = re.compile(r"%.?", re.DOTALL)
_OF_THE_CLOCK = {"%H", "%I", "%M", "%S", "%f", "%p", "%z"}
_OF_A_DAY = {"%d", "%j", "%a", "%A", "%w", "%u"}
_OF_A_YEAR = {"%Y", "%y", "%G"}


def fault_of_format(form: str) -> str:
    """Say what is wrong with a format, or nothing.

    >>> fault_of_format("%d/%m/%Y"), fault_of_format("%d/%m")
    ('', '`%d/%m` tells no day: it needs a day and a year, such as `%d/%m/%Y`')
    """
    signs = set(_SIGN.findall(form))
    if unknown := sorted(signs - _KNOWN):
        return f"`{unknown[0]}` is not read; the usual signs are `%d`, `%m`, `%Y`, `%H`, `%M`, `%S`, `%z`"
    if not (signs & _OF_A_DAY and signs & _OF_A_YEAR):
        return f"`{form}` tells no day: it needs a day and a year, such as `%d/%m/%Y`"
    try:
        datetime.strptime("", form)  # noqa: DTZ007 - only to see whether the form is one
    except ValueError as error:
        if "does not match" not in str(error):
            return f"`{form}` cannot be read: {error}"
    return ""


def told_by(text: str, formats: tuple[str, ...]) -> date | datetime | None:
    """Return the day, naive time or instant that `text` writes in the first of the formats that fits, or None."""
    squeezed = squeeze(text)
    for form in formats:
        try:
            told = datetime.strptime(squeezed, form)  # noqa: DTZ007 - without an offset it is a local time
        except ValueError:
            continue
        return told if _OF_THE_CLOCK.intersection(_SIGN.findall(form)) else told.date()
    return None
