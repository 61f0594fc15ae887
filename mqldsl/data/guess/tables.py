"""What each file is to the leads: their table, that of their companies, what they did, what belongs to them."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from mqldsl.data.guess.seen import Seen, Sheet, look_apart
from mqldsl.data.guess.types import Guess, guess
from mqldsl.data.guess.words import (
    OF_COMPANIES,
    OF_KINDS,
    OF_LEADS,
    OF_TIMES,
    counted,
    said,
    singular,
    snake_case,
    words_of,
)
from mqldsl.data.rows import plain_text
from mqldsl.data.text_file import suffix_of
from mqldsl.model.folding import fold
from mqldsl.model.types import Date, Labels, Text, Time

MOST_KINDS = 40
_ENOUGH_FOR_ITSELF = 30


@attrs.frozen
class Told:
    """A column and what it seems to be."""

    seen: Seen
    guess: Guess

    @property
    def is_time(self) -> bool:
        """Whether it holds days or times, be it that day and month cannot be told apart."""
        return isinstance(self.guess.type, Date | Time) or self.guess.either is not None


@attrs.frozen
class Owned:
    """Rows of a file that belong to leads or companies: one kind of event, or of record where `at` is None.

    `where` names a column and the texts in it that tell these rows from others in the file.
    """

    name: str
    sheet: Sheet
    owner: str
    owner_column: str
    rows: int
    properties: tuple[Told, ...]
    at: Told | None = None
    id: str | None = None
    where: tuple[str, tuple[str, ...]] | None = None
    remarks: tuple[str, ...] = ()


@attrs.frozen
class Keyed:
    """The table of the leads or of the companies. `key` is None where no column tells one row from another."""

    sheet: Sheet
    key: str | None
    fields: tuple[Told, ...]
    is_distinct: bool = False
    remarks: tuple[str, ...] = ()


@attrs.frozen
class Found:
    """What files hold. `account` is the column of the leads that names their company, where others need it."""

    leads: Keyed
    companies: Keyed | None
    account: str | None
    owned: tuple[Owned, ...]
    left_out: tuple[str, ...]


def found_in(leads: Sheet, others: Sequence[Sheet]) -> Found:
    """Return what the files of leads and others hold."""
    key, is_distinct, remarks = _key_of_leads(leads, others)
    told = _told(leads)
    account = _account_column(leads, key, others)
    companies: Keyed | None = None
    owned: list[Owned] = []
    left_out: list[str] = []
    names: set[str] = set()
    for sheet in others:
        of_lead = _owner_column(sheet, leads, key) if key is not None else None
        of_company = None if account is None or of_lead else _company_column(sheet, leads, account)
        if of_lead is None and of_company is None:
            left_out.append(
                f"`{sheet.file.shown}` is left out: none of its columns holds {_whose(leads, key, account)}"
            )
        elif companies is None and of_company is not None and _is_table(sheet, of_company):
            fields = tuple(it for it in _told(sheet).values() if it.seen.name != of_company)
            companies = Keyed(sheet, of_company, fields, remarks=_repeats(sheet, of_company))
        else:
            column, owner = (of_lead, "lead") if of_lead else (of_company or "", "account")
            for each in _owned(sheet, column, owner):
                name = each.name
                if name in names:
                    name = f"{snake_case(_stem(sheet))}_{name}"
                names.add(name)
                owned.append(attrs.evolve(each, name=name))
    fields = tuple(it for it in told.values() if it.seen.name != key)
    uses_company = companies is not None or any(it.owner == "account" for it in owned)
    return Found(
        Keyed(leads, key, fields, is_distinct, remarks),
        companies,
        account if uses_company else None,
        tuple(owned),
        tuple(left_out),
    )


def _told(sheet: Sheet) -> dict[str, Told]:
    return {name: Told(seen, guess(seen)) for name, seen in sheet.columns.items()}


def _stem(sheet: Sheet) -> str:
    name = sheet.file.path.name.lower().removesuffix(".gz")
    return name.removesuffix(suffix_of(sheet.file.path))


# ------------------------------------------------------------------ keys


def _key_of_leads(leads: Sheet, others: Sequence[Sheet]) -> tuple[str | None, bool, tuple[str, ...]]:
    """Return the column of the lead's id, whether its rows repeat leads, and what is odd about it."""

    def rank(seen: Seen) -> tuple[int, int]:
        shared = any(seen.name in sheet.columns for sheet in others)
        return _rank_of_key(seen.name) - 2 * shared, list(leads.columns).index(seen.name)

    ranked = sorted(leads.columns.values(), key=rank)
    likely = [seen for seen in ranked if _rank_of_key(seen.name) <= 2 and seen.filled]
    for seen in ranked:
        if seen.is_unique and _rank_of_key(seen.name) <= 3:
            before = next((it for it in likely if rank(it) < rank(seen)), None)
            if before is None or before.blank:
                return seen.name, False, ()
            break
    for seen in likely:
        different, all_cells = len(seen.texts) + seen.not_kept, seen.filled
        if different < 2 or isinstance(guess(seen).type, Labels):
            continue
        remarks = [f"{counted(seen.blank, 'row')} without `{seen.name}`: faults"] if seen.blank else []
        if different < 0.9 * all_cells:
            remarks.append(
                f"`{seen.name}` comes again: the first row of each counts, the others are no fault"
            )
            return seen.name, True, tuple(remarks)
        if different < all_cells:
            again = all_cells - different
            remarks.append(f"{counted(again, 'row')} repeat a `{seen.name}`: the last counts, the others are faults")
        return seen.name, False, tuple(remarks)
    unique = next((seen for seen in ranked if seen.is_unique and _may_be_key(seen)), None)
    if unique is not None:
        return unique.name, False, (f"`{unique.name}` is taken for the id: no two rows have the same",)
    return None, False, ("no column tells one lead from another: the number of the row is the id",)


