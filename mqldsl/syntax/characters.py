"""Characters that cannot stand where they stand: tabs, odd spaces, curly quotes, look-alike letters.

Looked for before parsing, because the parser would only say that something is unexpected.
"""

import re
import unicodedata
from collections.abc import Iterator

from mqldsl.source.diagnostics import Diagnostic, Label, Severity
from mqldsl.source.text import Place, Source, Span

# In this order: a text may hold `#`, and a comment may hold `"`.
PIECE = re.compile(r'(?P<text>"(?:\\.|[^"\\\n])*")|(?P<comment>#[^\n]*)|(?P<code>[^"#]+|")')

_TURNS_TEXT = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_QUOTES = "'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_MARKS = "\u200e\u200f\u061c"
_ODD = re.compile(
    rf"(?P<tab>\t+)|(?P<bidi>[{_TURNS_TEXT}{_MARKS}])|(?P<quote>[{_QUOTES}][^{_QUOTES}\n]*[{_QUOTES}]|[{_QUOTES}])"
    r"|(?P<dash>[\u2010-\u2015\u2212])|(?P<word>`?\w+`?)"
    r"|(?P<space>[^\S\n\x20\t]|[\u200b-\u200d\u2060\ufeff])|(?P<open>\"[^\n]*)|(?P<other>[^\w\s\x20-\x7e]+)"
    r"|(?P<sign>[^\w\s\"#`(),.:|=!<>+\-*/%]+)"
)
_SIGNS = {
    "&": "`and` joins conditions",
    "|": "`or` joins conditions",
    ";": "each thing stands on a line of its own",
    "[": "brackets are round: ( )",
    "{": "brackets are round: ( )",
    "$": "an amount is a plain number; its currency stands in the head: currency USD",
    "\u00a3": "an amount is a plain number; its currency stands in the head: currency GBP",
    "\u20ac": "an amount is a plain number; its currency stands in the head: currency EUR",
    "\u2264": "write `<=`",
    "\u2265": "write `>=`",
    "\u2260": "write `!=`",
    "\u00d7": "write `*`",
    "\u00f7": "write `/`",
}


def find(source: Source) -> Iterator[Diagnostic]:
    """Yield a finding for each character, or run of them, that spoils the text."""
    for piece in PIECE.finditer(source.text):
        if piece.lastgroup == "code":
            for odd in _ODD.finditer(piece[0]):
                if odd.lastgroup == "word" and odd[0].isascii():
                    continue  # matched whole all the same: a search inside would take forever in a long one
                span = Span(piece.start() + odd.start(), piece.start() + odd.end())
                yield _in_code(odd, Place(source, span))
        else:
            yield from _in_prose(piece, source)


def _in_code(odd: re.Match[str], place: Place) -> Diagnostic:
    text = odd[0]
    match odd.lastgroup:
        case "tab":
            return Diagnostic(
                "MQL002", "a tab stands here", Label(place), help="use spaces, two for each step inwards"
            )
        case "bidi":
            return _turned(text, place)
        case "word":
            return _word(text, place)
        case "quote":
            inner = text.strip(_QUOTES) or "text"
            words = f"`{text[0]}` is not the quote sign of a text"
            return Diagnostic("MQL003", words, Label(place), help=f'use the straight double quote: "{inner}"')
        case "dash":
            words = f"`{text}` looks like a minus and is another character"
            return Diagnostic("MQL003", words, Label(place), help="use the plain `-`")
        case "space":
            words = f"an invisible character stands here ({_name(text)})"
            return Diagnostic("MQL003", words, Label(place), help="replace it by a plain space, or remove it")
        case "open":
            words = "this text has no closing quote on its line"
            return Diagnostic(
                "MQL011", words, Label(place), help='close it with `"`; a line break inside is written `\\n`'
            )
        case _:
            words = (
                f"`{text}` means nothing here"
                if text.isprintable()
                else f"a character that is not text stands here ({_name(text)})"
            )
            return Diagnostic(
                "MQL003", words, Label(place), help=_SIGNS.get(text[0], "remove it, or put it into quotes")
            )


def _word(text: str, place: Place) -> Diagnostic:
    scripts = sorted({_script(character) for character in text if character.isalpha()})
    if len(scripts) > 1 and scripts != ["Latin"]:
        odd = next(character for character in text if character.isalpha() and _script(character) != "Latin")
        return Diagnostic(
            "MQL004",
            f"the name `{text}` mixes letters of {' and '.join(scripts)}: `{odd}` is {_name(odd)}",
            Label(place),
            help="type the name again with plain letters a-z: two names that look the same would differ",
        )
    return Diagnostic(
        "MQL003",
        f"`{text}` is no name: names are plain letters a-z, digits and `_`",
        Label(place),
        help='choose a plain name and give the shown words as a label: NAME "Größe"',
    )


def _in_prose(piece: re.Match[str], source: Source) -> Iterator[Diagnostic]:
    for turned in re.finditer(f"[{_TURNS_TEXT}]", piece[0]):
        start = piece.start() + turned.start()
        yield _turned(turned[0], Place(source, Span(start, start + 1)))
    if piece.lastgroup != "text":
        return
    for word in re.finditer(r"[^\W\d_]+", piece[0]):
        scripts = {_script(character) for character in word[0]}
        if "Latin" in scripts and scripts & {"Cyrillic", "Greek"}:
            yield Diagnostic(
                "MQL004",
                f"the word `{word[0]}` mixes letters of {' and '.join(sorted(scripts))}",
                Label(Place(source, Span(piece.start() + word.start(), piece.start() + word.end()))),
                help="type it again: it will not equal the word that it looks like",
                severity=Severity.WARNING,
            )


def _turned(text: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "MQL006",
        f"a character that turns the direction of the text stands here ({_name(text)})",
        Label(place),
        help="remove it: with it the line reads differently from what it means",
    )


def _script(character: str) -> str:
    return unicodedata.name(character, "unnamed").split()[0].capitalize()


def _name(text: str) -> str:
    return unicodedata.name(text[0], f"U+{ord(text[0]):04X}").capitalize()
