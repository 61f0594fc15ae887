"""The grammar itself: no conflict that Lark would hide, and an example of every rule in its README."""

import re

import pytest
from lark import Lark, Tree

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
