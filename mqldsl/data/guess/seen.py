"""What stands in the columns of a file: counted in one pass, with limits on what is remembered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

import attrs

from mqldsl.data.faults import Faults
from mqldsl.data.rows import ABSENT, Cells, plain_text
from mqldsl.data.sources import Tally, columns_of, rows_of
from mqldsl.data.text_file import UTF_8, File, SourceError, opened_text
from mqldsl.model.folding import WHITE_SPACE, is_blank_text

# Of more different texts, the later ones are counted together only.
MOST_DISTINCT = 20_000
_AT_ONCE = 4_096

# What can be read as a value, by itself or in a list, and the words for what cannot.
_READABLE = frozenset({"str", "bool", "int", "float", "Decimal", "date", "datetime", "NoneType"})
_UNREADABLE = {
    "timedelta": "durations, which cannot be read",
    "time": "times of day, which cannot be read",
    "bytes": "binary data, which cannot be read",
}


@attrs.define
class Seen:
    """What stands in one column. `texts` counts each text; `classes` tells of which classes the cells are."""

    name: str
    rows: int = 0
    blank: int = 0
    texts: Counter[str] = attrs.field(factory=Counter)
    classes: Counter[str] = attrs.field(factory=Counter)
    not_kept: int = 0
    # Of a column in which nothing came twice so far: what was there.
    once: set[int] | None = attrs.field(factory=set, repr=False)

    @property
    def filled(self) -> int:
        """How many cells say something."""
        return self.rows - self.blank

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.once is not None and not self.blank and self.rows > 0

    @property
    def unreadable(self) -> str:
        """What stands here, where nothing can be asked of it; else nothing."""
        return next((_words(it) for it in self.classes if it not in _READABLE and it != "list"), "")

    def holds(self, text: str) -> bool:
        """Say whether a text stands in this column, but for spaces at its ends."""
        text = text.strip(WHITE_SPACE)
        return text in self.texts if self.once is None else hash(text) in self.once

    def add(self, cells: Iterable[object]) -> None:
        """Count cells."""
        texts: list[str] = []
        for raw in cells:
            self.rows += 1
            if raw is None or raw is ABSENT or (isinstance(raw, str) and is_blank_text(raw)) or raw != raw:  # noqa: PLR0124 # not a number
                self.blank += 1
                continue
            kind = _class_of(raw)
            self.classes[kind] += 1
            if kind not in _READABLE and kind != "list":
                self.once = None
            elif isinstance(raw, list | tuple):
                texts += [plain_text(member) for member in raw]
            else:
                texts.append(plain_text(raw))
        for text, count in Counter(texts).items():
            if count > 1:
                self.once = None
            if text in self.texts or len(self.texts) < MOST_DISTINCT:
                self.texts[text] += count
            else:
                self.not_kept += count
            self._note(text)

    def _note(self, text: str) -> None:
        if self.once is None:
            return
        key = hash(text.strip(WHITE_SPACE))
        if key in self.once:
            self.once = None
        else:
            self.once.add(key)


def _class_of(raw: object) -> str:
    """Return the name of the class of a cell; of a list that is no list of values, that of what is in it."""
    if not isinstance(raw, list | tuple):
        return "str" if isinstance(raw, UUID) else type(raw).__name__
    inside = next((type(it).__name__ for it in raw if type(it).__name__ not in _READABLE), "list")
    # Lists and pairs in a list are as good as objects.
    return "dict" if any(isinstance(it, list | tuple) for it in raw) else inside


def _words(kind: str) -> str:
    return _UNREADABLE.get(kind, "objects")


@attrs.frozen
class Sheet:
    """A file of rows and what stands in its columns. `is_whole` where all of its rows were looked at."""

    file: File
    rows: int
    is_whole: bool
    columns: Mapping[str, Seen]
    remarks: tuple[str, ...] = ()


def look(path: Path, shown: str, most_rows: int) -> Sheet:
    """Return what stands in a file, of its first `most_rows` rows.

    Raises SourceError where it is not there or cannot be read.
    """
    file, remarks = _readable(File(path, shown))
    names = columns_of(file)
    unusable = [name for name in dict.fromkeys(names) if not name.strip() or names.count(name) > 1]
    for name in unusable:
        why = f"{names.count(name)} columns are called so" if name.strip() else "a column has no name"
        remarks.append(f"column `{name}` is left out: {why}; give each a name of its own")
    wanted = [name for name in dict.fromkeys(names) if name not in unusable]
    columns = {name: Seen(name) for name in wanted}
    faults = Faults(0)
    rows = (cells for _, cells in rows_of(file, wanted, faults, Tally()))
    count = 0
    while chunk := list(islice(rows, min(_AT_ONCE, most_rows - count))):
        count += len(chunk)
        for seen, cells in zip(columns.values(), zip(*chunk)):
            seen.add(cells)
        if count >= most_rows:
            break
    is_whole = next(rows, None) is None
    remarks += [
        f"{times:,} rows cannot be taken apart: {problem}" for (_, _, problem), times in faults.counts.items()
    ]
    if not is_whole:
        remarks.append(f"only the first {count:,} rows were looked at: `--rows N` looks at more")
    return Sheet(file, count, is_whole, columns, tuple(remarks))


def look_apart(
    sheet: Sheet, column: str, part_of: Callable[[object], str | None], wanted: Sequence[str]
) -> dict[str, dict[str, Seen]]:
    """Return what stands in the wanted columns, for each part of the rows that `column` tells apart."""
    found: dict[str, dict[str, Seen]] = {}
    gathered: dict[str, list[Cells]] = {}

    def put(part: str) -> None:
        columns = found.setdefault(part, {name: Seen(name) for name in wanted})
        for seen, cells in zip(columns.values(), zip(*gathered.pop(part))):
            seen.add(cells)

    rows = rows_of(sheet.file, [column, *wanted], None, Tally())
    for _, (told, *cells) in islice(rows, sheet.rows):
        part = part_of(told)
        if part is not None:
            kept = gathered.setdefault(part, [])
            kept.append(cells)
            if len(kept) >= _AT_ONCE:
                put(part)
    for part in list(gathered):
        put(part)
    return found


_OTHER_ENCODINGS = ("utf-16", "cp1252")


def _readable(file: File) -> tuple[File, list[str]]:
    """Return a file with the encoding in which it can be read."""
    try:
        columns_of(file)
        if file.path.suffix.lower() in (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".gz"):
            _read_through(file)
    except SourceError as error:
        if "is not UTF-8" not in str(error):
            raise
        for encoding in _OTHER_ENCODINGS:
            other = attrs.evolve(file, encoding=encoding)
            try:
                _read_through(other)
                columns_of(other)
            except (SourceError, UnicodeError):
                continue
            return other, [
                f"it is not UTF-8; it can be read as {encoding}: look whether the letters are right"
            ]
        raise
    return file, []


def _read_through(file: File) -> None:
    with opened_text(file, newline="") as text:
        while text.read(1 << 20):
            pass


def is_utf_8(file: File) -> bool:
    """Say whether a file needs no word about its encoding."""
    return file.encoding == UTF_8
