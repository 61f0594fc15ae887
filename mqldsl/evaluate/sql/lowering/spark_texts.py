"""Spark: texts and sets. Spark has no NFC: a text that is not surely composed already is an error."""

from collections.abc import Callable
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.characters import (
    lower_case,
    not_surely_composed,
    white_space,
    word_characters,
)
from mqldsl.evaluate.sql.lowering.duck_texts import always, fixed_text, joined_texts, needle_of, never
from mqldsl.evaluate.sql.lowering.nodes import (
    Fresh,
    Node,
    absent,
    both,
    call,
    case,
    cast,
    every,
    inner,
    lambda_of,
    number,
    string,
)
from mqldsl.evaluate.sql.lowering.patterns import (
    ASCII_WORD,
    LONG_S,
    asks_for_words,
    entry_pattern,
    has_edges,
    quoted_by_four,
    translated,
    word_pattern,
)
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.terms import Term
from mqldsl.model.folding import Entry

_CAPITALS, _SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_NOT_STRIPPED: Final = r"[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


def text_constant(value: str) -> Node:
    """Return a text literal; `${` would be taken for a variable."""
    pieces = value.replace("${", "$\0{").split("\0")
    return string(value) if len(pieces) == 1 else call("concat", *map(string, pieces))


def failing(words: str, text: Node) -> Node:
    """Return an error that shows a text."""
    return call("raise_error", call("concat", string(words), text))


def _beyond_ascii(text: Fresh) -> Node:
    return both(exp.NEQ, call("octet_length", text()), call("char_length", text()))


def _one_space(text: Node) -> Node:
    return call("trim", call("regexp_replace", text, string(" {2,}"), string(" ")))


def _translate(text: Node, characters: str, others: str) -> Node:
    return call("translate", text, string(characters), string(others))


def _composed_or_error(text: Fresh, done: Node) -> Node:
    unsure = call("rlike", text(), string(f"[{not_surely_composed()}]"))
    words = "not surely in the normal form NFC, put it there and leave no mark beside its letter: "
    return case([(unsure, failing(words, text()))], done)


def _evened(text: Fresh, upper: str, lower: str) -> Node:
    """Return a text with even spaces, some of its characters exchanged."""
    spaces, blanks = white_space()
    plain_spaces = "".join(each for each in spaces if each.isascii())
    plain_upper = "".join(each for each in upper if each.isascii())
    plain = _translate(
        text(), plain_upper + plain_spaces, lower[: len(plain_upper)] + " " * len(plain_spaces)
    )
    beyond = _composed_or_error(text, _one_space(_translate(text(), upper + spaces, lower + blanks)))
    return case([(_beyond_ascii(text), beyond)], _one_space(plain))


def folded(text: Fresh) -> Node:
    """Return a text folded: by Python's table of lower case."""
    upper, lower = lower_case()
    return _evened(text, _CAPITALS + upper, _SMALL + lower)


def _fold(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, text: folded(lambda: say(text)))


def _squeeze(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, text: _evened(lambda: say(text), "", ""))


def _part(function: str) -> Say:
    return lambda say, term: call(function, say(term.args[0]), needle_of(say, term.args[1]))


def _by_words(text: Fresh, pattern: Callable[[str], Node]) -> Node:
    """Return whether a pattern is found; it names the word characters that may occur in the text."""
    beyond = call("rlike", text(), pattern(word_characters()))
    return case([(_beyond_ascii(text), beyond)], call("rlike", text(), pattern(ASCII_WORD)))


def _mentions(say: Saying, term: Term) -> Node:
    text, needle = term.args
    fixed = fixed_text(needle)

    def body(say: Saying, text: Term) -> Node:
        if fixed == "":
            return never(lambda: say(text))
        if fixed is None:
            return _mentions_any(say, text, needle_of(say, needle))
        found = _by_words(
            lambda: say(text), lambda word: say.constant("text", word_pattern(fixed, word, quoted_by_four))
        )
        return every(call("contains", say(text), say.constant("text", fixed)), found)

    return say.once(text, body)


def _mentions_any(say: Saying, text: Term, needle: Node) -> Node:
    meant = call("regexp_replace", needle, string(r"([\[\]\\.^$*+?(){}|])"), string(r"\\$1"))

    def pattern(word: str) -> Node:
        return call("concat", string(f"(?:^|[^{word}])"), meant.copy(), string(f"(?:[^{word}]|$)"))

    looked_for = both(exp.GT, call("char_length", needle.copy()), number(0))
    found = _by_words(lambda: say(text), pattern)
    return every(looked_for, call("contains", say(text), needle.copy()), found)


