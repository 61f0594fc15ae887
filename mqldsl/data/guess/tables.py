"""What each file is to the leads: their table, that of their companies, what they did, what belongs to them."""

from collections.abc import Sequence

import attrs

from mqldsl.data.guess.owned import owned_in
from mqldsl.data.guess.roles import Keyed, Owned, stem_of, told_in
from mqldsl.data.guess.seen import Seen, Sheet
from mqldsl.data.guess.types import guess
from mqldsl.data.guess.words import (
    OF_COMPANIES,
    OF_LEADS,
    counted,
    snake_case,
    words_of,
)
from mqldsl.model.folding import fold
from mqldsl.model.types import Labels, Text


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
    told = told_in(leads)
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
            fields = tuple(it for it in told_in(sheet).values() if it.seen.name != of_company)
            companies = Keyed(sheet, of_company, fields, remarks=_repeats(sheet, of_company))
        else:
            column, owner = (of_lead, "lead") if of_lead else (of_company or "", "account")
            for each in owned_in(sheet, column, owner):
                name = each.name
                if name in names:
                    name = f"{snake_case(stem_of(sheet))}_{name}"
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
        if different < 2 or (_rank_of_key(seen.name) and isinstance(guess(seen).type, Labels)):
            continue
        remarks = [f"{counted(seen.blank, 'row')} without `{seen.name}`: faults"] if seen.blank else []
        if different < 0.9 * all_cells:
            remarks.append(
                f"`{seen.name}` comes again: the first row of each counts, the others are no fault"
            )
            return seen.name, True, tuple(remarks)
        if different < all_cells:
            again = all_cells - different
            remarks.append(
                f"{counted(again, 'row')} repeat a `{seen.name}`: the last counts, the others are faults"
            )
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
    return (
        (f"{counted(again, 'row')} repeat a `{key}`: the last counts, the others are faults",)
        if again
        else ()
    )


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
