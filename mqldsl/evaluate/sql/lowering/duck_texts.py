"""DuckDB: texts and sets. ASCII text goes through DuckDB's own functions, any other through ours in Python."""

from typing import Final

from sqlglot import exp

from mqldsl.evaluate.sql.lowering.functions import FITS, FOLD, MATCHES, MENTIONS, SQUEEZE
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
    some,
    string,
)
from mqldsl.evaluate.sql.lowering.patterns import entry_pattern, has_edges, word_pattern
from mqldsl.evaluate.sql.lowering.saying import Say, Saying, Table
from mqldsl.evaluate.sql.terms import Argument, Atom, Term
from mqldsl.model.folding import Entry

# What Python's `strip` takes for space: U+001C to U+001F, too.
_NOT_STRIPPED = r"[^\t-\r\x1c- \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
_UNEVEN_SPACE = r"[\t-\r]|  |^ | $"
_SPACES = r"[\t-\r ]+"
_ODD = r"[^ -~]|  |^ | $"


def text_constant(value: str) -> Node:
    """Return a text literal; a NUL cannot stand in one, so it is joined in."""
    if "\0" not in value:
        return string(value)
    pieces: list[Node] = []
    for place, piece in enumerate(value.split("\0")):
        if place:
            pieces.append(call("chr", number(0)))
        if piece:
            pieces.append(string(piece))
    return call("concat", *pieces)


def _is_ascii(value: Atom) -> bool:
    return isinstance(value, str) and value.isascii()


def _beyond_ascii(text: Fresh) -> Node:
    return both(exp.NEQ, call("strlen", text()), call("length", text()))


def _ascii_or(text: Fresh, plain: Node, beyond: Node) -> Node:
    # So put that a missing text goes the cheap way.
    return case([(_beyond_ascii(text), beyond)], plain)


def _even_spaces(text: Fresh) -> Node:
    evened = call(
        "trim", call("regexp_replace", text(), string(_SPACES), string(" "), string("g")), string(" ")
    )
    return case([(call("regexp_matches", text(), string(_UNEVEN_SPACE)), evened)], text())


def folded(text: Fresh) -> Node:
    """Return a text folded."""
    return _ascii_or(text, call("lower", _even_spaces(text)), call(FOLD, text()))


def _fold(say: Saying, term: Term) -> Node:
    return say.once(term.args[0], lambda say, text: folded(lambda: say(text)))


def _is_rough(say: Saying, term: Term) -> Node:
    return some(_is_rough_in_front(say, term), both(exp.LT, call("reverse", say(term.args[0])), string("!")))


def _is_rough_in_front(say: Saying, term: Term) -> Node:
    def text() -> Node:
        return say(term.args[0])

    return some(_beyond_ascii(text), both(exp.LT, text(), string("!")))


def _squeeze(say: Saying, term: Term) -> Node:
    def body(say: Saying, text: Term) -> Node:
        return _ascii_or(lambda: say(text), _even_spaces(lambda: say(text)), call(SQUEEZE, say(text)))

    return say.once(term.args[0], body)


def _part(function: str) -> Say:
    return lambda say, term: call(function, say(term.args[0]), needle_of(say, term.args[1]))


def needle_of(say: Saying, needle: Argument) -> Node:
    """Return what is searched for: a term, or a text as it is."""
    return say(needle) if isinstance(needle, Term) else say.constant("text", needle)


def fixed_text(needle: Argument) -> str | None:
    """Return the text that an argument always is, if it is a constant."""
    value = needle.args[1] if isinstance(needle, Term) and needle.op == "constant" else needle
    return value if isinstance(value, str) else None


def _mentions(say: Saying, term: Term) -> Node:
    text, needle = term.args
    fixed = fixed_text(needle)

    def body(say: Saying, text: Term) -> Node:
        if fixed == "":
            return never(lambda: say(text))
        if fixed is None:
            asked = call(MENTIONS, say(text), needle_of(say, needle))
            return every(call("contains", say(text), needle_of(say, needle)), asked)
        asked = call(MENTIONS, say(text), say.constant("text", fixed))
        if fixed.isascii():
            pattern = say.constant("text", word_pattern(fixed))
            asked = _ascii_or(lambda: say(text), call("regexp_matches", say(text), pattern), asked)
        return every(call("contains", say(text), say.constant("text", fixed)), asked)

    return say.once(text, body)


def never(text: Fresh) -> Node:
    """Return no, missing for a missing text."""
    return case([(exp.Not(this=absent(text())), exp.false())])


def always(text: Fresh) -> Node:
    """Return yes, missing for a missing text."""
    return case([(exp.Not(this=absent(text())), exp.true())])


def covered(say: Saying, text: Fresh, entry: Entry) -> Node:
    """Return whether an entry covers a folded text."""
    if not entry.has_wildcard:
        return both(exp.EQ, text(), say.constant("text", entry.folded))
    if not entry.pieces:
        return always(text)
    first, last = entry.pieces[0], entry.pieces[-1]
    literal = say.constant("text", max((piece.literal for piece in entry.pieces), key=len))
    if not has_edges(entry):
        if first is last and entry.is_open_before != entry.is_open_after:
            return call("ends_with" if entry.is_open_before else "starts_with", text(), literal)
        if first is last:
            return call("contains", text(), literal)
        return call("regexp_full_match", text(), say.constant("text", "(?s)" + entry_pattern(entry)))
    asked = call(FITS, text(), say.constant("text", entry.text))
    if all(piece.literal.isascii() for piece in entry.pieces):
        by_pattern = call("regexp_full_match", text(), say.constant("text", "(?s)" + entry_pattern(entry)))
        asked = _ascii_or(text, by_pattern, asked)
    return every(call("contains", text(), literal), asked)


