"""What the parser stumbled over, in words of the person who wrote it."""

import re
from collections.abc import Iterable

from lark import Token

from mqldsl.source.nearest import nearest

DECLARATIONS = [
    "definition",
    "use",
    "lead",
    "account",
    "event",
    "record",
    "list",
    "clause",
    "value",
    "score",
    "grade",
    "matrix",
    "table",
    "decide",
    "example",
    "promise",
]

_WORDS = {
    "NAME": "a name",
    "STRING": 'a "text"',
    "NUMBER": "a number",
    "_NL": "the end of the line",
    "_INDENT": "an indented line",
    "_DEDENT": "the end of the indented lines",
    "DATE": "a date",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "VBAR": "`|`",
    "MINUS": "`-`",
    "PLUS": "`+`",
    "COMPARISON": "a comparison such as `>=`",
    "UNIT": "a unit such as `days`",
    "DURATION": "a length of time such as `30d`",
    "WEEKDAYS": "days such as `mon-fri`",
    "CLOCK": "a time of day such as `09:00`",
    "YES_NO": "`yes/no`",
}
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|`[^`\n]*`|[\w.]+|[<>=!]+|\S')
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OTHER_LANGUAGES = {
    "==": "one `=` compares",
    "!": "write `not`",
    "<>": "write `!=`",
    "else": "write `otherwise`",
    "if": "write the condition alone, or `OUTCOME when CONDITION`",
    "true": "write `yes`",
    "false": "write `no`",
    "null": "write `is missing`",
}


def words_for(token: Token, before: str, accepted: Iterable[str]) -> tuple[str, str, str]:
    """Return code, sentence and remedy for a token that does not fit after the text `before`."""
    accepted = set(accepted)
    begins_declaration = not before.strip()
    words = _TOKEN.findall(
        before.rsplit("\n", 1)[-1] if token.type not in ("_NL", "$END", "_DEDENT") else before
    )
    last = words[-1] if words else ""
    text = str(token)
    if token.type == "BAD_NUMBER":
        return "MQL013", *_bad_number(text)
    if token.type in ("_NL", "$END"):
        return _ended(last, accepted)
    if token.type == "_INDENT":
        return (
            "MQL012",
            "this line is indented and nothing above it opens a block",
            "begin it in line with the one above",
        )
    if token.type == "_DEDENT":
        return "MQL010", "the indented lines end too early", _due(accepted)
    if token.type == "COMPARISON" and last in _COMPARISONS:
        pair = f"{last}{text}"
        return "MQL010", f"`{pair}` is no comparison", _OTHER_LANGUAGES.get(pair, "use one of = != < <= > >=")
    if begins_declaration and token.type == "NAME":
        near = nearest(text, DECLARATIONS)
        remedy = f"did you mean `{near}`?" if near else "a declaration begins with " + ", ".join(DECLARATIONS)
        return "MQL010", f"`{text}` begins no declaration", remedy
    if text == "then" and last == ")" and "any of" in before:
        return (
            "MQL010",
            "`then` cannot follow `any of (…)`",
            "name the events together first: event either: any of (visit, webinar)",
        )
    if text == "then":
        return (
            "MQL010",
            "`then` cannot follow a window",
            "put the part with its own window into brackets: `(visit within 30d) then demo_request`",
        )
    if text in ("and", "or"):
        return "MQL010", f"`{text}` has nothing to join here", "a condition is due on both sides of it"
    if (
        text.lower() in ("and", "or", "not", "when", "otherwise", "is", "in", "within")
        and text != text.lower()
    ):
        return (
            "MQL010",
            f"`{text}` is not understood",
            f"words of the language are lower case: `{text.lower()}`",
        )
    if text.lower() in _OTHER_LANGUAGES:
        return "MQL010", f"`{text}` means nothing here", _OTHER_LANGUAGES[text.lower()]
    if token.type == "STRING" and last.startswith('"'):
        return "MQL010", "two texts stand side by side", "put a comma between them"
    return "MQL010", _does_not_fit(text, last), _near_word(text, accepted) or _due(accepted)


def _does_not_fit(text: str, last: str) -> str:
    return f"`{text}` does not fit after `{last}`" if last else f"`{text}` cannot begin this line"


def _ended(last: str, accepted: set[str]) -> tuple[str, str, str]:
    if not last:
        return "MQL010", "the declaration is empty", _due(accepted)
    if last in ("and", "or"):
        return (
            "MQL010",
            f"the line ends after `{last}`",
            f"put `{last}` at the beginning of the next line, indented: that line goes on with this one",
        )
    if last == ":" and "_NL" not in accepted:
        return "MQL010", "nothing follows the `:`", _due(accepted)
    return "MQL010", f"something is missing after `{last}`", _due(accepted)


def _near_word(text: str, accepted: set[str]) -> str | None:
    words = [name.lower() for name in accepted if name.isupper() and name not in _WORDS]
    near = nearest(text, [word for word in words if not word.startswith("_")])
    return f"did you mean `{near.replace('_', ' ')}`?" if near else None


def _due(accepted: set[str]) -> str:
    """Say what could stand there, the commonest first, at most six."""
    said = [_WORDS[name] for name in _WORDS if name in accepted]
    said += sorted(
        f"`{name.lower().replace('_', ' ')}`"
        for name in accepted - set(_WORDS)
        if name.isidentifier() and not name.startswith(("_", "BAD"))
    )
    said = said[:6]
    if not said:
        return "see the guide for what a declaration may hold"
    return "expected " + (said[0] if len(said) == 1 else ", ".join(said[:-1]) + " or " + said[-1])


def _bad_number(text: str) -> tuple[str, str]:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = text.split("-")
        return f"`{text}` is not a date", f"months and days have two digits: {year}-{month:0>2}-{day:0>2}"
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        plain = text.replace(",", "_")
        return (
            f"`{text}` has commas in a number",
            f"write `{plain}`; in a list, put a space behind each comma",
        )
    if "," in text:
        return (
            f"`{text}` is not a number",
            f"a decimal point is `.`: {text.replace(',', '.')}; in a list, put a space behind each comma",
        )
    if found := re.fullmatch(r"(\d[\d_.]*)([A-Za-z]+)", text):
        return _bad_suffix(text, found[1], found[2])
    if text.endswith("."):
        return f"`{text}` ends with a point", f"write `{text.rstrip('.')}`"
    return (
        f"`{text}` is not a number, a date or a length of time",
        "write 1_000, 2.5, 50k, 2026-03-01, 09:00 or 30d",
    )


def _bad_suffix(text: str, number: str, suffix: str) -> tuple[str, str]:
    suffixes = {"K": "k", "m": "M", "b": "B", "mn": "M", "mio": "M", "bn": "B", "mil": "M"}
    units = {
        "H": "h",
        "D": "d",
        "W": "w",
        "Y": "y",
        "min": "min",
        "mins": "min",
        "hr": "h",
        "hrs": "h",
        "days": "d",
        "day": "d",
        "weeks": "w",
        "months": "mo",
        "month": "mo",
        "years": "y",
        "mon": "mo",
        "MO": "mo",
        "s": "min",
        "sec": "min",
    }
    said = f"`{text}` is not a number or a length of time"
    if "." in number and suffix in ("h", "d", "w", "y", "min", "mo", *units):
        return said, "a length of time is a whole number and a unit: `90min` for an hour and a half"
    if suffix == "m":
        return said, f"`{number}M` is millions, `{number}min` minutes, `{number}mo` months"
    if suffix in suffixes:
        return said, f"write `{number}{suffixes[suffix]}`: k is thousands, M millions, B billions"
    if suffix in units and suffix not in ("s", "sec"):
        return (
            said,
            f"write `{number}{units[suffix]}` or the unit in words: `{number} {units_in_words(units[suffix])}`",
        )
    return said, "numbers end in k, M, B or %; lengths of time in min, h, d, w, mo, y"


def units_in_words(unit: str) -> str:
    """Return the plural word of a unit's abbreviation."""
    return {"min": "minutes", "h": "hours", "d": "days", "w": "weeks", "mo": "months", "y": "years"}[unit]
