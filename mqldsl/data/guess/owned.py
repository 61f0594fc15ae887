"""Events and records in files: long tables with a column of kinds, wide ones with a column a kind, or one kind a file."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from mqldsl.data.guess.roles import Owned, Told, stem_of, told_in
from mqldsl.data.guess.seen import Seen, Sheet, look_apart
from mqldsl.data.guess.types import Guess, guess
from mqldsl.data.guess.words import OF_KINDS, OF_TIMES, counted, singular, snake_case, words_of
from mqldsl.data.rows import plain_text
from mqldsl.model.types import Labels, Text

MOST_KINDS = 40
_ENOUGH_FOR_ITSELF = 30


def owned_in(sheet: Sheet, column: str, owner: str) -> Iterator[Owned]:
    """Yield the kinds of events or records that a file holds."""
    told = told_in(sheet)
    del told[column]
    times = [name for name, it in told.items() if it.is_time]
    name = singular(snake_case(stem_of(sheet), "row"))
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
        remarks = (f"{counted(blank, 'row')} without `{name}`: they tell none",)
        yield Owned(
            snake_case(" ".join(words), "event"),
            sheet,
            owner,
            column,
            told[name].seen.filled,
            properties,
            told[name],
            is_wide=True,
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
    assert events.at is not None
    at = events.at.seen.name
    apart = look_apart(events.sheet, kind, lambda raw: part_of.get(plain_text(raw)), [at, *told])
    for name, texts in spellings.items():
        if name not in apart:
            continue
        times, *columns = apart[name].values()
        properties = tuple(Told(seen, _as_whole(told[seen.name], seen)) for seen in columns if seen.filled)
        # How times are written is known of the whole file only, their span of these rows.
        spanned = attrs.evolve(events.at, guess=attrs.evolve(events.at.guess, span=guess(times).span))
        yield attrs.evolve(
            events, name=name, rows=times.rows, properties=properties, at=spanned, where=(kind, tuple(texts))
        )


def _as_whole(whole: Told, part: Seen) -> Guess:
    """Return what a column is in some rows: texts may be something else there, all else is as in the whole file."""
    mine = guess(part)
    is_open = isinstance(whole.guess.type, Text | Labels) and whole.guess.either is None
    return (
        mine
        if is_open and part.filled >= _ENOUGH_FOR_ITSELF
        else attrs.evolve(whole.guess, missing=mine.missing)
    )


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
