"""Colours for ```` ```mql ```` blocks. Pygments has an `mql` of its own, which is another language."""

from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, Punctuation, String, Whitespace
from sphinx.application import Sphinx

DECLARATIONS = r"""definition|use|lead|account|event|record|list|clause|value|score|grade|matrix|table|decide
    |example|promise"""
WORDS = r"""and|or|not|no|yes|any|all|none|at|least|most|exactly|of|in|is|known|missing|unknown|between|contains
    |mentions|matches|starts|ends|with|has|when|where|within|from|to|ago|since|before|then|without|per|by|for|if
    |otherwise|because|due|expect|ever|today|this|next|last|first|up|once|halving|losing|every"""


class MqlLexer(RegexLexer):
    """The words of the language, wherever they stand: colours need no grammar."""

    name = "MQL"
    aliases: ClassVar = ["mql", "mql-part"]
    tokens: ClassVar = {
        "root": [
            (r"\s+", Whitespace),
            (r"##.*", Comment.Special),
            (r"#.*", Comment.Single),
            (r'"(\\.|[^"\\\n])*"?', String.Double),
            (r"`[^`\n]*`?", Name),
            (r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?", Literal.Date),
            (r"\d[\d_]*(\.\d+)?(min|mo|[hdwykMB%])?(?!\w)", Number),
            (rf"(?mx)^(?:{DECLARATIONS})\b", Keyword.Declaration),
            (rf"(?x)\b(?:{WORDS})\b", Keyword),
            (r"[A-Za-z_]\w*", Name),
            (r"[-+*/=<>!|]+", Operator),
            (r".", Punctuation),
        ]
    }


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the lexer."""
    for alias in MqlLexer.aliases:
        app.add_lexer(alias, MqlLexer)
    return {"parallel_read_safe": True}
