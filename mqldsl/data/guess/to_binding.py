"""The binding of what was found, as TOML."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mqldsl.data.guess.naming import Feed, Field, Named
from mqldsl.data.guess.roles import Keyed, Owned
from mqldsl.data.guess.seen import Seen, Sheet, is_utf_8
from mqldsl.data.guess.types import Guess
from mqldsl.data.guess.words import said
from mqldsl.model.folding import fold
from mqldsl.model.types import Date, Text, Time


def binding_text(named: Named, folder: Path) -> str:
    """Return a binding whose paths start at `folder`."""
    return "\n".join([*_opening(), *_lines(named, folder)]) + "\n"


def _opening() -> Iterator[str]:
    yield "# Where the facts stand, as a first look has it. Paths start at the folder of this file."
    yield "# A column that is not named here is the one of the definition's `from`, or has the field's name."


def _lines(named: Named, folder: Path) -> Iterator[str]:
    found = named.found
    yield ""
    yield from keyed_lines("leads", found.leads, folder)
    yield from columns_lines("leads.columns", map(of_field, named.fields))
    if found.companies is not None:
        yield ""
        yield from keyed_lines("accounts", found.companies, folder)
        yield from columns_lines("accounts.columns", map(of_field, named.company_fields))
    for feed in named.feeds:
        yield ""
        yield from feed_lines(feed, folder)
        yield from columns_lines(f"{_section(feed)}.{feed.name}.columns", map(of_property, feed.properties))


def keyed_lines(section: str, keyed: Keyed, folder: Path) -> Iterator[str]:
    """Yield the lines of a table that has one row for each key."""
    yield from remark_lines((*keyed.sheet.remarks, *keyed.remarks))
    yield f"[{section}]"
    yield from file_lines(keyed.sheet, folder)
    if keyed.key is not None:
        yield f"id = {toml_text(keyed.key)}"
    if keyed.is_distinct:
        yield "distinct = true"


def feed_lines(feed: Feed, folder: Path) -> Iterator[str]:
    """Yield the lines of a kind of events or records, but for its columns."""
    yield from remark_lines(feed.owned.remarks)
    yield f"[{_section(feed)}.{feed.name}]"
    yield from feed_lines_of(feed.owned, folder)


def feed_lines_of(owned: Owned, folder: Path) -> Iterator[str]:
    """Yield the same without the heading."""
    yield from file_lines(owned.sheet, folder)
    yield f"{owned.owner} = {toml_text(owned.owner_column)}"
    if owned.at is not None:
        yield from moment_lines(owned.at.seen.name, owned.at.guess)
    if owned.is_wide:
        yield "wide = true"
    if owned.id is not None:
        yield f"id = {toml_text(owned.id)}"
    if owned.where is not None:
        column, texts = owned.where
        wanted = toml_text(texts[0]) if len(texts) == 1 else f"[{', '.join(map(toml_text, texts))}]"
        yield f"where = {{ {toml_key(column)} = {wanted} }}"


def moment_lines(column: str, guess: Guess) -> Iterator[str]:
    """Yield the line that names the column of a time."""
    if guess.either is not None:
        one, other = guess.either
        yield f'# day first or month first? Add formats = ["{one}"] or formats = ["{other}"]: until then each is a fault'
        yield f"at = {{ column = {toml_text(column)} }}"
    elif guess.formats and isinstance(guess.type, Date | Time):
        yield f"at = {{ column = {toml_text(column)}, formats = {_listed(guess.formats)} }}"
    else:
        yield f"at = {toml_text(column)}"


def _section(feed: Feed) -> str:
    return "events" if feed.owned.at is not None else "records"


def columns_lines(section: str, told: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a table of columns, each with a comment before it where there is one; nothing for no columns."""
    lines = [(comment, line) for comment, line in told if comment or line]
    if lines:
        yield from ("", f"[{section}]")
    for comment, line in lines:
        if comment:
            yield f"# {comment}"
        if line:
            yield line


def of_field(field: Field) -> tuple[str, str]:
    """Return a remark and the line of a field; stand-ins for missing are the definition's."""
    is_told = field.column.isprintable()  # by the definition's `from`
    return _column(field, {}, is_told=is_told)


def of_property(field: Field) -> tuple[str, str]:
    """Return a remark and the line of a property, which has no `missing when`."""
    replace = stand_ins(field.told.seen, field.told.guess)
    return _column(field, replace, is_told=field.name == field.column)


def stand_ins(seen: Seen, guess: Guess) -> dict[str, str]:
    """Return the texts that stand for missing, exactly as they stand there, each with an empty text."""
    folded = {fold(text) for text in guess.missing_when}
    return {text: "" for text in sorted(seen.texts) if fold(text) in folded} if folded else {}


def _column(field: Field, replace: Mapping[str, str], *, is_told: bool) -> tuple[str, str]:
    remark, guess = "", field.told.guess
    if guess.either is not None:
        one, other = guess.either
        remark = f'{field.name}: day first or month first? Declare a date or time, and say formats = ["{one}"] or ["{other}"]'
    line = column_line(field.name, field.column, guess, replace)
    is_plain = line == f"{field.name} = {toml_text(field.column)}"
    return remark, "" if is_told and is_plain and not remark else line


def column_line(name: str, column: str, guess: Guess, replace: Mapping[str, str]) -> str:
    """Return the line that says where a field stands and how it is written."""
    options = [f"column = {toml_text(column)}"]
    if replace:
        options.append(
            f"replace = {{ {', '.join(f'{toml_text(it)} = {toml_text(to)}' for it, to in replace.items())} }}"
        )
    if guess.split is not None:
        options.append(f"split = {toml_text(guess.split)}")
    if guess.formats and not isinstance(guess.type, Text):
        options.append(f"formats = {_listed(guess.formats)}")
    if guess.decimal is not None:
        options.append(f"decimal = {toml_text(guess.decimal)}")
    options += [f"{word} = {_listed(it)}" for word, it in (("yes", guess.yes), ("no", guess.no)) if it]
    return f"{name} = {toml_text(column)}" if len(options) == 1 else f"{name} = {{ {', '.join(options)} }}"


def file_lines(sheet: Sheet, folder: Path) -> Iterator[str]:
    """Yield where a file is, and its encoding where that has to be said."""
    yield f"path = {toml_text(path_from(folder, sheet.file.path))}"
    if not is_utf_8(sheet.file):
        yield f"encoding = {toml_text(sheet.file.encoding)}"


def path_from(folder: Path, path: Path) -> str:
    """Return the path of a file as a binding in `folder` has to write it."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.resolve().as_posix()


def remark_lines(remarks: Iterable[str]) -> Iterator[str]:
    """Yield remarks as comments."""
    yield from (f"# {said(remark, 160)}" for remark in dict.fromkeys(remarks))


def toml_text(text: str) -> str:
    r"""Return a text as TOML writes it.

    >>> print(toml_text('a "b"' + chr(127)))
    "a \"b\"\u007f"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(text: str) -> str:
    """Return a key as TOML writes it.

    >>> toml_key("type"), toml_key("Event Type")
    ('type', '"Event Type"')
    """
    return text if _BARE_KEY.fullmatch(text) else toml_text(text)


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_text, texts))}]"
