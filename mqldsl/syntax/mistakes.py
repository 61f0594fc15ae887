"""What the parser stumbled over, in words of the person who wrote it."""

import re
from collections.abc import Iterable

import attrs
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
    "DATE": "a date",
    "DURATION": "a length of time such as `30d`",
    "UNIT": "a unit such as `days`",
    "WEEKDAYS": "days such as `mon-fri`",
    "CLOCK": "a time of day such as `09:00`",
    "YES_NO": "`yes/no`",
    "COLON": "`:`",
    "COMPARISON": "a comparison such as `>=`",
    "AND": "`and`",
    "OR": "`or`",
    "WITHIN": "`within`",
    "WHEN": "`when`",
    "IS": "`is`",
    "IN": "`in`",
    "_INDENT": "an indented line",
}
# Said after the words: there is nearly always something better.
_SIGNS = {
    "EQUAL": "`=`",
    "VBAR": "`|`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "COMMA": "`,`",
    "MINUS": "`-`",
    "PLUS": "`+`",
    "_NL": "the end of the line",
    "_DEDENT": "the end of the indented lines",
}
_UNSAID = {"DATETIME", "PERCENT", "DOT", "TIMES", "OVER", "AGGREGATE", "NOT_SUPPLIED", "YES", "NO"}
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|`[^`\n]*`|\d{4}-\d\d-\d\d|[\w.]+|[<>=!]+|\S')
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OTHER_LANGUAGES = {
    "==": "one `=` compares",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "!": "write `not`",
    "<>": "write `!=`",
    "else": "write `otherwise`",
    "if": "write the condition alone, or `OUTCOME when CONDITION`",
    "unless": "write `not` before the condition",
    "either": "write `any of (…)`",
    "both": "write `all of (…)`",
    "true": "write `yes`",
    "false": "write `no`",
    "null": "write `is missing`",
    "equals": "write `=`",
    "equal": "write `=`",
    "exceeds": "write `>`",
    "like": "write `contains`, `starts with`, or `in (…)` with a `*`",
    "includes": "write `contains` for a text and `has` for a set",
    "exists": "write `is known`",
    "percent": "write `10%`",
} | dict.fromkeys(("greater", "more", "over", "above", "bigger"), "write `>`, or `>=` for `at least`")
_OTHER_LANGUAGES |= dict.fromkeys(
    ("less", "fewer", "under", "below", "smaller"), "write `<`, or `<=` for `at most`"
)
_OTHER_LANGUAGES |= dict.fromkeys(("last", "past", "previous"), "leave the word out: `within 30d` looks back")
_LOWER = (
    "and",
    "or",
    "not",
    "when",
    "otherwise",
    "is",
    "in",
    "within",
    "any",
    "all",
    "at",
    "no",
    "per",
    "by",
)


@attrs.frozen
class Mistake:
    """What to say about a word that does not fit, or about the one before it.

    `back` is how far before it the place begins, `length` how long the place is, if not up to its end.
    """

    words: str
    remedy: str
    code: str = "MQL010"
    back: int = 0
    length: int | None = None


def mistake(token: Token, before: str, accepted: Iterable[str]) -> Mistake:
    """Return what to say about a token that does not fit after the text `before`."""
    accepted = set(accepted)
    line = before.rsplit("\n", 1)[-1] if token.type not in ("_NL", "$END", "_DEDENT") else before
    words = [word for word in _TOKEN.findall(line) if not word.startswith("#")]
    last = words[-1] if words else ""
    text = str(token)
    if token.type == "BAD_NUMBER":
        said, remedy = _bad_number(text)
        return Mistake(said, remedy, "MQL013")
    if token.type in ("_NL", "$END"):
        return _ended(last, accepted)
    if token.type == "_INDENT":
        said = "this line is indented and nothing above it opens a block"
        return Mistake(said, "begin it in line with the one above", "MQL012")
    if token.type == "_DEDENT":
        return Mistake("the indented lines end too early", _due(accepted))
    if not before.strip():
        return _no_declaration(token)
    back = len(before) - before.rfind(last) if last and before.rstrip().endswith(last) else 0
    if accepted == {"WITHOUT"} and (len(words) < 2 or words[-2] != "every"):
        return attrs.evolve(_ended(last, accepted), back=back, length=len(last))
    known = _known_mistake(text, last, before, back)
    if known is not None and known.back and known.words.startswith(f"`{last}` "):
        known = attrs.evolve(known, length=len(last))
    if text == "|" and not line.lstrip().startswith("|"):
        known = Mistake("`|` means nothing here", "write `or` between two conditions")
    if known is not None:
        return known
    if not last:
        return _line_begins(token, accepted)
    return Mistake(f"`{text}` does not fit after `{last}`", _remedy(token, last, accepted))


def _no_declaration(token: Token) -> Mistake:
    text = str(token)
    if text == "-":
        return Mistake(
            "a bullet cannot stand in the first column", "indent it below the group that it belongs to"
        )
    near = nearest(text, DECLARATIONS) if token.type == "NAME" else None
    remedy = f"did you mean `{near}`?" if near else "a declaration begins with " + ", ".join(DECLARATIONS)
    if text == "mql" or text.lower() in ("field", "fields", "rule", "rules"):
        remedy = "fields stand indented below `lead:`" if text.startswith("f") else "a rule is a `clause`"
    return Mistake(f"`{text}` begins no declaration", remedy)


def _known_mistake(text: str, last: str, before: str, back: int) -> Mistake | None:
    """Return what to say about a mistake that is known by its words."""
    low = text.lower()
    if text in _COMPARISONS and last in _COMPARISONS:
        pair = f"{last}{text}"
        remedy = _OTHER_LANGUAGES.get(pair, "use one of = != < <= > >=")
        return Mistake(f"`{pair}` is no comparison", remedy, back=back)
    if last.lower() in _OTHER_LANGUAGES and re.search(r"[\s(]\S+$", before.rstrip()):
        return Mistake(f"`{last}` means nothing here", _OTHER_LANGUAGES[last.lower()], back=back)
    if low in _OTHER_LANGUAGES:
        return Mistake(f"`{text}` means nothing here", _OTHER_LANGUAGES[low])
    if text == "then":
        remedy = "put the part with its own window into brackets: `(visit within 30d) then demo_request`"
        return Mistake("`then` cannot follow a window", remedy)
    if last in ("and", "or") or text in ("and", "or"):
        word, shift = (text, 0) if text in ("and", "or") else (last, back)
        return Mistake(
            f"`{word}` has nothing to join here", "a condition is due on both sides of it", back=shift
        )
    for word, shift in ((text, 0), (last, back)):
        if word.lower() in _LOWER and word != word.lower():
            remedy = f"words of the language are lower case: `{word.lower()}`"
            return Mistake(f"`{word}` is not understood", remedy, back=shift)
    if (last, text) == ("one", "of"):
        remedy = "write `any of (…)`, or `exactly 1 of (…)` where no other may hold"
        return Mistake("`one of` lists the labels of a field", remedy, back=back)
    if group := re.search(r"\b(any|all|none)[ ]*\([^()]*$", before):
        return Mistake(f"`{text}` does not fit here", f"did you mean `{group[1]} of (`?")
    return None


def _line_begins(token: Token, accepted: set[str]) -> Mistake:
    words = f"`{token}` cannot begin this line"
    if "PLUS" in accepted and token.type in ("NUMBER", "PERCENT"):
        return Mistake(words, f"points have a sign: `+{token} when …`")
    if "MINUS" in accepted and "_DEDENT" in accepted and "PLUS" not in accepted:
        return Mistake(words, "each line of a group begins with `- `")
    if not accepted - {"_DEDENT", "COMMA", "IF_UNKNOWN"}:
        remedy = (
            "begin the line with `and` or `or`, or write `all of` or `any of` above and a bullet on each line"
        )
        return Mistake(words, remedy)
    return Mistake(words, _near_word(str(token), accepted) or _due(accepted))


def _remedy(token: Token, last: str, accepted: set[str]) -> str:
    """Return the way out where a word does not fit after another."""
    text = str(token)
    is_value = token.type in ("STRING", "NUMBER", "NAME", "DATE", "DURATION", "PERCENT")
    if token.type == "STRING" and last.startswith('"'):
        return "put a comma between two texts"
    if last == "in" and is_value and "LPAR" in accepted:
        return f"put the values into brackets: `in ({text}, …)`"
    if token.type == "NUMBER" and re.fullmatch(r"[\d_]+", last) and re.fullmatch(r"\d+", text):
        return f"a number has no spaces: `{last}_{text}`"
    if (last, text) == ("|", "|"):
        return "a cell is never empty: write a value, `any` or `missing`"
    if token.type == "COMPARISON" and "NOT_SUPPLIED" in accepted:
        return f"leave the `{text}` out: the value stands behind the name"
    if accepted == {"WITHOUT"}:
        return "say what has to stay away: `halving every 30d without visit`"
    if {"WITH", "AT"} <= accepted:
        near = nearest(last, ("expect", "lead", "account", "feeds", "people"))
        if near is not None:
            return f"did you mean `{near}`?"
    if text == ".":
        return "a number begins with a digit: `0.5`"
    if accepted == {"NUMBER"}:
        return "write a number in digits"
    near = _near_word(text, accepted)
    if near is not None:
        return near
    if "COLON" in accepted and is_value:
        return f"put a `:` behind `{last}`"
    if {"AND", "OR"} <= accepted and is_value and re.match(r'[\d")]', last):
        return "join two conditions with `and` or `or`"
    return _due(accepted)


def _ended(last: str, accepted: set[str]) -> Mistake:
    if not last:
        return Mistake("the declaration is empty", _due(accepted))
    if last in ("and", "or"):
        remedy = f"put `{last}` at the beginning of the next line, indented: that line goes on with this one"
        return Mistake(f"the line ends after `{last}`", remedy)
    if last == ":" and "_NL" not in accepted:
        return Mistake("nothing follows the `:`", _due(accepted))
    if accepted == {"WITHOUT"}:
        remedy = "it stands in a window, `visits within 30 days`; `days since last visit` gives a number"
        return Mistake("a length of time is no number", remedy)
    return Mistake(f"something is missing after `{last}`", _due(accepted))


def _near_word(text: str, accepted: set[str]) -> str | None:
    known = _SIGNS.keys() | {"NAME", "STRING", "NUMBER", "COMPARISON"}
    words = [name.lower() for name in accepted - known if name.isupper() and not name.startswith("_")]
    near = nearest(text, words)
    return f"did you mean `{near.replace('_', ' ')}`?" if near else None


def _due(accepted: set[str]) -> str:
    """Say what could stand there, the commonest first, at most six."""
    if {"NAME", "NUMBER", "LPAR"} <= accepted:
        return 'expected a name, a number, a "text", a date or a condition in brackets'
    said = [_WORDS[name] for name in _WORDS if name in accepted]
    said += sorted(
        f"`{name.lower().replace('_', ' ')}`"
        for name in accepted - _WORDS.keys() - _SIGNS.keys() - _UNSAID
        if name.isidentifier() and not name.startswith(("_", "BAD"))
    )
    said = said[:6]
    said += [_SIGNS[name] for name in _SIGNS if name in accepted][: max(0, 4 - len(said))]
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
        remedy = "in a list, put a space behind each comma"
        if text.count(",") == 1:
            remedy = f"a decimal point is `.`: {text.replace(',', '.')}; {remedy}"
        return f"`{_shortened(text)}` is not a number", remedy
    if found := re.fullmatch(r"(\d[\d_.]*)([A-Za-z]+)", text):
        return _bad_suffix(text, found[1], found[2])
    if text.endswith("."):
        return f"`{text}` ends with a point", f"write `{text.rstrip('.')}`"
    return (
        f"`{_shortened(text)}` is not a number, a date or a length of time",
        "write 1_000, 2.5, 50k, 2026-03-01, 09:00 or 30d",
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]} …"


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
    said = f"`{_shortened(text)}` is not a number or a length of time"
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
