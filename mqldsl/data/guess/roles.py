"""What a file can be to the leads: their table, that of their companies, or rows that belong to one of them."""

import attrs

from mqldsl.data.guess.seen import Seen, Sheet
from mqldsl.data.guess.types import Guess, guess
from mqldsl.data.text_file import suffix_of
from mqldsl.model.types import Date, Time


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

    `where` names a column and the texts in it that tell these rows from others in the file. Where `is_wide`, a row is
    an owner with a column of times for each kind.
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
    is_wide: bool = False
    remarks: tuple[str, ...] = ()


@attrs.frozen
class Keyed:
    """The table of the leads or of the companies. `key` is None where no column tells one row from another."""

    sheet: Sheet
    key: str | None
    fields: tuple[Told, ...]
    is_distinct: bool = False
    remarks: tuple[str, ...] = ()


def told_in(sheet: Sheet) -> dict[str, Told]:
    """Return the columns of a file and what they seem to be."""
    return {name: Told(seen, guess(seen)) for name, seen in sheet.columns.items()}


def stem_of(sheet: Sheet) -> str:
    """Return the name of a file without its endings."""
    name = sheet.file.path.name.lower().removesuffix(".gz")
    return name.removesuffix(suffix_of(sheet.file.path))
