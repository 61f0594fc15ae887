"""What a column is, judged by its name and by what stands in it: type, placeholders, how it is written."""

import re
from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs

from mqldsl.data.guess.dates import Dates, dates_in
from mqldsl.data.guess.seen import Seen
from mqldsl.data.guess.words import (
    CURRENCIES,
    CURRENCY_CODES,
    ODD_NUMBERS,
    OF_COUNTS,
    OF_DAYS,
    OF_PLACES,
    OF_TEXT,
    PLACEHOLDERS,
    PLACEHOLDERS_OF_NUMBERS,
    READ_AS_YES_OR_NO,
    YES_AND_NO,
    is_money,
    said,
    words_of,
)
from mqldsl.data.numbers import plain_number
from mqldsl.model.folding import fold, squeeze
from mqldsl.model.reading import Reading, read
from mqldsl.model.types import Date, Labels, Number, SetOf, Text, Time, Type, YesNo

MOST_LABELS = 12
_LONGEST_LABEL = 40
# Of each label there are so many cells at least, on average.
_CELLS_A_LABEL = 3
# What a column holds need not be readable to the last cell, but nearly.
_NEARLY_ALL = 0.9
_SEPARATORS = (";", "|", " / ", ",")
_PLAIN = Reading(ZoneInfo("UTC"))
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


@attrs.frozen
class Guess:
    """What a column seems to be. `remarks` are for the person who decides; `span` is from the least to the most."""

    type: Type
    missing_when: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    decimal: str | None = None
    split: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    currency: str | None = None
    missing: int = 0
    span: str = ""
    # Two formats between which somebody has to decide.
    either: tuple[str, str] | None = None
    remarks: tuple[str, ...] = ()


def guess(seen: Seen) -> Guess:
    """Return what a column seems to be."""
    if seen.unreadable:
        return Guess(Text(), remarks=(f"holds {seen.unreadable}",))
    texts, stand_ins = _without(seen, PLACEHOLDERS)
    if "list" in seen.classes:
        return Guess(SetOf(Text()), tuple(stand_ins))
    exact, more_stand_ins = _without(seen, PLACEHOLDERS_OF_NUMBERS)
    found = _yes_or_no(seen, texts)
    if found is not None:
        return _with(found, stand_ins)
    if exact:
        found = _compact_date(seen, exact) or _number(seen, exact) or _date(seen, exact)
        if found is not None:
            # Where day and month are not told apart the column is text for now, and the stand-ins stay the same.
            return _with(found, more_stand_ins)
    found = _set(texts) or _labels(texts) or Guess(Text(), remarks=_why_text(seen, exact))
    return _with(found, stand_ins)


def _with(found: Guess, stand_ins: Mapping[str, int]) -> Guess:
    return attrs.evolve(found, missing_when=tuple(stand_ins), missing=sum(stand_ins.values()))


