"""Where a table of the binding says that its rows are: a file, several, or a database."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from mqldsl.data.origins import Several, Source, Stored
from mqldsl.data.section import Section
from mqldsl.data.sources import ENDINGS
from mqldsl.data.stored import is_server, shown_server
from mqldsl.data.text_file import UTF_8, File, suffix_of

_WAYS = ("path", "paths", "glob", "database")
_IN_DATABASE = ("table", "query")


def read_origin(section: Section, folder: Path) -> Source:
    """Return where the rows are; paths start at `folder`."""
    told = [way for way in _WAYS if way in section]
    if not told and any(way in section for way in _IN_DATABASE):
        return _stored(section, None)
    path = section.needed("path", "the file") if told in ([], ["path"]) else ""
    delimiter, encoding = _delimiter(section), _encoding(section)
    if len(told) > 1:
        section.mistake("", f"`{told[0]}` and `{told[1]}` both say where the rows are: one is enough")
        for way in (*told, *_IN_DATABASE):
            section.raw(way)
        return File(folder, "")
    if told == ["database"]:
        return _stored(section, folder)
    if told in (["paths"], ["glob"]):
        shown, found = _listed(section, folder) if told == ["paths"] else _globbed(section, folder)
        parts = tuple(File(path, _shown(path, folder), delimiter, encoding) for path in found)
        return parts[0] if len(parts) == 1 else Several(parts, shown)
    return File(folder / path, path, delimiter, encoding)


def _delimiter(section: Section) -> str | None:
    delimiter = section.raw("delimiter")
    if delimiter is None or _parts_cells(delimiter):
        return None if delimiter is None else str(delimiter)
    section.mistake("delimiter", "this must be a single character that parts the cells")
    return None


def _parts_cells(delimiter: object) -> bool:
    return isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in "\"'\r\n"


def _encoding(section: Section) -> str:
    name = section.text("encoding")
    if name is None:
        return UTF_8
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # a codec of bytes to bytes refuses
    except LookupError:
        section.mistake(
            "encoding", f"there is no encoding `{name}`; usual ones are `cp1252`, `latin-1`, `utf-16`"
        )
        return UTF_8
    return UTF_8 if found.name in ("utf-8", "utf-8-sig") else found.name


def _listed(section: Section, folder: Path) -> tuple[str, list[Path]]:
    """Return the files of a list, and those in its folders."""
    listed = section.raw("paths")
    if (
        not isinstance(listed, list)
        or not listed
        or not all(isinstance(it, str) and it.strip() for it in listed)
    ):
        section.mistake("paths", 'this must be a list of files or folders, such as ["2025.csv", "2026.csv"]')
        return "", []
    found = [path for it in listed for path in _files(section, folder / it, it)]
    return ", ".join(listed), list(dict.fromkeys(found))


def _files(section: Section, path: Path, shown: str) -> Iterator[Path]:
    """Yield a file, or those of a folder that can be read, by their names."""
    if not path.is_dir():
        yield path
        return
    inside = sorted(it for it in path.iterdir() if it.is_file() and suffix_of(it) in ENDINGS)
    if not inside:
        section.mistake("paths", f"the folder `{shown}` holds no file of rows: {', '.join(ENDINGS)}")
    yield from inside


def _globbed(section: Section, folder: Path) -> tuple[str, list[Path]]:
    """Return the files whose paths fit a pattern, by their names."""
    pattern = section.text("glob") or ""
    if not pattern:
        return "", []
    try:
        found = sorted(it for it in folder.glob(pattern) if it.is_file())
    except (ValueError, NotImplementedError):  # a pattern that starts at the root, or has `**` within a name
        section.mistake(
            "glob", "this must be a pattern for files below the binding's folder, such as `events/*.csv`"
        )
        return "", []
    if not found:
        section.mistake("glob", f"no file fits `{pattern}`")
    return pattern, found


def _shown(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _stored(section: Section, folder: Path | None) -> Stored:
    """Return a table or query: of a database that is named, or without a folder of the engine that decides."""
    database = section.needed("database", "the database") if folder is not None else None
    table, query = section.text("table"), section.text("query")
    if (table is None) == (query is None) and not section.has_mistake:
        section.mistake("", "a `database` needs either the name of a `table` or a `query`")
    what = table or "query"
    if folder is None or database is None:
        return Stored(None, what, table, query)
    name = shown_server(database) if is_server(database) else database
    return Stored(database if is_server(database) else folder / database, f"{name}: {what}", table, query)