def _rank_of_key(name: str) -> int:
    """Return how much a name sounds like a lead's id: 0 most, 4 not at all."""
    words = words_of(name)
    if not words:
        return 4
    if words[-1] in ("id", "uuid", "guid", "key"):
        if len(words) == 1 or OF_LEADS.intersection(words):
            return 0
        return 3 if OF_COMPANIES.intersection(words) else 2
    if len(words) == 1 and words[0] in OF_LEADS:
        return 1
    if OF_LEADS.intersection(words) and words[-1] in ("number", "no", "nr", "code"):
        return 2
    return 3 if words[-1] == "email" else 4


def _may_be_key(seen: Seen) -> bool:
    guessed = guess(seen)
    return (
        isinstance(guessed.type, Text) and guessed.either is None and all(len(it) <= 64 for it in seen.texts)
    )


def _repeats(sheet: Sheet, key: str) -> tuple[str, ...]:
    seen = sheet.columns[key]
    again = seen.filled - len(seen.texts) - seen.not_kept
    return (f"{counted(again, 'row')} repeat a `{key}`: the last counts, the others are faults",) if again else ()


def _share_in(seen: Seen, keys: Seen) -> float:
    """Return which share of the texts of a column are keys, of the first thousand."""
    some = [text for text, _ in seen.texts.most_common(1_000)]
    return sum(keys.holds(text) for text in some) / len(some) if some else 0.0


def _owner_column(sheet: Sheet, leads: Sheet, key: str) -> str | None:
    """Return the column of a file that holds ids of leads."""
    keys = leads.columns[key]
    best: tuple[float, str] | None = None
    for name, seen in sheet.columns.items():
        share = _share_in(seen, keys)
        is_same = snake_case(name) == snake_case(key)
        is_like = is_same or _rank_of_key(name) <= 1 or set(words_of(name)) == {"id"}
        # Small numbers are ids by accident only.
        if share < (0.01 if is_same else 0.3 if is_like else 0.5) or (not is_like and _are_small(seen)):
            continue
        score = share + is_same + 0.5 * is_like
        if best is None or score > best[0]:
            best = score, name
    return None if best is None else best[1]


