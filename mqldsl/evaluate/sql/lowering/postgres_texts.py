"""PostgreSQL: texts and sets. Nothing here asks the collation of the database, nor its locale."""

from collections.abc import Callable
from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.characters import lower_case, white_space, word_characters
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
from mqldsl.evaluate.sql.terms import Argument, Operation, Term
from mqldsl.model.folding import Entry

_STRIPPED: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_TEXTS: Final = frozenset({"fold", "squeeze", "domain", "joined", "to text", "sorted members"})


def in_c(node: Node) -> Node:
    """Return a text with the collation that orders by code points and knows ASCII only."""
    return exp.Collate(this=inner(node), expression=exp.to_identifier("C", quoted=True))


def by_code_points(say: Saying, term: Term) -> Node:
    """Return a value to be ordered; what is surely text brings the collation along."""
    return in_c(say(term)) if is_text(term) else say(term)


def is_text(term: Term) -> bool:
    """Say whether a term surely is text, as far as its shape tells."""
    if term.op == "constant":
        return term.args[0] == "text"
    if term.op in ("case", "coalesce"):
        arms = term.parts
        values = arms if term.op == "coalesce" else [*arms[1::2], arms[-1]]
        return any(map(is_text, values))
    return term.op in _TEXTS


def ordered_by_code_points(comparisons: Table) -> Table:
    """Return the comparisons that ask for an order, with the collation where they compare texts."""

    def ordering(plain: Say) -> Say:
        def said(say: Saying, term: Term) -> Node:
            node = plain(say, term)
            if any(map(is_text, term.parts)):
                node.set("this", in_c(node.this))
            return node

        return said

    operations: tuple[Operation, ...] = ("<", "<=", ">", ">=")
    return {operation: ordering(comparisons[operation]) for operation in operations}


# ------------------------------------------------------------------ folding


def _beyond_ascii(text: Fresh) -> Node:
    return both(exp.NEQ, call("octet_length", text()), call("char_length", text()))


def _one_space(text: Node) -> Node:
    return call("btrim", call("regexp_replace", text, string(" {2,}"), string(" "), string("g")), string(" "))


def _composed(text: Fresh) -> Node:
    return call("normalize", text(), exp.var("NFC"))


def _translate(text: Node, characters: str, others: str) -> Node:
    return call("translate", text, string(characters), string(others))


def _fold(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, text: folded(lambda: say(text)))


def folded(text: Fresh) -> Node:
    """Return a text folded: beyond ASCII by Python's table of lower case."""
    spaces, blanks = white_space()
    ascii_spaces = "".join(each for each in spaces if each.isascii())
    upper, lower = lower_case()
    plain = _one_space(_translate(call("lower", in_c(text())), ascii_spaces, " " * len(ascii_spaces)))
    beyond = _translate(call("lower", in_c(_composed(text))), upper + spaces, lower + blanks)
    return case([(_beyond_ascii(text), _one_space(beyond))], plain)


def _squeeze(say: Saying, term: Term) -> Node:
    spaces, blanks = white_space()
    return say.once(
        term.args[0], lambda say, text: _one_space(_translate(_composed(lambda: say(text)), spaces, blanks))
    )


# ------------------------------------------------------------------ searching


def _contains(say: Saying, text: Term, needle: Node) -> Node:
    return both(exp.GT, call("strpos", say(text), needle), number(0))


def _part(say: Saying, term: Term) -> Node:
    text, needle = term.args
    assert isinstance(text, Term)
    return _contains(say, text, needle_of(say, needle))


def _ends_with(say: Saying, term: Term) -> Node:
    text, needle = term.args
    end = call("right", say(text), call("char_length", needle_of(say, needle)))
    return both(exp.EQ, end, needle_of(say, needle))


def _matched(text: Node, pattern: Node) -> Node:
    return exp.RegexpLike(this=in_c(text), expression=inner(pattern))


def _mentions(say: Saying, term: Term) -> Node:
    text, needle = term.args
    fixed = fixed_text(needle)

    def body(say: Saying, text: Term) -> Node:
        if fixed == "":
            return never(lambda: say(text))
        if fixed is None:
            return _mentions_any(say, text, needle_of(say, needle))
        found = _by_words(lambda: say(text), lambda word: word_pattern(fixed, word, quoted_by_four))
        return every(_contains(say, text, say.constant("text", fixed)), found)

    return say.once(text, body)


def _mentions_any(say: Saying, text: Term, needle: Node) -> Node:
    meant = call("regexp_replace", needle, string(r"([][\\.^$*+?(){}|])"), string(r"\\\1"), string("g"))

    def by_words(word: str) -> Node:
        before = exp.DPipe(this=string(f"(?:^|[^{word}])"), expression=meant.copy())
        return _matched(say(text), exp.DPipe(this=before, expression=string(f"(?:[^{word}]|$)")))

    found = case([(_beyond_ascii(lambda: say(text)), by_words(word_characters()))], by_words(ASCII_WORD))
    looked_for = both(exp.GT, call("char_length", needle.copy()), number(0))
    return every(looked_for, _contains(say, text, needle.copy()), found)


def _by_words(text: Fresh, pattern: Callable[[str], str]) -> Node:
    """Return whether a pattern is found; it names the word characters that may occur in the text."""
    return case(
        [(_beyond_ascii(text), _matched(text(), string(pattern(word_characters()))))],
        _matched(text(), string(pattern(ASCII_WORD))),
    )


