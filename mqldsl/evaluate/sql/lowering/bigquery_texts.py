"""BigQuery: texts. Its regular expressions are RE2, and it has NFC."""

import unicodedata
from collections.abc import Callable
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.characters import lower_case, white_space, word_characters
from mqldsl.evaluate.sql.lowering.duck_texts import always, fixed_text, joined_texts, needle_of, never
from mqldsl.evaluate.sql.lowering.nodes import (
    Fresh,
    Node,
    both,
    call,
    case,
    cast,
    every,
    inner,
    number,
    string,
)
from mqldsl.evaluate.sql.lowering.patterns import ASCII_WORD, entry_pattern, has_edges, word_pattern
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model.folding import Entry

_NOT_STRIPPED: Final = (
    r"[^\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
)
_CAPITALS, _SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"


def _one_space(text: Node) -> Node:
    return call("TRIM", call("REGEXP_REPLACE", text, string(" {2,}"), string(" ")), string(" "))


def _composed(text: Node) -> Node:
    return call("NORMALIZE", text, exp.var("NFC"))


def _fold(say: Saying, term: Term) -> Node:
    upper, lower = lower_case()
    spaces, blanks = white_space()
    text = _composed(say(term.args[0]))
    exchanged = call("TRANSLATE", text, string(_CAPITALS + upper + spaces), string(_SMALL + lower + blanks))
    return _one_space(exchanged)


def _squeeze(say: Saying, term: Term) -> Node:
    return _one_space(call("TRANSLATE", _composed(say(term.args[0])), *map(string, white_space())))


def _by_words(text: Fresh, pattern: Callable[[str], str]) -> Node:
    """Return whether a pattern is found; it names the word characters that may occur in the text."""
    beyond_ascii = both(exp.NEQ, call("BYTE_LENGTH", text()), call("CHAR_LENGTH", text()))
    beyond = call("REGEXP_CONTAINS", text(), string(pattern(word_characters())))
    return case([(beyond_ascii, beyond)], call("REGEXP_CONTAINS", text(), string(pattern(ASCII_WORD))))


def _contains(text: Node, needle: Node) -> Node:
    return both(exp.GT, call("STRPOS", text, needle), number(0))


def _mentions(say: Saying, term: Term) -> Node:
    text, needle = term.args
    fixed = fixed_text(needle)
    if fixed is None:
        raise say.refused("`mentions` of what is no constant", "use `contains`, or choose another database")

    def body(say: Saying, text: Term) -> Node:
        if fixed == "":
            return never(lambda: say(text))
        found = _by_words(lambda: say(text), lambda word: word_pattern(fixed, word))
        return every(_contains(say(text), say.constant("text", fixed)), found)

    return say.once(text, body)


def _covered(say: Saying, text: Fresh, entry: Entry) -> Node:
    if not entry.has_wildcard:
        return both(exp.EQ, text(), say.constant("text", entry.folded))
    if not entry.pieces:
        return always(text)

    def pattern(word: str) -> str:
        return f"^(?s:{entry_pattern(entry, word)})$"

    if has_edges(entry):
        return _by_words(text, pattern)
    return call("REGEXP_CONTAINS", text(), string(pattern(ASCII_WORD)))


def _fits(say: Saying, term: Term) -> Node:
    text, entry = term.args
    assert isinstance(entry, Entry)
    return say.once(text, lambda say, text: _covered(say, lambda: say(text), entry))


def _matches(say: Saying, term: Term) -> Node:
    pattern = fixed_text(term.args[1])
    assert pattern is not None
    return call(
        "REGEXP_CONTAINS",
        say(term.args[0]),
        say.constant("text", "(?i)" + unicodedata.normalize("NFC", pattern)),
    )


def _domain(say: Saying, term: Term) -> Node:
    behind = call("REGEXP_EXTRACT", say(term.args[0]), string("@([^@]*)$"))
    return say.named(
        behind, lambda _, it: case([(call("REGEXP_CONTAINS", it(), string(_NOT_STRIPPED)), it())])
    )


def _split_hash(say: Saying, term: Term) -> Node:
    text, teams = term.args
    digits = call("SUBSTR", call("TO_HEX", call("MD5", say(text))), number(1), number(8))
    number_of = cast(call("CONCAT", string("0x"), digits), "BIGINT")
    return call("MOD", number_of, inner(say(teams)) if isinstance(teams, Term) else number(int(str(teams))))


def _part(function: str) -> Say:
    return lambda say, term: call(function, say(term.args[0]), needle_of(say, term.args[1]))


TEXTS: Final[Table] = {
    "fold": _fold,
    "squeeze": _squeeze,
    "contains": lambda say, term: _contains(say(term.args[0]), needle_of(say, term.args[1])),
    "starts with": _part("STARTS_WITH"),
    "ends with": _part("ENDS_WITH"),
    "mentions": _mentions,
    "fits": _fits,
    "matches": _matches,
    "domain": _domain,
    "split hash": _split_hash,
    "joined": joined_texts,
    "to text": lambda say, term: cast(say(term.args[0]), "TEXT"),
}
