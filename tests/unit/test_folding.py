"""Rule 6, text: folding, words, wildcard entries, regular expressions."""

import re
import unicodedata

import attrs
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from mqldsl.model.folding import (
    WHITE_SPACE,
    compile_regex,
    fold,
    is_blank_text,
    is_word_character,
    list_entry,
    matches_entry,
    mentions,
    regex_found,
    squeeze,
    whole_characters,
)
from tests.unit.wildcard_pattern import entry_pattern

ANY_TEXT = st.text(st.characters(codec=None), max_size=30)  # lone surrogates, too


def covers(entry: str, text: str) -> bool:
    return matches_entry(list_entry(entry), fold(text))


# Folding


def test_white_space_is_the_unicode_property() -> None:
    points = [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F]
    assert sorted(map(ord, WHITE_SPACE)) == [*points, 0x205F, 0x3000]
    assert len(WHITE_SPACE) == 25


@pytest.mark.parametrize("space", WHITE_SPACE)
def test_each_kind_of_white_space_is_one_space(space: str) -> None:
    assert fold(f"{space}A{space}{space} b{space}") == "a b"
    assert is_blank_text(space)


@pytest.mark.parametrize("mark", ["\x1c", "\x1d", "\x1e", "\x1f", "\u200b", "\u180e", "\ufeff", "\x00"])
def test_what_only_looks_like_white_space_stays(mark: str) -> None:
    assert fold(f"{mark}a{mark}b") == f"{mark}a{mark}b"
    assert not is_blank_text(mark)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  Head\tof \n Sales ", "head of sales"),
        ("\u0130stanbul", "\u0130stanbul"),  # its lower case is two characters
        ("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3"),  # no final sigma
        ("\u03bf\u03b4\u03bf\u03c2", "\u03bf\u03b4\u03bf\u03c2"),  # a final sigma that was written stays
        ("\u1e9e", "\u00df"),
        ("STRASSE", "strasse"),
        ("Stra\u00dfe", "stra\u00dfe"),
        ("E\u0301", "\u00e9"),
        ("\u212b\u212a", "\u00e5k"),  # the signs for angstrom and kelvin
        ("I", "i"),
        ("\ud800A", "\ufffda"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_fold_is_the_rule_said_character_by_character(text: str) -> None:
    composed = unicodedata.normalize(
        "NFC", "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    )
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in composed)
    spaced = "".join(" " if c in WHITE_SPACE else c for c in lower)
    expected = " ".join(word for word in spaced.split(" ") if word)
    assert fold(text) == expected


def test_fold_is_the_rule_for_every_cased_character() -> None:
    characters = [
        c for c in map(chr, range(0x20000)) if c not in WHITE_SPACE and not "\ud800" <= c <= "\udfff"
    ]
    composed = unicodedata.normalize("NFC", "-".join(characters))
    assert fold("-".join(characters)) == "".join(c.lower() if len(c.lower()) == 1 else c for c in composed)


def test_long_texts_fold_as_short_ones_do() -> None:
    assert fold("\u00c9 A  " * 1000) == " ".join(["\u00e9 a"] * 1000)
    assert fold("A  B " * 1000) == " ".join(["a b"] * 1000)


@given(ANY_TEXT)
def test_squeeze_is_fold_without_lower_case(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
    assert fold(squeeze(text)) == fold(text)


@given(ANY_TEXT)
def test_text_is_blank_if_nothing_is_left_of_it(text: str) -> None:
    assert is_blank_text(text) == (squeeze(text) == "")


@given(ANY_TEXT)
def test_folded_and_whole_texts_can_be_written(text: str) -> None:
    fold(text).encode()
    squeeze(text).encode()
    assert len(whole_characters(text).encode().decode()) == len(text)


# Words


@pytest.mark.parametrize("character", ["a", "Z", "\u00e9", "\u4e2d", "7", "\u0663", "\u0301", "_", "\u02b0"])
def test_word_characters(character: str) -> None:
    assert is_word_character(character)


@pytest.mark.parametrize("character", [" ", "-", "'", ".", "\u00bd", "\u2163", "\u20ac", "\u200d", "\ufffd"])
def test_other_characters(character: str) -> None:
    assert not is_word_character(character)


@pytest.mark.parametrize(
    ("text", "needle", "expected"),
    [
        ("head of it", "it", True),
        ("it", "it", True),
        ("items of it", "it", True),
        ("items", "it", False),
        ("kit", "it", False),
        ("c++ developer", "c++", True),
        ("c++x", "c++", False),
        ("c+++", "c++", True),
        ("it_dept", "it", False),
        ("it2", "it", False),
        ("ite\u0301", "it", False),
        ("it\u0301", "it", False),  # a mark belongs to the letter before it
        ("it-dept", "it", True),
        ("xa a a", "a a", True),  # the second occurrence overlaps the first
        ("-a-a-", "-a-", False),  # an `a` stands beside each of them
        ("a a a", "a a", True),
        ("", "it", False),
        ("it", "", False),
        ("", "", False),
    ],
)
def test_mentions(text: str, needle: str, expected: bool) -> None:
    assert mentions(text, needle) is expected


@given(st.text("ab -_", max_size=12), st.text("ab -_", min_size=1, max_size=4))
def test_mentions_is_some_occurrence_between_edges(text: str, needle: str) -> None:
    def edge(place: int) -> bool:
        return not 0 <= place < len(text) or not is_word_character(text[place])

    places = [place for place in range(len(text)) if text.startswith(needle, place)]
    assert mentions(text, needle) == any(edge(p - 1) and edge(p + len(needle)) for p in places)


# List entries


@pytest.mark.parametrize(
    ("entry", "yes", "no"),
    [
        (
            "Head of *",
            ["head of", "HEAD  OF sales", "head of-sales", "head of -"],
            ["head offer", "the head of x"],
        ),
        ("* Manager", ["manager", "Product Manager", "vice-manager"], ["comanager", "manager x"]),
        (
            "Chief * Officer",
            [
                "chief officer",
                "chief executive officer",
                "chief-officer",
                "chief - officer",
                "chief/x/officer",
            ],
            ["chief", "chiefofficer", "chief xofficer", "chiefx officer", "officer", "chief officers"],
        ),
        ("VP*", ["vp", "vpx", "VP of sales"], ["v", "avp"]),
        ("*vp", ["vp", "svp"], ["vps"]),
        ("*vp*", ["vp", "svps", "a vp b"], ["v p", ""]),
        ("a*b", ["ab", "axb", "a b", "abab"], ["a", "b", "ba", "abx"]),
        ("a**b", ["ab", "axb"], ["a"]),
        ("a *b", ["a b", "a xb", "a-b", "a-xb"], ["ab", "axb", "ax b"]),
        ("a* b", ["a b", "ax b", "a-b", "ax-b"], ["ab", "a xb"]),
        ("a* *b", ["a b", "ax yb", "a-b"], ["ab", "axyb"]),
        ("a * * b", ["a b", "a x b"], ["ab", "a xb"]),
        ("a * *b", ["a b", "a xb"], ["ax b", "ab"]),
        (
            "* of *",
            ["of", "head of", "of sales", "head of sales", "head-of-sales"],
            ["offer", "proof of1", "x"],
        ),
        ("*of*", ["of", "offer", "proof"], ["o f"]),
        ("VP* *", ["vp", "vpx", "vp x"], ["x vp"]),
        ("* *VP", ["vp", "xvp", "x vp"], ["vp x"]),
        ("a * ", ["a", "a b"], ["ab"]),
        (" * a", ["a", "b a"], ["ba"]),
        ("* aa *", ["aaa aa", "aa aaa", "aa", "x aa x"], ["aaa", "aaaa"]),
        ("a-*-b", ["a--b", "a-x-b"], ["a-b"]),
        ("a * -b", ["a -b", "a--b"], ["a-b"]),
        ("ab*bc", ["abbc", "abxbc"], ["abc"]),
        ("*", ["", "x", "x y"], []),
        ("* *", ["", "x", "x y"], []),
        ("***", ["", "x"], []),
        ("\u00c9*", ["\u00e9t\u00e9", "e\u0301t\u00e9"], ["ete"]),
        (r"5\* *", ["5*", "5* hotel"], ["5 hotel", "5*hotel"]),
        (r"\**", ["*", "*x"], ["x"]),
        (r"*\*", ["*", "x*"], ["x"]),
        (r"a \* *", ["a *", "a * b"], ["a b"]),
        (r"* \*", ["*", "a *"], ["a*", "a"]),
    ],
)
def test_wildcard_entries(entry: str, yes: list[str], no: list[str]) -> None:
    made = list_entry(entry)
    assert made.has_wildcard
    pattern = re2.compile(entry_pattern(made))
    for text in yes:
        assert matches_entry(made, fold(text)), text
        assert pattern.fullmatch(fold(text)), text
    for text in no:
        assert not matches_entry(made, fold(text)), text
        assert not pattern.fullmatch(fold(text)), text


@pytest.mark.parametrize(
    ("entry", "folded"),
    [
        ("  Product   Buyer ", "product buyer"),
        (r"5\*", "5*"),
        (r"\*\*", "**"),
        (r"a\b", r"a\b"),
        (r"a\\*", r"a\*"),  # only `\*` is an escape
        ("", ""),
    ],
)
def test_plain_entries_match_the_equal_text_only(entry: str, folded: str) -> None:
    made = list_entry(entry)
    assert (made.text, made.folded, made.has_wildcard) == (entry, folded, False)
    assert matches_entry(made, folded)
    assert not matches_entry(made, folded + "x")
    assert re2.compile(entry_pattern(made)).fullmatch(folded)


def test_entries_are_values() -> None:
    assert list_entry("VP *") == list_entry("VP *")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        list_entry("VP *").text = "x"  # type: ignore[misc]


@settings(max_examples=1000)
@given(st.text("ab *\\-", max_size=9), st.text("ab *\\-", max_size=12))
def test_matcher_and_pattern_agree(entry: str, text: str) -> None:
    made, folded = list_entry(entry), fold(text)
    assert matches_entry(made, folded) == bool(re2.compile(entry_pattern(made)).fullmatch(folded))


@given(ANY_TEXT, ANY_TEXT)
def test_any_entry_meets_any_text(entry: str, text: str) -> None:
    made = list_entry(entry)
    matches_entry(made, fold(text))
    entry_pattern(made).encode()


@given(st.text("ab -", max_size=8), st.text("ab -", max_size=8))
def test_a_prefix_entry_is_a_prefix(start: str, text: str) -> None:
    start = start.rstrip(" ")  # a space beside the star is an edge
    assert covers(start + "*", text) == fold(text).startswith(fold(start))


def test_wildcards_do_not_backtrack() -> None:
    assert not covers("*a" * 200, "a" * 199)
    assert covers("*a" * 200, "a" * 20_000)
    assert not covers("* a" * 200 + "b", "a " * 20_000)


# Regular expressions


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("vp", "SVP of sales", True),
        ("^vp", "SVP of sales", False),
        (r"\bvp\b", "the VP, really", True),
        ("a b", "A \t\n B", True),
        ("^x$", "  x  ", True),
        ("\u00c9", "e\u0301", True),
        ("e\u0301", "\u00e9", True),  # the pattern is composed as the text is
        ("", "anything", True),
        ("\ufffd", "\ud800", True),
        (r"\x00", "a\x00b", True),
        (r"\pL{3}", "\u4e2d\u4e2d\u4e2d", True),
        (r"\C\C", "\u00e9", True),  # single bytes: no trouble
    ],
)
def test_regex_found(pattern: str, text: str, expected: bool) -> None:
    assert regex_found(compile_regex(pattern), text) is expected


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("[abc", "`[` is never closed"),
        ("(abc", "`(` is never closed"),
        ("abc)", "`)` closes nothing"),
        ("*a", "nothing to repeat before `*`"),
        ("a**", "repetition `**`"),
        ("a{2000}", "{2000}"),
        ("((a{1000}){1000})", "up to 1000 in all"),
        ("a\\", "escapes nothing"),
        (r"(a)\1", r"no escape `\1`"),
        ("(?=a)", "`(?=`: looking ahead"),
        ("[z-a]", "`z-a` is not a class"),
        (r"\p{Foo}", "is not a class"),
        ("(?P<a b>x)", "does not name a group"),
        (r"\pL{1000}", "too large"),
    ],
)
def test_a_refused_pattern_is_told_in_plain_words(
    pattern: str, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        compile_regex(pattern)
    assert capfd.readouterr() == ("", "")


@given(ANY_TEXT, ANY_TEXT)
def test_any_pattern_compiles_or_is_refused(pattern: str, text: str) -> None:
    try:
        compiled = compile_regex(pattern)
    except ValueError:
        return
    regex_found(compiled, text)


def test_a_costly_pattern_is_still_quick(capfd: pytest.CaptureFixture[str]) -> None:
    assert not regex_found(compile_regex("(a*)*b"), "a" * 100_000)
    assert not regex_found(compile_regex("a[ab]{200}c.*x"), "ab" * 20_000)
    assert capfd.readouterr() == ("", "")
