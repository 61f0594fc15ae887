"""Text made harmless: what users wrote never steers a terminal."""

import re

# Control characters but the line end, what turns the direction of text around, line ends of other sorts, half
# characters.
HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Return `text` with escapes in place of characters that steer a terminal; line ends stay.

    >>> visible("a\tb\x1b[2J")
    'a\\tb\\x1b[2J'
    """
    return HARMFUL.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def on_one_line(text: str) -> str:
    r"""Return `text` with line ends as escapes, too.

    >>> on_one_line("a\nb")
    'a\\nb'
    """
    return visible(text).replace("\n", "\\n")