def _covered(say: Saying, text: Fresh, entry: Entry) -> Node:
    if not entry.has_wildcard:
        return both(exp.EQ, text(), say.constant("text", entry.folded))
    if not entry.pieces:
        return always(text)
    literal = max((piece.literal for piece in entry.pieces), key=len)
    there = both(exp.GT, call("strpos", text(), say.constant("text", literal)), number(0))

    def pattern(word: str) -> str:
        return f"^(?:{entry_pattern(entry, word, quoted_by_four)})$"

    covers = _by_words(text, pattern) if has_edges(entry) else _matched(text(), string(pattern(ASCII_WORD)))
    return every(there, covers)


def _fits(say: Saying, term: Term) -> Node:
    text, entry = term.args
    assert isinstance(entry, Entry)
    return say.once(text, lambda say, text: _covered(say, lambda: say(text), entry))


def _matches(say: Saying, term: Term) -> Node:
    text, pattern = term.args
    fixed = fixed_text(pattern)
    assert fixed is not None
    words = translated(fixed, "postgres")
    if words is None:
        raise say.refused(
            f"the pattern `{fixed}`", "write it with plain letters, brackets and repeats, or as words"
        )

    if not asks_for_words(fixed):
        plain = call("translate", say(text), string(LONG_S), string("s"))
        return exp.RegexpILike(this=in_c(plain), expression=string(words))

    def body(say: Saying, text: Term) -> Node:
        unsure = both(exp.GT, call("strpos", say(text), string(LONG_S)), number(0))
        # No truth can be read from it: an error that shows the text.
        failing = cast(exp.DPipe(this=string("no long s in matches: "), expression=say(text)), "BOOLEAN")
        found = exp.RegexpILike(this=in_c(say(text)), expression=string(words))
        return case([(unsure, failing)], found)

    return say.once(text, body)


def _domain(say: Saying, term: Term) -> Node:
    behind = call("substring", say(term.args[0]), string("@([^@]*)$"))
    return say.named(behind, lambda _, it: case([(_matched(it(), string(f"[^{_STRIPPED}]")), it())]))


def _split_hash(say: Saying, term: Term) -> Node:
    text, teams = term.args
    digits = call("substr", call("md5", say(text)), number(1), number(8))
    bits = exp.Cast(
        this=exp.Paren(this=exp.DPipe(this=string("x"), expression=digits)),
        to=exp.DataType.build("BIT(32)", dialect="postgres"),
    )
    count = say(teams) if isinstance(teams, Term) else number(int(str(teams)))
    return exp.Mod(this=cast(bits, "BIGINT"), expression=inner(count))


# ------------------------------------------------------------------ sets


def _folded_members(say: Saying, term: Term) -> Node:
    return say.each(say(term.args[0]), lambda _, member: folded(member))


def _has(say: Saying, term: Term) -> Node:
    members, text = term.args

    def found(say: Saying, text: Argument) -> Node:
        return exp.EQ(this=inner(needle_of(say, text)), expression=exp.Any(this=exp.Paren(this=say(members))))

    if fixed_text(text) is not None:
        return found(say, text)
    # In an empty set even a missing text is not.
    return say.once(text, lambda say, text: case([(exp.Not(this=absent(say(text))), found(say, text))]))


def _some_fits(say: Saying, term: Term) -> Node:
    members, entry = term.args
    assert isinstance(entry, Entry)
    fitting = say.each(say(members), lambda say, member: _covered(say, member, entry))
    return exp.EQ(this=exp.true(), expression=exp.Any(this=exp.Paren(this=fitting)))


def _sorted_members(say: Saying, term: Term) -> Node:
    def written(_: Saying, member: Fresh) -> Node:
        escaped = member()
        # The end of a member comes before every character that one may go on with; there is no U+0000.
        for character, stands_for in ((2, 3), (1, 2)):
            mark = exp.DPipe(this=call("chr", number(2)), expression=call("chr", number(stands_for)))
            escaped = call("replace", escaped, call("chr", number(character)), mark)
        return exp.DPipe(this=escaped, expression=call("chr", number(1)))

    def together(_: Saying, members: Fresh) -> Node:
        alias = exp.TableAlias(
            this=exp.to_identifier("members", quoted=True), columns=[exp.to_identifier("m", quoted=True)]
        )
        unnested = exp.Table(this=call("unnest", members()), alias=alias)
        order = exp.Order(
            expressions=[exp.Ordered(this=in_c(exp.column("m", quoted=True)), nulls_first=False)]
        )
        ordered = exp.Select(expressions=[exp.column("m", quoted=True)], order=order).from_(unnested)
        joined = call("array_to_string", call("ARRAY", ordered), string(""))
        return case([(exp.Not(this=absent(members())), joined)])

    return say.named(say.each(say(term.args[0]), written), together)


def _list(say: Saying, term: Term) -> Node:
    parts = [part for part in term.parts if part.op != "constant" or part.args[1] is not None]
    node = cast(exp.Array(expressions=[say(part) for part in parts]), "TEXT[]")
    if all(part.op == "constant" for part in parts):
        return node
    return call("array_remove", node, exp.Null())


TEXTS: Final[Table] = {
    "fold": _fold,
    "squeeze": _squeeze,
    "contains": _part,
    "starts with": lambda say, term: call("starts_with", say(term.args[0]), needle_of(say, term.args[1])),
    "ends with": _ends_with,
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