def _are_small(seen: Seen) -> bool:
    return all(text.strip().isdigit() and len(text.strip()) < 6 for text, _ in seen.texts.most_common(200))


def _account_column(leads: Sheet, key: str | None, others: Sequence[Sheet]) -> str | None:
    """Return the column of the leads that names their company: one whose texts stand in another file, too."""
    best: tuple[float, str] | None = None
    for name, seen in leads.columns.items():
        words = set(words_of(name))
        if name == key or not (OF_COMPANIES & words):
            continue
        score = max((_best_share(sheet, seen)[0] for sheet in others), default=0.0)
        if score >= 0.3 and (best is None or score > best[0]):
            best = score, name
    return None if best is None else best[1]


def _best_share(sheet: Sheet, keys: Seen) -> tuple[float, str | None]:
    """Return the column of a file whose texts are most often among the keys, or the keys among them; caseless."""
    of_leads = {fold(text) for text in keys.texts}
    best: tuple[float, str | None] = 0.0, None
    for name, seen in sheet.columns.items():
        texts = {fold(text) for text in seen.texts}
        if not texts or not of_leads:
            continue
        is_like = bool(OF_COMPANIES.intersection(words_of(name))) or name == keys.name
        shared = len(texts & of_leads) / min(len(texts), len(of_leads))
        if shared > best[0] and (is_like or (shared > 0.6 and len(texts) > 12)):
            best = shared, name
    return best


def _company_column(sheet: Sheet, leads: Sheet, account: str) -> str | None:
    share, name = _best_share(sheet, leads.columns[account])
    return name if share >= 0.3 else None


def _is_table(sheet: Sheet, key: str) -> bool:
    """Say whether a file has one row a company, and not one for each thing that happened to it."""
    seen = sheet.columns[key]
    return len(seen.texts) + seen.not_kept >= 0.9 * max(seen.filled, 1)


def _whose(leads: Sheet, key: str | None, account: str | None) -> str:
    ids = "ids of leads" if key is None else f"what `{key}` of `{leads.file.shown}` holds"
    return ids if account is None else f"{ids}, nor what `{account}` holds"


# ------------------------------------------------------------------ events and records


def _owned(sheet: Sheet, column: str, owner: str) -> Iterator[Owned]:
    """Yield the kinds of events or records that a file holds."""
    told = _told(sheet)
    del told[column]
    times = [name for name, it in told.items() if it.is_time]
    name = singular(snake_case(_stem(sheet), "row"))
    if not times:
        yield Owned(name, sheet, owner, column, sheet.rows, tuple(told.values()), remarks=_no_time(told))
    elif len(times) > 1 and (sheet.columns[column].is_unique or all(told[it].seen.blank for it in times)):
        yield from _wide(sheet, column, owner, told, times)
    else:
        at = min(times, key=lambda it: _rank_of_time(told[it]))
        yield from _long(Owned(name, sheet, owner, column, sheet.rows, (), told.pop(at)), told)


def _no_time(told: Mapping[str, Told]) -> tuple[str, ...]:
    return ("no column tells a time, so these are records",) if told else ()


def _rank_of_time(told: Told) -> tuple[int, float]:
    words = words_of(told.seen.name)
    named = min((OF_TIMES.index(word) for word in words if word in OF_TIMES), default=len(OF_TIMES))
    return named, told.seen.blank / max(told.seen.rows, 1)


_ENDS_OF_TIMES = ("at", "date", "time", "on", "day", "timestamp", "datetime", "ts")