def _covered(say: Saying, text: Fresh, entry: Entry) -> Node:
    if not entry.has_wildcard:
        return both(exp.EQ, text(), say.constant("text", entry.folded))
    if not entry.pieces:
        return always(text)
    literal = say.constant("text", max((piece.literal for piece in entry.pieces), key=len))

    def pattern(word: str) -> Node:
        return say.constant("text", f"^(?:{entry_pattern(entry, word, quoted_by_four)})$")

    covers = _by_words(text, pattern) if has_edges(entry) else call("rlike", text(), pattern(ASCII_WORD))
    return every(call("contains", text(), literal), covers)


def _fits(say: Saying, term: Term) -> Node:
    text, entry = term.args
    assert isinstance(entry, Entry)
    return say.once(text, lambda say, text: _covered(say, lambda: say(text), entry))


def _matches(say: Saying, term: Term) -> Node:
    text, pattern = term.args
    fixed = fixed_text(pattern)
    assert fixed is not None
    words = translated(fixed, "java")
    if words is None:
        raise say.refused(
            f"the pattern `{fixed}`", "write it with plain letters, brackets and repeats, or as words"
        )
    wanted = say.constant("text", f"(?i){words}")
    if not asks_for_words(fixed):
        return call("rlike", call("translate", say(text), string(LONG_S), string("s")), wanted)

    def body(say: Saying, text: Term) -> Node:
        unsure = call("contains", say(text), string(LONG_S))
        return case(
            [(unsure, failing("no long s in matches: ", say(text)))], call("rlike", say(text), wanted)
        )

    return say.once(text, body)


def _domain(say: Saying, term: Term) -> Node:
    behind = call("regexp_extract", say(term.args[0]), string(r"@([^@]*)\z"), number(1))
    return say.named(behind, lambda _, it: case([(call("rlike", it(), string(_NOT_STRIPPED)), it())]))


def _split_hash(say: Saying, term: Term) -> Node:
    text, teams = term.args
    digits = call("substr", call("md5", say(text)), number(1), number(8))
    number_of = cast(call("conv", digits, number(16), number(10)), "BIGINT")
    count = say(teams) if isinstance(teams, Term) else number(int(str(teams)))
    return exp.Mod(this=number_of, expression=inner(count))


# ------------------------------------------------------------------ sets


def _folded_members(say: Saying, term: Term) -> Node:
    return say.each(say(term.args[0]), lambda _, member: folded(member))


def _has(say: Saying, term: Term) -> Node:
    return call("array_contains", say(term.args[0]), needle_of(say, term.args[1]))


def _some_fits(say: Saying, term: Term) -> Node:
    members, entry = term.args
    assert isinstance(entry, Entry)
    return call(
        "array_contains", say.each(say(members), lambda say, member: _covered(say, member, entry)), exp.true()
    )


def _sorted_members(say: Saying, term: Term) -> Node:
    def written(_: Saying, member: Fresh) -> Node:
        escaped = member()
        # The end of a member comes before every character that one may go on with.
        for character, stands_for in ((2, 3), (1, 2), (0, 1)):
            mark = call("concat", call("chr", number(2)), call("chr", number(stands_for)))
            escaped = call("replace", escaped, call("chr", number(character)), mark)
        return call("concat", escaped, call("chr", number(1)))

    members = say.each(say(term.args[0]), written)
    return call("array_join", call("array_sort", members), string(""))


def _list(say: Saying, term: Term) -> Node:
    parts = [part for part in term.parts if part.op != "constant" or part.args[1] is not None]
    node = cast(call("array", *(say(part) for part in parts)), "TEXT[]")
    if all(part.op == "constant" for part in parts):
        return node
    return call("filter", node, lambda_of("v", exp.Not(this=absent(exp.column("v", quoted=True)))))


TEXTS: Final[Table] = {
    "fold": _fold,
    "squeeze": _squeeze,
    "contains": _part("contains"),
    "starts with": _part("startswith"),
    "ends with": _part("endswith"),
    "mentions": _mentions,
    "fits": _fits,
    "matches": _matches,
    "domain": _domain,
    "split hash": _split_hash,
    "joined": joined_texts,
    "to text": lambda say, term: cast(say(term.args[0]), "TEXT"),
    "folded members": _folded_members,
    "has": _has,
    "some fits": _some_fits,
    "sorted members": _sorted_members,
    "list": _list,
}