def _without(seen: Seen, placeholders: frozenset[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the texts that say something, and the others: one spelling of each, with all its cells."""
    is_place = bool(OF_PLACES.intersection(words_of(seen.name)))
    telling: dict[str, int] = {}
    stand_ins: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for text, count in seen.texts.most_common():
        folded = fold(text)
        # `NA` is a country.
        if folded in placeholders and not (is_place and folded == "na"):
            spelled = spelling.setdefault(folded, squeeze(text))
            stand_ins[spelled] = stand_ins.get(spelled, 0) + count
        else:
            telling[text] = count
    return telling, stand_ins


def _yes_or_no(seen: Seen, texts: Mapping[str, int]) -> Guess | None:
    folded = Counter[str]()
    for text, count in texts.items():
        folded[fold(text)] += count
        if len(folded) > MOST_LABELS:
            return None
    total = folded.total()
    if folded and folded.keys() <= {"0", "1"}:
        is_count = bool(OF_COUNTS.intersection(words_of(seen.name))) or len(folded) == 1
        if is_count or total < 2 * len(folded) + 2:
            return None
        return Guess(YesNo(), remarks=("holds 0 and 1 only: `number` if they count something",))
    if not folded.keys() & READ_AS_YES_OR_NO - {"0", "1"} and not folded.keys() & _OTHER_YES:
        return None
    for yes, no in (("", ""), *YES_AND_NO):
        known = READ_AS_YES_OR_NO | {yes, no}
        odd = [text for text in texts if fold(text) not in known]
        if sum(texts[text] for text in odd) > (1 - _NEARLY_ALL) * total or (yes and yes not in folded):
            continue
        more_yes = (yes,) if yes not in READ_AS_YES_OR_NO and yes in folded else ()
        more_no = (no,) if no not in READ_AS_YES_OR_NO and no in folded else ()
        return Guess(YesNo(), yes=more_yes, no=more_no, remarks=tuple(_cannot_be_read(odd)))
    return None


_OTHER_YES = frozenset(yes for yes, _ in YES_AND_NO) - {"1"}


# ------------------------------------------------------------------ numbers


def _number(seen: Seen, texts: Mapping[str, int]) -> Guess | None:
    if OF_TEXT.intersection(words_of(seen.name)[-1:]) or any(_is_code(text) for text in texts):
        return None
    total = sum(texts.values())
    currency = _currency(seen.name, texts)
    for decimal in (None, ",", "."):
        numbers: dict[float, int] = {}
        unread: list[str] = []
        good = 0
        for text, count in texts.items():
            plain = text if decimal is None else plain_number(text, decimal)
            value = read(_bare(plain) if currency else plain, Number(), _PLAIN)
            if isinstance(value, float):
                good += count
                numbers[value] = numbers.get(value, 0) + count
            else:
                unread.append(text)
        if good < _NEARLY_ALL * total:
            continue
        remarks = [*_cannot_be_read(unread), *_odd_number(numbers), *_doubtful_point(texts, decimal)]
        if currency == "USD" and any("$" in text for text in texts):
            remarks.append("`$` is taken for US dollars")
        money = currency is not None or is_money(seen.name)
        span = f"{min(numbers):,.10g} to {max(numbers):,.10g}"
        return Guess(
            Number(money=money), decimal=decimal, currency=currency, span=span, remarks=tuple(remarks)
        )
    return None


def _is_code(text: str) -> bool:
    """Say whether digits are no number: `01234`, or more of them than a number keeps."""
    digits = text.strip()
    return digits.isdigit() and ((len(digits) > 1 and digits[0] == "0") or len(digits) > 15)


def _currency(name: str, texts: Mapping[str, int]) -> str | None:
    """Return the currency that most cells name, or else the column's name."""
    found: Counter[str] = Counter()
    for text, count in texts.items():
        if any(sign.isdigit() for sign in text):
            marks = [CURRENCIES[sign] for sign in CURRENCIES if sign in text]
            marks += [code for code in _CODE.findall(text) if code in CURRENCY_CODES]
            found.update(dict.fromkeys(marks, count))
    if found:
        return found.most_common(1)[0][0]
    named = [CURRENCIES[sign] for sign in CURRENCIES if sign in name]
    named += [code for code in _CODE.findall(name) if code in CURRENCY_CODES]
    return named[0] if named else None


_MARKS = re.compile(r"[£$€¥]|(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])")


def _bare(plain: object) -> object:
    return _MARKS.sub("", plain, count=1).strip() if isinstance(plain, str) else plain


def _cannot_be_read(unread: list[str]) -> list[str]:
    if not unread:
        return []
    some = ", ".join(f"`{said(text)}`" for text in unread[:3])
    more = f" and {len(unread) - 3:,} more" if len(unread) > 3 else ""
    return [f"cannot be read: {some}{more}; name those that mean missing in `missing when`"]


def _odd_number(numbers: Mapping[float, int]) -> list[str]:
    """Return a remark where a number that stands apart seems to mean missing."""
    ordered = sorted(numbers)
    if len(ordered) < 4:
        return []
    found = []
    for odd, neighbour in ((ordered[0], ordered[1]), (ordered[-1], ordered[-2])):
        text = f"{odd:.10g}"
        is_apart = odd < 0 <= neighbour if odd == ordered[0] else odd > 2 * abs(neighbour)
        if text in ODD_NUMBERS and is_apart and numbers[odd] > max(numbers[neighbour], 2):
            share = numbers[odd] / sum(numbers.values())
            found.append(f"{share:.0%} are {text}: if that means missing, say `missing when {text}`")
    return found


_THREE_BEHIND = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


def _doubtful_point(texts: Mapping[str, int], decimal: str | None) -> list[str]:
    pointed = [text for text in texts if "." in text]
    if decimal is None and pointed and all(_THREE_BEHIND.fullmatch(squeeze(text)) for text in pointed):
        sample = squeeze(pointed[0])
        return [f'`{sample}` is read as it stands; where the point parts thousands, say decimal = ","']
    return []


# ------------------------------------------------------------------ days and times


def _compact_date(seen: Seen, texts: Mapping[str, int]) -> Guess | None:
    """Return a date where all are written as `20260301`, under a name that says so; numbers are never read as that."""
    all_are = set(seen.classes) == {"str"} and all(len(text) == 8 and text.isdigit() for text in texts)
    return _date(seen, texts) if all_are else None


def _date(seen: Seen, texts: Mapping[str, int]) -> Guess | None:
    words = words_of(seen.name)
    found = dates_in(texts, may_be_compact=bool(OF_DAYS.intersection(words)))
    if not found.read or found.read < _NEARLY_ALL * sum(texts.values()):
        return None
    if found.either is not None:
        return Guess(Text(), either=found.either, remarks=(which_first(found),))
    remarks = []
    if found.read < sum(texts.values()):
        remarks.append(f"{sum(texts.values()) - found.read:,} cells tell no day")
    return Guess(
        Time() if found.has_clock else Date(), formats=found.formats, span=found.span, remarks=tuple(remarks)
    )


def which_first(found: Dates) -> str:
    """Say between what somebody has to decide."""
    assert found.either is not None
    one, other = found.either
    kind = "time" if found.has_clock else "date"
    return (
        f"`{said(found.sample)}`: day first or month first? Text until somebody decides: then it is a `{kind}`, "
        f'with formats = ["{one}"] or ["{other}"] in the binding'
    )


# ------------------------------------------------------------------ texts


def _set(texts: Mapping[str, int]) -> Guess | None:
    total = sum(texts.values())
    for sign in _SEPARATORS:
        parted = {text: count for text, count in texts.items() if sign.strip() in text and sign in text}
        if sum(parted.values()) < max(0.1 * total, 2):
            continue
        # A comma stands in sentences and names: only lists of three give it away.
        if sign == "," and not _are_lists(parted, texts):
            continue
        members: Counter[str] = Counter()
        for text, count in texts.items():
            members.update({fold(part): count for part in text.split(sign) if part.strip()})
        short = sum(len(member) <= _LONGEST_LABEL for member in members)
        shared = sum(
            1
            for text in parted
            if all(members[fold(part)] > texts[text] for part in text.split(sign) if part.strip())
        )
        if short >= _NEARLY_ALL * len(members) and shared >= 0.6 * len(parted) and len(members) <= 1_000:
            return Guess(SetOf(Text()), split=sign.strip())
    return None


def _are_lists(parted: Mapping[str, int], texts: Mapping[str, int]) -> bool:
    """Say whether texts with commas are lists: of three members, or of members that stand alone elsewhere."""
    alone = {fold(text) for text in texts if "," not in text}
    known = sum(1 for text in parted if all(fold(part) in alone for part in text.split(",")))
    return known >= 0.6 * len(parted) or any(text.count(",") >= 2 for text in parted)


def _labels(texts: Mapping[str, int]) -> Guess | None:
    names: dict[str, str] = {}
    for text in texts:  # the most frequent spelling comes first
        if len(text) > _LONGEST_LABEL or not text.isprintable():
            return None
        names.setdefault(fold(text), squeeze(text))
        if len(names) > MOST_LABELS:
            return None
    if not names or sum(texts.values()) < _CELLS_A_LABEL * len(names):
        return None
    return Guess(Labels(tuple(names.values())))


def _why_text(seen: Seen, texts: Mapping[str, int]) -> tuple[str, ...]:
    if not texts:
        return ()
    if any(_is_code(text) for text in texts) and all(text.strip().isdigit() for text in texts):
        return ("digits that are no number: zeros in front, or too many of them",)
    total = sum(texts.values())
    readable = sum(count for text, count in texts.items() if isinstance(read(text, Number(), _PLAIN), float))
    is_key = bool(OF_TEXT.intersection(words_of(seen.name)[-1:]))
    if readable >= total / 2 and not is_key:
        odd = [text for text in texts if not isinstance(read(text, Number(), _PLAIN), float)]
        some = ", ".join(f"`{said(text)}`" for text in odd[:3])
        return (f"{readable / total:.0%} are numbers; the others, such as {some}, are not",)
    return ()
