"""The declarations of what was found, as a definition to begin with; what was seen stands beside it as comments."""

from collections import Counter
from collections.abc import Iterable, Iterator

from mqldsl.data.guess.naming import Feed, Field, Named
from mqldsl.data.guess.roles import Keyed
from mqldsl.data.guess.seen import Seen
from mqldsl.data.guess.words import as_name, counted, quoted, said
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo
from mqldsl.source.text import Source
from mqldsl.syntax.to_text import to_text

_MOST_SAID = 160


def definition_text(named: Named) -> str:
    """Return the declarations in the form that everybody shares."""
    return to_text(Source("<declarations>", "\n".join(_lines(named)) + "\n"))


def _lines(named: Named) -> Iterator[str]:
    found = named.found
    files = [found.leads.sheet, *(it.sheet for it in (found.companies, *found.owned) if it is not None)]
    shown = ", ".join(dict.fromkeys(said(sheet.file.path.name, 80) for sheet in files))
    yield f"# A first look at {shown}: guesses, with what was seen beside them."
    yield "# Read it, correct it, and go on with clauses."
    yield f"definition {quoted('Leads of ' + said(found.leads.sheet.file.path.name, 80))} version 1"
    yield from (f"  {line}" for line in _head(named))
    yield ""
    yield from _remarks((*found.leads.sheet.remarks, *found.leads.remarks))
    key = f"; `{said(found.leads.key, 80)}` is the id" if found.leads.key else ""
    yield f"# {counted(found.leads.sheet.rows, 'row')} of {said(found.leads.sheet.file.path.name, 80)}{key}."
    yield from _fields("lead", named.fields, found.leads)
    if found.companies is not None:
        sheet = found.companies.sheet
        yield ""
        yield from _remarks((*sheet.remarks, *found.companies.remarks))
        yield f"# {counted(sheet.rows, 'row')} of {said(sheet.file.path.name, 80)}; `{said(found.companies.key or '')}` is the key."
        yield from _fields("account", named.company_fields, found.companies)
    for feed in named.feeds:
        yield ""
        yield from _feed(feed)
    if found.left_out:
        yield ""
        yield from _remarks(found.left_out)


def _remarks(remarks: Iterable[str]) -> Iterator[str]:
    yield from (f"# {said(remark, _MOST_SAID)}" for remark in dict.fromkeys(remarks))


def _head(named: Named) -> Iterator[str]:
    """Yield the lines of the head that the data asks for."""
    each = [*named.fields, *named.company_fields, *(it for feed in named.feeds for it in feed.properties)]
    currencies = Counter(it.told.guess.currency for it in each if it.told.guess.currency is not None)
    if any(isinstance(it.told.guess.type, Time) for it in each) or any(feed.owned.at for feed in named.feeds):
        yield 'time zone "UTC"  # in which times without an offset are read'
    if not currencies:
        return
    (currency, _), *others = currencies.most_common()
    also = (
        f"  # and {', '.join(code for code, _ in others)}: amounts in another currency are faults"
        if others
        else ""
    )
    yield f"currency {currency}{also}"


def _fields(owner: str, fields: Iterable[Field], keyed: Keyed) -> Iterator[str]:
    made = list(fields)
    if made:
        yield f"{owner}:"
    else:
        yield f"# there is nothing to ask of the {owner} but its events"
    for field in made:
        yield from (
            f"  {line}" for line in _remarks(f"{field.column}: {it}" for it in field.told.guess.remarks)
        )
        yield f"  {field.name}: {type_text(field.told.guess.type)}{_options(field)}  # {seen_said(field)}"
    names = {it.column for it in made}
    for told in keyed.fields:
        if told.seen.name not in names:
            why = f"holds {told.seen.unreadable}" if told.seen.filled else "is blank in every row"
            yield f"{'  ' if made else ''}# `{said(told.seen.name, 80)}` {why}"


def _options(field: Field) -> str:
    options = ""
    if field.told.guess.missing_when:
        options += ", missing when " + ", ".join(map(quoted, field.told.guess.missing_when))
    if field.column != field.name and field.column.isprintable():
        options += f", from {quoted(field.column)}"
    return options


def _feed(feed: Feed) -> Iterator[str]:
    owned = feed.owned
    yield from _remarks((*owned.sheet.remarks, *owned.remarks))
    span = f", {owned.at.guess.span}" if owned.at is not None and owned.at.guess.span else ""
    if owned.at is not None and owned.at.guess.either is not None:
        one, other = owned.at.guess.either
        yield f'# {said(owned.at.seen.name)}: day first or month first? Say formats = ["{one}"] or ["{other}"] in the binding.'
    yield f"# {counted(owned.rows, 'row')} of {said(owned.sheet.file.path.name, 80)}{span}"
    word = "event" if owned.at is not None else "record"
    of_account = "account " if owned.owner == "account" else ""
    plural = f" ({feed.plural})" if feed.plural else ""
    yield f"{of_account}{word} {feed.name}{plural}{':' if feed.properties else ''}"
    for field in feed.properties:
        yield from (
            f"  {line}" for line in _remarks(f"{field.column}: {it}" for it in field.told.guess.remarks)
        )
        yield f"  {field.name} {type_text(field.told.guess.type)}  # {seen_said(field)}"
    for told in owned.properties:
        if told.seen.unreadable:
            yield f"{'  ' if feed.properties else ''}# `{said(told.seen.name, 80)}` holds {told.seen.unreadable}"


def seen_said(field: Field) -> str:
    """Return what was seen in a column: how much is blank, the span or some values."""
    told = field.told
    blank = told.seen.blank + told.guess.missing
    share = blank / max(told.seen.rows, 1)
    much = f"{share:.0%}" if 0.01 <= share <= 0.995 else f"{blank:,} of {told.seen.rows:,}"
    values = told.guess.span or _shown_values(told.seen)
    return "; ".join(it for it in (f"{much} blank" if blank else "never blank", values) if it)


def _shown_values(seen: Seen, most: int = 3) -> str:
    """Return some values of a column for a comment: the most frequent with their counts where they repeat."""
    top = seen.texts.most_common(most)
    if not top:
        return ""
    if top[0][1] == 1:
        return ", ".join(said(text) for text, _ in top[:2])
    return ", ".join(f"{said(text)} {count:,}" for text, count in top)


def type_text(kind: Type) -> str:
    """Return a type as a definition writes it.

    >>> type_text(Labels(("small", "very large"))), type_text(Number(money=True))
    ('one of (small, "very large")', 'money')
    """
    match kind:
        case Text():
            return "text"
        case Number(money):
            return "money" if money else "number"
        case YesNo():
            return "yes/no"
        case Date():
            return "date"
        case Time():
            return "time"
        case Labels(names):
            return f"one of ({', '.join(it if as_name(it) else quoted(it) for it in names)})"
        case SetOf(of):
            return f"set of {type_text(of)}"
