"""The names, texts and numbers that random definitions are made of: few, so that they meet."""

from collections.abc import Mapping

from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.syntax.reduce_declarations import RESERVED

NUMBER, MONEY, TEXT, DATE, TIME, YES_NO = Number(), Number(money=True), Text(), Date(), Time(), YesNo()

LABELS = (
    Labels(("now", "soon", "later"), ordered=True),
    Labels(("software", "retail", "real estate")),
    Labels(("low", "mid", "high", "top"), ordered=True),
    Labels(("good", "bad")),
    Labels(("any", "1st", "Missing", "yes")),
)

# Of the lead, of its company, of events: a name, and what it may be. Some share a name, and not its type.
LEAD_FIELDS: tuple[tuple[str, tuple[Type, ...]], ...] = (
    ("employees", (NUMBER,)),
    ("title", (TEXT,)),
    ("budget", (MONEY,)),
    ("opted_out", (YES_NO,)),
    ("timeframe", LABELS[:1]),
    ("email", (TEXT,)),
    ("buys_on", (DATE,)),
    ("created", (TIME,)),
    ("tags", (SetOf(TEXT),)),
    ("industry", LABELS),
    ("channels", (SetOf(LABELS[1]), SetOf(LABELS[3]))),
    ("total", (NUMBER, MONEY)),
    ("`most`", (YES_NO, TEXT)),
    ("`when`", (TEXT,)),
    ("number", (NUMBER, DATE)),
    ("paid", (YES_NO,)),
    ("page", (TEXT, NUMBER)),
    ("signed_on", (DATE, TIME)),
    ("spent", (MONEY,)),
)
ACCOUNT_FIELDS: tuple[tuple[str, tuple[Type, ...]], ...] = (
    ("revenue", (MONEY,)),
    ("staff", (NUMBER,)),
    ("country", (TEXT,)),
    ("vip", (YES_NO,)),
    ("tier", (LABELS[2], LABELS[3])),
    ("since_day", (DATE,)),
    ("renewed", (TIME,)),
    ("uses", (SetOf(TEXT),)),
    ("employees", (NUMBER, TEXT)),
)
PROPERTIES: tuple[tuple[str, tuple[Type, ...]], ...] = (
    ("page", (TEXT,)),
    ("seconds", (NUMBER,)),
    ("amount", (MONEY, NUMBER)),
    ("result", (LABELS[3], LABELS[0], LABELS[1])),
    ("on_day", (DATE,)),
    ("at_time", (TIME,)),
    ("paid", (YES_NO,)),
    ("topics", (SetOf(TEXT), SetOf(LABELS[1]))),
    ("cart", (TEXT,)),
    ("timeframe", (LABELS[0], LABELS[3])),
    ("title", (TEXT, NUMBER)),
)
LEAD_KINDS = ("visit", "demo", "entry", "call (phone_calls)")
ACCOUNT_KINDS = ("release", "surge")
RECORDS = ("deal", "membership (memberships)")
ACCOUNT_RECORDS = ("contract",)

OUTCOMES = ("sales", "nurture", "remove", '"call back"', "hold")
TEAMS = ("ann", '"Bob B"', "carl", '"Ös Team"')
BAND_NAMES = (("A", "B", "C", "D"), ("1", "2", "3", "4"), ("gold", '"semi precious"', "tin", "none"))
WORDS = ("hot", "warm", "cold", '"no way"')

# What texts are compared with: shown here are texts, entries with a wildcard, what is searched for, patterns.
TITLES = ("CEO", "Head of IT", "VP Sales", "Marketing Manager", "Straße 1", "100*", "Chief Data Officer")
ENTRIES = ('"Head of *"', '"VP*"', '"* Manager"', '"Chief * Officer"', '"*"', '"100\\\\*"', '"* of *"')
NEEDLES = ("head", "it", "VP ", "o", "straße", "manager", "\\\\*")
PATTERNS = ("^head", "\\\\bvp\\\\b", "(it|sales)$", "[0-9]+", "stra.e", "o *d")
MAILS = ("gmail.com", "acme.example")
PAGES = ("/pricing", "/", "/pricing/teams")

NUMBERS = ("1", "0", "2", "3", "5", "10", "2.5", "100", "0.1", "50k", "1_000", "10%", "1.5M", "7")
NUMBERS_BY_SIZE = (*("0", "0.1", "10%", "1", "2", "2.5", "3", "5", "7", "10", "100", "1_000", "50k", "1.5M"),)
POINTS = ("5", "10", "1", "20", "2.5", "40", "0.3", "100")
DAYS = ("2026-01-01", "2026-03-01", "2025-12-31", "2026-03-29", "2026-02-28", "2025-10-26")
MOMENTS = ("2026-03-01 09:00", "2026-03-29 01:30", "2025-10-26 01:30", "2025-12-31 23:59:59.999999")
DAY_LENGTHS = ("7d", "30d", "1d", "14 days", "90d", "2w", "1mo", "6 months", "1y", "1 day")
SHORT_LENGTHS = ("24h", "90min", "2 hours", "1h", "15min")
BUSINESS_LENGTHS = ("2 business hours", "1 business day", "9 business hours", "3 business days")
CALENDAR = ("this month", "today", "this week", "this quarter", "this year")
ZONES = ("Europe/London", "America/New_York", "UTC", "Asia/Kolkata")
HOURS = ("mon-fri 09:00-17:30", "mon-sat 08:00-20:00", "sun-thu 00:30-02:30", "wed 09:00-09:30")

_TYPE_WORDS: Mapping[Type, str] = {
    NUMBER: "number",
    MONEY: "money",
    TEXT: "text",
    DATE: "date",
    TIME: "time",
    YES_NO: "yes/no",
}
_NOT_BARE = RESERVED | {"any", "missing", "known", "unknown"}


def type_text(kind: Type) -> str:
    """Return a type as a declaration writes it."""
    match kind:
        case SetOf(of):
            return "set of " + type_text(of)
        case Labels(names, ordered):
            return "one of (" + (" < " if ordered else ", ").join(label_text(name) for name in names) + ")"
        case _:
            return _TYPE_WORDS[kind]


def label_text(name: str) -> str:
    """Return a label as it is written: in quotes where it is no name, or a word of the language."""
    return name if name.isidentifier() and name.lower() not in _NOT_BARE else f'"{name}"'


def unquoted(written: str) -> str:
    """Return the name or text that is written with quotes, backquotes or none."""
    return written.strip('`"')
