"""Words that say what a column is: placeholders, yes and no, money, keys, times; and names made of any words."""

import re
import unicodedata

from mqldsl.syntax.reduce_declarations import NOT_TO_DECLARE

# Beside a word of money they say that it is none: a price index, time spent.
_NO_MONEY = frozenset({"idx", "index", "rate", "pct", "percent", "ratio", "share", "time", "minutes", "days"})
# Folded. What stands in exports where nothing is known.
PLACEHOLDERS = frozenset(
    {
        *("select", "-- select --", "please select", "n/a", "na", "n.a.", "#n/a", "-", "--", "---", "?", "."),
        *(
            "unknown",
            "(unknown)",
            "null",
            "(null)",
            "nan",
            "nil",
            "undefined",
            "(blank)",
            "(none)",
            "(empty)",
        ),
        *(
            "not available",
            "not specified",
            "not provided",
            "not set",
            "(not set)",
            "not known",
            "no data",
            "don't know",
        ),
        *("tbd", "tba", "k.a.", "keine angabe", "unbekannt", "n.v.t.", "inconnu"),
    }
)
# These may mean something where a column holds texts.
PLACEHOLDERS_OF_NUMBERS = PLACEHOLDERS | {"none", "missing", "never", "empty"}
# Numbers that often stand for missing.
ODD_NUMBERS = frozenset({"-1", "-99", "-999", "99", "999", "9999", "99999", "999999"})

YES_AND_NO = (
    ("yes", "no"), ("true", "false"), ("y", "n"), ("1", "0"), ("t", "f"), ("ja", "nein"), ("oui", "non"),
    ("si", "no"), ("sí", "no"), ("sim", "não"), ("ja", "nee"), ("ja", "nej"), ("on", "off"), ("tak", "nie"),
)  # fmt: skip
# What the language reads by itself.
READ_AS_YES_OR_NO = frozenset({"yes", "true", "y", "1", "no", "false", "n", "0"})

OF_MONEY = frozenset(
    {
        *("amount", "price", "revenue", "budget", "cost", "costs", "spend", "spent", "turnover", "salary"),
        *("income", "fee", "mrr", "arr", "acv", "tcv", "ltv", "payment", "umsatz", "preis", "betrag"),
    }
)
_MONEY_VALUES = frozenset({"deal", "order", "cart", "close", "contract", "opportunity", "invoice", "basket"})
CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY", "$": "USD"}
CURRENCY_CODES = frozenset(
    {
        *("EUR", "GBP", "USD", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF"),
        *("CNY", "HKD", "SGD", "INR", "BRL", "MXN", "ZAR", "KRW", "TRY", "ILS", "AED", "RON"),
    }
)

OF_TEXT = frozenset(
    {
        *("id", "ids", "uuid", "guid", "key", "phone", "tel", "telephone", "mobile", "fax", "zip", "zipcode"),
        *("postcode", "postal", "plz", "sku", "iban", "code"),
    }
)
OF_LEADS = frozenset({"lead", "leads", "prospect", "contact", "person", "customer", "user", "mql", "case"})
OF_COMPANIES = frozenset({"account", "company", "organisation", "organization", "firm", "employer"})
OF_KINDS = frozenset({"type", "kind", "event", "activity", "action", "what", "interaction"})
OF_TIMES = ("at", "happened", "occurred", "timestamp", "time", "datetime", "date", "day", "when", "created")
OF_DAYS = frozenset({"date", "day", "datum", "at", "time", "on"})
OF_PLACES = frozenset({"country", "iso", "state", "region", "land", "province"})
OF_COUNTS = frozenset({"count", "number", "num", "total", "score", "points", "visits", "n"})


def words_of(name: str) -> list[str]:
    """Return the words of a column's name, in small plain letters.

    >>> words_of("Total Time-Spent"), words_of("firstName"), words_of("E-mail"), words_of("Größe")
    (['total', 'time', 'spent'], ['first', 'name'], ['email'], ['groesse'])
    """
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    text = re.sub(r"\be[-_ ]mail", "email", text.lower())
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(sign, plain)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", plain.replace("'", ""))


def snake_case(name: str, otherwise: str = "column") -> str:
    """Return a name of the language made of the words of a column's name.

    >>> snake_case("Total Time Spent on Website"), snake_case("2nd call"), snake_case("日付", "field_3")
    ('total_time_spent_on_website', 'c_2nd_call', 'field_3')
    """
    joined = "_".join(words_of(name))
    return f"c_{joined}" if joined[:1].isdigit() else joined or otherwise


def singular(name: str) -> str:
    """Return the name of one thing for that of many.

    >>> singular("visits"), singular("companies"), singular("process")
    ('visit', 'company', 'process')
    """
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith(("ches", "shes", "xes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def as_name(name: str) -> str | None:
    """Return a name if a definition can use it as it stands, else None.

    >>> as_name("employees"), as_name("or"), as_name("E-mail")
    ('employees', None, None)
    """
    return name if _NAME.fullmatch(name) and name not in NOT_TO_DECLARE else None


def is_money(name: str) -> bool:
    """Say whether a column's name speaks of money.

    >>> is_money("Annual Revenue"), is_money("close_value"), is_money("Page value")
    (True, True, False)
    """
    words = words_of(name)
    if _NO_MONEY.intersection(words):
        return False
    of_value = words[-1:] == ["value"] and bool(_MONEY_VALUES.intersection(words))
    return bool(OF_MONEY.intersection(words)) or of_value


def quoted(text: str) -> str:
    r"""Return a text as a definition writes it.

    >>> print(quoted('a "b" \\'))
    "a \"b\" \\"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


_CUT = 32


def said(text: str, most: int = _CUT) -> str:
    """Return a text of the data as a comment can show it: on one line, cut, nothing in it that steers a screen.

    >>> said("a" + chr(10) + "b" + chr(27)), len(said("x" * 99))
    ('a b?', 32)
    """
    line = "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def counted(number: int, one: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