def _fits(say: Saying, term: Term) -> Node:
    text, entry = term.args
    assert isinstance(entry, Entry)
    return say.once(text, lambda say, text: covered(say, lambda: say(text), entry))


def _matches(say: Saying, term: Term) -> Node:
    text, pattern = term.args
    fixed = fixed_text(pattern)
    assert fixed is not None

    def body(say: Saying, text: Term) -> Node:
        wanted = say.constant("text", fixed)
        by_duckdb = call("regexp_matches", say(text), wanted, string("i"))
        return _ascii_or(lambda: say(text), by_duckdb, call(MATCHES, say(text), wanted.copy()))

    return say.once(text, body)


def _behind_at(say: Saying, term: Term) -> Node:
    whole = say(term.args[0])
    return call("nullif", call("split_part", whole, string("@"), number(-1)), whole.copy())


def _behind_first_at(say: Saying, term: Term) -> Node:
    whole = say(term.args[0])
    place = exp.Add(this=call("instr", whole.copy(), string("@")), expression=number(1))
    return call("nullif", call("substr", whole, place), whole.copy())


def _domain(say: Saying, term: Term) -> Node:
    def behind() -> Node:
        # Written out each time: it is computed once, and a name for it would cost more.
        return _behind_at(say, term)

    is_plain = exp.Between(this=inner(behind()), low=string("!"), high=string("~"))
    return case([(is_plain, behind()), (_has_more_than_space(behind()), behind())])


def _has_more_than_space(text: Node) -> Node:
    return call("regexp_matches", text, string(_NOT_STRIPPED))


def _split_hash(say: Saying, term: Term) -> Node:
    text, teams = term.args
    digits = call("substr", call("md5", say(text)), number(1), number(8))
    number_of = cast(exp.DPipe(this=string("0x"), expression=digits), "BIGINT")
    assert isinstance(teams, Term | int)
    count = say(teams) if isinstance(teams, Term) else number(int(teams))
    return exp.Mod(this=inner(number_of), expression=inner(count))


def _folded_members(say: Saying, term: Term) -> Node:
    return say.each(say(term.args[0]), lambda _, member: folded(member))


def _has(say: Saying, term: Term) -> Node:
    members, text = term.args
    if fixed_text(text) is not None:
        return call("list_contains", say(members), needle_of(say, text))

    def body(say: Saying, text: Term) -> Node:
        # It would be found nowhere.
        found = call("list_contains", say(members), say(text))
        return case([(exp.Not(this=absent(say(text))), found)])

    return say.once(text, body)


def _some_fits(say: Saying, term: Term) -> Node:
    members, entry = term.args
    assert isinstance(entry, Entry)
    fitting = say.each(say(members), lambda say, member: covered(say, member, entry))
    return call("list_contains", fitting, exp.true())


def _sorted_members(say: Saying, term: Term) -> Node:
    def written(_: Saying, member: Fresh) -> Node:
        escaped = member()
        # The end of a member comes before every character that one may go on with.
        for character, stands_for in ((2, 3), (1, 2), (0, 1)):
            mark = call("concat", call("chr", number(2)), call("chr", number(stands_for)))
            escaped = call("replace", escaped, call("chr", number(character)), mark)
        return exp.DPipe(this=escaped, expression=call("chr", number(1)))

    members = say.each(say(term.args[0]), written)
    return call("array_to_string", call("list_sort", members), string(""))


def _list(say: Saying, term: Term) -> Node:
    parts = [part for part in term.parts if part.op != "constant" or part.args[1] is not None]
    node = cast(exp.Array(expressions=[say(part) for part in parts]), "VARCHAR[]")
    if all(part.op == "constant" for part in parts):
        return node
    return call("list_filter", node, lambda_of("v", exp.Not(this=absent(exp.column("v", quoted=True)))))


def joined_texts(say: Saying, term: Term) -> Node:
    """Return texts one behind the other; missing where one is missing, which `concat` passes over."""
    chain, *others = say.all(term)
    for part in others:
        chain = exp.DPipe(
            this=inner(chain) if not isinstance(chain, exp.DPipe) else chain, expression=inner(part)
        )
    return chain


TEXTS: Final[Table] = {
    "fold": _fold,
    "squeeze": _squeeze,
    "is odd": lambda say, term: call("regexp_matches", say(term.args[0]), string(_ODD)),
    "is rough": _is_rough,
    "is rough in front": _is_rough_in_front,
    "lower": lambda say, term: call("lower", say(term.args[0])),
    "is blank": lambda say, term: exp.Not(this=_has_more_than_space(say(term.args[0]))),
    "behind first at": _behind_first_at,
    "behind at": _behind_at,
    "contains": _part("contains"),
    "starts with": _part("starts_with"),
    "ends with": _part("ends_with"),
    "mentions": _mentions,
    "fits": _fits,
    "matches": _matches,
    "domain": _domain,
    "split hash": _split_hash,
    "joined": joined_texts,
    "to text": lambda say, term: cast(say(term.args[0]), "VARCHAR"),
    "folded members": _folded_members,
    "has": _has,
    "some fits": _some_fits,
    "sorted members": _sorted_members,
    "list": _list,
}