def _wide(
    sheet: Sheet, column: str, owner: str, told: Mapping[str, Told], times: Sequence[str]
) -> Iterator[Owned]:
    """Yield one event for each column of times."""
    properties = tuple(it for name, it in told.items() if name not in times)
    for name in times:
        words = words_of(name)
        while len(words) > 1 and words[-1] in _ENDS_OF_TIMES:
            words.pop()
        blank = told[name].seen.blank
        remarks = (f"{counted(blank, 'row')} without `{name}`: each is told as a fault, and counts for nothing",)
        yield Owned(
            snake_case(" ".join(words), "event"),
            sheet,
            owner,
            column,
            told[name].seen.filled,
            properties,
            told[name],
            remarks=remarks if blank else (),
        )


def _long(events: Owned, told: dict[str, Told]) -> Iterator[Owned]:
    """Yield one event for each kind that a column tells apart, or one for the file."""
    identity = next(
        (
            name
            for name, it in told.items()
            if words_of(name)[-1:] in (["id"], ["uuid"], ["key"]) and _nearly_unique(it.seen)
        ),
        None,
    )
    if identity is not None:
        del told[identity]
        seen = events.sheet.columns[identity]
        again = seen.filled - len(seen.texts) - seen.not_kept
        remark = f"{counted(again, 'row')} repeat an `{identity}`: within a lead and kind they count once"
        events = attrs.evolve(events, id=identity, remarks=(remark,) if again else ())
    kind = _kind_column(told)
    if kind is None:
        yield attrs.evolve(events, properties=tuple(told.values()))
        return
    del told[kind]
    spellings: dict[str, list[str]] = {}
    for text, _ in events.sheet.columns[kind].texts.most_common():
        spellings.setdefault(snake_case(text, "event"), []).append(text)
    part_of = {text: name for name, texts in spellings.items() for text in texts}
    apart = look_apart(events.sheet, kind, lambda raw: part_of.get(plain_text(raw)), list(told))
    for name, texts in spellings.items():
        columns = apart.get(name, {})
        properties = tuple(
            Told(seen, _as_whole(told[it], seen)) for it, seen in columns.items() if seen.filled
        )
        rows = max((seen.rows for seen in columns.values()), default=0)
        count = rows or sum(events.sheet.columns[kind].texts[text] for text in texts)
        yield attrs.evolve(events, name=name, rows=count, properties=properties, where=(kind, tuple(texts)))


def _as_whole(whole: Told, part: Seen) -> Guess:
    """Return what a column is in some rows: texts may be something else there, all else is as in the whole file."""
    mine = guess(part)
    is_open = isinstance(whole.guess.type, Text | Labels) and whole.guess.either is None
    return mine if is_open and part.filled >= _ENOUGH_FOR_ITSELF else attrs.evolve(whole.guess, missing=mine.missing)


def _nearly_unique(seen: Seen) -> bool:
    return seen.is_unique or len(seen.texts) + seen.not_kept >= 0.95 * max(seen.rows, 1)


def _kind_column(told: Mapping[str, Told]) -> str | None:
    """Return the column that tells kinds of events apart: few values that repeat, under a name that says so."""
    found = [
        name
        for name, it in told.items()
        if OF_KINDS.intersection(words_of(name))
        and words_of(name)[-1] in OF_KINDS | {"name"}
        and isinstance(it.guess.type, Text | Labels)
        and 1 <= len(it.seen.texts) <= MOST_KINDS
        and not it.seen.not_kept
        and it.seen.filled >= 2 * len(it.seen.texts)
        and all(len(text) <= 60 for text in it.seen.texts)
    ]
    return found[0] if found else None


def shown_values(seen: Seen, most: int = 3) -> str:
    """Return some values of a column for a comment: the most frequent with their counts where they repeat."""
    top = seen.texts.most_common(most)
    if not top:
        return ""
    if top[0][1] == 1:
        return ", ".join(said(text) for text, _ in top[:2])
    return ", ".join(f"{said(text)} {count:,}" for text, count in top)
