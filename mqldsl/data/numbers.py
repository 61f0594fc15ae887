"""Numbers that are written in a way of their own: `1.234,50`, `1 234.50`, `1'234`."""

import re

from mqldsl.model.folding import squeeze

# Between groups of three stands one sign throughout; the decimal sign cannot be it.
_GROUPS = {",": r"[. '\u2019]", ".": r"[, '\u2019]"}
_NUMBER = {
    decimal: re.compile(
        rf"(?:[0-9]{{1,3}}(?P<group>{group})[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*|[0-9]+)?(?:{re.escape(decimal)}[0-9]*)?"
    )
    for decimal, group in _GROUPS.items()
}
# What may stand around it: a sign, a currency, an exponent.
_AROUND = re.compile(
    r"(?P<before>[^0-9.,]*)(?P<number>[0-9.,](?:[0-9., '\u2019]*[0-9.,])?)(?P<behind>[^0-9.,]?.*)", re.DOTALL
)


def plain_number(text: str, decimal: str) -> object:
    """Return a number with this sign before its decimals as it is usually written, with what stands around it.

    What has digits, but is no such number, becomes a list, which nobody reads as one: `1.5` must not be
    taken for a number in a column in which it would mean 1,500 if it were whole.

    >>> plain_number("1.234,50 €", ","), plain_number("1 234.5", "."), plain_number("n/a", ","), plain_number("1.5", ",")
    ('1234.50 €', '1234.5', 'n/a', ['1.5'])
    """
    found = _AROUND.fullmatch(squeeze(text))
    if found is None or not any(sign.isdigit() for sign in found["number"]):
        return text
    number = found["number"]
    fits = _NUMBER[decimal].fullmatch(number)
    if fits is None:
        return [text]
    whole, _, decimals = number.partition(decimal)
    plain = "".join(sign for sign in whole if sign.isdigit())
    return found["before"] + plain + (f".{decimals}" if decimals else "") + found["behind"]
