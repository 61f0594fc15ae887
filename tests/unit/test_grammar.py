"""The grammar itself: no conflict that Lark would hide, and an example of every rule in its README."""

import re

import pytest
from lark import Lark, Tree

from mqldsl.pipeline import check_text
from mqldsl.source.shipped import shipped
from mqldsl.source.text import Source
from mqldsl.syntax.from_text import MqlIndenter, chunks, parse, parser

GRAMMAR = shipped("grammar/mql.lark")
README = GRAMMAR.parent / "README.md"
BLOCKS = re.findall(r"```mql-part\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def strict(grammar: str) -> Lark:
    return Lark(
        grammar,
        parser="lalr",
        postlex=MqlIndenter(),
        propagate_positions=True,
        maybe_placeholders=True,
        strict=True,
    )


def test_the_grammar_has_no_conflict_under_strict_mode() -> None:
    strict(GRAMMAR.read_text(encoding="utf-8"))


def test_strict_mode_sees_a_conflict() -> None:
    grammar = GRAMMAR.read_text(encoding="utf-8")
    ambiguous = grammar.replace("?sum: product", "?sum: NAME -> again | product", 1)
    assert ambiguous != grammar
    with pytest.raises(Exception, match=r"conflict|collision|Reduce"):
        strict(ambiguous)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.partition("\n")[0] for block in BLOCKS])
def test_an_example_of_the_readme_is_read(block: str) -> None:
    assert [finding.message for finding in parse(Source("README.md", block))[1]] == []


def test_every_rule_has_an_example_in_the_readme() -> None:
    seen: set[str] = set()
    for block in BLOCKS:
        for chunk in chunks(block):
            for node in parser().parse(chunk.text + "\n").iter_subtrees():
                assert isinstance(node, Tree)
                seen.add(str(node.data))
    wanted = {rule.alias or str(rule.origin.name) for rule in parser().rules}
    # What begins with `_` never shows in the tree, and of `?` rules only what they are called in alternatives.
    vanishing = {str(rule.origin.name) for rule in parser().rules if rule.options.expand1}
    assert {rule for rule in wanted if not rule.startswith("_")} - vanishing - seen == set()


RESERVED = {"and", "or", "not", "no", "yes", "most", "missing", "unknown", "people", "activity"}
KEYWORDS = sorted(set(re.findall(r'"([a-z]+)"', GRAMMAR.read_text(encoding="utf-8"))) - RESERVED)


@pytest.mark.parametrize("word", KEYWORDS)
def test_words_of_the_language_stay_free_as_names(word: str) -> None:
    """Only ten words are reserved; `total`, `first`, `within` and all the others are good names."""
    texts = [
        f"lead:\n  {word}: number\nclause c: {word} >= 1 and {word} + 1 > 2 and {word} is known and not {word} = 3",
        f"lead:\n  b: yes/no\nclause {word}: b\nclause e: {word} and any of ({word}, b)",
        f"event visit: {word} number\nclause c: visits({word} > 3) >= 2 within 3d and total {word} of visits ever > 3",
        f'lead:\n  b: text\nlist {word}: "a"\nclause c: b in {word} and b contains any of {word}',
    ]
    if word != "any":
        texts.append(
            f"lead:\n  x: one of ({word}, other)\nclause c: x = {word} or x is {word} or x in ({word}, other)"
        )
    for text in texts:
        checked = check_text(text)
        assert [finding.message for finding in checked.findings if finding.is_error] == [], text
